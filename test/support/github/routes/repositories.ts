import type { Readable } from 'node:stream';
import { diffFiles, diffText } from '../diff.js';
import { gitText, mergeBase, readCommit, readCommits, resolveCommit, spawnGit } from '../git.js';
import { Problem, notFound, refused } from '../problem.js';
import { ok, paginate, route, under, type Answer, type Call, type Need, type Route } from '../route.js';
import { fullName, type JsonObject, type Repository } from '../world.js';
import { commitView, deploymentStatusView, deploymentView, diffFileView } from '../views/commits.js';
import { nodeId, userView } from '../views/people.js';
import { simplePullView } from '../views/pulls.js';
import { fullRepositoryView, labelView, repositoryPage, repositoryUrl } from '../views/repository.js';

const METADATA: Need = [['metadata', 'read']];
const CONTENTS: Need = [['contents', 'read']];

async function branchSha(repository: Repository, branch: string): Promise<string> {
  return gitText(repository.directory, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]).catch(() => {
    throw new Problem(404, 'Branch not found');
  });
}

async function showBranch(call: Call): Promise<Answer> {
  const { repository, world } = call;
  const name = call.params['branch'] ?? '';
  const commit = await readCommit(repository.directory, await branchSha(repository, name));
  const required = repository.requiredChecks.get(name);
  const url = `${repositoryUrl(world, repository)}/branches/${name}`;
  return ok({
    name,
    commit: commitView(world, repository, commit),
    _links: { self: url, html: `${repositoryPage(world, repository)}/tree/${name}` },
    protected: required !== undefined,
    protection: {
      enabled: required !== undefined,
      required_status_checks: { enforcement_level: required === undefined ? 'off' : 'everyone', contexts: required ?? [], checks: (required ?? []).map((context) => ({ context, app_id: null })) },
    },
    protection_url: `${url}/protection`,
  });
}

async function listBranches(call: Call): Promise<Answer> {
  const lines = await gitText(call.repository.directory, ['for-each-ref', '--format=%(refname:strip=2) %(objectname)', 'refs/heads/']);
  const branches = lines.split('\n').filter((line) => line !== '').map((line) => {
    const [name = '', sha = ''] = line.split(' ');
    return { name, commit: { sha, url: `${repositoryUrl(call.world, call.repository)}/commits/${sha}` }, protected: call.repository.requiredChecks.has(name) };
  });
  return paginate(call, under(call, '/branches'), branches);
}

async function listCommits(call: Call): Promise<Answer> {
  const sha = call.query.get('sha') ?? call.repository.defaultBranch;
  const start = await resolveCommit(call.repository.directory, sha);
  if (start === null) throw notFound();
  const path = call.query.get('path');
  const since = call.query.get('since');
  const until = call.query.get('until');
  const bounds = [...(since === null ? [] : [`--since=${since}`]), ...(until === null ? [] : [`--until=${until}`])];
  const commits = await readCommits(call.repository.directory, ['--max-count=5000', ...bounds, start, ...(path === null ? [] : ['--', path])]);
  return paginate(call, under(call, '/commits'), commits.map((commit) => commitView(call.world, call.repository, commit)));
}

