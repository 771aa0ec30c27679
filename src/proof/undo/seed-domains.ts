import { EngineRefused, type Engine } from '../engine.js';
import { literal } from './names.js';
import { candidateTexts } from './seed-candidates.js';
import type { SeedFacts, SeedType } from './seed-facts.js';
import { valueOf } from './seed-values.js';

const MOST_DOMAINS = 100;
const ENOUGH = 6;

/** Values for domains that have conditions, as the server itself takes them. */
export async function solveDomains(engine: Engine, facts: Omit<SeedFacts, 'solved'>): Promise<SeedFacts['solved']> {
  const solved = new Map<string, readonly string[]>();
  for (const type of [...facts.types.values()].filter(({ kind, checks }) => kind === 'd' && checks.length > 0).slice(0, MOST_DOMAINS)) {
    solved.set(type.id, await valuesFor(engine, { ...facts, solved }, type));
  }
  return solved;
}

async function valuesFor(engine: Engine, facts: SeedFacts, type: SeedType): Promise<readonly string[]> {
  const base = type.of === null ? undefined : facts.types.get(type.of);
  if (base === undefined) return [];
  const plain = [0, 1, 2, 3].flatMap((n) => valueOf(facts, base.id, type.modifier, n, 'value') ?? []);
  const constants = [0, 1].flatMap((n) => candidateTexts(type.checks, n)).map((text) => `${literal(text)}::${base.cast}`);
  const condition = type.checks.map((check) => `((${check}) IS NOT FALSE)`).join(' AND ');
  const found: string[] = [];
  for (const value of [...plain, ...new Set(constants)]) {
    if (found.length >= ENOUGH) break;
    if (await holds(engine, `SELECT 1 FROM (SELECT ${value} AS value) belay WHERE ${condition}`)) found.push(value);
  }
  return found;
}

async function holds(engine: Engine, sql: string): Promise<boolean> {
  try {
    return (await engine.query(sql)).length > 0;
  } catch (error) {
    if (error instanceof EngineRefused) return false;
    throw error;
  }
}
