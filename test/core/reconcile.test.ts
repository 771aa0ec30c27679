import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../src/core/change-set.js';
import type { Finding, Level } from '../../src/core/finding.js';
import { diffTexts } from '../../src/core/hunks.js';
import { readMarker, writeMarker } from '../../src/core/marker.js';
import type { Publication, Published, PublishedCheckRun, PublishedComment, Write } from '../../src/core/publication.js';
import { announce } from '../../src/core/reconcile-check-run.js';
import { MAX_BODY, reconcile, replyWrite, type ReconcileInput } from '../../src/core/reconcile.js';
import type { Entry, Verdict } from '../../src/core/verdict.js';
import { REVIEWING, wordsFor } from '../../src/render/check-run.js';

const PLACE = { repo: { owner: 'acme', name: 'wallet' }, pull: 12 };
const KEYS = ['key'] as const;
const words = wordsFor({ homepage: 'https://example.test/belay', headers: [] });
const sha = (digit: string): string => digit.repeat(40);

/** A pull request on a host, as far as publications change it. */
class Model {
  comments: PublishedComment[] = [];
  checkRuns: PublishedCheckRun[] = [];
  reviews = 0;
  replies: string[] = [];
  private next = 1;
  private readonly done = new Set<string>();

  published(): Published {
    return { comments: this.comments, checkRuns: [...this.checkRuns].sort((a, b) => b.id - a.id) };
  }

  /** As the real host's adapter: what stands already, by marker or external id, is not made again. */
  carryOut(publication: Publication): void {
    for (const write of publication.writes) {
      const mark = JSON.stringify(write);
      if (!this.done.has(mark)) this.one(write);
      this.done.add(mark);
    }
  }

  /** What a restart forgets. */
  forget(): void {
    this.done.clear();
  }

  private one(write: Write): void {
    if (write.kind === 'check-run') this.checkRun(write);
    else if (write.kind === 'review') {
      const missing = write.comments.filter((comment) => !this.has(comment.fingerprint));
      if (missing.length > 0) this.reviews += 1;
      for (const { path, line, body } of missing) this.add(path, line, false, body);
    } else if (write.kind === 'file-comment') {
      if (!this.has(write.fingerprint)) this.add(write.path, null, true, write.body);
    } else if (write.kind === 'edit-comment') {
      this.comments = this.comments.map((comment) => (comment.id === write.commentId ? { ...comment, ...this.marked(write.body), body: write.body } : comment));
    } else if (write.kind === 'reply' && !this.replies.includes(write.key)) this.replies.push(write.key);
  }

  private has(fingerprint: string): boolean {
    return this.comments.some((comment) => comment.fingerprint === fingerprint);
  }

  private add(path: string, line: number | null, onFile: boolean, body: string): void {
    this.comments = [...this.comments, { id: this.next++, path, line, onFile, body, ...this.marked(body) }];
  }

  private marked(body: string): Pick<PublishedComment, 'fingerprint' | 'ruleId' | 'state'> {
    const marker = readMarker(body, PLACE, KEYS);
    if (marker?.kind !== 'finding') throw new Error('a comment without a marker');
    return { fingerprint: marker.fingerprint, ruleId: marker.ruleId, state: marker.state };
  }

  private checkRun(write: Write & { kind: 'check-run' }): void {
    const known = this.checkRuns.find((run) => (write.id === null ? run.externalId === write.externalId || !write.rerun : run.id === write.id));
    const id = known?.id ?? this.next++;
    const run: PublishedCheckRun = { id, externalId: write.externalId, status: write.status, conclusion: write.conclusion, output: write.output, annotations: [...(known?.annotations ?? []), ...write.annotations] };
    this.checkRuns = [...this.checkRuns.filter((one) => one.id !== id), run];
  }
}

const TEXT = Array.from({ length: 60 }, (_, index) => `line ${index + 1}`).join('\n') + '\n';
function changeOf(path: string, changed: readonly number[]): Change {
  const after = TEXT.split('\n').map((line, index) => (changed.includes(index + 1) ? `${line} changed` : line)).join('\n');
  return { path, status: 'modified', before: TEXT, after, ...diffTexts(TEXT, after) };
}
const CHANGES = [changeOf('a.ts', [10, 40]), changeOf('b.sql', [5])];

