/** What a parameter of a query may be. JSON goes in as text with a `::jsonb` cast. */
export type SqlValue = string | number | boolean | null | Uint8Array | readonly string[] | readonly number[];

/**
 * Somewhere SQL can be run: the store itself, or one of its open transactions. Both kinds of database take the same SQL
 * (Postgres, `$1` parameters) and answer with the same types: `bigint` and `count(*)` as number, `timestamptz` as Date,
 * `jsonb` parsed, `bytea` as Uint8Array, `numeric` as string.
 */
export interface Sql {
  /** One statement. */
  query<Row extends object = Record<string, unknown>>(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Any number of statements without parameters. One that brings its own BEGIN … COMMIT is rolled back when it fails. */
  exec(sql: string): Promise<void>;
}

/**
 * Belay's own database. What `transaction` commits survives a kill of the process at any moment. Nothing else runs inside
 * an open transaction: using the store instead of the transaction's own `sql` in there is an error, not a deadlock.
 */
export interface Store extends Sql {
  /** `embedded`: this process alone uses it. `postgres`: other Belay processes may use it at the same time. */
  readonly kind: 'embedded' | 'postgres';
  /** The same database, ahead of everything that waits for it: for what has a deadline, which is taking in deliveries. */
  readonly urgent: Sql;
  /** Commits when `work` resolves, rolls back when it throws. Transactions do not nest. */
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** Resolves when the database answers; throws otherwise, at the latest after five seconds. */
  ping(): Promise<void>;
  /** Waits for what is running, then lets go of the database and its lock file. */
  close(): Promise<void>;
}

/** The few words of a logger that adapters need; pino's own logger fits. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
