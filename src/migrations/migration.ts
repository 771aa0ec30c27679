import type { Span } from '../core/change-set.js';
import type { Step } from './step.js';

export type Framework =
  | 'sql'
  | 'flyway'
  | 'golang-migrate'
  | 'dbmate'
  | 'goose'
  | 'sql-migrate'
  | 'tern'
  | 'diesel'
  | 'sqlx'
  | 'refinery'
  | 'popx'
  | 'prisma'
  | 'drizzle'
  | 'supabase'
  | 'node-pg-migrate'
  | 'hasura'
  | 'atlas'
  | 'sqitch'
  | 'liquibase';

/**
 * What runs together: `per-file` (the migration is one transaction), `none` (each statement by itself, but for the file's own
 * BEGIN and COMMIT), `all-pending` (every migration not yet applied is one transaction).
 */
export type TransactionScope = 'per-file' | 'none' | 'all-pending';

export interface TransactionFact {
  readonly scope: TransactionScope;
  /** Whether it is the server's own around one string of statements: then what follows a COMMIT is a transaction again. */
  readonly implicit: boolean;
  /** Why: the switch or the framework's habit, in words: "goose runs each migration in a transaction". */
  readonly reason: string;
  /** How to run this migration outside a transaction, in words; null when the framework has no way, or it is outside already. */
  readonly switchOff: string | null;
  /**
   * For scope `none`: runs of statements (first and last `statementIndex`) that are sent as one string nevertheless, and so are
   * one transaction each.
   */
  readonly batches?: readonly (readonly [number, number])[];
}

/** Where a migration's directions stand in their files. */
export interface MigrationSpans {
  /** In `path`. A file with several migrations (a changelog) has one span for each. */
  readonly up: Span;
  /** In `downPath`, else in `path`; null when there is no down. */
  readonly down: Span | null;
}

/** One migration: what it does and how to undo it, never mixed up. */
export interface Migration {
  /** The version or name that the framework orders and records it by. */
  readonly id: string;
  /** Comparable within one history: lower runs first. */
  readonly order: string;
  /** The folder whose migrations form one history; several histories may live in one repository. */
  readonly history: string;
  /** The file of the up direction. */
  readonly path: string;
  /** The file of the down direction where it is another one. */
  readonly downPath: string | null;
  readonly up: readonly Step[];
  /** `none`: there is no down; `irreversible`: the author says that there can be none. */
  readonly down: readonly Step[] | 'none' | 'irreversible';
  readonly spans: MigrationSpans;
  readonly framework: Framework;
  /** How the up direction runs. */
  readonly transaction: TransactionFact;
  /** How the down direction runs, where that is not as the up direction does. */
  readonly downTransaction?: TransactionFact;
  /** Nothing, or one statement, could not be parsed and nothing excuses it: its 1-based line and the parser's words. */
  readonly broken?: { readonly line: number; readonly message: string };
}
