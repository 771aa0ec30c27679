import pg from 'pg';
import { modelOf, type Model } from './model.js';
import { attempt, observeRewrites, observeTransaction, observeWait, relationsWithRows, type Observation } from './observe.js';
import { readShape, type Shape } from './shape.js';

/** A database on a real server and the model of the same database. */
export interface World {
  readonly shape: Shape;
  readonly model: Model;
  /** Relations that hold rows. */
  readonly withRows: ReadonlySet<string>;
  /** Indexes that it has. */
  readonly indexes: ReadonlySet<string>;
  /** The statements that built it: those that this server accepts. */
  readonly statements: readonly string[];
  readonly refused: readonly string[];
  observe(statements: readonly string[]): Promise<readonly Observation[]>;
  /** The lock that a statement waits for while another session holds one on a table. */
  waits(statement: string, table: string): Promise<readonly (readonly [string, string])[]>;
  /** What a statement outside any transaction writes anew; it stays done. */
  rewrites(statement: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Builds a database; what this server does not accept is left out on both sides. */
export async function openWorld(url: string, statements: readonly string[]): Promise<World> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("set timezone = 'UTC'");
  const accepted: string[] = [];
  const refused: string[] = [];
  for (const statement of statements) {
    const error = await attempt(client, statement);
    if (error === null) accepted.push(statement);
    else refused.push(`${error.message}: ${statement}`);
  }
  await client.query('analyze');
  const shape = await readShape(client);
  return {
    shape,
    model: modelOf(accepted, shape.version),
    withRows: await relationsWithRows(client),
    indexes: new Set((await client.query<{ key: string }>("select n.nspname || '.' || c.relname as key from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'i'")).rows.map((row) => row.key)),
    statements: accepted,
    refused,
    // A session of its own: what one has looked up before it does not lock again.
    async observe(transaction) {
      const session = new pg.Client({ connectionString: url });
      await session.connect();
      try {
        await session.query("set timezone = 'UTC'");
        return await observeTransaction(session, transaction);
      } finally {
        await session.end();
      }
    },
    async waits(statement, table) {
      const session = new pg.Client({ connectionString: url });
      await session.connect();
      try {
        return await observeWait(client, session, statement, table);
      } finally {
        await session.end();
      }
    },
    rewrites: (statement) => observeRewrites(client, statement),
    close: () => client.end(),
  };
}
