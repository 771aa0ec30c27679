import type { LocalRepository } from './open-repository.js';
import { runGit } from './run-git.js';

/** One change that reached the default branch: a merge commit, or a squashed or rebased commit. */
export interface MergedChange {
  readonly sha: string;
  /** What the branch was before. */
  readonly parent: string;
  readonly subject: string;
  readonly body: string;
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
  /** Read from the subject, where it names one. */
  readonly number: number | null;
}

/** The last changes on the first-parent line of a branch, newest first. The root commit is left out. */
export async function lastMerged(repository: LocalRepository, ref: string, count: number): Promise<readonly MergedChange[]> {
  const out = await runGit(repository.directory, ['log', '-z', '--first-parent', `--max-count=${count}`, '--min-parents=1', '--format=%H%x01%P%x01%an%x01%aI%x01%s%x01%b', ref, '--']);
  return out
    .toString('utf8')
    .split('\0')
    .filter((record) => record.trim() !== '')
    .map((record) => {
      const [sha = '', parents = '', author = '', date = '', subject = '', body = ''] = record.split('\u0001');
      const merged = /^Merge pull request #(\d+)\b/.exec(subject) ?? /\(#(\d+)\)\s*$/.exec(subject) ?? /\(!(\d+)\)\s*$/.exec(subject);
      return { sha: sha.trim(), parent: parents.split(' ')[0] ?? '', author, date, subject, body: body.trim(), number: merged ? Number(merged[1]) : null };
    });
}
