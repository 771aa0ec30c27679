import type { MergeMethod, MergeOutlook } from '../core/release-evidence.js';

const ALL: readonly MergeMethod[] = ['merge', 'squash', 'rebase'];

/** The command that undoes a pull request after it was merged in one way. `sha` is what the base branch got. */
export function undoCommand(method: MergeMethod, sha: string, commits: number): string {
  if (method === 'merge') return `git revert -m 1 ${sha}`;
  return method === 'rebase' && commits > 1 ? `git revert --no-edit ${sha}~${commits}..${sha}` : `git revert ${sha}`;
}

/** How an open pull request is undone once it is merged, for each way in which it may be, as one sentence. */
export function undoSentence({ methods, commits }: MergeOutlook): string {
  const words: Readonly<Record<MergeMethod, string>> = { merge: 'a merge commit', squash: 'a squash', rebase: commits > 1 ? `a rebase of its ${commits} commits` : 'a rebase' };
  const ways = methods === null || methods.length === 0 ? ALL : methods;
  return `To undo it once it is merged: ${ways.map((method) => `after ${words[method]} \`${undoCommand(method, method === 'merge' ? '<merge commit>' : method === 'squash' || commits === 1 ? '<commit>' : '<last commit>', commits)}\``).join(', ')}.`;
}
