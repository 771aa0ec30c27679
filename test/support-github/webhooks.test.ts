import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGitHub, type GitHub } from '../support/github/start-github.js';
import type { User } from '../support/github/user.js';
import type { Repository } from '../support/github/world.js';
import { appToken, ask, installationToken } from './client.js';
import { judgePayload } from './judge-payload.js';
import { listen, type Listener } from './listener.js';

describe('webhooks of the stand-in', () => {
  let github: GitHub;
  let listener: Listener;
  let alice: User;
  let shop: Repository;
  const names = (): readonly string[] => listener.received.map(({ event, payload }) => `${event}${typeof payload['action'] === 'string' ? `.${payload['action']}` : ''}`);

  beforeEach(async () => {
    github = await startGitHub({ repositories: [{ name: 'acme/shop', files: { 'a.txt': '1\n2\n3\n' }, collaborators: { alice: 'write' } }] });
    listener = await listen(github.webhookSecret);
    github.connect(listener.url);
    alice = github.user('alice');
    shop = github.repository('acme/shop');
  });

  afterEach(async () => {
    await github.settled();
    expect(github.state.accidents).toEqual([]);
    await github.close();
    await listener.close();
  });

  it('sends signed events with full payloads for a pull request and all that happens to it', async () => {
    await alice.push(shop, 'change', { 'a.txt': '1\ntwo\n3\n' });
    const opened = await alice.openPull(shop, 'change', { labels: ['hotfix'] });
    await alice.push(shop, 'change', { 'b.txt': 'b\n' });
    await alice.push(shop, 'change', { 'c.txt': 'c\n' }, { force: true });
    await alice.edit(opened, { title: 'Another title' });
    await alice.label(opened, 'bug');
    await alice.unlabel(opened, 'bug');
    await alice.convertToDraft(opened);
    await alice.readyForReview(opened);
    await alice.close(opened);
    await alice.reopen(opened);
    const comment = await alice.comment(opened, '/ai-review help');
    await alice.editComment(opened, comment, 'never mind');
    await github.user('bob').review(opened, 'APPROVED', 'fine');
    const group = await alice.enqueue(opened);
    await alice.dequeue(group);
    await alice.mergeGroup(await alice.enqueue(opened));
    expect(names()).toEqual([
      'push', 'check_suite.requested', 'pull_request.opened', 'pull_request.labeled',
      'push', 'check_suite.requested', 'pull_request.synchronize', 'push', 'check_suite.requested', 'pull_request.synchronize',
      'pull_request.edited', 'pull_request.labeled', 'pull_request.unlabeled', 'pull_request.converted_to_draft', 'pull_request.ready_for_review',
      'pull_request.closed', 'pull_request.reopened', 'issue_comment.created', 'issue_comment.edited', 'pull_request_review.submitted',
      'push', 'check_suite.requested', 'merge_group.checks_requested', 'push', 'merge_group.destroyed',
      'push', 'check_suite.requested', 'merge_group.checks_requested', 'push', 'check_suite.requested', 'pull_request.closed', 'push', 'merge_group.destroyed',
    ]);
    expect(listener.received.every((one) => one.signed)).toBe(true);
    for (const { event, payload } of listener.received) expect(judgePayload(event, (payload['action'] as string | undefined) ?? null, payload)).toEqual([]);
    expect(listener.received.find((one) => one.payload['action'] === 'synchronize')?.payload).toMatchObject({ before: expect.any(String), after: expect.any(String), installation: { id: expect.any(Number) }, sender: { login: 'alice' } });
  });

  it("sends the App what its own writes set off, and people's requests to run a check again", async () => {
    await alice.push(shop, 'change', { 'a.txt': '1\ntwo\n3\n' });
    const opened = await alice.openPull(shop, 'change');
    const token = await installationToken(github);
    listener.received.splice(0);
    const run = await ask(github, token, 'POST', '/repos/acme/shop/check-runs', { name: 'Belay', head_sha: opened.pull.headSha, status: 'completed', conclusion: 'success', actions: [{ label: 'Go', description: 'go', identifier: 'go' }] });
    const review = await ask(github, token, 'POST', '/repos/acme/shop/pulls/1/reviews', { event: 'COMMENT', body: 'x', comments: [{ path: 'a.txt', line: 2, side: 'RIGHT', body: 'hm' }] });
    expect([run.status, review.status]).toEqual([201, 200]);
    await github.settled();
    expect([...names()].sort()).toEqual(['check_run.completed', 'check_run.created', 'check_suite.completed', 'pull_request_review.submitted', 'pull_request_review_comment.created']);
    expect(listener.received.map((one) => (one.payload['sender'] as { login: string }).login)).toEqual(Array(5).fill('belay[bot]'));
    const made = [...shop.checkRuns.values()][0];
    if (made === undefined) throw new Error('no run');
    await alice.rerequestCheck(shop, made);
    await alice.rerequestSuite(shop, made);
    await alice.requestAction(shop, made, 'go');
    for (const { event, payload } of listener.received) expect(judgePayload(event, payload['action'] as string, payload)).toEqual([]);
    expect(names().slice(5)).toEqual(['check_run.rerequested', 'check_suite.rerequested', 'check_run.requested_action']);
  });

  it('duplicates, drops, delays and reorders deliveries as told', async () => {
    await alice.push(shop, 'change', { 'b.txt': 'b\n' });
    listener.received.splice(0);
    github.chaos((_, action) => (action === 'opened' ? { reorder: true } : action === 'labeled' ? { duplicate: 1 } : action === 'edited' ? { drop: true } : {}));
    const opened = await alice.openPull(shop, 'change');
    await alice.label(opened, 'bug');
    await alice.edit(opened, { title: 'x' });
    expect(names()).toEqual(['pull_request.labeled', 'pull_request.labeled', 'pull_request.opened']);
    expect(new Set(listener.received.slice(0, 2).map((one) => one.delivery)).size).toBe(1);
    github.chaos(null);
    github.hold();
    await alice.convertToDraft(opened);
    await alice.readyForReview(opened);
    expect(names()).toHaveLength(3);
    await github.release('reversed');
    expect(names().slice(3)).toEqual(['pull_request.ready_for_review', 'pull_request.converted_to_draft']);
  });

  it('lists failed deliveries and sends them again with the same GUID when asked', async () => {
    listener.status = 503;
    await alice.push(shop, 'change', { 'b.txt': 'b\n' });
    github.connect(null);
    await alice.openPull(shop, 'change');
    github.connect(listener.url);
    listener.status = 202;
    await alice.push(shop, 'other', { 'b.txt': 'b\n' });
    const jwt = appToken(github);
    const failed = (await ask(github, jwt, 'GET', '/app/hook/deliveries?status=failure&per_page=2')).body as unknown as { id: number; guid: string; event: string; status: string; status_code: number }[];
    expect(failed.map(({ event, status }) => [event, status])).toEqual([['pull_request', 'failed to connect'], ['check_suite', 'Invalid HTTP Response: 503']]);
    const all = await ask(github, jwt, 'GET', '/app/hook/deliveries?per_page=4');
    const rest = await ask(github, jwt, 'GET', String(/<[^>]*\/api\/v3([^>]*)>; rel="next"/.exec(String(all.headers.get('link')))?.[1]));
    expect([all.body, rest.body].map((page) => (page as unknown as unknown[]).length)).toEqual([4, 1]);
    listener.received.splice(0);
    const again = await ask(github, jwt, 'POST', `/app/hook/deliveries/${String(failed[0]?.id)}/attempts`);
    expect(again.status).toBe(202);
    while (listener.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(listener.received[0]).toMatchObject({ event: 'pull_request', delivery: failed[0]?.guid, signed: true });
    expect(github.state.violations).toEqual([]);
  });

  it('tells the App nothing about places where it is not installed or not subscribed', async () => {
    const mallory = github.user('mallory');
    const fork = await mallory.fork(shop);
    await mallory.push(fork, 'evil', { 'a.txt': 'evil\n' });
    expect(names()).toEqual([]);
    const opened = await mallory.openPull(shop, 'evil', { from: fork });
    expect(names()).toEqual(['pull_request.opened']);
    expect(opened.pull.headRepository).toBe(fork);
    await alice.install(shop, false);
    await alice.label(opened, 'bug');
    await alice.install(shop);
    expect(names().slice(1)).toEqual(['installation_repositories.removed', 'installation_repositories.added']);
    for (const { event, payload } of listener.received) expect(judgePayload(event, payload['action'] as string, payload)).toEqual([]);
    expect(listener.received[0]?.payload).toMatchObject({ pull_request: { head: { repo: { full_name: 'mallory/shop', fork: true } }, base: { repo: { full_name: 'acme/shop' } } } });
  });
});
