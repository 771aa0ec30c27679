import { columnOf } from '../entity.js';
import type { Expression } from '../expression.js';
import { walkExpression } from '../expression.js';
import { columnReference, rowOf } from '../same-row.js';
import type { Operator, Term, Value } from '../simulate/program.js';

/** What stands for the results of events: the variable that holds the row which the story is about, and the writes looked at. */
export interface Names {
  readonly row: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
}

/** The variable that the row is held in. */
export const ROW = 'row';

export function writeName(event: number): string {
  return `write ${String(event)}`;
}

const OPERATORS: Readonly<Partial<Record<string, Operator>>> = { equal: 'equal', 'not-equal': 'not-equal', less: 'less', 'less-or-equal': 'less-or-equal', greater: 'greater', 'greater-or-equal': 'greater-or-equal', add: 'add', subtract: 'subtract', multiply: 'multiply' };

/** What decimal and date libraries call their operators. */
const CALLS: Readonly<Partial<Record<string, Operator>>> = {
  lt: 'less', lessThan: 'less', isLessThan: 'less', isBefore: 'less', lte: 'less-or-equal', lessThanOrEqualTo: 'less-or-equal', isLessThanOrEqualTo: 'less-or-equal',
  gt: 'greater', greaterThan: 'greater', isGreaterThan: 'greater', isAfter: 'greater', gte: 'greater-or-equal', greaterThanOrEqualTo: 'greater-or-equal', isGreaterThanOrEqualTo: 'greater-or-equal',
  eq: 'equal', equals: 'equal', plus: 'add', add: 'add', minus: 'subtract', sub: 'subtract', subtract: 'subtract', times: 'multiply', mul: 'multiply',
};

/** A value as a term. Never null: what is not known is a function of what it depends on. */
export function valueOf(expression: Expression, names: Names): Term {
  const column = columnReference(expression);
  if (column !== null) return names.row.has(column.event) ? { kind: 'field', of: ROW, column: columnOf(column.column) } : { kind: 'parameter', name: `${String(column.event)}.${column.column}` };
  switch (expression.kind) {
    case 'literal':
      return { kind: 'value', value: literal(expression.value) };
    case 'parameter':
      return isConstant(expression) ? { kind: 'value', value: expression.name } : { kind: 'parameter', name: expression.name };
    case 'field':
      return named(expression, names);
    case 'affected':
      return names.writes.has(expression.event) ? { kind: 'affected', of: writeName(expression.event) } : { kind: 'parameter', name: `affected ${String(expression.event)}` };
    case 'column':
      return { kind: 'column', name: columnOf(expression.name) };
    case 'now':
      return { kind: 'now' };
    case 'unary':
      if (expression.operator === 'minus') return { kind: 'binary', operator: 'subtract', left: { kind: 'value', value: 0 }, right: valueOf(expression.operand, names) };
      return expression.operator === 'plus' ? valueOf(expression.operand, names) : unknown(expression, names);
    case 'binary':
      return computed(expression, names);
    case 'call':
      return called(expression, names);
    default:
      return unknown(expression, names);
  }
}

function literal(value: string | number | boolean | null | undefined): Value {
  return value === undefined ? null : value;
}

/** `Status.PAID` is a value; `input.amount` an argument. */
function named(expression: Extract<Expression, { kind: 'field' }>, names: Names): Term {
  if (isConstant(expression)) return { kind: 'value', value: pathOf(expression) };
  const path = pathOf(expression);
  return path === null ? unknown(expression, names) : { kind: 'parameter', name: path };
}

function pathOf(expression: Expression): string | null {
  if (expression.kind === 'parameter') return expression.name;
  if (expression.kind === 'self') return 'this';
  if (expression.kind !== 'field') return null;
  const of = pathOf(expression.of);
  return of === null ? null : `${of}.${expression.name}`;
}

function isConstant(value: Expression): boolean {
  if (value.kind === 'field') return isConstant(value.of);
  return value.kind === 'parameter' && value.outer && /^[A-Z]/.test(value.name);
}

function computed(expression: Extract<Expression, { kind: 'binary' }>, names: Names): Term {
  const { operator, left, right } = expression;
  // `(row.total ?? 0) + amount`: nothing counts as nothing.
  if ((operator === 'coalesce' || operator === 'or') && right.kind === 'literal') return valueOf(left, names);
  const known = OPERATORS[operator];
  return known === undefined ? unknown(expression, names) : { kind: 'binary', operator: known, left: valueOf(left, names), right: valueOf(right, names) };
}

