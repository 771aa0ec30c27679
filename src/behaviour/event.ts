import type { Span } from '../core/change-set.js';
import type { EventId, Expression } from './expression.js';

/**
 * What a function does, in the order of its source, in a form no language or library shows through. Readers of languages
 * fill it; rules and the simulator read it. Every place is 1-based, in the version of the file that was read.
 */
export type Event =
  | Entry
  | Read
  | Count
  | Write
  | Guard
  | TxBegin
  | TxEnd
  | LockAcquire
  | LockRelease
  | SideEffect
  | CacheAccess
  | Call
  | Parallel
  | Loop
  | TryCatch
  | FieldRead
  | FieldWrite
  | FileAccess
  | Await
  | Return
  | Throw;

export type EventKind = Event['kind'];

/** What every event has. */
export interface Placed {
  /** Its index in `FunctionBehaviour.events`. */
  readonly id: EventId;
  readonly span: Span;
  /** The author's own words, on one line, at most 200 characters. */
  readonly text: string;
  /** What it stands in, outermost first; see dominance.ts. */
  readonly frames: readonly Frame[];
}

/** One level of nesting. Ids are unique within a function; the arms of one branch share its id. */
export type Frame =
  /** One side of the Guard with this branch id. Every arm of a switch has a Guard of its own. */
  | { readonly kind: 'branch'; readonly id: number; readonly arm: 'then' | 'else' }
  | { readonly kind: 'loop'; readonly id: number }
  /** A function handed to another. `runs` says when: now and once (a transaction body), now and many times, or some time later. */
  | { readonly kind: 'callback'; readonly id: number; readonly runs: 'once' | 'many' | 'later' }
  | { readonly kind: 'try'; readonly id: number; readonly part: 'try' | 'catch' | 'finally' }
  | { readonly kind: 'transaction'; readonly id: number }
  | { readonly kind: 'lock'; readonly id: number }
  | { readonly kind: 'parallel'; readonly id: number; readonly arm: number }
  /** The body of a function of the same file, shown where it is called. `call` is the place of the call. */
  | { readonly kind: 'inlined'; readonly id: number; readonly name: string; readonly call: Span };

/** What becomes of the promise (future, task) that a call returns. `none` where the call is synchronous. */
export type PromiseUse =
  | 'none'
  | 'awaited'
  | 'returned'
  | 'stored'
  /** Put into an array or handed to a function that waits for it. */
  | 'collected'
  /** An error handler is attached (`.catch`), nobody waits. */
  | 'handled'
  /** `void f()`. */
  | 'voided'
  | 'dropped';

/** What a query runs on: the pool, or the transaction it belongs to. */
export interface Handle {
  /** As written: `prisma`, `tx`, `manager.getRepository(Order)`. */
  readonly name: string;
  /** The `transaction` of the TxBegin it is bound to, null outside one or where the handle is the pool's. */
  readonly transaction: number | null;
}

/** An equality that a row must meet. */
export interface KeyPart {
  readonly column: string;
  readonly value: Expression;
}

/** What reads and writes of rows share. */
interface OnTable extends Placed {
  /** The table or model, lower case and singular, so that `accounts`, `Account` and `account` are one; null when unknown. */
  readonly entity: string | null;
  /** The same, as the author wrote it. */
  readonly entityName: string;
  /** The library that speaks: `prisma`, `pg`, `typeorm`, `repository` (only a name like `orderRepository` says so) … */
  readonly library: string;
  /** The equalities of `where`. */
  readonly key: readonly KeyPart[];
  /** The whole condition over columns; null means every row, or unknown when `whereKnown` is false. */
  readonly where: Expression | null;
  readonly whereKnown: boolean;
  readonly handle: Handle;
  readonly promise: PromiseUse;
}

export type RowLock = 'none' | 'share' | 'update';

/** Rows are read. Its `result` is a row (`many` false) or rows. */
export interface Read extends OnTable {
  readonly kind: 'read';
  /** The author's variables that hold the result or parts of it. */
  readonly vars: readonly string[];
  readonly lock: RowLock;
  readonly wait: 'block' | 'skip' | 'nowait';
  readonly many: boolean;
  readonly limit: Expression | null;
  /** Columns asked for; null means all. */
  readonly columns: readonly string[] | null;
  /** It throws when there is no such row. */
  readonly orThrow: boolean;
}

/** Rows are counted, summed, or asked for their existence. */
export interface Count extends OnTable {
  readonly kind: 'count';
  readonly vars: readonly string[];
  readonly aggregate: 'count' | 'exists' | 'max' | 'min' | 'sum' | 'average';
  /** The column that is summed; null for a count of rows. */
  readonly column: string | null;
  readonly lock: RowLock;
}

