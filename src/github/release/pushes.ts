import type { HostPull } from '../../core/host.js';
import type { RepositoryName } from '../../core/job.js';
import type { ReleaseEvidence } from '../../core/release-evidence.js';
import type { Client } from '../client.js';

/** Who pushed to the head branch, by the host's activity log. */
export interface Pushes {
  readonly lastPush: ReleaseEvidence['lastPush'];
  readonly pushers: ReadonlySet<string>;
}

export const UNKNOWN_PUSHES: Pushes = { lastPush: { by: null, at: null }, pushers: new Set() };

/**
 * Everybody who pushed to the branch of a pull request, and who pushed its head and when. The log of a fork is out of reach, and a
 * log whose newest entry is not the head says nothing of the last push.
 */
export async function readPushes(client: Client, repo: RepositoryName, pull: HostPull, signal: AbortSignal): Promise<Pushes> {
  if (pull.fromFork) return UNKNOWN_PUSHES;
  const reply = await client.find('GET /repos/{owner}/{repo}/activity', { owner: repo.owner, repo: repo.name, ref: `refs/heads/${pull.headBranch}`, per_page: 100 }, signal);
  const entries = (reply?.data ?? []).filter((one) => one.ref === `refs/heads/${pull.headBranch}`);
  const pushers = new Set(entries.flatMap((one) => (one.actor === null ? [] : [one.actor.login.toLowerCase()])));
  const newest = entries[0];
  if (newest === undefined || newest.after !== pull.headSha) return { lastPush: { by: null, at: null }, pushers };
  return { lastPush: { by: newest.actor?.login.toLowerCase() ?? null, at: newest.timestamp }, pushers };
}
