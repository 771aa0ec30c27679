import type { Finding } from '../core/finding.js';
import { shortId } from '../core/finding.js';
import type { RuleHeader } from '../core/rule.js';
import type { Verdict } from '../core/verdict.js';
import { codeSpan, escapeMarkdown, prose } from './escape-markdown.js';
import { evidenceMarkdown } from './evidence-markdown.js';
import { docsUrl, placeOf } from './report.js';

/** How many findings `tests` speaks of. */
const TESTS_LIMIT = 20;

/** The answer to `/ai-review explain`: what was seen, why it matters, what to do, what the rule cannot see. Markdown. */
export function explainMarkdown(finding: Finding, rule: RuleHeader | null, homepage: string): string {
  const parts = [`**${escapeMarkdown(finding.title)}** ${codeSpan(placeOf(finding))}`, prose(finding.message), ...finding.evidence.slice(0, 6).map((one) => evidenceMarkdown(one))];
  if (rule !== null) parts.push(`**Why it matters.** ${rule.docs.why}`);
  parts.push(`**Instead.** ${prose(finding.remedy)}`);
  if (rule?.docs.limits !== undefined) parts.push(`**What this rule cannot see.** ${rule.docs.limits}`);
  if (rule !== null) parts.push(`[${rule.id}](${docsUrl(homepage, rule.id)}) · to have it accepted: a second person comments ${codeSpan(`/ai-review accept ${rule.id} <reason>`)}`);
  return parts.join('\n\n');
}

/** The answer to `/ai-review tests`: for each finding the case that would show it, made from its own evidence. Markdown. */
export function testsMarkdown(verdict: Verdict): string {
  if (verdict.entries.length === 0) return 'There are no findings on this commit, so there is no case to test for.';
  const cases = verdict.entries.slice(0, TESTS_LIMIT).map(({ finding }) => `- [ ] ${codeSpan(shortId(finding))} ${codeSpan(placeOf(finding))}: ${caseFor(finding)}`);
  const rest = verdict.entries.length - cases.length;
  return ['Test cases that would show these findings:', cases.join('\n'), ...(rest > 0 ? [`And ${rest} more in the check run.`] : [])].join('\n\n');
}

function caseFor(finding: Finding): string {
  const schedule = finding.evidence.find((one) => one.kind === 'schedule');
  if (schedule === undefined) return `arrange this and assert that it does not happen: ${prose(finding.message)}`;
  const steps = schedule.steps.map((step) => `${step.actor} ${codeSpan(step.text)}`).join(', then ');
  return `run two requests in this order and assert that the outcome is that of one after the other: ${steps}.`;
}
