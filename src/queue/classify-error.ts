import { BelayError, type ErrorScope } from '../core/errors.js';

/** How far a failure of a job reaches. */
export interface Classified {
  readonly scope: ErrorScope;
  /** Wait at least so many milliseconds; null: trying this key again is pointless; undefined: as usual. */
  readonly retryAfter?: number | null | undefined;
}

/** A BelayError speaks for itself; anything else is taken to be the trouble of this one pull request. */
export function classifyError(error: unknown): Classified {
  return error instanceof BelayError ? { scope: error.scope, retryAfter: error.retryAfter } : { scope: 'pull' };
}