/** A column and what it becomes. A `column` inside `value` is the database's own current one: atomic. */
export interface Assignment {
  readonly column: string;
  readonly value: Expression;
  /** Where the author wrote it. */
  readonly span: Span;
}

/** Rows are written. Its `result` is what the library returns; `affected` in expressions is the number of rows. */
export interface Write extends OnTable {
  readonly kind: 'write';
  readonly operation: 'insert' | 'update' | 'delete' | 'upsert' | 'save';
  /** Every column the `where` constrains, in any way. */
  readonly whereColumns: readonly string[];
  readonly data: readonly Assignment[];
  /** False when a spread or a variable hides columns. */
  readonly dataKnown: boolean;
  /** The author's variable that holds the result; null when it is dropped. */
  readonly variable: string | null;
  /** The event whose row this writes back (`order.save()`), null otherwise. */
  readonly target: EventId | null;
  /** A save that writes all columns, also those not assigned. */
  readonly wholeRow: boolean;
  readonly many: boolean;
  /** The library throws, or a condition in the same call does, when no row matched. */
  readonly failsWhenMissing: boolean;
  readonly onConflict: 'fail' | 'nothing' | 'update';
  /** Columns of the conflict target, of an upsert's key. */
  readonly conflictColumns: readonly string[];
  /** A version column is compared and raised by the library. */
  readonly optimistic: boolean;
}

export type Exit = 'throw' | 'return' | 'continue' | 'break' | 'end';

/** A decision. What runs only on one side of it stands in a `branch` frame with its id. */
export interface Guard extends Placed {
  readonly kind: 'guard';
  readonly branch: number;
  readonly condition: Expression;
  /** Names of variables in it, as written. */
  readonly vars: readonly string[];
  /** How the side where the condition holds leaves, null when it goes on. `end` ends the process. */
  readonly whenTrue: Exit | null;
  readonly whenFalse: Exit | null;
}

export type Isolation = 'default' | 'read-uncommitted' | 'read-committed' | 'repeatable-read' | 'snapshot' | 'serializable' | 'unknown';

export interface TxBegin extends Placed {
  readonly kind: 'tx-begin';
  readonly transaction: number;
  /** The name bound to it, null where queries join it without one. */
  readonly handle: string | null;
  readonly isolation: Isolation;
  readonly style: 'callback' | 'statements' | 'batch' | 'declared';
}

export interface TxEnd extends Placed {
  readonly kind: 'tx-end';
  readonly transaction: number;
  readonly outcome: 'commit' | 'rollback' | 'scope';
}

/** Who is kept out: this transaction's rows and keys, this session, this process only, or everybody who asks the same service. */
export type LockScope = 'transaction' | 'session' | 'process' | 'cluster' | 'unknown';

export interface LockAcquire extends Placed {
  readonly kind: 'lock-acquire';
  readonly lock: number;
  readonly name: string;
  readonly key: Expression | null;
  readonly scope: LockScope;
  readonly ttl: Expression | null;
  /** It gives up at once when somebody else holds it. */
  readonly tries: boolean;
  readonly promise: PromiseUse;
}

export interface LockRelease extends Placed {
  readonly kind: 'lock-release';
  readonly lock: number;
  readonly name: string;
  readonly inFinally: boolean;
}

export type SideEffectKind = 'http' | 'mail' | 'queue' | 'event' | 'payment' | 'notification' | 'storage' | 'process';

/** Something that other systems see and no rollback takes back. */
export interface SideEffect extends Placed {
  readonly kind: 'side-effect';
  readonly effect: SideEffectKind;
  readonly callee: string;
  readonly arguments: readonly Expression[];
  readonly variable: string | null;
  readonly promise: PromiseUse;
}

export interface CacheAccess extends Placed {
  readonly kind: 'cache';
  readonly operation: 'get' | 'set' | 'set-if-absent' | 'delete' | 'increment' | 'expire' | 'script';
  readonly callee: string;
  readonly key: Expression | null;
  readonly value: Expression | null;
  readonly ttl: Expression | null;
  readonly variable: string | null;
  readonly promise: PromiseUse;
}

/** A call nothing more is known about. */
export interface Call extends Placed {
  readonly kind: 'call';
  /** As written: `this.mailer.notify`. */
  readonly callee: string;
  /** Its last name: `notify`. */
  readonly name: string;
  readonly receiver: Expression | null;
  readonly arguments: readonly Expression[];
  /** Known to return a promise: it is awaited here, or declared async in the same file. */
  readonly async: boolean | null;
  readonly promise: PromiseUse;
  readonly variable: string | null;
  /** What a function of the same file does, when it is that; null otherwise. */
  readonly target: CallTarget | null;
}

