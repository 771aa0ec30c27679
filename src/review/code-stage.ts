import type { Change, Unread } from '../core/change-set.js';
import type { TableSize } from '../core/config.js';
import { mishapOf } from '../core/mishap.js';
import type { ProofReport } from '../core/proof-report.js';
import type { LoadedFiles } from '../core/snapshot.js';
import type { Models } from '../behaviour/models/models.js';
import { loadSql } from '../languages/sql.js';
import { EMPTY_CATALOG, type Catalog } from '../migrations/catalog.js';
import { mayBeMigration } from '../migrations/find-migrations.js';
import { readMigrations } from '../migrations/read-migrations.js';
import type { Migration } from '../migrations/migration.js';
import { assumedTarget, describeTarget, type Target } from '../migrations/target.js';
import type { Facts, Rule } from '../rules/define-rule.js';
import { behaviourStage, hasBehaviour, type BehaviourContext } from './behaviour-stage.js';
import { gatherFacts } from './facts.js';
import { findTarget } from './find-target.js';
import { codeKey, type CodeSeen } from './kept-code.js';
import { loadFiles } from './load-files.js';
import { loadMigrations } from './load-migrations.js';
import { readScannedMigrations } from './read-scanned-migrations.js';
import { knownTables } from './known-tables.js';
import { judgeProof, proveMigrations } from './proof-stage.js';
import { readModels } from './read-models.js';
import { migrationStage, splitMigrations, type SplitMigrations } from './migration-stage.js';
import type { Desk } from './review.js';
import type { ReviewInput } from './review-input.js';
import { startingBeside, startingCatalogs, wholeShape } from './starting-catalogs.js';
import { syntaxStage } from './syntax-stage.js';
import { VERSION_GLOBS, readVersions } from './versions.js';

/** What the stages over code found out on their way. */
export interface CodeCounts {
  readonly facts: Facts;
  readonly functions: number;
  readonly migrations: number;
  readonly proof: ProofReport | null;
}

const NO_STARTS: ReadonlyMap<string, Catalog> = new Map();

const NO_MIGRATIONS: SplitMigrations = { history: [], changed: [] };

/** Migrations first, because the shape of the database they leave is what the rules about code ask for; then every changed file. */
export async function codeStage(input: ReviewInput, changes: readonly Change[], unread: readonly Unread[], desk: Desk): Promise<CodeCounts> {
  const key = input.kept === undefined ? null : codeKey(input, changes);
  const known = key === null ? null : (input.kept?.read(key) ?? null);
  if (known !== null) return sayAgain(input, known, unread, desk);

  const own: Desk = { sightings: new Map(), mishaps: [], notices: [], unread: [] };
  const read = await readCode(input, changes, own);
  const facts = await factsOf(input, read, unread);
  const run = await runMigrations(input, read, own);
  const functions = facts.exactRevert === null ? await judgeCode(input, read, run, own) : 0;
  layOn(desk, own);
  desk.mishaps.push(...own.mishaps);
  // What was not judged, or not without trouble, is looked at again next time.
  if (key !== null && facts.exactRevert === null && own.mishaps.length === 0 && run.proof?.server.version !== '') {
    input.kept?.write(key, { sightings: own.sightings, notices: own.notices, unread: own.unread, functions, changed: read.migrations.changed, judged: read.judged, head: read.head, base: read.base, proof: run.proof });
  }
  return { facts, functions, migrations: read.migrations.changed.length, proof: run.proof };
}

/** The same code was judged before: only what the rules about the pull request ask for is found out anew. */
async function sayAgain(input: ReviewInput, known: CodeSeen, unread: readonly Unread[], desk: Desk): Promise<CodeCounts> {
  const facts = await factsOf(input, { ...known, migrations: { history: [], changed: known.changed } }, unread);
  const revert = facts.exactRevert !== null;
  layOn(desk, revert ? { ...known, sightings: new Map() } : known);
  return { facts, functions: revert ? 0 : known.functions, migrations: known.changed.length, proof: known.proof };
}

