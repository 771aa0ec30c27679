import { matchesAny } from '../core/globs.js';
import { DEFAULT_READ_LIMITS, type ReadLimits } from '../core/host.js';
import type { Snapshot } from '../core/snapshot.js';
import type { ObjectReader } from './object-reader.js';
import { SUBMODULE_MODE, SYMLINK_MODE, decodeText, listTree, type TreeEntry } from './tree.js';

/** The tree of a commit, listed once on first use and read file by file. */
export function commitSnapshot(directory: string, commit: string, objects: ObjectReader, limits: ReadLimits = DEFAULT_READ_LIMITS): Snapshot {
  let listed: Promise<ReadonlyMap<string, TreeEntry>> | null = null;
  const entries = async (): Promise<ReadonlyMap<string, TreeEntry>> => {
    listed ??= listTree(directory, commit).then((all) => new Map(all.filter((entry) => entry.mode !== SYMLINK_MODE && entry.mode !== SUBMODULE_MODE).map((entry) => [entry.path, entry])));
    return listed;
  };
  return {
    ref: commit,
    list: async (globs) => {
      const matches = matchesAny(globs);
      return [...(await entries()).keys()].filter((path) => matches(path)).sort();
    },
    read: async (path) => {
      const entry = (await entries()).get(path);
      if (entry === undefined || ((await objects.size(entry.object)) ?? 0) > limits.fileBytes) return null;
      const content = await objects.read(entry.object);
      return content === null ? null : decodeText(content);
    },
  };
}
