import type { Span } from '../core/change-set.js';
import type { EventId, Expression } from './expression.js';
import type { Placed, PromiseUse } from './placed.js';
import type { Count, Read, Write } from './row-event.js';

export type { Frame, Handle, Placed, PromiseUse } from './placed.js';
export type { Assignment, Count, KeyPart, Read, RowLock, Write } from './row-event.js';

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
  /**
   * `forever`: nothing in its head ends it. `success`: a flag that only the `try` in it sets, once all went well.
   * `counter`: an attempt or index is compared. `collection`: once per element.
   */
  readonly bound: 'forever' | 'success' | 'counter' | 'collection' | 'condition' | 'deadline' | 'signal';
  readonly condition: Expression | null;
  readonly collection: Expression | null;
  /** Conditions in its body that count attempts, watch a clock or a signal, and leave it: as written. */
  readonly capped: readonly string[];
  /** Something outside its handlers leaves it: it is done once what it tries has worked. */
  readonly leaves: boolean;
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
