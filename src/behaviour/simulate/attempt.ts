import type { Refusal, Term } from './program.js';
import type { HeldRow } from './terms.js';
import type { Progress } from './world.js';

/** What became of (a part of) a statement. */
export type Attempt =
  | { readonly kind: 'done'; readonly rows: readonly HeldRow[] }
  | { readonly kind: 'wait'; readonly on: readonly number[]; readonly progress: Progress }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Rows a statement looks for. The predicate is bound. */
export interface Request {
  readonly table: string;
  readonly where: Term;
  readonly lock: 'none' | 'share' | 'update';
  readonly wait: 'block' | 'skip' | 'nowait';
  readonly limit: number | null;
}
