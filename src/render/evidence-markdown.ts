import type { Evidence, ScheduleStep } from '../core/finding.js';
import { cut } from '../core/plain-text.js';
import { codeBlock, codeSpan, escapeMarkdown, prose } from './escape-markdown.js';

/** One piece of evidence as Markdown: a sentence, and for a schedule its two-column timeline. Starts and ends without empty lines. */
export function evidenceMarkdown(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'schedule':
      return `${prose(evidence.text)}\n\n${timelineMarkdown(evidence.steps)}`;
    case 'observation':
      return `Seen on ${escapeMarkdown(evidence.server)}: ${prose(evidence.text)}`;
    case 'reader':
      return `${prose(evidence.text)} (${codeSpan(`${evidence.path}:${String(evidence.line)}`)})`;
    case 'quote':
      return `${codeSpan(evidence.text)}${evidence.path === null ? '' : ` in ${codeSpan(evidence.line === null ? evidence.path : `${evidence.path}:${String(evidence.line)}`)}`}`;
    case 'fact':
      return `${prose(evidence.text)} (${escapeMarkdown(evidence.source)})${evidence.paste === undefined ? '' : `\n\n${codeBlock(cut(evidence.paste, MOST_TO_PASTE), 'markdown')}`}`;
  }
}

/** Longest text to paste that is shown. */
const MOST_TO_PASTE = 6000;

/** The steps of a schedule as a table: what request A and request B do, from top to bottom. */
export function timelineMarkdown(steps: readonly ScheduleStep[]): string {
  const rows = steps.map((step) => {
    const text = codeSpan(step.text);
    const line = step.line === null ? '' : String(step.line);
    return step.actor === 'A' ? `| ${line} | ${text} | |` : `| ${line} | | ${text} |`;
  });
  return ['| line | request A | request B |', '|---:|---|---|', ...rows].join('\n');
}
