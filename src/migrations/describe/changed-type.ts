import { findTable, resolveIn, resolveRelation, type Column } from '../catalog.js';
import { isPlainUsing } from '../effects/type-change.js';
import { splitKey } from '../fold/edit.js';
import type { Step, StepOf } from '../step.js';
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

/**
 * Whether the change is part of an enum that this very migration makes anew under its old name, by a second type or by way of
 * text: `migrations/enum-recreated` speaks of it.
 */
export function isOfRecreatedEnum({ before, deployed, migration }: StepInContext, step: StepOf<'set-type'>): boolean {
  const table = resolveRelation(before, step.table);
  const from = deployed.tables.get(table)?.columns.get(step.column)?.type;
  const key = from === undefined ? null : resolveIn(deployed, from, ['enums']);
  if (key === null || !deployed.enums.has(key)) return false;
  const { name } = splitKey(key);
  const created = migration.up.flatMap((each) => (each.kind === 'create-enum' ? [each.type.name] : []));
  const returns = created.includes(name) || migration.up.some((each) => each.kind === 'rename-type' && each.to === name && created.includes(each.type.name));
  const moves = (each: Step): boolean => each.kind === 'set-type' && each.column === step.column && resolveRelation(before, each.table) === table && (each.type.name === name || created.includes(each.type.name));
  return returns && migration.up.some(moves);
}
