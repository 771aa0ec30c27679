import { childrenOf, foreignKeysTo, resolveIn, resolveRelation, type Table } from '../catalog.js';
import type { ColumnDefinition } from '../definition.js';
import { baseType } from './casts.js';
import { viewsOnColumn } from '../fold/views.js';
import type { StepOf } from '../step.js';
import { withDescendants, type Work } from './work.js';

export function columnError(table: Table, column: string): string {
  return `column "${column}" of relation "${table.name}" does not exist`;
}

/** Columns that every table has. */
export const SYSTEM: ReadonlySet<string> = new Set(['tableoid', 'cmin', 'cmax', 'xmin', 'xmax', 'ctid']);

/** Why a column definition is refused whatever the table holds. */
function definitionError(work: Work, column: ColumnDefinition): string | null {
  const { version } = work.target;
  if (SYSTEM.has(column.name)) return `column name "${column.name}" conflicts with a system column name`;
  if (column.generated?.kind === 'virtual') {
    if (version < 18) return 'virtual generated columns need Postgres 18';
    const { type } = column;
    const user = ['enums', 'domains', 'composites'] as const;
    if (user.some((space) => work.catalog[space].has(resolveIn(work.catalog, type, [space])))) return `virtual generated column "${column.name}" cannot have a user-defined type`;
  }
  if (column.generated !== null && version < 12) return 'generated columns need Postgres 12';
  return null;
}

/** Why ADD COLUMN is refused; null when it is not, or when nobody can tell. */
export function newColumnError(work: Work, key: string, step: StepOf<'add-column'>): string | null {
  const table = work.catalog.tables.get(key);
  const { column } = step;
  if (table?.columns.has(column.name) === true) return `column "${column.name}" of relation "${step.table.name}" already exists`;
  if (table?.partitionOf != null) return 'cannot add column to a partition';
  if (column.identity !== null && (work.target.version < 17 || table?.partitionBy == null) && childrenOf(work.catalog, key).length > 0) return 'cannot recursively add identity column to table that has child tables';
  if (step.only === true && childrenOf(work.catalog, key).length > 0) return 'column must be added to child tables too';
  if (work.target.version < 13 && work.target.version > 0 && column.default?.functions.some((name) => name.name === 'gen_random_uuid' && name.schema === null) === true && !work.catalog.functions.has('public.gen_random_uuid')) work.guessed = true;
  return definitionError(work, column);
}

export function partitionKeyError(table: Table | undefined, column: string, what: 'drop' | 'alter'): string | null {
  return table?.partitionBy?.columns.includes(column) === true ? `cannot ${what} column "${column}" because it is part of the partition key of relation "${table.name}"` : null;
}

/** Why the server refuses to change or drop a column because the table's rows are distributed or inherited by it. */
export function placementError(table: Table | undefined, column: string, what: 'drop' | 'alter'): string | null {
  const key = partitionKeyError(table, column, what);
  if (key !== null) return key;
  if (table?.columns.get(column)?.inherited === true) return `cannot ${what} inherited column "${column}"`;
  return null;
}

/** The generated columns that are computed from a column. */
export function generatedFrom(table: Table | undefined, column: string): readonly string[] {
  return [...(table?.columns.values() ?? [])].filter((each) => each.generated?.expression.columns.includes(column) === true).map((each) => each.name);
}

/** What keeps a column from being dropped without CASCADE. */
function dependentOf(work: Work, key: string, column: string): string | null {
  const [view] = viewsOnColumn(work.catalog, key, column);
  const certain = view !== undefined && work.catalog.views.get(view)?.uses?.has(`${key}.${column}`) === true;
  if (certain) return `view ${view} depends on it`;
  for (const { table, constraint } of foreignKeysTo(work.catalog, key)) {
    if (table.key === key && constraint.definition.kind === 'foreign-key' && constraint.definition.columns.includes(column)) continue;
    if (constraint.definition.kind === 'foreign-key' && constraint.definition.referencedColumns.includes(column)) return `constraint ${constraint.name} on table ${table.name} depends on it`;
  }
  const policy = policyOn(work.catalog.tables.get(key), column);
  if (policy !== undefined) return `policy ${policy} on table ${work.catalog.tables.get(key)?.name ?? ''} depends on it`;
  const [generated] = generatedFrom(work.catalog.tables.get(key), column);
  // Before 15 generated columns went along.
  return generated === undefined || work.target.version < 15 ? null : `column ${generated} of table ${work.catalog.tables.get(key)?.name ?? ''} depends on it`;
}

/** A policy that mentions a column; those with subqueries are passed over: whose column it is cannot be told there. */
export function policyOn(table: Table | undefined, column: string): string | undefined {
  const word = new RegExp(`(?<![\\w"'])(?:${column}|"${column}")(?![\\w"'(])`, 'i');
  return [...(table?.policyTexts ?? [])].find(([name, text]) => {
    const said = /\b(?:using|with\s+check)\b.*$/is.exec(text)?.[0] ?? '';
    return table?.policies.has(name) === true && !/\bselect\b|'/i.test(said) && word.test(said);
  })?.[0];
}

/** Why DROP COLUMN is refused; null when it is not, or when nobody can tell. */
export function dropColumnError(work: Work, key: string, step: StepOf<'drop-column'>): string | null {
  const table = work.catalog.tables.get(key);
  for (const each of withDescendants(work.catalog, key)) {
    const placed = each === key ? placementError(table, step.column, 'drop') : partitionKeyError(work.catalog.tables.get(each), step.column, 'drop');
    if (placed !== null) return placed;
  }
  const dependent = step.cascade ? null : dependentOf(work, key, step.column);
  return dependent === null ? null : `cannot drop column ${step.column} of table ${step.table.name} because other objects depend on it: ${dependent}`;
}

/** Types without an order: no btree index can be on them. */
export const UNORDERED: ReadonlySet<string> = new Set(['json', 'xml', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle']);

// Types of a fixed length: their values are never stored apart or compressed.
const FIXED = new Set('int2 int4 int8 float4 float8 bool oid money uuid date time timetz timestamp timestamptz interval macaddr macaddr8 point line lseg box circle char name'.split(' '));

/** Why an option of a column, or of an index's column, is refused; null where it is not, or nobody can tell. */
export function columnOptionError(work: Work, step: StepOf<'set-column-option'>): string | null {
  const key = resolveRelation(work.catalog, step.table);
  const index = work.catalog.indexes.get(key);
  if (index !== undefined) {
    const column = index.columns[Number(step.column) - 1];
    return step.option === 'statistics' && column != null ? `cannot alter statistics on non-expression column "${column}" of index "${index.name}"` : null;
  }
  const type = work.catalog.tables.get(key)?.columns.get(step.column)?.type;
  const value = step.value.toLowerCase();
  if (type === undefined || value === '' || value === 'default') return null;
  const base = baseType(work.catalog, type);
  const isEnum = !base.array && work.catalog.enums.has(resolveIn(work.catalog, base, ['enums']));
  if (!isEnum && (base.array || base.schema !== null || !FIXED.has(base.name))) return null;
  if (step.option === 'compression') return `column data type ${type.name} does not support compression`;
  return step.option === 'storage' && value !== 'plain' ? `column data type ${type.name} can only have storage PLAIN` : null;
}
