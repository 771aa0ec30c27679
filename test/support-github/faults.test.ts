import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGitHub, type GitHub } from '../support/github/start-github.js';
import type { OpenedPull } from '../support/github/user.js';
import type { Repository } from '../support/github/world.js';
import { ask, installationToken } from './client.js';

describe('faults of the stand-in', () => {
  let github: GitHub;
  let token: string;
  let shop: Repository;
  let opened: OpenedPull;
  const comment = () => ask(github, token, 'POST', '/repos/acme/shop/issues/1/comments', { body: 'hello' });
  const on = { method: 'POST', path: /\/comments$/ };

  beforeEach(async () => {
    github = await startGitHub({ repositories: [{ name: 'acme/shop', files: { a: 'a\n' }, collaborators: { alice: 'write' } }] });
    shop = github.repository('acme/shop');
    await github.user('alice').push(shop, 'change', { a: 'b\n' });
    opened = await github.user('alice').openPull(shop, 'change');
    token = await installationToken(github);
  });

  afterEach(() => github.close());

  it('loses the answer to a write that was carried out', async () => {
    github.addFault({ on, fault: { kind: 'lost' } });
    await expect(comment()).rejects.toThrow('fetch failed');
    expect(shop.comments.size).toBe(1);
    expect((await comment()).status).toBe(201);
  });

  it('carries a write out after the connection is gone', async () => {
    github.addFault({ on, fault: { kind: 'late', milliseconds: 2_000 } });
    await expect(comment()).rejects.toThrow('fetch failed');
    expect(shop.comments.size).toBe(0);
    while (shop.comments.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(shop.comments.size).toBe(1);
  });

  it('fails before or after carrying out a write', async () => {
    github.addFault({ on, fault: { kind: 'status', status: 502, performed: false } });
    expect((await comment()).status).toBe(502);
    expect(shop.comments.size).toBe(0);
    github.addFault({ on, fault: { kind: 'status', status: 500, performed: true } });
    expect((await comment()).status).toBe(500);
    expect(shop.comments.size).toBe(1);
  });

  it('refuses connections, limits and slows down', async () => {
    github.addFault({ on, fault: { kind: 'refused' } });
    await expect(comment()).rejects.toThrow('fetch failed');
    github.addFault({ on, fault: { kind: 'secondary-limit', status: 429, seconds: 7 } });
    const secondary = await comment();
    expect([secondary.status, secondary.headers.get('retry-after')]).toEqual([429, '7']);
    github.addFault({ on, fault: { kind: 'primary-limit', seconds: 30 } });
    const primary = await comment();
    expect([primary.status, primary.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    expect(shop.comments.size).toBe(0);
    github.addFault({ on, fault: { kind: 'slow', milliseconds: 20 } });
    expect((await comment()).status).toBe(201);
    expect(github.state.requests.filter((request) => request.fault !== null).map((request) => request.fault)).toEqual(['refused', 'secondary-limit', 'primary-limit', 'slow']);
  });

  it('hides a fresh commit for a while, and cuts a body short', async () => {
    const path = `/repos/acme/shop/git/commits/${opened.pull.headSha}`;
    github.addFault({ on: { path: new RegExp(opened.pull.headSha) }, fault: { kind: 'missing' }, times: 2 });
    expect((await ask(github, token, 'GET', path)).status).toBe(404);
    expect((await ask(github, token, 'GET', path)).status).toBe(404);
    expect((await ask(github, token, 'GET', path)).status).toBe(200);
    github.addFault({ on: { path: /git\/commits/ }, fault: { kind: 'truncated' }, skip: 1 });
    expect((await ask(github, token, 'GET', path)).status).toBe(200);
    await expect(ask(github, token, 'GET', path)).rejects.toThrow('terminated');
  });

  it('shows the same truth for the same story, however it was told', async () => {
    const told = await github.snapshotOfTruth();
    const other = await startGitHub({ repositories: [{ name: 'acme/shop', files: { a: 'a\n' }, collaborators: { alice: 'write' } }] });
    await other.user('alice').push(other.repository('acme/shop'), 'change', { a: 'b\n' });
    await other.user('alice').openPull(other.repository('acme/shop'), 'change');
    expect(await other.snapshotOfTruth()).toEqual(told);
    await comment();
    expect(await github.snapshotOfTruth()).not.toEqual(told);
    await other.close();
  });
});
