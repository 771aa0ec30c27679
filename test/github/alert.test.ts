import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Host } from '../../src/core/host.js';
import { example, installed, REPO, sha, Stage, type Received } from './stage.js';

const [DEPLOYED, OLD, NEW] = [sha('a'), sha('b'), sha('c')];
const { signal } = new AbortController();
const GRANTED = { metadata: 'read', contents: 'read', pull_requests: 'write', checks: 'write', issues: 'read', deployments: 'read' };

let stage: Stage;
beforeEach(() => {
  stage = installed(new Stage(), GRANTED);
});
afterEach(() => {
  stage.close();
  expect(stage.violations).toEqual([]);
});

const host = (): Host => stage.app().host(REPO, { purpose: 'review' });

interface Told {
  readonly id: number;
  readonly sha?: string;
  readonly environment?: string;
  readonly over?: object;
  /** Newest first. */
  readonly states: readonly string[];
}

/** Deployments and their states, filtered as the host filters them. */
function deployed(...deployments: readonly Told[]): void {
  const views = deployments.map(({ id, sha: commit = DEPLOYED, environment = 'production', over = {} }) => ({ ...example('GET', '/repos/o/r/deployments'), id, sha: commit, environment, original_environment: environment, ...over }));
  stage.on('GET', '/repos/acme/wallet/deployments', ({ query }: Received) => ({
    status: 200,
    body: views.filter((one) => (query.get('sha') ?? one.sha) === one.sha && (query.get('environment') ?? one.environment) === one.environment),
  }));
  for (const { id, states } of deployments) stage.on('GET', `/repos/acme/wallet/deployments/${String(id)}/statuses`, states.map((state) => ({ ...example('GET', '/repos/o/r/deployments/1/statuses'), state })));
}

describe('a failed deployment, as the host shows it now', () => {
  it('failed, and what succeeded there before is named', async () => {
    deployed({ id: 5, states: ['failure', 'in_progress'] }, { id: 4, sha: NEW, states: ['failure'] }, { id: 3, sha: OLD, states: ['inactive', 'success'] });
    expect(await host().failedDeployment(DEPLOYED, signal)).toEqual({ environment: 'production', lastGoodSha: OLD });
    expect(stage.requests('GET', /deployments/)).toHaveLength(5);
  });

  it.each<readonly [string, readonly Told[]]>([
    ['it was tried again and succeeded', [{ id: 6, states: ['success'] }, { id: 5, states: ['failure'] }]],
    ['the same deployment succeeded in the end', [{ id: 5, states: ['success', 'failure'] }]],
    ['something newer succeeded there', [{ id: 6, sha: NEW, states: ['inactive', 'success'] }, { id: 5, states: ['error'] }]],
    ['it was a preview', [{ id: 5, environment: 'production-pr-7', states: ['failure'] }]],
    ['it was staging', [{ id: 5, environment: 'staging', states: ['failure'] }]],
    ['it goes away by itself', [{ id: 5, over: { transient_environment: true }, states: ['failure'] }]],
    ['nobody has reported on it', [{ id: 5, states: [] }]],
    ['there is none', []],
  ])('is none where %s', async (_why, deployments) => {
    deployed(...deployments);
    expect(await host().failedDeployment(DEPLOYED, signal)).toBeNull();
  });

  it('is none where nobody may look', async () => {
    stage.on('GET', '/repos/acme/wallet/deployments', () => ({ status: 403, body: { message: 'Resource not accessible by integration', documentation_url: 'https://docs.github.com' } }));
    expect(await host().failedDeployment(DEPLOYED, signal)).toBeNull();
  });
});

describe('the pull request whose merge was deployed', () => {
  const listed = (over: object) => ({ ...example('GET', '/repos/o/r/commits/x/pulls'), number: 7, merged_at: '2026-03-01T10:00:00Z', merge_commit_sha: DEPLOYED, ...over });
  const base = (fullName: string): object => {
    const shown = example('GET', '/repos/o/r/commits/x/pulls')['base'] as { repo: object };
    return { ...shown, repo: { ...shown.repo, full_name: fullName } };
  };

  it('is one of this repository, merged as this very commit', async () => {
    stage.on('GET', `/repos/acme/wallet/commits/${DEPLOYED}/pulls`, [
      listed({ base: base('Acme/wallet') }),
      listed({ number: 8, base: base('upstream/wallet') }),
      listed({ number: 9, base: base('acme/wallet'), merged_at: null }),
      listed({ number: 10, base: base('acme/wallet'), merge_commit_sha: OLD }),
    ]);
    expect(await host().mergedAs(DEPLOYED)).toEqual([7]);
  });

  it.each([404, 422])('is none where the commit is unknown (%i)', async (status) => {
    stage.on('GET', `/repos/acme/wallet/commits/${DEPLOYED}/pulls`, () => ({ status, body: { message: 'No commit found', documentation_url: 'https://docs.github.com' } }));
    expect(await host().mergedAs(DEPLOYED)).toEqual([]);
  });
});
