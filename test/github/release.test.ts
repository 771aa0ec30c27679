import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EMPTY_PULL } from '../../src/core/change-set.js';
import type { HostPull } from '../../src/core/host.js';
import type { ReleaseEvidence } from '../../src/core/release-evidence.js';
import { releaseEvidence } from '../../src/review/release-evidence.js';
import { secondPerson } from '../../src/rollback/second-person.js';
import { pretendRecords } from '../support/pretend-host.js';
import { example, installed, REPO, sha, Stage, type Received } from './stage.js';

const [HEAD, BASE, OLD] = [sha('a'), sha('b'), sha('c')];
const { signal } = new AbortController();
const PULL: HostPull = { ...EMPTY_PULL, number: 12, author: 'ada', headBranch: 'hotfix/fees', baseBranch: 'main', defaultBranch: 'main', headSha: HEAD, baseSha: BASE, state: 'open', merged: false, headRepository: 'acme/wallet' };
const GRANTED = { metadata: 'read', contents: 'read', pull_requests: 'write', checks: 'write', issues: 'read', deployments: 'read', actions: 'read' };
const FORBIDDEN = { status: 403, body: { message: 'Resource not accessible by integration', documentation_url: 'https://docs.github.com' } };

let stage: Stage;
beforeEach(() => {
  stage = installed(new Stage(), GRANTED);
});
afterEach(() => {
  stage.close();
  expect(stage.violations).toEqual([]);
});

const account = (login: string, type = 'User') => ({ ...(example('GET', '/app')['owner'] as object), login, type });

interface Told {
  readonly reviews?: readonly object[];
  readonly activity?: readonly object[];
  readonly timeline?: readonly object[];
  readonly commits?: readonly { readonly author?: string | null; readonly committer?: string | null; readonly message?: string }[];
}

const reviewed = (login: string, over: object = {}) => ({ ...example('GET', '/repos/o/r/pulls/1/reviews'), user: account(login), state: 'APPROVED', commit_id: HEAD, submitted_at: '2026-03-01T10:30:00Z', ...over });
const pushed = (login: string | null, after = HEAD, over: object = {}) => ({ id: 1, node_id: 'x', before: sha('1'), after, ref: 'refs/heads/hotfix/fees', timestamp: '2026-03-01T10:00:00Z', activity_type: 'push', actor: login === null ? null : account(login), ...over });

const happened = (event: string, at: string) => ({ id: 1, node_id: 'x', url: 'https://api.github.com/x', actor: account('ada'), event, commit_id: null, commit_url: null, created_at: at, performed_via_github_app: null });

/** A repository in which this happened, without releases, deployments or workflows. */
function tell({ reviews = [], timeline = [], activity = [pushed('ada')], commits = [{}] }: Told): void {
  const comparison = example('GET', '/repos/o/r/compare/a...b');
  const raw = comparison['base_commit'] as { commit: object };
  const commitOf = ({ author = 'ada', committer = 'ada', message = 'Round fees' }: NonNullable<Told['commits']>[number]) => ({ ...raw, sha: HEAD, commit: { ...raw.commit, message }, author: author === null ? null : account(author), committer: committer === null ? null : account(committer) });
  stage
    .on('GET', '/repos/acme/wallet/compare/**', { ...comparison, total_commits: commits.length, commits: commits.map(commitOf), files: [] })
    .on('GET', '/repos/acme/wallet/pulls/12', { ...example('GET', '/repos/o/r/pulls/1'), mergeable: true, commits: 3 })
    .on('GET', '/repos/acme/wallet/pulls/12/reviews', reviews)
    .on('GET', '/repos/acme/wallet/issues/12/timeline', timeline)
    .on('GET', '/repos/acme/wallet/activity', activity)
    .on('GET', '/repos/acme/wallet/collaborators/*/permission', (request: Received) => {
      const login = request.path.split('/').at(-2) ?? '';
      return { status: 200, body: { ...example('GET', '/repos/o/r/collaborators/x/permission'), permission: login === 'rita' ? 'read' : 'write', role_name: login === 'rita' ? 'read' : 'write' } };
    })
    .on('GET', '/repos/acme/wallet/deployments', [])
    .on('GET', '/repos/acme/wallet/tags', [])
    .on('GET', '/repos/acme/wallet/releases', [])
    .on('GET', '/repos/acme/wallet/actions/workflows', { total_count: 0, workflows: [] });
}

