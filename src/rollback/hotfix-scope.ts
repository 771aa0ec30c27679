import type { Change } from '../core/change-set.js';

/** Files that belong to any change: tests, words, lock files, what tools write. */
const BESIDE =
  /(?:^|\/)(?:tests?|specs?|__tests__|__snapshots__|testdata|fixtures|docs?|changelog\.d|\.changeset|e2e|cypress)\/|[._-](?:test|spec|stories)\.\w+$|_test\.\w+$|(?:^|\/)test_[^/]+$|\.(?:md|mdx|rst|adoc|txt|snap|lock|po|pot)$|(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|go\.sum|poetry\.lock|Cargo\.lock|CHANGELOG[^/]*|LICENSE|NOTICE|\.[^/]+)$|(?:^|\/)(?:schema\.rb|structure\.sql|schema\.prisma)$/i;
/** Folders that only hold others. */
const HOLDERS = /^(?:src|lib|libs|app|apps|packages|services|modules|internal|pkg|cmd|components|plugins|crates|projects)$/;

/** Files of a change that are neither tests, words nor made by a tool. */
export function ownFiles(changes: readonly Change[]): readonly string[] {
  return changes.map(({ path }) => path).filter((path) => !BESIDE.test(path));
}

/** The parts of a repository that some files lie in, with how many each, the largest first. */
export function areasOf(paths: readonly string[]): readonly { readonly area: string; readonly files: number }[] {
  const prefix = commonFolder(paths);
  const counts = new Map<string, number>();
  for (const path of paths) {
    const area = areaOf(path, prefix);
    counts.set(area, (counts.get(area) ?? 0) + 1);
  }
  return [...counts].map(([area, files]) => ({ area, files })).sort((one, other) => other.files - one.files || (one.area < other.area ? -1 : 1));
}

function areaOf(path: string, prefix: readonly string[]): string {
  const folders = path.split('/').slice(0, -1);
  const below = folders.slice(prefix.length);
  const depth = HOLDERS.test(below[0] ?? '') ? 2 : 1;
  return folders.slice(0, prefix.length + Math.min(depth, below.length)).join('/') || '.';
}

/** The folders that all paths share. */
function commonFolder(paths: readonly string[]): readonly string[] {
  let shared = (paths[0] ?? '').split('/').slice(0, -1);
  for (const path of paths) {
    const folders = path.split('/').slice(0, -1);
    let count = 0;
    while (count < shared.length && shared[count] === folders[count]) count += 1;
    shared = shared.slice(0, count);
  }
  return shared;
}
