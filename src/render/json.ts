import type { Evidence, Finding, Level, Suggestion } from '../core/finding.js';
import type { Mishap } from '../core/mishap.js';
import type { UnreadReason } from '../core/change-set.js';
import type { Conclusion, Entry } from '../core/verdict.js';
import { docsUrl, placeOf } from './report.js';
import type { Report } from './report.js';

/** A finding as scripts read it. */
export interface FindingDocument {
  readonly rule: string;
  readonly level: Level;
  readonly path: string | null;
  readonly line: number | null;
  readonly endLine: number | null;
  readonly column: number | null;
  readonly title: string;
  readonly message: string;
  readonly remedy: string;
  readonly evidence: readonly Evidence[];
  readonly suggestion: Suggestion | null;
  readonly fingerprint: string;
  readonly docs: string;
  readonly source: 'rule' | 'model';
}

/** `--format json` of review and scan: docs/review.schema.json. */
export interface ReviewDocument {
  readonly schemaVersion: 1;
  readonly verdict: { readonly conclusion: Conclusion; readonly blocking: number; readonly reasons: readonly string[] };
  readonly findings: readonly FindingDocument[];
  readonly waived: readonly { readonly finding: FindingDocument; readonly reason: string; readonly by: string }[];
  readonly mishaps: readonly Mishap[];
  readonly unread: readonly { readonly path: string; readonly reason: UnreadReason }[];
  readonly stats: Readonly<Record<string, unknown>>;
}

/** The review as one JSON document, ended by a newline. Deterministic but for `stats`. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(reviewDocument(report), null, 2)}\n`;
}

/** The same as plain data. */
export function reviewDocument({ verdict, homepage, stats }: Report): ReviewDocument {
  return {
    schemaVersion: 1,
    verdict: { conclusion: verdict.conclusion, blocking: verdict.blocking, reasons: verdict.reasons },
    findings: verdict.entries.map((entry) => entryDocument(entry, homepage)),
    waived: verdict.waived.map(({ finding, level, reason, by }) => ({ finding: findingDocument(finding, level, homepage), reason, by })),
    mishaps: verdict.mishaps.map(({ during, subject, message }) => ({ during, subject, message })),
    unread: verdict.unread.map(({ path, reason }) => ({ path, reason })),
    stats,
  };
}

/** One entry; what its finding stands for besides is evidence, each with its own place. */
export function entryDocument({ finding, level, others = [] }: Entry, homepage: string): FindingDocument {
  const places = others.map((other): Evidence => ({ kind: 'fact', text: other.message, source: placeOf(other) }));
  return findingDocument({ ...finding, evidence: [...finding.evidence, ...places] }, level, homepage);
}

/** One finding with its level. A finding without a path has no lines. */
export function findingDocument(finding: Finding, level: Level, homepage: string): FindingDocument {
  const span = finding.path === null ? null : finding.span;
  return {
    rule: finding.ruleId,
    level,
    path: finding.path,
    line: span?.startLine ?? null,
    endLine: span?.endLine ?? null,
    column: span?.startColumn ?? null,
    title: finding.title,
    message: finding.message,
    remedy: finding.remedy,
    evidence: finding.evidence,
    suggestion: finding.suggestion,
    fingerprint: finding.fingerprint,
    docs: docsUrl(homepage, finding.ruleId),
    source: finding.source,
  };
}
