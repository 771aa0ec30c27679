import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_READ_LIMITS } from '../../src/core/host.js';
import { writeMarker } from '../../src/core/marker.js';
import { announce } from '../../src/core/reconcile-check-run.js';
import { reconcile } from '../../src/core/reconcile.js';
import type { Verdict } from '../../src/core/verdict.js';
import { REVIEWING, wordsFor } from '../../src/render/check-run.js';
import { archive, BOT, example, installed, MARKER_KEYS, REPO, sha, shaOf, Stage, type Packed, type Received } from './stage.js';

const HEAD = sha('a');
const BASE = sha('b');
const MERGE_BASE = sha('c');
const { signal } = new AbortController();

let stage: Stage;
beforeEach(() => {
  stage = installed(new Stage());
});
afterEach(() => {
  stage.close();
  expect(stage.violations).toEqual([]);
});

/** A listed file of the comparison, as the host shows it. */
const file = (filename: string, over: object = {}) => ({ ...example('GET', '/repos/o/r/pulls/1/files'), filename, status: 'modified', sha: sha('0'), additions: 1, deletions: 1, changes: 2, ...over });

function pullRequest(over: object = {}): object {
  const raw = example('GET', '/repos/o/r/pulls/1');
  const side = (name: 'head' | 'base', ref: string, at: string): object => {
    const whole = raw[name] as { repo: object };
    return { ...whole, ref, sha: at, repo: { ...whole.repo, full_name: 'acme/wallet', default_branch: 'main' } };
  };
  return { ...raw, number: 12, state: 'open', merged: false, merged_at: null, changed_files: 1, head: side('head', 'feature', HEAD), base: side('base', 'main', sha('d')), ...over };
}

async function show(files: readonly object[], head: readonly Packed[], base: readonly Packed[] = [], over: object = {}): Promise<void> {
  const comparison = example('GET', '/repos/o/r/compare/a...b');
  const commit = (at: string): object => ({ ...(comparison['base_commit'] as object), sha: at });
  const [headArchive, baseArchive] = [await archive(head), await archive(base)];
  stage
    .on('GET', '/repos/acme/wallet/pulls/12', pullRequest({ changed_files: files.length, ...over }))
    .on('GET', `/repos/acme/wallet/compare/*...${HEAD}`, { ...comparison, base_commit: commit(BASE), merge_base_commit: commit(MERGE_BASE), total_commits: 1, files })
    .on('GET', `/repos/acme/wallet/tarball/${HEAD}`, () => ({ status: 302, headers: { location: 'https://api.github.com/repos/acme/wallet/tarball/refs/head-archive' } }))
    .on('GET', '/repos/acme/wallet/tarball/refs/head-archive', () => ({ status: 200, body: headArchive }))
    .on('GET', `/repos/acme/wallet/tarball/${MERGE_BASE}`, () => ({ status: 200, body: baseArchive }));
}

async function read(limits = DEFAULT_READ_LIMITS) {
  const host = stage.app().host(REPO, { purpose: 'review' });
  return host.changeSet(await host.pull(12), limits, signal);
}

