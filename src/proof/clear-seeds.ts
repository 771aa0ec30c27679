import type { Engine } from './engine.js';

/** Tables without a single page, by object identifier. */
export async function emptyTables(engine: Engine): Promise<ReadonlySet<string>> {
  const rows = await engine.query(`
    select c.oid::text as oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind = 'r' and c.relpersistence <> 't' and pg_catalog.pg_relation_size(c.oid) = 0`);
  return new Set(rows.map((row) => row['oid'] ?? ''));
}

async function filledTables(engine: Engine): Promise<ReadonlyMap<string, string>> {
  const rows = await engine.query(`
    select c.oid::text as oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind = 'r' and c.relpersistence <> 't' and pg_catalog.pg_relation_size(c.oid) > 0`);
  return new Map(rows.map((row) => [row['oid'] ?? '', row['name'] ?? '']));
}

/**
 * Takes out the rows that were put in for one migration, before the next is proved on its own: what fills a column later would
 * find them without it. `before`: the tables that were empty. Whether it could be done.
 */
export async function clearSeeds(engine: Engine, before: ReadonlySet<string>): Promise<boolean> {
  const seeded = [...(await filledTables(engine))].filter(([oid]) => before.has(oid));
  if (seeded.length === 0) return true;
  // Neither triggers nor foreign keys look at it.
  const statements = ['begin', 'set local session_replication_role = replica', ...seeded.map(([, name]) => `delete from only ${name}`), 'commit'];
  for (const statement of statements) {
    if ((await engine.attempt(statement)) === null) continue;
    await engine.attempt('rollback');
    return false;
  }
  return true;
}
