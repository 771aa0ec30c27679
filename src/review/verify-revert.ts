import type { ChangeSet } from '../core/change-set.js';
import type { History, MergedRange } from '../core/history.js';
import { objectDifferences, revertDifferences, type RevertDifference, type RevertFact } from '../rollback/exact-revert.js';
import { namedReverts, type NamedReverts } from '../rollback/revert.js';

/** What a revert is verified with. */
export interface RevertSources {
  readonly changeSet: ChangeSet;
  readonly history: History;
  /** A file's text at the merge base. */
  readonly baseText: (path: string) => Promise<string | null>;
}

/**
 * Verifies that a change is the exact inverse of what it names: by the trees where nothing was merged since, else file by file, as
 * `git revert` would leave each. Several readings of one text are tried, and the first that fits counts; null where nothing is named.
 */
export async function verifyRevert(sources: RevertSources): Promise<RevertFact | null> {
  const named = namedReverts(sources.changeSet.pull, sources.changeSet.repo);
  if (named === null) return null;
  let nearest: RevertFact | null = null;
  for (const ranges of await readings(named, sources.history)) {
    const differences = await differencesFrom(ranges, sources);
    const of = ranges.map((range) => range.sha);
    if (differences?.length === 0) return { of, claimed: named.claimed, exact: true, differences: [] };
    if (differences !== null && (nearest === null || differences.length < nearest.differences.length)) nearest = { of, claimed: named.claimed, exact: false, differences };
  }
  return nearest ?? { of: [...named.commits, ...named.pulls.map((number) => `#${number}`)], claimed: named.claimed, exact: null, differences: [] };
}

/** What the words may mean: all of the commits, all of the pull requests, or both together. */
async function readings({ commits, pulls }: NamedReverts, history: History): Promise<readonly (readonly MergedRange[])[]> {
  const byCommit = (await inTurn(commits, async (sha) => history.merged(sha))).filter((range) => range !== null);
  const byPull = await inTurn(pulls, async (number) => history.mergedPull(number));
  const first = byPull.flatMap((ranges) => ranges.slice(0, 1));
  const last = byPull.flatMap((ranges) => ranges.slice(-1));
  const both = [...byCommit, ...first.filter((range) => !byCommit.some((one) => one.sha === range.sha))];
  const seen = new Set<string>();
  return [byCommit, first, last, both].flatMap((ranges) => {
    const key = ranges.map((range) => `${range.parentSha}..${range.sha}`).join(' ');
    if (ranges.length === 0 || seen.has(key)) return [];
    seen.add(key);
    // Reverts are made newest first; a text may list them either way.
    return ranges.length === 1 ? [ranges] : [ranges, [...ranges].reverse()];
  });
}

async function differencesFrom(ranges: readonly MergedRange[], { changeSet, history, baseText }: RevertSources): Promise<readonly RevertDifference[] | null> {
  const only = ranges.length === 1 ? ranges[0] : undefined;
  if (only?.sha === changeSet.mergeBaseSha) {
    const [head, before] = [await history.tree(changeSet.headSha), await history.tree(only.parentSha)];
    if (head !== null && head === before) return [];
  }
  const originals = await inTurn(ranges, async (range) => history.changes(range));
  const unread = [...unreadPaths(changeSet), ...originals.flatMap(unreadPaths)];
  const withoutText = new Set(unread.map((one) => one.path));
  const readable = (one: { readonly path: string; readonly previousPath?: string }): boolean => !withoutText.has(one.path) && !withoutText.has(one.previousPath ?? one.path);
  const changes = changeSet.changes.filter(readable);
  const undone = originals.map((original) => original.changes.filter(readable));
  const texts = await baseTexts(changeSet, undone.flat().flatMap((change) => [change.path, change.previousPath ?? change.path]), baseText);
  const differences = revertDifferences(changes, undone, (path) => texts.get(path) ?? null);
  if (withoutText.size === 0) return differences;
  const own = await history.objects(changeSet.mergeBaseSha, changeSet.headSha);
  const others = await inTurn(ranges, async (range) => history.objects(range.parentSha, range.sha));
  if (own === null || others.some((one) => one === null)) return null;
  // Where not every file was even listed, all of them are compared.
  const paths = unread.some((one) => one.reason === 'over-file-limit') ? null : withoutText;
  return [...differences, ...objectDifferences(own, others.filter((one) => one !== null), paths).filter((one) => !differences.some((other) => other.path === one.path))];
}

/** What is part of a change and has no texts here. What is only left out of the review has. */
function unreadPaths({ changes, unread }: Pick<ChangeSet, 'changes' | 'unread'>): ChangeSet['unread'] {
  return unread.filter((one) => !changes.some((change) => change.path === one.path));
}

/** Texts at the merge base: of changed files they are known, of the others they are read. */
async function baseTexts({ changes }: ChangeSet, paths: readonly string[], baseText: (path: string) => Promise<string | null>): Promise<ReadonlyMap<string, string | null>> {
  const texts = new Map<string, string | null>(changes.map((change) => [change.previousPath ?? change.path, change.before]));
  for (const change of changes) if (change.previousPath !== undefined && !texts.has(change.path)) texts.set(change.path, null);
  for (const path of paths) if (!texts.has(path)) texts.set(path, await baseText(path));
  return texts;
}

async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
