import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { APP_ID, example, installed, REPO, sha, Stage, type Answer, type Received } from './stage.js';

let stage: Stage;
beforeEach(() => {
  stage = installed(new Stage());
});
afterEach(() => {
  stage.close();
  expect(stage.violations).toEqual([]);
});

const FILE = '/repos/acme/wallet/contents/a.txt';
const content = (text: string): object => ({ ...example('GET', '/repos/o/r/contents/a', {}, 200, 'response-if-content-is-a-file'), type: 'file', encoding: 'base64', content: Buffer.from(text).toString('base64') });
const read = (): Promise<string | null> => stage.app().host(REPO, { purpose: 'review' }).file('a.txt', 'main');
const refuse = (status: number, message: string, headers: Record<string, string> = {}) => (): Answer => ({ status, body: { message }, headers });

describe('a token', () => {
  it('is for one repository and only what the job needs', async () => {
    stage.on('GET', FILE, content('hello'));
    expect(await read()).toBe('hello');
    expect(stage.requests('POST', /access_tokens/).map((request) => request.body)).toEqual([{ repositories: ['wallet'], permissions: { metadata: 'read', contents: 'read', pull_requests: 'write', checks: 'write' } }]);
  });

  it('is minted anew for each job, and once within a job', async () => {
    stage.on('GET', FILE, content('hello'));
    const app = stage.app();
    for (let job = 0; job < 2; job += 1) {
      const host = app.host(REPO, { purpose: 'review' });
      await host.file('a.txt', 'main');
      await host.file('a.txt', 'main');
    }
    expect(stage.requests('POST', /access_tokens/)).toHaveLength(2);
    expect(stage.requests('GET', /installation$/)).toHaveLength(1);
  });

  it('asks for members only where the operator granted it', async () => {
    installed(stage, { metadata: 'read', contents: 'read', pull_requests: 'write', checks: 'write', members: 'read' }).on('GET', FILE, content('x'));
    await stage.app().host(REPO, { purpose: 'command' }).file('a.txt', 'main');
    expect(stage.requests('POST', /access_tokens/)[0]?.body).toMatchObject({ permissions: { members: 'read' } });
  });

  it('is not asked for when a permission is missing: the message names it', async () => {
    installed(stage, { metadata: 'read', contents: 'read', pull_requests: 'read', checks: 'write' });
    await expect(read()).rejects.toMatchObject({ scope: 'installation', retryAfter: null, message: expect.stringContaining('pull_requests: write') });
    expect(stage.requests('POST')).toEqual([]);
  });

  it('is not asked for while the installation is suspended', async () => {
    stage.on('GET', '/repos/acme/wallet/installation', example('GET', '/repos/o/r/installation', { id: 99, suspended_at: '2026-01-01T00:00:00Z' }));
    await expect(read()).rejects.toMatchObject({ scope: 'installation', message: expect.stringContaining('suspended') });
  });
});

describe('a failure', () => {
  it.each<[string, () => Answer, object]>([
    ['a limit with retry-after', refuse(429, 'slow down', { 'retry-after': '30' }), { scope: 'installation', retryAfter: 30_000 }],
    ['a secondary limit without a time', refuse(403, 'You have exceeded a secondary rate limit'), { scope: 'installation', retryAfter: 60_000 }],
    ['a permission that is missing', refuse(403, 'Resource not accessible by integration'), { scope: 'installation', retryAfter: null }],
    ['a suspended installation', refuse(403, 'This installation has been suspended'), { scope: 'installation', retryAfter: null }],
    ['a token that is no longer accepted', refuse(401, 'Bad credentials'), { scope: 'installation', retryAfter: 30_000 }],
    ['a host that is down', refuse(503, 'unavailable'), { scope: 'request', retryAfter: 15_000 }],
  ])('of %s has its scope and its time', async (_, answer, expected) => {
    stage.on('GET', FILE, answer);
    await expect(read()).rejects.toMatchObject(expected);
  });

  it('of the hourly limit waits for its reset', async () => {
    const reset = Math.floor(Date.now() / 1000) + 600;
    stage.on('GET', FILE, refuse(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) }));
    const error = (await read().catch((thrown: unknown) => thrown)) as { scope: string; retryAfter: number };
    expect(error.scope).toBe('installation');
    expect(error.retryAfter).toBeGreaterThan(590_000);
    expect(error.retryAfter).toBeLessThan(610_000);
  });

  it('of the App\'s own credentials is everybody\'s', async () => {
    stage.on('GET', '/app', refuse(401, 'A JSON web token could not be decoded'));
    await expect(stage.app().identity()).rejects.toMatchObject({ scope: 'global' });
  });

  it('to know a fresh commit is worth another try, an old one is not', async () => {
    stage.on('GET', '/repos/acme/wallet/pulls/12', refuse(404, 'Not Found'));
    const pull = (fresh: boolean) => stage.app().host(REPO, { purpose: 'review', fresh: () => fresh }).pull(12);
    await expect(pull(true)).rejects.toMatchObject({ scope: 'pull', retryAfter: 10_000 });
    await expect(pull(false)).rejects.toMatchObject({ scope: 'pull', retryAfter: null });
  });

  it('that passes is tried again, for reads', async () => {
    let times = 0;
    stage.on('GET', FILE, (): Answer => {
      times += 1;
      return times === 1 ? 'lost' : times === 2 ? { status: 502, body: { message: 'Bad Gateway' } } : { status: 200, body: content('at last') };
    });
    expect(await read()).toBe('at last');
  });

  it('names no secret', async () => {
    stage.on('GET', FILE, refuse(403, 'no'));
    const error = await read().catch((thrown: unknown) => String(thrown));
    expect(error).not.toContain('ghs_secret');
  });
});

