import { joinTexts, placeOf, textFor, type LocatedText } from '../../../languages/located-text.js';
import { parseOne } from '../../../languages/sql.js';
import type { Node, SelectStmt } from '../../../languages/sql.js';
import { evaluate, type Evaluation } from './evaluate.js';
import { lookup, type Scope } from './scope.js';
import { unknown, type Value } from './value.js';

/** An expression as `SELECT …`, which is what the parser takes. */
export function asSelect(expression: LocatedText): LocatedText {
  return joinTexts([textFor('SELECT ', placeOf(expression, 0)), expression]);
}

/** A parsed query with what is needed to work out its values. */
export interface ParsedQuery {
  readonly evaluation: Evaluation;
  readonly select: SelectStmt;
}

export function parseQuery(scope: Scope, query: LocatedText): ParsedQuery | null {
  const parsed = parseOne(query.text);
  if (parsed === null || !('SelectStmt' in parsed.node)) return null;
  const evaluation: Evaluation = { located: query, offsetOf: (location) => parsed.offsetOf(location), lookup: (name) => lookup(scope, name) };
  return { evaluation, select: parsed.node.SelectStmt };
}

function onlyTarget(select: SelectStmt): Node | null {
  const [target, ...others] = select.targetList ?? [];
  return target !== undefined && others.length === 0 && select.fromClause === undefined && 'ResTarget' in target ? (target.ResTarget.val ?? null) : null;
}

/** What an expression of the routine is worth here. */
export function valueOf(scope: Scope, expression: LocatedText): Value {
  const query = parseQuery(scope, asSelect(expression));
  const node = query === null ? null : onlyTarget(query.select);
  return query === null || node === null ? unknown('the result of a query') : evaluate(query.evaluation, node);
}
