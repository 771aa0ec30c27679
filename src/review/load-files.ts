import type { LoadedFiles, Snapshot } from '../core/snapshot.js';

/** Bounds of what is loaded for the rules beside the change itself. */
const FILES_LIMIT = 5000;
const BYTES_LIMIT = 60_000_000;
const AT_ONCE = 16;

/** Loads every file of a tree that matches some globs, in the order of their paths, within bounds. */
export async function loadFiles(snapshot: Snapshot, globs: readonly string[], accept: (path: string) => boolean = () => true): Promise<{ readonly files: LoadedFiles; readonly left: number }> {
  if (globs.length === 0) return { files: new Map(), left: 0 };
  const paths = (await snapshot.list(globs)).filter(accept);
  const files = new Map<string, string>();
  let bytes = 0;
  let at = 0;
  for (; at < Math.min(paths.length, FILES_LIMIT) && bytes < BYTES_LIMIT; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE);
    const texts = await Promise.all(some.map(async (path) => snapshot.read(path)));
    for (const [index, text] of texts.entries()) {
      const path = some[index];
      if (text === null || path === undefined) continue;
      files.set(path, text);
      bytes += text.length;
    }
  }
  return { files, left: Math.max(0, paths.length - Math.min(at, paths.length)) };
}
