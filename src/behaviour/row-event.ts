import type { Span } from '../core/change-set.js';
import type { EventId, Expression } from './expression.js';
import type { Handle, Placed, PromiseUse } from './placed.js';

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

/** `version`: no lock, but the row's version is compared with a known one when it is read. */
export type RowLock = 'none' | 'share' | 'update' | 'version';

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
  /** Other tables' rows that come with it, by the name of the relation. */
  readonly relations: readonly string[];
  /** The read whose rows these are part of: a relation that came with it, or one row looked up among many. null for a query of its own. */
  readonly within: EventId | null;
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
