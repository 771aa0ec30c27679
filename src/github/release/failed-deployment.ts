import { servesUsers } from '../../core/environment-name.js';
import type { FailedDeployment } from '../../core/host.js';
import type { RepositoryName } from '../../core/job.js';
import type { Client } from '../client.js';

/** Deployments whose states are asked for: each is one request. */
const MAX_OWN = 4;
const MAX_NEWER = 3;
const MAX_OLDER = 3;

const FAILED: ReadonlySet<string> = new Set(['failure', 'error']);

interface Listed {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly live: boolean;
}

/**
 * Whether a commit's newest deployment to some environment that serves users failed, and nothing newer there succeeded. What an
 * event said may be hours old, so all of it is read again.
 */
export async function readFailedDeployment(client: Client, repo: RepositoryName, sha: string, signal: AbortSignal): Promise<FailedDeployment | null> {
  const newest = new Map<string, Listed>();
  for (const one of await list(client, repo, { sha }, signal)) if (one.live && !newest.has(one.environment)) newest.set(one.environment, one);
  for (const own of [...newest.values()].slice(0, MAX_OWN)) {
    const states = await statesOf(client, repo, own.id, signal);
    if (states[0] === undefined || !FAILED.has(states[0])) continue;
    const others = (await list(client, repo, { environment: own.environment }, signal)).filter((one) => one.id !== own.id);
    const newer = others.filter((one) => one.id > own.id).slice(0, MAX_NEWER);
    if ((await firstThatSucceeded(client, repo, newer, signal)) !== null) continue;
    const older = others.filter((one) => one.id < own.id && one.sha !== sha).slice(0, MAX_OLDER);
    return { environment: own.environment, lastGoodSha: (await firstThatSucceeded(client, repo, older, signal))?.sha ?? null };
  }
  return null;
}

async function firstThatSucceeded(client: Client, repo: RepositoryName, deployments: readonly Listed[], signal: AbortSignal): Promise<Listed | null> {
  for (const one of deployments) if ((await statesOf(client, repo, one.id, signal)).includes('success')) return one;
  return null;
}

/** Newest first. */
async function list(client: Client, repo: RepositoryName, by: { readonly sha?: string; readonly environment?: string }, signal: AbortSignal): Promise<readonly Listed[]> {
  const { data } = await client.read('GET /repos/{owner}/{repo}/deployments', { owner: repo.owner, repo: repo.name, ...by, per_page: 30 }, signal);
  const listed = data.map((raw) => ({
    id: Number(raw.id),
    sha: raw.sha,
    environment: raw.environment,
    live: servesUsers(raw.environment, { production: raw.production_environment === true, transient: raw.transient_environment === true }),
  }));
  return listed.sort((one, other) => other.id - one.id);
}

/** Newest first; none where nobody has reported on it. */
async function statesOf(client: Client, repo: RepositoryName, id: number, signal: AbortSignal): Promise<readonly string[]> {
  const reply = await client.find('GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', { owner: repo.owner, repo: repo.name, deployment_id: id, per_page: 30 }, signal);
  return (reply?.data ?? []).map((one) => one.state);
}
