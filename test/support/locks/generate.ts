import { NothingToChoose, type Chance } from './random.js';
import type { Shape } from './shape.js';
import { ALTER_TABLE } from './statements/alter-table.js';
import { ELSEWHERE } from './statements/elsewhere.js';
import { DATA } from './statements/data.js';
import { picks, type Maker } from './statements/pick.js';
import { PROGRAMS } from './statements/programs.js';
import { RELATIONS } from './statements/relations.js';

const MAKERS: readonly (readonly [number, Maker])[] = [...ALTER_TABLE, ...RELATIONS, ...PROGRAMS, ...DATA, ...ELSEWHERE];

function weighted(chance: Chance): Maker {
  let left = chance.below(MAKERS.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, maker] of MAKERS) {
    if (left < weight) return maker;
    left -= weight;
  }
  return weighted(chance);
}

/** The same as somebody else would write it: in a DO block, as dynamic SQL, with comments and line breaks. */
function rewritten(chance: Chance, statement: string): string {
  if (/^(?:begin|savepoint|release|rollback|set |reset|discard)/.test(statement) || statement.includes('$')) return statement;
  if (chance.maybe(0.03)) return `do $do$ begin ${statement.replace(/^(?:select|table)\b/, (word) => (word === 'select' ? 'perform' : 'perform * from'))}; end $do$`;
  if (chance.maybe(0.03)) return `do $do$ begin execute format('${statement.replaceAll("'", "''").replaceAll('%', '%%')}'); end $do$`;
  if (chance.maybe(0.05)) return `/* why: the app's */ ${statement.replace(' ', '\n  ')} -- end`;
  return statement;
}

/** One transaction's statements over a database: mostly one, sometimes up to four. */
export function randomTransaction(chance: Chance, shape: Shape): string[] {
  const pick = picks(chance, shape);
  const length = chance.maybe(0.3) ? 2 + chance.below(3) : 1;
  const found: string[] = [];
  for (let attempt = 0; found.length < length && attempt < 50; attempt += 1) {
    try {
      found.push(rewritten(chance, weighted(chance)(pick)));
    } catch (error) {
      if (!(error instanceof NothingToChoose)) throw error;
    }
  }
  return found;
}