function layOn(desk: Desk, { sightings, notices, unread }: Pick<CodeSeen, 'sightings' | 'notices' | 'unread'>): void {
  for (const [rule, list] of sightings) desk.sightings.set(rule, [...(desk.sightings.get(rule) ?? []), ...list]);
  desk.notices.push(...notices);
  desk.unread.push(...unread);
}

/** What the rules about code work on. */
interface ReadCode {
  readonly byPath: ReadonlyMap<string, Change>;
  readonly judgedPath: (path: string) => string;
  readonly withCode: readonly Change[];
  readonly migrations: SplitMigrations;
  /** Those for a server that the rules know. */
  readonly judged: readonly Migration[];
  readonly target: Target;
  readonly head: LoadedFiles;
  readonly base: LoadedFiles;
}

async function readCode(input: ReviewInput, changes: readonly Change[], desk: Desk): Promise<ReadCode> {
  const byPath = new Map(changes.map((change) => [change.path, change]));
  const judgedPath = input.scan?.judgedPath ?? ((path: string) => path);
  const withCode = changes.filter((change) => hasBehaviour(change, judgedPath));
  const withMigrations = changes.some((change) => change.after !== null && (input.scan === undefined ? mayBeMigration(change.path) : input.scan.migrationPath(change.path) !== null));
  const migrations = withCode.length > 0 || withMigrations ? await readAllMigrations(input, byPath, desk) : NO_MIGRATIONS;

  if (withCode.length > 0 || withMigrations) {
    const partial = (await input.head.incomplete?.()) ?? null;
    if (partial !== null) desk.notices.push(`The tree at the head was not read whole: ${partial}.`);
  }
  const target = await guarded(input, desk, 'the database server', assumedTarget(), async () => findTarget(input, migrations, desk.notices));
  // What the rules and the parser know is Postgres: about another server they would say what is not true.
  const judged = target.engine === 'postgres' ? migrations.changed : [];
  if (target.engine !== 'postgres') desk.unread.push(...migrations.changed.map(({ path }): Unread => ({ path, reason: 'unreadable', detail: `a migration for ${describeTarget(target)}: this version of Belay judges migrations for Postgres only` })));
  return { byPath, judgedPath, withCode, migrations, judged, target, head: await neededFiles(input, 'head'), base: await neededFiles(input, 'base') };
}

async function factsOf(input: ReviewInput, { migrations, judged, head, base }: Pick<ReadCode, 'migrations' | 'judged' | 'head' | 'base'>, unread: readonly Unread[]): Promise<Facts> {
  return gatherFacts({
    changeSet: { ...input.changeSet, unread },
    config: input.config,
    head,
    base,
    changedMigrations: judged,
    ...(input.history === undefined ? {} : { history: input.history }),
    baseText: async (path) => input.base.read(path),
    everyMigration: migrations.changed,
    ...(input.release === undefined ? {} : { release: input.release }),
  });
}

/** What the judged migrations start on, and what running them showed. */
interface RunMigrations {
  readonly starts: ReadonlyMap<string, Catalog>;
  readonly tables: ReadonlyMap<string, TableSize>;
  readonly proof: ProofReport | null;
}

/** Also for a change that undoes another one: that it leads back is what has to be shown. */
async function runMigrations(input: ReviewInput, { migrations, judged, target }: ReadCode, desk: Desk): Promise<RunMigrations> {
  if (judged.length === 0) return { starts: NO_STARTS, tables: input.config.tables, proof: null };
  const starts = await guarded(input, desk, 'schema dumps', NO_STARTS, async () => startsOf(input, { ...migrations, changed: judged }));
  const tables = await guarded(input, desk, 'statistics', input.config.tables, async () => knownTables(input, desk.notices));
  return { starts, tables, proof: await proveMigrations(input, { history: migrations.history, changed: judged, starts, target, tables }) };
}

