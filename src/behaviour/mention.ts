import type { EventId, Expression } from './expression.js';
import { columnReference, columnsReferred, rowOf } from './same-row.js';

/** What a condition asks of one column of a row that was read. */
export interface Mention {
  readonly event: EventId;
  /** null: only whether there is a row at all. */
  readonly column: string | null;
  readonly test: 'ordered' | 'equality' | 'truth' | 'membership';
  /** What it is compared with, where that is one value. */
  readonly other: Expression | null;
}

const ORDERED = new Set(['less', 'less-or-equal', 'greater', 'greater-or-equal']);
/** Comparisons of decimal and date libraries. */
const ORDERED_CALLS = /^(lt|lte|gt|gte|lessThan|lessThanOrEqualTo|greaterThan|greaterThanOrEqualTo|isLessThan\w*|isGreaterThan\w*|isNegative|isPositive|isBefore|isAfter|comparedTo|cmp)$/;

/** Every column a condition tests, with how. Conditions inside `and`, `or`, `not` are taken apart. */
export function mentionsIn(condition: Expression): readonly Mention[] {
  switch (condition.kind) {
    case 'unary':
      return condition.operator === 'not' || condition.operator === 'exists' ? mentionsIn(condition.operand) : [];
    case 'binary':
      if (condition.operator === 'and' || condition.operator === 'or' || condition.operator === 'coalesce') return [...mentionsIn(condition.left), ...mentionsIn(condition.right)];
      return compared(condition);
    case 'either':
      return condition.of.flatMap((one) => mentionsIn(one));
    case 'conditional':
      return [...mentionsIn(condition.test), ...mentionsIn(condition.then), ...mentionsIn(condition.otherwise)];
    case 'call':
      return called(condition);
    case 'result':
    case 'index':
    case 'field':
      return truth(condition);
    default:
      return [];
  }
}

function truth(value: Expression): readonly Mention[] {
  const column = columnReference(value);
  if (column !== null) return column.column === 'length' ? [{ event: column.event, column: null, test: 'truth', other: null }] : [{ ...column, test: 'truth', other: null }];
  const row = rowOf(value);
  return row === null ? [] : [{ event: row, column: null, test: 'truth', other: null }];
}

function compared(condition: Extract<Expression, { kind: 'binary' }>): readonly Mention[] {
  const { left, right, operator } = condition;
  const test = ORDERED.has(operator) ? 'ordered' : operator === 'in' ? 'membership' : operator === 'equal' || operator === 'not-equal' ? 'equality' : null;
  if (test === null) return [];
  const existence = [left, right].map((side) => rowOf(side)).find((row) => row !== null);
  if (existence != null && test === 'equality') return [{ event: existence, column: null, test: 'truth', other: null }];
  const sides = [[left, right], [right, left]] as const;
  return sides.flatMap(([side, other]) => sideMentions(side, other, test));
}

function sideMentions(side: Expression, other: Expression, test: Mention['test']): readonly Mention[] {
  const direct = columnReference(side);
  if (direct !== null) {
    if (direct.column === 'length') return [{ event: direct.event, column: null, test: 'truth', other: null }];
    return [{ ...direct, test, other }];
  }
  // `account.balance - amount < 0`
  return test === 'ordered' ? columnsReferred(side).map((one) => ({ ...one, test, other: null })) : [];
}

function called(condition: Extract<Expression, { kind: 'call' }>): readonly Mention[] {
  const name = condition.callee.slice(condition.callee.lastIndexOf('.') + 1);
  const parts = condition.receiver === null ? condition.arguments : [condition.receiver, ...condition.arguments];
  if (ORDERED_CALLS.test(name)) return parts.flatMap((one) => columnsReferred(one)).map((one) => ({ ...one, test: 'ordered', other: null }));
  if (name === 'includes' || name === 'has') {
    const column = condition.arguments[0] === undefined ? null : columnReference(condition.arguments[0]);
    return column === null ? [] : [{ ...column, test: 'membership', other: condition.receiver }];
  }
  if (name === 'Boolean' && condition.arguments[0] !== undefined) return mentionsIn(condition.arguments[0]);
  return [];
}
