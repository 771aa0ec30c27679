import { readCommit } from '../git.js';
import type { Annotation, CheckConclusion, CheckRun, CheckSuite, JsonObject, Repository, World } from '../world.js';
import { simpleCommitView } from './commits.js';
import { appView, nodeId } from './people.js';
import { minimalPullView } from './pulls.js';
import { repositoryPage, repositoryUrl, repositoryView } from './repository.js';

/** Open pull requests of this repository whose head is the commit. Pull requests from forks are left out, as GitHub does. */
function pullsOf(world: World, repository: Repository, headSha: string): readonly JsonObject[] {
  return [...repository.pulls.values()]
    .filter((pull) => pull.state === 'open' && pull.headSha === headSha && pull.headRepository === repository)
    .map((pull) => minimalPullView(world, repository, pull));
}

export function checkRunView(world: World, repository: Repository, run: CheckRun): JsonObject {
  const url = `${repositoryUrl(world, repository)}/check-runs/${String(run.id)}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${repositoryPage(world, repository)}/runs/${String(run.id)}`,
    details_url: run.detailsUrl ?? 'https://example.com',
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: appView(world),
    pull_requests: pullsOf(world, repository, run.headSha),
  };
}

export function annotationView(world: World, repository: Repository, run: CheckRun, annotation: Annotation): JsonObject {
  return { ...annotation, blob_href: `${repositoryPage(world, repository)}/blob/${run.headSha}/${annotation.path}` };
}

/** The newest run of each name in a suite. */
export function latestRuns(repository: Repository, suite: CheckSuite): readonly CheckRun[] {
  const newest = new Map<string, CheckRun>();
  for (const run of repository.checkRuns.values()) if (run.suite === suite) newest.set(run.name, run);
  return [...newest.values()];
}

const WORST: readonly CheckConclusion[] = ['action_required', 'timed_out', 'failure', 'cancelled', 'neutral', 'success', 'skipped'];

/** A suite's status and conclusion, from the newest run of each name. */
export function suiteState(repository: Repository, suite: CheckSuite): { readonly status: string; readonly conclusion: CheckConclusion | null } {
  const runs = latestRuns(repository, suite);
  if (runs.length === 0) return { status: 'queued', conclusion: null };
  if (runs.some((run) => run.status !== 'completed')) return { status: runs.some((run) => run.status === 'in_progress') ? 'in_progress' : 'queued', conclusion: null };
  return { status: 'completed', conclusion: WORST.find((conclusion) => runs.some((run) => run.conclusion === conclusion)) ?? 'success' };
}

export async function checkSuiteView(world: World, repository: Repository, suite: CheckSuite): Promise<JsonObject> {
  const url = `${repositoryUrl(world, repository)}/check-suites/${String(suite.id)}`;
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteState(repository, suite),
    url,
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullsOf(world, repository, suite.headSha),
    app: appView(world),
    repository: repositoryView(world, repository),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    head_commit: simpleCommitView(await readCommit(repository.directory, suite.headSha)),
    latest_check_runs_count: latestRuns(repository, suite).length,
    check_runs_url: `${url}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  };
}
