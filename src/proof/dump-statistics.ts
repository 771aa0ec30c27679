import pg from 'pg';
import { UsageError } from '../core/errors.js';

/**
 * What a server knows of its tables, as one JSON value. Reads statistics only, no rows; runs on Postgres 10 and newer. Rates count from
 * when the server last forgot its counters.
 */
export const STATISTICS_SQL = `SELECT json_build_object(
  'version', 1,
  'server', current_setting('server_version'),
  'at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'since', (SELECT to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM counted),
  'tables', coalesce((SELECT json_object_agg(name, facts ORDER BY name) FROM facts), '{}'::json))
FROM (SELECT) AS one`;

const WITH = `WITH counted AS (
  SELECT coalesce((SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()), (SELECT stats_reset FROM pg_stat_bgwriter)) AS since
), facts AS (
  SELECT n.nspname || '.' || c.relname AS name, json_build_object(
    'rows', CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint END,
    'bytes', pg_total_relation_size(c.oid),
    'writesPerSecond', round(((s.n_tup_ins + s.n_tup_upd + s.n_tup_del) / nullif(extract(epoch FROM now() - (SELECT since FROM counted)), 0))::numeric, 3)) AS facts
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
  WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
)
`;

/** For `psql -XAtq -f`: one statement in a transaction that cannot write. */
export const STATISTICS_SCRIPT = `BEGIN TRANSACTION READ ONLY;\n${WITH}${STATISTICS_SQL};\nCOMMIT;\n`;

/** Asks a server, in a transaction that cannot write. Throws `UsageError` where it does not answer; the URL is in no message. */
export async function dumpStatistics(url: string): Promise<unknown> {
  let client: pg.Client | null = null;
  try {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 60_000, application_name: 'belay stats dump' });
    await client.connect();
    await client.query('BEGIN TRANSACTION READ ONLY');
    const { rows } = await client.query<{ readonly statistics: unknown }>(`${WITH}${STATISTICS_SQL.replace('\nFROM (SELECT) AS one', ' AS statistics')}`);
    await client.query('COMMIT');
    return rows[0]?.statistics;
  } catch (error) {
    const words = error instanceof Error ? (('code' in error && typeof error.code === 'string' ? `${error.code} ` : '') + error.message).trim() : 'unknown error';
    throw new UsageError(`--database: the server cannot be asked: ${words.replaceAll(url, '(the URL)')}`);
  } finally {
    await client?.end().catch(() => undefined);
  }
}
