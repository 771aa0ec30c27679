import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { GitHub } from '../support/github/start-github.js';
import { DEFAULT_PERMISSIONS } from '../support/github/create-world.js';
import type { OpenedPull } from '../support/github/user.js';
import type { JsonObject } from '../support/github/world.js';
import { HARMLESS, LOCKING_INDEX, reviewed, said, shop, startShops, verdict } from './shop.js';
import { startBelay, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(600_000);

const PLAN = [
  'Greets politely again; INC-311, 412 errors in ten minutes on the dashboard `greetings`.',
  '',
  '## Rollback plan',
  'If the error rate stays above 2 % for 5 minutes: `helm rollback shop 41`. A plain revert is enough: no migration, no data and no client needs undoing. Owner: @alice. Takes 4 minutes; rehearsed today.',
  '',
  'Rollout: 5 % for 30 minutes, then everybody; stop if errors rise.',
].join('\n');

describe('a hotfix', () => {
  let github: GitHub;
  let belay: Belay;

  beforeAll(async () => {
    github = await startShops(['people', 'staging', 'revert', 'follow', 'alert', 'edit'].map((name) => shop(name, { requiredChecks: { main: ['Belay'], production: ['Belay'] } })), { app: { permissions: { ...DEFAULT_PERMISSIONS, issues: 'write' } } });
    belay = await startBelay(github);
  });

  afterAll(async () => {
    await belay.stop();
    const { violations, accidents } = github.state;
    await github.close();
    expect({ violations, accidents }).toEqual({ violations: [], accidents: [] });
  });

  async function open(name: string, body = PLAN): Promise<OpenedPull> {
    const alice = github.user('alice');
    const repository = github.repository(`acme/${name}`);
    await alice.push(repository, 'hotfix/greet', HARMLESS);
    const opened = await alice.openPull(repository, 'hotfix/greet', { title: 'Hotfix: greet politely', body });
    await reviewed(belay, opened);
    return opened;
  }

  /** The whole text of the newest check, once everything is quiet. */
  async function check(opened: OpenedPull): Promise<string> {
    await belay.idle();
    const run = await verdict(belay, opened);
    return `${run.title ?? ''}\n${run.summary ?? ''}\n${run.text ?? ''}`;
  }

  it('is asked for a second person until one has approved this very commit', async () => {
    const opened = await open('people');
    expect(await check(opened)).toContain('nobody has approved');
    await github.user('alice').review(opened, 'APPROVED');
    expect(await check(opened)).toContain('opened this pull request');
    const approval = await github.user('bob').review(opened, 'APPROVED');
    expect(await check(opened)).not.toContain('second-person-missing');
    await github.user('mia').dismissReview(opened, approval);
    expect(await check(opened)).toContain('second-person-missing');
    await github.user('bob').review(opened, 'APPROVED');
    expect(await check(opened)).not.toContain('second-person-missing');
    await github.user('mia').push(opened.repository, 'production', { 'docs/live.md': 'What runs.\n' });
    await github.user('mia').edit(opened, { base: 'production' });
    expect(await check(opened)).toContain('bob approved before the base branch was changed');
    // The host tells times to the second; an approval of that very second may have been the earlier one.
    const { now } = github.state;
    github.state.now = () => now() + 2000;
    await github.user('bob').review(opened, 'APPROVED');
    expect(await check(opened)).not.toContain('second-person-missing');
    await github.user('bob').push(opened.repository, 'hotfix/greet', { 'README.md': '# Shop!\n' });
    await reviewed(belay, opened);
    expect(await check(opened)).toContain('bob approved, and');
    await github.user('bob').review(opened, 'APPROVED');
    expect(await check(opened)).toContain('bob approved, and');
  });

  it('that claims staging is compared with the deployments, again when one ends', async () => {
    const opened = await open('staging', `${PLAN}\n\nTested on staging with yesterday’s traffic.`);
    expect(await check(opened)).toContain('cannot be verified');
    const { repository, pull } = opened;
    const main = repository.pulls.get(pull.number)?.baseSha ?? '';
    await github.user('mia').deployTo(repository, 'staging', main);
    await github.user('alice').edit(opened, { title: 'Hotfix: greet everybody politely' });
    expect(await check(opened)).toContain('was never deployed to staging');
    await github.user('mia').deployTo(repository, 'staging', pull.headSha);
    expect(await check(opened)).not.toContain('staging-claim-unproved');
  });

  it('that takes back what was merged passes at once, whatever it is', async () => {
    const repository = github.repository('acme/revert');
    const alice = github.user('alice');
    await alice.push(repository, 'index', LOCKING_INDEX);
    const bad = await alice.openPull(repository, 'index', { title: 'Index', body: '' });
    await reviewed(belay, bad);
    const merged = await alice.merge(bad);
    await alice.push(repository, 'main', { 'README.md': '# The shop\n' });
    await alice.comment(bad, '/ai-review revert');
    await belay.idle();
    const clean = said(bad).comments.at(-1)?.body ?? '';
    expect(clean).toMatch(/still applies at .*without a conflict/);
    expect(clean).toContain(`git revert -m 1 ${merged.slice(0, 12)}`);
    expect(clean).toMatch(/migrations of it have run and stay behind[\s\S]*0002_users_email/);
    await alice.push(repository, 'revert-1-index', { 'db/migrations/0002_users_email.sql': null }, { message: 'Revert "Index"' });
    const undo = await alice.openPull(repository, 'revert-1-index', { title: 'Hotfix: Revert "Index"', body: `Reverts acme/revert#${String(bad.pull.number)}` });
    const run = await reviewed(belay, undo);
    expect(run.conclusion).toBe('success');
    expect(run.summary).toContain(`exact revert of ${merged.slice(0, 12)}`);
    await alice.push(repository, 'main', { 'db/migrations/0002_users_email.sql': 'CREATE INDEX users_email_idx ON users (lower(email));\n' }, { message: 'Lower case' });
    await alice.comment(bad, '/ai-review revert');
    await belay.idle();
    expect(said(bad).comments.at(-1)?.body).toMatch(/meets later work[\s\S]*0002_users_email.*changed since by .*Lower case[\s\S]*#\d+ Hotfix: Revert/);
    await alice.push(repository, 'revert-1-index', HARMLESS);
    await reviewed(belay, undo);
    expect(await check(undo)).toMatch(/it also changes .*greet/);
  });

  it('whose description is edited is judged by it, and its files are not asked for again', async () => {
    const repository = github.repository('acme/edit');
    const alice = github.user('alice');
    // What an archive leaves out is asked for one by one.
    await alice.push(repository, 'hotfix/index', { ...LOCKING_INDEX, '.gitattributes': 'src/hidden.ts export-ignore\n', 'src/hidden.ts': 'export const hidden = 1;\n' });
    const opened = await alice.openPull(repository, 'hotfix/index', { title: 'Hotfix: index', body: 'Faster.' });
    await reviewed(belay, opened);
    const asked = (from: number): readonly string[] => github.state.requests.slice(from).map((request) => request.path).filter((path) => path.includes('/acme/edit/') && /\/(?:git|tarball|contents)\//.test(path));
    expect(asked(0).filter((path) => path.includes('/git/blobs/'))).toHaveLength(1);
    expect(await check(opened)).toMatch(/rollback\/plan-missing[\s\S]*migrations\/index-not-concurrent|migrations\/index-not-concurrent[\s\S]*rollback\/plan-missing/);
    const before = github.state.requests.length;
    await alice.edit(opened, { body: PLAN });
    const edited = await check(opened);
    expect(edited).toContain('migrations/index-not-concurrent');
    expect(edited).not.toContain('plan-missing');
    await alice.edit(opened, { title: 'An index' });
    await github.user('bob').review(opened, 'APPROVED');
    expect(await check(opened)).toContain('migrations/index-not-concurrent');
    expect(asked(before)).toEqual([]);
    expect(said(opened).inline).toHaveLength(1);
  });

  it('whose deployment fails gets the way back, once, and none where it was repaired', async () => {
    const repository = github.repository('acme/alert');
    const [alice, mia] = [github.user('alice'), github.user('mia')];
    const start = repository.pulls.get(1)?.baseSha ?? (await alice.push(repository, 'main', { 'README.md': '# The shop\n' }));
    mia.deploy(repository, 'production', start);
    await alice.push(repository, 'names', { 'db/migrations/0002_users_nick.sql': 'ALTER TABLE users ADD COLUMN nick text;\n' });
    const opened = await alice.openPull(repository, 'names', { title: 'Nicknames', body: '' });
    await reviewed(belay, opened);
    const merged = await mia.merge(opened, 'squash');
    await mia.deployTo(repository, 'preview-7', merged, 'failure');
    await mia.deployTo(repository, 'production', merged, 'failure');
    await belay.idle();
    const [told, ...more] = said(opened).comments;
    expect(more).toEqual([]);
    expect(told?.body).toMatch(/^The deployment of `[0-9a-f]{7}`, which merged this pull request, to `production` failed\./);
    expect(told?.body).toContain(`succeeded there is \`${start.slice(0, 7)}\``);
    expect(told?.body).toMatch(/still applies[\s\S]*git revert [0-9a-f]{12}[\s\S]*may have run, and stay behind[\s\S]*0002_users_nick/);
    const event = github.state.deliveries.findLast((delivery) => delivery.event === 'deployment_status');
    await github.deliver('deployment_status', JSON.parse(event?.body ?? '{}') as JsonObject);
    await mia.deployTo(repository, 'production', merged, 'error');
    await belay.idle();
    expect(said(opened).comments).toHaveLength(1);
    await alice.push(repository, 'side', HARMLESS);
    const second = await alice.openPull(repository, 'side', { title: 'Greet', body: '' });
    await reviewed(belay, second);
    const next = await mia.merge(second);
    mia.deploy(repository, 'production', next, 'failure');
    await mia.deployTo(repository, 'production', next);
    const failed = github.state.deliveries.findLast((delivery) => delivery.event === 'deployment_status');
    const late = JSON.parse(failed?.body ?? '{}') as { deployment_status: JsonObject };
    await github.deliver('deployment_status', { ...late, deployment_status: { ...late.deployment_status, state: 'failure' } });
    await belay.idle();
    expect(said(second).comments).toEqual([]);
  });

  it('is followed up in one issue, which later merges tick; an override too', async () => {
    const opened = await open('follow');
    const { repository } = opened;
    await github.user('mia').comment(opened, '/ai-review override we are down');
    await belay.idle();
    expect([...repository.issues.values()].map((issue) => issue.title)).toEqual([`Follow up the override of #${String(opened.pull.number)}`]);
    expect(said(opened).comments.at(-1)?.body).toContain('It is followed up in #');
    await github.user('mia').merge(opened);
    await belay.idle();
    const issue = [...repository.issues.values()].find((one) => one.title.startsWith('Follow up the hotfix'));
    expect(issue?.body).toContain('- [ ] Regression test');
    expect(issue?.body).not.toContain('Back-merge of');
    const merge = github.state.deliveries.findLast((delivery) => delivery.event === 'pull_request' && delivery.action === 'closed');
    await github.deliver('pull_request', JSON.parse(merge?.body ?? '{}') as JsonObject);
    await belay.idle();
    const alice = github.user('alice');
    await alice.push(repository, 'tests', { 'test/greet.test.ts': "import { greet } from '../src/greet.js';\nit('greets', () => expect(greet('Ada')).toBe('Good day Ada'));\n" });
    const tests = await alice.openPull(repository, 'tests', { title: 'Test greetings', body: '' });
    await reviewed(belay, tests);
    await alice.merge(tests);
    await belay.idle();
    expect(repository.issues.get(issue?.number ?? 0)?.body).toMatch(/- \[x\] Regression test.*#\d+ adds to `test\/greet\.test\.ts`/);
    expect([...repository.issues.values()]).toHaveLength(2);
  });
});
