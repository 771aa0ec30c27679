import type { Change, Pull } from '../core/change-set.js';

/** The commit that a pull request says it reverts: 7 to 40 hex digits; null when it does not say so, or names several. */
export function revertedCommit(pull: Pull): string | null {
  const texts = [pull.body, ...pull.commits.map((commit) => commit.message)];
  const named = new Set<string>();
  for (const text of texts) for (const match of text.slice(0, 65_536).matchAll(/\bThis reverts commit ([0-9a-f]{7,40})\b/g)) if (match[1] !== undefined) named.add(match[1]);
  const shas = [...named].filter((sha) => ![...named].some((other) => other !== sha && other.startsWith(sha)));
  return shas.length === 1 ? (shas[0] ?? null) : null;
}

/**
 * Whether the changes undo exactly what `original` did: the same files, each one back to the text it had before, from
 * the text it had after. Anything else in either side makes it inexact.
 */
export function isExactInverse(changes: readonly Change[], original: readonly Change[]): boolean {
  const undone = sides(original, 'undo');
  const done = sides(changes, 'do');
  if (undone.size === 0 || undone.size !== done.size) return false;
  for (const [path, { from, to }] of done) {
    const expected = undone.get(path);
    if (expected === undefined || expected.from !== from || expected.to !== to) return false;
  }
  return true;
}

interface Sides {
  readonly from: string | null;
  readonly to: string | null;
}

/** Each path with the text it goes from and to; a rename is a removal and an addition. */
function sides(changes: readonly Change[], direction: 'do' | 'undo'): ReadonlyMap<string, Sides> {
  const result = new Map<string, Sides>();
  const put = (path: string, from: string | null, to: string | null): void => {
    result.set(path, direction === 'do' ? { from, to } : { from: to, to: from });
  };
  for (const change of changes) {
    if (change.previousPath !== undefined && change.previousPath !== change.path) {
      put(change.previousPath, change.before, null);
      put(change.path, null, change.after);
    } else put(change.path, change.before, change.after);
  }
  return result;
}