describe('a change set', () => {
  it('has both texts, hunks and touched lines of ordinary changes, from the head\'s archive alone', async () => {
    const after = 'one\nTWO\nthree\n';
    await show(
      [
        file('a.ts', { sha: shaOf(after), patch: '@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three' }),
        file('new.ts', { status: 'added', sha: shaOf('x\n'), deletions: 0, patch: '@@ -0,0 +1 @@\n+x' }),
        file('old.ts', { status: 'removed', additions: 0, patch: '@@ -1 +0,0 @@\n-gone' }),
        file('to.ts', { status: 'renamed', previous_filename: 'from.ts', sha: shaOf('same\n'), additions: 0, deletions: 0, changes: 0, patch: undefined }),
      ],
      [{ path: 'a.ts', text: after }, { path: 'new.ts', text: 'x\n' }, { path: 'to.ts', text: 'same\n' }, { path: '.github/PULL_REQUEST_TEMPLATE.md', text: '## Why' }],
    );
    const changeSet = await read();
    expect(changeSet).toMatchObject({ headSha: HEAD, baseSha: BASE, mergeBaseSha: MERGE_BASE, unread: [], pull: { templates: ['## Why'], defaultBranch: 'main', fromFork: false } });
    expect(changeSet.pull.commits).toHaveLength(1);
    expect(changeSet.changes).toMatchObject([
      { path: 'a.ts', before: 'one\ntwo\nthree\n', after, touched: [{ start: 2, end: 2 }] },
      { path: 'new.ts', before: null, after: 'x\n', touched: [{ start: 1, end: 1 }] },
      { path: 'old.ts', before: 'gone\n', after: null, touched: [] },
      { path: 'to.ts', previousPath: 'from.ts', before: 'same\n', after: 'same\n', hunks: [] },
    ]);
    expect(stage.requests('GET', /tarball/).map((request) => request.path.split('/').at(-1))).toEqual([HEAD, 'head-archive']);
  });

  it('reads both sides itself where the host leaves the patch out', async () => {
    const before = Array.from({ length: 3000 }, (_, index) => `line ${index}`).join('\n');
    const after = before.replace('line 1500', 'LINE 1500');
    await show([file('big.sql', { sha: shaOf(after), patch: undefined })], [{ path: 'big.sql', text: after }], [{ path: 'big.sql', text: before }]);
    const { changes } = await read();
    expect(changes).toMatchObject([{ before, after, touched: [{ start: 1501, end: 1501 }] }]);
  });

  it('is not fooled by an archive that hides or changes a file', async () => {
    const after = 'drop table users;\n';
    await show(
      [
        file('hidden.sql', { status: 'added', sha: shaOf(after), deletions: 0, patch: '@@ -0,0 +1 @@\n+drop table users;' }),
        file('changed.sql', { status: 'added', sha: shaOf(after), deletions: 0, patch: '@@ -0,0 +1 @@\n+drop table users;' }),
      ],
      [{ path: 'changed.sql', text: 'select 1;\n' }],
    );
    stage.on('GET', `/repos/acme/wallet/git/blobs/${shaOf(after)}`, () => ({ status: 200, body: Buffer.from(after) }));
    const { changes } = await read();
    expect(changes.map((change) => change.after)).toEqual([after, after]);
    expect(stage.requests('GET', /blobs/)).toHaveLength(2);
  });

  it('names everything it did not read, and why', async () => {
    const link = 'target';
    await show(
      [
        file('image.png', { sha: sha('1'), additions: 0, deletions: 0, patch: undefined }),
        file('huge.json', { sha: sha('2'), patch: undefined }),
        file('link', { status: 'added', sha: shaOf(link), deletions: 0, patch: '@@ -0,0 +1 @@\n+target\n\\ No newline at end of file' }),
        file('vendor/lib', { sha: sha('3'), patch: `@@ -1 +1 @@\n-Subproject commit ${sha('4')}\n+Subproject commit ${sha('5')}` }),
        file('lost.ts', { sha: sha('6'), patch: undefined }),
      ],
      [{ path: 'image.png', text: Buffer.from([137, 80, 0, 1]) }, { path: 'huge.json', text: 'x'.repeat(1_000_001) }, { path: 'link', type: 'symlink', target: '/etc/passwd' }],
    );
    stage.on('GET', `/repos/acme/wallet/git/blobs/${sha('6')}`, () => ({ status: 404, body: { message: 'Not Found' } }));
    const { changes, unread } = await read();
    expect(changes).toEqual([]);
    expect(unread.map((one) => [one.path, one.reason])).toEqual([['image.png', 'binary'], ['huge.json', 'too-large'], ['link', 'symlink'], ['vendor/lib', 'submodule'], ['lost.ts', 'unreadable']]);
    expect(unread[1]?.detail).toBe('1.0 MB is above the limit of 1.0 MB for one file');
  });

  it('reads all pages of a long list, and says how many files the host does not list', async () => {
    const listed = Array.from({ length: 300 }, (_, index) => file(`f${index}.txt`, { status: 'added', sha: shaOf('x\n'), deletions: 0, patch: '@@ -0,0 +1 @@\n+x' }));
    await show(listed, listed.map((one) => ({ path: one.filename, text: 'x\n' })), [], { changed_files: 3400 });
    stage.on('GET', '/repos/acme/wallet/pulls/12/files', (request: Received) => {
      const page = Number(request.query.get('page'));
      return { status: 200, body: page <= 3 ? listed.slice(0, 100) : listed.slice(0, 50) };
    });
    const { changes, unread } = await read();
    expect(stage.requests('GET', /pulls\/12\/files/).map((request) => request.query.get('page'))).toEqual(['1', '2', '3', '4']);
    expect(changes).toHaveLength(350);
    expect(unread).toEqual([{ path: '(more files)', reason: 'over-file-limit', detail: '3050 changed files are not listed by the host: the change is too large' }]);
  });

  it('starts over when the pull request moved on while its list was read', async () => {
    const listed = Array.from({ length: 300 }, (_, index) => file(`f${index}`));
    await show(listed, []);
    stage.on('GET', '/repos/acme/wallet/pulls/12/files', []);
    let looks = 0;
    stage.on('GET', '/repos/acme/wallet/pulls/12', () => {
      looks += 1;
      const whole = pullRequest({ changed_files: 300 }) as { head: object };
      return { status: 200, body: looks === 1 ? whole : { ...whole, head: { ...whole.head, sha: sha('9') } } };
    });
    await expect(read()).rejects.toMatchObject({ scope: 'request', retryAfter: 1000 });
  });

  it('stops at the limits and lists the rest', async () => {
    const listed = Array.from({ length: 5 }, (_, index) => file(`f${index}`, { status: 'added', sha: shaOf('x\n'), deletions: 0, patch: '@@ -0,0 +1 @@\n+x' }));
    await show(listed, listed.map((one) => ({ path: one.filename, text: 'x\n' })));
    const { changes, unread } = await read({ ...DEFAULT_READ_LIMITS, files: 3 });
    expect(changes).toHaveLength(3);
    expect(unread.map((one) => [one.path, one.reason])).toEqual([['f3', 'over-file-limit'], ['f4', 'over-file-limit']]);
  });

  it('reads forks through the base repository', async () => {
    const whole = pullRequest() as { head: { repo: object } };
    await show([file('a.ts', { status: 'added', sha: shaOf('x\n'), deletions: 0, patch: '@@ -0,0 +1 @@\n+x' })], [{ path: 'a.ts', text: 'x\n' }], [], { head: { ...whole.head, repo: { ...whole.head.repo, full_name: 'stranger/wallet' } } });
    const host = stage.app().host(REPO, { purpose: 'review' });
    const pull = await host.pull(12);
    expect(pull).toMatchObject({ fromFork: true, headRepository: 'stranger/wallet' });
    expect((await host.changeSet(pull, DEFAULT_READ_LIMITS, signal)).changes).toHaveLength(1);
    expect(stage.received.every((request) => !request.path.includes('stranger'))).toBe(true);
  });
});