/** A function of the same file, in a few words. */
export interface CallTarget {
  readonly name: string;
  readonly async: boolean;
  /** It writes rows, or has an effect others see. */
  readonly effect: string | null;
  /** Its body's events follow, in an `inlined` frame. */
  readonly inlined: boolean;
}

/** Promises that run at the same time. Members stand in `parallel` frames with its id. */
export interface Parallel extends Placed {
  readonly kind: 'parallel';
  readonly parallel: number;
  readonly waitsFor: 'all' | 'settled' | 'first' | 'nothing';
  /** A list whose length nobody bounds here, null for a fixed set. */
  readonly over: Expression | null;
}

export interface Loop extends Placed {
  readonly kind: 'loop';
  readonly loop: number;
  /** `forever`: nothing in its head ends it. `counter`: an attempt or index is compared. `collection`: once per element. */
  readonly bound: 'forever' | 'counter' | 'collection' | 'condition' | 'deadline' | 'signal';
  readonly condition: Expression | null;
  readonly collection: Expression | null;
  /** Counters and deadlines that its body compares before it goes on, as written. */
  readonly capped: readonly string[];
}

export type ErrorClass = 'duplicate' | 'serialization' | 'deadlock' | 'not-found' | 'other';

export interface TryCatch extends Placed {
  readonly kind: 'try-catch';
  readonly try: number;
  /** null for try … finally. */
  readonly handler: Handler | null;
  readonly hasFinally: boolean;
}

/** What a catch does. Shared by `catch {}` blocks and `.catch(…)`. */
export interface Handler {
  readonly span: Span;
  readonly parameter: string | null;
  /** What the body does with the error, the strongest first that applies on some path. */
  readonly outcome: 'empty' | 'log-only' | 'default' | 'success' | 'records' | 'handles' | 'rethrows';
  /** How the last path leaves: null falls through. */
  readonly exit: Exit | null;
  /** Classes of errors it tells apart (`P2002`, `23505`). */
  readonly recognises: readonly ErrorClass[];
  /** A comment inside says why nothing is done. */
  readonly explained: boolean;
  readonly comment: string | null;
}

export interface FieldRead extends Placed {
  readonly kind: 'field-read';
  readonly owner: FieldOwner;
  readonly field: string;
}

export interface FieldWrite extends Placed {
  readonly kind: 'field-write';
  readonly owner: FieldOwner;
  readonly field: string;
  readonly value: Expression;
  /** The row it belongs to, for `owner: 'row'`. */
  readonly row: EventId | null;
}

/** Who shares the field: the module, a singleton, one object, or a row that a Read yielded. */
export type FieldOwner = 'module' | 'singleton' | 'instance' | 'row' | 'outer';

export interface FileAccess extends Placed {
  readonly kind: 'file';
  readonly operation: 'exists' | 'stat' | 'open' | 'read' | 'write' | 'append' | 'delete' | 'rename' | 'mkdir';
  readonly file: Expression | null;
  /** Fails when the file is there (`wx`). */
  readonly exclusive: boolean;
  readonly promise: PromiseUse;
}

export interface Await extends Placed {
  readonly kind: 'await';
  readonly value: Expression;
}

export interface Return extends Placed {
  readonly kind: 'return';
  readonly value: Expression | null;
}

export interface Throw extends Placed {
  readonly kind: 'throw';
  readonly value: Expression | null;
  /** It is the error of the catch it stands in. */
  readonly rethrow: boolean;
}

export type EntryKind = 'request' | 'job' | 'webhook' | 'schedule';

/** How the function is reached from outside. Always the first event where there is one. */
export interface Entry extends Placed {
  readonly kind: 'entry';
  readonly entry: EntryKind;
}

export type Language = 'typescript' | 'javascript' | 'php' | 'java' | 'kotlin' | 'python' | 'ruby' | 'go';

/** One function or method, and all it does. */
export interface FunctionBehaviour {
  /** Its own name, `<anonymous>` where it has none. */
  readonly name: string;
  /** The name a reader would look for: `Class.method`, `object.method`, `function`. */
  readonly symbol: string;
  readonly path: string;
  readonly language: Language;
  readonly span: Span;
  /** null: nothing says how it is reached. */
  readonly entry: EntryKind | null;
  readonly async: boolean;
  /** Where it runs, as far as the file says: `browser` for components and hooks. */
  readonly runsIn: 'server' | 'browser' | 'unknown';
  readonly parameters: readonly string[];
  readonly events: readonly Event[];
  /** The source of the whole function. */
  readonly bodyText: string;
}
