import { creationKey, indexesOf, keyOf, resolveRelation, viewsOn, type Catalog, type Column, type Index, type Table } from '../catalog.js';
import type { IndexElement, QualifiedName } from '../definition.js';
import type { StepOf } from '../step.js';
import { addColumn } from './columns.js';
import { addConstraint, dropConstraint } from './constraints.js';
import { freeName, removeFrom, renameIn, splitKey, unknownTable, withFresh, withIndex, withTable, withView } from './edit.js';

function inheritedColumns(catalog: Catalog, names: readonly QualifiedName[]): { readonly columns: Map<string, Column>; readonly complete: boolean } {
  const columns = new Map<string, Column>();
  let complete = true;
  for (const name of names) {
    const parent = catalog.tables.get(resolveRelation(catalog, name));
    if (parent?.complete !== true) complete = false;
    for (const column of parent?.columns.values() ?? []) columns.set(column.name, column);
  }
  return { columns, complete };
}

/** No database has more; what goes beyond is unknown, and so counts as in use. */
const MAXIMUM_TABLES = 20_000;

/** Columns with defaults, keys and references; LIKE and INHERITS copy what the catalog knows. */
export function createTable(catalog: Catalog, step: StepOf<'create-table'>): Catalog {
  const key = creationKey(catalog, step.table);
  // A table that later steps only altered so far was not made by them.
  if (catalog.tables.get(key)?.complete === true || catalog.tables.size >= MAXIMUM_TABLES) return catalog;
  const parents = [...step.inherits, ...(step.partitionOf === null ? [] : [step.partitionOf.parent]), ...step.like.map((each) => each.table)];
  const inherited = inheritedColumns(catalog, parents);
  const table: Table = {
    ...unknownTable(key),
    columns: inherited.columns,
    partitionBy: step.partitionBy,
    partitionOf: step.partitionOf === null ? null : { parent: resolveRelation(catalog, step.partitionOf.parent), bound: step.partitionOf.bound },
    inherits: step.inherits.map((name) => resolveRelation(catalog, name)),
    persistence: step.persistence,
    complete: inherited.complete,
  };
  let next = withFresh(withTable(catalog, table), key);
  for (const column of step.columns) next = addColumn(next, key, column);
  for (const constraint of step.constraints) next = addConstraint(next, key, constraint);
  return next;
}

/** CREATE TABLE AS: the columns' types are not worked out. */
export function createTableAs(catalog: Catalog, name: QualifiedName): Catalog {
  const key = creationKey(catalog, name);
  return catalog.tables.has(key) ? catalog : withFresh(withTable(catalog, unknownTable(key)), key);
}

/** Removes tables with their indexes, sequences and triggers; CASCADE takes foreign keys and views along. */
export function dropTables(catalog: Catalog, keys: readonly string[], cascade: boolean): Catalog {
  let next = catalog;
  const partitions = [...catalog.tables.values()].filter((table) => table.partitionOf !== null && keys.includes(table.partitionOf.parent)).map((table) => table.key);
  if (partitions.length > 0) next = dropTables(next, partitions, cascade);
  for (const table of next.tables.values()) {
    for (const constraint of table.constraints.values()) {
      if (constraint.referenced !== null && keys.includes(constraint.referenced) && !keys.includes(table.key)) next = dropConstraint(next, table.key, constraint.name, false);
    }
  }
  const gone = new Set(keys);
  return {
    ...next,
    fresh: removeFrom(next.fresh, keys),
    tables: removeFrom(next.tables, keys),
    indexes: removeFrom(next.indexes, keys.flatMap((key) => indexesOf(next, key).map((index) => index.key))),
    sequences: removeFrom(next.sequences, [...next.sequences.values()].flatMap((each) => (each.ownedBy !== null && gone.has(each.ownedBy.table) ? [each.key] : []))),
    views: cascade ? removeFrom(next.views, keys.flatMap((key) => viewsOn(next, key).map((view) => view.key))) : next.views,
  };
}