function finding(name: string, over: Partial<Finding> = {}): Finding {
  const line = over.span?.startLine ?? 10;
  return {
    ruleId: over.source === 'model' ? 'model/edge-cases' : 'migrations/set-not-null',
    title: `Title ${name}`,
    path: 'a.ts',
    span: { startLine: line, startColumn: 1, endLine: line, endColumn: 5 },
    symbol: null,
    message: `Message of ${name}.`,
    remedy: 'Do otherwise.',
    evidence: [{ kind: 'quote', text: 'code', path: 'a.ts', line }],
    suggestion: null,
    source: 'rule',
    fingerprint: Buffer.from(name).toString('hex').padEnd(32, '0').slice(0, 32),
    ...over,
  };
}
const entry = (name: string, level: Level = 'warn', over: Partial<Finding> = {}): Entry => ({ finding: finding(name, over), level });
const RANK = { block: 0, warn: 1, note: 2 };

function verdictOf(entries: readonly Entry[], over: Partial<Verdict> = {}): Verdict {
  const sorted = [...entries].sort((a, b) => RANK[a.level] - RANK[b.level]);
  const blocking = sorted.filter((one) => one.level === 'block').length;
  return { conclusion: blocking > 0 ? 'failure' : 'success', blocking, reasons: [`${blocking} block.`], entries: sorted, waived: [], mishaps: [], unread: [], notices: [], ...over };
}

function input(published: Published, verdict: Verdict, over: Partial<ReconcileInput> = {}): ReconcileInput {
  return {
    pull: 12,
    headSha: sha('1'),
    verdict,
    changes: CHANGES,
    published,
    dismissed: new Set(),
    config: { review: { drafts: true, bots: false, inline: 6 }, llm: { enabled: true, model: 'm', exclude: [], inline: 4, budget: { pullRequest: 1, month: 200 } } },
    rerun: null,
    words,
    sign: (marker) => writeMarker(marker, PLACE, KEYS),
    ...over,
  };
}

/** Reviews a head the way the product does, and checks on the way that nothing is left to say. */
function review(model: Model, entries: readonly Entry[], over: Partial<ReconcileInput> & { verdict?: Verdict } = {}): Publication {
  const verdict = over.verdict ?? verdictOf(entries);
  const headSha = over.headSha ?? sha('1');
  model.forget();
  const first = reconcile(input(model.published(), verdict, { ...over, headSha }));
  model.carryOut(first);
  const after = JSON.stringify(model.published());
  model.carryOut(first);
  expect(JSON.stringify(model.published())).toBe(after);
  expect(reconcile(input(model.published(), verdict, { ...over, headSha })).writes).toEqual([]);
  return first;
}

const kinds = (publication: Publication): readonly string[] => publication.writes.map((write) => write.kind);
const open = (model: Model): readonly string[] => model.comments.filter((comment) => comment.state === 'open').map((comment) => comment.fingerprint);

