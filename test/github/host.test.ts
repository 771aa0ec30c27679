import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import type { Pull } from '../../src/core/change-set.js';
import { DEFAULT_READ_LIMITS } from '../../src/core/host.js';
import { archive, example, installed, REPO, sha, shaOf, Stage, type Received } from './stage.js';

const [BASE, HEAD] = [sha('b'), sha('a')];
const { signal } = new AbortController();
const PULL: Pull = { number: null, title: '', body: '', author: 'x', authorIsBot: false, draft: false, headBranch: '', baseBranch: 'main', fromFork: false, labels: [], defaultBranch: 'main', templates: [], commits: [] };

let stage: Stage;
beforeEach(() => {
  stage = installed(new Stage());
});
afterEach(() => {
  stage.close();
  expect(stage.violations).toEqual([]);
});
const host = () => stage.app().host(REPO, { purpose: 'review' });

function compared(over: object = {}): object {
  const raw = example('GET', '/repos/o/r/compare/a...b');
  const commit = (at: string): object => ({ ...(raw['base_commit'] as object), sha: at });
  return { ...raw, base_commit: commit(BASE), merge_base_commit: commit(BASE), total_commits: 1, ...over };
}

function listedPull(number: number, headSha: string): object {
  const raw = example('GET', '/repos/o/r/pulls');
  return { ...raw, number, head: { ...(raw['head'] as object), sha: headSha } };
}

describe('a merge group', () => {
  it('is compared between its commits', async () => {
    const files = [{ ...example('GET', '/repos/o/r/pulls/1/files'), filename: 'a.ts', status: 'added', sha: shaOf('x\n'), additions: 1, deletions: 0, patch: '@@ -0,0 +1 @@\n+x' }];
    const bytes = await archive([{ path: 'a.ts', text: 'x\n' }]);
    stage.on('GET', `/repos/acme/wallet/compare/${BASE}...${HEAD}`, compared({ files })).on('GET', `/repos/acme/wallet/tarball/${HEAD}`, () => ({ status: 200, body: bytes }));
    const changeSet = await host().compare(BASE, HEAD, PULL, DEFAULT_READ_LIMITS, signal);
    expect(changeSet).toMatchObject({ headSha: HEAD, baseSha: BASE, unread: [], changes: [{ path: 'a.ts', before: null, after: 'x\n' }] });
  });

  it('with more files than the host lists is read from both trees', async () => {
    const files = Array.from({ length: 300 }, (_, index) => ({ ...example('GET', '/repos/o/r/pulls/1/files'), filename: `f${index}` }));
    const tree = (entries: readonly [string, string, string][], truncated = false): object => ({
      sha: sha('1'), truncated, url: 'https://api.github.com/x',
      tree: entries.map(([path, object, type]) => ({ path, mode: type === 'commit' ? '160000' : '100644', type, sha: object, url: 'https://api.github.com/x' })),
    });
    const [before, after] = [await archive([{ path: 'changed', text: 'old\n' }, { path: 'gone', text: 'bye\n' }]), await archive([{ path: 'changed', text: 'new\n' }, { path: 'same', text: 's' }])];
    stage
      .on('GET', '/repos/acme/wallet/compare/**', compared({ files }))
      .on('GET', `/repos/acme/wallet/git/trees/${BASE}`, tree([['changed', shaOf('old\n'), 'blob'], ['gone', shaOf('bye\n'), 'blob'], ['same', shaOf('s'), 'blob'], ['folder', sha('2'), 'tree'], ['module', sha('3'), 'commit']]))
      .on('GET', `/repos/acme/wallet/git/trees/${HEAD}`, tree([['changed', shaOf('new\n'), 'blob'], ['same', shaOf('s'), 'blob'], ['folder', sha('4'), 'tree'], ['module', sha('5'), 'commit']], true))
      .on('GET', `/repos/acme/wallet/tarball/${BASE}`, () => ({ status: 200, body: before }))
      .on('GET', `/repos/acme/wallet/tarball/${HEAD}`, () => ({ status: 200, body: after }));
    const changeSet = await host().compare(BASE, HEAD, PULL, DEFAULT_READ_LIMITS, signal);
    expect(changeSet.changes).toMatchObject([{ path: 'changed', status: 'modified', before: 'old\n', after: 'new\n' }, { path: 'gone', status: 'removed', before: 'bye\n', after: null }]);
    expect(changeSet.unread.map((one) => [one.path, one.reason])).toEqual([['module', 'submodule'], ['(more files)', 'over-file-limit']]);
  });
});

