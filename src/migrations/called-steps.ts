import type { LineIndex } from '../languages/line-index.js';
import { textAt } from '../languages/located-text.js';
import { parseOne } from '../languages/sql.js';
import { resolveIn, type Catalog } from './catalog.js';
import { visitNodes } from './sql/expression.js';
import { functionName } from './sql/names.js';
import { evaluate } from './sql/routine/evaluate.js';
import { readRoutine, type RoutineDefinition } from './sql/routine/read-routine.js';
import type { Value } from './sql/routine/value.js';
import { readStatement } from './sql/steps.js';
import type { Step } from './step.js';
import type { QualifiedName } from './definition.js';

/** Calls within calls are followed so far. */
const MAXIMUM_DEPTH = 4;

const READ_LANGUAGES = new Set(['sql', 'plpgsql']);

function definitionOf(catalog: Catalog, name: QualifiedName): RoutineDefinition | undefined {
  const definition = catalog.functions.get(resolveIn(catalog, name, ['functions']))?.definition;
  return definition !== undefined && definition.body !== '' && READ_LANGUAGES.has(definition.language.toLowerCase()) ? definition : undefined;
}

/** Whether the history shows the body of a function or procedure. */
export function isKnownRoutine(catalog: Catalog, name: QualifiedName): boolean {
  return definitionOf(catalog, name) !== undefined;
}

interface Call {
  readonly definition: RoutineDefinition;
  readonly values: readonly Value[];
}

function callsIn(step: Step, catalog: Catalog): Call[] {
  const names = step.kind === 'select' ? step.functions : step.kind === 'call' ? [step.procedure] : [];
  if (!names.some((name) => isKnownRoutine(catalog, name))) return [];
  const parsed = parseOne(step.statement);
  if (parsed === null) return [];
  const evaluation = { located: textAt(step.statement, 0), offsetOf: (location: number) => parsed.offsetOf(location), lookup: () => null };
  const calls: Call[] = [];
  const collect = (name: QualifiedName, values: readonly Value[]): void => {
    const definition = definitionOf(catalog, name);
    if (definition !== undefined) calls.push({ definition, values });
  };
  visitNodes(parsed.node, (node) => {
    const call = 'FuncCall' in node ? node.FuncCall : 'CallStmt' in node ? node.CallStmt.funccall : undefined;
    if (call !== undefined) collect(functionName(call.funcname), (call.args ?? []).map((each) => evaluate(evaluation, each)));
  });
  return calls;
}

/** Steps of a call, all of them where the call stands. */
function stepsOf(call: Call, step: Step, depth: number): readonly Step[] {
  const lines: LineIndex = { lines: step.span.endLine, position: () => ({ line: step.span.startLine, column: step.span.startColumn }), span: () => step.span };
  const drafts = readRoutine(call.definition, call.values, lines, depth, readStatement);
  const { span, statementIndex } = step;
  const shared = { span, statementSpan: span, wholeLines: false, statementIndex, block: step.block ?? { statement: step.statement, span: step.statementSpan } };
  if (drafts === null) return [{ kind: 'opaque', reason: 'the body of a routine that it calls does not parse', statement: step.statement, ...shared }];
  return drafts.map((draft) => ({
    ...draft.body,
    ...shared,
    statement: draft.statement?.text ?? step.statement,
    ...(draft.conditional === true || step.conditional === true ? { conditional: true } : {}),
    ...(draft.tests === undefined && step.tests === undefined ? {} : { tests: [...(step.tests ?? []), ...(draft.tests ?? [])] }),
  }));
}

/** Calls followed from one step. */
const MAXIMUM_CALLS = 50;

function follow(step: Step, catalog: Catalog, depth: number, budget: { calls: number }): readonly Step[] {
  if (depth >= MAXIMUM_DEPTH || (step.kind !== 'select' && step.kind !== 'call')) return [step];
  const called: Step[] = [];
  for (const call of callsIn(step, catalog)) {
    if (budget.calls <= 0) break;
    budget.calls -= 1;
    for (const each of stepsOf(call, step, depth)) called.push(...follow(each, catalog, depth + 1, budget));
  }
  return [step, ...called];
}

/**
 * A step, and behind it what the routines it calls run, where the history shows their bodies (SELECT and CALL). Bodies of
 * trigger functions and of functions that nothing calls run nothing here.
 */
export function stepsRun(step: Step, catalog: Catalog): readonly Step[] {
  return follow(step, catalog, 0, { calls: MAXIMUM_CALLS });
}
