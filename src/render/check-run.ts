import { shortId } from '../core/finding.js';
import { cut, plainLine, plainText } from '../core/plain-text.js';
import type { Annotation, CheckAction, CheckOutput } from '../core/publication.js';
import type { Words } from '../core/reconcile.js';
import type { Conclusion, Entry, Verdict } from '../core/verdict.js';
import { commentMarkdown, reviewMarkdown, settledMarkdown, type CommentContext } from './comment.js';
import { codeSpan, escapeMarkdown, linkTarget, prose } from './escape-markdown.js';
import { evidenceMarkdown } from './evidence-markdown.js';
import { proofMarkdown } from './proof-markdown.js';
import { proofSummary } from './proof-words.js';
import { docsUrl, placeOf } from './report.js';

/** What the host accepts in the summary and in the text, each. */
const LIMIT = 65_535;
const ROOM = 60_000;
const PROOF_ROOM = 20_000;
const MAX_CELL = 400;

/** All words of a publication, for `reconcile`. */
export function wordsFor(context: CommentContext): Words {
  return {
    comment: (entry, anchor) => commentMarkdown(entry, anchor, context),
    settled: settledMarkdown,
    review: reviewMarkdown,
    checkRun: (verdict) => checkRunOutput(verdict, context),
    annotations: annotationsOf,
    actions: actionsOf,
  };
}

/** What a check run says while the review is going on. */
export const REVIEWING: CheckOutput = { title: 'Reviewing', summary: 'The review has begun. The verdict will stand here.', text: '' };

/** The verdict in words: one sentence as the title, the reasons and all findings in the summary, the rest in the text. */
export function checkRunOutput(verdict: Verdict, context: CommentContext): CheckOutput {
  return {
    title: checkRunTitle(verdict),
    summary: [reasons(verdict), overrideMarkdown(verdict), provedSentence(verdict), findingsTable(verdict, context)].filter((part) => part !== '').join('\n\n').slice(0, LIMIT),
    text: [detailSection(verdict), proofSection(verdict), unverifiedSection(verdict), waivedSection(verdict), mishapSection(verdict), unreadSection(verdict), noticeSection(verdict)].filter((part) => part !== '').join('\n\n').slice(0, LIMIT),
  };
}

/** One sentence for the list of checks. Plain text. */
export function checkRunTitle(verdict: Verdict): string {
  const advice = verdict.entries.length - verdict.blocking;
  const besides = advice > 0 ? `, ${advice} to look at` : '';
  if (verdict.override !== undefined) return cut(`Overridden by ${plainLine(verdict.override.by)} for this commit`, 120);
  if (verdict.notReviewed !== undefined) return cut(plainLine(verdict.notReviewed), 120);
  if (verdict.wouldHaveBeen !== undefined) return `Only observing: would be ${CONCLUSION_WORDS[verdict.wouldHaveBeen]}${countOf(verdict)}`;
  switch (verdict.conclusion) {
    case 'failure':
      return `${count(verdict.blocking, 'finding blocks', 'findings block')} this change${besides}`;
    case 'neutral':
      return `Not fully reviewed: ${verdict.mishaps.length > 0 ? 'Belay itself failed' : 'some files were not read'}${besides}`;
    case 'action_required':
      return `Not fully reviewed, so this repository asks for a decision${besides}`;
    case 'success':
      return advice > 0 ? `Nothing blocks this change${besides}` : 'Nothing found';
  }
}

const CONCLUSION_WORDS: Readonly<Record<Conclusion, string>> = { success: 'success', failure: 'failure', neutral: 'neutral', action_required: 'action required' };

function countOf(verdict: Verdict): string {
  return verdict.entries.length === 0 ? '' : ` (${count(verdict.entries.length, 'finding', 'findings')}, ${verdict.blocking} blocking)`;
}

function reasons(verdict: Verdict): string {
  return verdict.reasons.map((reason) => prose(cut(reason, 1000))).join('\n\n');
}

function overrideMarkdown({ override }: Verdict): string {
  if (override === undefined) return '';
  return `**Override** of ${codeSpan(override.headSha.slice(0, 7))} by ${codeSpan(override.by)}, ${escapeMarkdown(override.at)}: ${escapeMarkdown(cut(override.reason, 1000))}`;
}

const LEVEL_WORDS = { block: 'blocks', warn: 'warning', note: 'note' } as const;

function findingsTable(verdict: Verdict, context: CommentContext): string {
  if (verdict.entries.length === 0) return '';
  const rows = verdict.entries.map((entry) => findingRow(entry, context));
  return within(['| | finding | where | what happens | id |', '|---|---|---|---|---|'], rows, (left) => `\n${count(left, 'finding is', 'findings are')} not listed here for want of room.`);
}

