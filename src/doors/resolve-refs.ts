import { defaultBranch, mergeBase, resolveCommit, type LocalRepository, type MergeBase } from '../git/open-repository.js';

/** The commits that a command compares. Shas are full. */
export interface Refs {
  readonly baseSha: string;
  readonly headSha: string;
  readonly mergeBase: MergeBase;
  readonly defaultBranch: string;
}

/** Finds the commits: `base` stands for the default branch where it is not given. Throws `UsageError` for a name that is none. */
export async function resolveRefs(repository: LocalRepository, { head, base }: { readonly head: string; readonly base?: string }): Promise<Refs> {
  const [headSha, baseSha, standard] = await Promise.all([
    resolveCommit(repository, head, '--head'),
    base === undefined ? null : resolveCommit(repository, base, '--base'),
    base === undefined ? defaultBranch(repository) : defaultBranch(repository).catch(() => null),
  ]);
  const from = baseSha ?? standard?.sha ?? headSha;
  return { baseSha: from, headSha, mergeBase: await mergeBase(repository, from, headSha), defaultBranch: standard?.branch ?? 'main' };
}
