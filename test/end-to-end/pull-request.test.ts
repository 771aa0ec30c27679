import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { GitHub } from '../support/github/start-github.js';
import { FIXED_INDEX, HARMLESS, LOCKING_INDEX, SET_NOT_NULL, reviewed, said, shop, startShops, verdict } from './shop.js';
import { startBelay, until, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(600_000);

describe('the life of a pull request', () => {
  let github: GitHub;
  let belay: Belay;

  beforeAll(async () => {
    github = await startShops(['opened', 'fixed', 'clean', 'draft', 'bots', 'base', 'edited', 'config', 'closed', 'twins'].map((name) => shop(name)), { bots: ['renovate[bot]'] });
    belay = await startBelay(github);
  });

  afterAll(async () => {
    const code = await belay.stop();
    const { violations, accidents } = github.state;
    await github.close();
    expect({ violations, accidents, code }).toEqual({ violations: [], accidents: [], code: 0 });
  });

  it('shows the check at once, then its conclusion and one review with the finding on its line', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/opened');
    await alice.push(repository, 'index', LOCKING_INDEX);
    const opened = await alice.openPull(repository, 'index');
    const run = await reviewed(belay, opened);
    expect(run.conclusion).toBe('failure');
    expect(run.summary).toContain('migrations/index-not-concurrent');
    const { reviews, inline, comments, runs } = said(opened);
    expect([reviews.length, comments.length, runs.length]).toEqual([1, 0, 1]);
    expect(inline.map((comment) => [comment.path, comment.originalLine, comment.side])).toEqual([['db/migrations/0002_users_email.sql', 1, 'RIGHT']]);
    expect(inline[0]?.body).toContain('users');
    expect(reviews[0]?.state).toBe('COMMENTED');
    const writes = github.state.requests.filter((request) => request.method !== 'GET' && request.path.includes('/repos/acme/opened/') && request.status < 300);
    expect(writes.map((request) => [request.method, (request.body as { status?: string }).status ?? 'review'])).toEqual([['POST', 'in_progress'], expect.arrayContaining(['POST']), ['PATCH', 'completed']]);
  });

  it('does not repeat what stays, adds what is new, and marks what was fixed', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/fixed');
    await alice.push(repository, 'index', LOCKING_INDEX);
    const opened = await alice.openPull(repository, 'index');
    await reviewed(belay, opened);
    const [first] = said(opened).inline;
    await alice.push(repository, 'index', HARMLESS);
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
    expect(said(opened).inline).toEqual([first]);
    await alice.push(repository, 'index', SET_NOT_NULL);
    await reviewed(belay, opened);
    expect(said(opened).inline.map((comment) => comment.path)).toEqual(['db/migrations/0002_users_email.sql', 'db/migrations/0003_users_name.sql']);
    await alice.push(repository, 'index', { ...FIXED_INDEX, 'db/migrations/0003_users_name.sql': null });
    const fixedHead = opened.pull.headSha;
    expect((await reviewed(belay, opened)).conclusion).toBe('success');
    const after = said(opened);
    expect(after.inline).toHaveLength(2);
    for (const comment of after.inline) expect(comment.body.toLowerCase()).toContain(`fixed in ${fixedHead.slice(0, 7)}`);
    expect(after.runs.map((run) => run.headSha)).toEqual(opened.pull.heads);
  });

  it('says nothing but a green check about a clean pull request', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/clean');
    await alice.push(repository, 'greet', HARMLESS);
    const opened = await alice.openPull(repository, 'greet');
    expect((await reviewed(belay, opened)).conclusion).toBe('success');
    const { reviews, inline, comments } = said(opened);
    expect([...reviews, ...inline, ...comments]).toEqual([]);
  });

  it('reviews drafts as the repository wants it, and again when they are ready', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/draft');
    await alice.push(repository, 'main', { '.github/belay.yml': 'version: 1\ndatabase: { target: postgres@16 }\nreview: { drafts: false }\n' });
    await alice.push(repository, 'index', LOCKING_INDEX);
    const opened = await alice.openPull(repository, 'index', { draft: true });
    await belay.idle();
    expect(said(opened).reviews).toEqual([]);
    await alice.readyForReview(opened);
    await until('the ready pull request is reviewed', belay.log, () => said(opened).reviews.length === 1);
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
  });

  it('does not comment on what bots open unless asked, yet never leaves a required check hanging', async () => {
    const robot = github.user('renovate[bot]');
    const repository = github.repository('acme/bots');
    await robot.push(repository, 'bump', LOCKING_INDEX);
    const opened = await robot.openPull(repository, 'bump');
    await reviewed(belay, opened);
    expect(said(opened).reviews).toEqual([]);
    await github.user('bob').comment(opened, '/ai-review');
    await until('the bot’s pull request is reviewed', belay.log, () => said(opened).reviews.length === 1);
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
  });

  it('judges a pull request anew when its base changes, with the configuration of a trusted branch', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/base');
    await alice.push(repository, 'lax', { '.github/belay.yml': 'version: 1\nrules: { migrations/index-not-concurrent: off }\n' });
    await alice.push(repository, 'index', LOCKING_INDEX);
    const opened = await alice.openPull(repository, 'index', { base: 'lax' });
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
    await alice.push(repository, 'main', { '.github/belay.yml': 'version: 1\nrules: { migrations/index-not-concurrent: off }\n' });
    await alice.edit(opened, { base: 'main' });
    await until('the changed base is judged', belay.log, () => said(opened).runs.at(-1)?.conclusion === 'success');
    expect((await reviewed(belay, opened)).conclusion).toBe('success');
  });

  it('gives two pull requests with one head the worse verdict', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/twins');
    await alice.push(repository, 'main', { '.github/belay.yml': 'version: 1\nbranches: [lax]\ndatabase: { target: postgres@16 }\n' });
    await alice.push(repository, 'lax', { '.github/belay.yml': 'version: 1\nrules: { migrations/index-not-concurrent: off }\n' });
    await alice.push(repository, 'index', LOCKING_INDEX);
    const strict = await alice.openPull(repository, 'index');
    expect((await reviewed(belay, strict)).conclusion).toBe('failure');
    const lax = await alice.openPull(repository, 'index', { base: 'lax' });
    await belay.idle();
    expect((await verdict(belay, lax)).conclusion).toBe('failure');
  });

  it('asks for a rollback plan once an edited title makes it a hotfix', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/edited');
    await alice.push(repository, 'greet', HARMLESS);
    const opened = await alice.openPull(repository, 'greet', { title: 'Greeting' });
    expect((await reviewed(belay, opened)).conclusion).toBe('success');
    await alice.edit(opened, { title: 'hotfix: checkout is down' });
    await until('the hotfix is judged', belay.log, () => said(opened).runs.at(-1)?.conclusion === 'failure');
    expect((await reviewed(belay, opened)).summary).toContain('rollback/plan-missing');
  });

  it('reports a change to its own configuration and does not obey it', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/config');
    await alice.push(repository, 'sneaky', { ...LOCKING_INDEX, '.github/belay.yml': 'version: 1\nmode: observe\nrules: { migrations/index-not-concurrent: off }\n' });
    const opened = await alice.openPull(repository, 'sneaky');
    const run = await reviewed(belay, opened);
    expect(run.conclusion).toBe('failure');
    expect(run.summary).toContain('review/configuration-changed');
    expect(run.summary).toContain('migrations/index-not-concurrent');
  });

  it('leaves a closed pull request alone', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/closed');
    await alice.push(repository, 'index', LOCKING_INDEX);
    github.hold();
    const opened = await alice.openPull(repository, 'index');
    await alice.close(opened);
    await github.release();
    await belay.idle();
    expect(said(opened).reviews).toEqual([]);
  });
});
