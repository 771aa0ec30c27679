import { anchorOf, type Anchor } from './anchor.js';
import type { Change } from './change-set.js';
import type { Config } from './config.js';
import type { Marker } from './marker.js';
import type { Annotation, CheckAction, CheckOutput, CommentState, EditCommentWrite, FileCommentWrite, Publication, Published, PublishedComment, ReplyWrite, ReviewComment, ReviewWrite, Write } from './publication.js';
import { checkRunWrites } from './reconcile-check-run.js';
import type { Entry, Verdict, Waived } from './verdict.js';

/** Why a comment of ours is settled. */
export type Settled =
  | { readonly state: 'fixed'; readonly headSha: string }
  | { readonly state: 'accepted'; readonly by: string; readonly reason: string }
  | { readonly state: 'dismissed' };

/** The words, from `render`. None of them contains a marker. They depend on their arguments alone. */
export interface Words {
  comment(entry: Entry, anchor: Anchor): string;
  /** The text of an earlier comment once it is settled. */
  settled(comment: PublishedComment, settled: Settled): string;
  /** What stands above the new comments. */
  review(entries: readonly Entry[], verdict: Verdict): string;
  checkRun(verdict: Verdict): CheckOutput;
  annotations(verdict: Verdict): readonly Annotation[];
  actions(verdict: Verdict): readonly CheckAction[];
}

export interface ReconcileInput {
  /** 0 on the command line; null for a merge group, which gets a check run and no comments. */
  readonly pull: number | null;
  readonly headSha: string;
  readonly verdict: Verdict;
  readonly changes: readonly Change[];
  readonly published: Published;
  /** Fingerprints that somebody dismissed. */
  readonly dismissed: ReadonlySet<string>;
  readonly config: Pick<Config, 'review' | 'llm'>;
  /** Names the request for a new run (its delivery); null for an ordinary review. */
  readonly rerun: string | null;
  readonly words: Words;
  /** Signs a marker for this repository and pull request. */
  readonly sign: (marker: Marker) => string;
}

/** What the host accepts is 65,536 characters. */
export const MAX_BODY = 60_000;
/** Above this number of comments a review may be answered with an error and posted all the same. */
export const MAX_REVIEW_COMMENTS = 25;

/**
 * What is left to say: the difference between the verdict and what was published. Once it is carried out there is
 * nothing left, and carrying it out twice says nothing twice. Pure.
 */
export function reconcile(input: ReconcileInput): Publication {
  const comments = input.pull === null ? [] : commentWrites(input, input.pull);
  const { published, headSha, pull, rerun, verdict, words } = input;
  const checks = checkRunWrites(
    { published, headSha, pull, rerun },
    { conclusion: verdict.conclusion, output: words.checkRun(verdict), annotations: words.annotations(verdict), actions: words.actions(verdict) },
  );
  return { writes: [...comments, ...checks] };
}

/** An answer in the conversation that is posted once however often it is carried out. `key` names what it answers. */
export function replyWrite(pull: number, key: string, text: string, sign: (marker: Marker) => string): ReplyWrite {
  return { kind: 'reply', pull, key, body: body(text, sign({ kind: 'reply', key })) };
}

/** A comment to be made, and where. */
interface Placed {
  readonly entry: Entry;
  readonly anchor: Anchor;
}

function commentWrites(input: ReconcileInput, pull: number): readonly Write[] {
  const entries = current(input);
  const known = firstOfEach(input.published.comments);
  const edits: EditCommentWrite[] = [];
  const edit = (comment: PublishedComment, state: CommentState, text: string): void => {
    const marker = input.sign({ kind: 'finding', fingerprint: comment.fingerprint, ruleId: comment.ruleId, state, headSha: input.headSha });
    edits.push({ kind: 'edit-comment', pull, commentId: comment.id, fingerprint: comment.fingerprint, state, body: body(text, marker) });
  };
  for (const comment of input.published.comments) {
    const settled = settledBy(comment, input, entries);
    if (settled !== null && settled.state !== comment.state) edit(comment, settled.state, input.words.settled(comment, settled));
  }
  const changes = new Map(input.changes.map((change) => [change.path, change]));
  for (const [fingerprint, entry] of entries) {
    const comment = known.get(fingerprint);
    if (comment !== undefined && comment.state !== 'open') edit(comment, 'open', input.words.comment(entry, whereItStands(comment, entry, changes)));
  }
  return [...edits, ...newComments(input, pull, choose(input, entries, known, changes))];
}

/** The findings that may be commented on, by fingerprint, most severe first. */
function current(input: ReconcileInput): ReadonlyMap<string, Entry> {
  const hidden = new Set(input.dismissed);
  // The signed mark of a dismissal outlives the database that recorded it.
  for (const comment of input.published.comments) if (comment.state === 'dismissed') hidden.add(comment.fingerprint);
  const entries = new Map<string, Entry>();
  for (const entry of input.verdict.entries) {
    const { fingerprint } = entry.finding;
    if (!hidden.has(fingerprint) && !entries.has(fingerprint)) entries.set(fingerprint, entry);
  }
  return entries;
}

