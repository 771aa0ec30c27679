import { columnOf } from './entity.js';
import type { EventId, Expression } from './expression.js';
import { walkExpression } from './expression.js';
import { columnReference } from './same-row.js';

export type Computation = 'number' | 'list' | 'object' | 'text';

const ARITHMETIC = new Set(['add', 'subtract', 'multiply', 'divide', 'remainder', 'power']);
const NUMBER_CALLS = /^(plus|minus|add|sub|subtract|times|mul|multipliedBy|div|dividedBy|add(Days|Months|Weeks|Years|Hours|Minutes|Seconds)|sub(Days|Months|Weeks|Years|Hours|Minutes|Seconds))$/;
const LIST_CALLS = /^(concat|filter|toSpliced|with|union|difference|without|uniq|uniqBy|unionBy)$/;
const THROUGH = /^(new Set|Array\.from|new Map|new Date|Number|BigInt|new (Prisma\.)?Decimal|Decimal|parseInt|parseFloat|String|Math\.(round|floor|ceil|trunc|max|min|abs)|JSON\.stringify)$/;
/** Another spelling of the same value: `(balance - amount).toString()`. */
const RESPELT = /^(toString|toFixed|toPrecision|toNumber|valueOf|toJSON)$/;

/**
 * Whether a value is computed from a column's earlier value, read by `event`, so that two runs each add their own change to
 * the same old value: arithmetic, a list with one element more or less, an object merged over the old one, an appended text.
 * null for a value that is only passed on, chosen, or derived without adding anything.
 */
export function computedFrom(value: Expression, event: EventId, column: string): Computation | null {
  const isOwn = (one: Expression): boolean => {
    const reference = columnReference(one);
    return reference !== null && reference.event === event && columnOf(reference.column) === columnOf(column);
  };
  return computed(value, isOwn);
}

type Own = (value: Expression) => boolean;

function computed(value: Expression, isOwn: Own): Computation | null {
  switch (value.kind) {
    case 'binary':
      if (ARITHMETIC.has(value.operator)) return holds(value, isOwn) ? (joinsText(value) ? 'text' : 'number') : null;
      if (value.operator === 'or' || value.operator === 'coalesce' || value.operator === 'and') return computed(value.left, isOwn) ?? computed(value.right, isOwn);
      return null;
    case 'conditional':
      return computed(value.then, isOwn) ?? computed(value.otherwise, isOwn);
    case 'either':
      return value.of.map((one) => computed(one, isOwn)).find((one) => one !== null) ?? null;
    case 'array':
      return value.elements.some((one) => one.kind === 'spread' && carries(one.of, isOwn)) && value.elements.length > 1 ? 'list' : null;
    case 'object':
      return merged(value, isOwn);
    case 'template':
      return appended(value.parts, isOwn);
    case 'call':
      return computedByCall(value, isOwn);
    default:
      return null;
  }
}

/** `row.notes + '\n' + note`: a string among the operands of `+`. */
function joinsText(value: Expression): boolean {
  if (value.kind === 'template') return true;
  if (value.kind === 'literal') return typeof value.value === 'string';
  return value.kind === 'binary' && value.operator === 'add' && (joinsText(value.left) || joinsText(value.right));
}

/** The old value itself, or with a default for when there is none. */
function carries(value: Expression, isOwn: Own): boolean {
  if (isOwn(value)) return true;
  if (value.kind === 'binary' && (value.operator === 'or' || value.operator === 'coalesce')) return carries(value.left, isOwn);
  if (value.kind === 'conditional') return carries(value.then, isOwn) || carries(value.otherwise, isOwn);
  return value.kind === 'spread' ? carries(value.of, isOwn) : false;
}

/** The old value is an operand, also of what is inside: `(row.total ?? 0) + amount`. */
function holds(value: Expression, isOwn: Own): boolean {
  if (carries(value, isOwn)) return true;
  if (value.kind === 'binary' && ARITHMETIC.has(value.operator)) return holds(value.left, isOwn) || holds(value.right, isOwn);
  if (value.kind === 'unary') return holds(value.operand, isOwn);
  if (value.kind === 'call' && (THROUGH.test(value.callee) || NUMBER_CALLS.test(lastName(value.callee)) || NUMBER_CALLS.test(value.callee))) {
    return [...(value.receiver === null ? [] : [value.receiver]), ...value.arguments].some((one) => holds(one, isOwn));
  }
  return false;
}

/**
 * `{ ...row.settings, ...input }` loses what others merged. With constant keys only, two runs write the same keys, and what
 * is lost depends on other writers: nothing is claimed.
 */
function merged(value: Extract<Expression, { kind: 'object' }>, isOwn: Own): Computation | null {
  if (!value.spreads.some((one) => carries(one, isOwn))) return null;
  const others = value.spreads.filter((one) => !carries(one, isOwn));
  if (others.length > 0) return 'object';
  const nested = value.properties.some((one) => [...walkExpression(one.value)].some((part) => isInside(part, isOwn)) && computedInside(one.value));
  return nested ? 'object' : null;
}

function isInside(part: Expression, isOwn: Own): boolean {
  return part.kind === 'field' && (isOwn(part.of) || isInside(part.of, isOwn));
}

function computedInside(value: Expression): boolean {
  return [...walkExpression(value)].some((part) => (part.kind === 'binary' && ARITHMETIC.has(part.operator)) || (part.kind === 'array' && part.elements.some((one) => one.kind === 'spread')));
}

/** `${row.notes}\n${note}` */
function appended(parts: readonly Expression[], isOwn: Own): Computation | null {
  const [first, second] = parts.filter((one) => !(one.kind === 'literal' && one.value === ''));
  if (first === undefined || second === undefined || !carries(first, isOwn)) return null;
  return parts.some((one) => one !== first && one.kind !== 'literal' && !carries(one, isOwn)) ? 'text' : null;
}

function computedByCall(value: Extract<Expression, { kind: 'call' }>, isOwn: Own): Computation | null {
  const name = lastName(value.callee);
  if (RESPELT.test(name) && value.receiver !== null) return computed(value.receiver, isOwn);
  if (THROUGH.test(value.callee)) return value.arguments.map((one) => computed(one, isOwn)).find((one) => one !== null) ?? null;
  if (NUMBER_CALLS.test(name) || NUMBER_CALLS.test(value.callee)) return holds(value, isOwn) ? 'number' : null;
  if (LIST_CALLS.test(name)) {
    const subject = value.receiver !== null && value.receiver.kind !== 'parameter' ? value.receiver : value.arguments[0];
    return subject !== undefined && carries(subject, isOwn) ? 'list' : null;
  }
  if (/^(merge|assign|defaultsDeep|deepMerge)$/.test(name)) return value.arguments.some((one) => carries(one, isOwn)) && value.arguments.length > 1 ? 'object' : null;
  return null;
}

function lastName(callee: string): string {
  return callee.slice(callee.lastIndexOf('.') + 1);
}
