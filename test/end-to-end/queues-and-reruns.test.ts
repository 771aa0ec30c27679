import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { GitHub } from '../support/github/start-github.js';
import { newestRun, requiredState } from '../support/github/truth.js';
import { CHECK, HARMLESS, LOCKING_INDEX, reviewed, said, shop, startShops } from './shop.js';
import { startBelay, until, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(600_000);

describe('merge queues, re-runs and forks', () => {
  let github: GitHub;
  let belay: Belay;

  beforeAll(async () => {
    github = await startShops(['queue', 'overridden', 'rerun', 'fork', 'suite'].map((name) => shop(name)));
    belay = await startBelay(github);
  });

  afterAll(async () => {
    await belay.stop();
    const { violations, accidents } = github.state;
    await github.close();
    expect({ violations, accidents }).toEqual({ violations: [], accidents: [] });
  });

  it('gives a merge group the verdict of its own commit', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/queue');
    await alice.push(repository, 'good', HARMLESS);
    await alice.push(repository, 'bad', LOCKING_INDEX);
    const good = await alice.openPull(repository, 'good');
    const bad = await alice.openPull(repository, 'bad');
    await reviewed(belay, good);
    await reviewed(belay, bad);
    for (const [opened, expected] of [[good, 'passed'], [bad, 'failed']] as const) {
      const group = await alice.enqueue(opened);
      await until('the merge group has a verdict', belay.log, () => ['passed', 'failed'].includes(requiredState(repository, group.headSha, CHECK)));
      expect(requiredState(repository, group.headSha, CHECK)).toBe(expected);
      expect([...repository.checkRuns.values()].filter((run) => run.headSha === group.headSha)).toHaveLength(1);
      await (expected === 'passed' ? alice.mergeGroup(group) : alice.dequeue(group));
    }
    await belay.idle();
    expect(good.pull.merged).toBe(true);
  });

  it('lets an overridden pull request through the queue', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/overridden');
    await alice.push(repository, 'bad', LOCKING_INDEX);
    const bad = await alice.openPull(repository, 'bad');
    await reviewed(belay, bad);
    await github.user('mia').comment(bad, '/ai-review override users is empty');
    await until('the override counts', belay.log, () => requiredState(repository, bad.pull.headSha, CHECK) === 'passed');
    const group = await alice.enqueue(bad);
    await until('the merge group has a verdict', belay.log, () => ['passed', 'failed'].includes(requiredState(repository, group.headSha, CHECK)));
    expect(requiredState(repository, group.headSha, CHECK)).toBe('passed');
  });

  it('makes a new run when somebody presses "Re-run", without repeating comments', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/rerun');
    await alice.push(repository, 'index', LOCKING_INDEX);
    const opened = await alice.openPull(repository, 'index');
    const first = await reviewed(belay, opened);
    await alice.rerequestCheck(repository, first);
    await until('there is a second run', belay.log, () => said(opened).runs.length === 2);
    const second = await reviewed(belay, opened);
    expect(second.id).not.toBe(first.id);
    expect(second.conclusion).toBe('failure');
    expect(said(opened).inline).toHaveLength(1);
  });

  it('runs again when a whole suite is asked for', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/suite');
    await alice.push(repository, 'index', HARMLESS);
    const opened = await alice.openPull(repository, 'index');
    const first = await reviewed(belay, opened);
    await alice.rerequestSuite(repository, first);
    await until('there is a second run', belay.log, () => said(opened).runs.length === 2);
    expect((await reviewed(belay, opened)).conclusion).toBe('success');
  });

  it('reviews a fork, and runs again there, although GitHub names no pull request', async () => {
    const mallory = github.user('mallory');
    const repository = github.repository('acme/fork');
    const fork = await mallory.fork(repository);
    await mallory.push(fork, 'patch', LOCKING_INDEX);
    const opened = await mallory.openPull(repository, 'patch', { from: fork });
    const first = await reviewed(belay, opened);
    expect(first.conclusion).toBe('failure');
    await github.user('bob').rerequestCheck(repository, first);
    await until('there is a second run', belay.log, () => said(opened).runs.length === 2);
    await reviewed(belay, opened);
    expect(newestRun(repository, opened.pull.headSha, CHECK)?.conclusion).toBe('failure');
    await mallory.push(fork, 'patch', { 'db/migrations/0002_users_email.sql': null, ...HARMLESS });
    expect((await reviewed(belay, opened)).conclusion).toBe('success');
    expect(github.state.requests.filter((request) => request.path.includes('/repos/mallory/') && request.method !== 'GET')).toEqual([]);
  });
});
