import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { GitHub } from '../support/github/start-github.js';
import type { OpenedPull } from '../support/github/user.js';
import { FIXED_INDEX, LOCKING_INDEX, SET_NOT_NULL, reviewed, said, shop, startShops, verdict } from './shop.js';
import { startBelay, until, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(600_000);

const STORIES = ['orderly', 'duplicated', 'reversed', 'late'];

describe('deliveries that come twice, late, in the wrong order, or not at all', () => {
  let github: GitHub;
  let belay: Belay;

  beforeAll(async () => {
    github = await startShops([...STORIES, 'dropped', 'signature'].map((name) => shop(name)));
    belay = await startBelay(github);
  });

  afterAll(async () => {
    await belay.stop();
    const { violations, accidents } = github.state;
    await github.close();
    expect({ violations, accidents }).toEqual({ violations: [], accidents: [] });
  });

  /** Opens with one finding, adds another, fixes the first. */
  async function tell(name: string): Promise<OpenedPull> {
    const alice = github.user('alice');
    const repository = github.repository(`acme/${name}`);
    await alice.push(repository, 'index', LOCKING_INDEX);
    const opened = await alice.openPull(repository, 'index');
    await reviewed(belay, opened);
    return opened;
  }

  async function goOn({ repository }: OpenedPull): Promise<void> {
    const alice = github.user('alice');
    await alice.push(repository, 'index', SET_NOT_NULL);
    await alice.push(repository, 'index', FIXED_INDEX);
  }

  async function orderly(): Promise<unknown> {
    const repository = github.repository('acme/orderly');
    if (repository.pulls.size === 0) {
      const opened = await tell('orderly');
      await goOn(opened);
      await reviewed(belay, opened);
    }
    return comparable('orderly');
  }

  /** The truth about the newest head: heads that were pushed over at once may or may not have had their turn. */
  async function comparable(name: string): Promise<unknown> {
    const repository = github.repository(`acme/${name}`);
    const truth = await github.snapshotOfTruth(repository);
    const head = [...repository.pulls.values()][0]?.headSha ?? '';
    const sentences = (texts: readonly string[]): readonly string[] => texts.map((text) => text.replaceAll(/\b[0-9a-f]{7,40}\b/g, '<sha>')).sort();
    return {
      checks: truth.checks.filter((check) => check.commit.endsWith(head)),
      inline: sentences(truth.pulls[0]?.reviewComments ?? []),
      comments: truth.pulls[0]?.comments,
    };
  }

  it.each([
    ['duplicated', { duplicate: 2 }],
    ['late', { delayMs: 20, duplicate: 1 }],
  ])('ends the same with %s deliveries', async (name, control) => {
    const expected = await orderly();
    github.chaos(() => control);
    const opened = await tell(name);
    await goOn(opened);
    github.chaos(null);
    await reviewed(belay, opened);
    expect(await comparable(name)).toEqual(expected);
    expect(said(opened).runs.map((run) => run.headSha).sort()).toEqual([...new Set(said(opened).runs.map((run) => run.headSha))].sort());
  });

  it('ends the same when deliveries arrive in reverse', async () => {
    const expected = await orderly();
    const opened = await tell('reversed');
    github.hold();
    await goOn(opened);
    await github.release('reversed');
    await reviewed(belay, opened);
    expect(await comparable('reversed')).toEqual(expected);
  });

  it('fetches what it missed while it was down', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/dropped');
    await alice.push(repository, 'index', LOCKING_INDEX);
    await belay.kill();
    const opened = await alice.openPull(repository, 'index');
    expect(github.state.deliveries.at(-1)).toMatchObject({ event: 'pull_request', status: 'failed to connect' });
    await belay.restart();
    await verdict(belay, opened);
    await belay.idle();
    expect(said(opened).reviews).toHaveLength(1);
    expect(said(opened).runs.map((run) => run.conclusion)).toEqual(['failure']);
  });

  it('refuses what is not signed with the secret', async () => {
    const send = (headers: Readonly<Record<string, string>>, body = '{}'): Promise<number> =>
      fetch(`${belay.url}/api/github/webhooks`, { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-github-event': 'ping', 'x-github-delivery': 'a-guid', ...headers } }).then((answer) => answer.status);
    expect(await send({})).toBeGreaterThanOrEqual(400);
    expect(await send({ 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` })).toBe(401);
    await until('metrics tell of it', belay.log, async () => (await (await fetch(`${belay.url}/metrics`)).text()).includes('belay_deliveries_total'));
  });
});