async function read(pull: HostPull = PULL, pushers: readonly string[] = []): Promise<ReleaseEvidence> {
  const host = stage.app().host(REPO, { purpose: 'review' });
  return releaseEvidence({ host, records: pretendRecords(pushers), signal }, pull);
}

async function shown(told: Told, pull: HostPull = PULL, pushers: readonly string[] = []): Promise<boolean | undefined> {
  tell(told);
  return secondPerson(await read(pull, pushers), { author: pull.author, headSha: pull.headSha })?.shown;
}

describe('two persons, from the host’s answers to the verdict', () => {
  it('counts an approval of the head by somebody else', async () => {
    expect(await shown({ reviews: [reviewed('bo')] })).toBe(true);
    expect(stage.requests('GET', /permission/).map((request) => request.path.split('/').at(-2))).toEqual(['bo']);
  });

  it('counts it after the base was changed, and asks for the history only where somebody approved this commit', async () => {
    expect(await shown({ reviews: [reviewed('bo')], timeline: [happened('base_ref_changed', '2026-03-01T10:20:00Z')] })).toBe(true);
    expect(stage.requests('GET', /timeline/)).toHaveLength(1);
    expect(await shown({ reviews: [reviewed('bo', { commit_id: OLD })] })).toBe(false);
    expect(stage.requests('GET', /timeline/)).toHaveLength(1);
  });

  it('does not count it where the history cannot be read', async () => {
    tell({ reviews: [reviewed('bo')] });
    stage.on('GET', '/repos/acme/wallet/issues/12/timeline', () => FORBIDDEN);
    expect(secondPerson(await read(), { author: PULL.author, headSha: HEAD })).toMatchObject({ shown: false, reason: 'unknown' });
  });

  it('counts it where an assistant is a co-author, who has no account', async () => {
    expect(await shown({ reviews: [reviewed('bo')], commits: [{ message: 'Round fees\n\nCo-Authored-By: Claude <noreply@anthropic.com>' }] })).toBe(true);
  });

  const attempts: readonly (readonly [string, Told, (readonly string[])?])[] = [
    ['the author', { reviews: [reviewed('Ada')] }],
    ['a second account that pushed the head', { reviews: [reviewed('ada2')], activity: [pushed('Ada2'), pushed('ada', OLD)] }],
    ['a second account that pushed before', { reviews: [reviewed('ada2')], activity: [pushed('ada'), pushed('Ada2', OLD)] }],
    ['a second account whose push only a delivery told of', { reviews: [reviewed('ada2')] }, ['ada2']],
    ['a committer', { reviews: [reviewed('bo')], commits: [{ committer: 'Bo' }] }],
    ['the author of an earlier commit', { reviews: [reviewed('bo')], commits: [{ author: 'bo' }, {}] }],
    ['a co-author by address', { reviews: [reviewed('bo')], commits: [{ message: 'x\n\nCo-authored-by: Bo <12345+Bo@users.noreply.github.com>' }] }],
    ['a co-author in odd letters and spaces', { reviews: [reviewed('bo')], commits: [{ message: 'x\n\n  CO-AUTHORED-BY : Bo < bo@users.noreply.github.com > ' }] }],
    ['a co-author without an account', { reviews: [reviewed('bo')], commits: [{ message: 'x\n\nCo-authored-by: Bo <bo@home.example>' }] }],
    ['a co-author whose address is no address', { reviews: [reviewed('bo')], commits: [{ message: 'x\n\nCo-authored-by: Bo bo@users.noreply.github.com' }] }],
    ['a commit of nobody known', { reviews: [reviewed('bo')], commits: [{ author: null }] }],
    ['a bot', { reviews: [reviewed('approver', { user: account('approver', 'Bot') })] }],
    ['an App', { reviews: [reviewed('auto[bot]', { user: account('auto[bot]', 'Bot') })] }],
    ['an organisation', { reviews: [reviewed('acme', { user: account('acme', 'Organization') })] }],
    ['a deleted account', { reviews: [reviewed('x', { user: null })] }],
    ['another commit', { reviews: [reviewed('bo', { commit_id: OLD })] }],
    ['a push after it', { reviews: [reviewed('bo')], activity: [pushed('ada', HEAD, { timestamp: '2026-03-01T10:40:00Z' })] }],
    ['a push away and back', { reviews: [reviewed('bo')], activity: [pushed('ada', HEAD, { timestamp: '2026-03-01T10:50:00Z' }), pushed('ada', OLD, { timestamp: '2026-03-01T10:45:00Z' }), pushed('ada')] }],
    ['a dismissed review', { reviews: [reviewed('bo', { state: 'DISMISSED' })] }],
    ['a request for changes after it', { reviews: [reviewed('bo'), reviewed('bo', { state: 'CHANGES_REQUESTED', submitted_at: '2026-03-01T10:35:00Z' })] }],
    ['a review that only comments', { reviews: [reviewed('bo', { state: 'COMMENTED' })] }],
    ['a review that was not submitted', { reviews: [reviewed('bo', { state: 'PENDING', submitted_at: undefined })] }],
    ['a reader', { reviews: [reviewed('rita')] }],
    ['a log that does not name who pushed', { reviews: [reviewed('bo')], activity: [pushed(null)] }],
    ['a log that ends before the head', { reviews: [reviewed('bo')], activity: [pushed('ada', OLD)] }],
    ['a log without entries', { reviews: [reviewed('bo')], activity: [] }],
    ['a base that was changed after it', { reviews: [reviewed('bo')], timeline: [happened('labeled', '2026-03-01T10:10:00Z'), happened('base_ref_changed', '2026-03-01T10:45:00Z'), happened('labeled', '2026-03-01T10:50:00Z')] }],
    ['a base that the host changed after it', { reviews: [reviewed('bo')], timeline: [happened('automatic_base_change_succeeded', '2026-03-01T10:45:00Z')] }],
    ['a log of another branch', { reviews: [reviewed('bo')], activity: [pushed('ada', HEAD, { ref: 'refs/heads/other' })] }],
  ];
  it.each(attempts)('does not count: %s', async (...[, told, pushers]) => {
    expect(await shown(told, PULL, pushers)).toBe(false);
  });

  it('does not count on a fork whose pushes nobody told of', async () => {
    expect(await shown({ reviews: [reviewed('bo')] }, { ...PULL, fromFork: true, headRepository: 'ada/wallet' })).toBe(false);
    expect(stage.requests('GET', /activity/)).toEqual([]);
  });
});