describe('the App', () => {
  it('knows itself, and asks once', async () => {
    const app = stage.app();
    expect(await app.identity()).toEqual({ appId: APP_ID, slug: 'belay', login: 'belay[bot]' });
    await app.identity();
    expect(stage.requests('GET', /^\/app$/)).toHaveLength(1);
  });

  it('tells the metrics what was answered and what is left', async () => {
    stage.on('GET', FILE, content('x'));
    await read();
    expect(stage.observations.map(({ route, status, remaining }) => [route, status, remaining])).toEqual([
      ['GET /repos/{owner}/{repo}/installation', 200, 4321],
      ['POST /app/installations/{installation_id}/access_tokens', 201, 4321],
      ['GET /repos/{owner}/{repo}/contents/{path}', 200, 4321],
    ]);
  });

  it('does not pay again for what has not changed', async () => {
    let changed = false;
    stage.on('GET', FILE, (): Answer => (changed ? { status: 200, body: content('new'), headers: { etag: '"2"' } } : { status: stage.requests('GET', /a\.txt/).length === 1 ? 200 : 304, body: stage.requests('GET', /a\.txt/).length === 1 ? content('old') : undefined, headers: { etag: '"1"' } }));
    const host = stage.app().host(REPO, { purpose: 'review' });
    expect([await host.file('a.txt', 'main'), await host.file('a.txt', 'main')]).toEqual(['old', 'old']);
    changed = true;
    expect(await host.file('a.txt', 'main')).toBe('new');
  });

  it('lists deliveries that failed, all pages, one for each guid, oldest first, and asks for them again', async () => {
    const raw = example('GET', '/app/hook/deliveries');
    const delivery = (id: number, guid: string, minute: number): object => ({ ...raw, id, guid, status: 'failed', status_code: 502, delivered_at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z` });
    stage
      .on('GET', '/app/hook/deliveries', (request: Received): Answer => {
        if (request.query.get('cursor') === null) return { status: 200, body: [delivery(4, 'b', 40), delivery(3, 'a', 30)], headers: { link: '<https://api.github.com/app/hook/deliveries?per_page=100&cursor=v1_2>; rel="next"' } };
        return { status: 200, body: [delivery(2, 'a', 20), delivery(1, 'old', 1)], headers: { link: '<https://api.github.com/app/hook/deliveries?per_page=100&cursor=v1_3>; rel="next"' } };
      })
      .on('POST', '/app/hook/deliveries/3/attempts', () => ({ status: 202, body: {} }));
    const app = stage.app();
    const failed = await app.failedDeliveries(new Date('2026-01-01T00:10:00Z'));
    expect(failed.map(({ id, guid }) => [id, guid])).toEqual([[3, 'a'], [4, 'b']]);
    await app.redeliver(3, new AbortController().signal);
    expect(stage.requests('POST', /attempts/)).toHaveLength(1);
  });

  it('lists installations and the repositories they give', async () => {
    stage
      .on('GET', '/app/installations', [{ ...example('GET', '/app/installations'), id: 99 }])
      .on('GET', '/installation/repositories', { total_count: 2, repositories: ['wallet', 'attic'].map((name) => ({ ...(example('GET', '/installation/repositories')['repositories'] as object[])[0], name, archived: name === 'attic' })) });
    const app = stage.app();
    expect(await app.installations()).toMatchObject([{ id: 99, suspended: false }]);
    expect(await app.repositories(99)).toEqual([{ owner: 'octocat', name: 'wallet' }]);
  });
});

describe('people', () => {
  it.each<[string, Answer, string]>([
    ['a maintainer by the role', { status: 200, body: example('GET', '/repos/o/r/collaborators/x/permission', { permission: 'write', role_name: 'maintain' }) }, 'maintain'],
    ['a custom role by what it is built on', { status: 200, body: example('GET', '/repos/o/r/collaborators/x/permission', { permission: 'write', role_name: 'release-captain' }) }, 'write'],
    ['a stranger', { status: 404, body: { message: 'Not Found' } }, 'none'],
  ])('are known: %s', async (_, answer, expected) => {
    stage.on('GET', '/repos/acme/wallet/collaborators/mira/permission', () => answer);
    expect(await stage.app().host(REPO, { purpose: 'command' }).permission('mira')).toBe(expected);
  });

  it('are no team members where we may not look or they were only invited', async () => {
    const host = stage.app().host(REPO, { purpose: 'command' });
    stage.on('GET', '/orgs/acme/teams/on-call/memberships/mira', refuse(403, 'Resource not accessible by integration'));
    expect(await host.teamMember('on-call', 'mira')).toBe(false);
    stage.on('GET', '/orgs/acme/teams/on-call/memberships/mira', example('GET', '/orgs/o/teams/t/memberships/x', { state: 'pending' }));
    expect(await host.teamMember('on-call', 'mira')).toBe(false);
    stage.on('GET', '/orgs/acme/teams/on-call/memberships/mira', example('GET', '/orgs/o/teams/t/memberships/x', { state: 'active' }));
    expect(await host.teamMember('acme/on-call', 'mira')).toBe(true);
  });

  it('of the commits count as participants, co-authors too, and unknown ones are said to be', async () => {
    const comparison = example('GET', '/repos/o/r/compare/a...b');
    const raw = (comparison['commits'] as Record<string, unknown>[])[0] ?? {};
    const commit = (login: string | null, message: string): object => ({ ...raw, author: login === null ? null : { ...(raw['author'] as object), login }, committer: { ...(raw['author'] as object), login: 'web-flow' }, commit: { ...(raw['commit'] as object), message } });
    const pull = example('GET', '/repos/o/r/pulls/1');
    const head = { ...(pull['head'] as object), sha: sha('a'), ref: 'feature' };
    stage.on('GET', '/repos/acme/wallet/pulls/12', { ...pull, number: 12, state: 'open', head, user: { ...(pull['user'] as object), login: 'Author' } });
    const show = (commits: object[]): Stage => stage.on('GET', '/repos/acme/wallet/compare/**', { ...comparison, total_commits: commits.length, commits });
    show([commit('Dev', 'x\n\nCo-authored-by: Pat <12+pat-x@users.noreply.github.com>')]);
    expect(await stage.app().host(REPO, { purpose: 'command' }).participants(12)).toEqual({ authors: new Set(['author', 'dev', 'pat-x']), unknownAuthors: false });
    show([commit(null, 'x')]);
    expect(await stage.app().host(REPO, { purpose: 'command' }).participants(12)).toMatchObject({ unknownAuthors: true });
    show([commit('dev', 'x\n\nco-authored-by: Someone <someone@example.com>')]);
    expect(await stage.app().host(REPO, { purpose: 'command' }).participants(12)).toMatchObject({ unknownAuthors: true });
  });
});

describe('the organisation\'s file', () => {
  const organisation = (): Stage => stage.on('GET', '/repos/acme/wallet/installation', example('GET', '/repos/o/r/installation', { id: 99, target_type: 'Organization', permissions: { metadata: 'read', contents: 'read', pull_requests: 'write', checks: 'write' } }));
  const read = (): Promise<string | null> => stage.app().host(REPO, { purpose: 'review' }).organisationFile('.github/belay.yml');

  it('is read with a token that can do nothing else', async () => {
    organisation()
      .on('GET', '/repos/acme/.github/installation', example('GET', '/repos/o/r/installation', { id: 99, permissions: { metadata: 'read', contents: 'read', checks: 'write' } }))
      .on('GET', '/repos/acme/.github/contents/.github/belay.yml', content('version: 1\n'));
    expect(await read()).toBe('version: 1\n');
    expect(stage.requests('POST', /access_tokens/).map((request) => request.body)).toEqual([{ repositories: ['.github'], permissions: { metadata: 'read', contents: 'read' } }]);
  });

  it('is nothing where it is out of reach, but unknown during an outage', async () => {
    organisation().on('GET', '/repos/acme/.github/installation', refuse(404, 'Not Found'));
    expect(await read()).toBeNull();
    stage.on('GET', '/repos/acme/.github/installation', refuse(503, 'down'));
    await expect(read()).rejects.toMatchObject({ scope: 'request' });
  });

  it('is not looked for where the owner is a person', async () => {
    expect(await read()).toBeNull();
    expect(stage.requests('POST')).toEqual([]);
  });
});