describe('reconcile', () => {
  it('gives a clean pull request a check and no review', () => {
    const model = new Model();
    expect(kinds(review(model, []))).toEqual(['check-run']);
    expect(model.checkRuns[0]).toMatchObject({ status: 'completed', conclusion: 'success', externalId: 'belay/1/pull/12' });
  });

  it('says what is new in one review, then the verdict', () => {
    const model = new Model();
    const publication = review(model, [entry('one', 'block'), entry('two', 'warn', { path: 'b.sql', span: { startLine: 5, startColumn: 1, endLine: 5, endColumn: 2 } })]);
    expect(kinds(publication)).toEqual(['review', 'check-run']);
    expect(publication.writes[0]).toMatchObject({ pull: 12, headSha: sha('1'), comments: [{ path: 'a.ts', line: 10, startLine: null }, { path: 'b.sql', line: 5 }] });
  });

  it('does not repeat what stands, marks what is gone as fixed, and opens it again when it comes back', () => {
    const model = new Model();
    review(model, [entry('one'), entry('two')]);
    model.checkRuns = [];
    const second = review(model, [entry('two'), entry('three')], { headSha: sha('2') });
    expect(kinds(second)).toEqual(['edit-comment', 'review', 'check-run']);
    expect(model.comments.map((comment) => comment.state)).toEqual(['fixed', 'open', 'open']);
    expect(model.comments[0]?.body).toContain('**Fixed in 2222222.**');
    expect(model.comments[0]?.body).toContain('Message of one.');
    model.checkRuns = [];
    review(model, [entry('one'), entry('two'), entry('three')], { headSha: sha('3') });
    expect(model.comments.map((comment) => comment.state)).toEqual(['open', 'open', 'open']);
    expect(model.comments[0]?.body).not.toContain('Fixed');
    expect(model.comments).toHaveLength(3);
  });

  it('never brings back what was dismissed, even when the record of it is lost', () => {
    const model = new Model();
    review(model, [entry('one', 'block'), entry('two')]);
    const dismissed = new Set([finding('one').fingerprint]);
    review(model, [entry('one', 'block'), entry('two')], { dismissed });
    expect(model.comments.map((comment) => comment.state)).toEqual(['dismissed', 'open']);
    expect(model.checkRuns[0]).toMatchObject({ conclusion: 'failure' });
    expect(kinds(reconcile(input(model.published(), verdictOf([entry('one', 'block'), entry('two')]))))).toEqual([]);
    expect(open(model)).toEqual([finding('two').fingerprint]);
  });

  it('says in its comment who accepted a finding', () => {
    const model = new Model();
    review(model, [entry('one', 'block')]);
    review(model, [], { verdict: verdictOf([], { waived: [{ finding: finding('one'), level: 'block', reason: 'small table', by: 'mira' }] }) });
    expect(model.comments[0]).toMatchObject({ state: 'accepted' });
    expect(model.comments[0]?.body).toMatch(/^\*\*Accepted\*\* \(`mira`\): small table/);
    model.checkRuns = [];
    review(model, [entry('one', 'block')], { headSha: sha('2') });
    expect(open(model)).toHaveLength(1);
  });

  it.each<[string, Partial<Verdict>]>([
    ['something of ours went wrong', { mishaps: [{ during: 'rule', subject: 'migrations/set-not-null', message: 'threw' }] }],
    ['the file was not read', { unread: [{ path: 'a.ts', reason: 'too-large', detail: 'too large' }] }],
  ])('does not call a finding fixed when %s', (_, over) => {
    const model = new Model();
    review(model, [entry('one')]);
    review(model, [], { verdict: verdictOf([], over) });
    expect(open(model)).toHaveLength(1);
  });

  it('calls what the model said fixed only when the code under it changed', () => {
    const model = new Model();
    review(model, [entry('one', 'warn', { source: 'model' })]);
    review(model, []);
    expect(open(model)).toHaveLength(1);
    model.comments = model.comments.map((comment) => ({ ...comment, line: null }));
    review(model, []);
    expect(open(model)).toHaveLength(0);
  });

  it('keeps to the limits: six in all, blocking ones always up to 25, the model\'s four', () => {
    const many = (count: number, level: Level, prefix: string, over: Partial<Finding> = {}): Entry[] => Array.from({ length: count }, (_, index) => entry(`${prefix}${index}`, level, over));
    const counts = (entries: Entry[]): number => {
      const model = new Model();
      review(model, entries);
      return model.comments.length;
    };
    expect(counts(many(9, 'warn', 'w'))).toBe(6);
    expect(counts([...many(4, 'block', 'b'), ...many(9, 'warn', 'w')])).toBe(6);
    expect(counts([...many(9, 'block', 'b'), ...many(9, 'warn', 'w')])).toBe(9);
    expect(counts(many(40, 'block', 'b'))).toBe(25);
    expect(counts(many(9, 'warn', 'm', { source: 'model' }))).toBe(4);
    const model = new Model();
    review(model, [...many(3, 'note', 'n'), ...many(2, 'block', 'b'), ...many(3, 'warn', 'w')]);
    expect(model.comments.map((comment) => comment.body.split(' · ')[1]?.split('\n')[0])).toEqual(['blocks merging', 'blocks merging', 'warning', 'warning', 'warning', 'note']);
  });

  it('anchors only where the host accepts it: range, first line, file, or the check run alone', () => {
    const span = (startLine: number, endLine: number): Finding['span'] => ({ startLine, startColumn: 1, endLine, endColumn: 1 });
    const model = new Model();
    const publication = review(model, [
      entry('range', 'warn', { span: span(9, 12) }),
      entry('across', 'warn', { span: span(10, 40) }),
      entry('outside', 'warn', { span: span(25, 25) }),
      entry('whole', 'warn', { path: null, span: null }),
      entry('elsewhere', 'warn', { path: 'not-changed.ts' }),
    ]);
    expect(publication.writes[0]).toMatchObject({ kind: 'review', comments: [{ startLine: 9, line: 12 }, { startLine: null, line: 10 }] });
    expect(publication.writes[1]).toMatchObject({ kind: 'file-comment', path: 'a.ts' });
    expect((publication.writes[1] as { body: string }).body).toContain('At line 25');
    expect(kinds(publication)).toEqual(['review', 'file-comment', 'check-run']);
    expect(model.checkRuns[0]?.output.summary).toContain('not-changed.ts');
  });

  it('offers a one-click suggestion only on exactly its own lines, in one hunk', () => {
    const suggestion = { startLine: 9, endLine: 10, text: 'better\nlines' };
    const first = review(new Model(), [entry('one', 'warn', { suggestion })]);
    expect(first.writes[0]).toMatchObject({ comments: [{ startLine: 9, line: 10 }] });
    expect(JSON.stringify(first)).toContain('```suggestion\\nbetter\\nlines\\n```');
    const outside = review(new Model(), [entry('two', 'warn', { suggestion: { startLine: 10, endLine: 40, text: 'x' } })]);
    expect(JSON.stringify(outside)).not.toContain('```suggestion');
    expect(outside.writes[0]).toMatchObject({ comments: [{ startLine: null, line: 10 }] });
  });

  it('keeps bodies below the host\'s limit and the marker whole', () => {
    const huge = { ...words, comment: () => 'x'.repeat(200_000), review: () => 'y'.repeat(200_000) };
    const publication = reconcile(input({ comments: [], checkRuns: [] }, verdictOf([entry('one')]), { words: huge }));
    const write = publication.writes[0];
    if (write?.kind !== 'review') throw new Error('no review');
    expect(write.body.length).toBeLessThanOrEqual(MAX_BODY);
    expect(write.comments[0]?.body.length).toBeLessThanOrEqual(MAX_BODY);
    expect(write.comments[0]?.body).toContain('was cut');
    expect(readMarker(write.comments[0]?.body ?? '', PLACE, KEYS)).toMatchObject({ kind: 'finding', fingerprint: finding('one').fingerprint });
  });

  it('gives a merge group a check run of its own and no comments', () => {
    const publication = reconcile(input({ comments: [], checkRuns: [] }, verdictOf([entry('one', 'block')]), { pull: null }));
    expect(publication.writes).toMatchObject([{ kind: 'check-run', externalId: 'belay/1/group', conclusion: 'failure' }]);
  });

  it('is plain data', () => {
    const publication = reconcile(input({ comments: [], checkRuns: [] }, verdictOf([entry('one', 'block')])));
    expect(JSON.parse(JSON.stringify(publication))).toEqual(publication);
  });

  it('comes to rest after any history of pushes, dismissals, restarts and half-finished work', () => {
    let state = 7;
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const pool: readonly Entry[] = Array.from({ length: 14 }, (_, index) =>
      entry(`f${index}`, (['block', 'warn', 'note'] as const)[index % 3] ?? 'warn', { span: { startLine: [10, 40, 25][index % 3] ?? 10, startColumn: 1, endLine: [10, 41, 26][index % 3] ?? 10, endColumn: 1 }, ...(index % 5 === 0 ? { source: 'model' as const } : {}) }),
    );
    for (let history = 0; history < 25; history += 1) {
      const model = new Model();
      const dismissed = new Set<string>();
      for (let push = 1; push <= 6; push += 1) {
        const entries = pool.filter(() => next(3) > 0);
        if (next(3) === 0) dismissed.add(pool[next(pool.length)]?.finding.fingerprint ?? '');
        model.checkRuns = [];
        const headSha = sha(String(push));
        const half = reconcile(input(model.published(), verdictOf(entries), { headSha, dismissed }));
        // Killed somewhere in the middle, then started again.
        model.carryOut({ writes: half.writes.slice(0, next(half.writes.length + 1)) });
        model.forget();
        review(model, entries, { headSha, dismissed });
        const fingerprints = model.comments.map((comment) => comment.fingerprint);
        expect(new Set(fingerprints).size).toBe(fingerprints.length);
        for (const comment of model.comments) if (dismissed.has(comment.fingerprint)) expect(comment.state).toBe('dismissed');
        expect(model.checkRuns).toHaveLength(1);
      }
    }
  });
});

