import type { RepositoryName } from '../../core/job.js';
import type { MergeMethod, MergeOutlook } from '../../core/release-evidence.js';
import type { Client } from '../client.js';

/** Whether a pull request merges cleanly, and how. The host tells the allowed methods only to those who may write. */
export async function readOutlook(client: Client, repo: RepositoryName, pull: number, signal: AbortSignal): Promise<MergeOutlook> {
  const { data } = await client.read('GET /repos/{owner}/{repo}/pulls/{pull_number}', { owner: repo.owner, repo: repo.name, pull_number: pull }, signal);
  const { allow_merge_commit: merge, allow_squash_merge: squash, allow_rebase_merge: rebase } = data.base.repo;
  const told = [merge, squash, rebase].some((one) => typeof one === 'boolean');
  const allowed: readonly (readonly [MergeMethod, boolean | undefined])[] = [['merge', merge], ['squash', squash], ['rebase', rebase]];
  return { clean: data.mergeable, methods: told ? allowed.flatMap(([method, yes]) => (yes === true ? [method] : [])) : null, commits: data.commits };
}