describe('a whole review', () => {
  it('takes about ten requests, one of them creating content, and a second look at the same head writes nothing', async () => {
    const after = 'one\nTWO\nthree\n';
    await show([file('a.ts', { sha: shaOf(after), patch: '@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three' })], [{ path: 'a.ts', text: after }]);
    const comments: object[] = [];
    const runs: Record<string, unknown>[] = [];
    const annotations: object[] = [];
    const run = (body: object, id: number): Record<string, unknown> => {
      const { annotations: more = [], ...words } = (body as { output: { annotations?: object[] } }).output;
      annotations.push(...more);
      const output = { ...words, annotations_count: annotations.length, annotations_url: 'https://api.github.com/x' };
      return { ...example('POST', '/repos/o/r/check-runs', {}, 201), conclusion: null, ...body, app: { ...(example('POST', '/repos/o/r/check-runs', {}, 201)['app'] as object), id: 7 }, output, id };
    };
    stage
      .on('GET', '/repos/acme/wallet/pulls/12/comments', () => ({ status: 200, body: comments }))
      .on('GET', `/repos/acme/wallet/commits/${HEAD}/check-runs`, () => ({ status: 200, body: { total_count: runs.length, check_runs: runs } }))
      .on('POST', '/repos/acme/wallet/check-runs', (request: Received) => {
        runs[0] = run(request.body as object, 500);
        return { status: 201, body: runs[0] };
      })
      .on('PATCH', '/repos/acme/wallet/check-runs/500', (request: Received) => {
        runs[0] = run({ ...runs[0], ...(request.body as object) }, 500);
        return { status: 200, body: runs[0] };
      })
      .on('POST', '/repos/acme/wallet/pulls/12/reviews', (request: Received) => {
        for (const comment of (request.body as { comments: { body: string; line: number }[] }).comments) comments.push({ ...example('GET', '/repos/o/r/pulls/1/comments'), ...comment, id: 900 + comments.length, user: { ...(example('GET', '/repos/o/r/pulls/1/comments')['user'] as object), login: BOT } });
        return { status: 200, body: example('POST', '/repos/o/r/pulls/1/reviews') };
      })
      .on('GET', '/repos/acme/wallet/check-runs/500/annotations', () => ({ status: 200, body: annotations.map((one) => ({ ...example('GET', '/repos/o/r/check-runs/1/annotations'), ...one })) }))
      .on('GET', '/repos/acme/wallet/contents/.github/belay.yml', () => ({ status: 404, body: { message: 'Not Found' } }));

    const verdict: Verdict = {
      conclusion: 'success', blocking: 0, reasons: ['Fine.'], waived: [], mishaps: [], unread: [], notices: [],
      entries: [{ level: 'warn', finding: { ruleId: 'failures/swallowed-error', title: 'T', path: 'a.ts', span: null, symbol: null, message: 'm', remedy: 'r', evidence: [], suggestion: null, source: 'rule', fingerprint: sha('f').slice(0, 32) } }],
    };
    const withLine = { ...verdict, entries: verdict.entries.map((entry) => ({ ...entry, finding: { ...entry.finding, span: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 2 } } })) };
    const app = stage.app();
    const once = async (): Promise<void> => {
      const host = app.host(REPO, { purpose: 'review' });
      const pull = await host.pull(12);
      const published = await host.published(pull, pull.headSha);
      const subject = { published, headSha: pull.headSha, pull: 12, rerun: null };
      await host.carryOut(announce(subject, REVIEWING), signal);
      await host.file('.github/belay.yml', pull.baseSha);
      await host.organisationFile('.github/belay.yml');
      const changeSet = await host.changeSet(pull, DEFAULT_READ_LIMITS, signal);
      const publication = reconcile({
        ...subject, verdict: withLine, changes: changeSet.changes, dismissed: new Set(), words: wordsFor({ homepage: 'https://x.test', headers: [] }), sign: (marker) => host.sign(marker, 12),
        config: { review: { drafts: true, bots: false, inline: 6 }, llm: { enabled: true, model: 'm', exclude: [], inline: 4, budget: { pullRequest: 1, month: 1 } } },
      });
      await host.carryOut(publication, signal);
      await host.carryOut(publication, signal);
    };
    await once();
    const api = stage.received.filter((request) => !request.path.endsWith('head-archive') && request.path !== '/app' && !request.path.endsWith('/installation'));
    expect(api.map((request) => `${request.method} ${request.path.replace(/^\/repos\/acme\/wallet/, '').replace(/[a-f]{40}/g, 'SHA')}`)).toEqual([
      'POST /app/installations/99/access_tokens',
      'GET /pulls/12',
      'GET /compare/main...SHA',
      'GET /pulls/12/comments',
      'GET /commits/SHA/check-runs',
      'POST /check-runs',
      'GET /contents/.github/belay.yml',
      'GET /tarball/SHA',
      'POST /pulls/12/reviews',
      'PATCH /check-runs/500',
    ]);
    expect(runs[0]).toMatchObject({ status: 'completed', conclusion: 'success', external_id: 'belay/1/pull/12' });
    const before = stage.received.length;
    await once();
    const second = stage.received.slice(before);
    expect(second.filter((request) => request.method !== 'GET').map((request) => request.path)).toEqual(['/app/installations/99/access_tokens']);
    expect(second).toHaveLength(7);
  });
});

