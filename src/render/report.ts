import type { Finding } from '../core/finding.js';
import type { RuleHeader } from '../core/rule.js';
import type { Verdict } from '../core/verdict.js';

/** What every renderer of a whole review is handed. */
export interface Report {
  readonly verdict: Verdict;
  /** Texts of the changed files at the head, for code frames. A missing one costs the frame only. */
  readonly texts: ReadonlyMap<string, string>;
  readonly headers: readonly RuleHeader[];
  /** `homepage` of package.json: where the rules' pages are. */
  readonly homepage: string;
  /** Belay's version. */
  readonly version: string;
  /** Times and counts: the one part of a report that is not deterministic. */
  readonly stats: Readonly<Record<string, unknown>>;
}

/** The page of a rule. */
export function docsUrl(homepage: string, ruleId: string): string {
  return `${homepage.replace(/\/+$/, '')}/docs/rules/${ruleId}.md`;
}

/** `path:line:column`, as far as the finding has them; words for one about the pull request as a whole. */
export function placeOf(finding: Pick<Finding, 'path' | 'span'>): string {
  if (finding.path === null) return 'the pull request as a whole';
  return finding.span === null ? finding.path : `${finding.path}:${String(finding.span.startLine)}:${String(finding.span.startColumn)}`;
}

/** Marks what the model said, and whether a second question confirmed it; empty for a rule's finding. */
export function originOf(finding: Pick<Finding, 'source' | 'certainty'>): string {
  if (finding.source === 'rule') return '';
  return finding.certainty === 'unverified' ? ' · from the model, unverified' : ' · from the model';
}

/** Whole lines of a text, both ends inclusive and 1-based, each cut to `limit` characters. Never splits the whole text. */
export function linesOf(text: string, first: number, last: number, limit = 2000): readonly string[] {
  const lines: string[] = [];
  let start = 0;
  for (let line = 1; line <= last; line++) {
    const next = text.indexOf('\n', start);
    const end = next === -1 ? text.length : next;
    if (line >= first) lines.push(text.slice(start, Math.min(end, start + limit)).replace(/\r$/, ''));
    if (next === -1) break;
    start = next + 1;
  }
  return lines;
}
