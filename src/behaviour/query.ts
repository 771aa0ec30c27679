import { columnOf } from './entity.js';
import type { Assignment, RowLock } from './event.js';
import { walkExpression } from './expression.js';
import type { Expression } from './expression.js';

/**
 * What an adapter says of one call to a database library, before it has a place. Language-neutral: an adapter of any
 * language fills it, and `eventOfQuery` makes the event.
 */
export type Query = ReadQuery | CountQuery | WriteQuery;

interface QueryBase {
  readonly library: string;
  /** The table or model as written. */
  readonly entityName: string;
  /** A condition over `column` expressions, null for none. */
  readonly where: Expression | null;
  readonly whereKnown: boolean;
  /** What it runs on, as written: `prisma`, `tx`. */
  readonly handle: string;
}

export interface ReadQuery extends QueryBase {
  readonly kind: 'read';
  readonly many: boolean;
  readonly lock?: RowLock;
  readonly wait?: 'block' | 'skip' | 'nowait';
  readonly limit?: Expression | null;
  readonly columns?: readonly string[] | null;
  readonly orThrow?: boolean;
  readonly relations?: readonly Relation[];
}

/** Rows of another table that a read brings along, and what comes with those. */
export interface Relation {
  readonly name: string;
  /** The other table's model, where the call names it. */
  readonly entityName?: string;
  readonly relations: readonly Relation[];
}

export interface CountQuery extends QueryBase {
  readonly kind: 'count';
  readonly aggregate: 'count' | 'exists' | 'max' | 'min' | 'sum' | 'average';
  readonly column?: string | null;
  readonly lock?: RowLock;
}

export interface WriteQuery extends QueryBase {
  readonly kind: 'write';
  readonly operation: 'insert' | 'update' | 'delete' | 'upsert' | 'save';
  readonly data: readonly Assignment[];
  readonly dataKnown: boolean;
  readonly target?: number | null;
  readonly wholeRow?: boolean;
  readonly many?: boolean;
  readonly failsWhenMissing?: boolean;
  readonly onConflict?: 'fail' | 'nothing' | 'update';
  readonly conflictColumns?: readonly string[];
  readonly optimistic?: boolean;
}

/** `left operator right` over a column. */
export function compare(column: string, operator: 'equal' | 'not-equal' | 'less' | 'less-or-equal' | 'greater' | 'greater-or-equal' | 'in', value: Expression): Expression {
  return { kind: 'binary', operator, left: { kind: 'column', name: column }, right: value };
}

/** All of them; null for none. */
export function allOf(conditions: readonly (Expression | null)[]): Expression | null {
  return conditions.reduce<Expression | null>((sum, one) => (sum === null ? one : one === null ? sum : { kind: 'binary', operator: 'and', left: sum, right: one }), null);
}

/** The conditions that must all hold. */
export function conjuncts(condition: Expression | null): readonly Expression[] {
  if (condition === null) return [];
  if (condition.kind === 'binary' && condition.operator === 'and') return [...conjuncts(condition.left), ...conjuncts(condition.right)];
  return [condition];
}

/** The equalities among them: what identifies a row. */
export function keyOf(condition: Expression | null): readonly { readonly column: string; readonly value: Expression }[] {
  return conjuncts(condition).flatMap((one) =>
    one.kind === 'binary' && one.operator === 'equal' && one.left.kind === 'column' ? [{ column: one.left.name, value: one.right }] : [],
  );
}

/** Every column an expression speaks of, once. */
export function columnsIn(expression: Expression | null): readonly string[] {
  if (expression === null) return [];
  const names = new Map<string, string>();
  for (const part of walkExpression(expression)) if (part.kind === 'column') names.set(columnOf(part.name), part.name);
  return [...names.values()];
}
