import { maskSql, type SqlMask } from '../../../languages/sql-mask.js';
import type { LineIndex } from '../../../languages/line-index.js';
import { rewritten, type LocatedText } from '../../../languages/located-text.js';
import type { Routine, RoutineStatement, RoutineVariable } from '../../../languages/plpgsql.js';
import type { CatalogTest } from '../../condition.js';
import type { Draft, Statement } from '../statement.js';
import { openText, type RoutineText } from './routine-text.js';
import { either, NULL_VALUE, unknown, type Value } from './value.js';

export type ReadStatement = (statement: Statement, lines: LineIndex) => Draft[];

/** A routine being walked, in the order in which it would run. Changed only by the files of this folder. */
export interface Scope {
  /** The file's. */
  readonly lines: LineIndex;
  readonly text: RoutineText;
  readonly masks: readonly SqlMask[];
  readonly read: ReadStatement;
  /** How many routines stand around this one. */
  readonly depth: number;
  readonly drafts: Draft[];
  values: Map<string, Value>;
  /** Variables that do not change from row to row of a loop: a comparison with one is a comparison with a constant. */
  readonly fixed: Set<string>;
  readonly numeric: ReadonlySet<string>;
  /** Declared and not reached yet. */
  waiting: RoutineVariable[];
  /** Open IF, CASE, loops and blocks with EXCEPTION. */
  conditions: number;
  /** What is known of the conditions that are open, and of those behind which it would have ended. */
  tests: readonly CatalogTest[];
  /** Open blocks with EXCEPTION: nothing can be committed in them. */
  guarded: number;
  /** Open loops without a COMMIT in them that are not followed row by row. */
  loops: number;
  /** Whether a RETURN under a condition may have ended it. */
  mayHaveEnded: boolean;
  /** Statements that are open around the one at hand. */
  nesting: number;
  /** Statements that may still be walked. */
  budget: number;
}

/** Statements walked of one routine, each turn of a loop that is followed counted. */
const BUDGET = 5000;

const NUMERIC = /^(?:(?:big|small)?int(?:eger)?|int[248]|numeric|decimal|(?:big|small)?serial|oid|real|double precision)\b/i;

export function openScope(routine: Routine, body: LocatedText, lines: LineIndex, depth: number, read: ReadStatement): Scope {
  const masked = maskSql(body.text);
  return {
    lines,
    text: openText(rewritten(body, masked.text)),
    masks: masked.masks.filter((mask) => !mask.harmless),
    read,
    depth,
    drafts: [],
    values: new Map(),
    fixed: new Set(routine.variables.flatMap((variable) => (variable.declared ? [variable.name] : []))),
    numeric: new Set(routine.variables.flatMap((variable) => (NUMERIC.test(variable.type) ? [variable.name] : []))),
    waiting: routine.variables.filter((variable) => variable.declared),
    conditions: 0,
    tests: [],
    guarded: 0,
    loops: 0,
    mayHaveEnded: false,
    nesting: 0,
    budget: BUDGET,
  };
}

/** The line of the file for a line of the body. */
export function fileLine(scope: Scope, line: number): number {
  const start = scope.text.starts[Math.max(0, line - 1)] ?? 0;
  const { body } = scope.text;
  const offset = Math.min(start, Math.max(0, body.text.length - 1));
  const part = body.parts.findLast((each) => each.at <= offset);
  return part === undefined ? line : scope.lines.position(part.exact ? part.from + offset - part.at : part.from).line;
}

export function lookup(scope: Scope, name: string): Value | null {
  return scope.values.get(name) ?? null;
}

export function setUnknown(scope: Scope, name: string, how: string): void {
  scope.values.set(name, unknown(`\`${name}\`, ${how}`, scope.numeric.has(name)));
}

/** Walks one of several ways to go on: what it sets counts only for itself. Gives the values at its end. */
export function onOneWay(scope: Scope, walk: () => void): Map<string, Value> {
  const before = scope.values;
  scope.values = new Map(before);
  walk();
  const after = scope.values;
  scope.values = before;
  return after;
}

/** What is known where several ways meet. */
export function meet(scope: Scope, ways: readonly ReadonlyMap<string, Value>[]): void {
  const [first, ...others] = ways;
  if (first === undefined) return;
  const values = new Map(first);
  for (const other of others) {
    for (const [name, value] of values) values.set(name, either(value, other.get(name) ?? NULL_VALUE, `\`${name}\`, which is set under a condition`));
  }
  scope.values = values;
}

/** Every variable that some statements set. */
export function assignedIn(statements: readonly RoutineStatement[]): Set<string> {
  const found = new Set<string>();
  const pending = [...statements];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === 'assign') found.add(next.variable);
    else if (next.kind === 'sql' || next.kind === 'execute' || next.kind === 'other') for (const name of next.into) found.add(name);
    else if (next.kind === 'block') pending.push(...next.body, ...next.handlers.flat());
    else if (next.kind === 'branch') pending.push(...next.arms.flat());
    else if (next.kind === 'loop') {
      for (const name of next.variables) found.add(name);
      pending.push(...next.body);
    }
  }
  return found;
}

function holds(statements: readonly RoutineStatement[], kind: RoutineStatement['kind']): boolean {
  const pending = [...statements];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === kind) return true;
    if (next.kind === 'block') pending.push(...next.body, ...next.handlers.flat());
    else if (next.kind === 'branch') pending.push(...next.arms.flat());
    else if (next.kind === 'loop') pending.push(...next.body);
  }
  return false;
}

/** Whether a transaction may end among some statements. */
export function commitsIn(statements: readonly RoutineStatement[]): boolean {
  return holds(statements, 'transaction');
}

/** Whether EXIT, CONTINUE or RETURN stands among some statements. */
export function leavesIn(statements: readonly RoutineStatement[]): boolean {
  return holds(statements, 'leave');
}
