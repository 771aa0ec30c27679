import { keyOf, resolveIn, type Catalog } from '../catalog.js';
import { existingTable } from './existing.js';
import { splitKey } from '../fold/edit.js';
import type { Step, StepOf } from '../step.js';

/** An enum that a migration makes anew, moving the columns over: CREATE TYPE … AS ENUM, ALTER COLUMN … TYPE …, and the old name at the end. */
export interface RecreatedEnum {
  /** The key that it has before and after. */
  readonly key: string;
  readonly created: StepOf<'create-enum'>;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** The changes of columns that production has, those to text and back included. */
  readonly changes: readonly StepOf<'set-type'>[];
}

/** Where the names of enums lead while a migration runs. */
interface Names {
  /** The key at the start of every enum that goes by another name by now, or by none (null). */
  readonly now: Map<string, string | null>;
  /** Keys of enums that the migration makes, with the statement. */
  readonly made: Map<string, StepOf<'create-enum'>>;
}

function follow(names: Names, start: Catalog, step: Step): void {
  const move = (from: string, to: string | null): void => {
    const made = names.made.get(from);
    if (made !== undefined) {
      names.made.delete(from);
      if (to !== null) names.made.set(to, made);
      return;
    }
    for (const [first, current] of names.now) if (current === from) names.now.set(first, to);
  };
  if (step.kind === 'create-enum') names.made.set(resolveIn(start, step.type, []), step);
  if (step.kind === 'rename-type') {
    const key = keyHere(names, start, step.type);
    move(key, keyOf(splitKey(key).schema, step.to));
  }
  if (step.kind === 'drop-type') for (const type of step.types) move(keyHere(names, start, type), null);
}

function keyHere(names: Names, start: Catalog, type: { readonly schema: string | null; readonly name: string }): string {
  if (type.schema !== null) return keyOf(type.schema, type.name);
  for (const schema of start.searchPath) {
    const key = keyOf(schema, type.name);
    if (names.made.has(key) || [...names.now.values()].includes(key)) return key;
  }
  return resolveIn(start, type, ['enums']);
}

/** The enums that one direction of a migration makes anew; `start` is the database before it. */
export function recreatedEnums(steps: readonly Step[], start: Catalog): readonly RecreatedEnum[] {
  if (start.enums.size === 0 || !steps.some((step) => step.kind === 'create-enum')) return [];
  const names: Names = { now: new Map([...start.enums.keys()].map((key) => [key, key])), made: new Map() };
  for (const step of steps) follow(names, start, step);
  return [...names.made].flatMap(([key, created]) => {
    const before = start.enums.get(key);
    const changes = before === undefined ? [] : changesOf(steps, start, key, created);
    if (before === undefined || changes.length === 0) return [];
    return [{ key, created, changes, removed: before.filter((value) => !created.values.includes(value)), added: created.values.filter((value) => !before.includes(value)) }];
  });
}

/** Type changes that move a column from the old enum to the new one, by way of text or at once. */
function changesOf(steps: readonly Step[], start: Catalog, key: string, created: StepOf<'create-enum'>): StepOf<'set-type'>[] {
  const wasOf = (step: StepOf<'set-type'>): boolean => {
    const table = existingTable({ before: start, deployed: start }, step.table, false);
    const column = table === null ? undefined : start.tables.get(table.key)?.columns.get(step.column);
    return column !== undefined && resolveIn(start, { ...column.type, schema: column.type.schema }, ['enums']) === key;
  };
  const all = steps.filter((step): step is StepOf<'set-type'> => step.kind === 'set-type');
  const names = new Set([created.type.name, splitKey(key).name]);
  const columns = new Set(all.filter((step) => names.has(step.type.name) && wasOf(step)).map((step) => `${step.table.name}.${step.column}`));
  return all.filter((step) => columns.has(`${step.table.name}.${step.column}`) && wasOf(step));
}

/** Whether a type change is part of an enum made anew: then `migrations/enum-recreated` speaks of it. */
export function isEnumRecreation(steps: readonly Step[], start: Catalog, step: Step): boolean {
  return step.kind === 'set-type' && recreatedEnums(steps, start).some((each) => each.changes.includes(step));
}
