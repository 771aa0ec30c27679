import type { DataLoss, MigrationProof, OldCodeFailure, ProofReport, ProvedStatement, SchemaDifference } from '../core/proof-report.js';
import type { LoadedFiles } from '../core/snapshot.js';
import type { Catalog } from '../migrations/catalog.js';
import type { Migration } from '../migrations/migration.js';
import type { Step } from '../migrations/step.js';
import type { Classified } from './classified.js';
import { clearSeeds, emptyTables } from './clear-seeds.js';
import { disagreement } from './disagreements.js';
import { EngineLost, type Engine, type Refusal } from './engine.js';
import type { LeftOut } from './left-out.js';
import { readRelations, type Relations } from './observe.js';
import { expectedStatement, provedStatement, type Expected } from './proved-statement.js';
import { freshSession } from './replay-migration.js';
import { runDirection, type RanDirection, type RanStatement } from './run-direction.js';
import { sentDown, sentUp, type SentDirection, type SentStatement } from './sent-statements.js';
import { isRefusedOnAnyRow } from './undo/any-row.js';
import { compareDatabases } from './undo/compare.js';
import { compareData, readData, type DataPicture } from './undo/data.js';
import { describeDatabase } from './undo/describe-database.js';
import { distinctRefusals, findOldCode, tryOldCode, type OldStatement } from './undo/old-code.js';
import { seed } from './undo/seed.js';
import { toldDifferences, toldLosses, type Pair } from './undo/told.js';

/** What a migration is proved on and with. */
export interface Ground {
  readonly engine: Engine;
  readonly baseCode: LoadedFiles;
  /** On the target's version, and on the server's. */
  readonly target: Classified | undefined;
  readonly server: Classified | undefined;
  readonly shape: Catalog;
  /** Object identifiers of the relations that others use; null: all that are there. */
  readonly inUse: ReadonlySet<string> | null;
  readonly leaveOut: (statement: SentStatement) => LeftOut | null;
  readonly mend: (refusal: Refusal) => Promise<boolean>;
  /** Goes back to the database before the migration, without any seeded row. */
  readonly rebuild: () => Promise<void>;
}

export interface ProvedMigration {
  readonly proof: MigrationProof;
  readonly disagreements: ProofReport['disagreements'];
  /** Whether the database is as the up direction leaves it: else it has to be rebuilt for the next migration. */
  readonly isAfterUp: boolean;
  /** The engine is gone: why. */
  readonly lost: string | null;
}

/** The database before the migration. */
interface Before {
  readonly schema: ReadonlyMap<string, string>;
  readonly data: DataPicture;
  readonly oldCode: readonly OldStatement[];
  readonly seeded: boolean;
  /** Tables that had no row before some were put in, by object identifier. */
  readonly empty: ReadonlySet<string>;
  readonly notes: readonly string[];
}

/** What is known so far; what a lost engine leaves. */
interface Draft {
  readonly statements: ProvedStatement[];
  readonly disagreements: ProofReport['disagreements'][number][];
  current: SentStatement | null;
}

// SQLSTATE classes that are up to the rows: data, constraints, cardinality.
function isUpToRows({ code }: Refusal): boolean {
  return /^2[1-3]/.test(code);
}

function stepsOf(statements: readonly SentStatement[]): readonly Step[] {
  return statements.flatMap(({ steps }) => steps);
}

/** Whether any rows would be refused there, and not only those that are made up. */
function failsOnAnyRow({ statements }: SentDirection, { sent, refusal }: NonNullable<RanDirection['failed']>): boolean {
  return isRefusedOnAnyRow(stepsOf(statements.slice(0, statements.indexOf(sent))), sent.steps, refusal);
}

function onEmptyTables(direction: 'up' | 'down', { line }: SentStatement): string {
  return `on empty tables only: the rows that Belay makes up do not fit line ${String(line)} of the ${direction} direction`;
}

function place({ sent, refusal }: { readonly sent: SentStatement; readonly refusal: Refusal }): { readonly statement: string; readonly line: number; readonly error: string; readonly sqlstate: string } {
  return { statement: sent.text, line: sent.line, error: refusal.message, sqlstate: refusal.code };
}

function expected({ target, server }: Ground, direction: 'up' | 'down', { index }: SentStatement): Expected {
  return { target: target?.[direction].get(index), server: server?.[direction].get(index) };
}

async function relationsInUse({ engine, inUse }: Ground, direction: 'up' | 'down'): Promise<Relations> {
  const all = await readRelations(engine);
  return inUse === null || direction === 'down' ? all : new Map([...all].filter(([oid]) => inUse.has(oid)));
}

async function run(ground: Ground, sent: SentDirection, draft: Draft, observe: boolean): Promise<RanDirection> {
  const { engine, leaveOut, mend } = ground;
  await freshSession(engine);
  const existing = observe ? await relationsInUse(ground, sent.direction) : null;
  const from = draft.statements.length;
  const direction = await runDirection(engine, sent, {
    existing,
    leaveOut,
    mend,
    at: (statement) => {
      draft.current = statement;
    },
    ran: (one) => {
      if (observe) draft.statements.push(provedStatement(one, sent.direction, expected(ground, sent.direction, one.sent)));
    },
  });
  draft.current = null;
  await freshSession(engine);
  if (observe) complete(ground, sent, draft, direction, from);
  return direction;
}