/** Gives a relation another key everywhere. */
export function moveRelation(catalog: Catalog, from: string, to: string): Catalog {
  if (from === to) return catalog;
  const { schema, name } = splitKey(to);
  const swap = (key: string): string => (key === from ? to : key);
  const moved = splitKey(from).schema !== schema;
  const tables = new Map(
    [...catalog.tables].map(([key, table]) => {
      const constraints = new Map([...table.constraints].map(([each, constraint]) => [each, constraint.referenced === from ? { ...constraint, referenced: to } : constraint]));
      const partitionOf = table.partitionOf?.parent === from ? { ...table.partitionOf, parent: to } : table.partitionOf;
      const changed = { ...table, constraints, partitionOf, inherits: table.inherits.map(swap) };
      return key === from ? [to, { ...changed, key: to, schema, name }] : [key, changed];
    }),
  );
  const indexes = new Map(
    [...catalog.indexes].map(([key, index]) => {
      if (key === from) return [to, { ...index, key: to, schema, name, constraint: index.constraint === null ? null : name }];
      if (index.table !== from) return [key, index];
      const own = moved ? keyOf(schema, index.name) : key;
      return [own, { ...index, table: to, key: own, schema: moved ? schema : index.schema }];
    }),
  );
  const views = new Map([...catalog.views].map(([key, view]) => (key === from ? [to, { ...view, key: to, schema, name }] : [key, { ...view, reads: view.reads.map(swap) }])));
  const sequences = new Map(
    [...catalog.sequences].map(([key, sequence]) => {
      if (key === from) return [to, { ...sequence, key: to, schema, name }];
      return [key, sequence.ownedBy?.table === from ? { ...sequence, ownedBy: { ...sequence.ownedBy, table: to } } : sequence];
    }),
  );
  return { ...catalog, tables, indexes, views, sequences, fresh: catalog.fresh.has(from) ? renameIn(catalog.fresh, from, to, (value) => value) : catalog.fresh };
}

function elementName(element: IndexElement): string {
  return element.column ?? element.expression?.functions[0]?.name ?? 'expr';
}

export function createIndex(catalog: Catalog, step: StepOf<'create-index'>): Catalog {
  const tableKey = resolveRelation(catalog, step.table);
  const { schema, name: tableName } = splitKey(tableKey);
  const name = step.index ?? freeName((each) => catalog.indexes.has(keyOf(schema, each)) || catalog.tables.has(keyOf(schema, each)), tableName, step.elements.map(elementName).join('_'), 'idx');
  const key = keyOf(schema, name);
  if (catalog.indexes.has(key)) return catalog;
  const index: Index = {
    key,
    schema,
    name,
    table: tableKey,
    method: step.method,
    columns: step.elements.map((element) => element.column),
    include: step.include,
    mentions: [...new Set([...step.elements.flatMap((element) => element.column ?? element.expression?.columns ?? []), ...step.include, ...(step.predicate?.columns ?? [])])],
    unique: step.unique,
    partial: step.predicate !== null,
    constraint: null,
  };
  return withIndex(catalog, index);
}

export function createView(catalog: Catalog, step: StepOf<'create-view'> | StepOf<'create-materialized-view'>): Catalog {
  const key = step.kind === 'create-view' && step.temporary ? keyOf('pg_temp', step.view.name) : creationKey(catalog, step.view);
  const exists = catalog.views.has(key);
  if (exists && step.kind === 'create-materialized-view') return catalog;
  const { schema, name } = splitKey(key);
  const view = {
    key,
    schema,
    name,
    materialized: step.kind === 'create-materialized-view',
    reads: step.query.reads.map((each) => resolveRelation(catalog, each)),
    columns: step.query.columns,
    query: step.query.text,
  };
  const next = withView(catalog, view);
  return exists ? next : withFresh(next, key);
}

export function dropViews(catalog: Catalog, keys: readonly string[], cascade: boolean): Catalog {
  const all = cascade ? [...keys, ...keys.flatMap((key) => viewsOn(catalog, key).map((view) => view.key))] : keys;
  return { ...catalog, views: removeFrom(catalog.views, all), indexes: removeFrom(catalog.indexes, all.flatMap((key) => indexesOf(catalog, key).map((index) => index.key))) };
}
