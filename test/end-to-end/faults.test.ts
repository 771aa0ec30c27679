import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { FaultPlan } from '../support/github/faults.js';
import type { GitHub } from '../support/github/start-github.js';
import type { OpenedPull } from '../support/github/user.js';
import { HARMLESS, LOCKING_INDEX, SET_NOT_NULL, reviewed, said, shop, startShops } from './shop.js';
import { startBelay, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(180_000);

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
  ['fresh-commit', (name) => [{ on: gets(name, '(commits|git|compare|tarball|contents)'), fault: { kind: 'missing' }, times: 2 }]],
  ['archive-lost', (name) => [{ on: gets(name, 'tarball'), fault: { kind: 'refused' } }]],
];

describe('a GitHub that fails', () => {
  let github: GitHub;
  let belay: Belay;
  let expected: unknown;

  beforeAll(async () => {
    github = await startShops(['calm', ...TROUBLES.map(([name]) => name)].map((name) => shop(name)));
    belay = await startBelay(github);
    await tell('calm');
    expected = await github.snapshotOfTruth(github.repository('acme/calm'));
  });

  afterAll(async () => {
    await belay.stop();
    const { violations, accidents } = github.state;
    await github.close();
    expect({ violations, accidents }).toEqual({ violations: [], accidents: [] });
  });

  /** Two findings, the second of which comes with a push. */
  async function tell(name: string): Promise<OpenedPull> {
    const alice = github.user('alice');
    const repository = github.repository(`acme/${name}`);
    await alice.push(repository, 'index', { ...LOCKING_INDEX, ...HARMLESS });
    const opened = await alice.openPull(repository, 'index');
    await reviewed(belay, opened);
    await alice.push(repository, 'index', SET_NOT_NULL);
    await reviewed(belay, opened);
    return opened;
  }

  it.each(TROUBLES)('ends as if nothing had happened: %s', async (name, plans) => {
    for (const plan of plans(name)) github.addFault(plan);
    const opened = await tell(name);
    expect(github.state.requests.some((request) => request.fault !== null && request.path.includes(`/acme/${name}/`))).toBe(true);
    expect(await github.snapshotOfTruth(opened.repository)).toEqual(expected);
    expect(said(opened).runs).toHaveLength(2);
  });

  it('waits as long as it was told to', () => {
    const limited = github.state.requests.filter((request) => request.fault === 'secondary-limit' && request.status === 403);
    expect(limited.length).toBeGreaterThan(0);
    for (const refusal of limited) {
      const next = github.state.requests.find((request) => request.at > refusal.at && request.method === 'POST' && request.path === refusal.path);
      expect((next?.at ?? 0) - refusal.at).toBeGreaterThanOrEqual(1_900);
    }
  });
});