/** Statements behind one that was refused, as they are known without having run; and what the server saw differently. */
function complete(ground: Ground, sent: SentDirection, draft: Draft, { statements, failed }: RanDirection, from: number): void {
  const behind = sent.statements.slice(statements.length);
  draft.statements.push(...behind.map((statement) => expectedStatement(statement, sent.direction, expected(ground, sent.direction, statement))));
  // Refused at COMMIT: the statement itself ran.
  const last = statements.at(-1);
  if (failed !== null && last?.refusal === null) {
    const at = from + statements.length - 1;
    const known = draft.statements[at];
    if (known !== undefined) draft.statements[at] = { ...known, class: 'error', error: failed.refusal.message, sqlstate: failed.refusal.code };
  }
  draft.disagreements.push(...statements.flatMap((one: RanStatement) => disagreement(one, expected(ground, sent.direction, one.sent)) ?? []));
}

function touchedTables({ target, server }: Ground, relations: Relations): readonly string[] {
  const touched = new Set([...(target?.touched ?? []), ...(server?.touched ?? [])]);
  return [...relations.values()].filter(({ key, kind, temporary }) => touched.has(key) && 'rp'.includes(kind) && !temporary).map(({ key }) => key).sort();
}

async function readBefore(ground: Ground, up: SentDirection, seeding: boolean): Promise<Before> {
  const { engine, baseCode, shape } = ground;
  await freshSession(engine);
  const tables = touchedTables(ground, await readRelations(engine));
  const empty = await emptyTables(engine);
  const seeds = seeding && tables.length > 0 ? await seed(engine, tables, up.statements.flatMap(({ steps }) => steps)) : { seeded: new Map<string, number>(), failed: new Map<string, string>() };
  const schema = await describeDatabase(engine);
  const data = await readData(engine);
  const found = findOldCode(baseCode, shape, new Set(tables));
  const refused = found.length === 0 ? new Map<OldStatement, Refusal>() : await tryOldCode(engine, found);
  return {
    schema,
    data,
    oldCode: found.filter((statement) => !refused.has(statement)),
    seeded: [...seeds.seeded.values()].some((count) => count > 0),
    empty,
    notes: [...seeds.failed].map(([table, reason]) => `${table} could not be given rows: ${reason}`),
  };
}

async function brokenOldCode(engine: Engine, before: Before): Promise<readonly OldCodeFailure[]> {
  if (before.oldCode.length === 0) return [];
  const refused = await tryOldCode(engine, before.oldCode);
  return distinctRefusals(refused).map(([{ statement, path, line }, { message }]) => ({ statement, error: message, path, line }));
}

interface Reversal {
  readonly reversible: boolean | null;
  readonly notReversed?: string;
  readonly downError?: NonNullable<MigrationProof['downError']>;
  readonly differences: readonly SchemaDifference[];
  readonly again: readonly SchemaDifference[];
  readonly againError?: NonNullable<MigrationProof['againError']>;
  readonly dataLoss: readonly DataLoss[];
  readonly isAfterUp: boolean;
  /** What could be shown only in part. */
  readonly note?: string;
}

const NOT_REVERSED: Reversal = { reversible: null, differences: [], again: [], dataLoss: [], isAfterUp: true };

function leftOutOf({ statements }: RanDirection): string | null {
  const one = statements.find((statement) => statement.leftOut !== null && !statement.leftOut.harmless);
  return one?.leftOut == null ? null : `line ${String(one.sent.line)} was not run: ${one.leftOut.reason}`;
}

/** What the down direction leads to, where it runs. */
async function compareBack(ground: Ground, before: Before, draft: Draft, up: SentDirection, down: SentDirection, afterUp: ReadonlyMap<string, string>): Promise<Reversal> {
  const { engine } = ground;
  const pair: Pair = { up: stepsOf(up.statements), down: stepsOf(down.statements) };
  const differences = toldDifferences(compareDatabases(before.schema, await describeDatabase(engine)), pair);
  const dataLoss = toldLosses(compareData(before.data, await readData(engine)), pair);
  const reversible = differences.length === 0 && dataLoss.length === 0;
  const again = await run(ground, up, draft, false);
  if (again.failed !== null) return { reversible, differences, dataLoss, again: [], againError: place(again.failed), isAfterUp: false };
  const otherwise = compareDatabases(afterUp, await describeDatabase(engine));
  return { reversible, differences, dataLoss, again: otherwise, isAfterUp: otherwise.length === 0 };
}

/** Runs down and up once more on a database without seeded rows, after down failed on the seeded one. */
async function withoutRows(ground: Ground, draft: Draft, up: SentDirection, down: SentDirection, afterUp: ReadonlyMap<string, string>): Promise<Reversal | null> {
  await ground.rebuild();
  const before = await readBefore(ground, up, false);
  if ((await run(ground, up, draft, false)).failed !== null) return null;
  if ((await run(ground, down, draft, false)).failed !== null) return null;
  return compareBack(ground, before, draft, up, down, afterUp);
}

