import type { Host } from '../core/host.js';
import type { LocalRepository } from './open-repository.js';
import { gitText } from './run-git.js';

/** Later commits that are named for one file. */
const COMMITS = 3;

/** What is asked of a repository about undoing: a file's text at a commit, and who touched it between two. */
export function localUndo(repository: LocalRepository): Pick<Host, 'file' | 'commitsTouching'> {
  return {
    file: async (path, ref) => repository.snapshotAt(ref).read(path),
    commitsTouching: async (path, fromSha, toSha) => {
      const lines = await gitText(repository.directory, ['log', `--max-count=${COMMITS}`, '--format=%H %s', `${fromSha}..${toSha}`, '--', path]);
      return lines.split('\n').filter((line) => line !== '').map((line) => ({ sha: line.slice(0, 40), title: line.slice(41) }));
    },
  };
}
