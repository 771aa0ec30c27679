import { cut, plainLine } from '../core/plain-text.js';
import type { MigrationProof, ProofReport, ProvedStatement } from '../core/proof-report.js';
import { codeSpan, escapeMarkdown, prose } from './escape-markdown.js';
import { estimateBasis, estimateWords, outcomeOf, remarksOf, serverName, verdictOf } from './proof-words.js';

const MAX_ROWS = 40;
const MAX_STATEMENT = 120;
const MAX_RELATIONS = 4;

/**
 * What running the migrations showed: a table for each migration and a sentence about the way back, in at most `room`
 * characters. Times of the run are left out: they say nothing of production.
 */
export function proofMarkdown(report: ProofReport, room: number): string {
  if (report.migrations.length === 0) return '';
  const parts: string[] = [`### Migrations, run on ${escapeMarkdown(serverName(report.server))}`];
  let used = parts.join('').length;
  for (const [index, proof] of report.migrations.entries()) {
    const whole = migrationMarkdown(proof);
    const part = used + whole.length <= room ? whole : outcomeMarkdown(proof);
    if (used + part.length > room) return [...parts, `${String(report.migrations.length - index)} more migrations are left out for want of room.`].join('\n\n');
    parts.push(part);
    used += part.length + 2;
  }
  const remarks = remarksOf(report).map((remark) => `- ${prose(remark)}.`).join('\n');
  return [...parts, ...(remarks === '' || used + remarks.length > room ? [] : [remarks])].join('\n\n');
}

function migrationMarkdown(proof: MigrationProof): string {
  const shown = proof.statements.slice(0, MAX_ROWS);
  if (shown.length === 0) return outcomeMarkdown(proof);
  const estimate = shown.find((one) => one.estimate !== undefined)?.estimate;
  const estimated = estimate !== undefined;
  const head = ['line', 'statement', 'locks', 'rewrites', 'reads whole', ...(estimated ? [estimateBasis(estimate)] : []), 'verdict'];
  const rows = shown.map((one) => row([lineOf(one), codeSpan(cut(plainLine(one.statement), MAX_STATEMENT)), locksOf(one), relations([...one.rewrite, ...one.indexRebuild]), relations(one.scan), ...(estimated ? [one.estimate === undefined ? '' : escapeMarkdown(estimateWords(one.estimate))] : []), escapeMarkdown(verdictOf(one))]));
  const more = proof.statements.length - shown.length;
  return [outcomeMarkdown(proof), [row(head), row(head.map(() => '---')), ...rows].join('\n'), ...(more > 0 ? [`and ${String(more)} more ${more === 1 ? 'statement' : 'statements'}`] : [])].join('\n\n');
}

function outcomeMarkdown(proof: MigrationProof): string {
  const [outcome = '', ...details] = outcomeOf(proof);
  return [`${codeSpan(proof.path)}: **${prose(outcome)}**`, ...(details.length === 0 ? [] : [details.map((detail) => `- ${prose(detail)}`).join('\n')])].join('\n\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function lineOf({ line, direction }: ProvedStatement): string {
  return direction === 'down' ? `down ${String(line)}` : String(line);
}

function locksOf({ locks }: ProvedStatement): string {
  const all = Object.entries(locks);
  const shown = all.slice(0, MAX_RELATIONS).map(([relation, mode]) => `${codeSpan(plainLine(relation))} ${escapeMarkdown(mode.replace(/Lock$/, ''))}`);
  return [...shown, ...(all.length > MAX_RELATIONS ? [`${String(all.length - MAX_RELATIONS)} more`] : [])].join(', ');
}

function relations(names: readonly string[]): string {
  const shown = names.slice(0, MAX_RELATIONS).map((name) => codeSpan(cut(plainLine(name), 80)));
  return [...shown, ...(names.length > MAX_RELATIONS ? [`${String(names.length - MAX_RELATIONS)} more`] : [])].join(', ');
}
