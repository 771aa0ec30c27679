import type { Target } from '../target.js';

/**
 * Where a server is named. `infrastructure` is what production is made from; `compose` what people run; `ci` what tests run
 * on; `development` a developer's own machine.
 */
export type EvidenceKind = 'infrastructure' | 'compose' | 'ci' | 'development';

/** One place that names a database server. */
export interface TargetEvidence {
  readonly engine: Target['engine'];
  /** As in `Target`; null where the version is not said. */
  readonly version: number | null;
  readonly kind: EvidenceKind;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/** What a reader of files finds on a line. */
export interface Named {
  readonly engine: Target['engine'];
  readonly version: number | null;
}

/** A file, line by line; longer lines than any configuration has are cut. */
export interface TargetFile {
  readonly path: string;
  readonly name: string;
  readonly lines: readonly string[];
}

const LONGEST_LINE = 400;
const MOST_LINES = 20_000;

export function openTargetFile(path: string, text: string): TargetFile {
  return { path, name: path.slice(path.lastIndexOf('/') + 1), lines: text.split('\n', MOST_LINES).map((line) => line.slice(0, LONGEST_LINE)) };
}

/** Server versions that exist or soon will; anything else is another number. */
export function postgresVersion(text: string | undefined): number | null {
  const version = Number(/^\D{0,2}(\d{1,2})(?![\d])/.exec(text ?? '')?.[1]);
  return version >= 9 && version <= 30 ? version : null;
}

/** `8.0.33` is 8, `8.4` is 8.4, `10.11` is 10.11; a bare major is its first minor. */
export function mysqlVersion(text: string | undefined): number | null {
  const match = /^\D{0,2}(\d{1,2})(?:[._](\d{1,2}))?/.exec(text ?? '');
  return match === null ? null : Number(`${match[1] ?? ''}.${match[2] ?? '0'}`);
}

/** A version of an engine by its name in words: `postgres`, `aurora-postgresql`, `PG`, `mysql`, `aurora-mysql`, `mariadb`. */
export function namedEngine(engine: string, version: string | undefined): Named | null {
  if (/^(?:aurora-)?postgres(?:ql)?$|^pg$/i.test(engine)) return { engine: 'postgres', version: postgresVersion(version) };
  if (/^mariadb$/i.test(engine)) return { engine: 'mariadb', version: mysqlVersion(version) };
  // Aurora's own versions begin with MySQL's: 8.0.mysql_aurora.3.04.0.
  return /^(?:aurora-)?mysql$/i.test(engine) ? { engine: 'mysql', version: mysqlVersion(version) } : null;
}
