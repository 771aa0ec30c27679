import { shortId } from '../core/finding.js';
import { plainLine } from '../core/plain-text.js';
import type { Conclusion, Entry, Verdict } from '../core/verdict.js';
import { codeBlock, codeSpan, escapeMarkdown, linkTarget, prose, proseBlock } from './escape-markdown.js';
import { evidenceMarkdown } from './evidence-markdown.js';
import { frameOf } from './frame.js';
import { proofMarkdown } from './proof-markdown.js';
import { docsUrl, originOf, placeOf } from './report.js';
import type { Report } from './report.js';

const FRAME_CELLS = 120;
const PROOF_ROOM = 60_000;

const CONCLUSIONS: Readonly<Record<Conclusion, string>> = {
  success: 'passed',
  failure: 'blocked',
  neutral: 'neutral',
  action_required: 'action required',
};

/** The review as one Markdown document. Whatever the author wrote shows as the author wrote it and does nothing. */
export function renderMarkdown(report: Report): string {
  const { verdict } = report;
  const parts = [
    `# Belay: ${CONCLUSIONS[verdict.conclusion]}`,
    verdict.reasons.map(prose).join('\n\n'),
    ...verdict.entries.map((entry) => entryPart(entry, report)),
    verdict.proof === undefined ? '' : proofMarkdown(verdict.proof, PROOF_ROOM).replace(/^###/, '##'),
    ...listParts(verdict),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function entryPart(entry: Entry, report: Report): string {
  const { finding, level } = entry;
  const url = linkTarget(docsUrl(report.homepage, finding.ruleId));
  const rule = url === '' ? codeSpan(finding.ruleId) : `[${codeSpan(finding.ruleId)}](${url})`;
  const waiting = entry.unconfirmedWaiver;
  const parts = [
    `## ${level}: ${prose(finding.title)}`,
    `${finding.path === null ? escapeMarkdown(placeOf(finding)) : codeSpan(placeOf(finding))} · ${rule} · ${codeSpan(shortId(finding))}${originOf(finding)}`,
    framePart(entry, report),
    proseBlock(finding.message),
    ...finding.evidence.map((evidence) => evidenceMarkdown(evidence)),
    `**Instead:** ${proseBlock(finding.remedy)}`,
    finding.suggestion ? `Suggested:\n\n${codeBlock(finding.suggestion.text)}` : '',
    waiting ? `A waiver in this change (${prose(waiting.reason)}) waits for a second person: ${codeSpan(`/ai-review accept ${finding.ruleId}`)} and a reason.` : '',
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function framePart({ finding }: Entry, report: Report): string {
  const text = finding.path === null ? undefined : report.texts.get(finding.path);
  if (text === undefined || finding.span === null) return '';
  const rows = frameOf(text, finding.span, FRAME_CELLS);
  const gutter = Math.max(0, ...rows.map((row) => String(row.number ?? '').length));
  return rows.length === 0 ? '' : codeBlock(rows.map((row) => `${String(row.number ?? '').padStart(gutter)} | ${row.text}`.trimEnd()).join('\n'));
}

function listParts(verdict: Verdict): readonly string[] {
  const list = (title: string, items: readonly string[]) => (items.length === 0 ? '' : `## ${title}\n\n${items.map((item) => `- ${item}`).join('\n')}`);
  return [
    list('Wondered about by the model, unverified', (verdict.unverified ?? []).map((finding) => `${codeSpan(placeOf(finding))}: ${prose(finding.message)}`)),
    list('Accepted', verdict.waived.map(({ finding, reason, by }) => `${codeSpan(finding.ruleId)} at ${codeSpan(placeOf(finding))}: ${prose(reason)} (${escapeMarkdown(by)})`)),
    list('Not read', verdict.unread.map(({ path, detail }) => `${codeSpan(path)}: ${escapeMarkdown(detail)}`)),
    list('Failed in Belay itself', verdict.mishaps.map(({ during, subject, message }) => `${escapeMarkdown(during)} ${codeSpan(plainLine(subject))}: ${escapeMarkdown(message)}`)),
    list('Good to know', verdict.notices.map((notice) => prose(notice))),
  ];
}