function called(expression: Extract<Expression, { kind: 'call' }>, names: Names): Term {
  const { receiver, callee, arguments: given } = expression;
  const operator = CALLS[callee.slice(callee.lastIndexOf('.') + 1)];
  const [first] = given;
  if (operator !== undefined && receiver !== null && first !== undefined) return { kind: 'binary', operator, left: valueOf(receiver, names), right: valueOf(first, names) };
  if (/^(Number|parseFloat|parseInt|BigInt|String|Math\.(round|floor|ceil|trunc|abs)|new (Prisma\.)?Decimal|new Big(Number)?|Decimal|Big)$/.test(callee) && first !== undefined) return valueOf(first, names);
  if (/\.(toString|toFixed|toNumber|valueOf|toJSON)$/.test(callee) && receiver !== null) return valueOf(receiver, names);
  return unknown(expression, names);
}

/**
 * A function of the columns of the row in it, and of this run: what two runs make of the same row differs. What has no part in
 * the row is an argument.
 */
function unknown(expression: Expression, names: Names): Term {
  const parts: Term[] = [];
  for (const part of walkExpression(expression)) {
    const column = part.kind === 'field' ? columnReference(part) : null;
    if (column !== null && names.row.has(column.event)) parts.push({ kind: 'field', of: ROW, column: columnOf(column.column) });
  }
  if (parts.length === 0) return { kind: 'parameter', name: JSON.stringify(expression, (key, value: unknown) => (key === 'span' ? undefined : value)).slice(0, 300) };
  return { kind: 'opaque', name: expression.kind, of: [...parts, { kind: 'me' }] };
}

/** What must hold of the row where a condition comes out so, as far as that is known; null where nothing is. */
export function conditionOf(condition: Expression, outcome: boolean, names: Names): Term | null {
  if (condition.kind === 'unary' && condition.operator === 'not') return conditionOf(condition.operand, !outcome, names);
  if (condition.kind === 'unary' && condition.operator === 'exists') return conditionOf(condition.operand, outcome, names);
  if (condition.kind === 'binary' && (condition.operator === 'and' || condition.operator === 'or')) {
    const [left, right] = [conditionOf(condition.left, outcome, names), conditionOf(condition.right, outcome, names)];
    if ((condition.operator === 'and') === outcome) return left === null ? right : right === null ? left : { kind: 'binary', operator: 'and', left, right };
    if (left !== null && right !== null) return { kind: 'binary', operator: 'or', left, right };
    // Both have to be known, unless one only asks whether there is a row.
    return asksForRow(condition.left) ? right : asksForRow(condition.right) ? left : null;
  }
  if (condition.kind === 'call' && condition.callee === 'Boolean' && condition.arguments[0] !== undefined) return conditionOf(condition.arguments[0], outcome, names);
  const term = plainCondition(condition, names);
  if (term === null) return null;
  return outcome ? term : { kind: 'not', of: term };
}

function asksForRow(part: Expression): boolean {
  return rowOf(part.kind === 'unary' && part.operator === 'not' ? part.operand : part) !== null;
}

function plainCondition(condition: Expression, names: Names): Term | null {
  const row = rowOf(condition);
  if (row !== null) return names.row.has(row) ? { kind: 'exists', of: ROW } : null;
  if (condition.kind === 'binary' && (condition.operator === 'equal' || condition.operator === 'not-equal')) {
    const compared = [condition.left, condition.right].map(rowOf).find((one) => one !== null);
    if (compared != null) return !names.row.has(compared) ? null : condition.operator === 'equal' ? { kind: 'not', of: { kind: 'exists', of: ROW } } : { kind: 'exists', of: ROW };
  }
  if (condition.kind === 'binary' && condition.operator === 'in') return memberOf(condition.left, condition.right, names);
  if (condition.kind === 'call' && /(^|\.)(includes|has)$/.test(condition.callee) && condition.receiver !== null && condition.arguments[0] !== undefined) return memberOf(condition.arguments[0], condition.receiver, names);
  if (condition.kind === 'call' && /\.(isNegative|isNeg)$/.test(condition.callee) && condition.receiver !== null) return speaking({ kind: 'binary', operator: 'less', left: valueOf(condition.receiver, names), right: { kind: 'value', value: 0 } });
  return speaking(valueOf(condition, names));
}

function memberOf(one: Expression, list: Expression, names: Names): Term | null {
  const subject = valueOf(one, names);
  if (list.kind !== 'array') return speaking({ kind: 'binary', operator: 'equal', left: subject, right: { kind: 'value', value: 'listed' } });
  const tests = list.elements.map((each): Term => ({ kind: 'binary', operator: 'equal', left: subject, right: valueOf(each, names) }));
  return tests.length === 0 ? null : speaking(tests.reduce((left, right): Term => ({ kind: 'binary', operator: 'or', left, right })));
}

/** Only what speaks of the row or of a write, and is known in full, is a condition. */
function speaking(term: Term): Term | null {
  let speaks = false;
  const known = (one: Term): boolean => {
    if (one.kind === 'field' || one.kind === 'affected' || one.kind === 'exists') speaks = true;
    if (one.kind === 'binary') return known(one.left) && known(one.right);
    return one.kind === 'not' ? known(one.of) : one.kind !== 'opaque';
  };
  return known(term) && speaks ? term : null;
}
