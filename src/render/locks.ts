import type { LockReport, LockStatement } from '../core/lock-report.js';
import { displayLine } from './display-width.js';

/** `belay locks --format json`, ended by a newline. Deterministic. */
export function renderLocksJson(report: LockReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

const WIDTH = 100;

/** The same for a person: file by file, a line for each statement and one for each thing it does. */
export function renderLocks(report: LockReport, note: string): string {
  const files = new Map<string, LockStatement[]>();
  for (const statement of report.statements) files.set(statement.path, [...(files.get(statement.path) ?? []), statement]);
  const blocks = [...files].map(([path, statements]) => [displayLine(path), ...statements.flatMap(linesOf)].join('\n'));
  return `${[...blocks, summaryOf(report, note)].join('\n\n')}\n`;
}

function linesOf(statement: LockStatement): readonly string[] {
  const word = statement.notAnalysed === undefined ? statement.class : '?';
  const down = statement.direction === 'down' ? 'down: ' : '';
  const first = `${String(statement.line).padStart(5)}  ${word.padEnd(6)} ${down}${displayLine(statement.statement.replace(/\s+/g, ' '))}`;
  return [first.length > WIDTH ? `${first.slice(0, WIDTH - 1)}…` : first, ...detailsOf(statement).map((detail) => `${' '.repeat(14)}${displayLine(detail)}`)];
}

function detailsOf({ locks, rewrite, scan, error, notAnalysed }: LockStatement): readonly string[] {
  if (notAnalysed !== undefined) return [`not analysed: ${notAnalysed}`];
  if (error !== undefined) return [`the server refuses it: ${error}`];
  return [
    ...Object.entries(locks).map(([relation, mode]) => `${mode} on ${relation}`),
    ...(rewrite.length === 0 ? [] : [`rewrites ${rewrite.join(', ')}`]),
    ...(scan.length === 0 ? [] : [`reads all of ${scan.join(', ')}`]),
  ];
}

function summaryOf(report: LockReport, note: string): string {
  const count = (word: LockStatement['class']) => report.statements.filter((one) => one.notAnalysed === undefined && one.class === word).length;
  const unknown = report.statements.filter((one) => one.notAnalysed !== undefined).length;
  const parts = [`${count('heavy')} heavy`, `${count('brief')} brief`, `${count('safe')} safe`, ...(count('error') > 0 ? [`${count('error')} that the server refuses`] : []), ...(unknown > 0 ? [`${unknown} not analysed`] : [])];
  return `${report.statements.length} ${report.statements.length === 1 ? 'statement' : 'statements'} on ${note}: ${parts.join(', ')}.`;
}
