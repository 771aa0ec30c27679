import type { RepositoryName } from '../../core/job.js';
import type { ReleaseEvidence } from '../../core/release-evidence.js';
import type { Client } from '../client.js';

const RUNS = 10;
/** Names of workflows that bring a version to production, the surest first. */
const NAMES = [/\bdeploy\b.*\bprod|\bprod\w*\b.*\bdeploy/i, /\bdeploy(?:ment|s)?\b/i, /\b(?:roll-?out|ship|cd|continuous delivery)\b/i, /\brelease\b/i];
/** Deployments that are no way back: previews, documentation, packages. */
const OTHERS = /\b(?:preview|docs?|documentation|pages|storybook|npm|pypi|draft|notes?|staging|dev)\b/i;

/** How long the repository's own deploy workflow took: the median of its last successful runs; null where none is recognised. */
export async function readDeployTime(client: Client, repo: RepositoryName, branch: string, signal: AbortSignal): Promise<ReleaseEvidence['deployTime']> {
  const place = { owner: repo.owner, repo: repo.name };
  const workflows = (await client.find('GET /repos/{owner}/{repo}/actions/workflows', { ...place, per_page: 100 }, signal))?.data.workflows ?? [];
  const wordsOf = (one: { readonly name: string; readonly path: string }): string => `${one.name} ${(one.path.split('/').at(-1) ?? '').replace(/\.ya?ml$/, '').replace(/[_.-]+/g, ' ')}`;
  const candidates = workflows.filter((one) => one.state === 'active' && !OTHERS.test(wordsOf(one)));
  const workflow = NAMES.map((name) => candidates.find((one) => name.test(wordsOf(one)))).find((one) => one !== undefined);
  if (workflow === undefined) return null;
  const reply = await client.find('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', { ...place, workflow_id: workflow.id, branch, status: 'success', per_page: RUNS }, signal);
  const minutes = (reply?.data.workflow_runs ?? []).flatMap((run) => {
    const took = (Date.parse(run.updated_at) - Date.parse(run.run_started_at ?? run.created_at)) / 60_000;
    return Number.isFinite(took) && took > 0 ? [took] : [];
  });
  return minutes.length === 0 ? null : { workflow: workflow.name, minutes: Math.max(1, Math.round(median(minutes))), runs: minutes.length };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
