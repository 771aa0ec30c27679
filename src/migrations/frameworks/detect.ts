import type { Framework } from '../migration.js';
import type { Place } from './layout.js';

/** Files that tell frameworks apart, beside the migrations themselves. Loaded with them. */
export const MARKER_GLOBS: readonly string[] = [
  '**/migration_lock.toml',
  '**/meta/_journal.json',
  '**/metadata.toml',
  '**/diesel.toml',
  '**/atlas.sum',
  '**/*.sql.conf',
  '**/Cargo.toml',
  '**/go.mod',
  '**/flyway.conf',
  '**/flyway.toml',
  '**/sqitch.plan',
];

/** Whether a path is one of the files that tell frameworks apart. */
export function isMarkerPath(path: string): boolean {
  return /(?:^|\/)(?:migration_lock\.toml|meta\/_journal\.json|metadata\.toml|diesel\.toml|atlas\.sum|[^/]+\.sql\.conf|Cargo\.toml|go\.mod|flyway\.(?:conf|toml)|sqitch\.plan)$/.test(path);
}

function parents(folder: string): string[] {
  const found = [folder];
  for (let at = folder.lastIndexOf('/'); at > 0; at = folder.lastIndexOf('/', at - 1)) found.push(folder.slice(0, at));
  if (folder !== '') found.push('');
  return found;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The nearest folder upwards that holds one of some files; gives the file's name. */
function nearest(files: ReadonlyMap<string, string>, folder: string, names: readonly string[]): string | null {
  for (const parent of parents(folder)) {
    const found = names.find((name) => files.has(join(parent, name)));
    if (found !== undefined) return found;
  }
  return null;
}

/** The framework of a history by configuration first, by layout second. */
export function detectFramework(files: ReadonlyMap<string, string>, place: Place): Framework {
  const { history } = place;
  if (place.layout === 'flyway' || place.layout === 'flyway-repeatable') return 'flyway';
  if (files.has(join(history, 'meta/_journal.json'))) return 'drizzle';
  if (files.has(join(history, 'atlas.sum'))) return 'atlas';
  if (place.layout === 'prisma') return 'prisma';
  if (place.layout === 'folder') return nearest(files, history, ['diesel.toml', 'Cargo.toml']) !== null || !/^\d{10,}_/.test(place.id) ? 'diesel' : 'hasura';
  if (/(?:^|\/)supabase\/migrations$/.test(history)) return 'supabase';
  const language = nearest(files, history, ['Cargo.toml', 'go.mod']);
  if (place.layout === 'pair') return language === 'Cargo.toml' ? 'sqlx' : 'golang-migrate';
  return language === 'Cargo.toml' && /^\d+_/.test(place.id) ? 'sqlx' : 'sql';
}

/** The database of a history by its framework's own record; null when there is none. */
export function providerOf(files: ReadonlyMap<string, string>, history: string): string | null {
  const lock = files.get(join(history, 'migration_lock.toml'));
  const provider = lock === undefined ? undefined : /^\s*provider\s*=\s*"(\w+)"/m.exec(lock)?.[1];
  if (provider !== undefined) return provider;
  const journal = files.get(join(history, 'meta/_journal.json'));
  return journal === undefined ? null : (/"dialect"\s*:\s*"(\w+)"/.exec(journal)?.[1] ?? null);
}

/** Drizzle's order: the journal's, by tag. */
export function journalOrder(files: ReadonlyMap<string, string>, history: string): ReadonlyMap<string, number> {
  const journal = files.get(join(history, 'meta/_journal.json'));
  const order = new Map<string, number>();
  for (const match of (journal ?? '').slice(0, 2_000_000).matchAll(/"tag"\s*:\s*"([^"]+)"/g)) order.set(match[1] ?? '', order.size);
  return order;
}
