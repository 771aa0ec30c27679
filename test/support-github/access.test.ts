import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGitHub, type GitHub } from '../support/github/start-github.js';
import { appToken, ask, field, installationToken } from './client.js';

describe('access to the stand-in', () => {
  let github: GitHub;

  beforeEach(async () => {
    github = await startGitHub({
      repositories: [
        { name: 'acme/shop', files: { a: 'a' } },
        { name: 'acme/docs', files: { a: 'a' }, private: false },
        { name: 'acme/.github', files: { '.github/belay.yml': 'version: 1\n' } },
        { name: 'other/open', files: { a: 'a' }, private: false, installed: false },
        { name: 'other/closed', files: { a: 'a' }, installed: false },
      ],
    });
    const shop = github.repository('acme/shop');
    await github.user('alice').push(shop, 'change', { a: 'b' });
    await github.user('alice').openPull(shop, 'change');
  });

  afterEach(() => github.close());

  it('believes only JSON web tokens that are signed, in time and from the App', async () => {
    const now = Math.floor(Date.now() / 1000);
    const status = async (token: string | null): Promise<number> => (await ask(github, token, 'GET', '/app')).status;
    expect(await status(appToken(github))).toBe(200);
    expect(await status(null)).toBe(401);
    expect(await status(appToken(github, { exp: now - 1 }))).toBe(401);
    expect(await status(appToken(github, { exp: now + 3600 }))).toBe(401);
    expect(await status(appToken(github, { iat: now + 120 }))).toBe(401);
    expect(await status(appToken(github, { iss: '1' }))).toBe(401);
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(await status(appToken({ ...github, privateKey: other }))).toBe(401);
    expect((await ask(github, appToken(github), 'GET', '/repos/acme/shop')).status).toBe(401);
  });

  it('gives a token only what the installation was granted', async () => {
    const jwt = appToken(github);
    const url = `/app/installations/${String(github.state.installations[0]?.id)}/access_tokens`;
    expect((await ask(github, jwt, 'POST', url, { permissions: { contents: 'write' } })).status).toBe(422);
    expect((await ask(github, jwt, 'POST', url, { repositories: ['closed'] })).status).toBe(422);
    const made = await ask(github, jwt, 'POST', url, { repositories: ['shop'], permissions: { checks: 'write' } });
    expect(made.body).toMatchObject({ permissions: { checks: 'write', metadata: 'read' }, repositories: [{ full_name: 'acme/shop' }] });
    expect(field(made, 'token').length).toBeGreaterThan(40);
    expect((await ask(github, field(made, 'token'), 'GET', '/installation/repositories')).body).toMatchObject({ total_count: 1 });
    expect((await ask(github, jwt, 'GET', '/repos/acme/shop/installation')).body).toMatchObject({ id: github.state.installations[0]?.id });
    expect((await ask(github, jwt, 'GET', '/repos/other/open/installation')).status).toBe(404);
  });

  it('keeps a token to its permissions and repositories', async () => {
    const checks = await installationToken(github, { repositories: ['shop'], permissions: { checks: 'write' } });
    expect((await ask(github, checks, 'GET', '/repos/acme/shop/contents/a')).status).toBe(403);
    expect((await ask(github, checks, 'POST', '/repos/acme/shop/issues/1/comments', { body: 'x' })).status).toBe(403);
    expect((await ask(github, checks, 'POST', '/repos/acme/shop/pulls/1/reviews', { event: 'COMMENT', body: 'x' })).body).toMatchObject({ message: 'Resource not accessible by integration' });
    const contents = await installationToken(github, { repositories: ['shop'], permissions: { contents: 'read' } });
    const at = async (path: string): Promise<number> => (await ask(github, contents, 'GET', `${path}/contents/a`)).status;
    expect(await at('/repos/acme/shop')).toBe(200);
    expect(await at('/repos/acme/docs')).toBe(200);
    expect(await at('/repos/acme/.github')).toBe(404);
    expect(await at('/repos/other/open')).toBe(200);
    expect(await at('/repos/other/closed')).toBe(404);
    const all = await installationToken(github);
    expect((await ask(github, all, 'POST', '/repos/other/open/issues/1/comments', { body: 'x' })).status).toBe(403);
    expect((await ask(github, all, 'GET', '/repos/acme/.github/contents/.github%2Fbelay.yml')).status).toBe(200);
  });

  it('forgets tokens after their time', async () => {
    const token = await installationToken(github);
    expect((await ask(github, token, 'GET', '/repos/acme/shop')).status).toBe(200);
    const { now } = github.state;
    github.state.now = () => now() + 3_600_001;
    expect((await ask(github, token, 'GET', '/repos/acme/shop')).status).toBe(401);
  });

  it('stops an installation that used up its requests', async () => {
    github.state.rateLimit = 2;
    const token = await installationToken(github);
    expect((await ask(github, token, 'GET', '/repos/acme/shop')).headers.get('x-ratelimit-remaining')).toBe('1');
    await ask(github, token, 'GET', '/repos/acme/shop');
    const third = await ask(github, token, 'GET', '/repos/acme/shop');
    expect([third.status, third.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    expect(Number(third.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now());
  });

  it('records requests that GitHub does not describe', async () => {
    const token = await installationToken(github);
    await fetch(`${github.url}/api/v3/repos/acme/shop/nonsense`, { headers: { authorization: `token ${token}`, 'user-agent': 'x' } });
    await fetch(`${github.url}/api/v3/repos/acme/shop/pulls?per_page=1000`, { headers: { authorization: `token ${token}`, 'user-agent': 'x' } });
    await fetch(`${github.url}/api/v3/repos/acme/shop/issues/1/comments`, { method: 'POST', body: '{', headers: { authorization: `token ${token}`, 'user-agent': 'x' } });
    expect(github.state.violations.map((violation) => violation.problem)).toEqual([expect.stringContaining('no such operation'), expect.stringContaining('over 100'), 'the body is not JSON']);
  });
});
