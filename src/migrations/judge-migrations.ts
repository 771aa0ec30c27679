import { apply, settle } from './apply.js';
import { stepsRun } from './called-steps.js';
import { notRun, openConditions } from './condition.js';
import { EMPTY_CATALOG, keyOf, resolveRelation, type Catalog } from './catalog.js';
import { classify, type HeldLocks, type LockEffect } from './classify.js';
import type { Migration } from './migration.js';
import { isStronger } from './effects/lock-mode.js';
import { splitKey } from './fold/edit.js';
import { closeMigration, openMigration, replayOne } from './replay.js';
import { inServerOrder } from './server-order.js';
import type { LockMode, Step, StepOf } from './step.js';
import type { Target } from './target.js';

/** The strongest lock that a transaction holds on a relation, and what took it. */
export interface HeldLock {
  readonly mode: LockMode;
  readonly step: Step;
  /** The file of the migration that the step is in: where all pending migrations are one transaction, maybe another one. */
  readonly path: string;
}

/** One step of a migration with all that decides what it does. */
export interface JudgedStep {
  readonly migration: Migration;
  readonly step: Step;
  /** The step's place in its direction: in `migration.up`, or in `migration.down`. */
  readonly index: number;
  /** The database's shape just before this step. */
  readonly before: Catalog;
  /** The database's shape before the first migration of the change: what production has. */
  readonly deployed: Catalog;
  readonly effect: LockEffect;
  /** What the same transaction holds already, oldest first. */
  readonly held: readonly LockEffect[];
  /** The same by relation, under the names that they have by now. */
  readonly heldLocks: ReadonlyMap<string, HeldLock>;
  /** Relations that earlier subcommands of the same statement write anew. */
  readonly rewritten: ReadonlySet<string>;
  /** Whether the step runs inside a transaction: the framework's or the file's own. */
  readonly inTransaction: boolean;
}

/** One migration with each of its steps judged, both directions apart. */
export interface JudgedMigration {
  readonly migration: Migration;
  readonly steps: readonly JudgedStep[];
  /** Empty when there is no down. Each step is judged on what the up direction, once deployed, left. */
  readonly down: readonly JudgedStep[];
  /** The database's shape before and after the up direction. */
  readonly before: Catalog;
  readonly after: Catalog;
  /** As in `JudgedStep`. */
  readonly deployed: Catalog;
  /** Every other migration of the same history, in the order they run. */
  readonly others: readonly Migration[];
  /** Those of them that this change does not bring. */
  readonly merged: readonly Migration[];
}

export interface JudgeOptions {
  readonly target: Target;
  /** Whether each migration counts as deployed before the next one is judged (scan, locks), instead of all together (review). */
  readonly settled: boolean;
  /** What a history (by its folder) starts on, where it does not begin with an empty database. */
  readonly starts?: ReadonlyMap<string, Catalog>;
}

type Savepoint = Pick<Session, 'held' | 'modes' | 'heldLocks' | 'renewed'> & { readonly name: string };

/** The transaction that steps run in, and what it holds. */
interface Session {
  inTransaction: boolean;
  held: LockEffect[];
  modes: Map<string, readonly LockMode[]>;
  heldLocks: ReadonlyMap<string, HeldLock>;
  rewritten: ReadonlySet<string>;
  /** Relations that the transaction has written anew. */
  renewed: ReadonlySet<string>;
  /** What was held at each savepoint. */
  savepoints: readonly Savepoint[];
  statement: number;
  text: string;
  /** The batch (`TransactionFact.batches`) that the statement is sent in; null when it is sent by itself. */
  batch: readonly [number, number] | null;
}

function release(session: Session): void {
  session.held = [];
  session.modes = new Map();
  session.heldLocks = new Map();
  session.renewed = new Set();
  session.savepoints = [];
}

function hold(session: Session, effect: LockEffect, step: Step, path: string): void {
  const taken = Object.entries(effect.locks);
  if (taken.length === 0) return;
  session.held = [...session.held, effect];
  const stronger = taken.filter(([key, mode]) => isStronger(mode, session.heldLocks.get(key)?.mode));
  session.heldLocks = new Map([...session.heldLocks, ...stronger.map(([key, mode]) => [key, { mode, step, path }] as const)]);
  for (const [key, modes] of Object.entries(effect.modes)) session.modes.set(key, [...(session.modes.get(key) ?? []), ...modes]);
}

/** Savepoints: what was locked behind one is free again once it is rolled back to. */
function mark(session: Session, step: StepOf<'transaction'>): void {
  const name = step.savepoint ?? '';
  const at = session.savepoints.findLastIndex((each) => each.name === name);
  if (step.action === 'savepoint') session.savepoints = [...session.savepoints, { name, held: session.held, modes: new Map(session.modes), heldLocks: session.heldLocks, renewed: session.renewed }];
  if (at === -1 || (step.action !== 'rollback-to' && step.action !== 'release')) return;
  const { held, modes, heldLocks, renewed } = session.savepoints[at] ?? session;
  if (step.action === 'rollback-to') Object.assign(session, { held, modes: new Map(modes), heldLocks, renewed });
  session.savepoints = session.savepoints.slice(0, step.action === 'release' ? at : at + 1);
}

