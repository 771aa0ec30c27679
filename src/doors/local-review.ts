import { EMPTY_PULL, type Change, type ChangeSet, type Pull } from '../core/change-set.js';
import type { Config } from '../core/config.js';
import { folderSnapshot } from '../git/folder-snapshot.js';
import type { LocalRepository, MergeBase } from '../git/open-repository.js';
import { readChangeSet, worktreeFiles } from '../git/read-change-set.js';
import { gitText } from '../git/run-git.js';
import { review } from '../review/review.js';
import type { ReviewInput, Reviewed } from '../review/review-input.js';

/** What a review of a local repository compares. Shas are full. */
export interface LocalComparison {
  readonly baseSha: string;
  readonly headSha: string;
  readonly mergeBase: MergeBase;
  readonly worktree: boolean;
  readonly pull: Pull;
}

/** What stays the same over many reviews of one repository. */
export type LocalSettings = Pick<ReviewInput, 'rules' | 'ask' | 'whyNotAsked' | 'prompts' | 'signal' | 'notices'> & { readonly config: Config; readonly progress?: (stage: string) => void };

/** A review with what it was made from. */
export interface LocalReview {
  readonly changeSet: ChangeSet;
  readonly reviewed: Reviewed;
}

/** Reviews one comparison of a local repository. */
export async function reviewLocally(repository: LocalRepository, comparison: LocalComparison, settings: LocalSettings): Promise<LocalReview> {
  const { sha: mergeBaseSha, related } = comparison.mergeBase;
  const notices = related ? settings.notices : [...settings.notices, 'The two commits have no common history: everything that differs counts as changed.'];
  settings.progress?.('reading the change');
  const changeSet = await readChangeSet(repository, { ...comparison, mergeBaseSha }, repository.objects);
  const reviewed = await review({
    ...settings,
    notices,
    changeSet,
    base: repository.snapshotAt(mergeBaseSha),
    head: comparison.worktree ? folderSnapshot(repository.directory, await worktreeFiles(repository)) : repository.snapshotAt(comparison.headSha),
    mishaps: [],
    acceptances: [],
    override: null,
    originalOf: async (sha) => originalOf(repository, sha, comparison.baseSha),
  });
  return { changeSet, reviewed };
}

/**
 * The changes of one earlier commit against its first parent; null when it is unknown here, has no parent, or was never
 * merged to the base: otherwise anybody could revert a commit made for the purpose.
 */
async function originalOf(repository: LocalRepository, sha: string, base: string): Promise<readonly Change[] | null> {
  const parents = await gitText(repository.directory, ['rev-list', '--parents', '-n1', '--end-of-options', sha]).catch(() => '');
  const [commit, parent] = parents.split(' ');
  if (commit === undefined || parent === undefined) return null;
  const merged = await gitText(repository.directory, ['merge-base', '--is-ancestor', commit, base]).then(
    () => true,
    () => false,
  );
  if (!merged) return null;
  const changeSet = await readChangeSet(repository, { baseSha: parent, mergeBaseSha: parent, headSha: commit, worktree: false, pull: EMPTY_PULL }, repository.objects);
  return changeSet.unread.length > 0 ? null : changeSet.changes;
}
