import { resolveRelation, type Catalog } from '../catalog.js';
import type { ColumnDefinition, QualifiedName } from '../definition.js';
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

/** The steps of one direction by what is asked of them, so that long files stay quick. */
interface Index {
  readonly start: Catalog;
  readonly places: ReadonlyMap<Step, number>;
  readonly added: ReadonlyMap<string, readonly StepOf<'add-column'>[]>;
  /** By the new name. */
  readonly renamed: ReadonlyMap<string, readonly StepOf<'rename-column'>[]>;
  /** By each column that is written. */
  readonly written: ReadonlyMap<string, readonly StepOf<'update'>[]>;
  readonly unknown: readonly Step[];
  /** Keys of tables that the migration makes. */
  readonly made: ReadonlySet<string>;
}

function put<Each>(map: Map<string, Each[]>, name: string, each: Each): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [each]);
  else known.push(each);
}

function indexOf(steps: readonly Step[], start: Catalog): Index {
  const index = { start, places: new Map<Step, number>(), added: new Map<string, StepOf<'add-column'>[]>(), renamed: new Map<string, StepOf<'rename-column'>[]>(), written: new Map<string, StepOf<'update'>[]>(), unknown: [] as Step[], made: new Set<string>() };
  for (const [place, step] of steps.entries()) {
    index.places.set(step, place);
    if (isUnknownWork(step)) index.unknown.push(step);
    if (step.kind === 'add-column') put(index.added, step.column.name, step);
    if (step.kind === 'rename-column') put(index.renamed, step.to, step);
    if (step.kind === 'update') for (const column of step.columns) put(index.written, column, step);
    if (step.kind === 'create-table' || step.kind === 'create-table-as') index.made.add(resolveRelation(start, step.table));
  }
  return index;
}

/**
 * Columns that production has (`start` is the database before the migration) and that one direction of a migration drops and
 * brings back without their values: added anew under the same name, or another column, never filled, renamed to it.
 * Generated columns, and columns whose values are written again, are left out.
 */
export function reAddedColumns(steps: readonly Step[], start: Catalog): readonly ReAddedColumn[] {
  const index = indexOf(steps, start);
  return steps.flatMap((step) => (step.kind === 'drop-column' ? (reAddedBy(index, step) ?? []) : []));
}

function reAddedBy(index: Index, dropped: StepOf<'drop-column'>): ReAddedColumn | null {
  const { start } = index;
  const key = resolveRelation(start, dropped.table);
  const table = start.tables.get(key);
  const column = table?.columns.get(dropped.column);
  if (column?.generated != null || (column === undefined && table?.complete === true) || (table === undefined && index.made.has(key))) return null;
  const successor = directSuccessor(index, key, dropped) ?? renamedSuccessor(index, key, dropped);
  if (successor === null || successor.added.column.generated !== null) return null;
  return isRefilled(index, key, dropped.column, successor) ? null : { key, dropped, ...successor };
}

interface Successor {
  readonly added: StepOf<'add-column'>;
  readonly renamed: StepOf<'rename-column'> | null;
}

function onTable({ start }: Index, step: { readonly table: QualifiedName }, key: string): boolean {
  return resolveRelation(start, step.table) === key;
}

// In one ALTER TABLE the server drops before it adds, in whatever order they are written.
function directSuccessor(index: Index, key: string, dropped: StepOf<'drop-column'>): Successor | null {
  const added = index.added.get(dropped.column)?.find((step) => step.statementIndex >= dropped.statementIndex && onTable(index, step, key));
  return added === undefined ? null : { added, renamed: null };
}

function renamedSuccessor(index: Index, key: string, dropped: StepOf<'drop-column'>): Successor | null {
  const place = (step: Step): number => index.places.get(step) ?? 0;
  const renamed = index.renamed.get(dropped.column)?.find((step) => place(step) > place(dropped) && onTable(index, step, key));
  const added = renamed === undefined ? undefined : index.added.get(renamed.column)?.find((step) => onTable(index, step, key));
  return added === undefined || renamed === undefined ? null : { added, renamed };
}

/** Whether something may write the old values into the new column. */
function isRefilled(index: Index, key: string, column: string, { added, renamed }: Successor): boolean {
  const names = renamed === null ? [column] : [column, added.column.name];
  const from = index.places.get(added) ?? 0;
  const isLater = (step: Step): boolean => (index.places.get(step) ?? 0) > from;
  if (index.unknown.some((step) => isLater(step) && (step.kind === 'call' || names.some((name) => mentionsWord(step.statement, name))))) return true;
  return names.some((name) => index.written.get(name)?.some((step) => isLater(step) && onTable(index, step, key) && !isConstantFill(step.statement)));
}

/** An UPDATE that gives every row the same value brings nothing back. */
function isConstantFill(statement: string): boolean {
  return /\bset\s+"?\w+"?\s*=\s*(?:'[^']*'|-?\d+(?:\.\d+)?|true|false|null|now\(\)|current_timestamp)\s*(?:$|where\b)/i.test(statement.trim());
}

/** Whether a definition says no more than a type: then the type of the old column can be changed in its place. */
export function isPlainDefinition(column: ColumnDefinition): boolean {
  return column.default === null && column.identity === null && column.generated === null && column.collation === null && column.constraints.length === 0;
}
