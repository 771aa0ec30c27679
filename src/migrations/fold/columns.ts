import { indexesOf, partitionsOf, viewsOn, type Catalog, type Column, type Table } from '../catalog.js';
import type { ColumnDefinition, Constraint, TypeName } from '../definition.js';
import { addConstraint, dropConstraint, mentionsColumn } from './constraints.js';
import { changeTable, freeName, removeFrom, renameIn, setIn, splitKey, withFresh, withSequence } from './edit.js';

const SERIALS: ReadonlyMap<string, string> = new Map([
  ['smallserial', 'int2'],
  ['serial', 'int4'],
  ['bigserial', 'int8'],
]);

export function isSerial(type: TypeName): boolean {
  return type.schema === null && SERIALS.has(type.name);
}

function columnFrom(definition: ColumnDefinition): Column {
  const serial = definition.type.schema === null ? SERIALS.get(definition.type.name) : undefined;
  const sequence = { text: 'nextval(…)', functions: [{ schema: null, name: 'nextval' }], columns: [], casts: [], subquery: false, column: null, constant: false };
  return {
    name: definition.name,
    type: serial === undefined ? definition.type : { ...definition.type, name: serial },
    notNull: definition.notNull || serial !== undefined || definition.identity !== null,
    default: serial === undefined ? definition.default : sequence,
    identity: definition.identity,
    generated: definition.generated,
    collation: definition.collation,
  };
}

/** New columns are followed into so many partitions; on the others they stay unknown. */
const MAXIMUM_PARTITIONS = 200;

/** Adds a column with its inline constraints and the sequence of a serial or identity column. */
export function addColumn(catalog: Catalog, key: string, definition: ColumnDefinition): Catalog {
  let next = changeTable(catalog, key, (table) => ({ ...table, columns: setIn(table.columns, definition.name, columnFrom(definition)) }));
  if (isSerial(definition.type) || definition.identity !== null) {
    const { schema, name } = splitKey(key);
    const sequence = freeName((each) => next.sequences.has(`${schema}.${each}`), name, definition.name, 'seq');
    next = withSequence(next, { key: `${schema}.${sequence}`, schema, name: sequence, ownedBy: { table: key, column: definition.name } });
    next = withFresh(next, `${schema}.${sequence}`);
  }
  for (const constraint of definition.constraints) next = addConstraint(next, key, constraint);
  if (catalog.tables.get(key)?.partitionBy == null) return next;
  const partitions = partitionsOf(catalog, key).slice(0, MAXIMUM_PARTITIONS);
  for (const partition of partitions) next = addColumn(next, partition.key, { ...definition, constraints: [] });
  return next;
}

export function changeColumn(catalog: Catalog, key: string, column: string, change: (column: Column) => Column): Catalog {
  return changeTable(catalog, key, (table) => {
    const found = table.columns.get(column);
    return found === undefined ? table : { ...table, columns: setIn(table.columns, column, change(found)) };
  });
}

/** Removes a column and what leans on it: indexes, constraints, and with CASCADE views and foreign keys. */
export function dropColumn(catalog: Catalog, key: string, column: string, cascade: boolean): Catalog {
  const table = catalog.tables.get(key);
  let next = catalog;
  for (const constraint of table?.constraints.values() ?? []) {
    if (mentionsColumn(constraint.definition, column)) next = dropConstraint(next, key, constraint.name, cascade);
  }
  const indexes = indexesOf(next, key).flatMap((index) => (index.mentions.includes(column) ? [index.key] : []));
  const sequences = [...next.sequences.values()].flatMap((each) => (each.ownedBy?.table === key && each.ownedBy.column === column ? [each.key] : []));
  next = { ...next, indexes: removeFrom(next.indexes, indexes), sequences: removeFrom(next.sequences, sequences) };
  if (cascade) next = { ...next, views: removeFrom(next.views, viewsOnColumn(catalog, key, column)) };
  return changeTable(next, key, (each) => ({ ...each, columns: removeFrom(each.columns, [column]) }));
}

/** Views that mention a column of a table, and the views on those. */
export function viewsOnColumn(catalog: Catalog, key: string, column: string): string[] {
  const found = new Set<string>();
  for (const view of catalog.views.values()) {
    if (!view.reads.includes(key) || !(view.columns.includes(column) || view.columns.includes('*'))) continue;
    found.add(view.key);
    for (const outer of viewsOn(catalog, view.key)) found.add(outer.key);
  }
  return [...found];
}

function renameMention(constraint: Constraint, from: string, to: string): Constraint {
  const swap = (name: string): string => (name === from ? to : name);
  switch (constraint.kind) {
    case 'check':
      return { ...constraint, expression: { ...constraint.expression, columns: constraint.expression.columns.map(swap) }, provesNotNull: constraint.provesNotNull.map(swap) };
    case 'not-null':
      return { ...constraint, column: swap(constraint.column) };
    default:
      return { ...constraint, columns: constraint.columns.map(swap) };
  }
}

function renameInTable(table: Table, from: string, to: string): Table {
  const constraints = new Map([...table.constraints].map(([name, each]) => [name, { ...each, definition: renameMention(each.definition, from, to) }]));
  return { ...table, columns: renameIn(table.columns, from, to, (column) => ({ ...column, name: to })), constraints };
}

function renameReferenced(table: Table, key: string, from: string, to: string): Table {
  const constraints = new Map(
    [...table.constraints].map(([name, each]) => {
      if (each.referenced !== key || each.definition.kind !== 'foreign-key') return [name, each];
      return [name, { ...each, definition: { ...each.definition, referencedColumns: each.definition.referencedColumns.map((column) => (column === from ? to : column)) } }];
    }),
  );
  return { ...table, constraints };
}

/** Renames a column wherever it is mentioned; views keep working on the server and keep their mention under the new name. */
export function renameColumn(catalog: Catalog, key: string, from: string, to: string): Catalog {
  const swap = <Name extends string | null>(name: Name): Name | string => (name === from ? to : name);
  let next = changeTable(catalog, key, (table) => renameInTable(table, from, to));
  if (next === catalog) return catalog;
  const tables = new Map([...next.tables].map(([each, table]) => [each, renameReferenced(table, key, from, to)]));
  const indexes = new Map([...next.indexes].map(([each, index]) => [each, index.table === key ? { ...index, columns: index.columns.map(swap), include: index.include.map(swap), mentions: index.mentions.map(swap) } : index]));
  const views = new Map([...next.views].map(([each, view]) => [each, view.reads.includes(key) ? { ...view, columns: view.columns.map(swap) } : view]));
  const sequences = new Map([...next.sequences].map(([each, one]) => [each, one.ownedBy?.table === key && one.ownedBy.column === from ? { ...one, ownedBy: { table: key, column: to } } : one]));
  next = { ...next, tables, indexes, views, sequences };
  return next;
}
