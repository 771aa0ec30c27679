import type { TableSize } from '../core/config.js';
import { durationWords } from '../core/duration.js';
import type { ProofReport, ProvedStatement, ScaleEstimate } from '../core/proof-report.js';
import { CALIBRATED, CALIBRATION, type Rate } from './calibration.js';
import { displayName, tableSize } from './describe.js';
import { blocksReads, blocksWrites } from './effects/lock-mode.js';
import type { LockMode } from './step.js';

/** Adds to each statement that works through a table how long that takes at the table's real size. Pure. */
export function withEstimates(report: ProofReport, tables: ReadonlyMap<string, TableSize>): ProofReport {
  if (tables.size === 0) return report;
  const migrations = report.migrations.map((proof) => ({
    ...proof,
    statements: proof.statements.map((statement) => {
      const estimate = estimateOf(statement, tables);
      return estimate === null ? statement : { ...statement, estimate };
    }),
  }));
  return { ...report, migrations };
}

/**
 * How long a statement keeps others out, from what it was seen to do and the size of the table it works on. The slowest
 * relation decides. null where it does no such work under a lock that blocks anybody, or no size is known.
 */
export function estimateOf(statement: ProvedStatement, tables: ReadonlyMap<string, TableSize>): ScaleEstimate | null {
  const found = [...new Set([...statement.rewrite, ...statement.scan, ...ownersOf(statement)])].flatMap((relation) => {
    const estimate = estimateFor(statement, relation, tables);
    return estimate === null ? [] : [estimate];
  });
  return found.sort((one, other) => other.milliseconds[1] - one.milliseconds[1])[0] ?? null;
}

function estimateFor(statement: ProvedStatement, relation: string, tables: ReadonlyMap<string, TableSize>): ScaleEstimate | null {
  const size = tableSize(tables, relation);
  const mode = (statement.locks[relation] ?? statement.held[relation]) as LockMode | undefined;
  if (size?.rows === undefined || mode === undefined || !blocksWrites(mode)) return null;
  const rates = workOf(statement, relation);
  if (rates.length === 0) return null;
  const { rows } = size;
  const seconds = (pick: (rate: Rate) => number): number => rates.reduce((sum, rate) => sum + rows / pick(rate), 0);
  const milliseconds: [number, number] = [rounded(1000 * seconds((rate) => rate.fastest)), rounded(1000 * seconds((rate) => rate.slowest))];
  // Reads pass a lock that blocks writes only; how many of the queries write is known from statistics alone.
  const rate = blocksReads(mode) ? (size.qps ?? size.writes) : size.writes;
  const queued = rate === undefined ? {} : { queued: rounded((rate * (milliseconds[0] + milliseconds[1])) / 2000) };
  return { relation, rows, from: size.from ?? 'configuration', calibration: CALIBRATED, milliseconds, ...queued };
}

/** A table whose index is built anew without the table: the statement's own lock tells which. */
function ownersOf(statement: ProvedStatement): readonly string[] {
  return statement.indexRebuild.length === 0 || statement.rewrite.length > 0 ? [] : Object.keys(statement.locks);
}

function workOf(statement: ProvedStatement, relation: string): readonly Rate[] {
  const rewrites = statement.rewrite.includes(relation);
  if (rewrites) return [CALIBRATION.rewrite];
  const buildsIndex = buildsIndexes(statement);
  if (buildsIndex) return [CALIBRATION.index];
  if (!statement.scan.includes(relation)) return [];
  return [checksForeignKey(statement) ? CALIBRATION.foreignKey : CALIBRATION.scan];
}

/** Statements that look every row up in another table. */
function checksForeignKey({ statement }: ProvedStatement): boolean {
  return /\bforeign\s+key\b|\breferences\b/i.test(statement);
}

/** Statements that sort a table's rows into an index. */
function buildsIndexes({ statement, indexRebuild }: ProvedStatement): boolean {
  return indexRebuild.length > 0 || /^\s*(?:create\s+(?:unique\s+)?index|reindex)\b|\badd\s+(?:constraint\s+\S+\s+)?(?:primary\s+key|unique|exclude)\b/i.test(statement);
}

/** Two digits: an estimate has no more. */
function rounded(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(2));
}

/** "about 4 s to 31 s at 50,000,000 rows of `users`; 40,000 requests wait by then". To be told as an estimate. */
export function estimateSentence({ relation, rows, milliseconds: [low, high], queued }: ScaleEstimate): string {
  const waiting = queued === undefined ? '' : `; about ${queued.toLocaleString('en-US')} requests wait by then`;
  return `about ${durationWords(low)} to ${durationWords(high)} at ${rows.toLocaleString('en-US')} rows of \`${displayName(relation)}\`${waiting}`;
}