async function reverse(ground: Ground, migration: Migration, before: Before, draft: Draft): Promise<Reversal> {
  const down = sentDown(migration);
  if (down === null) return { ...NOT_REVERSED, notReversed: migration.down === 'irreversible' ? 'irreversible' : 'none' };
  const up = sentUp(migration);
  const afterUp = await describeDatabase(ground.engine);
  const ran = await run(ground, down, draft, true);
  const missing = leftOutOf(ran);
  if (missing !== null) return { ...NOT_REVERSED, notReversed: missing, isAfterUp: false };
  if (ran.failed === null) return compareBack(ground, before, draft, up, down, afterUp);
  const downError = place(ran.failed);
  const certain = failsOnAnyRow(down, ran.failed);
  const empty = isUpToRows(ran.failed.refusal) && before.seeded ? await withoutRows(ground, draft, up, down, afterUp) : null;
  if (empty === null) return { ...NOT_REVERSED, reversible: false, downError: { ...downError, onlyWithRows: false }, isAfterUp: false };
  if (!certain) return { ...empty, note: onEmptyTables('down', ran.failed.sent) };
  return { ...empty, reversible: false, dataLoss: [], downError: { ...downError, onlyWithRows: true } };
}

interface UpRun {
  readonly before: Before;
  readonly ran: RanDirection;
  readonly failsOnRows?: NonNullable<MigrationProof['failsOnRows']>;
}

/** Up on seeded tables; on empty ones where only the rows were in its way. */
async function runUp(ground: Ground, up: SentDirection, draft: Draft): Promise<UpRun> {
  const before = await readBefore(ground, up, true);
  const ran = await run(ground, up, draft, true);
  if (ran.failed === null || !before.seeded || !isUpToRows(ran.failed.refusal)) return { before, ran };
  const seen = draft.statements.splice(0);
  const differed = draft.disagreements.splice(0);
  await ground.rebuild();
  const empty = await readBefore(ground, up, false);
  const second = await run(ground, up, draft, true);
  if (second.failed === null) return failsOnAnyRow(up, ran.failed) ? { before: empty, ran: second, failsOnRows: place(ran.failed) } : { before: { ...empty, notes: [...empty.notes, onEmptyTables('up', ran.failed.sent)] }, ran: second };
  draft.statements.splice(0, Infinity, ...seen);
  draft.disagreements.splice(0, Infinity, ...differed);
  return { before, ran };
}

function identity({ path, downPath, id }: Migration): Pick<MigrationProof, 'path' | 'downPath' | 'id'> {
  return { path, downPath, id };
}

/** A migration that nothing was shown of. */
export function unprovenMigration(migration: Migration, reason: string, statements: readonly ProvedStatement[] = []): MigrationProof {
  return { ...identity(migration), status: 'unproven', reason, statements, reversible: null, notReversed: reason, differences: [], again: [], dataLoss: [], oldCode: [] };
}

async function prove(ground: Ground, migration: Migration, draft: Draft): Promise<ProvedMigration> {
  const up = sentUp(migration);
  const { before, ran, failsOnRows } = await runUp(ground, up, draft);
  const missing = leftOutOf(ran);
  const shared = { disagreements: draft.disagreements, lost: null };
  if (ran.failed !== null) {
    const { sent, refusal } = ran.failed;
    return { ...shared, proof: unprovenMigration(migration, `the server refused line ${String(sent.line)}: ${refusal.message} (${refusal.code})`, draft.statements), isAfterUp: false };
  }
  if (missing !== null) return { ...shared, proof: unprovenMigration(migration, missing, draft.statements), isAfterUp: true };
  const oldCode = await brokenOldCode(ground.engine, before);
  const { isAfterUp, note, ...reversal } = await reverse(ground, migration, before, draft);
  const notes = [...before.notes, ...(note === undefined ? [] : [note])];
  const reason = notes.length === 0 ? {} : { reason: notes.join('; ') };
  const proof: MigrationProof = { ...identity(migration), status: 'proved', ...reason, statements: draft.statements, ...reversal, ...(failsOnRows === undefined ? {} : { failsOnRows }), oldCode };
  return { ...shared, proof, isAfterUp: isAfterUp && (await clearSeeds(ground.engine, before.empty)) };
}

/** Runs a migration up, down and up again on the database as it is, and tells what each of it did. */
export async function proveMigration(ground: Ground, migration: Migration): Promise<ProvedMigration> {
  const draft: Draft = { statements: [], disagreements: [], current: null };
  try {
    return await prove(ground, migration, draft);
  } catch (error) {
    if (!(error instanceof EngineLost)) throw error;
    const at: SentStatement | null = draft.current;
    const reason = at === null ? error.message : `${error.message}, at line ${String(at.line)}`;
    return { proof: unprovenMigration(migration, reason, draft.statements), disagreements: draft.disagreements, isAfterUp: false, lost: error.message };
  }
}
