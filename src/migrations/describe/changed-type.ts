import { findTable, type Column } from '../catalog.js';
import { isPlainUsing } from '../effects/type-change.js';
import { isEnumRecreation } from '../patterns/recreated-enum.js';
import type { StepOf } from '../step.js';
import { narrowing, type Narrowing } from './narrowing.js';
import type { StepInContext } from './step-in-context.js';

/** The column as it is before its type changes; undefined when the history does not show it. */
export function columnBefore({ before }: StepInContext, step: StepOf<'set-type'>): Column | undefined {
  return findTable(before, step.table)?.columns.get(step.column);
}

/** What the change can do to values that do not fit. Null with a USING that converts in a way of its own: then somebody thought of it. */
export function typeNarrowing(input: StepInContext, step: StepOf<'set-type'>): Narrowing | null {
  const column = columnBefore(input, step);
  if (column === undefined) return null;
  if (step.using !== null && !isPlainUsing(input.before, step.column, step.using, step.type)) return null;
  return narrowing(column.type, step.type, step.using !== null && step.using.casts.length > 0);
}

/** Whether the change is part of an enum that this very migration makes anew: `migrations/enum-recreated` speaks of it. */
export function isOfRecreatedEnum({ deployed, migration }: StepInContext, step: StepOf<'set-type'>): boolean {
  return isEnumRecreation(migration.up, deployed, step);
}
