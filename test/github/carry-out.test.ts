import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeMarker } from '../../src/core/marker.js';
import type { Annotation, CheckRunWrite, Publication, ReviewWrite, Write } from '../../src/core/publication.js';
import { replyWrite } from '../../src/core/reconcile.js';
import { APP_ID, BOT, example, installed, MARKER_KEYS, REPO, sha, Stage, type Answer, type Received } from './stage.js';

const HEAD = sha('a');
const PLACE = { repo: REPO, pull: 12 };
const { signal } = new AbortController();

let stage: Stage;
let comments: Record<string, unknown>[];
let runs: Record<string, unknown>[];
let replies: Record<string, unknown>[];
let annotations: Record<string, unknown>[];
beforeEach(() => {
  [comments, runs, replies, annotations] = [[], [], [], []];
  stage = pullRequestOn(installed(new Stage()));
});
afterEach(() => {
  stage.close();
  expect(stage.violations).toEqual([]);
});

/** A host that keeps what is written. */
function pullRequestOn(host: Stage): Stage {
  const ours = (raw: Record<string, unknown>): object => ({ ...(raw['user'] as object), login: BOT });
  const comment = (fields: object): void => {
    const raw = example('GET', '/repos/o/r/pulls/1/comments');
    comments.push({ ...raw, user: ours(raw), ...fields, id: 900 + comments.length });
  };
  return host
    .on('GET', '/repos/acme/wallet/pulls/12/comments', () => ({ status: 200, body: comments }))
    .on('POST', '/repos/acme/wallet/pulls/12/reviews', (request: Received) => {
      for (const one of (request.body as { comments: object[] }).comments) comment(one);
      return { status: 200, body: example('POST', '/repos/o/r/pulls/1/reviews') };
    })
    .on('POST', '/repos/acme/wallet/pulls/12/comments', (request: Received) => {
      comment(request.body as object);
      return { status: 201, body: comments.at(-1) };
    })
    .on('GET', `/repos/acme/wallet/commits/${HEAD}/check-runs`, () => ({ status: 200, body: { total_count: runs.length, check_runs: runs } }))
    .on('POST', '/repos/acme/wallet/check-runs', (request: Received) => ({ status: 201, body: keepRun(request.body as Record<string, unknown>) }))
    .on('PATCH', '/repos/acme/wallet/check-runs/*', (request: Received) => ({ status: 200, body: keepRun(request.body as Record<string, unknown>, Number(request.path.split('/').at(-1))) }))
    .on('GET', '/repos/acme/wallet/check-runs/*/annotations', () => ({ status: 200, body: annotations }))
    .on('GET', '/repos/acme/wallet/issues/12/comments', () => ({ status: 200, body: replies }))
    .on('POST', '/repos/acme/wallet/issues/12/comments', (request: Received) => {
      const raw = example('POST', '/repos/o/r/issues/1/comments', {}, 201);
      replies.push({ ...raw, user: ours(raw), ...(request.body as object), id: 700 + replies.length });
      return { status: 201, body: replies.at(-1) };
    });
}

function keepRun(body: Record<string, unknown>, id = 500 + runs.length): object {
  const { annotations: more = [], ...words } = body['output'] as { annotations?: Record<string, unknown>[] };
  for (const one of more) annotations.push({ ...example('GET', '/repos/o/r/check-runs/1/annotations'), ...one });
  const raw = example('POST', '/repos/o/r/check-runs', {}, 201);
  const output = { text: null, ...words, annotations_count: annotations.length, annotations_url: 'https://api.github.com/x' };
  const run = { ...raw, conclusion: null, head_sha: HEAD, name: 'Belay', ...body, app: { ...(raw['app'] as object), id: APP_ID }, output, id };
  runs = [...runs.filter((one) => one['id'] !== id), run];
  return run;
}

/** Acts on the first requests of a kind and loses their answers; `status` answers them with an error instead. */
function loseFirst(method: string, path: string, times: number, act: boolean, status?: number): void {
  let left = times;
  const plain = pullRequestOn(new StageStub() as unknown as Stage) as unknown as StageStub;
  const handler = plain.find(method, path);
  stage.on(method, path, (request: Received): Answer => {
    if (left-- <= 0) return handler(request);
    if (act) handler(request);
    return status === undefined ? 'lost' : { status, body: { message: 'Server Error' } };
  });
}

