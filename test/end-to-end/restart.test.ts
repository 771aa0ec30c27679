import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { GitHub } from '../support/github/start-github.js';
import type { OpenedPull } from '../support/github/user.js';
import type { RequestRecord } from '../support/github/world.js';
import { LOCKING_INDEX, SET_NOT_NULL, reviewed, shop, startShops } from './shop.js';
import { startBelay, until, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(600_000);

/** Moments at which the process is killed: as soon as GitHub was asked for this. */
const MOMENTS: readonly (readonly [string, (request: RequestRecord) => boolean])[] = [
  ['begun', (request) => request.method === 'GET'],
  ['announced', (request) => request.method === 'POST' && request.path.endsWith('/check-runs')],
  ['reading', (request) => request.path.includes('/tarball/') || request.path.includes('/files')],
  ['commented', (request) => request.method === 'POST' && request.path.endsWith('/reviews')],
  ['concluding', (request) => request.method === 'PATCH'],
];

describe('a server that is killed in the middle', () => {
  let github: GitHub;
  let belay: Belay;
  let expected: unknown;

  beforeAll(async () => {
    github = await startShops(['calm', ...MOMENTS.map(([name]) => name)].map((name) => shop(name)));
    belay = await startBelay(github);
    await tell('calm', () => Promise.resolve());
    expected = await github.snapshotOfTruth(github.repository('acme/calm'));
  });

  afterAll(async () => {
    await belay.stop();
    const { violations, accidents } = github.state;
    await github.close();
    expect({ violations, accidents }).toEqual({ violations: [], accidents: [] });
  });

  async function tell(name: string, inBetween: () => Promise<void>): Promise<OpenedPull> {
    const alice = github.user('alice');
    const repository = github.repository(`acme/${name}`);
    await alice.push(repository, 'index', { ...LOCKING_INDEX, ...SET_NOT_NULL });
    const opened = await alice.openPull(repository, 'index');
    await inBetween();
    await reviewed(belay, opened);
    return opened;
  }

  it.each(MOMENTS)('ends as if it had lived on: killed when it had %s', async (name, moment) => {
    const opened = await tell(name, async () => {
      await until(`${name} has come`, belay.log, () => github.state.requests.some((request) => request.path.includes(`/repos/acme/${name}/`) && moment(request)));
      await belay.kill();
      await belay.restart();
    });
    expect(await github.snapshotOfTruth(opened.repository)).toEqual(expected);
  });
});