describe('open pull requests', () => {
  it('are looked through for a head, forks too', async () => {
    stage.on('GET', '/repos/acme/wallet/pulls', [listedPull(1, HEAD), listedPull(2, sha('9')), listedPull(3, HEAD)]);
    expect((await host().openPulls(HEAD)).map((pull) => pull.number)).toEqual([1, 3]);
    expect(await host().openPulls()).toHaveLength(3);
  });

  it('beyond a thousand are asked for by the head', async () => {
    stage.on('GET', '/repos/acme/wallet/pulls', (request: Received) => ({ status: 200, body: Array.from({ length: 100 }, (_, index) => listedPull(Number(request.query.get('page')) * 1000 + index, sha('9'))) }));
    stage.on('GET', `/repos/acme/wallet/commits/${HEAD}/pulls`, [listedPull(7, HEAD)]);
    expect((await host().openPulls(HEAD)).map((pull) => pull.number)).toEqual([7]);
  });
});

describe('commits and branches', () => {
  it('names the default branch and its tip', async () => {
    stage.on('GET', '/repos/acme/wallet', { ...example('GET', '/repos/o/r', {}, 200, 'default-response'), language: null, source: undefined, default_branch: 'trunk' });
    const branch = example('GET', '/repos/o/r/branches/main');
    stage.on('GET', '/repos/acme/wallet/branches/trunk', { ...branch, name: 'trunk', commit: { ...(branch['commit'] as object), sha: BASE } });
    expect(await host().defaultBranch()).toEqual({ name: 'trunk', sha: BASE });
  });

  it('names the parent of a commit that was merged, and of no other', async () => {
    const raw = example('GET', '/repos/o/r/commits/abc');
    const parents = [{ ...(raw['parents'] as object[])[0], sha: sha('7') }];
    stage.on('GET', '/repos/acme/wallet/commits/*', { ...raw, sha: sha('8'), parents });
    const at = (mergeBase: string): void => void stage.on('GET', '/repos/acme/wallet/compare/**', compared({ merge_base_commit: { ...raw, files: [], sha: mergeBase } }));
    at(sha('8'));
    expect(await host().mergedParent('8888888', BASE)).toEqual({ sha: sha('8'), parentSha: sha('7') });
    at(sha('6'));
    expect(await host().mergedParent('8888888', BASE)).toBeNull();
    stage.on('GET', '/repos/acme/wallet/commits/*', () => ({ status: 422, body: { message: 'No commit found for SHA: x', documentation_url: 'https://docs.github.com' } }));
    expect(await host().mergedParent('8888888', BASE)).toBeNull();
  });

  it('says how a pull request was merged, and what was before all of its rebased commits', async () => {
    const pull = example('GET', '/repos/o/r/pulls/1', { number: 7, merged: true, merged_at: '2026-01-01T00:00:00Z', state: 'closed', merge_commit_sha: sha('8'), commits: 2 });
    const raw = example('GET', '/repos/o/r/commits/abc');
    const parent = (at: string): object => ({ ...(raw['parents'] as object[])[0], sha: at });
    stage
      .on('GET', '/repos/acme/wallet/pulls/7', pull)
      .on('GET', '/repos/acme/wallet/pulls/7/commits', ['one', 'two'].map((message) => ({ ...raw, files: [], commit: { ...(raw['commit'] as object), message } })))
      .on('GET', '/repos/acme/wallet/commits', [sha('8'), sha('7'), sha('6')].map((at, index) => ({ ...raw, sha: at, files: [], commit: { ...(raw['commit'] as object), message: ['two', 'one', 'zero'][index] } })))
      .on('GET', '/repos/acme/wallet/commits/*', { ...raw, sha: sha('8'), parents: [parent(sha('7'))] });
    expect(await host().mergedPull(7)).toMatchObject({ sha: sha('8'), parentShas: [sha('7')], beforeAll: sha('6') });
    stage.on('GET', '/repos/acme/wallet/pulls/7/commits', ['other', 'words'].map((message) => ({ ...raw, files: [], commit: { ...(raw['commit'] as object), message } })));
    expect(await host().mergedPull(7)).toMatchObject({ sha: sha('8'), beforeAll: null });
    stage.on('GET', '/repos/acme/wallet/commits/*', { ...raw, sha: sha('8'), parents: [parent(sha('7')), parent(sha('5'))] });
    expect(await host().mergedPull(7)).toMatchObject({ parentShas: [sha('7'), sha('5')], beforeAll: null });
    stage.on('GET', '/repos/acme/wallet/pulls/7', { ...pull, merged: false, merged_at: null });
    expect(await host().mergedPull(7)).toBeNull();
    stage.on('GET', '/repos/acme/wallet/pulls/7', () => ({ status: 404, body: { message: 'Not Found', documentation_url: 'https://docs.github.com' } }));
    expect(await host().mergedPull(7)).toBeNull();
  });

  it('compares trees by the names of what is in them', async () => {
    const tree = (entries: readonly [string, string, string][], truncated = false): object => ({ sha: sha('1'), truncated, url: 'https://api.github.com/x', tree: entries.map(([path, object, mode]) => ({ path, mode, type: 'blob', sha: object, url: 'https://api.github.com/x' })) });
    stage
      .on('GET', `/repos/acme/wallet/git/trees/${BASE}`, tree([['same', sha('1'), '100644'], ['run.sh', sha('2'), '100644'], ['gone', sha('3'), '100644']]))
      .on('GET', `/repos/acme/wallet/git/trees/${HEAD}`, tree([['same', sha('1'), '100644'], ['run.sh', sha('2'), '100755'], ['new.png', sha('4'), '100644']]));
    expect(await host().objects(BASE, HEAD, signal)).toEqual(new Map([
      ['run.sh', { before: `100644 ${sha('2')}`, after: `100755 ${sha('2')}` }],
      ['gone', { before: `100644 ${sha('3')}`, after: null }],
      ['new.png', { before: null, after: `100644 ${sha('4')}` }],
    ]));
    stage.on('GET', `/repos/acme/wallet/git/trees/${HEAD}`, tree([], true));
    expect(await host().objects(BASE, HEAD, signal)).toBeNull();
  });

  it('names who pushed a head, if the host says so', async () => {
    const activity = { id: 1, node_id: 'x', before: sha('1'), after: HEAD, ref: 'refs/heads/feature', timestamp: '2026-01-01T00:00:00Z', activity_type: 'push', actor: example('GET', '/app')['owner'] };
    stage.on('GET', '/repos/acme/wallet/activity', [{ ...activity, after: sha('2') }, activity]);
    const pull = { ...PULL, number: 12, headBranch: 'feature', headSha: HEAD, baseSha: BASE, state: 'open' as const, merged: false, headRepository: 'acme/wallet' };
    expect(await host().pusher(pull)).toBe('octocat');
    expect(stage.requests('GET', /activity/)[0]?.query.get('ref')).toBe('refs/heads/feature');
    expect(await host().pusher({ ...pull, headSha: sha('3') })).toBeNull();
    expect(await host().pusher({ ...pull, fromFork: true })).toBeNull();
  });
});

it('an enterprise server is spoken to under /api/v3', async () => {
  nock('http://ghe.test:8080').get('/api/v3/app').reply(200, example('GET', '/app', { id: 3, slug: 'belay-inside' }), { 'content-type': 'application/json' });
  expect(await stage.app({ host: 'ghe.test:8080', protocol: 'http' }).identity()).toMatchObject({ appId: 3, login: 'belay-inside[bot]' });
});
