import type { CommitObject, Signature } from '../git.js';
import type { DiffFile } from '../diff.js';
import type { Deployment, JsonObject, Repository, World } from '../world.js';
import { nodeId, userView } from './people.js';
import { repositoryPage, repositoryUrl } from './repository.js';

const UNSIGNED: JsonObject = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** The account a commit's address belongs to, as GitHub maps it; null when it belongs to nobody. */
function accountOf(world: World, signature: Signature): JsonObject | null {
  for (const account of world.accounts.values()) {
    if (account.email.toLowerCase() === signature.email.toLowerCase()) return userView(world, account);
  }
  return null;
}

function parentsOf(world: World, repository: Repository, commit: CommitObject, path: string): readonly JsonObject[] {
  return commit.parents.map((sha) => ({
    sha,
    url: `${repositoryUrl(world, repository)}/${path}/${sha}`,
    html_url: `${repositoryPage(world, repository)}/commit/${sha}`,
  }));
}

/** A commit of `GET /repos/{owner}/{repo}/commits`. */
export function commitView(world: World, repository: Repository, commit: CommitObject): JsonObject {
  const url = repositoryUrl(world, repository);
  return {
    sha: commit.sha,
    node_id: commitNodeId(commit.sha),
    commit: {
      author: { ...commit.author },
      committer: { ...commit.committer },
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${repositoryPage(world, repository)}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: accountOf(world, commit.author),
    committer: accountOf(world, commit.committer),
    parents: parentsOf(world, repository, commit, 'commits'),
  };
}

/** A commit of `GET /repos/{owner}/{repo}/git/commits`. */
export function gitCommitView(world: World, repository: Repository, commit: CommitObject): JsonObject {
  const url = repositoryUrl(world, repository);
  return {
    sha: commit.sha,
    node_id: commitNodeId(commit.sha),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${repositoryPage(world, repository)}/commit/${commit.sha}`,
    author: { ...commit.author },
    committer: { ...commit.committer },
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: parentsOf(world, repository, commit, 'git/commits'),
    verification: UNSIGNED,
  };
}

/** A commit in a webhook or a check suite. */
export function simpleCommitView(commit: CommitObject): JsonObject {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

export function diffFileView(world: World, repository: Repository, file: DiffFile, head: string): JsonObject {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const page = repositoryPage(world, repository);
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${head}/${path}`,
    raw_url: `${page}/raw/${head}/${path}`,
    contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${head}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}

export function commitNodeId(sha: string): string {
  return `C_${Buffer.from(sha).toString('base64url')}`;
}

export function deploymentView(world: World, repository: Repository, id: number): JsonObject {
  const deployment = repository.deployments.get(id);
  if (deployment === undefined) throw new Error(`no deployment ${String(id)}`);
  const url = `${repositoryUrl(world, repository)}/deployments/${String(id)}`;
  return {
    url,
    id,
    node_id: nodeId('DE', id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: 'deploy',
    payload: {},
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: null,
    creator: userView(world, deployment.creator),
    created_at: deployment.createdAt,
    updated_at: deployment.statuses.at(-1)?.createdAt ?? deployment.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(world, repository),
    transient_environment: false,
    production_environment: deployment.environment === 'production',
    performed_via_github_app: null,
  };
}

export function deploymentStatusView(world: World, repository: Repository, deployment: Deployment, status: Deployment['statuses'][number]): JsonObject {
  const url = `${repositoryUrl(world, repository)}/deployments/${String(deployment.id)}`;
  return {
    url: `${url}/statuses/${String(status.id)}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: userView(world, deployment.creator),
    description: '',
    environment: deployment.environment,
    target_url: '',
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repositoryUrl(world, repository),
    environment_url: '',
    log_url: '',
    performed_via_github_app: null,
  };
}