/** Only remembers what was registered. */
class StageStub {
  private readonly all = new Map<string, (request: Received) => Answer>();
  on(method: string, path: string, handler: (request: Received) => Answer): this {
    this.all.set(`${method} ${path}`, handler);
    return this;
  }
  find(method: string, path: string): (request: Received) => Answer {
    const handler = this.all.get(`${method} ${path}`);
    if (handler === undefined) throw new Error(`nothing at ${method} ${path}`);
    return handler;
  }
}

const fingerprint = (name: string): string => Buffer.from(name).toString('hex').padEnd(32, '0');
const marked = (name: string): string => `Words.\n\n${writeMarker({ kind: 'finding', fingerprint: fingerprint(name), ruleId: 'r/x', state: 'open', headSha: HEAD }, PLACE, MARKER_KEYS)}`;
const REVIEW: ReviewWrite = { kind: 'review', pull: 12, headSha: HEAD, body: 'New.', comments: [{ fingerprint: fingerprint('one'), path: 'a.ts', startLine: 2, line: 4, body: marked('one') }, { fingerprint: fingerprint('two'), path: 'a.ts', startLine: null, line: 9, body: marked('two') }] };
const RUN: CheckRunWrite = { kind: 'check-run', id: null, externalId: 'belay/1/pull/12', rerun: false, name: 'Belay', headSha: HEAD, status: 'completed', conclusion: 'failure', output: { title: 't', summary: 's', text: '' }, annotations: [], actions: [{ label: 'Review again', description: 'Reads this commit once more', identifier: 'review-again' }] };
const annotation = (line: number): Annotation => ({ path: 'a.ts', startLine: line, endLine: line, level: 'warning', title: 't', message: `m${line}` });

async function carry(...writes: Write[]): Promise<void> {
  await stage.app().host(REPO, { purpose: 'review' }).carryOut({ writes }, signal);
}
const posts = (path: RegExp): number => stage.requests('POST', path).length;

