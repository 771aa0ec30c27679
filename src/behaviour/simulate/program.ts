/**
 * What one run of a function does to shared state, in the form the simulator can execute: a flat list of operations. Conditions
 * and values are trees. Each operation keeps the author's line and words, so that a schedule can be shown in them.
 */
export type Operation =
  | ReadOperation
  | WriteOperation
  | GuardOperation
  | BeginOperation
  | EndOperation
  | LockOperation
  | UnlockOperation
  | EffectOperation
  | ReturnOperation
  | MemoryReadOperation
  | MemoryWriteOperation
  | AwaitOperation
  | LabelOperation
  | GotoOperation;

export type Value = number | string | boolean | null;

export type Operator = 'and' | 'or' | 'equal' | 'not-equal' | 'less' | 'less-or-equal' | 'greater' | 'greater-or-equal' | 'add' | 'subtract' | 'multiply';

export type Term =
  | { readonly kind: 'value'; readonly value: Value }
  /** An argument of the run. */
  | { readonly kind: 'parameter'; readonly name: string }
  /** A column of the (first) row that a variable holds; null where there is none. */
  | { readonly kind: 'field'; readonly of: string; readonly column: string }
  /** The number that an aggregate yielded, or what was read from memory. */
  | { readonly kind: 'variable'; readonly name: string }
  /** A column of the row being matched or written, as the database has it at that moment. */
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'affected'; readonly of: string }
  | { readonly kind: 'exists'; readonly of: string }
  /** Which run this is: a value no other run has. */
  | { readonly kind: 'me' }
  | { readonly kind: 'now' }
  /** A pure function nothing is known about: equal arguments give equal values. */
  | { readonly kind: 'opaque'; readonly name: string; readonly of: readonly Term[] }
  | { readonly kind: 'not'; readonly of: Term }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Term; readonly right: Term };

interface InSource {
  /** 1-based, 0 where no line stands for it. */
  readonly line: number;
  readonly text: string;
}

export type Connection = 'transaction' | 'pool';

/** What the database refuses. `conflict`: NOWAIT on a locked row; `failed`: a statement in a transaction that has failed. */
export type Refusal = 'duplicate' | 'serialization' | 'deadlock' | 'conflict' | 'failed';

/** Where the function goes on after a refusal it handles. */
export interface Handler {
  readonly label: string;
  /** The handler runs inside the same transaction; else the transaction is rolled back before. */
  readonly keepsTransaction: boolean;
  /** The statement ran in a savepoint that is rolled back to. */
  readonly savepoint: boolean;
}

export interface ReadOperation extends InSource {
  readonly op: 'read';
  readonly as: string;
  readonly table: string;
  readonly where: Term;
  readonly aggregate: 'count' | 'max' | 'sum' | null;
  readonly column: string | null;
  readonly lock: 'none' | 'share' | 'update';
  readonly wait: 'block' | 'skip' | 'nowait';
  readonly limit: number | null;
  readonly connection: Connection;
  readonly handlers: Handlers;
}

export type Handlers = Readonly<Partial<Record<Refusal, Handler>>>;

export interface WriteOperation extends InSource {
  readonly op: 'write';
  readonly kind: 'insert' | 'update' | 'delete';
  readonly as: string;
  readonly table: string;
  readonly where: Term;
  /** The columns written; of a new row all that are given. */
  readonly set: Readonly<Record<string, Term>>;
  /** An insert that meets a row with the same values in these columns. */
  readonly conflict: { readonly columns: readonly string[]; readonly update: Readonly<Record<string, Term>> | null } | null;
  /** A subquery, run once before the statement's own scan, in the same statement: `WHERE id = (SELECT …)`. */
  readonly first: ReadOperation | null;
  readonly connection: Connection;
  readonly handlers: Handlers;
}

/** Goes on where the condition holds; else jumps, or fails (throws) where `otherwise` is null. */
export interface GuardOperation extends InSource {
  readonly op: 'guard';
  readonly condition: Term;
  readonly otherwise: string | null;
}

export interface BeginOperation extends InSource {
  readonly op: 'begin';
  /** null: the context's. */
  readonly isolation: Isolation | null;
}

export interface EndOperation extends InSource {
  readonly op: 'end';
  readonly outcome: 'commit' | 'rollback';
}

export type NamedScope = 'transaction' | 'session' | 'cluster' | 'process';

export interface LockOperation extends InSource {
  readonly op: 'lock';
  readonly key: Term;
  readonly scope: NamedScope;
  /** Does not wait: `as` holds whether it was taken. */
  readonly tries: boolean;
  readonly as: string;
  readonly connection: Connection;
}

export interface UnlockOperation extends InSource {
  readonly op: 'unlock';
  readonly key: Term;
}

/** Something outside the database that no rollback takes back. */
export interface EffectOperation extends InSource {
  readonly op: 'effect';
  readonly kind: string;
  readonly key: Term;
}

export interface ReturnOperation extends InSource {
  readonly op: 'return';
  readonly value: Term | null;
}

export interface MemoryReadOperation extends InSource {
  readonly op: 'memory-read';
  readonly as: string;
  readonly field: string;
}

export interface MemoryWriteOperation extends InSource {
  readonly op: 'memory-write';
  readonly field: string;
  readonly value: Term;
}

/** A place where another run of the same process may go on. */
export interface AwaitOperation extends InSource {
  readonly op: 'await';
}

export interface LabelOperation extends InSource {
  readonly op: 'label';
  readonly name: string;
}

export interface GotoOperation extends InSource {
  readonly op: 'goto';
  readonly label: string;
}

export type Isolation = 'read-committed' | 'repeatable-read' | 'serializable';

export type Engine = 'postgres' | 'innodb';

/** Who says so: the repository (a schema, a setting in code), Belay's configuration, or nobody. */
export type Source = 'repository' | 'configuration' | 'assumed';

export interface UniqueIndex {
  readonly table: string;
  readonly columns: readonly string[];
  readonly source: Source;
}

/** What the program runs on. */
export interface Context {
  readonly engine: Engine;
  readonly isolation: Isolation;
  readonly isolationSource: Source;
  readonly unique: readonly UniqueIndex[];
  /** Locks inside one process keep every other run out. */
  readonly singleProcess: boolean;
}

export interface Program {
  readonly name: string;
  readonly operations: readonly Operation[];
}
