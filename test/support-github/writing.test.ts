import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startGitHub, type GitHub } from '../support/github/start-github.js';
import { newestRun, requiredState } from '../support/github/truth.js';
import type { OpenedPull, User } from '../support/github/user.js';
import type { Repository } from '../support/github/world.js';
import { ask, field, installationToken, type Reply } from './client.js';

const REPO = '/repos/acme/shop';
const numbered = (count: number): string => Array.from({ length: count }, (_, index) => `line ${String(index + 1)}\n`).join('');

let github: GitHub;
let token: string;
let alice: User;
let shop: Repository;
let opened: OpenedPull;

function review(...comments: readonly object[]): Promise<Reply> {
  return ask(github, token, 'POST', `${REPO}/pulls/1/reviews`, { event: 'COMMENT', body: 'Review', commit_id: opened.pull.headSha, comments });
}

async function start(): Promise<void> {
  github = await startGitHub({ repositories: [{ name: 'acme/shop', files: { 'a.txt': numbered(60), 'b.txt': 'b\n' }, collaborators: { alice: 'write', bob: 'maintain' } }], teams: { 'acme/on-call': ['bob'] } });
  alice = github.user('alice');
  shop = github.repository('acme/shop');
  await alice.push(shop, 'change', { 'a.txt': numbered(60).replace('line 10\n', 'line ten\n').replace('line 40\n', ''), 'pic.png': Buffer.from([0, 1]) });
  opened = await alice.openPull(shop, 'change');
  token = await installationToken(github);
}

async function stop(): Promise<void> {
  await github.settled();
  expect(github.state.accidents).toEqual([]);
  await github.close();
}

