import type { LoadedFiles, Snapshot } from '../core/snapshot.js';

/** Bounds of what is loaded for the rules beside the change itself. */
const FILES_LIMIT = 5000;
const BYTES_LIMIT = 60_000_000;
const AT_ONCE = 16;

export interface LoadLimits {
  readonly files: number;
  readonly bytes: number;
}

const LIMITS: LoadLimits = { files: FILES_LIMIT, bytes: BYTES_LIMIT };

/** Loads files of a tree in the order given, within bounds; `left` counts those that were beyond them. */
export async function loadPaths(snapshot: Snapshot, paths: readonly string[], limits: LoadLimits = LIMITS): Promise<{ readonly files: LoadedFiles; readonly left: number }> {
  const files = new Map<string, string>();
  let bytes = 0;
  let at = 0;
  for (; at < Math.min(paths.length, limits.files) && bytes < limits.bytes; at += AT_ONCE) {
    const some = paths.slice(at, Math.min(at + AT_ONCE, limits.files));
    const texts = await Promise.all(some.map(async (path) => snapshot.read(path)));
    for (const [index, text] of texts.entries()) {
      const path = some[index];
      if (text === null || path === undefined) continue;
      files.set(path, text);
      bytes += text.length;
    }
  }
  return { files, left: Math.max(0, paths.length - Math.min(at, limits.files, paths.length)) };
}

/** Loads every file of a tree that matches some globs, in the order of their paths, within bounds. */
export async function loadFiles(snapshot: Snapshot, globs: readonly string[], accept: (path: string) => boolean = () => true): Promise<{ readonly files: LoadedFiles; readonly left: number }> {
  if (globs.length === 0) return { files: new Map(), left: 0 };
  return loadPaths(snapshot, (await snapshot.list(globs)).filter(accept));
}