/** Transaction control as the server sees it. */
function control(session: Session, step: Step, implicit: boolean): void {
  if (step.kind !== 'transaction') return;
  // A DO block or procedure may end transactions only when none was opened around it.
  if (step.block !== undefined) {
    if (!session.inTransaction) release(session);
    return;
  }
  mark(session, step);
  if (step.action === 'begin') session.inTransaction = true;
  if (step.action !== 'commit' && step.action !== 'rollback') return;
  session.inTransaction = implicit;
  release(session);
}

/** Several statements sent as one string are one transaction, unless the file has opened one itself. */
function enterBatch(session: Session, { transaction }: Migration, step: Step): void {
  const batch = transaction.batches?.find(([first, last]) => first <= step.statementIndex && step.statementIndex <= last) ?? null;
  if (batch === session.batch) return;
  if (session.batch !== null && session.inTransaction) {
    session.inTransaction = false;
    release(session);
  }
  session.batch = batch;
  if (batch !== null) session.inTransaction = true;
}

/** What is held on a relation that gets another name is held under that name. */
function follow(session: Session, before: Catalog, after: Catalog, step: Step): void {
  if (step.kind !== 'rename-relation' && step.kind !== 'set-relation-schema') return;
  const key = resolveRelation(before, step.table);
  const { schema, name } = splitKey(key);
  const moved = step.kind === 'rename-relation' ? keyOf(schema, step.to) : keyOf(step.schema, name);
  const modes = session.modes.get(key);
  if (modes === undefined || moved === key || !after.tables.has(moved)) return;
  session.modes = new Map([...session.modes].filter(([each]) => each !== key)).set(moved, modes);
  const lock = session.heldLocks.get(key);
  const others = [...session.heldLocks].filter(([each]) => each !== key);
  session.heldLocks = new Map(lock === undefined ? others : [...others, [moved, lock]]);
}

function label(step: Step): string {
  return step.statement.replace(/\s+/g, ' ').split(' ').slice(0, 3).join(' ').toUpperCase();
}

/** A step under a condition that the server would refuse is not reached, or its refusal is caught: that is what conditions are for. */
function whereReached(effect: LockEffect, step: Step): LockEffect {
  if (step.conditional !== true || effect.error === undefined) return effect;
  const { error: _error, ...rest } = effect;
  return { ...rest, locks: {}, modes: {}, rewrite: [], scan: [], indexRebuild: [], class: 'safe' };
}

/** The effect in its transaction: what the server refuses inside one, or in a DO block or function, becomes an error. */
function inItsTransaction(effect: LockEffect, session: Session, step: Step): LockEffect {
  const inside = step.block !== undefined;
  if (inside && step.kind === 'transaction' && session.inTransaction) return { ...effect, class: 'error', error: 'invalid transaction termination' };
  if (effect.inTransaction || (!inside && !session.inTransaction)) return effect;
  return { ...effect, class: 'error', error: `${label(step)} … cannot ${inside ? 'be executed from a function' : 'run inside a transaction block'}` };
}

/** Whether steps are subcommands of one ALTER TABLE. */
function isSubcommand(step: Step, first: Step): boolean {
  return step.statementIndex === first.statementIndex && step.block === undefined && 'ifExists' in step && 'table' in step && /^\s*alter\b/i.test(step.statement);
}

/** The locks of the subcommands behind the first: an ALTER TABLE takes its strongest lock at once. */
function lookAhead(ahead: Map<Step, HeldLocks>, steps: readonly Step[], index: number, start: Catalog, target: Target): void {
  const first = steps[index];
  const second = steps[index + 1];
  if (first === undefined || second === undefined || !isSubcommand(first, first) || !isSubcommand(second, first)) return;
  const modes = new Map<string, readonly LockMode[]>();
  let catalog = start;
  let end = index;
  for (let step: Step | undefined = first; step !== undefined && isSubcommand(step, first); step = steps[end]) {
    for (const [key, more] of Object.entries(classify(step, catalog, target).modes)) modes.set(key, [...(modes.get(key) ?? []), ...more]);
    catalog = apply(catalog, step);
    end += 1;
  }
  for (const step of steps.slice(index, end)) ahead.set(step, modes);
}

/** Names a column within a statement, where the step gives it another type or modifier; null where it does not. */
function retypedColumn(step: Step, before: Catalog, after: Catalog): string | null {
  if (step.kind !== 'set-type' || step.block !== undefined) return null;
  const type = (catalog: Catalog): string => JSON.stringify(catalog.tables.get(resolveRelation(catalog, step.table))?.columns.get(step.column)?.type);
  return type(before) === type(after) ? null : `${String(step.statementIndex)} ${step.column}`;
}

