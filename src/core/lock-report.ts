/** One statement of a migration and what it locks: the public form (`belay locks --format json`). Relations are `schema.name`. */
export interface LockStatement {
  readonly path: string;
  /** 1-based, both ends inclusive. */
  readonly line: number;
  readonly endLine: number;
  /** As written, without its semicolon. */
  readonly statement: string;
  readonly direction: 'up' | 'down';
  /** Postgres' own mode names (pg_locks): the strongest lock newly taken per relation that existed before the migration. */
  readonly locks: Readonly<Record<string, string>>;
  /** Relations whose rows are written anew. */
  readonly rewrite: readonly string[];
  /** Relations that are read from end to end. */
  readonly scan: readonly string[];
  /**
   * heavy: rewrites or scans such a relation while SHARE or stronger is held on it; brief: takes SHARE or stronger without
   * that work; error: the server would refuse it (`error`); safe: the rest. Means nothing where `notAnalysed` is given.
   */
  readonly class: 'heavy' | 'brief' | 'safe' | 'error';
  /** Whether it runs inside a transaction: its framework's or the file's own. */
  readonly inTransaction: boolean;
  readonly error?: string;
  /** Why nothing can be said of it. */
  readonly notAnalysed?: string;
  /** Where the knowledge comes from: real servers' measured locks, the manual, or this very statement's execution. */
  readonly source: 'measured' | 'documented' | 'observed';
}

/** What the statements of some migrations lock. */
export interface LockReport {
  readonly schemaVersion: 1;
  /** `postgres@16` */
  readonly target: string;
  /** File by file, in the order in which migrations run; within a file by line. */
  readonly statements: readonly LockStatement[];
}
