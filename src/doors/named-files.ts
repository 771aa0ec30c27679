import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { matchesAny } from '../core/globs.js';
import type { Snapshot } from '../core/snapshot.js';
import { folderSnapshot, listFiles, listShallow } from '../git/folder-snapshot.js';
import { isTestData } from '../migrations/frameworks/layout.js';
import { isChangelogPath, isMarkerPath, markersAmong, migrationsAmong } from '../migrations/find-migrations.js';
import { CONFIG_PATH } from './local-config.js';

/** Files and folders that a user named on the command line, without git. */
export interface NamedFiles {
  /** What paths are relative to: the current folder, or where something outside it is named, the folder that holds everything named. */
  readonly directory: string;
  /** Every file that was named or lies in a folder that was. */
  readonly files: readonly string[];
  /** These files, and those beside a migration that ran before it. */
  readonly snapshot: Snapshot;
  /** The path that tells whether a file is production code: the part below what was named. */
  readonly judgedPath: (path: string) => string;
  /** The path that tells how a file is run as a migration; null for a file that is none. */
  readonly migrationPath: (path: string) => string | null;
  /** The configuration of the repository they lie in; null when there is none. */
  readonly configuration: () => Promise<string | null>;
  /** The files of that repository that are not far below its top: where its database server is named. */
  readonly surroundings: () => Promise<Snapshot>;
  /** The same files under paths as `migrationPath` gives them. */
  readonly wholePaths: () => Promise<Snapshot>;
}

/** Compose files, CI and infrastructure lie near the top. */
const SURROUNDINGS_DEPTH = 4;
const SURROUNDINGS_LIMIT = 20_000;

/** Finds what was named. Throws `UsageError` for a path that does not exist. */
export async function openNamedFiles(current: string, paths: readonly string[]): Promise<NamedFiles> {
  const directory = await rootOf(current, paths);
  const full = paths.map((path) => resolve(current, path));
  const roots = full.map((path) => relative(directory, path).split(sep).join('/'));
  const files = await listFiles(directory, full);
  const all = [...new Set([...files, ...(await historyBeside(directory, roots)), ...(await markersAbove(directory, roots))])].sort();
  const snapshot = folderSnapshot(directory, all);
  const isOfTests = (path: string): boolean => isTestData(belowRoot(path, roots));
  const found = await findMigrations(snapshot, directory, all.filter((path) => !isOfTests(path)));
  return {
    directory,
    files,
    snapshot,
    judgedPath: (path) => belowRoot(path, roots),
    migrationPath: (path) => (isOfTests(path) ? null : found.has(path) ? wholePath(directory, path) : madeUpPath(path, roots)),
    configuration: async () => readFile(join(ancestorWith(directory, ['.git', CONFIG_PATH]) ?? directory, CONFIG_PATH), 'utf8').catch(() => null),
    surroundings: async () => around(directory),
    wholePaths: async () => {
      const top = topOf(directory);
      return renamed(await around(directory), (path) => wholePath(top, path));
    },
  };
}

function topOf(directory: string): string {
  return ancestorWith(directory, ['.git', CONFIG_PATH]) ?? directory;
}

async function around(directory: string): Promise<Snapshot> {
  const top = topOf(directory);
  return folderSnapshot(top, await listShallow(top, SURROUNDINGS_DEPTH, SURROUNDINGS_LIMIT));
}

/** A snapshot under other paths; its files keep what globs about their ends ask for. */
function renamed(snapshot: Snapshot, nameOf: (path: string) => string): Snapshot {
  const known = snapshot.list(['**/*']).then((paths) => new Map(paths.map((path) => [nameOf(path), path])));
  return {
    ref: snapshot.ref,
    list: async (globs) => [...(await known).keys()].filter(matchesAny(globs)),
    read: async (path) => {
      const own = (await known).get(path);
      return own === undefined ? null : snapshot.read(own);
    },
  };
}

/** The folder that paths are relative to. */
async function rootOf(current: string, paths: readonly string[]): Promise<string> {
  const full = paths.map((path) => resolve(current, path));
  if (current !== sep && full.every((path) => path === current || path.startsWith(current + sep))) return current;
  const folders = await Promise.all(full.map(async (path) => ((await stat(path).catch(() => null))?.isDirectory() === true ? path : dirname(path))));
  const [first = [], ...rest] = folders.map((folder) => folder.split(sep));
  const differs = first.findIndex((part, index) => rest.some((other) => other[index] !== part));
  const shared = (differs < 0 ? first : first.slice(0, differs)).join(sep) || sep;
  return ancestorWith(shared, ['.git', CONFIG_PATH]) ?? shared;
}

