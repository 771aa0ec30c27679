import { lstat, open, readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { Unread } from '../core/change-set.js';
import { UsageError } from '../core/errors.js';
import { matchesAny } from '../core/globs.js';
import { DEFAULT_READ_LIMITS, type ReadLimits } from '../core/host.js';
import type { Snapshot } from '../core/snapshot.js';
import { decodeText, tooLargeDetail } from './tree.js';

/** Folders that nobody wrote here. */
const SKIPPED = new Set(['.git', 'node_modules', '.hg', '.svn']);

/** What became of reading one file. */
export type FileRead = { readonly text: string } | { readonly unread: Omit<Unread, 'path'> } | null;

/** Reads a regular file below a folder. Links are not followed, so nothing outside the folder is ever read. */
export async function readFileBelow(directory: string, path: string, limits: ReadLimits): Promise<FileRead> {
  const full = resolve(directory, path);
  if (full !== directory && !full.startsWith(directory.endsWith(sep) ? directory : directory + sep)) return null;
  const info = await lstat(full).catch(() => null);
  if (info === null) return null;
  if (info.isSymbolicLink()) return { unread: { reason: 'symlink', detail: 'a symbolic link is not followed' } };
  if (!info.isFile()) return null;
  if (info.size > limits.fileBytes) return { unread: { reason: 'too-large', detail: tooLargeDetail(info.size, limits) } };
  const handle = await open(full, 'r').catch(() => null);
  if (handle === null) return { unread: { reason: 'unreadable', detail: 'the file could not be opened' } };
  try {
    const text = decodeText(await handle.readFile());
    return text === null ? { unread: { reason: 'binary', detail: 'a binary file' } } : { text };
  } finally {
    await handle.close();
  }
}

/** The files below some paths, relative to a folder, sorted. Throws `UsageError` for a path that does not exist. */
export async function listFiles(directory: string, paths: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const full = resolve(directory, path);
    const info = await stat(full).catch(() => null);
    if (info === null) throw new UsageError(`${path}: no such file or folder.`);
    if (info.isFile()) found.add(relative(directory, full));
    else if (info.isDirectory()) await walk(directory, full, found);
  }
  return [...found].map((path) => path.split(sep).join('/')).sort();
}

/** The files of a folder and of those in it, so many folders deep, sorted; at most `limit` of them. */
export async function listShallow(directory: string, depth: number, limit: number): Promise<readonly string[]> {
  const found: string[] = [];
  const pending = [{ folder: directory, left: depth }];
  for (const { folder, left } of pending) {
    if (found.length >= limit) break;
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (entry.isFile()) found.push(relative(directory, join(folder, entry.name)).split(sep).join('/'));
      else if (left > 0 && entry.isDirectory() && !SKIPPED.has(entry.name)) pending.push({ folder: join(folder, entry.name), left: left - 1 });
    }
  }
  return found.slice(0, limit).sort();
}

async function walk(directory: string, folder: string, found: Set<string>): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) await walk(directory, join(folder, entry.name), found);
    else if (entry.isFile() || entry.isSymbolicLink()) found.add(relative(directory, join(folder, entry.name)));
  }
}

/** A folder as it lies on the disk now. `files` names what belongs to it. */
export function folderSnapshot(directory: string, files: readonly string[], limits: ReadLimits = DEFAULT_READ_LIMITS): Snapshot {
  const known = new Set(files);
  return {
    ref: directory,
    list: async (globs) => {
      const matches = matchesAny(globs);
      return Promise.resolve(files.filter((path) => matches(path)));
    },
    read: async (path) => {
      if (!known.has(path)) return null;
      const read = await readFileBelow(directory, path, limits);
      return read !== null && 'text' in read ? read.text : null;
    },
  };
}

/** A tree without a file. */
export const EMPTY_SNAPSHOT: Snapshot = {
  ref: 'empty',
  list: async () => Promise.resolve([]),
  read: async () => Promise.resolve(null),
};
