import type { EngineLimits, Refusal } from '../engine.js';

/** What the parent asks of a child, one thing after the other. */
export type ChildTask =
  /** Opens a database: a saved one, packed as `save` gave it, or an empty one. Once per child. */
  | { readonly kind: 'boot'; readonly saved: Uint8Array | null; readonly extensions: readonly string[]; readonly limits: EngineLimits }
  | { readonly kind: 'query'; readonly sql: string; readonly params: readonly (string | null)[] }
  | { readonly kind: 'attempt'; readonly sql: string }
  | { readonly kind: 'save' };

/** A query's answer, every value as text. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export type ChildAnswer =
  | { readonly kind: 'booted' }
  | { readonly kind: 'rows'; readonly answer: Answer }
  | { readonly kind: 'ran' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'saved'; readonly bytes: Uint8Array }
  /** Could not be opened. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The database is not to be trusted any more. */
  | { readonly kind: 'lost'; readonly why: Loss };

export type Loss = 'memory' | 'crash';

export type ToChild = { readonly id: number; readonly task: ChildTask };

/** `prepared`: everything that any database needs is loaded; `version` is the server's. */
export type FromChild = { readonly kind: 'prepared'; readonly version: string } | { readonly kind: 'answer'; readonly id: number; readonly answer: ChildAnswer };

/** What the watchdog writes to stderr before it kills its process, alone on a line. */
export const MEMORY_MARK = 'belay-watchdog: memory';

/** Numbers that a child shares with its watchdog: the highest resident size in bytes, and the last moment (milliseconds since 1970); 0 for none yet. */
export const CEILING = 0;
export const LAST_MOMENT = 1;
