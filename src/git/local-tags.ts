import type { ReleasedVersion } from '../core/release-evidence.js';
import type { LocalRepository } from './open-repository.js';
import { gitText } from './run-git.js';

/** Most tags that are read. */
const LIMIT = 1000;

/** The tags of a repository, the newest first, with the commits they stand for. */
export async function readTags(repository: LocalRepository): Promise<readonly ReleasedVersion[]> {
  const out = await gitText(repository.directory, ['for-each-ref', '--sort=-creatordate', `--count=${LIMIT}`, '--format=%(refname:strip=2) %(objectname) %(*objectname)', 'refs/tags']);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', sha = '', commit = ''] = line.split(' ');
      return { name, sha: commit === '' ? sha : commit };
    });
}
