import { git, gitText, gitTextOrNull, listTree, readCommit, resolveCommit, type TreeEntry } from '../git.js';
import { Problem, notFound, refused } from '../problem.js';
import { ok, paginate, route, under, type Answer, type Call, type Need, type Route } from '../route.js';
import type { JsonObject } from '../world.js';
import { gitCommitView } from '../views/commits.js';
import { nodeId } from '../views/people.js';
import { repositoryPage, repositoryUrl } from '../views/repository.js';

const CONTENTS: Need = [['contents', 'read']];

/** GitHub's documented bounds. */
const INLINE_BYTES = 1_000_000;
const RAW_BYTES = 100_000_000;
const TREE_ENTRIES = 100_000;
const TREE_BYTES = 7_000_000;

async function readBlob(call: Call, sha: string): Promise<Buffer> {
  return git(call.repository.directory, ['cat-file', 'blob', sha]);
}

function entryView(call: Call, entry: TreeEntry, ref: string): JsonObject {
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const url = `${repositoryUrl(call.world, call.repository)}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const kind = entry.type === 'tree' ? 'tree' : 'blob';
  const gitUrl = entry.type === 'commit' ? null : `${repositoryUrl(call.world, call.repository)}/git/${kind}s/${entry.sha}`;
  const page = entry.type === 'commit' ? null : `${repositoryPage(call.world, call.repository)}/${kind}/${ref}/${path}`;
  const download = entry.type === 'blob' ? `${repositoryPage(call.world, call.repository)}/raw/${ref}/${path}` : null;
  return {
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    html_url: page,
    git_url: gitUrl,
    download_url: download,
    type: entry.type === 'tree' ? 'dir' : entry.type === 'commit' ? 'submodule' : entry.mode === '120000' ? 'symlink' : 'file',
    _links: { self: url, git: gitUrl, html: page },
  };
}

async function showContents(call: Call): Promise<Answer> {
  const { repository } = call;
  const ref = call.query.get('ref') ?? repository.defaultBranch;
  const path = (call.params['path'] ?? '').replace(/^\/+|\/+$/g, '');
  const commit = await resolveCommit(repository.directory, ref.replace(/^refs\/(heads|tags)\//, ''));
  if (commit === null) throw new Problem(404, `No commit found for the ref ${ref}`);
  if (path === '') return showFolder(call, commit, '', ref);
  const entry = (await listTree(repository.directory, commit, { recursive: true })).find((candidate) => candidate.path === path);
  if (entry === undefined) throw notFound();
  if (entry.type === 'tree') return showFolder(call, commit, path, ref);
  if (entry.type === 'commit') return ok({ ...entryView(call, entry, ref), submodule_git_url: `${call.world.url}/module.git` });
  if (entry.mode === '120000') return showLink(call, commit, entry, ref);
  return showFile(call, entry, ref);
}

async function showFolder(call: Call, commit: string, path: string, ref: string): Promise<Answer> {
  const entries = await listTree(call.repository.directory, path === '' ? commit : `${commit}:${path}`);
  const prefix = path === '' ? '' : `${path}/`;
  return ok(entries.slice(0, 1000).map((entry) => entryView(call, { ...entry, path: `${prefix}${entry.path}` }, ref)));
}

/** A link to a file of the repository is answered with that file, any other link with its target. */
async function showLink(call: Call, commit: string, link: TreeEntry, ref: string): Promise<Answer> {
  const target = (await readBlob(call, link.sha)).toString('utf8');
  const resolved = new URL(target, `file:///${link.path}`).pathname.slice(1);
  const entry = target.startsWith('/') ? undefined : (await listTree(call.repository.directory, commit, { recursive: true })).find((candidate) => candidate.path === resolved);
  if (entry?.type === 'blob' && entry.mode !== '120000') return showFile(call, { ...entry, path: link.path }, ref);
  return ok({ ...entryView(call, link, ref), target });
}

async function showFile(call: Call, entry: TreeEntry, ref: string): Promise<Answer> {
  const size = entry.size ?? 0;
  if (size > RAW_BYTES) {
    throw new Problem(403, 'This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API, but you can always clone the repository via Git in order to obtain it.', {
      errors: [{ resource: 'Blob', field: 'data', code: 'too_large' }],
    });
  }
  const content = await readBlob(call, entry.sha);
  if (/github\.(v3\.)?raw/.test(call.headers.accept ?? '')) return { status: 200, raw: content, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } };
  const inline = size <= INLINE_BYTES;
  return ok({ ...entryView(call, entry, ref), content: inline ? wrapped(content) : '', encoding: inline ? 'base64' : 'none' });
}