async function showCommit(call: Call): Promise<Answer> {
  const { repository, world } = call;
  const ref = call.params['ref'] ?? '';
  const sha = await resolveCommit(repository.directory, ref);
  if (sha === null) throw refused(`No commit found for SHA: ${ref}`);
  const accept = call.headers.accept ?? '';
  if (accept.includes('github.sha')) return { status: 200, raw: Buffer.from(sha), headers: { 'content-type': 'application/vnd.github.sha; charset=utf-8' } };
  const commit = await readCommit(repository.directory, sha);
  const before = commit.parents[0] ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
  if (accept.includes('github.diff')) return { status: 200, raw: await diffText(repository.directory, before, sha), headers: { 'content-type': 'application/vnd.github.diff; charset=utf-8' } };
  const files = await diffFiles(repository.directory, before, sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return ok({
    ...commitView(world, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.slice(0, 300).map((file) => diffFileView(world, repository, file, sha)),
  });
}

function pullsOfCommit(call: Call): Promise<Answer> {
  const sha = call.params['commit_sha'] ?? '';
  const { repository } = call;
  const found = [...repository.pulls.values()].map(async (pull) => {
    const own = pull.headSha === sha || (await gitText(repository.directory, ['rev-list', `${pull.baseSha}..${pull.headSha}`])).split('\n').includes(sha);
    return own || pull.mergeCommitSha === sha ? [simplePullView(call.world, repository, pull)] : [];
  });
  return Promise.all(found).then((views) => paginate(call, under(call, `/commits/${sha}/pulls`), views.flat()));
}

/** One side of a comparison: a ref here, `owner:ref` or `owner:repository:ref` of another member of the network. */
async function comparedCommit(call: Call, name: string): Promise<string> {
  const parts = name.split(':');
  const ref = parts.at(-1) ?? '';
  const owner = parts.length > 1 ? (parts[0] ?? '') : call.repository.owner.login;
  const member = [...call.world.repositories.values()].find((repository) => sameNetwork(repository, call.repository) && repository.owner.login.toLowerCase() === owner.toLowerCase());
  const local = await resolveCommit(call.repository.directory, owner === call.repository.owner.login ? ref : '');
  if (local !== null) return local;
  const sha = member === undefined ? null : await resolveCommit(member.directory, ref);
  const shared = sha === null ? null : await resolveCommit(call.repository.directory, sha);
  if (shared === null) throw notFound();
  return shared;
}

function sameNetwork(one: Repository, other: Repository): boolean {
  const root = (repository: Repository): Repository => (repository.parent === null ? repository : root(repository.parent));
  return root(one) === root(other);
}

async function compare(call: Call): Promise<Answer> {
  const { repository, world } = call;
  const [baseName = '', headName = ''] = (call.params['basehead'] ?? '').split('...');
  const [base, head] = await Promise.all([comparedCommit(call, baseName), comparedCommit(call, headName)]);
  const common = await mergeBase(repository.directory, base, head);
  if (common === null) throw new Problem(404, `No common ancestor between ${baseName} and ${headName}.`);
  if (call.headers.accept?.includes('github.diff') === true) {
    return { status: 200, raw: await diffText(repository.directory, common, head), headers: { 'content-type': 'application/vnd.github.diff; charset=utf-8' } };
  }
  const [ahead, behind, baseCommit, commonCommit, files] = await Promise.all([
    readCommits(repository.directory, ['--reverse', `${base}..${head}`]),
    gitText(repository.directory, ['rev-list', '--count', `${head}..${base}`]),
    readCommit(repository.directory, base),
    readCommit(repository.directory, common),
    diffFiles(repository.directory, common, head),
  ]);
  const behindBy = Number(behind);
  const page = `${repositoryPage(world, repository)}/compare/${baseName}...${headName}`;
  const paged = call.query.has('page') || call.query.has('per_page');
  const size = paged ? Math.min(100, Number(call.query.get('per_page') ?? '30') || 30) : 250;
  const at = Math.max(1, Number(call.query.get('page') ?? '1') || 1);
  const rest = ahead.length > at * size;
  const next = new URLSearchParams(call.query);
  next.set('page', String(at + 1));
  next.set('per_page', String(paged ? size : 30));
  const path = under(call, `/compare/${encodeURIComponent(baseName)}...${encodeURIComponent(headName)}`);
  return ok(
    {
      url: `${world.api}${path}`,
      html_url: page,
      permalink_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      base_commit: commitView(world, repository, baseCommit),
      merge_base_commit: commitView(world, repository, commonCommit),
      status: ahead.length === 0 ? (behindBy === 0 ? 'identical' : 'behind') : behindBy === 0 ? 'ahead' : 'diverged',
      ahead_by: ahead.length,
      behind_by: behindBy,
      total_commits: ahead.length,
      commits: ahead.slice((at - 1) * size, at * size).map((commit) => commitView(world, repository, commit)),
      ...(at === 1 ? { files: files.slice(0, 300).map((file) => diffFileView(world, repository, file, head)) } : {}),
    },
    rest ? { link: `<${world.api}${path}?${next.toString()}>; rel="next"` } : {},
  );
}

/** Redirects to where the archive is served, with a pass for it, as GitHub does. */
async function archive(call: Call): Promise<Answer> {
  const { repository, world } = call;
  const ref = call.params['ref'] ?? repository.defaultBranch;
  const sha = await resolveCommit(repository.directory, ref);
  if (sha === null) throw notFound();
  const pass = call.caller.kind === 'installation' ? `?token=${call.caller.token.token.slice(-24)}` : '';
  return { status: 302, headers: { location: `${world.url}/_codeload/${fullName(repository)}/legacy.tar.gz/${sha}${pass}` } };
}

/** The archive itself: a gzipped tar whose only folder is `owner-name-sha`. */
export function streamArchive(repository: Repository, sha: string): Readable {
  const child = spawnGit(repository.directory, ['archive', '--format=tar.gz', `--prefix=${repository.owner.login}-${repository.name}-${sha.slice(0, 7)}/`, sha]);
  child.stdin.end();
  child.stderr.resume();
  return child.stdout;
}

function listTags(call: Call): Promise<Answer> {
  return gitText(call.repository.directory, ['for-each-ref', '--sort=-creatordate', '--format=%(refname:strip=2) %(objectname) %(*objectname)', 'refs/tags/']).then((lines) => {
    const url = repositoryUrl(call.world, call.repository);
    const tags = lines.split('\n').filter((line) => line !== '').map((line): JsonObject => {
      const [name = '', object = '', peeled = ''] = line.split(' ');
      const sha = peeled === '' ? object : peeled;
      return { name, zipball_url: `${url}/zipball/refs/tags/${name}`, tarball_url: `${url}/tarball/refs/tags/${name}`, commit: { sha, url: `${url}/commits/${sha}` }, node_id: nodeId('REF', 1) };
    });
    return paginate(call, under(call, '/tags'), tags);
  });
}

function listDeployments(call: Call): Answer {
  const wanted = (field: 'sha' | 'ref' | 'environment', value: string): boolean => call.query.get(field) === null || call.query.get(field) === value;
  const found = [...call.repository.deployments.values()]
    .filter((deployment) => wanted('sha', deployment.sha) && wanted('ref', deployment.ref) && wanted('environment', deployment.environment))
    .sort((one, other) => other.id - one.id);
  return paginate(call, under(call, '/deployments'), found.map((deployment) => deploymentView(call.world, call.repository, deployment.id)));
}

function listDeploymentStatuses(call: Call): Answer {
  const deployment = call.repository.deployments.get(Number(call.params['deployment_id']));
  if (deployment === undefined) throw notFound();
  const views = [...deployment.statuses].reverse().map((status) => deploymentStatusView(call.world, call.repository, deployment, status));
  return paginate(call, under(call, `/deployments/${String(deployment.id)}/statuses`), views);
}

function listActivity(call: Call): Answer {
  const ref = call.query.get('ref');
  const type = call.query.get('activity_type');
  const actor = call.query.get('actor');
  const found = call.repository.activities
    .filter((activity) => ref === null || activity.ref === ref || activity.ref === `refs/heads/${ref}`)
    .filter((activity) => (type === null || activity.type === type) && (actor === null || activity.actor.login.toLowerCase() === actor.toLowerCase()))
    .sort((one, other) => (call.query.get('direction') === 'asc' ? one.id - other.id : other.id - one.id));
  const views = found.map((activity) => ({
    id: activity.id,
    node_id: nodeId('PSH', activity.id),
    before: activity.before,
    after: activity.after,
    ref: activity.ref,
    timestamp: activity.timestamp,
    activity_type: activity.type,
    actor: userView(call.world, activity.actor),
  }));
  return paginate(call, under(call, '/activity'), views);
}

/** Endpoints of repositories, branches, commits, comparisons, archives and deployments. */
export const repositoryRoutes: readonly Route[] = [
  route('GET', '/repos/{owner}/{repo}', METADATA, (call) => ok(fullRepositoryView(call.world, call.repository))),
  route('GET', '/repos/{owner}/{repo}/branches', CONTENTS, listBranches),
  route('GET', '/repos/{owner}/{repo}/branches/{+branch}', CONTENTS, showBranch),
  route('GET', '/repos/{owner}/{repo}/commits', CONTENTS, listCommits),
  route('GET', '/repos/{owner}/{repo}/commits/{commit_sha}/pulls', [['pull_requests', 'read']], pullsOfCommit),
  route('GET', '/repos/{owner}/{repo}/compare/{+basehead}', CONTENTS, compare),
  route('GET', '/repos/{owner}/{repo}/tarball/{+ref}', CONTENTS, archive),
  route('GET', '/repos/{owner}/{repo}/tarball', CONTENTS, archive),
  route('GET', '/repos/{owner}/{repo}/tags', METADATA, listTags),
  route('GET', '/repos/{owner}/{repo}/releases', CONTENTS, (call) => paginate(call, under(call, '/releases'), [])),
  route('GET', '/repos/{owner}/{repo}/actions/workflows', [['actions', 'read']], () => ok({ total_count: 0, workflows: [] })),
  route('GET', '/repos/{owner}/{repo}/labels', [['issues', 'read'], ['pull_requests', 'read']], (call) =>
    paginate(call, under(call, '/labels'), [...call.repository.labels.keys()].map((name) => labelView(call.world, call.repository, name))),
  ),
  route('GET', '/repos/{owner}/{repo}/deployments', [['deployments', 'read']], listDeployments),
  route('GET', '/repos/{owner}/{repo}/deployments/{deployment_id}', [['deployments', 'read']], (call) => {
    if (!call.repository.deployments.has(Number(call.params['deployment_id']))) throw notFound();
    return ok(deploymentView(call.world, call.repository, Number(call.params['deployment_id'])));
  }),
  route('GET', '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses', [['deployments', 'read']], listDeploymentStatuses),
  route('GET', '/repos/{owner}/{repo}/activity', CONTENTS, listActivity),
  route('GET', '/repos/{owner}/{repo}/commits/{+ref}', CONTENTS, showCommit),
];
