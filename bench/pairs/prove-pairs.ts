import { listFiles, folderSnapshot } from '../../src/git/folder-snapshot.js';
import { differingParts } from '../../src/core/differing-parts.js';
import type { DataLoss, SchemaDifference } from '../../src/core/proof-report.js';
import { loadSql } from '../../src/languages/sql.js';
import { isTestData } from '../../src/migrations/frameworks/layout.js';
import type { Migration } from '../../src/migrations/migration.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { isRefusedOnAnyRow } from '../../src/proof/undo/any-row.js';
import { compareDatabases } from '../../src/proof/undo/compare.js';
import { compareData, readData } from '../../src/proof/undo/data.js';
import { describeDatabase } from '../../src/proof/undo/describe-database.js';
import { seed } from '../../src/proof/undo/seed.js';
import { toldDifferences, toldLosses, type Pair } from '../../src/proof/undo/told.js';
import type { Engine } from '../../src/proof/engine.js';
import { sentDown, sentUp, type SentDirection } from '../../src/proof/sent-statements.js';
import { loadMigrations } from '../../src/review/load-migrations.js';
import { openInProcess } from '../../test/support/proof/in-process-engine.js';
import { nested, runAll, type Text } from './nested-engine.js';

export interface PairOutcome {
  readonly path: string;
  readonly hasDown: boolean;
  readonly touched: readonly string[];
  readonly unseeded: ReadonlyMap<string, string>;
  readonly differences: readonly SchemaDifference[];
  readonly losses: readonly DataLoss[];
  readonly downError: { readonly error: string; readonly onlyWithRows: boolean } | null;
  readonly again: readonly string[];
  readonly upFailsOnRows: string | null;
  /** What only the made-up rows did not fit: it was looked at on empty tables. */
  readonly unfit: string | null;
  /** Why up did not run at all. */
  readonly notRun: string | null;
  /** All of it in words. */
  readonly problems: readonly string[];
  /** Milliseconds by what was done. */
  readonly times: Readonly<Record<string, number>>;
}

/** The migrations of a checkout, by history, in order. */
export async function historyOf(folder: string): Promise<readonly Migration[]> {
  await loadSql();
  const paths = (await listFiles(folder, [folder])).filter((path) => !isTestData(path));
  const { files } = await loadMigrations(folderSnapshot(folder, paths), new Map());
  return readMigrations(files).filter(({ up }) => !up.some((step) => step.kind === 'opaque' && step.reason.startsWith('written for ')));
}

const CONTRIB: Readonly<Record<string, () => Promise<Readonly<Record<string, unknown>>>>> = {
  'pgcrypto': async () => import('@electric-sql/pglite/contrib/pgcrypto'), 'uuid-ossp': async () => import('@electric-sql/pglite/contrib/uuid_ossp'), 'citext': async () => import('@electric-sql/pglite/contrib/citext'),
  'pg_trgm': async () => import('@electric-sql/pglite/contrib/pg_trgm'), 'hstore': async () => import('@electric-sql/pglite/contrib/hstore'), 'ltree': async () => import('@electric-sql/pglite/contrib/ltree'), 'btree_gin': async () => import('@electric-sql/pglite/contrib/btree_gin'),
  'btree_gist': async () => import('@electric-sql/pglite/contrib/btree_gist'), 'unaccent': async () => import('@electric-sql/pglite/contrib/unaccent'), 'cube': async () => import('@electric-sql/pglite/contrib/cube'), 'earthdistance': async () => import('@electric-sql/pglite/contrib/earthdistance'),
};

type Extensions = NonNullable<Parameters<typeof openInProcess>[0]>;

async function extensionsOf(migrations: readonly Migration[]): Promise<Extensions> {
  const text = migrations.flatMap(({ up }) => up.map(({ statement }) => statement)).join('\n');
  const loaded = await Promise.all(Object.entries(CONTRIB).filter(([name]) => text.includes(name)).map(async ([, load]) => load()));
  return Object.assign({}, ...loaded) as Extensions;
}

