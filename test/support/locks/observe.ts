import pg from 'pg';
import type { TextRow } from '../../../src/proof/engine.js';
import { compareMoments, readMoment, readRelations, rewrittenBetween, type Asked } from '../../../src/proof/observe.js';

/** What a server did while it ran one statement, in the words of a LockEffect. */
export interface Observation {
  readonly locks: Readonly<Record<string, string>>;
  readonly rewrite: readonly string[];
  readonly scan: readonly string[];
  readonly indexRebuild: readonly string[];
  readonly class: 'heavy' | 'brief' | 'safe' | 'error';
  readonly error: { readonly code: string; readonly message: string } | null;
}

async function processId(client: pg.Client): Promise<number> {
  return (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
}

/** Tables and materialized views that hold rows: on others the server has nothing to read. */
export async function relationsWithRows(client: pg.Client): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const { rows } = await client.query<{ key: string; name: string }>(
    `select n.nspname || '.' || c.relname as key, c.oid::regclass::text as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'm') and (c.relkind = 'r' or c.relispopulated)`,
  );
  for (const { key, name } of rows) if ((await client.query(`select 1 from only ${name} limit 1`)).rows.length > 0) found.add(key);
  return found;
}

type Refusal = NonNullable<Observation['error']>;

export async function attempt(client: pg.Client, sql: string): Promise<Refusal | null> {
  try {
    await client.query(sql);
    return null;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return { code: error.code ?? '', message: error.message };
    throw error;
  }
}

function refused(error: Refusal): Observation {
  return { locks: {}, rewrite: [], scan: [], indexRebuild: [], class: 'error', error };
}

/** A client in the words of the engine that proofs stand on. */
function asked(client: pg.Client): Asked {
  return { query: async (sql, params = []) => (await client.query<TextRow>(sql, [...params])).rows };
}

/** Runs statements in one transaction and rolls it back: what each did. Ends with the first that the server refuses. */
export async function observeTransaction(client: pg.Client, statements: readonly string[]): Promise<readonly Observation[]> {
  await client.query('begin');
  try {
    const found: Observation[] = [];
    let before = await readMoment(asked(client));
    const existing = before.relations;
    for (const statement of statements) {
      const error = await attempt(client, statement);
      if (error !== null) return [...found, refused(error)];
      const after = await readMoment(asked(client));
      const { locks, rewrite, scan, indexRebuild, class: weight } = compareMoments(statement, existing, before, after);
      found.push({ locks, rewrite, scan, indexRebuild, class: weight, error: null });
      before = after;
    }
    return found;
  } finally {
    await client.query('rollback');
    await client.query('reset all');
  }
}

/** Tables and materialized views that a statement outside any transaction has written anew. */
export async function observeRewrites(client: pg.Client, statement: string): Promise<readonly string[]> {
  const before = await readRelations(asked(client));
  await client.query(statement);
  return rewrittenBetween(before, await readRelations(asked(client)));
}

/**
 * What a statement that runs in transactions of its own asks for first, while `holder` holds a lock on the table that it waits
 * for: `[relation, mode]`; none when it waits for nothing.
 */
export async function observeWait(holder: pg.Client, runner: pg.Client, statement: string, table: string): Promise<readonly (readonly [string, string])[]> {
  const pid = await processId(runner);
  await holder.query('begin');
  await holder.query(`lock table ${table} in share update exclusive mode`);
  const running = attempt(runner, statement);
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  let waited: readonly (readonly [string, string])[] = [];
  while (!ended && waited.length === 0) {
    const { rows } = await holder.query<{ key: string; mode: string }>(
      "select n.nspname || '.' || c.relname as key, l.mode from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation join pg_catalog.pg_namespace n on n.oid = c.relnamespace where l.pid = $1 and not l.granted",
      [pid],
    );
    waited = rows.map((row) => [row.key, row.mode] as const);
  }
  await holder.query('select pg_cancel_backend($1)', [pid]);
  await holder.query('rollback');
  await running;
  return waited;
}