function findingRow({ finding, level, unconfirmedWaiver }: Entry, context: CommentContext): string {
  const url = linkTarget(docsUrl(context.homepage, finding.ruleId));
  const rule = url === '' ? codeSpan(finding.ruleId) : `[${escapeMarkdown(finding.ruleId)}](${url})`;
  const where = finding.path === null ? 'the pull request' : codeSpan(placeOf(finding).replace(/:\d+$/, ''));
  const waiting = unconfirmedWaiver === undefined ? '' : ' (a waiver waits for a second person)';
  return `| ${LEVEL_WORDS[level]} | ${rule} | ${where} | ${prose(cut(finding.message, MAX_CELL))}${waiting} | ${codeSpan(shortId(finding))} |`;
}

/** A finding about the pull request as a whole has no line to be commented on: all of it stands here. */
function detailSection({ entries }: Verdict): string {
  const whole = entries.filter(({ finding }) => finding.path === null);
  const parts = whole.map(({ finding }) =>
    [`### ${escapeMarkdown(finding.title)}`, prose(cut(finding.message, 4000)), `**Instead:** ${prose(cut(finding.remedy, 4000))}`, ...finding.evidence.slice(0, 6).map((one) => evidenceMarkdown(one))].join('\n\n'),
  );
  return within([], parts, (left) => `${count(left, 'finding is', 'findings are')} left out for want of room.`, 15_000);
}

function provedSentence({ proof }: Verdict): string {
  return proof === undefined || proof.migrations.length === 0 ? '' : prose(proofSummary(proof));
}

function proofSection({ proof }: Verdict): string {
  return proof === undefined ? '' : proofMarkdown(proof, PROOF_ROOM);
}

function unverifiedSection({ unverified = [] }: Verdict): string {
  const rows = unverified.map((finding) => `- ${codeSpan(placeOf(finding))}: ${prose(cut(finding.message, MAX_CELL))}`);
  return rows.length === 0 ? '' : `<details><summary>What the model also wondered about, unverified</summary>\n\n${within([], rows, (left) => `- and ${left} more`, 8_000)}\n\n</details>`;
}

function waivedSection({ waived }: Verdict): string {
  const rows = waived.map((one) => `- ${codeSpan(one.finding.ruleId)} at ${codeSpan(placeOf(one.finding))}, by ${codeSpan(one.by)}: ${escapeMarkdown(cut(one.reason, MAX_CELL))}`);
  return section('Accepted', rows, 15_000);
}

function mishapSection({ mishaps }: Verdict): string {
  const rows = mishaps.map((mishap) => `- ${escapeMarkdown(mishap.during)}, ${codeSpan(cut(mishap.subject, 200))}: ${escapeMarkdown(mishap.message)}`);
  return section('What went wrong in Belay (not this change\'s fault)', rows, 15_000);
}

function unreadSection({ unread }: Verdict): string {
  const rows = unread.map((one) => `- ${codeSpan(one.path)}: ${escapeMarkdown(cut(one.detail, MAX_CELL))}`);
  return section('Not read', rows, 15_000);
}

function noticeSection({ notices }: Verdict): string {
  return section('To know', notices.map((notice) => `- ${prose(cut(notice, 1000))}`), 14_000);
}

function section(title: string, rows: readonly string[], room: number): string {
  return rows.length === 0 ? '' : within([`### ${title}`, ''], rows, (left) => `- and ${left} more`, room);
}

/** As many rows as there is room for, and an honest line about the others. */
function within(head: readonly string[], rows: readonly string[], note: (left: number) => string, room = ROOM): string {
  const lines = [...head];
  let used = head.join('\n').length;
  for (const [index, row] of rows.entries()) {
    used += row.length + 1;
    if (used > room) return [...lines, note(rows.length - index)].join('\n');
    lines.push(row);
  }
  return lines.join('\n');
}

const ANNOTATION_LEVELS = { block: 'failure', warn: 'warning', note: 'notice' } as const;

/** One annotation for each finding that stands on lines. Plain text: the host renders no Markdown in it. */
export function annotationsOf(verdict: Verdict): readonly Annotation[] {
  return verdict.entries.flatMap(({ finding, level }) => {
    if (finding.path === null || finding.span === null) return [];
    return [
      {
        path: finding.path,
        startLine: finding.span.startLine,
        endLine: Math.max(finding.span.startLine, finding.span.endLine),
        level: ANNOTATION_LEVELS[level],
        title: cut(plainLine(`${finding.title} (${finding.ruleId})`), 250),
        message: cut(plainText(`${finding.message}\n\nInstead: ${finding.remedy}`), 10_000),
      },
    ];
  });
}

/** The button of a check run that could not say yes: the review once more. */
export function actionsOf(verdict: Verdict): readonly CheckAction[] {
  return verdict.conclusion === 'success' ? [] : [{ label: 'Review again', description: 'Reads this commit once more', identifier: 'review-again' }];
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