/** Returns how many functions were read. */
async function judgeCode(input: ReviewInput, { byPath, judgedPath, withCode, migrations, judged, target }: ReadCode, { starts, tables, proof }: RunMigrations, desk: Desk): Promise<number> {
  if (judged.length > 0) {
    input.progress?.(`judging ${count(judged.length, 'migration')}`);
    const context = { rules: input.rules, target, starts, tables, mishaps: desk.mishaps };
    migrationStage({ ...migrations, changed: judged }, byPath, context, desk.sightings, input.scan !== undefined);
    if (proof !== null) judgeProof(input, proof, judged, byPath, desk);
  }
  return behaviours(input, withCode, migrations, judgedPath, desk);
}

async function startsOf(input: ReviewInput, migrations: SplitMigrations): Promise<ReadonlyMap<string, Catalog>> {
  if (input.scan === undefined) return startingCatalogs(input.base, migrations);
  return input.scan.wholePaths === undefined ? NO_STARTS : startingBeside(input.scan.wholePaths, migrations);
}

async function readAllMigrations(input: ReviewInput, changes: ReadonlyMap<string, Change>, desk: Desk): Promise<SplitMigrations> {
  try {
    if (input.scan !== undefined) return splitMigrations(await readScannedMigrations(input.head, input.scan.migrationPath), changes, true);
    const changed = new Map([...changes.values()].flatMap((change) => (change.after !== null && mayBeMigration(change.path) ? [[change.path, change.after] as const] : [])));
    const { files, left } = await loadMigrations(input.head, changed);
    if (left > 0) desk.notices.push(`${count(left, 'migration file')} of the history was beyond the limit and not read; tables created there are not known.`);
    if (files.size === 0) return NO_MIGRATIONS;
    await loadSql();
    return splitMigrations(readMigrations(files), changes, false);
  } catch (thrown) {
    input.signal.throwIfAborted();
    desk.mishaps.push(mishapOf('languages', 'migrations', thrown));
    return NO_MIGRATIONS;
  }
}

async function neededFiles(input: ReviewInput, side: 'head' | 'base'): Promise<ReadonlyMap<string, string>> {
  const globs = [...new Set(input.rules.flatMap((rule: Rule) => rule.needs?.globs ?? []))];
  return (await loadFiles(input[side], globs)).files;
}

async function behaviours(input: ReviewInput, changes: readonly Change[], migrations: SplitMigrations, judgedPath: (path: string) => string, desk: Desk): Promise<number> {
  if (changes.length === 0) return 0;
  const { files } = await loadFiles(input.head, VERSION_GLOBS, (path) => !path.includes('node_modules/'));
  const catalog = await guarded(input, desk, 'schema dumps', EMPTY_CATALOG, async () => wholeShape(input.base, [...migrations.history, ...migrations.changed]));
  let models: Promise<Models> | null = null;
  const context: BehaviourContext = {
    rules: input.rules,
    catalog,
    models: async () => {
      models ??= readModels(input.head, catalog, new Map(changes.flatMap((change) => (change.after === null ? [] : [[change.path, change.after] as const]))));
      return models;
    },
    versions: readVersions(files),
    lockWrappers: input.config.locks.wrappers,
    judgedPath,
    everyLineNew: input.scan !== undefined,
    mishaps: desk.mishaps,
    unread: desk.unread,
  };
  let functions = 0;
  for (const [index, change] of changes.entries()) {
    input.signal.throwIfAborted();
    if (index % 10 === 0) input.progress?.(`reading code, file ${index + 1} of ${changes.length}`);
    functions += await behaviourStage(change, context, desk.sightings);
    await syntaxStage(change, context, desk.sightings);
  }
  return functions;
}

/** What could not be read beside the change is a mishap, and the review goes on without it. */
async function guarded<Result>(input: ReviewInput, desk: Desk, what: string, without: Result, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    input.signal.throwIfAborted();
    desk.mishaps.push(mishapOf('languages', what, thrown));
    return without;
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
