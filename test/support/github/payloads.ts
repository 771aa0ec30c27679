import type { Account, CheckRun, Deployment, Installation, IssueComment, Json, JsonObject, Pull, Repository, Review, ReviewComment, World } from './world.js';
import { readCommit } from './git.js';
import { checkRunView, checkSuiteView } from './views/checks.js';
import { deploymentStatusView, deploymentView, simpleCommitView } from './views/commits.js';
import { installationView, nodeId, organizationView, userView } from './views/people.js';
import { commentView, issueView, pullView, reviewCommentView, reviewView, simplePullView } from './views/pulls.js';
import { repositoryView } from './views/repository.js';

/** What every payload about a repository carries besides its subject. */
function surroundings(world: World, repository: Repository, sender: Account): JsonObject {
  const installation = world.installations.find((candidate) => candidate.account.id === repository.owner.id);
  return {
    repository: { ...repositoryView(world, repository), custom_properties: {} },
    ...(repository.owner.type === 'Organization' ? { organization: organizationView(world, repository.owner) } : {}),
    ...(installation === undefined ? {} : { installation: { id: installation.id, node_id: nodeId('INS', installation.id) } }),
    sender: userView(world, sender),
  };
}

export async function pullPayload(world: World, repository: Repository, pull: Pull, sender: Account, action: string, extra: JsonObject = {}): Promise<JsonObject> {
  return { action, number: pull.number, pull_request: await pullView(world, repository, pull), ...extra, ...surroundings(world, repository, sender) };
}

export function commentPayload(world: World, repository: Repository, comment: IssueComment, sender: Account, action: string, extra: JsonObject = {}): JsonObject {
  return { action, issue: issueView(world, repository, comment.number), comment: commentView(world, repository, comment), ...extra, ...surroundings(world, repository, sender) };
}

export function reviewPayload(world: World, repository: Repository, pull: Pull, review: Review, sender: Account, action: string): JsonObject {
  const view = reviewView(world, repository, review);
  return {
    action,
    review: { ...view, body: review.body === '' ? null : review.body, state: review.state.toLowerCase(), submitted_at: review.submittedAt },
    pull_request: simplePullView(world, repository, pull),
    ...surroundings(world, repository, sender),
  };
}

export function deploymentStatusPayload(world: World, repository: Repository, deployment: Deployment, status: Deployment['statuses'][number], sender: Account): JsonObject {
  return {
    action: 'created',
    deployment_status: deploymentStatusView(world, repository, deployment, status),
    deployment: deploymentView(world, repository, deployment.id),
    check_run: null,
    workflow: null,
    workflow_run: null,
    ...surroundings(world, repository, sender),
  };
}

export async function reviewCommentPayload(world: World, repository: Repository, pull: Pull, comment: ReviewComment, sender: Account, action: string, extra: JsonObject = {}): Promise<JsonObject> {
  return {
    action,
    comment: await reviewCommentView(world, repository, comment),
    pull_request: simplePullView(world, repository, pull),
    ...extra,
    ...surroundings(world, repository, sender),
  };
}

export async function checkRunPayload(world: World, repository: Repository, run: CheckRun, sender: Account, action: string, extra: JsonObject = {}): Promise<JsonObject> {
  const suite = await checkSuiteView(world, repository, run.suite);
  const { latest_check_runs_count: _count, check_runs_url: _url, head_commit: _commit, ...inner } = suite;
  return { action, check_run: { ...checkRunView(world, repository, run), check_suite: inner }, ...extra, ...surroundings(world, repository, sender) };
}

export async function checkSuitePayload(world: World, repository: Repository, suiteId: number, sender: Account, action: string): Promise<JsonObject> {
  const suite = repository.checkSuites.get(suiteId);
  if (suite === undefined) throw new Error(`no check suite ${String(suiteId)}`);
  return { action, check_suite: await checkSuiteView(world, repository, suite), ...surroundings(world, repository, sender) };
}

export async function mergeGroupPayload(
  world: World,
  repository: Repository,
  group: { readonly headRef: string; readonly headSha: string; readonly baseRef: string; readonly baseSha: string },
  sender: Account,
  action: string,
  extra: JsonObject = {},
): Promise<JsonObject> {
  return {
    action,
    merge_group: {
      head_sha: group.headSha,
      head_ref: group.headRef,
      base_sha: group.baseSha,
      base_ref: group.baseRef,
      head_commit: simpleCommitView(await readCommit(repository.directory, group.headSha)),
    },
    ...extra,
    ...surroundings(world, repository, sender),
  };
}

const ZEROES = '0'.repeat(40);

export function pushPayload(
  world: World,
  repository: Repository,
  push: { readonly ref: string; readonly before: string; readonly after: string; readonly forced: boolean; readonly commits: readonly Json[] },
  sender: Account,
): JsonObject {
  const head = push.after === ZEROES ? null : push.commits.at(-1) ?? null;
  const around = surroundings(world, repository, sender);
  const shown = around['repository'] as JsonObject;
  return {
    ref: push.ref,
    before: push.before,
    after: push.after,
    ...around,
    repository: { ...shown, created_at: Math.floor(Date.parse(repository.createdAt) / 1000), pushed_at: Math.floor(Date.parse(repository.pushedAt) / 1000), stargazers: 0, master_branch: repository.defaultBranch },
    pusher: { name: sender.login, email: sender.email },
    created: push.before === ZEROES,
    deleted: push.after === ZEROES,
    forced: push.forced,
    base_ref: null,
    compare: `${world.url}/${repository.owner.login}/${repository.name}/compare/${push.before.slice(0, 12)}...${push.after.slice(0, 12)}`,
    commits: push.commits,
    head_commit: head,
  };
}

/** `installation_repositories`: repositories were given to an installation, or taken from it. */
export function installationPayload(world: World, installation: Installation, repositories: readonly Repository[], sender: Account, action: 'added' | 'removed'): JsonObject {
  const named = repositories.map((repository) => ({
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: `${repository.owner.login}/${repository.name}`,
    private: repository.private,
  }));
  return {
    action,
    installation: installationView(world, installation),
    repository_selection: 'selected',
    repositories_added: action === 'added' ? named : [],
    repositories_removed: action === 'removed' ? named : [],
    requester: null,
    sender: userView(world, sender),
  };
}
