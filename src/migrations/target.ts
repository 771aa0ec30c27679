/** The server that migrations are judged for. */
export interface Target {
  readonly engine: 'postgres' | 'mysql' | 'mariadb';
  /** The major version; for MySQL and MariaDB with the minor: 8.4, 10.11. */
  readonly version: number;
  /** Where the version comes from, in words: "`database.target` in .github/belay.yml", "docker-compose.yml:12", "assumed". */
  readonly source: string;
}

/** The oldest major that the Postgres project still maintains: what is assumed when nothing says otherwise. */
export const OLDEST_SUPPORTED_POSTGRES = 14;

const LATEST_POSTGRES = 18;

/** The target when nothing names one. */
export function assumedTarget(): Target {
  return { engine: 'postgres', version: OLDEST_SUPPORTED_POSTGRES, source: 'assumed' };
}

/** Reads `postgres@16`, `postgresql@16.2`, `pg@16`, `mysql@8.4`, `mariadb@10.11`; null when it is none of them. */
export function parseTarget(text: string, source: string): Target | null {
  const match = /^(postgres|postgresql|pg|mysql|mariadb)@(\d{1,3})(?:\.(\d{1,3}))?(?:\.\d{1,3})?$/i.exec(text.trim());
  if (match === null) return null;
  const name = (match[1] ?? '').toLowerCase();
  const major = Number(match[2]);
  if (name === 'mysql' || name === 'mariadb') return { engine: name, version: Number(`${match[2] ?? '0'}.${match[3] ?? '0'}`), source };
  if (major < 9 || major > 99) return null;
  return { engine: 'postgres', version: major, source };
}

/** "Postgres 16", with where that is from: "Postgres 16 (docker-compose.yml:12)". */
export function describeTarget(target: Target): string {
  const engine = { postgres: 'Postgres', mysql: 'MySQL', mariadb: 'MariaDB' }[target.engine];
  const version = target.engine === 'postgres' ? Math.min(target.version, LATEST_POSTGRES) : target.version;
  return `${engine} ${String(version)} (${target.source === 'assumed' ? 'assumed: set `database.target`' : target.source})`;
}
