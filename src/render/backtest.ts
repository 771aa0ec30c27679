import type { Verdict } from '../core/verdict.js';
import { plainLine } from '../core/plain-text.js';
import { escapeMarkdown, codeSpan } from './escape-markdown.js';
import { entryDocument } from './json.js';
import { placeOf } from './report.js';

/** One merged change and what Belay would have said of it. */
export interface BacktestRow {
  readonly sha: string;
  readonly subject: string;
  /** ISO 8601. */
  readonly date: string;
  readonly number: number | null;
  readonly verdict: Verdict;
}

/** The whole backtest as plain data, `schemaVersion: 1`. */
export function backtestDocument(rows: readonly BacktestRow[], homepage: string): object {
  return {
    schemaVersion: 1,
    changes: rows.length,
    findings: count(rows),
    findingsPerChange: perChange(rows),
    blocked: rows.filter((row) => row.verdict.blocking > 0).length,
    byRule: Object.fromEntries(byRule(rows)),
    rows: rows.map(({ sha, subject, date, number, verdict }) => ({
      sha,
      subject,
      date,
      number,
      conclusion: verdict.conclusion,
      findings: verdict.entries.map((entry) => entryDocument(entry, homepage)),
      mishaps: verdict.mishaps,
    })),
  };
}

/** A table of the changes, each finding under it, and the sums: for a terminal or as Markdown. */
export function renderBacktest(rows: readonly BacktestRow[], options: { readonly markdown: boolean; readonly color: boolean }): string {
  return options.markdown ? markdownTable(rows) : plainTable(rows);
}

function plainTable(rows: readonly BacktestRow[]): string {
  if (rows.length === 0) return 'No merged changes were found on the default branch.\n';
  const lines = rows.flatMap((row) => [
    `${row.date.slice(0, 10)}  ${row.sha.slice(0, 7)}  ${verdictWord(row.verdict).padEnd(9)} ${cut(plainLine(row.subject), 90)}`,
    ...row.verdict.entries.flatMap(({ finding, level }) => [`    ${level.padEnd(5)} ${finding.ruleId}  ${placeOf(finding)}`, `          ${plainLine(finding.message)}`]),
    ...row.verdict.mishaps.map((mishap) => `    failed in Belay itself: ${mishap.during} ${mishap.subject}: ${mishap.message}`),
  ]);
  return `${[...lines, '', ...summary(rows)].join('\n')}\n`;
}

function markdownTable(rows: readonly BacktestRow[]): string {
  const lines = ['| change | verdict | finding | where |', '|---|---|---|---|'];
  for (const row of rows) {
    const change = `${row.sha.slice(0, 7)} ${escapeMarkdown(cut(row.subject, 80))}`;
    if (row.verdict.entries.length === 0) lines.push(`| ${change} | ${verdictWord(row.verdict)} | | |`);
    for (const { finding, level } of row.verdict.entries) lines.push(`| ${change} | ${level} | ${finding.ruleId} | ${codeSpan(placeOf(finding))} |`);
  }
  return `${[...lines, '', ...summary(rows).map((line) => `- ${line}`)].join('\n')}\n`;
}

function summary(rows: readonly BacktestRow[]): readonly string[] {
  const blocked = rows.filter((row) => row.verdict.blocking > 0).length;
  const silent = rows.filter((row) => row.verdict.entries.length === 0).length;
  return [
    `${rows.length} changes: ${silent} without a finding, ${blocked} that would have been blocked, ${count(rows)} findings in all (${perChange(rows).toFixed(2)} per change)`,
    ...byRule(rows).map(([rule, number]) => `${number} × ${rule}`),
  ];
}

function count(rows: readonly BacktestRow[]): number {
  return rows.reduce((sum, row) => sum + row.verdict.entries.length, 0);
}

function perChange(rows: readonly BacktestRow[]): number {
  return rows.length === 0 ? 0 : Math.round((count(rows) / rows.length) * 100) / 100;
}

function byRule(rows: readonly BacktestRow[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const { finding } of row.verdict.entries) counts.set(finding.ruleId, (counts.get(finding.ruleId) ?? 0) + 1);
  return [...counts].sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1));
}

function verdictWord(verdict: Verdict): string {
  return { success: 'passed', failure: 'blocked', neutral: 'neutral', action_required: 'failed' }[verdict.conclusion];
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
