import type { Context, Isolation, Program, Refusal, Term, Value } from './program.js';
import type { Held, HeldRow, Values } from './terms.js';

/** One state of the database and of the runs on it. Plain data: a step copies it and changes the copy. */
export interface World {
  rows: Row[];
  runs: Run[];
  /** By session: two for each run, its transaction's and the pool's. */
  transactions: (Transaction | null)[];
  /** Serializable transactions that others may still conflict with. */
  serial: SerialTransaction[];
  named: NamedLock[];
  gaps: GapLock[];
  memory: Record<string, Value>;
  commits: number;
  nextRow: number;
  nextTransaction: number;
  waits: number;
  breaks: Break[];
}

export interface Version {
  /** null: deleted. */
  readonly values: Values | null;
  readonly session: number;
  /** null: not committed. */
  readonly commit: number | null;
}

export interface Row {
  readonly id: number;
  readonly table: string;
  /** Oldest first. */
  versions: readonly Version[];
  exclusive: number | null;
  shared: readonly number[];
}

export interface Transaction {
  readonly id: number;
  readonly session: number;
  readonly isolation: Isolation;
  /** Begun by the program, not by a statement of its own. */
  readonly explicit: boolean;
  snapshot: number | null;
  failed: boolean;
  doomed: boolean;
}

export interface SerialTransaction {
  readonly id: number;
  readonly session: number;
  snapshot: number | null;
  commit: number | null;
  reads: readonly { readonly table: string; readonly where: Term }[];
  writes: readonly { readonly table: string; readonly before: Values | null; readonly after: Values | null }[];
}

export interface NamedLock {
  readonly key: string;
  readonly scope: 'transaction' | 'session' | 'application';
  readonly session: number;
}

/** InnoDB: nobody else inserts a row that meets the predicate. */
export interface GapLock {
  readonly session: number;
  readonly table: string;
  readonly where: Term;
}

/** Where a statement that waits goes on. */
export interface Progress {
  readonly phase: 'first' | 'main';
  /** The statement's own snapshot. */
  readonly snapshot: number;
  readonly candidates: readonly number[] | null;
  readonly at: number;
  readonly chosen: readonly number[];
  /** What the statement's subquery found. */
  readonly held: Readonly<Record<string, Held>>;
}

export interface Waiting {
  readonly session: number;
  /** Sessions. */
  readonly on: readonly number[];
  /** What has to end: transactions and named locks. */
  readonly blockers: readonly string[];
  readonly since: number;
  /** On a lock the database does not know: nobody detects a cycle. */
  readonly application: boolean;
  readonly progress: Progress;
}

export type Outcome =
  | { readonly kind: 'returned'; readonly value: Value }
  /** A check said no. */
  | { readonly kind: 'failed'; readonly at: number; readonly onAffected: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly at: number }
  /** It waits for itself, or for an application lock that never comes. */
  | { readonly kind: 'hung' };

export interface Run {
  readonly me: string;
  readonly program: Program;
  readonly parameters: Values;
  pc: number;
  variables: Readonly<Record<string, Held>>;
  inTransaction: boolean;
  waiting: Waiting | null;
  outcome: Outcome | null;
  effects: readonly string[];
  /** Decisions taken: the operation and how it came out. */
  guards: readonly { readonly at: number; readonly held: boolean }[];
  /** Writes not yet committed, for the oracle. */
  written: readonly Written[];
  /** A conditional write matched nothing and nobody looked. */
  missed: readonly number[];
  committed: boolean;
  /** What it saw and did; compared between runs one after the other, no part of a state's identity. */
  log: readonly string[];
}

export interface Written {
  readonly at: number;
  readonly rows: readonly number[];
}

export type BreakKind = 'lost-update' | 'duplicate-number' | 'guard-false' | 'claimed-twice' | 'write-missed' | 'effect-repeated' | 'memory-overwritten';

/** A derived invariant that does not hold: which run's, and the operation that it was about. */
export interface Break {
  readonly kind: BreakKind;
  readonly run: number;
  readonly at: number;
}

export interface InitialRow {
  readonly table: string;
  readonly values: Values;
}

/** Where everything begins. */
export interface InitialState {
  readonly rows: readonly InitialRow[];
  /** One for each run. */
  readonly parameters: readonly Values[];
}