/** Base64 in lines of 60, as GitHub sends it. */
function wrapped(content: Buffer): string {
  return content.toString('base64').replace(/(.{60})/g, '$1\n') + (content.length > 0 ? '\n' : '');
}

async function showTree(call: Call): Promise<Answer> {
  const { repository, world } = call;
  const name = call.params['tree_sha'] ?? '';
  const tree = await gitTextOrNull(repository.directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${(await resolveCommit(repository.directory, name)) ?? name}^{tree}`]);
  if (tree === null) throw notFound();
  const all = await listTree(repository.directory, tree, { recursive: call.query.has('recursive') });
  const url = repositoryUrl(world, repository);
  let bytes = 0;
  const shown: JsonObject[] = [];
  for (const entry of all) {
    bytes += entry.path.length + 200;
    if (shown.length >= TREE_ENTRIES || bytes > TREE_BYTES) break;
    shown.push({
      path: entry.path,
      mode: entry.mode,
      type: entry.type,
      sha: entry.sha,
      ...(entry.size === null ? {} : { size: entry.size }),
      ...(entry.type === 'commit' ? {} : { url: `${url}/git/${entry.type}s/${entry.sha}` }),
    });
  }
  return ok({ sha: tree, url: `${url}/git/trees/${tree}`, tree: shown, truncated: shown.length < all.length });
}

async function showBlob(call: Call): Promise<Answer> {
  const { repository, world } = call;
  const sha = call.params['file_sha'] ?? '';
  if ((await gitTextOrNull(repository.directory, ['cat-file', '-t', sha])) !== 'blob') throw notFound();
  const content = await readBlob(call, sha);
  if (content.length > RAW_BYTES) throw new Problem(403, 'This API returns blobs up to 100 MB in size.', { errors: [{ resource: 'Blob', field: 'data', code: 'too_large' }] });
  if (/github\.(v3\.)?raw/.test(call.headers.accept ?? '')) return { status: 200, raw: content, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } };
  return ok({ sha, node_id: `B_${sha}`, size: content.length, url: `${repositoryUrl(world, repository)}/git/blobs/${sha}`, content: wrapped(content), encoding: 'base64' });
}

async function showGitCommit(call: Call): Promise<Answer> {
  const sha = call.params['commit_sha'] ?? '';
  const { repository } = call;
  if (!/^[0-9a-f]{40}$/.test(sha)) throw refused('The SHA parameter must be exactly 40 characters and contain only [0-9a-f].');
  if ((await gitTextOrNull(repository.directory, ['cat-file', '-t', sha])) !== 'commit') throw notFound();
  return ok(gitCommitView(call.world, repository, await readCommit(repository.directory, sha)));
}

function refView(call: Call, ref: string, sha: string): JsonObject {
  const url = repositoryUrl(call.world, call.repository);
  return { ref, node_id: nodeId('REF', ref.length), url: `${url}/git/${ref}`, object: { type: 'commit', sha, url: `${url}/git/commits/${sha}` } };
}

async function showRef(call: Call): Promise<Answer> {
  const ref = `refs/${call.params['ref'] ?? ''}`;
  const sha = await gitTextOrNull(call.repository.directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', ref]);
  if (sha === null || !/^refs\/(heads|tags|pull)\//.test(ref)) throw notFound();
  return ok(refView(call, ref, sha));
}

async function matchingRefs(call: Call): Promise<Answer> {
  const lines = await gitText(call.repository.directory, ['for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads', 'refs/tags']);
  const prefix = `refs/${call.params['ref'] ?? ''}`;
  const refs = lines.split('\n').filter((line) => line.startsWith(prefix)).map((line) => refView(call, line.split(' ')[0] ?? '', line.split(' ')[1] ?? ''));
  return paginate(call, under(call, `/git/matching-refs/${call.params['ref'] ?? ''}`), refs);
}

/** Endpoints that read files, trees, blobs and refs. */
export const contentRoutes: readonly Route[] = [
  route('GET', '/repos/{owner}/{repo}/contents/{+path}', CONTENTS, showContents),
  route('GET', '/repos/{owner}/{repo}/contents/?', CONTENTS, showContents),
  route('GET', '/repos/{owner}/{repo}/git/trees/{+tree_sha}', CONTENTS, showTree),
  route('GET', '/repos/{owner}/{repo}/git/blobs/{file_sha}', CONTENTS, showBlob),
  route('GET', '/repos/{owner}/{repo}/git/commits/{commit_sha}', CONTENTS, showGitCommit),
  route('GET', '/repos/{owner}/{repo}/git/ref/{+ref}', CONTENTS, showRef),
  route('GET', '/repos/{owner}/{repo}/git/matching-refs/{+ref}', CONTENTS, matchingRefs),
];
