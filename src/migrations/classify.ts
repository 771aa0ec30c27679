import type { LockMode } from './step.js';

export type { Target } from './target.js';

/** What a statement does to others while it runs: measured facts of the server, no opinion. Relations are `schema.name`. */
export interface LockEffect {
  /** The strongest lock newly taken per relation that existed before. */
  readonly locks: Readonly<Record<string, LockMode>>;
  /** Relations whose rows are written anew, every index included. */
  readonly rewrite: readonly string[];
  /** Relations that are read from end to end. */
  readonly scan: readonly string[];
  /** Indexes that are built anew without their table being rewritten. */
  readonly indexRebuild: readonly string[];
  /**
   * heavy: rewrites or scans a relation while SHARE or stronger is held on it; brief: takes SHARE or stronger without that
   * work; error: the server would refuse it; safe: the rest.
   */
  readonly class: 'heavy' | 'brief' | 'safe' | 'error';
  /** Whether the server allows it inside a transaction block. */
  readonly inTransaction: boolean;
  /** The server's refusal. */
  readonly error?: string;
  /** Why nothing could be said: then the rest means nothing. */
  readonly notAnalysed?: string;
  readonly source: 'measured' | 'documented' | 'observed';
}
