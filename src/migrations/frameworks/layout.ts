import { dialectOfName } from './dialect.js';
import { folderOf, isBelow, nameOf } from './paths.js';

/** One file of a migration, by its path and the folder that a configuration names. */
export interface Place {
  readonly path: string;
  /** The folder whose migrations form one history. */
  readonly history: string;
  /** The same for the up and the down file of one migration. */
  readonly id: string;
  readonly direction: 'up' | 'down' | 'both';
  /** What the path tells; markers in the text and neighbouring files may say more. */
  readonly layout: 'flyway' | 'flyway-baseline' | 'flyway-repeatable' | 'popx' | 'pair' | 'folder' | 'prisma' | 'file';
  /** The database other than Postgres that the file's name names; null for none. */
  readonly dialect: string | null;
  /** Whether the file's name says that it is for one database only, Postgres included. */
  readonly specific: boolean;
}

const FOLDER = /^(?:[\w.]*[-_.])?(?:migrations?|migrate|drizzle|changelogs?|evolutions?)(?:[-_.](?:pg|pgsql|postgres|postgresql|sql))?$/i;
const IGNORED = /(?:^|\/)(?:node_modules|vendor|third_party|dist|build|target|\.git|\.terraform|dbt_packages)\//;
/** Folders inside a migrations folder that hold something else. */
const ASIDE = /^(?:seeds?|fixtures?|quer(?:y|ies)|testdata|test[-_]data|tests?|snapshots?|meta|models|dumps?|examples?|templates?|verify)$/i;
/** Files without a number in a migrations folder that are none. */
const ASIDE_NAME = /^(?:schema|structure|dump|seeds?|fixtures?|quer(?:y|ies)|drop[-_]all|reset|template)\.sql$/i;
const FLYWAY = /^([VUB])([0-9]+(?:[._][0-9]+)*)__.*\.sql$/;
const POPX = /^(\d+)_([^.]+)(?:\.([a-z0-9]+))?(\.autocommit)?\.(up|down)\.sql$/;
const PAIR = /^(.+)\.(up|down)\.sql$/i;
const UNDO = /^(.+)\.(?:undo|revert|rollback)\.sql$/i;
/** SQL that Flyway runs around migrations, each time anew. */
const FLYWAY_CALLBACK = /^(?:before|after)(?:Each)?(?:Migrate|Clean|Info|Validate|Undo|Repair|Baseline|Connect|Versioned|Repeatables|Create)\w*\.sql$/;
const VERSION_FOLDER = /^v?\d[\d.]*$/;
/** Folders in a migrations folder that hold one direction. */
const UP_FOLDER = /^(?:up|ups|do|apply|forward)$/i;
const DOWN_FOLDER = /^(?:downs?|undo|reverts?|rollbacks?|backward)$/i;

/** The folder, without subfolders that only sort files: years, versions, numbers. */
function historyOf(folder: string): string {
  let history = folder;
  while (VERSION_FOLDER.test(nameOf(history)) && folderOf(history) !== '') history = folderOf(history);
  return history;
}

/** The index of the last segment of a folder that names a migrations folder; -1 when none does. */
function migrationSegment(segments: readonly string[]): number {
  return segments.findLastIndex((segment) => FOLDER.test(segment));
}

/** Flyway and what follows it read a location with all that is below it; what is for one other database is read without the rest. */
function flywayHistory(folder: string): string {
  const segments = folder.split('/');
  const at = migrationSegment(segments);
  if (at === -1) return historyOf(folder);
  const below = segments[at + 1];
  const vendor = below !== undefined && dialectOfName(`x.${below}.sql`) !== null;
  return segments.slice(0, vendor ? at + 2 : at + 1).join('/');
}

function flywayPlace(path: string): Place | null {
  const match = FLYWAY.exec(nameOf(path));
  if (match === null) return null;
  const [, letter, version = ''] = match;
  const id = version.replaceAll('_', '.');
  return { path, history: flywayHistory(folderOf(path)), id, direction: letter === 'U' ? 'down' : 'up', layout: letter === 'B' ? 'flyway-baseline' : 'flyway', dialect: null, specific: false };
}

/** A file of one direction by its name, or of both; `history` is where it counts to. */
function namedPlace(path: string, history: string): Place {
  const name = nameOf(path);
  const dialect = dialectOfName(name.replace(/\.(?:up|down)(?=\.sql$)/i, ''));
  const popx = POPX.exec(name);
  const kind = popx?.[3];
  if (popx !== null && (popx[4] !== undefined || kind === 'autocommit' || (kind !== undefined && (dialect !== null || /^(?:postgres|cockroach|sqlite3|mysql)/.test(kind))))) {
    return { path, history, id: `${popx[1] ?? ''}_${popx[2] ?? ''}`, direction: popx[5] === 'up' ? 'up' : 'down', layout: 'popx', dialect, specific: kind !== undefined && kind !== 'autocommit' };
  }
  const pair = PAIR.exec(name);
  if (pair !== null) return { path, history, id: pair[1] ?? name, direction: (pair[2] ?? '').toLowerCase() === 'up' ? 'up' : 'down', layout: 'pair', dialect, specific: dialect !== null };
  const below = path.slice(history === '' ? 0 : history.length + 1);
  const undo = UNDO.exec(below);
  if (undo !== null) return { path, history, id: undo[1] ?? below, direction: 'down', layout: 'file', dialect, specific: dialect !== null };
  return { path, history, id: below.replace(/\.sql$/, ''), direction: 'both', layout: 'file', dialect, specific: dialect !== null };
}

