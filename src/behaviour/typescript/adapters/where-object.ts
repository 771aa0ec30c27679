import { allOf, compare } from '../../query.js';
import type { Assignment } from '../../event.js';
import type { BinaryOperator, Expression, Property } from '../../expression.js';
import { sqlArithmetic } from '../../sql-arithmetic.js';
import type { Span } from '../../../core/change-set.js';

const OPERATORS: Readonly<Record<string, BinaryOperator>> = {
  equals: 'equal',
  eq: 'equal',
  is: 'equal',
  not: 'not-equal',
  ne: 'not-equal',
  isNot: 'not-equal',
  lt: 'less',
  lte: 'less-or-equal',
  gt: 'greater',
  gte: 'greater-or-equal',
  in: 'in',
};

const NOWHERE: Span = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 };

/**
 * A condition written as an object: Prisma (`{ id, balance: { gte: n }, OR: […] }`), Sequelize (`[Op.gte]`), Mongoose
 * (`{ $gte }`), TypeORM (`MoreThan(n)`).
 */
export function whereOf(value: Expression | undefined): { readonly where: Expression | null; readonly known: boolean } {
  if (value === undefined) return { where: null, known: true };
  if (value.kind === 'array') {
    const arms = value.elements.map((one) => whereOf(one));
    const where = arms.reduce<Expression | null>((sum, one) => (sum === null ? one.where : one.where === null ? sum : { kind: 'binary', operator: 'or', left: sum, right: one.where }), null);
    return { where, known: arms.every((one) => one.known) };
  }
  if (value.kind !== 'object') return { where: null, known: false };
  const conditions = value.properties.map((property) => conditionOf(property));
  return { where: allOf(conditions), known: value.spreads.length === 0 };
}

function conditionOf(property: Property): Expression | null {
  const { name, value } = property;
  const logical = name.replace(/^\$/, '').toUpperCase();
  if (logical === 'AND' || logical === 'OR' || logical === 'NOT' || logical === 'NOR') return logicalOf(logical, value);
  if (value.kind !== 'object') return withFunction(name, value);
  const operators = value.properties.filter((one) => operatorNamed(one.name) !== undefined);
  if (operators.length > 0) {
    return allOf(operators.map((one) => ({ kind: 'binary', operator: operatorNamed(one.name) ?? 'bit', left: { kind: 'column', name }, right: one.value })));
  }
  // A compound key (`{ userId_teamId: { userId, teamId } }`) is its parts; anything else is a condition on a relation.
  if (name.includes('_') && value.properties.length > 1) return whereOf(value).where;
  return { kind: 'opaque', text: name, uses: [{ kind: 'column', name }, ...value.properties.map((one) => one.value)] };
}

function operatorNamed(name: string): BinaryOperator | undefined {
  return OPERATORS[name.replace(/^\$/, '')];
}

function logicalOf(logical: string, value: Expression): Expression | null {
  const parts = value.kind === 'array' ? value.elements : [value];
  const conditions = parts.map((one) => whereOf(one).where).filter((one) => one !== null);
  if (logical === 'AND') return allOf(conditions);
  const any = conditions.reduce<Expression | null>((sum, one) => (sum === null ? one : { kind: 'binary', operator: 'or', left: sum, right: one }), null);
  if (any === null) return null;
  return logical === 'OR' ? any : { kind: 'unary', operator: 'not', operand: any };
}

const FUNCTIONS: Readonly<Record<string, BinaryOperator>> = {
  MoreThan: 'greater',
  MoreThanOrEqual: 'greater-or-equal',
  LessThan: 'less',
  LessThanOrEqual: 'less-or-equal',
  Not: 'not-equal',
  In: 'in',
  Equal: 'equal',
};

/** `MoreThanOrEqual(amount)` of TypeORM; a plain value is an equality. */
function withFunction(name: string, value: Expression): Expression {
  const operator = value.kind === 'call' ? FUNCTIONS[value.callee] : undefined;
  if (value.kind === 'call' && operator !== undefined) {
    return { kind: 'binary', operator, left: { kind: 'column', name }, right: value.arguments[0] ?? value };
  }
  if (value.kind === 'call' && value.callee === 'IsNull') return compare(name, 'equal', { kind: 'literal', value: null });
  return compare(name, value.kind === 'array' ? 'in' : 'equal', value);
}

/** Columns and their new values from an object literal; `known` is false when something hides columns. */
export function assignmentsOf(value: Expression | undefined): { readonly data: readonly Assignment[]; readonly known: boolean } {
  if (value === undefined) return { data: [], known: false };
  if (value.kind === 'array') {
    const rows = value.elements.map((one) => assignmentsOf(one));
    return { data: rows.flatMap((one) => one.data), known: rows.every((one) => one.known) };
  }
  if (value.kind !== 'object') return { data: [], known: false };
  const data = value.properties.map((one) => ({ column: one.name, value: atomicOf(one), span: one.span ?? NOWHERE }));
  return { data, known: value.spreads.length === 0 };
}

const ATOMIC: Readonly<Record<string, BinaryOperator>> = { increment: 'add', decrement: 'subtract', multiply: 'multiply', divide: 'divide' };

/** `{ increment: n }` and the like compute on the database's own value. */
function atomicOf(property: Property): Expression {
  const { name, value } = property;
  if (value.kind !== 'object') return sqlArithmetic(value, name);
  if (value.properties.length !== 1) return value;
  const only = value.properties[0];
  if (only === undefined) return value;
  const operator = ATOMIC[only.name];
  const column: Expression = { kind: 'column', name };
  if (operator !== undefined) return { kind: 'binary', operator, left: column, right: only.value };
  if (only.name === 'push') return { kind: 'call', callee: 'push', receiver: column, arguments: [only.value] };
  return only.name === 'set' ? only.value : value;
}

/** The value of a property of an object expression. */
export function property(value: Expression | undefined, name: string): Expression | undefined {
  return value?.kind === 'object' ? value.properties.findLast((one) => one.name === name)?.value : undefined;
}

/** Names of columns from `{ a: true, b: true }` or `['a', 'b']`; null for all. */
export function selectedColumns(value: Expression | undefined): readonly string[] | null {
  if (value?.kind === 'object') return value.properties.map((one) => one.name);
  if (value?.kind === 'array') return value.elements.flatMap((one) => (one.kind === 'literal' && typeof one.value === 'string' ? [one.value] : []));
  return null;
}
