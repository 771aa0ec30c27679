import { apply, settle } from '../apply.js';
import { EMPTY_CATALOG, type Catalog } from '../catalog.js';
import { dialectOfText } from '../frameworks/dialect.js';
import { placeOf } from '../frameworks/layout.js';
import { readSql } from '../read-sql.js';
import { remembered } from '../remembered.js';
import { inServerOrder } from '../server-order.js';
import { readDrizzleSnapshot } from './drizzle-snapshot.js';
import { readPrismaSchema } from './prisma-schema.js';
import { isRailsSchema, readRailsSchema } from './rails-schema.js';

/** More files than these are not loaded. */
export const MOST_DUMP_FILES = 120;

/** What a longer text says is left unknown. In UTF-16 units. */
const LONGEST_DUMP = 6_000_000;

const IGNORED = /(?:^|\/)(?:node_modules|vendor|third_party|examples?|samples?|fixtures?|testdata|dist|build)\//i;

type DumpKind = 'sql' | 'rails' | 'prisma' | 'drizzle';

function kindOf(path: string): DumpKind | null {
  if (/(?:^|[/_-])schema\.rb$/.test(path)) return 'rails';
  if (path.endsWith('.prisma')) return 'prisma';
  if (/(?:^|\/)(?:meta\/\d+_snapshot|snapshot)\.json$/.test(path)) return 'drizzle';
  const named = /(?:^|[/._-])(?:structure|schema|schema[_-]dump|dump)\.(?:sql|pgsql|psql)$/i.test(path);
  return named || /(?:^|\/)schemas?\/[^/]+\.sql$/i.test(path) ? 'sql' : null;
}

/** Whether a file may hold the shape of a database as a whole, and is no migration. */
export function isDumpPath(path: string): boolean {
  return kindOf(path) !== null && !IGNORED.test(path) && placeOf(path) === null;
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** The files of one dump. */
interface Dump {
  readonly kind: DumpKind;
  /** The folder that its migrations are looked for around. */
  readonly folder: string;
  readonly paths: readonly string[];
}

/** The folder of a whole dump: snapshots lie in `meta`, Prisma's files and declared schemas may be several. */
function homeOf(path: string, kind: DumpKind): string {
  const folder = folderOf(path);
  if (kind === 'drizzle') return path.endsWith('/snapshot.json') ? folderOf(folder) : folder.replace(/\/?meta$/, '');
  if (kind === 'prisma') return folder.replace(/\/(?:schema|models?)(?:\/.*)?$/, '');
  return folder.replace(/(?:^|\/)schemas?$/, '');
}

function isInside(folder: string, outer: string): boolean {
  return outer === '' || folder === outer || folder.startsWith(`${outer}/`);
}

function groupDumps(paths: readonly string[]): Dump[] {
  const groups = new Map<string, { kind: DumpKind; folder: string; paths: string[] }>();
  for (const path of [...paths].sort()) {
    const kind = kindOf(path);
    if (kind === null) continue;
    const folder = homeOf(path, kind);
    const several = kind === 'prisma' || (kind === 'sql' && /(?:^|\/)schemas?$/.test(folderOf(path)));
    const key = several ? `${kind}\n${folder}` : `${kind}\n${kind === 'drizzle' ? folder : path}`;
    const group = groups.get(key) ?? { kind, folder, paths: [] };
    // Of snapshots the newest says all.
    if (kind === 'drizzle') group.paths = [];
    group.paths.push(path);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Two databases in one Rails application: `db/animals_migrate` belongs to `db/animals_structure.sql`. */
function prefixOf(name: string): string {
  return /^(\w+?)[_-](?:migrate|migrations?|structure|schema)(?:\.\w+)?$/.exec(name.slice(name.lastIndexOf('/') + 1))?.[1] ?? '';
}

/** How far a dump is from a history's folder; null when it belongs to other migrations. */
function distance(dump: Dump, history: string): number | null {
  const path = dump.paths[0] ?? '';
  if (dump.kind !== 'prisma' && prefixOf(history) !== prefixOf(path) && (prefixOf(history) !== '' || /_(?:structure|schema)\.\w+$/.test(path))) return prefixOf(path) === 'pgsql' || prefixOf(path) === 'pg' ? 1 : null;
  if (dump.kind === 'drizzle') return dump.folder === history ? 0 : null;
  const parent = folderOf(history);
  if (dump.folder === parent || dump.folder === history) return 0;
  if (isInside(history, dump.folder)) return 1 + history.slice(dump.folder.length).split('/').length;
  return parent !== '' && isInside(dump.folder, parent) ? 1 + dump.folder.slice(parent.length).split('/').length : null;
}

/** So many databases in one repository are looked at where no migrations tell which is meant. */
const MOST_DUMPS = 8;

/**
 * The dumps that belong to a history's migrations, the nearest of each kind; all of them where there are no migrations. Paths
 * only, so that no other is loaded.
 */
export function dumpsFor(paths: readonly string[], history: string | null): readonly Dump[] {
  if (history === null) return groupDumps(paths.filter(isDumpPath)).slice(0, MOST_DUMPS);
  const near = groupDumps(paths.filter(isDumpPath)).flatMap((dump) => {
    const steps = distance(dump, history);
    return steps === null ? [] : [{ dump, steps }];
  });
  const kinds: readonly DumpKind[] = ['sql', 'rails', 'drizzle', 'prisma'];
  return kinds.flatMap((kind) => {
    const same = near.filter(({ dump }) => dump.kind === kind);
    const least = Math.min(...same.map(({ steps }) => steps));
    return same.filter(({ steps }) => steps === least).map(({ dump }) => dump);
  });
}

function statementsOf(kind: DumpKind, text: string): string {
  if (kind === 'rails') return isRailsSchema(text) ? readRailsSchema(text).map((each) => `${each};`).join('\n') : '';
  if (kind === 'prisma') return readPrismaSchema(text).map((each) => `${each};`).join('\n');
  return kind === 'drizzle' ? readDrizzleSnapshot(text).map((each) => `${each};`).join('\n') : text;
}

function catalogOf(kind: DumpKind, text: string): Catalog {
  const sql = statementsOf(kind, text);
  const read = readSql(sql);
  const foreign = read.broken !== undefined && kind === 'sql' && dialectOfText(sql) !== null;
  return foreign ? EMPTY_CATALOG : settle(inServerOrder(read.steps).reduce(apply, EMPTY_CATALOG));
}

/** So many units of text of dumps are remembered, for each kind. */
const REMEMBERED = 1_000_000;

const CATALOGS: Readonly<Record<DumpKind, (text: string) => Catalog>> = {
  sql: remembered((text) => catalogOf('sql', text), REMEMBERED),
  rails: remembered((text) => catalogOf('rails', text), REMEMBERED),
  prisma: remembered((text) => catalogOf('prisma', text), REMEMBERED),
  drizzle: remembered((text) => catalogOf('drizzle', text), REMEMBERED),
};

/** What a dump says of the database. Files that do not parse say as much as does; those of another database nothing. */
export function readDump(dump: Dump, files: ReadonlyMap<string, string>): Catalog {
  const text = dump.paths.map((path) => files.get(path) ?? '').join('\n');
  return text.length > LONGEST_DUMP ? EMPTY_CATALOG : CATALOGS[dump.kind](text);
}