describe('the check run', () => {
  it('is announced once, concluded, and opened again only when asked to', () => {
    const model = new Model();
    const subject = (over: { rerun?: string } = {}) => ({ published: model.published(), headSha: sha('1'), pull: 12, rerun: over.rerun ?? null });
    model.carryOut(announce(subject(), REVIEWING));
    expect(model.checkRuns).toMatchObject([{ status: 'in_progress', conclusion: null }]);
    expect(announce(subject(), REVIEWING).writes).toEqual([]);
    review(model, []);
    expect(model.checkRuns).toHaveLength(1);
    expect(announce(subject(), REVIEWING).writes).toEqual([]);
    expect(announce(subject(), REVIEWING, true).writes).toMatchObject([{ id: model.checkRuns[0]?.id, status: 'in_progress' }]);
  });

  it('is one per head, but a new one for each request to run again', () => {
    const model = new Model();
    review(model, []);
    review(model, [], { rerun: 'delivery-1' });
    review(model, [], { rerun: 'delivery-1' });
    expect(model.checkRuns).toHaveLength(2);
    review(model, [], { rerun: 'delivery-2' });
    expect(model.checkRuns.map((run) => run.externalId)).toEqual(['belay/1/pull/12', 'belay/1/pull/12/rerun/delivery-1', 'belay/1/pull/12/rerun/delivery-2']);
    review(model, [entry('one', 'block')]);
    expect(model.published().checkRuns.map((run) => run.conclusion)).toEqual(['failure', 'success', 'success']);
  });

  it('sends annotations fifty at a time, concludes with the last, and never sends one twice', () => {
    const model = new Model();
    const entries = Array.from({ length: 120 }, (_, index) => entry(`f${index}`, 'warn'));
    const writes = reconcile(input(model.published(), verdictOf(entries))).writes.filter((write) => write.kind === 'check-run');
    expect(writes.map((write) => [write.annotations.length, write.status])).toEqual([[50, 'in_progress'], [50, 'in_progress'], [20, 'completed']]);
    model.carryOut({ writes: writes.slice(0, 1) });
    model.forget();
    review(model, entries);
    expect(model.checkRuns[0]?.annotations).toHaveLength(120);
    expect(model.checkRuns[0]).toMatchObject({ status: 'completed' });
  });

  it('is left alone when it says the same already, and updated when a word changes', () => {
    const model = new Model();
    review(model, [entry('one')]);
    expect(kinds(review(model, [entry('one')]))).toEqual([]);
    expect(kinds(review(model, [], { verdict: verdictOf([entry('one')], { notices: ['New.'] }) }))).toEqual(['check-run']);
  });
});

describe('replyWrite', () => {
  it('ends with a marker that holds its key', () => {
    const write = replyWrite(12, 'comment/5', 'Done.', (marker) => writeMarker(marker, PLACE, KEYS));
    expect(readMarker(write.body, PLACE, KEYS)).toEqual({ kind: 'reply', key: 'comment/5' });
  });
});
