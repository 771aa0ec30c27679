import type { Span } from '../core/change-set.js';
import type { EventId } from './expression.js';

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
