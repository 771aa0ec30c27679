import { isProductionName, isStagingName } from '../../core/environment-name.js';
import type { RepositoryName } from '../../core/job.js';
import type { Deployment } from '../../core/release-evidence.js';
import type { Client } from '../client.js';
import { readTreeName } from '../read-merged.js';

/** Deployments whose states are asked for: each is one request. */
const MAX_STATES_OF_HEAD = 8;
const MAX_STATES_OF_OTHERS = 10;
/** Commits that are compared with the head's tree. */
const MAX_TREES = 4;

interface Listed {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly at: string;
}

/**
 * The newest hundred deployments and those of the head, newest first. States are read of the head's own ones, and of the newest
 * ones to staging and production; of the rest they are unknown.
 */
export async function readDeployments(client: Client, repo: RepositoryName, headSha: string, signal: AbortSignal): Promise<readonly Deployment[]> {
  const own = await list(client, repo, headSha, signal);
  const others = (await list(client, repo, undefined, signal)).filter((one) => !own.some((mine) => mine.id === one.id));
  const asked = new Set([...own.slice(0, MAX_STATES_OF_HEAD), ...worthAsking(others)].map((one) => one.id));
  const found: Deployment[] = [];
  for (const { id, sha, environment, at } of [...own, ...others].sort((one, other) => other.id - one.id)) {
    const state = asked.has(id) ? await stateOf(client, repo, id, signal) : { state: 'unknown' as const };
    found.push({ sha, environment, at, ...state });
  }
  const staged = own.some((one) => isStagingName(one.environment));
  return staged ? found : withTrees(client, repo, headSha, found, signal);
}

async function list(client: Client, repo: RepositoryName, sha: string | undefined, signal: AbortSignal): Promise<readonly Listed[]> {
  const { data } = await client.read('GET /repos/{owner}/{repo}/deployments', { owner: repo.owner, repo: repo.name, ...(sha === undefined ? {} : { sha }), per_page: 100 }, signal);
  return data.map((raw) => ({ id: Number(raw.id), sha: raw.sha, environment: raw.original_environment ?? raw.environment, at: raw.created_at }));
}

/** Of staging and production the newest few: what was good last, and what was tried. */
function worthAsking(deployments: readonly Listed[]): readonly Listed[] {
  const production = deployments.filter((one) => isProductionName(one.environment)).slice(0, MAX_STATES_OF_OTHERS / 2);
  const staging = deployments.filter((one) => isStagingName(one.environment)).slice(0, MAX_STATES_OF_OTHERS / 2);
  return [...production, ...staging];
}

const STATES: ReadonlyMap<string, Deployment['state']> = new Map([
  ['success', 'success'],
  ['failure', 'failure'],
  ['error', 'failure'],
  ['inactive', 'inactive'],
  ['pending', 'pending'],
  ['queued', 'pending'],
  ['in_progress', 'pending'],
]);

async function stateOf(client: Client, repo: RepositoryName, id: number, signal: AbortSignal): Promise<Pick<Deployment, 'state' | 'succeeded'>> {
  const reply = await client.find('GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', { owner: repo.owner, repo: repo.name, deployment_id: id, per_page: 30 }, signal);
  const statuses = reply?.data ?? [];
  const newest = statuses[0];
  // A deployment that nobody has reported on is waiting.
  if (newest === undefined) return { state: reply === null ? 'unknown' : 'pending' };
  return { state: STATES.get(newest.state) ?? 'unknown', succeeded: statuses.some((one) => one.state === 'success') };
}

/** Marks the newest staging deployments whose commit has the very tree of the head: a merge made for a test, or a rebase. */
async function withTrees(client: Client, repo: RepositoryName, headSha: string, deployments: readonly Deployment[], signal: AbortSignal): Promise<readonly Deployment[]> {
  const shas = [...new Set(deployments.filter((one) => isStagingName(one.environment) && one.sha !== headSha).map((one) => one.sha))].slice(0, MAX_TREES);
  if (shas.length === 0) return deployments;
  const head = await readTreeName(client, repo, headSha, signal);
  const same = new Set<string>();
  for (const sha of head === null ? [] : shas) if ((await readTreeName(client, repo, sha, signal)) === head) same.add(sha);
  return deployments.map((one) => (same.has(one.sha) ? { ...one, sameTree: true } : one));
}
