import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startGitHub, type GitHub } from '../support/github/start-github.js';
import type { OpenedPull } from '../support/github/user.js';
import { ask, field, installationToken } from './client.js';

const REPO = '/repos/acme/shop';
const lines = (count: number, text = 'line'): string => Array.from({ length: count }, (_, index) => `${text} ${String(index + 1)}\n`).join('');

describe('git data of the stand-in', () => {
  let github: GitHub;
  let token: string;
  let opened: OpenedPull;

  beforeAll(async () => {
    github = await startGitHub({
      repositories: [
        { name: 'acme/shop', files: { 'a.txt': lines(20), 'dir/b.txt': 'b\n', 'gone.txt': 'gone\n', 'old name.txt': lines(30, 'same'), 'logo.png': Buffer.from([0, 1, 2, 0, 255]), 'big.txt': 'x\n' }, collaborators: { alice: 'write' } },
      ],
    });
    const alice = github.user('alice');
    const shop = github.repository('acme/shop');
    await alice.push(shop, 'change', {
      'a.txt': lines(20).replace('line 10\n', 'line ten\n'),
      'gone.txt': null,
      'old name.txt': null,
      'neuer Name ü.txt': lines(30, 'same').replace('same 3\n', 'other\n'),
      'logo.png': Buffer.from([0, 9, 2, 0, 255]),
      'big.txt': lines(21_000),
      'new.sql': 'select 1;',
      link: { symlink: 'dir/b.txt' },
      module: { submodule: '1'.repeat(40) },
      'run.sh': { executable: '#!/bin/sh\n' },
    });
    await alice.push(shop, 'main', { 'elsewhere.txt': 'meanwhile\n' });
    opened = await alice.openPull(shop, 'change');
    token = await installationToken(github);
  });

  afterAll(() => github.close());

  it('lists the files against the merge base, with patches where GitHub has them', async () => {
    const { status, body } = await ask(github, token, 'GET', `${REPO}/pulls/1/files`);
    expect(status).toBe(200);
    const files = new Map((body as unknown as { filename: string; status: string; patch?: string; additions: number; previous_filename?: string }[]).map((file) => [file.filename, file]));
    expect([...files.keys()].sort()).toEqual(['a.txt', 'big.txt', 'gone.txt', 'link', 'logo.png', 'module', 'neuer Name ü.txt', 'new.sql', 'run.sh']);
    expect(files.get('a.txt')?.patch).toBe('@@ -7,7 +7,7 @@ line 6\n line 7\n line 8\n line 9\n-line 10\n+line ten\n line 11\n line 12\n line 13');
    expect(files.get('new.sql')?.patch).toBe('@@ -0,0 +1 @@\n+select 1;\n\\ No newline at end of file');
    expect(files.get('logo.png')).not.toHaveProperty('patch');
    expect(files.get('big.txt')).not.toHaveProperty('patch');
    expect(files.get('big.txt')?.additions).toBe(21_000);
    expect(files.get('gone.txt')?.status).toBe('removed');
    expect(files.get('neuer Name ü.txt')).toMatchObject({ status: 'renamed', previous_filename: 'old name.txt' });
    expect(files.get('module')?.patch).toContain(`+Subproject commit ${'1'.repeat(40)}`);
  });

  it('pages through files with Link headers', async () => {
    const first = await ask(github, token, 'GET', `${REPO}/pulls/1/files?per_page=5`);
    expect(first.headers.get('link')).toContain('page=2>; rel="next"');
    const second = await ask(github, token, 'GET', `${REPO}/pulls/1/files?per_page=5&page=2`);
    expect(second.body).toHaveLength(4);
    expect(second.headers.get('link')).not.toContain('rel="next"');
  });

  it('compares commits by their merge base', async () => {
    const { body } = await ask(github, token, 'GET', `${REPO}/compare/main...change`);
    expect(body).toMatchObject({ status: 'diverged', ahead_by: 1, behind_by: 1, total_commits: 1 });
    expect((body as unknown as { files: unknown[] }).files).toHaveLength(9);
    const same = await ask(github, token, 'GET', `${REPO}/compare/main...main`);
    expect(same.body).toMatchObject({ status: 'identical', total_commits: 0 });
    expect((await ask(github, token, 'GET', `${REPO}/compare/main...nowhere`)).status).toBe(404);
  });

  it('serves contents, trees, blobs and refs', async () => {
    const file = await ask(github, token, 'GET', `${REPO}/contents/dir%2Fb.txt?ref=change`);
    expect(Buffer.from(field(file, 'content'), 'base64').toString()).toBe('b\n');
    const raw = await ask(github, token, 'GET', `${REPO}/contents/a.txt?ref=${opened.pull.headSha}`, undefined, { accept: 'application/vnd.github.raw+json' });
    expect(raw.text).toContain('line ten');
    expect((await ask(github, token, 'GET', `${REPO}/contents/link?ref=change`)).body).toMatchObject({ type: 'file', path: 'link' });
    expect((await ask(github, token, 'GET', `${REPO}/contents/module?ref=change`)).body).toMatchObject({ type: 'submodule' });
    expect((await ask(github, token, 'GET', `${REPO}/contents/none.yml`)).status).toBe(404);
    const tree = await ask(github, token, 'GET', `${REPO}/git/trees/${opened.pull.headSha}?recursive=1`);
    const entries = (tree.body as unknown as { tree: { path: string; mode: string; sha: string }[] }).tree;
    expect(entries.find((entry) => entry.path === 'dir/b.txt')?.mode).toBe('100644');
    expect(entries.find((entry) => entry.path === 'run.sh')?.mode).toBe('100755');
    expect(entries.find((entry) => entry.path === 'link')?.mode).toBe('120000');
    const blob = await ask(github, token, 'GET', `${REPO}/git/blobs/${String(entries.find((entry) => entry.path === 'logo.png')?.sha)}`);
    expect(Buffer.from(field(blob, 'content'), 'base64')).toEqual(Buffer.from([0, 9, 2, 0, 255]));
    expect((await ask(github, token, 'GET', `${REPO}/git/ref/heads/change`)).body).toMatchObject({ object: { sha: opened.pull.headSha } });
    expect((await ask(github, token, 'GET', `${REPO}/branches/main`)).body).toMatchObject({ name: 'main', protected: false });
  });

  it('redirects to an archive that holds the whole tree', async () => {
    const { status, headers } = await ask(github, token, 'GET', `${REPO}/tarball/${opened.pull.headSha}`);
    expect(status).toBe(302);
    const archive = gunzipSync(Buffer.from(await (await fetch(String(headers.get('location')))).arrayBuffer())).toString('latin1');
    expect(archive).toContain(`acme-shop-${opened.pull.headSha.slice(0, 7)}/dir/b.txt`);
    expect((await fetch(String(headers.get('location')).replace(/token=.*/, 'token=wrong'))).status).toBe(404);
  });

  it('answers 304 to a known ETag without counting it', async () => {
    const first = await ask(github, token, 'GET', `${REPO}/branches/main`);
    const again = await ask(github, token, 'GET', `${REPO}/branches/main`, undefined, { 'if-none-match': String(first.headers.get('etag')) });
    expect(again.status).toBe(304);
    expect(again.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
  });

  it('shows the whole diff only while it is small', async () => {
    const refused = await ask(github, token, 'GET', `${REPO}/pulls/1`, undefined, { accept: 'application/vnd.github.diff' }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 406 });
  });

  it('reads pull requests, their commits and the repository', async () => {
    expect((await ask(github, token, 'GET', `${REPO}/pulls/1`)).body).toMatchObject({ number: 1, changed_files: 9, commits: 1, mergeable: true, head: { sha: opened.pull.headSha } });
    expect((await ask(github, token, 'GET', `${REPO}/pulls?head=acme:change`)).body).toHaveLength(1);
    expect((await ask(github, token, 'GET', `${REPO}/pulls?state=closed`)).body).toHaveLength(0);
    const commits = (await ask(github, token, 'GET', `${REPO}/pulls/1/commits`)).body as unknown as { author: { login: string } }[];
    expect(commits.map((commit) => commit.author.login)).toEqual(['alice']);
    expect((await ask(github, token, 'GET', REPO)).body).toMatchObject({ default_branch: 'main', private: true });
    expect((await ask(github, token, 'GET', `${REPO}/commits/${opened.pull.headSha}/pulls`)).body).toHaveLength(1);
    expect((await ask(github, token, 'GET', `${REPO}/activity?ref=change`)).body).toHaveLength(1);
    expect(github.state.violations).toEqual([]);
    expect(github.state.accidents).toEqual([]);
  });
});