function folderPlace(path: string): Place | null {
  const folder = folderOf(path);
  const name = nameOf(path);
  const shared = { path, history: folderOf(folder), id: nameOf(folder), dialect: null, specific: false };
  if (name === 'migration.sql') return { ...shared, direction: 'up', layout: 'prisma' };
  if (name === 'up.sql' || name === 'down.sql') return { ...shared, direction: name === 'up.sql' ? 'up' : 'down', layout: 'folder' };
  return null;
}

/** Whether a path can be no migration whatever names its folder. */
function isIgnored(path: string): boolean {
  return !path.endsWith('.sql') || IGNORED.test(path) || FLYWAY_CALLBACK.test(nameOf(path));
}

/** Where a path stands in a migration layout; null when it is no SQL migration. */
export function placeOf(path: string): Place | null {
  if (isIgnored(path)) return null;
  const flyway = flywayPlace(path);
  if (flyway !== null) return flyway;
  const folder = folderOf(path);
  const segments = folder.split('/');
  const at = migrationSegment(segments);
  if (at === -1) return null;
  if (/^R__.*\.sql$/.test(nameOf(path))) return { path, history: flywayHistory(folder), id: nameOf(path), direction: 'up', layout: 'flyway-repeatable', dialect: null, specific: false };
  if (segments.slice(at + 1).some((segment) => ASIDE.test(segment)) || ASIDE_NAME.test(nameOf(path))) return null;
  return folderPlace(path) ?? directedPlace(path) ?? namedPlace(path, historyOf(folder));
}

/** `migrations/up/1.sql` and `migrations/down/1.sql` are one migration. */
function directedPlace(path: string): Place | null {
  const folder = folderOf(path);
  const up = UP_FOLDER.test(nameOf(folder));
  if (!up && !DOWN_FOLDER.test(nameOf(folder))) return null;
  return { ...namedPlace(path, folderOf(folder)), id: nameOf(path).replace(/(?:\.(?:up|down|undo|revert|rollback))?\.sql$/i, ''), direction: up ? 'up' : 'down' };
}

/** The same for a path in or below a folder that a configuration calls a migrations folder. */
export function placeBelow(path: string, folder: string): Place | null {
  if (isIgnored(path) || !isBelow(path, folder)) return null;
  const flyway = flywayPlace(path);
  if (flyway !== null) return { ...flyway, history: folder };
  if (/^R__.*\.sql$/.test(nameOf(path))) return { path, history: folder, id: nameOf(path), direction: 'up', layout: 'flyway-repeatable', dialect: null, specific: false };
  if (folderOf(path) === folder) return ASIDE_NAME.test(nameOf(path)) ? null : namedPlace(path, folder);
  const between = path.slice(folder === '' ? 0 : folder.length + 1).split('/').slice(0, -1);
  if (between.some((segment) => ASIDE.test(segment))) return null;
  if (between.every((segment) => VERSION_FOLDER.test(segment))) return namedPlace(path, folder);
  const inside = folderPlace(path);
  if (inside !== null && between.length <= 2) return inside;
  return (between.length === 1 ? directedPlace(path) : null) ?? placeOf(path);
}

/** The place of a file whose text says that it is a migration, wherever it lies. */
export function placeByText(path: string): Place | null {
  return isIgnored(path) ? null : namedPlace(path, historyOf(folderOf(path)));
}

/** Whether a path is data of tests: read when somebody asks for it, not when a repository is reviewed. */
export function isTestData(path: string): boolean {
  return /(?:^|\/)(?:testdata|__fixtures__|fixtures|__snapshots__|snapshots|test-data|test_data|stubs?|src\/test)\//i.test(path);
}

/** A key that sorts as frameworks do: numbers by value, words by letters. */
export function orderKey(text: string): string {
  return text.replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(20, '0'));
}

/** A key for versions with dots: missing and trailing parts count as zero. */
export function versionKey(version: string): string {
  const parts = version.split(/[._]/).map((part) => part.replace(/^0+(?=\d)/, '').padStart(20, '0'));
  while (parts.length > 1 && /^0+$/.test(parts.at(-1) ?? '')) parts.pop();
  return parts.join('.');
}