describe('releases and deployments', () => {
  const deployment = (id: number, commit: string, environment: string) => ({ ...example('GET', '/repos/o/r/deployments'), id, sha: commit, environment, original_environment: environment, created_at: `2026-03-01T10:00:0${id}Z` });
  const status = (state: string) => ({ ...example('GET', '/repos/o/r/deployments/1/statuses'), state });

  it('reads states of the head’s deployments and of the newest to staging and production', async () => {
    tell({});
    const all = [deployment(5, OLD, 'preview-17'), deployment(4, HEAD, 'staging'), deployment(3, OLD, 'production'), deployment(2, OLD, 'staging')];
    stage
      .on('GET', '/repos/acme/wallet/deployments', (request: Received) => ({ status: 200, body: all.filter((one) => request.query.get('sha') === null || one.sha === request.query.get('sha')) }))
      .on('GET', '/repos/acme/wallet/deployments/*/statuses', [status('success')])
      .on('GET', '/repos/acme/wallet/deployments/4/statuses', [status('inactive'), status('success')]);
    const { deployments } = await read();
    expect(deployments).toMatchObject([
      { environment: 'preview-17', state: 'unknown' },
      { sha: HEAD, environment: 'staging', state: 'inactive', succeeded: true },
      { environment: 'production', state: 'success' },
      { sha: OLD, environment: 'staging', state: 'success' },
    ]);
  });

  it('knows a staged commit with the very tree of the head', async () => {
    tell({});
    const commitWith = (tree: string) => ({ ...example('GET', '/repos/o/r/git/commits/1'), tree: { sha: tree, url: 'https://api.github.com/x' } });
    stage
      .on('GET', '/repos/acme/wallet/deployments', (request: Received) => ({ status: 200, body: request.query.get('sha') === null ? [deployment(2, OLD, 'staging'), deployment(1, sha('d'), 'staging')] : [] }))
      .on('GET', '/repos/acme/wallet/deployments/*/statuses', [status('success')])
      .on('GET', '/repos/acme/wallet/git/commits/*', commitWith(sha('7')))
      .on('GET', `/repos/acme/wallet/git/commits/${sha('d')}`, commitWith(sha('8')));
    expect((await read()).deployments?.map((one) => one.sameTree)).toEqual([true, undefined]);
  });

  it('names releases before other tags, with their commits', async () => {
    tell({});
    const tag = (name: string, commit: string) => ({ ...example('GET', '/repos/o/r/tags'), name, commit: { sha: commit, url: 'https://api.github.com/x' } });
    stage
      .on('GET', '/repos/acme/wallet/tags', [tag('v2.0.0', OLD), tag('nightly', BASE)])
      .on('GET', '/repos/acme/wallet/releases', [{ ...example('GET', '/repos/o/r/releases'), tag_name: 'v2.0.0' }, { ...example('GET', '/repos/o/r/releases'), tag_name: 'v3', draft: true }]);
    expect((await read()).versions).toEqual([{ name: 'v2.0.0', sha: OLD }, { name: 'nightly', sha: BASE }]);
  });

  it('takes the time of the deploy workflow from its last successful runs', async () => {
    tell({});
    const workflow = (id: number, name: string, file: string) => ({ id, node_id: 'x', name, path: `.github/workflows/${file}`, state: 'active', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', url: 'https://api.github.com/x', html_url: 'https://github.com/x', badge_url: 'https://github.com/x' });
    const run = (minutes: number) => ({ ...((example('GET', '/repos/o/r/actions/runs')['workflow_runs'] as object[])[0] ?? {}), created_at: '2026-03-01T10:00:00Z', run_started_at: '2026-03-01T10:00:00Z', updated_at: `2026-03-01T10:${String(minutes).padStart(2, '0')}:00Z` });
    stage
      .on('GET', '/repos/acme/wallet/actions/workflows', { total_count: 3, workflows: [workflow(1, 'CI', 'ci.yml'), workflow(2, 'Deploy docs', 'docs.yml'), workflow(3, 'Deploy', 'deploy.yml')] })
      .on('GET', '/repos/acme/wallet/actions/workflows/3/runs', { total_count: 3, workflow_runs: [run(6), run(20), run(8)] });
    expect((await read()).deployTime).toEqual({ workflow: 'Deploy', minutes: 8, runs: 3 });
  });

  it('what the App may not read is unknown, and no error', async () => {
    tell({ reviews: [reviewed('bo')] });
    for (const path of ['deployments', 'actions/workflows', 'activity', 'releases', 'tags']) stage.on('GET', `/repos/acme/wallet/${path}`, () => FORBIDDEN);
    expect(await read()).toMatchObject({ deployments: null, deployTime: null, versions: null, lastPush: { by: null, at: null }, reviews: [{ login: 'bo' }] });
  });

  it('asks for no more than was granted', async () => {
    stage.close();
    stage = installed(new Stage());
    tell({});
    await read();
    const minted = stage.requests('POST', /access_tokens/).map((request) => (request.body as { permissions: object }).permissions);
    expect(minted).toContainEqual({ metadata: 'read', contents: 'read', pull_requests: 'read' });
  });
});