export function openWorld(programs: readonly Program[], initial: InitialState): World {
  return {
    rows: initial.rows.map((row, id) => ({ id, table: row.table, versions: [{ values: row.values, session: -1, commit: 0 }], exclusive: null, shared: [] })),
    runs: programs.map((program, index) => openRun(program, index, initial.parameters[index] ?? {})),
    transactions: programs.flatMap(() => [null, null]),
    serial: [],
    named: [],
    gaps: [],
    memory: {},
    commits: 0,
    nextRow: initial.rows.length,
    nextTransaction: 0,
    waits: 0,
    breaks: [],
  };
}

function openRun(program: Program, index: number, parameters: Values): Run {
  return { me: `run ${'ABC'[index] ?? String(index)}`, program, parameters, pc: 0, variables: {}, inTransaction: false, waiting: null, outcome: null, effects: [], guards: [], written: [], missed: [], committed: false, log: [] };
}

/** A copy whose own lists and records may be changed. */
export function copyOf(world: World): World {
  return {
    ...world,
    rows: world.rows.map((row) => ({ ...row })),
    runs: world.runs.map((run) => ({ ...run })),
    transactions: world.transactions.map((one) => (one === null ? null : { ...one })),
    serial: world.serial.map((one) => ({ ...one })),
    named: [...world.named],
    gaps: [...world.gaps],
    memory: { ...world.memory },
    breaks: [...world.breaks],
  };
}

export function runOf(session: number): number {
  return session >> 1;
}

/** The version a snapshot shows: the newest committed by then, or the session's own. null: no such row. */
export function visibleAt(row: Row, snapshot: number, session: number): Values | null {
  for (let at = row.versions.length - 1; at >= 0; at -= 1) {
    const version = row.versions[at];
    if (version === undefined) break;
    if (version.commit === null ? version.session === session : version.commit <= snapshot) return version.values;
  }
  return null;
}

/** The newest version that is committed or the session's own. */
export function currentFor(row: Row, session: number): Values | null {
  return visibleAt(row, Number.MAX_SAFE_INTEGER, session);
}

/** When the newest committed version was committed; -1 where there is none. */
export function lastCommit(row: Row): number {
  return row.versions.reduce((latest, version) => (version.commit === null ? latest : Math.max(latest, version.commit)), -1);
}

/** Who has written the row and not yet ended. */
export function writerOf(row: Row): number | null {
  const last = row.versions.at(-1);
  return last?.commit === null ? last.session : null;
}

export function tableOf(world: World, table: string): readonly Row[] {
  return world.rows.filter((row) => row.table === table);
}

export function heldRow(row: Row, values: Values): HeldRow {
  return { row: row.id, values };
}

/** The identity of a state: two that agree in it have the same future. Commits are numbered anew, versions nobody can see are dropped. */
export function identityOf(world: World): string {
  const snapshots = world.transactions.flatMap((one) => (one?.snapshot == null ? [] : [one.snapshot]));
  const pending = world.runs.flatMap((run) => (run.waiting === null ? [] : [run.waiting.progress.snapshot]));
  const serial = world.serial.flatMap((one) => [one.snapshot ?? 0, one.commit ?? 0]);
  const floor = Math.min(world.commits, ...snapshots, ...pending);
  const rows = world.rows.map((row) => ({ ...row, versions: seen(row, floor) }));
  const numbers = [...new Set([...snapshots, ...pending, ...serial, world.commits, ...rows.flatMap((row) => row.versions.map((one) => one.commit ?? 0))])].sort((a, b) => a - b);
  const rank = new Map(numbers.map((number, index) => [number, index]));
  const renumbered = (key: string, value: unknown): unknown => {
    if ((key === 'commit' || key === 'snapshot' || key === 'commits') && typeof value === 'number') return rank.get(value) ?? value;
    return key === 'log' || key === 'program' || key === 'waits' || key === 'since' || key === 'parameters' ? undefined : value;
  };
  return JSON.stringify({ ...world, rows }, renumbered);
}

function seen(row: Row, floor: number): readonly Version[] {
  const first = row.versions.findLastIndex((one) => one.commit !== null && one.commit <= floor);
  return first <= 0 ? row.versions : row.versions.slice(first);
}

/** What a simulation is about: the programs that run at once and what they run on. */
export interface Subject {
  readonly programs: readonly Program[];
  readonly context: Context;
}
