import type { DataLoss } from '../../core/proof-report.js';
import type { Engine } from '../engine.js';
import { underFixedSettings } from './describe-database.js';
import { identifier } from './names.js';
import { pairRows } from './pair-rows.js';
import { sameValue } from './same-value.js';

/** Rows read of one table; what comes behind them is not looked at. */
const MOST_ROWS = 500;

export interface PicturedColumn {
  readonly name: string;
  readonly type: string;
  /** Tells the column itself from another one that took its name. */
  readonly identity: string;
  /** Computed from other columns. */
  readonly generated: boolean;
  /** Whether a trigger writes it whenever its row is written. */
  readonly computed: boolean;
}

/** The rows of a table, values as text in the order of `columns`. */
export interface PicturedTable {
  readonly columns: readonly PicturedColumn[];
  /** Columns of the primary key, else of a unique key; empty where there is none. */
  readonly key: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** False when there are more rows than were read. */
  readonly whole: boolean;
}

/** All rows of all tables that hold some, by `schema.name`. */
export interface DataPicture {
  /** The server's day: `2026-11-24`. */
  readonly day: string;
  readonly tables: ReadonlyMap<string, PicturedTable>;
}

/** Whether a row trigger of the table assigns to the column; search vectors are derived from others in every way. */
const COMPUTED = `(format_type(a.atttypid, NULL) = 'tsvector' OR EXISTS (SELECT FROM pg_trigger g JOIN pg_proc f ON f.oid = g.tgfoid WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgtype & 3 = 3
  AND f.prosrc ~* ('\\mnew\\."?' || regexp_replace(a.attname, '(\\W)', '\\\\\\1', 'g') || '"?\\s*:?=')))`;

const tablesQuery = (major: number): string => `SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind,
  (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, NULL), 'identity', a.attrelid || '.' || a.attnum, 'generated', ${major >= 12 ? "a.attgenerated <> ''" : 'false'}, 'computed', ${COMPUTED}) ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns,
  (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY ((SELECT x.indkey FROM pg_index x WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL ORDER BY x.indisprimary DESC, x.indnatts, x.indexrelid LIMIT 1)::int2[]))::text AS key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%' ORDER BY 1, 2`;

interface ReadableTable {
  readonly key: string;
  readonly from: string;
  readonly columns: readonly PicturedColumn[];
  readonly unique: readonly string[];
}

/** A picture of the data; tables that cannot be read are left out of it. Outside of a failed transaction only. */
export async function readData(engine: Engine): Promise<DataPicture> {
  return underFixedSettings(engine, async () => {
    const all = (await engine.query(tablesQuery(engine.major))).map((row): ReadableTable => ({
      key: `${row.schema ?? ''}.${row.name ?? ''}`,
      from: `${row.kind === 'p' ? '' : 'ONLY '}${identifier(row.schema ?? '', row.name ?? '')}`,
      columns: JSON.parse(row.columns ?? '[]') as readonly PicturedColumn[],
      unique: JSON.parse(row.key ?? '[]') as readonly string[],
    })).filter(({ columns }) => columns.length > 0);
    const tables = new Map<string, PicturedTable>();
    for (const table of await filled(engine, all)) {
      const rows = await rowsOf(engine, table);
      if (rows !== null) tables.set(table.key, { columns: table.columns, key: table.unique, rows: rows.slice(0, MOST_ROWS), whole: rows.length <= MOST_ROWS });
    }
    const [clock] = await engine.query("SELECT to_char(now(), 'YYYY-MM-DD') AS day");
    return { tables, day: clock?.day ?? '' };
  }, 'of the session');
}

/** Those that hold a row, told in few queries. */
async function filled(engine: Engine, tables: readonly ReadableTable[]): Promise<readonly ReadableTable[]> {
  const found: ReadableTable[] = [];
  for (let at = 0; at < tables.length; at += 200) {
    const part = tables.slice(at, at + 200);
    try {
      const rows = await engine.query(part.map(({ from }, index) => `SELECT ${String(index)} AS index WHERE EXISTS (SELECT FROM ${from})`).join(' UNION ALL '));
      const indexes = new Set(rows.map((row) => row.index));
      found.push(...part.filter((_, index) => indexes.has(String(index))));
    } catch (error) {
      if (!isRefused(error)) throw error;
      found.push(...part);
    }
  }
  return found;
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && error.name === 'EngineRefused';
}

function textOf({ name, type }: PicturedColumn): string {
  const column = identifier(name);
  const text = type === 'json' ? `${column}::jsonb::text` : `${column}::text`;
  return `CASE WHEN octet_length(${text}) > 2000 THEN 'md5 ' || md5(${text}) ELSE ${text} END`;
}

async function rowsOf(engine: Engine, table: ReadableTable): Promise<(string | null)[][] | null> {
  const order = table.unique.length === 0 ? '' : ` ORDER BY ${table.unique.map((name) => identifier(name)).join(', ')}`;
  const read = async (columns: readonly string[]): Promise<(string | null)[][]> => {
    const rows = await engine.query(`SELECT to_json(ARRAY[${columns.join(', ')}])::text AS row FROM ${table.from}${order} LIMIT ${String(MOST_ROWS + 1)}`);
    return rows.map(({ row }) => JSON.parse(row ?? '[]') as (string | null)[]);
  };
  try {
    return await read(table.columns.map(textOf));
  } catch (error) {
    if (!isRefused(error)) throw error;
    return null;
  }
}

/**
 * Rows and values that were there before and are not, or are others, after. What was added meanwhile is no loss, and neither is
 * another spelling of the same value, or a value where there was NULL.
 */
export function compareData(before: DataPicture, after: DataPicture): readonly DataLoss[] {
  return [...before.tables].flatMap(([key, old]): DataLoss[] => {
    const now = after.tables.get(key);
    if (now === undefined) return [{ table: key, rows: old.rows.length, of: old.rows.length }];
    const { pairs, lost } = pairRows(old, now);
    const missing = now.whole ? lost : 0;
    const columns = old.columns.flatMap((column, at): DataLoss[] => {
      const other = now.columns.findIndex(({ name }) => name === column.name);
      if (column.generated) return [];
      const held = pairs.filter(([row]) => row[at] !== null);
      const gone = held.filter(([row, match]) => other === -1 || !(sameValue(row[at] ?? null, column.type, match[other] ?? null, now.columns[other]?.type ?? '') || isStamped(column, now.columns[other], match[other] ?? null, after.day)));
      return gone.length === 0 ? [] : [{ column: `${key}.${column.name}`, rows: gone.length, of: old.rows.filter((row) => row[at] !== null).length }];
    });
    return [...(missing === 0 ? [] : [{ table: key, rows: missing, of: old.rows.length }]), ...columns];
  });
}

/** Whether a row that was written to only got the time of it, or what a trigger makes of it: the column is the one that was there before. */
function isStamped(before: PicturedColumn, after: PicturedColumn | undefined, value: string | null, day: string): boolean {
  return before.identity === after?.identity && (before.computed || /^(?:date|timestamp)/.test(before.type) && value?.startsWith(day) === true);
}
