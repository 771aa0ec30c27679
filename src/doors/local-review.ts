import type { ChangeSet, Pull } from '../core/change-set.js';
import type { Config } from '../core/config.js';
import type { History } from '../core/history.js';
import { folderSnapshot } from '../git/folder-snapshot.js';
import { localHistory } from '../git/local-history.js';
import type { LocalRepository, MergeBase } from '../git/open-repository.js';
import { readChangeSet, worktreeFiles } from '../git/read-change-set.js';
import { review } from '../review/review.js';
import { STATISTICS_PATH } from '../review/known-tables.js';
import type { Prove } from '../review/proof-stage.js';
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
export type LocalSettings = Pick<ReviewInput, 'rules' | 'ask' | 'whyNotAsked' | 'prompts' | 'signal' | 'notices'> & { readonly config: Config; readonly prove?: Prove; readonly progress?: (stage: string) => void };

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
    history: historyFor(repository, comparison),
    statistics: async () => repository.snapshotAt(comparison.baseSha).read(STATISTICS_PATH),
  });
  return { changeSet, reviewed };
}

/** The trees of commits say nothing of what lies on the disk. */
function historyFor(repository: LocalRepository, { baseSha, worktree }: LocalComparison): History {
  const history = localHistory(repository, baseSha);
  return worktree ? { ...history, tree: async () => Promise.resolve(null), objects: async () => Promise.resolve(null) } : history;
}
