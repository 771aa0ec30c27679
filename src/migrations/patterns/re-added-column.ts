import { resolveRelation, type Catalog } from '../catalog.js';
import type { ColumnDefinition } from '../definition.js';
import type { Step, StepOf } from '../step.js';
import { isUnknownWork, mentionsWord } from './copies.js';

/** A column that a migration drops and brings back empty under the same name. */
export interface ReAddedColumn {
  readonly key: string;
  readonly dropped: StepOf<'drop-column'>;
  /** The column that takes its place, under the name it was added with. */
  readonly added: StepOf<'add-column'>;
  /** The rename that gives the added column the old name; null when it was added under it. */
  readonly renamed: StepOf<'rename-column'> | null;
}

/**
 * Columns that production has (`start` is the database before the migration) and that one direction of a migration drops and
 * brings back without their values: added anew under the same name, or another column, never filled, renamed to it.
 * Generated columns, and columns whose values are written again, are left out.
 */
export function reAddedColumns(steps: readonly Step[], start: Catalog): readonly ReAddedColumn[] {
  return steps.flatMap((step) => (step.kind === 'drop-column' ? (reAddedBy(steps, start, step) ?? []) : []));
}

/** As `reAddedColumns`, for the column that one of the steps drops. */
export function reAddedBy(steps: readonly Step[], start: Catalog, step: StepOf<'drop-column'>): ReAddedColumn | null {
  const key = resolveRelation(start, step.table);
  const column = start.tables.get(key)?.columns.get(step.column);
  if (column?.generated != null || (column === undefined && start.tables.get(key)?.complete === true) || isMade(steps, start, key)) return null;
  const successor = directSuccessor(steps, start, key, step) ?? renamedSuccessor(steps, start, key, step.column, steps.indexOf(step));
  if (successor === null || successor.added.column.generated !== null) return null;
  return isRefilled(steps, start, key, step.column, successor) ? null : { key, dropped: step, ...successor };
}

interface Successor {
  readonly added: StepOf<'add-column'>;
  readonly renamed: StepOf<'rename-column'> | null;
}

/** Whether the migration makes the table itself. */
function isMade(steps: readonly Step[], start: Catalog, key: string): boolean {
  return !start.tables.has(key) && steps.some((step) => (step.kind === 'create-table' || step.kind === 'create-table-as') && resolveRelation(start, step.table) === key);
}

function onTable(step: Step, start: Catalog, key: string): boolean {
  return 'table' in step && step.table !== null && resolveRelation(start, step.table) === key;
}

// In one ALTER TABLE the server drops before it adds, in whatever order they are written.
function directSuccessor(steps: readonly Step[], start: Catalog, key: string, dropped: StepOf<'drop-column'>): Successor | null {
  const added = steps.find(
    (step): step is StepOf<'add-column'> => step.kind === 'add-column' && step.column.name === dropped.column && step.statementIndex >= dropped.statementIndex && onTable(step, start, key),
  );
  return added === undefined ? null : { added, renamed: null };
}

function renamedSuccessor(steps: readonly Step[], start: Catalog, key: string, column: string, index: number): Successor | null {
  const renamed = steps.slice(index).find((step): step is StepOf<'rename-column'> => step.kind === 'rename-column' && step.to === column && onTable(step, start, key));
  if (renamed === undefined) return null;
  const added = steps.find((step): step is StepOf<'add-column'> => step.kind === 'add-column' && step.column.name === renamed.column && onTable(step, start, key));
  return added === undefined ? null : { added, renamed };
}

/** Whether something may write the old values into the new column. */
function isRefilled(steps: readonly Step[], start: Catalog, key: string, column: string, { added, renamed }: Successor): boolean {
  const names = [column, renamed === null ? column : added.column.name];
  const from = steps.indexOf(added);
  return steps.slice(from + 1).some((step) => {
    if (isUnknownWork(step)) return names.some((name) => mentionsWord(step.statement, name)) || step.kind === 'call';
    return step.kind === 'update' && onTable(step, start, key) && step.columns.some((each) => names.includes(each)) && !isConstantFill(step.statement);
  });
}

/** An UPDATE that gives every row the same value brings nothing back. */
function isConstantFill(statement: string): boolean {
  return /\bset\s+"?\w+"?\s*=\s*(?:'[^']*'|-?\d+(?:\.\d+)?|true|false|null|now\(\)|current_timestamp)\s*(?:$|where\b)/i.test(statement.trim());
}

/** Whether a definition says no more than a type: then the type of the old column can be changed in its place. */
export function isPlainDefinition(column: ColumnDefinition): boolean {
  return column.default === null && column.identity === null && column.generated === null && column.collation === null && column.constraints.length === 0;
}
