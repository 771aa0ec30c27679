import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { matchesAny } from '../core/globs.js';
import type { Snapshot } from '../core/snapshot.js';
import { decodeText, withoutByteOrderMark } from './blob-sha.js';
import { readBytes, TREE_LIMITS, unpackTree, type TreeEntry, type TreeIndex, type TreeLimits } from './unpack-tree.js';

/** One tree on the disk: what lies where, and the bytes of its text files. */
export interface Tree {
  readonly incomplete: string | null;
  readonly entries: ReadonlyMap<string, TreeEntry>;
  /** The bytes of a `file`; null for anything else. */
  bytes(path: string): Promise<Buffer | null>;
}

export interface TreeStoreOptions {
  readonly directory: string;
  /** All trees together, in bytes; the longest unused go first. */
  readonly maxBytes: number;
  readonly limits?: TreeLimits;
}

export interface TreeStore {
  /** The tree under this name; fetched and unpacked when it is not there, once however many ask at the same time. */
  open(name: string, fetchArchive: () => Promise<Readable>, signal: AbortSignal): Promise<Tree>;
}

const FORMAT = 1;
/** What was used a moment ago may be in use. */
const GRACE = 10 * 60_000;

/** A folder of unpacked trees. Trees never change, so a name is good for ever; several processes may share the folder. */
export function createTreeStore(options: TreeStoreOptions): TreeStore {
  const opening = new Map<string, Promise<Tree>>();
  const opened = new LRUCache<string, Tree>({ max: 6 });
  return {
    open: async (name, fetchArchive, signal) => {
      const key = createHash('sha256').update(name).digest('hex').slice(0, 40);
      const known = opened.get(key);
      if (known !== undefined) return known;
      const running = opening.get(key);
      if (running !== undefined) return running.catch(async () => load(options, key, fetchArchive, signal));
      const loading = load(options, key, fetchArchive, signal).finally(() => opening.delete(key));
      opening.set(key, loading);
      const tree = await loading;
      opened.set(key, tree);
      return tree;
    },
  };
}

async function load(options: TreeStoreOptions, key: string, fetchArchive: () => Promise<Readable>, signal: AbortSignal): Promise<Tree> {
  const path = join(options.directory, key);
  const kept = await readKept(path);
  if (kept !== null) return treeOf(path, kept);
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const index = await unpackTree(await fetchArchive(), temporary, options.limits ?? TREE_LIMITS, signal);
    await rename(temporary, `${path}.data`);
    await writeFile(temporary, JSON.stringify({ format: FORMAT, incomplete: index.incomplete, entries: [...index.entries] }), { mode: 0o600 });
    await rename(temporary, `${path}.json`);
    await evict(options, key);
    return treeOf(path, index);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function readKept(path: string): Promise<TreeIndex | null> {
  try {
    const kept = JSON.parse(await readFile(`${path}.json`, 'utf8')) as { format: number; incomplete: string | null; entries: [string, TreeEntry][] };
    if (kept.format !== FORMAT) return null;
    await stat(`${path}.data`);
    const now = new Date();
    await utimes(`${path}.json`, now, now);
    return { entries: new Map(kept.entries), incomplete: kept.incomplete };
  } catch {
    return null;
  }
}

function treeOf(path: string, index: TreeIndex): Tree {
  return {
    incomplete: index.incomplete,
    entries: index.entries,
    bytes: async (name) => {
      const entry = index.entries.get(name);
      return entry?.kind === 'file' ? readBytes(`${path}.data`, entry) : null;
    },
  };
}

/** Removes the longest unused trees until the rest fits. The one just written and what was used a moment ago stay. */
async function evict(options: TreeStoreOptions, justWritten: string): Promise<void> {
  const trees = await Promise.all((await readdir(options.directory)).filter((file) => file.endsWith('.json')).map((file) => sizeOf(options.directory, file.slice(0, -5))));
  const known = trees.filter((tree) => tree !== null).sort((a, b) => a.used - b.used);
  let total = known.reduce((sum, tree) => sum + tree.bytes, 0);
  for (const tree of known) {
    if (total <= options.maxBytes) return;
    if (tree.key === justWritten || Date.now() - tree.used < GRACE) continue;
    await rm(join(options.directory, `${tree.key}.json`), { force: true });
    await rm(join(options.directory, `${tree.key}.data`), { force: true });
    total -= tree.bytes;
  }
}

async function sizeOf(directory: string, key: string): Promise<{ readonly key: string; readonly bytes: number; readonly used: number } | null> {
  try {
    const index = await stat(join(directory, `${key}.json`));
    const data = await stat(join(directory, `${key}.data`));
    return { key, bytes: index.size + data.size, used: index.mtimeMs };
  } catch {
    return null;
  }
}

/** A tree as the rules' loaders see it; opened on first use. */
export function snapshotOf(ref: string, open: () => Promise<Tree>): Snapshot {
  let opened: Promise<Tree> | null = null;
  const tree = async (): Promise<Tree> => (opened ??= open());
  return {
    ref,
    list: async (globs) => {
      const matches = matchesAny(globs);
      const { entries } = await tree();
      return [...entries].flatMap(([path, entry]) => (entry.kind !== 'symlink' && matches(path) ? [path] : [])).sort();
    },
    read: async (path) => {
      const bytes = await (await tree()).bytes(path);
      const text = bytes === null ? null : decodeText(bytes);
      return text === null ? null : withoutByteOrderMark(text);
    },
    incomplete: async () => (await tree()).incomplete,
  };
}
