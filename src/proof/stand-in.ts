import type { Catalog, Table } from '../migrations/catalog.js';
import { quoteName } from '../migrations/quote.js';
import { typeText } from '../migrations/print/definition.js';
import { columnDefinition, foreignKeyStatements, programStatements, tableStatements, typeStatements } from './catalog-sql.js';
import type { Engine } from './engine.js';

/** Rounds in which what was refused for want of something else is tried again. */
const ROUNDS = 4;

/** Runs statements in whatever order the server takes them; those that it never took. */
async function build(engine: Engine, statements: readonly string[]): Promise<readonly string[]> {
  let left = statements;
  for (let round = 0; round < ROUNDS && left.length > 0; round += 1) {
    const refused: string[] = [];
    for (const statement of left) if ((await engine.attempt(statement)) !== null) refused.push(statement);
    if (refused.length === left.length) break;
    left = refused;
  }
  return left;
}

/** Makes an empty database of a catalog's shape. How many objects the server did not take. */
export async function buildFromCatalog(engine: Engine, catalog: Catalog): Promise<number> {
  const tables = [...catalog.tables.values()].filter((table) => table.persistence !== 'temporary');
  let left = (await build(engine, typeStatements(catalog))).length;
  const waiting = await build(engine, tables.map((table) => tableStatements(catalog, table)[0] ?? ''));
  const rest = [...tables.flatMap((table) => tableStatements(catalog, table).slice(1)), ...programStatements(catalog)];
  left += (await build(engine, [...waiting, ...rest])).length;
  return left + (await build(engine, tables.flatMap(foreignKeyStatements))).length;
}

/** The columns of every table that is there, by `schema.name`. */
async function columnsThere(engine: Engine): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await engine.query(`
    select n.nspname || '.' || c.relname as key, a.attname::text as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'p', 'v', 'm', 'f')`);
  const found = new Map<string, Set<string>>();
  for (const row of rows) {
    const columns = found.get(row['key'] ?? '') ?? new Set();
    if (row['name'] !== null && row['name'] !== undefined) columns.add(row['name']);
    found.set(row['key'] ?? '', columns);
  }
  return found;
}

async function completeTable(engine: Engine, table: Table, there: ReadonlySet<string>): Promise<boolean> {
  const name = `${quoteName(table.schema)}.${quoteName(table.name)}`;
  let added = false;
  for (const column of table.columns.values()) {
    if (there.has(column.name)) continue;
    // Without what the column promises: rows may be there already.
    added = (await engine.attempt(`ALTER TABLE ${name} ADD COLUMN ${quoteName(column.name)} ${typeText(columnDefinition(column).type)}`)) === null || added;
  }
  return added;
}

/**
 * Makes what the catalog knows of some relations and the database lacks: tables, or single columns of them. The names of what
 * was stood in for.
 */
export async function standInFor(engine: Engine, catalog: Catalog, keys: Iterable<string>): Promise<readonly string[]> {
  const there = await columnsThere(engine);
  const wanted = [...new Set(keys)].flatMap((key) => catalog.tables.get(key) ?? []);
  const found: string[] = [];
  const missing = wanted.filter((table) => !there.has(table.key));
  if (missing.length > 0) await build(engine, typeStatements(catalog));
  for (const table of missing) {
    const left = await build(engine, tableStatements(catalog, table));
    if (left.length < tableStatements(catalog, table).length) found.push(table.key);
  }
  await build(engine, missing.flatMap(foreignKeyStatements));
  for (const table of wanted) {
    const columns = there.get(table.key);
    if (columns !== undefined && (await completeTable(engine, table, columns))) found.push(table.key);
  }
  return found.sort();
}
