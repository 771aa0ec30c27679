import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { GitHub } from '../support/github/start-github.js';
import { covers } from '../support/github/auth.js';
import type { OpenedPull } from '../support/github/user.js';
import { HARMLESS, LOCKING_INDEX, SET_NOT_NULL, reviewed, said, shop, startShops, verdict } from './shop.js';
import { startBelay, until, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(600_000);

describe('hard times', () => {
  let github: GitHub;
  let belay: Belay;
  const tokens = new Set<string>();

  beforeAll(async () => {
    github = await startShops([...['tokens', 'late', 'outage', 'limit', 'reactions', 'many', 'quick', 'deleted', 'unicode', 'narrow'].map((name) => shop(name)), { ...shop('suspended'), name: 'elsewhere/suspended' }]);
    belay = await startBelay(github);
  });

  afterAll(async () => {
    remember();
    const code = await belay.stop();
    const { violations, accidents } = github.state;
    await github.close();
    // Whatever went wrong, no secret stands in the log.
    const secrets = [...tokens, github.webhookSecret, github.privateKey.split('\n')[5] ?? ''];
    expect(secrets.filter((secret) => belay.output().includes(secret))).toEqual([]);
    expect(tokens.size).toBeGreaterThan(10);
    expect({ violations, accidents, code }).toEqual({ violations: [], accidents: [], code: 0 });
  });

  function remember(): void {
    for (const token of github.state.tokens.keys()) tokens.add(token);
  }

  async function open(name: string, files: Parameters<ReturnType<GitHub['user']>['push']>[2] = LOCKING_INDEX): Promise<OpenedPull> {
    const alice = github.user('alice');
    const repository = github.repository(name.includes('/') ? name : `acme/${name}`);
    await alice.push(repository, 'index', files);
    return alice.openPull(repository, 'index');
  }

  it('asks only for tokens that are as narrow as the job', async () => {
    const known = new Set(github.state.tokens.keys());
    await reviewed(belay, await open('narrow'));
    const minted = [...github.state.tokens.values()].filter((token) => !known.has(token.token));
    expect(minted.length).toBeGreaterThan(0);
    const writers = minted.filter((token) => Object.values(token.permissions).includes('write'));
    expect(writers.map((token) => token.repositories)).toEqual(writers.map(() => [github.repository('acme/narrow').id]));
    expect(minted.some((token) => covers(token.permissions, 'contents', 'write') || covers(token.permissions, 'issues', 'write'))).toBe(false);
  });

  it('takes new tokens when old ones are no good any more', async () => {
    const opened = await open('tokens');
    await reviewed(belay, opened);
    remember();
    github.state.tokens.clear();
    await github.user('alice').push(opened.repository, 'index', SET_NOT_NULL);
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
    expect(said(opened).inline).toHaveLength(2);
  });

  it('does not repeat a write that GitHub carries out late', async () => {
    github.addFault({ on: { method: 'POST', path: /acme\/late\/check-runs/ }, fault: { kind: 'late', milliseconds: 150 } });
    github.addFault({ on: { method: 'POST', path: /acme\/late\/pulls\/1\/reviews/ }, fault: { kind: 'late', milliseconds: 150 } });
    const opened = await open('late');
    await reviewed(belay, opened);
    expect([said(opened).runs.length, said(opened).reviews.length, said(opened).inline.length]).toEqual([1, 1, 1]);
  });

  it('comes back after an outage', async () => {
    github.addFault({ on: { path: /acme\/outage/ }, fault: { kind: 'status', status: 503, performed: false }, times: 10_000, forMilliseconds: 4_000 });
    const opened = await open('outage');
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
    expect(said(opened).inline).toHaveLength(1);
  });

  it('waits for the hour to turn when the limit is used up', async () => {
    github.addFault({ on: { method: 'GET', path: /acme\/limit\/pulls\/1$/ }, fault: { kind: 'primary-limit', seconds: 3 } });
    const opened = await open('limit');
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
    const refusal = github.state.requests.find((request) => request.fault === 'primary-limit');
    const next = github.state.requests.find((request) => request.path === refusal?.path && request.at > refusal.at);
    expect((next?.at ?? 0) - (refusal?.at ?? 0)).toBeGreaterThanOrEqual(2_900);
  });

  it('answers a command although it may not react', async () => {
    const opened = await open('reactions');
    await reviewed(belay, opened);
    github.addFault({ on: { method: 'POST', path: /acme\/reactions\/.*\/reactions/ }, fault: { kind: 'status', status: 403, performed: false }, times: 100 });
    await github.user('alice').comment(opened, '/ai-review help');
    await until('help has come', belay.log, () => said(opened).comments.length === 1);
    await github.user('mia').comment(opened, '/ai-review override users is empty');
    await until('the override counts', belay.log, () => said(opened).runs.at(-1)?.conclusion === 'success');
    await belay.idle();
    expect(said(opened).comments).toHaveLength(2);
  });

  it('keeps to the limits of reviews and annotations when there is very much to say', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`db/migrations/${String(1000 + index)}_i.sql`, `CREATE INDEX users_${String(index)}_idx ON users (email);\n`]));
    const opened = await open('many', files);
    const run = await reviewed(belay, opened);
    expect(run.conclusion).toBe('failure');
    expect(run.annotations).toHaveLength(60);
    expect(said(opened).reviews).toHaveLength(1);
    expect(said(opened).inline).toHaveLength(25);
  });

  it('leaves no check of an overtaken head hanging', async () => {
    const opened = await open('quick');
    const alice = github.user('alice');
    await until('the review has begun', belay.log, () => said(opened).runs.length === 1);
    await alice.push(opened.repository, 'index', SET_NOT_NULL);
    await alice.push(opened.repository, 'index', HARMLESS);
    await reviewed(belay, opened);
    expect(said(opened).runs.filter((run) => run.status !== 'completed')).toEqual([]);
    expect(said(opened).inline.map((comment) => comment.path).sort()).toEqual(['db/migrations/0002_users_email.sql', 'db/migrations/0003_users_name.sql']);
  });

  it('gets over a comment that somebody deleted, and a forced push', async () => {
    const opened = await open('deleted', { ...LOCKING_INDEX, ...SET_NOT_NULL });
    await reviewed(belay, opened);
    const [first] = said(opened).inline;
    opened.repository.reviewComments.delete(first?.id ?? 0);
    await github.user('alice').push(opened.repository, 'index', HARMLESS, { force: true });
    expect((await reviewed(belay, opened)).conclusion).toBe('success');
    const [left, ...more] = said(opened).inline;
    expect(more).toEqual([]);
    expect(left?.body.toLowerCase()).toContain('fixed');
  });

  it('finds its way in paths of all scripts', async () => {
    const opened = await open('unicode', { 'db/migrations/0002_größe 🚀 [x] & (y).sql': 'CREATE INDEX users_email_idx ON users (email);\n' });
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
    expect(said(opened).inline.map((comment) => comment.path)).toEqual(['db/migrations/0002_größe 🚀 [x] & (y).sql']);
  });

  it('goes on for others when one installation is suspended', async () => {
    const installation = github.state.installations.find((candidate) => candidate.account.login === 'elsewhere');
    if (installation === undefined) throw new Error('no installation');
    installation.suspended = true;
    const stuck = await open('elsewhere/suspended');
    const alice = github.user('alice');
    await alice.push(github.repository('acme/narrow'), 'more', SET_NOT_NULL);
    const other = await alice.openPull(github.repository('acme/narrow'), 'more');
    expect((await verdict(belay, other)).conclusion).toBe('failure');
    expect(said(stuck).runs).toEqual([]);
  });
});
