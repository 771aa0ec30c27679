/** One file of a migration, by its path alone. */
export interface Place {
  readonly path: string;
  /** The folder whose migrations form one history. */
  readonly history: string;
  /** The same for the up and the down file of one migration. */
  readonly id: string;
  readonly direction: 'up' | 'down' | 'both';
  /** What the path tells; markers in the text and neighbouring files may say more. */
  readonly layout: 'flyway' | 'flyway-repeatable' | 'pair' | 'folder' | 'prisma' | 'file';
}

const FOLDER = /^(?:[\w.]*[-_.])?(?:migrations?|migrate|drizzle|changelogs?)(?:[-_.](?:pg|pgsql|postgres|postgresql|sql))?$/i;
const IGNORED = /(?:^|\/)(?:node_modules|vendor|third_party|dist|build|target)\//;
const FLYWAY = /^(V|U|B)([0-9]+(?:[._][0-9]+)*)__.*\.sql$/;
const PAIR = /^(.+)\.(up|down)\.sql$/i;

function dirname(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder, without subfolders that only sort files: years, versions, numbers. */
function historyOf(folder: string): string {
  let history = folder;
  while (/^v?\d[\d.]*$/.test(basename(history)) && dirname(history) !== '') history = dirname(history);
  return history;
}

function inMigrationFolder(path: string): boolean {
  return dirname(path)
    .split('/')
    .some((segment) => FOLDER.test(segment));
}

/** Where a path stands in a migration layout; null when it is no SQL migration. */
export function placeOf(path: string): Place | null {
  if (!path.endsWith('.sql') || IGNORED.test(path)) return null;
  const name = basename(path);
  const folder = dirname(path);
  const flyway = FLYWAY.exec(name);
  if (flyway !== null) return { path, history: historyOf(folder), id: flyway[2] ?? name, direction: flyway[1] === 'U' ? 'down' : 'up', layout: 'flyway' };
  if (!inMigrationFolder(path)) return null;
  if (/^R__.*\.sql$/.test(name)) return { path, history: historyOf(folder), id: name, direction: 'up', layout: 'flyway-repeatable' };
  if (name === 'migration.sql') return { path, history: dirname(folder), id: basename(folder), direction: 'up', layout: 'prisma' };
  if (name === 'up.sql' || name === 'down.sql') return { path, history: dirname(folder), id: basename(folder), direction: name === 'up.sql' ? 'up' : 'down', layout: 'folder' };
  const pair = PAIR.exec(name);
  if (pair !== null) return { path, history: historyOf(folder), id: pair[1] ?? name, direction: (pair[2] ?? '').toLowerCase() === 'up' ? 'up' : 'down', layout: 'pair' };
  return { path, history: historyOf(folder), id: path.slice(historyOf(folder).length).replace(/^\//, '').replace(/\.sql$/, ''), direction: 'both', layout: 'file' };
}

/** A key that sorts as frameworks do: numbers by value, words by letters. */
export function orderKey(text: string): string {
  return text.replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(20, '0'));
}

const DIALECTS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[-_./])(?:mysql|mariadb|tidb|vitess)(?:[-_./]|$)/i, 'MySQL'],
  [/(?:^|[-_./])(?:sqlite3?|libsql|turso|d1)(?:[-_./]|$)/i, 'SQLite'],
  [/(?:^|[-_./])clickhouse(?:[-_./]|$)/i, 'ClickHouse'],
  [/(?:^|[-_./])(?:cockroach(?:db)?|crdb)(?:[-_./]|$)/i, 'CockroachDB'],
  [/(?:^|[-_./])(?:mssql|sqlserver|tsql)(?:[-_./]|$)/i, 'SQL Server'],
  [/(?:^|[-_./])(?:oracle|bigquery|snowflake|redshift|cassandra|scylla|cql|spanner|duckdb|h2|hsqldb|db2|derby)(?:[-_./]|$)/i, 'another database'],
];

/** The database other than Postgres that a path names; null when it names none. */
export function dialectOfPath(path: string): string | null {
  return DIALECTS.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}

const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/\bENGINE\s*=\s*\w*MergeTree|\bON\s+CLUSTER\b/i, 'ClickHouse'],
  [/\bENGINE\s*=\s*(?:InnoDB|MyISAM)|\bAUTO_INCREMENT\b|\bUNSIGNED\b|\bON UPDATE CURRENT_TIMESTAMP\b|`\w+`/i, 'MySQL'],
  [/\bAUTOINCREMENT\b|^\s*PRAGMA\s/im, 'SQLite'],
  [/\bNVARCHAR\b|\bIDENTITY\s*\(\s*1\s*,|^\s*GO\s*$/im, 'SQL Server'],
];

/** The database that a text which is no Postgres was written for, by words only that one has. */
export function dialectOfText(text: string): string | null {
  return TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

