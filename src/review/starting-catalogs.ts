import type { Snapshot } from '../core/snapshot.js';
import { loadSql } from '../languages/sql.js';
import type { Catalog } from '../migrations/catalog.js';
import { isIncomplete, speaksOfUnknown, startFrom } from '../migrations/dumps/complete.js';
import { dumpsFor, isDumpPath, MOST_DUMP_FILES, readDump } from '../migrations/dumps/find-dumps.js';
import { withoutSteps } from '../migrations/dumps/without-steps.js';
import type { Migration } from '../migrations/migration.js';
import { replay } from '../migrations/replay.js';
import { loadFiles } from './load-files.js';
import type { SplitMigrations } from './migration-stage.js';

/** The schema dumps of the base that belong to a history: a dump in the head shows the change itself, and would hide it. */
async function loadDumps(base: Snapshot, paths: readonly string[], history: string | null): Promise<readonly Catalog[]> {
  const dumps = dumpsFor(paths, history);
  const wanted = new Set(dumps.flatMap((dump) => dump.paths).slice(0, MOST_DUMP_FILES));
  if (wanted.size === 0) return [];
  const { files } = await loadFiles(base, ['**/*'], (path) => wanted.has(path));
  await loadSql();
  return dumps.map((dump) => readDump(dump, files));
}

async function dumpPaths(base: Snapshot): Promise<readonly string[]> {
  return (await base.list(['**/*'])).filter(isDumpPath);
}

/**
 * What the histories of the changed migrations start on, by their folders: only those whose migrations speak of something
 * that no migration made, where a dump knows it. What no dump knows stays unknown: it exists in production.
 */
export async function startingCatalogs(base: Snapshot, { history, changed }: SplitMigrations): Promise<ReadonlyMap<string, Catalog>> {
  const starts = new Map<string, Catalog>();
  let paths: readonly string[] | null = null;
  for (const name of new Set(changed.map((migration) => migration.history))) {
    const alone = replay(history.filter((migration) => migration.history === name));
    if (!speaksOfUnknown(alone, changed.filter((migration) => migration.history === name))) continue;
    paths ??= await dumpPaths(base);
    const dumps = await loadDumps(base, paths, name);
    if (dumps.length > 0) starts.set(name, startFrom(dumps, alone));
  }
  return starts;
}

/**
 * The same where no base is known (scan, locks): the dumps lie beside the migrations, and may have seen all of them or none.
 * Nothing is taken from them that a migration makes or changes.
 */
export async function startingBeside(files: Snapshot, { history, changed }: SplitMigrations): Promise<ReadonlyMap<string, Catalog>> {
  const starts = new Map<string, Catalog>();
  let paths: readonly string[] | null = null;
  for (const name of new Set(changed.map((migration) => migration.history))) {
    const own = [...history, ...changed].filter((migration) => migration.history === name).sort((one, other) => (one.order < other.order ? -1 : 1));
    const alone = replay(own);
    if (!isIncomplete(alone) && !speaksOfUnknown(alone, changed.filter((migration) => migration.history === name))) continue;
    paths ??= await dumpPaths(files);
    const dumps = (await loadDumps(files, paths, name)).map((dump) => withoutSteps(dump, own));
    if (dumps.length > 0) starts.set(name, startFrom(dumps, alone));
  }
  return starts;
}

/** The database's shape after all migrations, what dumps know of it included, for rules about code. */
export async function wholeShape(base: Snapshot, migrations: readonly Migration[]): Promise<Catalog> {
  const alone = replay(migrations);
  if (migrations.length > 0 && !isIncomplete(alone)) return alone;
  const paths = await dumpPaths(base);
  if (paths.length === 0) return alone;
  const histories: readonly (string | null)[] = migrations.length === 0 ? [null] : [...new Set(migrations.map((migration) => migration.history))];
  const dumps: Catalog[] = [];
  for (const name of histories) dumps.push(...(await loadDumps(base, paths, name)));
  return dumps.length === 0 ? alone : replay(migrations, startFrom(dumps, alone));
}
