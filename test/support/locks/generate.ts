import { NothingToChoose, type Chance } from './random.js';
import type { Shape } from './shape.js';
import { ALTER_TABLE } from './statements/alter-table.js';
import { DATA } from './statements/data.js';
import { picks, type Maker } from './statements/pick.js';
import { PROGRAMS } from './statements/programs.js';
import { RELATIONS } from './statements/relations.js';

const MAKERS: readonly (readonly [number, Maker])[] = [...ALTER_TABLE, ...RELATIONS, ...PROGRAMS, ...DATA];

function weighted(chance: Chance): Maker {
  let left = chance.below(MAKERS.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, maker] of MAKERS) {
    if (left < weight) return maker;
    left -= weight;
  }
  return weighted(chance);
}

/** One transaction's statements over a database: mostly one, sometimes up to four. */
export function randomTransaction(chance: Chance, shape: Shape): string[] {
  const pick = picks(chance, shape);
  const length = chance.maybe(0.3) ? 2 + chance.below(3) : 1;
  const found: string[] = [];
  for (let attempt = 0; found.length < length && attempt < 50; attempt += 1) {
    try {
      found.push(weighted(chance)(pick));
    } catch (error) {
      if (!(error instanceof NothingToChoose)) throw error;
    }
  }
  return found;
}