function firstOfEach(comments: readonly PublishedComment[]): ReadonlyMap<string, PublishedComment> {
  const first = new Map<string, PublishedComment>();
  for (const comment of [...comments].sort((a, b) => a.id - b.id)) if (!first.has(comment.fingerprint)) first.set(comment.fingerprint, comment);
  return first;
}

function settledBy(comment: PublishedComment, input: ReconcileInput, entries: ReadonlyMap<string, Entry>): Settled | null {
  if (comment.state === 'dismissed') return null;
  if (input.dismissed.has(comment.fingerprint)) return { state: 'dismissed' };
  if (entries.has(comment.fingerprint)) return null;
  const waived = input.verdict.waived.find((one: Waived) => one.finding.fingerprint === comment.fingerprint);
  if (waived !== undefined) return { state: 'accepted', by: waived.by, reason: waived.reason };
  return comment.state === 'open' && isFixed(comment, input.verdict) ? { state: 'fixed', headSha: input.headSha } : null;
}

/**
 * Whether silence means that it was fixed. Not when something went wrong on our side or the file was not read; and for
 * the model, which may simply not have said it again, only when the code under the comment changed.
 */
function isFixed(comment: PublishedComment, verdict: Verdict): boolean {
  if (verdict.mishaps.some((mishap) => mishap.during !== 'question' && mishap.during !== 'publishing')) return false;
  if (verdict.unread.some((unread) => unread.path === comment.path)) return false;
  return !comment.ruleId.startsWith('model/') || (comment.line === null && !comment.onFile);
}

/** A comment that is opened again stays where it is, so a suggestion only fits when it stands on the same lines. */
function whereItStands(comment: PublishedComment, entry: Entry, changes: ReadonlyMap<string, Change>): Anchor {
  const anchor = anchorOf(entry.finding, changes);
  return anchor.kind === 'lines' && anchor.suggestion ? { ...anchor, suggestion: !comment.onFile && anchor.startLine === null && comment.line === anchor.line } : anchor;
}

/**
 * Which findings get a new comment: blocking ones always, up to 25 comments in all; others while there are fewer than
 * the repository's limit; the model's at most its own. Comments that stand already count.
 */
function choose(input: ReconcileInput, entries: ReadonlyMap<string, Entry>, known: ReadonlyMap<string, PublishedComment>, changes: ReadonlyMap<string, Change>): readonly Placed[] {
  const standing = [...entries.values()].filter((entry) => known.has(entry.finding.fingerprint));
  let all = standing.length;
  let model = standing.filter((entry) => entry.finding.source === 'model').length;
  const chosen: Placed[] = [];
  for (const entry of entries.values()) {
    const isModel = entry.finding.source === 'model';
    const limit = entry.level === 'block' ? MAX_REVIEW_COMMENTS : Math.min(input.config.review.inline, MAX_REVIEW_COMMENTS);
    if (known.has(entry.finding.fingerprint) || all >= limit || (isModel && model >= input.config.llm.inline)) continue;
    const anchor = anchorOf(entry.finding, changes);
    if (anchor.kind === 'none') continue;
    all += 1;
    if (isModel) model += 1;
    chosen.push({ entry, anchor });
  }
  return chosen;
}

function newComments(input: ReconcileInput, pull: number, placed: readonly Placed[]): readonly Write[] {
  const inline: ReviewComment[] = [];
  const onFile: FileCommentWrite[] = [];
  for (const { entry, anchor } of placed) {
    const { fingerprint, ruleId, path } = entry.finding;
    if (path === null) continue;
    const marker = input.sign({ kind: 'finding', fingerprint, ruleId, state: 'open', headSha: input.headSha });
    const text = body(input.words.comment(entry, anchor), marker);
    if (anchor.kind === 'lines') inline.push({ fingerprint, path, startLine: anchor.startLine, line: anchor.line, body: text });
    else onFile.push({ kind: 'file-comment', pull, headSha: input.headSha, fingerprint, path, body: text });
  }
  if (inline.length === 0) return onFile;
  const said = input.words.review(placed.map(({ entry }) => entry), input.verdict);
  const review: ReviewWrite = { kind: 'review', pull, headSha: input.headSha, body: body(said, input.sign({ kind: 'review', headSha: input.headSha })), comments: inline };
  return [review, ...onFile];
}

const CUT_NOTE = '\n\n_This comment was cut: the host accepts no longer one. The check run has the rest._';

/** The text and its marker within the host's limit; the marker is never cut. */
function body(text: string, marker: string): string {
  const room = MAX_BODY - marker.length - 2;
  const fitting = text.length <= room ? text : text.slice(0, room - CUT_NOTE.length).replace(/[\ud800-\udbff]$/, '') + CUT_NOTE;
  return `${fitting}\n\n${marker}`;
}
