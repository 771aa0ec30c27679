import { sqlTokens } from '../../languages/sql-token.js';
import { resolveRelation, type Catalog } from '../catalog.js';
import type { JudgedStep } from '../judge-migrations.js';
import type { Step, StepOf } from '../step.js';

/** A sequence that will give out numbers which are taken. */
export interface StaleSequence {
  readonly judged: JudgedStep;
  /** The table's key. */
  readonly key: string;
  readonly column: string;
  /** Rows were given their number by the statement itself, or the column got its sequence when rows were there. */
  readonly how: 'inserted' | 'identity' | 'default';
  /** The largest number among literal rows; null when it is not told. */
  readonly largest: number | null;
}

function isNumbered(catalog: Catalog, key: string, column: string): boolean {
  const found = catalog.tables.get(key)?.columns.get(column);
  return found !== undefined && (found.identity !== null || found.default?.functions.some((name) => name.name === 'nextval') === true);
}

/** Whether a step tells a sequence where to go on. */
function resets(step: Step): boolean {
  return /\bsetval\s*\(|\brestart\b|\bnextval\s*\(/i.test(step.statement) && step.kind !== 'create-table' && step.kind !== 'set-default';
}

const MOST_ROWS = 5000;

/** The rows of `INSERT … VALUES (…), (…)`, each value as written without its white space; null when there are too many. */
export function rowsOf(statement: string): readonly (readonly string[])[] | null {
  const rows: string[][] = [];
  let row: string[] = [];
  let depth = 0;
  let begun = false;
  for (const token of sqlTokens(statement, 0, statement.length)) {
    const word = statement.slice(token.start, token.end);
    if (token.kind === 'comment') continue;
    if (!begun) {
      begun = token.kind === 'word' && word.toLowerCase() === 'values';
      continue;
    }
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    if (depth === 0 && token.kind === 'word') break;
    if (word === ')' && depth === 0 && rows.push(row) > MOST_ROWS) return null;
    if (word === '(' && depth === 1) row = [''];
    else if (word === ',' && depth === 1) row.push('');
    else if (depth >= 1) row[row.length - 1] += word;
  }
  return rows;
}

function inserted(judged: JudgedStep, step: StepOf<'insert'>): StaleSequence | null {
  const { before } = judged;
  const key = resolveRelation(before, step.table);
  const column = step.columns.find((each) => isNumbered(before, key, each));
  if (column === undefined || before.tables.get(key)?.persistence === 'temporary') return null;
  if (step.boundedness !== 'rows') return { judged, key, column, how: 'inserted', largest: null };
  const numbers = literalNumbers(step, column);
  // What stands below the first number a sequence gives is never met.
  if (numbers === null || numbers.every((number) => number <= 0)) return null;
  const largest = Math.max(...numbers);
  if (before.fresh.has(key) && Math.min(...numbers) > FAR_AWAY) return null;
  return { judged, key, column, how: 'inserted', largest };
}

/** A fresh table that starts this far up may never get there. */
const FAR_AWAY = 1000;

/** The numbers that literal rows give a column; null when one of them is no number. */
function literalNumbers(step: StepOf<'insert'>, column: string): readonly number[] | null {
  const values = rowsOf(step.statement.slice(0, 200_000))?.map((row) => row[step.columns.indexOf(column)] ?? '');
  if (values === undefined || values.length === 0 || !values.every((value) => /^-?\d{1,15}$/.test(value))) return null;
  return values.map(Number);
}

/** Whether its statement makes a sequence begin somewhere of its own. */
function startsElsewhere(step: Step): boolean {
  return /\bstart\s+(?:with\s+)?\d/i.test(step.statement);
}

function madeNumbered({ before, deployed, ...judged }: JudgedStep, all: readonly JudgedStep[]): StaleSequence | null {
  const { step } = judged;
  if (step.kind !== 'add-identity' && step.kind !== 'set-default') return null;
  const key = resolveRelation(before, step.table);
  if (before.fresh.has(key) || deployed.tables.get(key)?.columns.has(step.column) !== true || isNumbered(before, key, step.column) || startsElsewhere(step)) return null;
  if (step.kind === 'add-identity') return { judged: { before, deployed, ...judged }, key, column: step.column, how: 'identity', largest: null };
  if (!step.default.functions.some((name) => name.name === 'nextval')) return null;
  const made = all.find((each) => each.step.kind === 'create-sequence' && step.default.text.includes(each.step.sequence.name));
  return made === undefined || startsElsewhere(made.step) ? null : { judged: { before, deployed, ...judged }, key, column: step.column, how: 'default', largest: null };
}

/** Sequences that a migration leaves behind the numbers in use. None where it sets one anywhere: then somebody thought of it. */
export function staleSequences(steps: readonly JudgedStep[]): readonly StaleSequence[] {
  if (steps.some(({ step }) => resets(step))) return [];
  return steps.flatMap((judged) => (judged.step.kind === 'insert' ? inserted(judged, judged.step) : madeNumbered(judged, steps)) ?? []);
}
