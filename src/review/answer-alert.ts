import { matchesAny } from '../core/globs.js';
import type { HostPull } from '../core/host.js';
import { alertMarkdown } from '../render/deployment-alert.js';
import { proveUndo } from './prove-undo.js';
import { trustedConfig } from './trusted-config.js';
import type { Workplace } from './workplace.js';

/**
 * A merged pull request's commit failed to deploy where users are served: says on it, once for each commit, whether undoing it still
 * applies and what stands in the way. Silent where the deployment was repaired meanwhile, for branches that nobody configured,
 * and on a pull request that was paused.
 */
export async function answerAlert(place: Workplace, pull: HostPull, sha: string): Promise<void> {
  const { host, records, signal, log } = place;
  const key = `alert-${sha}`;
  if (!(await isReleasedFrom(place, pull.baseBranch)) || (await records.paused(host.repo, pull.number)) || (await host.replied(pull.number, key))) return;
  const failed = await host.failedDeployment(sha, signal);
  if (failed === null) return log.info({ sha }, 'a deployment that failed was repaired, or cannot be looked at: nothing is said');
  const proof = await proveUndo(place, pull);
  if ('why' in proof || proof.sha !== sha) return log.info({ sha }, 'a deployment failed, and there is nothing to undo');
  const body = `${alertMarkdown(failed, proof)}\n\n${host.sign({ kind: 'reply', key }, pull.number)}`;
  await host.carryOut({ writes: [{ kind: 'reply', pull: pull.number, key, body }] }, signal);
  log.info({ sha, environment: failed.environment }, 'a failed deployment was answered with the way back');
}

/** The default branch, and those that the configuration knows as bases. */
async function isReleasedFrom(place: Workplace, branch: string): Promise<boolean> {
  const standard = await place.host.defaultBranch();
  if (branch === standard.name) return true;
  const { config } = await trustedConfig(place, branch);
  return matchesAny([...config.branches, ...config.hotfix.bases])(branch);
}
