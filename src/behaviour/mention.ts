import type { EventId, Expression } from './expression.js';
import { columnReference, rowOf } from './same-row.js';
import type { ColumnReference } from './same-row.js';

/** What a condition asks of one column of a row that was read. */
export interface Mention {
  readonly event: EventId;
  /** null: only whether there is a row at all. */
  readonly column: string | null;
  readonly test: Test;
  /** What it is compared with, where that is one value. */
  readonly other: Expression | null;
  /** Whether the test holds on the side that is asked for; null when the condition leaves that open. */
  readonly holds: boolean | null;
}

/** `less` and `greater` include equality; `ordered` is a comparison whose direction the column has no part in alone. */
export type Test = 'equal' | 'less' | 'greater' | 'ordered' | 'truth' | 'member';

/** Comparisons of decimal and date libraries. */
const ORDERED_CALLS = /^(lt|lte|gt|gte|lessThan|lessThanOrEqualTo|greaterThan|greaterThanOrEqualTo|isLessThan\w*|isGreaterThan\w*|isNegative|isPositive|isBefore|isAfter|comparedTo|cmp)$/;

/** Every column a condition tests, with what is known of the test where the condition comes out as `outcome`. */
export function mentionsIn(condition: Expression, outcome: boolean | null): readonly Mention[] {
  switch (condition.kind) {
    case 'unary':
      if (condition.operator === 'not') return mentionsIn(condition.operand, outcome === null ? null : !outcome);
      return condition.operator === 'exists' ? mentionsIn(condition.operand, outcome) : [];
    case 'binary':
      if (condition.operator === 'and' || condition.operator === 'or' || condition.operator === 'coalesce') return joined(condition, outcome);
      return compared(condition, outcome);
    case 'either':
      return condition.of.flatMap((one) => mentionsIn(one, null));
    case 'conditional':
      return [...mentionsIn(condition.test, null), ...mentionsIn(condition.then, null), ...mentionsIn(condition.otherwise, null)];
    case 'call':
      return called(condition, outcome);
    case 'result':
    case 'index':
    case 'field':
      return truth(condition, outcome);
    default:
      return [];
  }
}

/**
 * `a && b` that holds says both; one that fails says neither, unless the other part only asks whether there is a row: what
 * is written to the row afterwards had one.
 */
function joined(condition: Extract<Expression, { kind: 'binary' }>, outcome: boolean | null): readonly Mention[] {
  const { left, right, operator } = condition;
  const both = operator === 'and' ? outcome === true : outcome === false;
  if (both) return [...mentionsIn(left, outcome), ...mentionsIn(right, outcome)];
  const known = (part: Expression, other: Expression): readonly Mention[] => mentionsIn(part, asksForRow(other) ? outcome : null);
  return [...known(left, right), ...known(right, left)];
}

function asksForRow(part: Expression): boolean {
  const inner = part.kind === 'unary' && part.operator === 'not' ? part.operand : part;
  return rowOf(inner) !== null;
}

function truth(value: Expression, holds: boolean | null): readonly Mention[] {
  const column = columnReference(value);
  if (column !== null) return [{ event: column.event, column: column.column === 'length' ? null : column.column, test: 'truth', other: null, holds }];
  const row = rowOf(value);
  return row === null ? [] : [{ event: row, column: null, test: 'truth', other: null, holds }];
}

function compared(condition: Extract<Expression, { kind: 'binary' }>, outcome: boolean | null): readonly Mention[] {
  const { left, right, operator } = condition;
  const rows = [left, right].map((side) => rowOf(side)).find((row) => row !== null);
  if (operator === 'equal' || operator === 'not-equal') {
    const holds = outcome === null ? null : operator === 'equal' ? outcome : !outcome;
    if (rows != null) return [{ event: rows, column: null, test: 'truth', other: null, holds: holds === null ? null : !holds }];
    return [...direct(left, right, 'equal', holds), ...direct(right, left, 'equal', holds)];
  }
  if (operator === 'in') return direct(left, right, 'member', outcome);
  const less = operator === 'less' || operator === 'less-or-equal';
  if (!less && operator !== 'greater' && operator !== 'greater-or-equal') return [];
  const mirrored = less ? 'greater' : 'less';
  return [...ordered(left, right, less ? 'less' : 'greater', outcome), ...ordered(right, left, mirrored, outcome)];
}