function* judgeSteps(migration: Migration, start: Catalog, deployed: Catalog, target: Target, session: Session): Generator<JudgedStep, Catalog> {
  let catalog = openMigration(start, migration);
  const ahead = new Map<Step, HeldLocks>();
  const runs = openConditions();
  const places = new Map(migration.up.map((step, place) => [step, place]));
  const ordered = inServerOrder(migration.up);
  const retyped = new Set<string | null>();
  for (const [at, written] of ordered.entries()) {
    const index = places.get(written) ?? at;
    if (!ahead.has(written)) lookAhead(ahead, ordered, at, catalog, target);
    for (const called of stepsRun(written, catalog)) {
      const step = runs(called, catalog) ? called : notRun(called);
      enterBatch(session, migration, step);
      if (!session.inTransaction && session.statement !== step.statementIndex) release(session);
      if (session.statement !== step.statementIndex || session.text !== step.statement) session.rewritten = new Set();
      session.statement = step.statementIndex;
      session.text = step.statement;
      control(session, step, migration.transaction.implicit || session.batch !== null);
      const modes: HeldLocks = session.modes;
      const classified = classify(step, catalog, target, modes, ahead.get(written), session.renewed);
      const known: LockEffect = step.kind === 'set-type' && retyped.has(`${String(step.statementIndex)} ${step.column}`) ? { ...classified, class: 'error', error: `cannot alter type of column "${step.column}" twice` } : classified;
      const effect = inItsTransaction(whereReached(known, step), session, step);
      yield { migration, step, index, before: catalog, deployed, effect, held: session.held, heldLocks: session.heldLocks, rewritten: session.rewritten, inTransaction: session.inTransaction };
      hold(session, effect, step, migration.path);
      if (effect.rewrite.length > 0) {
        session.rewritten = new Set([...session.rewritten, ...effect.rewrite]);
        if (session.inTransaction) session.renewed = new Set([...session.renewed, ...effect.rewrite]);
      }
      const after = apply(catalog, step);
      retyped.add(retypedColumn(step, catalog, after));
      follow(session, catalog, after, step);
      catalog = after;
    }
  }
  return closeMigration(catalog);
}

function openSession(): Session {
  return { inTransaction: false, held: [], modes: new Map(), heldLocks: new Map(), rewritten: new Set(), renewed: new Set(), savepoints: [], statement: -1, text: '', batch: null };
}

/**
 * The down direction on the database that the up direction left, all of it in use by then: the rollback of a deployed
 * migration, in the transaction of its own.
 */
function judgeDown(migration: Migration, after: Catalog, target: Target): readonly JudgedStep[] {
  if (typeof migration.down === 'string') return [];
  const start = settle(after);
  const session = openSession();
  const transaction = migration.downTransaction ?? migration.transaction;
  session.inTransaction = transaction.scope !== 'none';
  return [...judgeSteps({ ...migration, up: migration.down, transaction }, start, start, target, session)].map((judged) => ({ ...judged, migration }));
}

function* judgeHistory(history: readonly Migration[], changed: readonly Migration[], options: JudgeOptions): Generator<JudgedMigration> {
  const isChanged = new Set(changed);
  const all = options.settled ? [...history, ...changed].sort((one, other) => (one.order < other.order ? -1 : one.order > other.order ? 1 : 0)) : [...history, ...changed];
  let catalog = options.starts?.get(changed[0]?.history ?? '') ?? EMPTY_CATALOG;
  let deployed: Catalog | null = null;
  const session = openSession();
  for (const migration of all) {
    if (!isChanged.has(migration)) {
      catalog = replayOne(catalog, migration);
      continue;
    }
    if (options.settled) catalog = settle(catalog);
    deployed = options.settled ? catalog : (deployed ?? catalog);
    const pending = migration.transaction.scope === 'all-pending' && !options.settled;
    if (!pending) release(session);
    session.inTransaction = migration.transaction.scope !== 'none';
    session.statement = -1;
    session.batch = null;
    const steps: JudgedStep[] = [];
    const walk = judgeSteps(migration, catalog, deployed, options.target, session);
    let next = walk.next();
    for (; next.done !== true; next = walk.next()) steps.push(next.value);
    const before = catalog;
    catalog = next.value;
    yield { migration, steps, down: judgeDown(migration, catalog, options.target), before, after: catalog, deployed, others: all.filter((other) => other !== migration), merged: history };
  }
}

/**
 * Walks every step of the changed migrations, each judged on the database that the history and the steps before it left, in
 * the transaction it runs in. Histories (folders) are separate databases. `belay review`, `scan` and `locks` share it.
 */
export function* judgeWholeMigrations(history: readonly Migration[], changed: readonly Migration[], options: JudgeOptions): Generator<JudgedMigration> {
  for (const name of new Set(changed.map((migration) => migration.history))) {
    const same = (migration: Migration): boolean => migration.history === name;
    yield* judgeHistory(history.filter(same), changed.filter(same), options);
  }
}

/** As `judgeWholeMigrations`, step by step, the up direction only. */
export function* judgeMigrations(history: readonly Migration[], changed: readonly Migration[], options: JudgeOptions): Generator<JudgedStep> {
  for (const judged of judgeWholeMigrations(history, changed, options)) yield* judged.steps;
}
