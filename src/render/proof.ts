import type { MigrationProof, ProofReport, ProvedStatement } from '../core/proof-report.js';
import { displayLine } from './display-width.js';
import { estimateBasis, estimateWords, outcomeOf, proofSummary, remarksOf, serverName, verdictOf } from './proof-words.js';

const WIDTH = 100;

/** `belay prove --format json`, ended by a newline. Deterministic but for the times of the run. */
export function renderProofJson(report: ProofReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** The same for a person: migration by migration, statement by statement, then how the way back went. */
export function renderProof(report: ProofReport): string {
  const remarks = remarksOf(report);
  const blocks = [...report.migrations.map(migrationBlock), ...(remarks.length === 0 ? [] : [['To know', ...remarks.map((remark) => `  - ${displayLine(remark)}.`)].join('\n')]), report.migrations.length === 0 ? 'Nothing to prove.' : proofSummary(report)];
  return `${blocks.join('\n\n')}\n`;
}

/** A few lines for a review on a terminal. */
export function proofLines(report: ProofReport): readonly string[] {
  if (report.migrations.length === 0) return [];
  return [...report.migrations.map((proof) => `${proof.path} on ${serverName(report.server)}: ${outcomeOf(proof).slice(0, 3).join('; ')}`), ...remarksOf(report).slice(0, 3)];
}

function migrationBlock(proof: MigrationProof): string {
  const [outcome = '', ...details] = outcomeOf(proof);
  return [displayLine(proof.path), ...proof.statements.flatMap(statementLines), `   =>  ${displayLine(outcome)}`, ...details.map((detail) => `       ${displayLine(detail)}`)].join('\n');
}

function statementLines(statement: ProvedStatement): readonly string[] {
  const word = statement.notAnalysed === undefined ? statement.class : '?';
  const time = statement.milliseconds === null ? '' : ` (${String(Math.round(statement.milliseconds))} ms)`;
  const down = statement.direction === 'down' ? 'down: ' : '';
  const first = `${String(statement.line).padStart(5)}  ${word.padEnd(6)} ${down}${displayLine(statement.statement.replace(/\s+/g, ' '))}`;
  return [`${first.length > WIDTH ? `${first.slice(0, WIDTH - 1)}…` : first}${time}`, ...detailsOf(statement).map((detail) => `${' '.repeat(14)}${displayLine(detail)}`)];
}

function detailsOf(statement: ProvedStatement): readonly string[] {
  if (statement.notAnalysed !== undefined || statement.class === 'error') return [verdictOf(statement)];
  const { locks, held, rewrite, scan, indexRebuild, estimate, source } = statement;
  const taken = Object.entries(locks).map(([relation, mode]) => `${mode} on ${relation}`);
  const kept = Object.entries(held).filter(([relation]) => locks[relation] === undefined).map(([relation, mode]) => `still holds ${mode} on ${relation}`);
  return [
    ...taken,
    ...(rewrite.length === 0 ? [] : [`rewrites ${rewrite.join(', ')}`]),
    ...(scan.length === 0 ? [] : [`reads all of ${scan.join(', ')}`]),
    ...(indexRebuild.length === 0 ? [] : [`builds anew ${indexRebuild.join(', ')}`]),
    ...(statement.blocks === '' ? [] : [`blocks ${statement.blocks}`]),
    ...kept.slice(0, 4),
    ...(estimate === undefined ? [] : [`${estimateBasis(estimate)}: ${estimateWords(estimate)}`]),
    ...(source === 'observed' || taken.length === 0 ? [] : ['not observed: as documented']),
  ];
}