/** The nearest folder at or above one that holds any of these; null when none does. */
function ancestorWith(folder: string, names: readonly string[]): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (names.some((name) => existsSync(join(at, name)))) return at;
    if (dirname(at) === at) return null;
  }
}

/** What decides whether a path is production code: the part below what the user named, so that naming a folder `test` scans it. */
function belowRoot(path: string, roots: readonly string[]): string {
  for (const root of roots) {
    if (path === root) return path.split('/').at(-1) ?? path;
    if (root !== '' && path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  }
  return path;
}

/** The other files of the history of a migration that was named by itself: what ran before it. */
async function historyBeside(directory: string, roots: readonly string[]): Promise<readonly string[]> {
  const named = roots.filter((root) => root.endsWith('.sql') || isChangelogPath(root));
  const folders = new Set(named.map((root) => historyFolder(directory, root)));
  const beside = await Promise.all([...folders].map(async (folder) => listFiles(directory, [folder])));
  return beside.flat().filter((path) => path.endsWith('.sql') || isChangelogPath(path) || isMarkerPath(path));
}

function historyFolder(directory: string, root: string): string {
  if (/(?:^|\/)(?:migration|up|down)\.sql$/.test(root)) return dirname(dirname(root));
  // sqitch keeps the two directions, and the order, apart.
  const parent = dirname(dirname(root));
  return /(?:^|\/)(?:deploy|revert)\/[^/]+$/.test(root) && existsSync(join(directory, parent, 'sqitch.plan')) ? parent : dirname(root);
}

/** The files in the folders above what was named that tell how migrations are run. */
async function markersAbove(directory: string, roots: readonly string[]): Promise<readonly string[]> {
  const folders = new Set(['']);
  for (const root of roots) for (let at = dirname(root); at !== '.' && at !== '' && !at.startsWith('..'); at = dirname(at)) folders.add(at);
  const found = await Promise.all(
    [...folders].map(async (folder) => {
      const entries = await readdir(join(directory, folder), { withFileTypes: true }).catch(() => []);
      return entries.filter((entry) => entry.isFile()).map((entry) => (folder === '' ? entry.name : `${folder.split(sep).join('/')}/${entry.name}`));
    }),
  );
  return found.flat().filter(isMarkerPath);
}

/**
 * The path on the disk, by which layouts are known: a named folder may lie in a migrations folder itself. Folders above it
 * whose names say that nobody wrote what is in them (`/build/app`) say nothing of it.
 */
function wholePath(directory: string, path: string): string {
  const above = resolve(directory).split(sep).join('/').replace(/^.*\/(?:build|dist|target|vendor|third_party|node_modules)(?=\/|$)/, '');
  return `${above}/${path}`.replace(/^\/+/, '');
}

/** The migrations among some files, and the files that tell how they are run. */
async function findMigrations(snapshot: Snapshot, directory: string, files: readonly string[]): Promise<ReadonlySet<string>> {
  const told = new Map(files.map((path) => [wholePath(directory, path), path]));
  const paths = [...told.keys()];
  const markers = markersAmong(paths);
  const texts = new Map<string, string>();
  for (const path of [...markers, ...paths.filter((each) => each.endsWith('.sql'))].slice(0, 20_000)) {
    const text = await snapshot.read(told.get(path) ?? '');
    if (text !== null) texts.set(path, text);
  }
  const wanted = [...markers.filter(isMarkerPath), ...migrationsAmong(paths, texts, true)];
  return new Set(wanted.flatMap((path) => told.get(path) ?? []));
}

/** For SQL that was named itself, or lies numbered in a folder that was named, a migrations folder made up for it; null for all else. */
function madeUpPath(path: string, roots: readonly string[]): string | null {
  if (!path.endsWith('.sql')) return null;
  const numbered = /^(?:\d+|[VUB]\d)/.test(path.split('/').at(-1) ?? '');
  return roots.includes(path) || (numbered && roots.includes(dirname(path) === '.' ? '' : dirname(path))) ? `migrations/${path}` : null;
}
