/** How configuration files, URLs and drivers call Postgres. */
const POSTGRES = /^(?:postgres(?:ql)?|pg|pgsql|pgx\d?|psql|neon|supabase|timescale(?:db)?|citus|aurora-postgresql|jdbc:postgresql)$/i;

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(?:mysql2?|mariadb|tidb|vitess|planetscale|singlestore|jdbc:mysql|jdbc:mariadb)$/i, 'MySQL'],
  [/^(?:sqlite[34]?|libsql|turso|d1|better-sqlite3|expo)$/i, 'SQLite'],
  [/^(?:clickhouse|ch)$/i, 'ClickHouse'],
  [/^(?:cockroach(?:db)?|crdb)$/i, 'CockroachDB'],
  [/^(?:mssql|sqlserver|tsql|sqlsrv)$/i, 'SQL Server'],
  [/^oracle(?:db)?$/i, 'Oracle'],
  [/^(?:bigquery|snowflake|redshift|cassandra|scylla|cql|spanner|duckdb|h2|hsqldb|db2|derby|firebird|vertica|exasol|mongodb|gel|sybase|informix|hana)$/i, 'another database'],
];

/** The database other than Postgres that a configuration's word means; null for Postgres, undefined for a word that means none. */
export function databaseNamed(word: string): string | null | undefined {
  if (POSTGRES.test(word)) return null;
  return NAMES.find(([pattern]) => pattern.test(word))?.[1];
}

/** The same for a connection string: `jdbc:mysql://…`, `postgres://…`, `docker://postgres/15`. */
export function databaseOfUrl(url: string): string | null | undefined {
  const match = /^\s*(?:jdbc:)?(?:docker(?:\+\w+)?:\/\/)?([a-z0-9]+)(?:\+\w+)?[:/]/i.exec(url);
  return match === null ? undefined : databaseNamed(match[1] ?? '');
}

function lastNamed(words: readonly string[]): string | null {
  let found: string | null = null;
  for (const word of words) {
    const named = word.length < 2 || UNSURE.has(word.toLowerCase()) ? undefined : databaseNamed(word);
    if (named !== undefined) found = named;
  }
  return found;
}

/** Words that mean a database in configuration and something else in a path. */
const UNSURE = new Set(['ch', 'd1', 'expo', 'gel', 'hana', 'neon', 'turso']);

/** Names that mean a database inside a longer word too: `riversqlite`. */
const LONG = /(mysql|mariadb|sqlite|clickhouse|cockroach|sqlserver|postgres)\d?$/i;

/** The database other than Postgres that a history's folder names last: `db/mysql/migrations`; null when it names none. */
export function dialectOfFolder(folder: string): string | null {
  return lastNamed(folder.split(/[/\-_.]/).map((word) => LONG.exec(word)?.[1] ?? word));
}

/** The same for a file that says so between dots: `0001_users.mysql.up.sql`. Words of its description say nothing. */
export function dialectOfName(name: string): string | null {
  return lastNamed(name.split('.').slice(1));
}

const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/\bENGINE\s*=\s*\w*MergeTree|\bON\s+CLUSTER\b|\bLowCardinality\s*\(|\bDateTime64\b|\bENGINE\s*=\s*(?:Memory|Log|Null|Kafka|Distributed)\b/i, 'ClickHouse'],
  [
    /\bENGINE\s*=\s*(?:InnoDB|MyISAM)|\bAUTO_INCREMENT\b|\bUNSIGNED\b|\bON UPDATE CURRENT_TIMESTAMP\b|`\w+`|\bTINYINT\s*\(|\b(?:LONG|MEDIUM|TINY)(?:TEXT|BLOB)\b|\bDATETIME\s*\(\d|\bON DUPLICATE KEY\b|\bINSERT IGNORE\b|^[ \t]*DELIMITER[ \t]|\bMODIFY (?:COLUMN )?\w+ |\bCHARACTER SET\b|\bCHARSET\s*=/im,
    'MySQL',
  ],
  [/\bAUTOINCREMENT\b|^[ \t]*PRAGMA\s|\bWITHOUT ROWID\b|\bINSERT OR (?:REPLACE|IGNORE)\b|\bstrftime\s*\(|\bdatetime\s*\(\s*'now'/im, 'SQLite'],
  [/\bNVARCHAR\b|\bIDENTITY\s*\(\s*\d+\s*,|^[ \t]*GO[ \t]*\r?$|\[dbo\]|\bUNIQUEIDENTIFIER\b|\bDATETIME2\b|\bsp_rename\b|\bGETDATE\s*\(|\bOBJECT_ID\s*\(/im, 'SQL Server'],
  [/\bVARCHAR2\b|\bNUMBER\s*\(\d|\bEXECUTE IMMEDIATE\b|\bSYSDATE\b/i, 'Oracle'],
  [/\bunique_rowid\s*\(|\bINTERLEAVE IN PARENT\b|\bUSING HASH WITH BUCKET_COUNT\b|\bCONFIGURE ZONE\b|\bSET CLUSTER SETTING\b|\bSTORING\s*\(|\bREGIONAL BY ROW\b/i, 'CockroachDB'],
];

const POSTGRES_TEXT = /::\w|\bJSONB\b|\b(?:BIG|SMALL)?SERIAL\b|\bTIMESTAMPTZ\b|\bCONCURRENTLY\b|\$\$|\bplpgsql\b|\bBYTEA\b|\bgen_random_uuid\b|\buuid_generate_v\d|\bCREATE EXTENSION\b|\bpg_catalog\b|\bUSING (?:btree|gin|gist|brin)\b|\bWITH(?:OUT)? TIME ZONE\b|\bCHARACTER VARYING\b|\bREGCLASS\b/i;

/** More of a file says nothing that its beginning does not. */
const LOOKED_AT = 100_000;

// Words in comments and in text say nothing.
function bare(text: string): string {
  return text
    .slice(0, LOOKED_AT)
    .replace(/\/\*[^]*?\*\/|--[^\n]*/g, ' ')
    .replace(/'[^'\n]*'/g, "''");
}

/** The database that a text was written for, by words that only that one has; null when there is none of them. */
export function dialectOfText(text: string): string | null {
  const words = bare(text);
  return TEXTS.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/** Whether a text has words that only Postgres (and what follows it) knows. */
export function isPostgresText(text: string): boolean {
  return POSTGRES_TEXT.test(bare(text));
}
