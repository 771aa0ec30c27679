import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { FaultPlan } from '../support/github/faults.js';
import type { GitHub } from '../support/github/start-github.js';
import type { OpenedPull } from '../support/github/user.js';
import { HARMLESS, LOCKING_INDEX, SET_NOT_NULL, said, shop, startShops, verdict } from './shop.js';
import { startBelay, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(600_000);

type Trouble = readonly [story: string, plans: (repository: string) => readonly FaultPlan[]];

const posts = (repository: string, rest: string): { readonly method: string; readonly path: RegExp } => ({ method: 'POST', path: new RegExp(`/repos/acme/${repository}/${rest}`) });
const gets = (repository: string, rest: string): { readonly method: string; readonly path: RegExp } => ({ method: 'GET', path: new RegExp(`/repos/acme/${repository}/${rest}`) });

const TROUBLES: readonly Trouble[] = [
  ['lost-review', (name) => [{ on: posts(name, 'pulls/1/reviews'), fault: { kind: 'lost' } }]],
  ['lost-check', (name) => [{ on: posts(name, 'check-runs'), fault: { kind: 'lost' } }]],
  ['lost-conclusion', (name) => [{ on: { method: 'PATCH', path: new RegExp(`/repos/acme/${name}/check-runs`) }, fault: { kind: 'lost' }, times: 2 }]],
  ['review-502', (name) => [{ on: posts(name, 'pulls/1/reviews'), fault: { kind: 'status', status: 502, performed: true } }]],
  ['check-500', (name) => [{ on: posts(name, 'check-runs'), fault: { kind: 'status', status: 500, performed: true } }, { on: posts(name, 'pulls/1/reviews'), fault: { kind: 'status', status: 503, performed: false } }]],
  ['reads-fail', (name) => [{ on: gets(name, ''), fault: { kind: 'status', status: 502, performed: false }, skip: 1, times: 2 }, { on: gets(name, 'pulls/1/files'), fault: { kind: 'truncated' } }]],
  ['connection-refused', (name) => [{ on: { path: new RegExp(`/repos/acme/${name}/`) }, fault: { kind: 'refused' }, skip: 2, times: 2 }]],
  ['secondary-limit', (name) => [{ on: posts(name, 'pulls/1/reviews'), fault: { kind: 'secondary-limit', status: 403, seconds: 2 } }]],
  ['limit-429', (name) => [{ on: gets(name, 'pulls/1'), fault: { kind: 'secondary-limit', status: 429, seconds: 1 } }]],
  ['fresh-commit', (name) => [{ on: gets(name, '(commits|git|compare|tarball|contents)'), fault: { kind: 'missing' } }]],
  ['archive-lost', (name) => [{ on: gets(name, 'tarball'), fault: { kind: 'refused' } }]],
];

describe('a GitHub that fails', () => {
  let github: GitHub;
  let belay: Belay;
  const pulls = new Map<string, OpenedPull>();

  // All stories are told side by side on one server: the trouble of one must not become the trouble of another.
  beforeAll(async () => {
    github = await startShops(['calm', ...TROUBLES.map(([name]) => name)].map((name) => shop(name)));
    belay = await startBelay(github);
    for (const [name, plans] of TROUBLES) for (const plan of plans(name)) github.addFault(plan);
    const alice = github.user('alice');
    for (const name of ['calm', ...TROUBLES.map(([story]) => story)]) {
      const repository = github.repository(`acme/${name}`);
      await alice.push(repository, 'index', { ...LOCKING_INDEX, ...HARMLESS });
      pulls.set(name, await alice.openPull(repository, 'index'));
    }
    for (const opened of pulls.values()) await verdict(belay, opened);
    await belay.idle();
    for (const { repository } of pulls.values()) await alice.push(repository, 'index', SET_NOT_NULL);
    for (const opened of pulls.values()) await verdict(belay, opened);
    await belay.idle();
  });

  afterAll(async () => {
    await belay.stop();
    const { violations, accidents } = github.state;
    await github.close();
    expect({ violations, accidents }).toEqual({ violations: [], accidents: [] });
  });

  function pullOf(name: string): OpenedPull {
    const opened = pulls.get(name);
    if (opened === undefined) throw new Error(`no story ${name}`);
    return opened;
  }

  it('reviews both heads where all is calm', () => {
    const { reviews, inline, runs } = said(pullOf('calm'));
    expect([reviews.length, inline.length]).toEqual([2, 2]);
    expect(runs.map((run) => run.conclusion)).toEqual(['failure', 'failure']);
  });

  it.each(TROUBLES)('ends as if nothing had happened: %s', async (name) => {
    const played = github.state.requests.filter((request) => request.fault !== null && request.path.includes(`/acme/${name}/`));
    expect(played).not.toEqual([]);
    expect(await github.snapshotOfTruth(pullOf(name).repository)).toEqual(await github.snapshotOfTruth(pullOf('calm').repository));
  });

  it('waits as long as it was told to', () => {
    const limited = github.state.requests.filter((request) => request.fault === 'secondary-limit' && request.status === 403);
    expect(limited).toHaveLength(1);
    for (const refusal of limited) {
      const next = github.state.requests.find((request) => request.at > refusal.at && request.method === 'POST' && request.path === refusal.path);
      expect((next?.at ?? 0) - refusal.at).toBeGreaterThanOrEqual(1_900);
    }
  });
});