function direct(side: Expression, other: Expression, test: Test, holds: boolean | null): readonly Mention[] {
  const column = columnReference(side);
  if (column === null) return [];
  return column.column === 'length' ? [{ event: column.event, column: null, test: 'truth', other: null, holds: null }] : [{ ...column, test, other, holds }];
}

/** A comparison that fails is the opposite one: `balance < amount` failing leaves `balance` the greater. */
function ordered(side: Expression, other: Expression, test: 'less' | 'greater', outcome: boolean | null): readonly Mention[] {
  if (columnReference(side) === null) return termsOf(side).map((one) => ({ ...one, test: 'ordered', other: null, holds: outcome }));
  if (outcome === null) return direct(side, other, 'ordered', null);
  const opposite = test === 'less' ? 'greater' : 'less';
  return direct(side, other, outcome ? test : opposite, true);
}

/** The columns that a sum or difference is made of: `account.balance - account.held`. What other calls make of a row says nothing. */
function termsOf(side: Expression): readonly ColumnReference[] {
  const column = columnReference(side);
  if (column !== null) return [column];
  if (side.kind === 'binary' && side.operator !== 'and' && side.operator !== 'or') return [...termsOf(side.left), ...termsOf(side.right)];
  if (side.kind === 'unary') return termsOf(side.operand);
  if (side.kind !== 'call' || !TERM_CALLS.test(side.callee)) return [];
  return [...(side.receiver === null ? [] : [side.receiver]), ...side.arguments].flatMap((one) => termsOf(one));
}

const TERM_CALLS = /(^|\.)(Number|parseFloat|parseInt|new (Prisma\.)?Decimal|Decimal|Big|new Big(Number)?|plus|minus|add|sub|subtract|times|mul|toNumber|abs|max|min|round|floor|ceil)$/;

function called(condition: Extract<Expression, { kind: 'call' }>, outcome: boolean | null): readonly Mention[] {
  const name = condition.callee.slice(condition.callee.lastIndexOf('.') + 1);
  const parts = condition.receiver === null ? condition.arguments : [condition.receiver, ...condition.arguments];
  if (ORDERED_CALLS.test(name)) return parts.flatMap((one) => termsOf(one)).map((one) => ({ ...one, test: 'ordered', other: null, holds: outcome }));
  const [first] = condition.arguments;
  if ((name === 'includes' || name === 'has') && first !== undefined && condition.receiver !== null) return direct(first, condition.receiver, 'member', outcome);
  return name === 'Boolean' && first !== undefined ? mentionsIn(first, outcome) : [];
}

/**
 * Whether a second run that comes after the write is kept out by the test: only then is the test there to keep it out, and
 * only then does it matter that both pass when they run at once.
 */
export function endsWith(mention: Mention, value: Expression): boolean {
  const { test, other, holds } = mention;
  if (holds === null) return false;
  switch (test) {
    case 'truth':
      return holds ? isFalsy(value) : !isFalsy(value);
    case 'equal':
      if (other === null) return false;
      return holds ? !isSameConstant(value, other) : isSameConstant(value, other);
    case 'member':
      if (other?.kind !== 'array') return holds;
      return holds ? !other.elements.some((one) => isSameConstant(value, one)) : other.elements.some((one) => isSameConstant(value, one));
    case 'less':
      return !isFalsy(value);
    case 'greater':
      return isFalsy(value) || value.kind === 'now';
    case 'ordered':
      return false;
  }
}

function isFalsy(value: Expression): boolean {
  return value.kind === 'literal' && !value.value;
}

/** `'PAID'` and `'PAID'`, `Status.PAID` and `Status.PAID`, or one variable and itself. */
function isSameConstant(one: Expression, other: Expression): boolean {
  if (one.kind === 'literal') return other.kind === 'literal' && (one.value === other.value || (one.value == null && other.value == null));
  if (one.kind === 'field') return other.kind === 'field' && one.name === other.name && isSameConstant(one.of, other.of);
  return one.kind === 'parameter' && other.kind === 'parameter' && one.name === other.name;
}
