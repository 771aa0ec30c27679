import { diffFiles, diffText } from '../diff.js';
import { readCommits } from '../git.js';
import { Problem, notFound } from '../problem.js';
import { noContent, ok, paginate, pullOf, route, text, under, type Answer, type Call, type Need, type Route } from '../route.js';
import type { Pull } from '../world.js';
import { commitView, diffFileView } from '../views/commits.js';
import { diffBase, pullView, simplePullView } from '../views/pulls.js';

const READ_PULLS: Need = [['pull_requests', 'read']];

/** GitHub's documented bounds. */
const FILES = 3000;
const COMMITS = 250;
const DIFF_FILES = 300;
const DIFF_LINES = 20_000;
const DIFF_BYTES = 1_000_000;

function listPulls(call: Call): Answer {
  const { query, repository } = call;
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  const base = query.get('base');
  const sort = query.get('sort') ?? 'created';
  const ascending = (query.get('direction') ?? (query.get('sort') === null || sort === 'created' ? 'desc' : 'asc')) === 'asc';
  const found = [...repository.pulls.values()]
    .filter((pull) => state === 'all' || pull.state === state)
    .filter((pull) => base === null || pull.baseRef === base)
    .filter((pull) => head === null || !head.includes(':') || `${pull.headRepository.owner.login}:${pull.headRef}`.toLowerCase() === head.toLowerCase())
    .sort((one, other) => byKey(one, other, sort) * (ascending ? 1 : -1));
  return paginate(call, under(call, '/pulls'), found.map((pull) => simplePullView(call.world, repository, pull)));
}

function byKey(one: Pull, other: Pull, sort: string): number {
  if (sort === 'updated') return one.updatedAt.localeCompare(other.updatedAt) || one.number - other.number;
  return one.number - other.number;
}

async function showPull(call: Call): Promise<Answer> {
  const pull = pullOf(call);
  const accept = call.headers.accept ?? '';
  if (accept.includes('github.diff') || accept.includes('v3.diff')) return showDiff(call, pull);
  return ok(await pullView(call.world, call.repository, pull));
}

async function showDiff(call: Call, pull: Pull): Promise<Answer> {
  const base = await diffBase(call.repository, pull);
  const files = await diffFiles(call.repository.directory, base, pull.headSha);
  const diff = await diffText(call.repository.directory, base, pull.headSha);
  const lines = files.reduce((sum, file) => sum + file.additions + file.deletions, 0);
  const tooLarge = files.length > DIFF_FILES ? `files (${String(DIFF_FILES)})` : lines > DIFF_LINES ? `lines (${String(DIFF_LINES)})` : diff.length > DIFF_BYTES ? 'bytes (1000000)' : null;
  if (tooLarge !== null) {
    throw new Problem(406, `Sorry, the diff exceeded the maximum number of ${tooLarge}. Consider using 'List pull requests files' API or locally cloning the repository instead.`, {
      errors: [{ resource: 'PullRequest', field: 'diff', code: 'too_large' }],
    });
  }
  return { status: 200, raw: diff, headers: { 'content-type': 'application/vnd.github.diff; charset=utf-8' } };
}

async function listFiles(call: Call): Promise<Answer> {
  const pull = pullOf(call);
  const files = await diffFiles(call.repository.directory, await diffBase(call.repository, pull), pull.headSha);
  const views = files.slice(0, FILES).map((file) => diffFileView(call.world, call.repository, file, pull.headSha));
  return paginate(call, under(call, `/pulls/${String(pull.number)}/files`), views);
}

async function listCommits(call: Call): Promise<Answer> {
  const pull = pullOf(call);
  const commits = await readCommits(call.repository.directory, ['--reverse', '--topo-order', `${await diffBase(call.repository, pull)}..${pull.headSha}`]);
  return paginate(call, under(call, `/pulls/${String(pull.number)}/commits`), commits.slice(0, COMMITS).map((commit) => commitView(call.world, call.repository, commit)));
}

/** A pull request is changed by its author or a maintainer; the App may edit its texts with pull_requests:write. */
async function updatePull(call: Call): Promise<Answer> {
  const pull = pullOf(call);
  const title = text(call.body, 'title');
  const body = text(call.body, 'body');
  if (title !== undefined) pull.title = title;
  if (body !== undefined) pull.body = body;
  return ok(await pullView(call.world, call.repository, pull));
}

/** Endpoints of pull requests, their files and commits. */
export const pullRoutes: readonly Route[] = [
  route('GET', '/repos/{owner}/{repo}/pulls', READ_PULLS, listPulls),
  route('GET', '/repos/{owner}/{repo}/pulls/{pull_number}', READ_PULLS, showPull),
  route('PATCH', '/repos/{owner}/{repo}/pulls/{pull_number}', [['pull_requests', 'write']], updatePull),
  route('GET', '/repos/{owner}/{repo}/pulls/{pull_number}/files', READ_PULLS, listFiles),
  route('GET', '/repos/{owner}/{repo}/pulls/{pull_number}/commits', READ_PULLS, listCommits),
  route('GET', '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', READ_PULLS, (call) => {
    pullOf(call);
    return ok({ users: [], teams: [] });
  }),
  route('GET', '/repos/{owner}/{repo}/pulls/{pull_number}/merge', READ_PULLS, (call) => {
    if (!pullOf(call).merged) throw notFound();
    return noContent();
  }),
];
