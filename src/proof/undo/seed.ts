import type { Engine } from '../engine.js';
import { underFixedSettings } from './describe-database.js';
import type { Step } from '../../migrations/step.js';
import { identifier } from './names.js';
import { meantBy, withComing } from './seed-coming.js';
import { solveDomains } from './seed-domains.js';
import { readSeedFacts, type SeedFacts, type SeedTable } from './seed-facts.js';
import { insertRow, type Presets } from './seed-row.js';

/** Rows that each table is to hold. */
export const SEEDED_ROWS = 3;

export interface Seeded {
  /** How many rows each table holds now. */
  readonly seeded: ReadonlyMap<string, number>;
  /** Tables that got none, with the server's reason. */
  readonly failed: ReadonlyMap<string, string>;
}

interface Seeding {
  readonly engine: Engine;
  readonly facts: SeedFacts;
  readonly rows: Map<string, number>;
  readonly failed: Map<string, string>;
  /** Tables that are being filled: what refers to them meanwhile is in a cycle. */
  readonly open: Set<string>;
  readonly presets: Presets;
}

/**
 * Fills tables (`schema.name`), and those they refer to, up to three rows each, in a way that `coming`, the steps of the migration
 * to be proved, finds what it needs. Outside of a transaction only.
 */
export async function seed(engine: Engine, tables: readonly string[], coming: readonly Step[] = []): Promise<Seeded> {
  const read = await underFixedSettings(engine, async () => readSeedFacts(engine));
  const facts = { ...read, tables: withComing(read.tables, coming), solved: await solveDomains(engine, read) };
  const seeding: Seeding = { engine, facts, rows: new Map(), failed: new Map(), open: new Set(), presets: new Map() };
  for (const key of tables) await fill(seeding, key, new Set(tables));
  return { seeded: seeding.rows, failed: seeding.failed };
}

async function fill(seeding: Seeding, key: string, asked: ReadonlySet<string>): Promise<void> {
  const table = seeding.facts.tables.get(key);
  if (table === undefined || seeding.rows.has(key) || seeding.failed.has(key) || seeding.open.has(key)) return;
  seeding.open.add(key);
  for (const { table: parent } of table.foreign) await fill(seeding, parent, asked);
  for (const column of table.columns) {
    const meant = meantBy(seeding.facts.tables, table, column)?.table;
    if (meant !== undefined && asked.has(meant)) await fill(seeding, meant, asked);
  }
  await fillTable(seeding, table);
  seeding.open.delete(key);
}

async function fillTable(seeding: Seeding, table: SeedTable): Promise<void> {
  const { engine, rows, failed } = seeding;
  let count = await countOf(engine, table);
  if (table.closed && count === 0) {
    failed.set(table.key, 'it has no partition');
    return;
  }
  for (let n = 0; count < SEEDED_ROWS && n < SEEDED_ROWS; n += 1) {
    const refusal = await insertRow({ engine, facts: seeding.facts, presets: seeding.presets, open: seeding.open }, table, n);
    if (refusal === null) count += 1;
    else if (count === 0) {
      failed.set(table.key, refusal);
      return;
    }
  }
  rows.set(table.key, count);
}

async function countOf(engine: Engine, table: SeedTable): Promise<number> {
  const [row] = await engine.query(`SELECT count(*)::text AS count FROM (SELECT FROM ${identifier(table.schema, table.name)} LIMIT ${String(SEEDED_ROWS)}) belay`);
  return Number(row?.count ?? 0);
}
