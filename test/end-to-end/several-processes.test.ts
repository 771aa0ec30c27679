import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { GitHub } from '../support/github/start-github.js';
import type { OpenedPull } from '../support/github/user.js';
import { startPostgres, type TestPostgres } from '../support/postgres/start-postgres.js';
import { LOCKING_INDEX, SET_NOT_NULL, said, shop, startShops, verdict } from './shop.js';
import { startBelay, until, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(600_000);

const NAMES = ['calm', 'one', 'two', 'three', 'four', 'five', 'six'];

describe('several processes on one Postgres', () => {
  let postgres: TestPostgres;
  let github: GitHub;
  let steady: Belay;
  let mortal: Belay;

  beforeAll(async () => {
    postgres = await startPostgres();
    const DATABASE_URL = await postgres.freshDatabase();
    github = await startShops([...NAMES, 'killed'].map((name) => shop(name)));
    steady = await startBelay(github, { DATABASE_URL });
    mortal = await startBelay(github, { DATABASE_URL });
  });

  afterAll(async () => {
    const code = await steady.stop();
    await mortal.stop();
    const { violations, accidents } = github.state;
    await github.close();
    await postgres.stop();
    expect({ violations, accidents, code }).toEqual({ violations: [], accidents: [], code: 0 });
  });

  async function open(name: string): Promise<OpenedPull> {
    const repository = github.repository(`acme/${name}`);
    await github.user('alice').push(repository, 'index', { ...LOCKING_INDEX, ...SET_NOT_NULL });
    return github.user('alice').openPull(repository, 'index');
  }

  it('share the work and say everything once', async () => {
    const all = await Promise.all(NAMES.map((name) => open(name)));
    for (const opened of all) expect((await verdict(steady, opened)).conclusion).toBe('failure');
    await steady.idle();
    for (const opened of all) expect([said(opened).runs.length, said(opened).reviews.length, said(opened).inline.length]).toEqual([1, 1, 2]);
  });

  it('go on for one that was killed in the middle', async () => {
    const opened = await open('killed');
    await until('somebody has begun', steady.log, () => said(opened).runs.length === 1);
    await mortal.kill();
    github.connect(steady.url);
    await verdict(steady, opened);
    await steady.idle();
    expect(await github.snapshotOfTruth(opened.repository)).toEqual(await github.snapshotOfTruth(github.repository('acme/calm')));
  });
});
