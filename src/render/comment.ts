import type { Anchor } from '../core/anchor.js';
import { shortId, type Finding, type Level, type Suggestion } from '../core/finding.js';
import { withoutMarkers } from '../core/marker.js';
import { cut, plainText } from '../core/plain-text.js';
import type { PublishedComment } from '../core/publication.js';
import type { Settled } from '../core/reconcile.js';
import type { RuleHeader } from '../core/rule.js';
import type { Entry, Verdict } from '../core/verdict.js';
import { codeBlock, codeSpan, escapeMarkdown, linkTarget, prose, proseBlock } from './escape-markdown.js';
import { evidenceMarkdown } from './evidence-markdown.js';
import { docsUrl } from './report.js';

/** What the words of a comment need beside the finding. */
export interface CommentContext {
  /** `homepage` of package.json: where the rules' pages are. */
  readonly homepage: string;
  readonly headers: readonly RuleHeader[];
}

const LEVEL_WORDS: Readonly<Record<Level, string>> = { block: 'blocks merging', warn: 'warning', note: 'note' };

/** Bounds that keep a comment readable and far below the host's limit. */
const MAX_SENTENCE = 2000;
const MAX_SUGGESTION = 12_000;
const MAX_EVIDENCE = 6;

/** An inline comment: what goes wrong, what to do instead, and folded away, why we think so. Without its marker. */
export function commentMarkdown(entry: Entry, anchor: Anchor, context: CommentContext): string {
  const { finding } = entry;
  const parts = [
    `**${escapeMarkdown(finding.title)}** · ${LEVEL_WORDS[entry.level]}`,
    ...(anchor.kind === 'file' && finding.span !== null ? [`At line ${finding.span.startLine}, outside the lines that this change shows:`] : []),
    prose(cut(finding.message, MAX_SENTENCE)),
    `**Instead:** ${prose(cut(finding.remedy, MAX_SENTENCE))}`,
    ...suggestionParts(finding, anchor),
    ...waiverParts(entry),
    whyMarkdown(finding, context),
    footer(finding),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function suggestionParts(finding: Finding, anchor: Anchor): readonly string[] {
  const { suggestion } = finding;
  if (suggestion === null || suggestion.text.length > MAX_SUGGESTION) return [];
  if (anchor.kind === 'lines' && anchor.suggestion && isVerbatim(suggestion)) return [suggestionBlock(suggestion)];
  const place = suggestion.startLine === suggestion.endLine ? `line ${suggestion.startLine}` : `lines ${suggestion.startLine} to ${suggestion.endLine}`;
  return [`Instead of ${place}:`, codeBlock(suggestion.text)];
}

/** A one-click suggestion replaces lines verbatim, so nothing in it may be hidden or changed on the way. */
function isVerbatim(suggestion: Suggestion): boolean {
  return plainText(suggestion.text) === suggestion.text && !suggestion.text.endsWith('\n\n');
}

function suggestionBlock(suggestion: Suggestion): string {
  // An empty block deletes the lines; with a line in it, it would leave an empty one.
  return suggestion.text === '' ? '```suggestion\n```' : codeBlock(suggestion.text, 'suggestion');
}

function waiverParts(entry: Entry): readonly string[] {
  if (entry.unconfirmedWaiver === undefined) return [];
  const { line, reason } = entry.unconfirmedWaiver;
  const confirm = codeSpan(`/ai-review accept ${entry.finding.ruleId} <reason>`);
  return [`Line ${line} accepts this (“${escapeMarkdown(cut(reason, 300))}”). It counts once somebody with write access who did not work on this change comments ${confirm}.`];
}

function whyMarkdown(finding: Finding, context: CommentContext): string {
  const header = context.headers.find((candidate) => candidate.id === finding.ruleId);
  const url = linkTarget(docsUrl(context.homepage, finding.ruleId));
  const page = url === '' ? codeSpan(finding.ruleId) : `[${codeSpan(finding.ruleId)}](${url})`;
  const parts = [
    '<details><summary>Why</summary>',
    ...finding.evidence.slice(0, MAX_EVIDENCE).map(evidenceMarkdown),
    ...(header === undefined ? [] : [proseBlock(cut(header.docs.why, MAX_SENTENCE))]),
    `${finding.source === 'model' ? 'Asked and answered' : 'The rule'}: ${page}`,
    '</details>',
  ];
  return parts.join('\n\n');
}

function footer(finding: Finding): string {
  const id = shortId(finding);
  return `<sub>${codeSpan(id)} · comment ${codeSpan(`/ai-review explain ${id}`)} for more, ${codeSpan(`/ai-review dismiss ${id} <reason>`)} to hide it</sub>`;
}

/** What stands above the new comments of a review. */
export function reviewMarkdown(entries: readonly Entry[], verdict: Verdict): string {
  const blocking = entries.filter((entry) => entry.level === 'block').length;
  const rest = verdict.entries.length - entries.length;
  const first = `${count(entries.length, 'new finding', 'new findings')}${blocking > 0 ? `, ${blocking} blocking` : ''}.`;
  return rest > 0 ? `${first} The check run ${codeSpan('Belay')} lists all ${verdict.entries.length}.` : first;
}

const FOLDED = /^\*\*[^\n]*\n\n<details><summary>What was said<\/summary>\n\n([\s\S]*)\n\n<\/details>$/;

/** An earlier comment of ours once it is settled: the new state on top, what was said folded away below it. */
export function settledMarkdown(comment: PublishedComment, settled: Settled): string {
  const text = withoutMarkers(comment.body);
  const said = (FOLDED.exec(text)?.[1] ?? text)
    // What was suggested no longer fits: it must not be applied with a click.
    .replace(/^(`{3,})suggestion$/gm, '$1');
  return `${settledSentence(settled)}\n\n<details><summary>What was said</summary>\n\n${said}\n\n</details>`;
}

function settledSentence(settled: Settled): string {
  switch (settled.state) {
    case 'fixed':
      return `**Fixed in ${settled.headSha.slice(0, 7)}.**`;
    case 'accepted':
      return `**Accepted** (${codeSpan(settled.by)}): ${escapeMarkdown(cut(settled.reason, 500))}`;
    case 'dismissed':
      return '**Dismissed:** this will not be repeated here. The verdict is not changed by it.';
  }
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
