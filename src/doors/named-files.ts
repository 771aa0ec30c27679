import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Snapshot } from '../core/snapshot.js';
import { folderSnapshot, listFiles, listShallow } from '../git/folder-snapshot.js';
import { isMigrationInput } from '../migrations/read-migrations.js';
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
  return {
    directory,
    files,
    snapshot: folderSnapshot(directory, [...new Set([...files, ...(await historyBeside(directory, roots))])].sort()),
    judgedPath: (path) => belowRoot(path, roots),
    migrationPath: (path) => migrationPath(directory, path, roots),
    configuration: async () => readFile(join(ancestorWith(directory, ['.git', CONFIG_PATH]) ?? directory, CONFIG_PATH), 'utf8').catch(() => null),
    surroundings: async () => {
      const top = ancestorWith(directory, ['.git', CONFIG_PATH]) ?? directory;
      return folderSnapshot(top, await listShallow(top, SURROUNDINGS_DEPTH, SURROUNDINGS_LIMIT));
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

/** The other files in the folder of a migration that was named by itself: what ran before it. */
async function historyBeside(directory: string, roots: readonly string[]): Promise<readonly string[]> {
  const named = roots.filter((root) => root.endsWith('.sql'));
  const folders = new Set(named.map((root) => (/(?:^|\/)(?:migration|up|down)\.sql$/.test(root) ? dirname(dirname(root)) : dirname(root))));
  const beside = await Promise.all([...folders].map(async (folder) => listFiles(directory, [folder])));
  return beside.flat().filter((path) => path.endsWith('.sql') || isMigrationInput(path));
}

/**
 * The path by which a file is known as a migration: its whole path on the disk, where that says so; else, for SQL that was
 * named itself or lies numbered in a folder that was named, a migrations folder made up for it.
 */
function migrationPath(directory: string, path: string, roots: readonly string[]): string | null {
  const whole = resolve(directory, path).split(sep).join('/').replace(/^\/+/, '');
  if (isMigrationInput(whole)) return whole;
  if (!path.endsWith('.sql')) return null;
  const numbered = /^(?:\d+|[VUB]\d)/.test(path.split('/').at(-1) ?? '');
  return roots.includes(path) || (numbered && roots.includes(dirname(path) === '.' ? '' : dirname(path))) 
    ? `migrations/${path}`
    : null;
}