describe('carrying out', () => {
  it('posts a review as GitHub wants it, and once however often it is carried out', async () => {
    const host = stage.app().host(REPO, { purpose: 'review' });
    const publication: Publication = { writes: [REVIEW, RUN] };
    await host.carryOut(publication, signal);
    await host.carryOut(publication, signal);
    await carry(REVIEW, RUN);
    expect(posts(/reviews/)).toBe(1);
    expect(posts(/check-runs/)).toBe(1);
    expect(stage.requests('POST', /reviews/)[0]?.body).toMatchObject({
      event: 'COMMENT',
      commit_id: HEAD,
      comments: [{ path: 'a.ts', side: 'RIGHT', start_side: 'RIGHT', start_line: 2, line: 4 }, { path: 'a.ts', side: 'RIGHT', line: 9 }],
    });
    expect(runs).toMatchObject([{ status: 'completed', conclusion: 'failure', external_id: 'belay/1/pull/12' }]);
  });

  it.each<[string, boolean, number | undefined, number]>([
    ['the answer got lost', true, undefined, 1],
    ['an error came although it was posted', true, 502, 1],
    ['nothing arrived', false, undefined, 2],
    ['an error came and nothing was posted', false, 500, 2],
  ])('leaves one review and one run when %s', async (_, act, status, requests) => {
    loseFirst('POST', '/repos/acme/wallet/pulls/12/reviews', 1, act, status);
    loseFirst('POST', '/repos/acme/wallet/check-runs', 1, act, status);
    await carry(REVIEW, RUN);
    expect(comments).toHaveLength(2);
    expect(runs).toHaveLength(1);
    expect(posts(/reviews/)).toBe(requests);
    expect(posts(/check-runs/)).toBe(requests);
  });

  it('gives up for now when the host stays silent', async () => {
    loseFirst('POST', '/repos/acme/wallet/pulls/12/reviews', 9, false);
    await expect(carry(REVIEW)).rejects.toMatchObject({ scope: 'request', retryAfter: 30_000 });
    expect(posts(/reviews/)).toBe(3);
  });

  it('does not append annotations twice when an answer got lost', async () => {
    keepRun({ status: 'in_progress', external_id: 'belay/1/pull/12', output: { title: 't', summary: 's' } });
    loseFirst('PATCH', '/repos/acme/wallet/check-runs/*', 1, true);
    await carry({ ...RUN, annotations: [annotation(1), annotation(2)] });
    expect(annotations).toHaveLength(2);
    expect(runs).toMatchObject([{ status: 'completed' }]);
  });

  it('writes to the one run of a head, whoever made it, and to a new one only for a rerun', async () => {
    keepRun({ status: 'completed', conclusion: 'success', external_id: 'belay/1/pull/13', output: { title: 't', summary: 's' } });
    await carry(RUN);
    expect(runs).toHaveLength(1);
    await carry({ ...RUN, rerun: true, externalId: 'belay/1/pull/12/rerun/d' });
    await carry({ ...RUN, rerun: true, externalId: 'belay/1/pull/12/rerun/d' });
    expect(runs).toHaveLength(2);
  });

  it('makes one run when two pull requests with one head are reviewed at the same time', async () => {
    const app = stage.app();
    const one = async (externalId: string): Promise<void> => {
      const host = app.host(REPO, { purpose: 'review' });
      await host.published(null, HEAD);
      await host.carryOut({ writes: [{ ...RUN, externalId }] }, signal);
    };
    await Promise.all([one('belay/1/pull/12'), one('belay/1/pull/13')]);
    expect(runs).toHaveLength(1);
  });

  it('comments on files where the host takes none of the anchors', async () => {
    stage.on('POST', '/repos/acme/wallet/pulls/12/reviews', () => ({ status: 422, body: { message: 'Unprocessable Entity', documentation_url: 'https://docs.github.com/rest', errors: ['Line could not be resolved'] } }));
    await carry(REVIEW, RUN);
    expect(stage.requests('POST', /pulls\/12\/comments/).map((request) => request.body)).toMatchObject([{ subject_type: 'file', path: 'a.ts' }, { subject_type: 'file', path: 'a.ts' }]);
    expect(runs).toHaveLength(1);
  });

  it('still concludes the check when the conversation is locked, and says that something was refused', async () => {
    stage.on('POST', '/repos/acme/wallet/pulls/12/reviews', () => ({ status: 422, body: { message: 'Validation Failed', documentation_url: 'https://docs.github.com/rest', errors: ['is locked'] } }));
    await expect(carry(REVIEW, RUN)).rejects.toMatchObject({ scope: 'pull' });
    expect(runs).toMatchObject([{ conclusion: 'failure' }]);
  });

  it('stops at a limit at once', async () => {
    stage.on('POST', '/repos/acme/wallet/pulls/12/reviews', () => ({ status: 403, body: { message: 'You have exceeded a secondary rate limit' }, headers: { 'retry-after': '90' } }));
    await expect(carry(REVIEW, RUN)).rejects.toMatchObject({ scope: 'installation', retryAfter: 90_000 });
    expect(runs).toEqual([]);
  });

  it('edits its own comments and leaves deleted ones alone', async () => {
    stage.on('PATCH', '/repos/acme/wallet/pulls/comments/900', example('GET', '/repos/o/r/pulls/1/comments')).on('PATCH', '/repos/acme/wallet/pulls/comments/901', () => ({ status: 404, body: { message: 'Not Found' } }));
    const edit = (commentId: number): Write => ({ kind: 'edit-comment', pull: 12, commentId, fingerprint: 'f', state: 'fixed', body: 'Fixed.' });
    await carry(edit(900), edit(901));
    expect(stage.requests('PATCH')).toHaveLength(2);
  });

  it('answers a command once, also after a restart and a lost answer', async () => {
    const reply = replyWrite(12, 'comment/5', 'Done.', (marker) => writeMarker(marker, PLACE, MARKER_KEYS));
    loseFirst('POST', '/repos/acme/wallet/issues/12/comments', 1, true);
    await carry(reply);
    await carry(reply);
    expect(replies).toHaveLength(1);
    stage.on('POST', '/repos/acme/wallet/issues/comments/5/reactions', () => ({ status: 201, body: example('POST', '/repos/o/r/issues/comments/1/reactions', {}, 201) }));
    await carry({ kind: 'reaction', commentId: 5, content: '+1' });
    expect(stage.requests('POST', /reactions/)[0]?.body).toEqual({ content: '+1' });
  });

  it('spaces what creates content by a second, in production', async () => {
    await stage.app({ writeSpacing: 1000 }).host(REPO, { purpose: 'review' }).carryOut({ writes: [REVIEW, { kind: 'file-comment', pull: 12, headSha: HEAD, fingerprint: fingerprint('three'), path: 'b.ts', body: marked('three') }] }, signal);
    expect(stage.waits.filter((wait) => wait > 500 && wait <= 1000)).toHaveLength(1);
  });
});