describe('what was published', () => {
  it('is only what our own app wrote and signed for this pull request', async () => {
    const place = { repo: REPO, pull: 12 };
    const marker = (pull: number, fingerprint: string): string => writeMarker({ kind: 'finding', fingerprint, ruleId: 'r/x', state: 'fixed', headSha: HEAD }, { ...place, pull }, MARKER_KEYS);
    const raw = example('GET', '/repos/o/r/pulls/1/comments');
    const by = (login: string, body: string, over: object = {}): object => ({ ...raw, body, user: { ...(raw['user'] as object), login }, ...over });
    stage
      .on('GET', '/repos/acme/wallet/pulls/12/comments', [
        by(BOT, `mine\n\n${marker(12, 'one')}`, { id: 1, path: 'a.ts', line: 4 }),
        by(BOT, `file\n\n${marker(12, 'two')}`, { id: 2, path: 'b.ts', line: undefined, subject_type: 'file' }),
        by('attacker', `copied\n\n${marker(12, 'three')}`, { id: 3 }),
        by(BOT, `elsewhere\n\n${marker(13, 'four')}`, { id: 4 }),
        by(BOT, 'no marker', { id: 5 }),
      ])
      .on('GET', `/repos/acme/wallet/commits/${HEAD}/check-runs`, { total_count: 0, check_runs: [] });
    const published = await stage.app().host(REPO, { purpose: 'review' }).published({ number: 12 }, HEAD);
    expect(published.comments).toMatchObject([{ id: 1, fingerprint: 'one', state: 'fixed', path: 'a.ts', line: 4, onFile: false }, { id: 2, fingerprint: 'two', line: null, onFile: true }]);
  });

  it('counts only our own check runs, newest first, with their annotations', async () => {
    const raw = (example('GET', '/repos/o/r/commits/abc/check-runs')['check_runs'] as Record<string, unknown>[])[0] ?? {};
    const run = (id: number, appId: number, over: object = {}): object => ({ ...raw, id, name: 'Belay', head_sha: HEAD, external_id: 'belay/1/pull/12', app: { ...(raw['app'] as object), id: appId }, ...over });
    const output = { ...(raw['output'] as object), title: 't', summary: 's', text: null, annotations_count: 1 };
    stage
      .on('GET', `/repos/acme/wallet/commits/${HEAD}/check-runs`, { total_count: 3, check_runs: [run(1, 7, { output: { ...output, annotations_count: 0 } }), run(3, 7, { output }), run(5, 8)] })
      .on('GET', '/repos/acme/wallet/check-runs/3/annotations', [{ ...example('GET', '/repos/o/r/check-runs/1/annotations'), path: 'a.ts', start_line: 2, end_line: 2, annotation_level: 'warning', title: 't', message: 'm' }]);
    const published = await stage.app().host(REPO, { purpose: 'review' }).published(null, HEAD);
    expect(published.checkRuns).toMatchObject([
      { id: 3, output: { title: 't', summary: 's', text: '' }, annotations: [{ path: 'a.ts', startLine: 2, endLine: 2, level: 'warning', title: 't', message: 'm' }] },
      { id: 1, annotations: [] },
    ]);
  });
});