/** How many tables of a whole schema get rows. */
export interface SeededSchema {
  readonly history: string;
  readonly tables: number;
  readonly seeded: number;
  readonly failed: ReadonlyMap<string, string>;
  readonly notRun: number;
}

export async function* provePairs(migrations: readonly Migration[], { from, only, ended }: { readonly from: string; readonly only: string; readonly ended: (schema: SeededSchema) => void }): AsyncGenerator<PairOutcome> {
  for (const history of new Set(migrations.map((one) => one.history))) {
    const own = migrations.filter((one) => one.history === history);
    if (own.length < 5) continue;
    const engine = await openInProcess(await extensionsOf(own));
    let notRun = 0;
    for (const migration of own) {
      if (typeof migration.down !== 'string' && migration.path >= from && migration.path.includes(only)) yield await provePair(engine, migration);
      const refused = await runUp(engine, migration);
      if (refused === null) continue;
      notRun += 1;
      console.error(`${migration.path} does not run: ${refused}`);
    }
    const tables = await allTables(engine);
    const { seeded, failed } = await seed(engine, tables);
    ended({ history, tables: tables.length, seeded: tables.filter((name) => (seeded.get(name) ?? 0) > 0).length, failed, notRun });
    await engine.close();
  }
}

function textsOf(direction: SentDirection): readonly Text[] {
  return direction.statements.map(({ text, steps }) => ({ text, steps }));
}

/** For good, and without rows of ours. What cannot run in a transaction runs by itself. */
async function runUp(engine: Engine, migration: Migration): Promise<string | null> {
  const up = sentUp(migration);
  const together = up.transaction.scope !== 'none';
  if (together) await engine.attempt('BEGIN');
  const failed = await runAll(engine, textsOf(up));
  await engine.attempt('COMMIT');
  return failed === null ? null : failed.refusal.message;
}

async function touchedTables(engine: Engine, text: string): Promise<readonly string[]> {
  const words = new Set(text.match(/\w+/g));
  return (await allTables(engine)).filter((key) => words.has(key.slice(key.indexOf('.') + 1)));
}

async function allTables(engine: Engine): Promise<readonly string[]> {
  const rows = await engine.query("SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2");
  return rows.map(({ schema, name }) => `${schema ?? ''}.${name ?? ''}`);
}

async function provePair(engine: Engine, migration: Migration): Promise<PairOutcome> {
  const [up, down] = [sentUp(migration), sentDown(migration)];
  const touched = await touchedTables(engine, [...up.statements, ...(down?.statements ?? [])].map(({ text }) => text).join('\n'));
  await engine.attempt('BEGIN');
  try {
    const texts = { up: concurrentlyLeftOut(textsOf(up)), down: down === null ? null : concurrentlyLeftOut(textsOf(down)) };
    const outcome = await provePairWithin(engine, texts, touched, true);
    return { path: migration.path, hasDown: down !== null, touched, ...outcome, problems: problemsOf(outcome) };
  } finally {
    await engine.attempt('ROLLBACK');
  }
}

/** What each direction finds when it is run: no temporary table of the one before. */
const ANOTHER_SESSION = 'DISCARD TEMP';

type Shown = Omit<PairOutcome, 'path' | 'hasDown' | 'touched' | 'problems'>;

const NOTHING: Shown = { unseeded: new Map(), differences: [], losses: [], downError: null, again: [], upFailsOnRows: null, unfit: null, notRun: null, times: {} };

interface Texts {
  readonly up: readonly Text[];
  readonly down: readonly Text[] | null;
}

