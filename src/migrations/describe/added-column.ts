import { findDomain, findTable, resolveRelation } from '../catalog.js';
import type { ColumnDefinition, Constraint } from '../definition.js';
import { isNullConstant, rewriteReason } from '../effects/columns.js';
import type { StepOf } from '../step.js';
import type { StepInContext } from './step-in-context.js';
import { lockNow } from './work.js';

/** What is wrong with a new column, the worst first: one statement has one cause. */
export type ColumnCause =
  | { readonly kind: 'rewrite'; readonly reason: NonNullable<ReturnType<typeof rewriteReason>> }
  | { readonly kind: 'not-null' }
  | { readonly kind: 'check' | 'unique' | 'foreign-key'; readonly constraint: Constraint };

/** Null: nothing, or the column is there already. */
export function columnCause(input: StepInContext, step: StepOf<'add-column'>): ColumnCause | null {
  const { column } = step;
  const { before } = input;
  if (findTable(before, step.table)?.columns.has(column.name) === true) return null;
  if (lockNow(input, resolveRelation(before, step.table)) === null) return null;
  const reason = rewriteReason(before, column, input.target.version);
  if (reason !== null) return { kind: 'rewrite', reason };
  if (isEmptyNotNull(input, column)) return { kind: 'not-null' };
  for (const kinds of [['check'], ['unique', 'primary-key', 'exclude'], ['foreign-key']] as const) {
    const constraint = column.constraints.find((each) => (kinds as readonly string[]).includes(each.kind));
    if (constraint !== undefined) return { kind: kinds[0], constraint };
  }
  return null;
}

/** NOT NULL with nothing that gives the old rows a value. A domain may bring a default of its own. */
function isEmptyNotNull({ before }: StepInContext, column: ColumnDefinition): boolean {
  return column.notNull && isNullConstant(column) && column.identity === null && column.generated === null && findDomain(before, column.type) === undefined;
}