describe('what the stand-in refuses', () => {
  beforeAll(start);
  afterAll(stop);

  it.each([
    ['a line outside the diff', { path: 'a.txt', line: 20, side: 'RIGHT', body: 'x' }],
    ['the wrong side', { path: 'a.txt', line: 58, side: 'LEFT', body: 'x' }],
    ['a file that is not in the diff', { path: 'b.txt', line: 1, side: 'RIGHT', body: 'x' }],
    ['a binary file', { path: 'pic.png', line: 1, side: 'RIGHT', body: 'x' }],
    ['start_line equal to line', { path: 'a.txt', start_line: 10, line: 10, side: 'RIGHT', start_side: 'RIGHT', body: 'x' }],
    ['a range over two hunks', { path: 'a.txt', start_line: 10, line: 41, side: 'RIGHT', start_side: 'RIGHT', body: 'x' }],
    ['an unknown field', { path: 'a.txt', line: 10, side: 'RIGHT', body: 'x', severity: 'high' }],
  ])('refuses a whole review for %s', async (_, bad) => {
    const before = github.state.violations.length;
    const { status } = await review({ path: 'a.txt', line: 10, side: 'RIGHT', body: 'good' }, bad);
    expect(status).toBe(422);
    expect([...shop.reviews.values(), ...shop.reviewComments.values()]).toEqual([]);
    expect(github.state.violations).toHaveLength(before + 1);
  });

  it('refuses more than 25 comments, an empty review and a commit of another pull request', async () => {
    expect((await review(...Array.from({ length: 26 }, () => ({ path: 'a.txt', line: 10, body: 'x' })))).status).toBe(422);
    expect((await ask(github, token, 'POST', `${REPO}/pulls/1/reviews`, { event: 'COMMENT', body: ' ' })).status).toBe(422);
    const elsewhere = await alice.push(shop, 'other', { 'a.txt': 'x\n' });
    expect((await ask(github, token, 'POST', `${REPO}/pulls/1/reviews`, { event: 'COMMENT', body: 'x', commit_id: elsewhere })).status).toBe(422);
    expect(shop.reviews.size).toBe(0);
  });

  it.each([
    ['completed without a conclusion', { status: 'completed' }],
    ['51 annotations', { output: { title: 'T', summary: 'S', annotations: Array.from({ length: 51 }, () => ({ path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' })) } }],
    ['an over-long summary', { output: { title: 'T', summary: 'x'.repeat(65_536) } }],
    ['four actions', { actions: Array.from({ length: 4 }, () => ({ label: 'l', description: 'd', identifier: 'i' })) }],
    ['an over-long label', { actions: [{ label: 'l'.repeat(21), description: 'd', identifier: 'i' }] }],
    ['columns over several lines', { output: { title: 'T', summary: 'S', annotations: [{ path: 'a', start_line: 1, end_line: 2, start_column: 1, annotation_level: 'notice', message: 'm' }] } }],
    ['an unknown field', { head: 'x' }],
    ['a missing title', { output: { summary: 'S' } }],
  ])('refuses a check run with %s', async (_, fields) => {
    const before = github.state.violations.length;
    const { status } = await ask(github, token, 'POST', `${REPO}/check-runs`, { name: 'Belay', head_sha: opened.pull.headSha, ...fields });
    expect(status).toBe(422);
    expect(shop.checkRuns.size).toBe(0);
    expect(github.state.violations).toHaveLength(before + 1);
  });

  it('refuses a check run for a commit that is not there, without calling it a violation', async () => {
    const before = github.state.violations.length;
    expect((await ask(github, token, 'POST', `${REPO}/check-runs`, { name: 'Belay', head_sha: '1'.repeat(40) })).status).toBe(422);
    expect(github.state.violations).toHaveLength(before);
  });
});

describe('writing to the stand-in', () => {
  beforeEach(start);
  afterEach(stop);

  it('takes a review whose anchors are all in the diff', async () => {
    const { status, body } = await review(
      { path: 'a.txt', line: 10, side: 'RIGHT', body: 'added' },
      { path: 'a.txt', line: 40, side: 'LEFT', body: 'removed' },
      { path: 'a.txt', line: 13, body: 'context, RIGHT by default' },
      { path: 'a.txt', start_line: 8, line: 12, side: 'RIGHT', start_side: 'RIGHT', body: 'range' },
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'COMMENTED', user: { login: 'belay[bot]', type: 'Bot' } });
    const comments = (await ask(github, token, 'GET', `${REPO}/pulls/1/comments`)).body as unknown as { line: number; diff_hunk: string }[];
    expect(comments.map((comment) => comment.line)).toEqual([10, 40, 13, 12]);
    expect(comments[0]?.diff_hunk).toMatch(/^@@ -7,7 \+7,7 @@[\s\S]*\n-line 10\n\+line ten$/);
    expect(github.state.violations).toEqual([]);
  });

  it('moves comments with their lines and marks them outdated when the line changes', async () => {
    await review({ path: 'a.txt', line: 10, side: 'RIGHT', body: 'ten' }, { path: 'a.txt', line: 38, side: 'RIGHT', body: 'below' });
    const first = opened.pull.headSha;
    await alice.push(shop, 'change', { 'a.txt': `new first line\n${numbered(60).replace('line 10\n', 'line TEN\n').replace('line 40\n', '')}` });
    const comments = (await ask(github, token, 'GET', `${REPO}/pulls/1/comments`)).body as unknown as { line: number | null; position: number | null; commit_id: string; original_line: number; original_commit_id: string }[];
    expect(comments[0]).toMatchObject({ line: null, position: null, original_line: 10, commit_id: first, original_commit_id: first });
    expect(comments[1]).toMatchObject({ line: 39, original_line: 38, commit_id: opened.pull.headSha, original_commit_id: first });
  });

  it('comments on files and single lines, replies, edits, reacts and minimises', async () => {
    const file = await ask(github, token, 'POST', `${REPO}/pulls/1/comments`, { path: 'pic.png', subject_type: 'file', body: 'binary', commit_id: opened.pull.headSha });
    expect(file.status).toBe(201);
    const id = field(file, 'id');
    expect((await ask(github, token, 'POST', `${REPO}/pulls/1/comments/${id}/replies`, { body: 'reply' })).body).toMatchObject({ in_reply_to_id: Number(id) });
    expect((await ask(github, token, 'PATCH', `${REPO}/pulls/comments/${id}`, { body: 'edited' })).body).toMatchObject({ body: 'edited' });
    const said = await alice.comment(opened, '/ai-review help');
    expect((await ask(github, token, 'POST', `${REPO}/issues/comments/${String(said.id)}/reactions`, { content: 'eyes' })).status).toBe(201);
    expect((await ask(github, token, 'POST', `${REPO}/issues/comments/${String(said.id)}/reactions`, { content: 'eyes' })).status).toBe(200);
    expect((await ask(github, token, 'PATCH', `${REPO}/issues/comments/${String(said.id)}`, { body: 'not mine' })).status).toBe(403);
    const own = await ask(github, token, 'POST', `${REPO}/issues/1/comments`, { body: 'mine' });
    expect((await ask(github, token, 'PATCH', `${REPO}/issues/comments/${field(own, 'id')}`, { body: 'still mine' })).status).toBe(200);
    const minimised = await fetch(`${github.url}/api/graphql`, {
      method: 'POST',
      headers: { authorization: `token ${token}`, 'user-agent': 'self-test' },
      body: JSON.stringify({ query: 'mutation($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } } }', variables: { id: field(file, 'node_id') } }),
    });
    expect(await minimised.json()).toMatchObject({ data: { minimizeComment: { minimizedComment: { isMinimized: true } } } });
    expect(shop.reviewComments.get(Number(id))?.minimized).toBe('OUTDATED');
    expect((await ask(github, token, 'GET', `${REPO}/issues/1/comments`)).body).toHaveLength(2);
    expect((await ask(github, token, 'GET', `${REPO}/pulls/1/reviews`)).body).toHaveLength(2);
    expect(github.state.violations).toEqual([]);
  });

  it('keeps check runs: the newest of a name counts, annotations are appended', async () => {
    const head = opened.pull.headSha;
    expect(requiredState(shop, head, 'Belay')).toBe('missing');
    const annotation = { path: 'a.txt', start_line: 10, end_line: 10, annotation_level: 'warning', message: 'hm' };
    const first = await ask(github, token, 'POST', `${REPO}/check-runs`, { name: 'Belay', head_sha: head, status: 'in_progress', external_id: 'x' });
    expect(first.status).toBe(201);
    expect(requiredState(shop, head, 'Belay')).toBe('pending');
    const url = `${REPO}/check-runs/${field(first, 'id')}`;
    const output = { title: 'T', summary: 'S', annotations: Array.from({ length: 50 }, () => annotation) };
    await ask(github, token, 'PATCH', url, { output });
    await ask(github, token, 'PATCH', url, { conclusion: 'failure', output: { ...output, annotations: [annotation] } });
    expect((await ask(github, token, 'GET', url)).body).toMatchObject({ status: 'completed', conclusion: 'failure', output: { annotations_count: 51 } });
    expect((await ask(github, token, 'GET', `${url}/annotations?per_page=100`)).body).toHaveLength(51);
    expect(requiredState(shop, head, 'Belay')).toBe('failed');
    await ask(github, token, 'POST', `${REPO}/check-runs`, { name: 'Belay', head_sha: head, conclusion: 'neutral', output: { title: 'T', summary: 'S' } });
    expect(requiredState(shop, head, 'Belay')).toBe('passed');
    expect((await ask(github, token, 'GET', `${REPO}/commits/${head}/check-runs?check_name=Belay`)).body).toMatchObject({ total_count: 1, check_runs: [{ conclusion: 'neutral', pull_requests: [{ number: 1 }] }] });
    expect((await ask(github, token, 'GET', `${REPO}/commits/change/check-runs?filter=all`)).body).toMatchObject({ total_count: 2 });
    expect((await ask(github, token, 'GET', `${REPO}/commits/${head}/check-suites`)).body).toMatchObject({ total_count: 1, check_suites: [{ conclusion: 'neutral' }] });
    expect(newestRun(shop, head, 'Belay')?.conclusion).toBe('neutral');
    expect(github.state.violations).toEqual([]);
  });

  it('knows who may do what', async () => {
    const permission = async (login: string): Promise<unknown> => (await ask(github, token, 'GET', `${REPO}/collaborators/${login}/permission`)).body;
    github.user('stranger');
    expect(await permission('bob')).toMatchObject({ permission: 'write', role_name: 'maintain' });
    expect(await permission('stranger')).toMatchObject({ permission: 'none' });
    expect((await ask(github, token, 'GET', `${REPO}/collaborators/nobody-at-all/permission`)).status).toBe(404);
    expect((await ask(github, token, 'GET', '/orgs/acme/teams/on-call/memberships/bob')).status).toBe(403);
    github.state.installations.forEach((installation) => (installation.permissions = { ...installation.permissions, members: 'read' }));
    const wider = await installationToken(github);
    expect((await ask(github, wider, 'GET', '/orgs/acme/teams/on-call/memberships/bob')).body).toMatchObject({ state: 'active' });
    expect((await ask(github, wider, 'GET', '/orgs/acme/teams/on-call/memberships/alice')).status).toBe(404);
  });
});