async function provePairWithin(session: Engine, { up, down }: Texts, touched: readonly string[], seeded: boolean): Promise<Shown> {
  const engine = nested(session);
  const times: Record<string, number> = {};
  const timed = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await run();
    times[name] = (times[name] ?? 0) + performance.now() - start;
    return result;
  };
  await session.attempt('SAVEPOINT belay_start');
  const rows = seeded ? await timed('seed', async () => seed(engine, touched, up.flatMap(({ steps }) => steps))) : { failed: new Map<string, string>() };
  await engine.attempt('SET CONSTRAINTS ALL IMMEDIATE');
  const shown = { ...NOTHING, unseeded: new Map([...rows.failed].filter(([name]) => touched.includes(name))), times };
  const [before, data] = [await timed('describe', async () => describeDatabase(engine)), await timed('data', async () => readData(engine))];
  const restart = async (): Promise<void> => void await session.attempt('ROLLBACK TO SAVEPOINT belay_start');
  const failedUp = await runAll(engine, up);
  if (failedUp !== null) {
    if (!seeded) return { ...shown, notRun: failedUp.refusal.message };
    await restart();
    const bare = await provePairWithin(session, { up, down }, touched, false);
    if (bare.notRun !== null) return bare;
    return { ...bare, unseeded: shown.unseeded, ...(isCertain(failedUp) ? { upFailsOnRows: failedUp.refusal.message } : { unfit: `up: ${failedUp.refusal.message}` }) };
  }
  if (down === null) return shown;
  await engine.attempt(ANOTHER_SESSION);
  const upper = await timed('describe', async () => describeDatabase(engine));
  const failedDown = await runAll(engine, down);
  if (failedDown !== null) {
    const error = `${failedDown.refusal.message} (${failedDown.refusal.code})`;
    if (!seeded) return { ...shown, downError: { error, onlyWithRows: false } };
    await restart();
    const bare = await provePairWithin(session, { up, down }, touched, false);
    if (bare.downError === null && !isCertain(failedDown)) return { ...bare, unseeded: shown.unseeded, unfit: `down: ${failedDown.refusal.message}` };
    return { ...bare, unseeded: shown.unseeded, downError: { error, onlyWithRows: bare.downError === null } };
  }
  const pair: Pair = { up: up.flatMap(({ steps }) => steps), down: down.flatMap(({ steps }) => steps) };
  const differences = toldDifferences(compareDatabases(before, await timed('describe', async () => describeDatabase(engine))), pair);
  const losses = toldLosses(compareData(data, await timed('data', async () => readData(engine))), pair);
  await engine.attempt(ANOTHER_SESSION);
  const failedAgain = await runAll(engine, up);
  const again = failedAgain === null ? compareDatabases(upper, await describeDatabase(engine)).map(({ object }) => `the second up differs: ${object}`) : [`the second up fails: ${failedAgain.refusal.message}`];
  return { ...shown, differences, losses, again };
}

function isCertain({ before, statement, refusal }: NonNullable<Awaited<ReturnType<typeof runAll>>>): boolean {
  return isRefusedOnAnyRow(before, statement.steps, refusal);
}

/** All of it runs in one transaction here. */
function concurrentlyLeftOut(statements: readonly Text[]): readonly Text[] {
  return statements.filter(({ text }) => !/^\s*(BEGIN|COMMIT|START TRANSACTION)\b/i.test(text)).map(({ text, steps }) => ({ text: text.replace(/\bCONCURRENTLY\b/gi, ''), steps }));
}

function problemsOf(outcome: Shown): readonly string[] {
  const cut = (text: string | null): string => (text === null ? 'not there' : `\`${text.replace(/\s+/g, ' ').slice(0, 160)}\``);
  const parted = (before: string | null, after: string | null): readonly [string | null, string | null] => (before === null || after === null ? [before, after] : differingParts(before, after));
  return [
    ...(outcome.notRun === null ? [] : [`up does not run: ${outcome.notRun}`]),
    ...(outcome.upFailsOnRows === null ? [] : [`up fails on rows: ${outcome.upFailsOnRows}`]),
    ...(outcome.unfit === null ? [] : [`made-up rows did not fit, so on empty tables only: ${outcome.unfit}`]),
    ...(outcome.downError === null ? [] : [`down fails${outcome.downError.onlyWithRows ? ' on rows' : ''}: ${outcome.downError.error}`]),
    ...outcome.differences.map(({ object, before, after }) => `${object}: ${parted(before, after).map(cut).join(', after down ')}`),
    ...outcome.losses.map(({ column, table, rows, of }) => `loses ${String(rows)} of ${String(of)} ${column === undefined ? `rows of ${table ?? ''}` : `values of ${column}`}`),
    ...outcome.again,
  ];
}
