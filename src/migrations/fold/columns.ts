import { childrenOf, indexesOf, resolveIn, sequencesOf, type Catalog, type Column, type Table } from '../catalog.js';
import type { ColumnDefinition, Constraint, TypeName } from '../definition.js';
import { addConstraint, dropConstraint, mentionsColumn } from './constraints.js';
import { changeIn, changeKnown, changeTable, removeFrom, renameIn, setIn, splitKey, withFresh, withSequence } from './edit.js';
import { dropIndexes, renameIndexColumn } from './indexes.js';
import { chooseRelationName } from './names.js';
import { dropViews, renameUsedColumn, viewsOnColumn } from './views.js';

const SERIALS: ReadonlyMap<string, string> = new Map([
  ['smallserial', 'int2'],
  ['serial', 'int4'],
  ['bigserial', 'int8'],
]);

export function isSerial(type: TypeName): boolean {
  return type.schema === null && SERIALS.has(type.name);
}

/** A type as the catalog keeps it: the history's own types with their schema, unless it is `public`. */
export function storedType(catalog: Catalog, type: TypeName): TypeName {
  const key = resolveIn(catalog, type, ['enums', 'domains', 'composites']);
  if (!catalog.enums.has(key) && !catalog.domains.has(key) && !catalog.types.has(key)) return type;
  const { schema } = splitKey(key);
  return { ...type, schema: schema === 'public' ? null : schema };
}

/** A column as its definition makes it. */
export function columnFrom(catalog: Catalog, definition: ColumnDefinition): Column {
  const serial = definition.type.schema === null ? SERIALS.get(definition.type.name) : undefined;
  const sequence = { text: 'nextval(…)', functions: [{ schema: null, name: 'nextval' }], columns: [], casts: [], subquery: false, column: null, constant: false };
  return {
    name: definition.name,
    type: serial === undefined ? storedType(catalog, definition.type) : { ...definition.type, name: serial },
    notNull: definition.notNull || serial !== undefined || definition.identity !== null,
    default: serial === undefined ? definition.default : sequence,
    identity: definition.identity,
    generated: definition.generated,
    collation: definition.collation,
    inherited: false,
  };
}

/** Changes are followed into so many descendants of a table; the others stay as they are. */
const MAXIMUM_DESCENDANTS = 500;

/** Every partition and table that inherits from a table, at any depth. */
export function descendantsOf(catalog: Catalog, key: string): string[] {
  const found = new Set([key]);
  for (const each of found) {
    if (found.size > MAXIMUM_DESCENDANTS) break;
    for (const child of childrenOf(catalog, each)) found.add(child.key);
  }
  found.delete(key);
  return [...found];
}

/** The sequence behind a serial or identity column. */
export function addOwnedSequence(catalog: Catalog, key: string, column: string): Catalog {
  const { schema, name } = splitKey(key);
  const sequence = chooseRelationName(catalog, schema, { first: name, second: column, label: 'seq' });
  return withFresh(withSequence(catalog, { key: `${schema}.${sequence}`, schema, name: sequence, ownedBy: { table: key, column } }), `${schema}.${sequence}`);
}

/** Whether the server makes a sequence for a column. */
export function hasSequence(definition: ColumnDefinition): boolean {
  return isSerial(definition.type) || definition.identity !== null;
}

/** Adds a column as such, without what hangs on it. */
function putColumn(catalog: Catalog, key: string, definition: ColumnDefinition): Catalog {
  const next = hasSequence(definition) ? addOwnedSequence(catalog, key, definition.name) : catalog;
  return changeTable(next, key, (table) => ({ ...table, columns: setIn(table.columns, definition.name, columnFrom(catalog, definition)) }));
}

/** Adds a column with its inline constraints and the sequence of a serial or identity column, to partitions and children too. */
export function addColumn(catalog: Catalog, key: string, definition: ColumnDefinition): Catalog {
  let next = putColumn(catalog, key, definition);
  const column = next.tables.get(key)?.columns.get(definition.name);
  if (column === undefined) return catalog;
  for (const child of descendantsOf(next, key)) {
    next = changeKnown(next, child, (table) => (table.columns.has(column.name) ? table : { ...table, columns: setIn(table.columns, column.name, { ...column, inherited: true }) }));
  }
  for (const constraint of definition.constraints) next = addConstraint(next, key, constraint);
  return next;
}

/** Changes a column, on partitions and children too unless it is done to the table `only`. */
export function changeColumn(catalog: Catalog, key: string, column: string, change: (column: Column) => Column, only = false): Catalog {
  const one = (from: Catalog, each: string): Catalog =>
    changeTable(from, each, (table) => {
      const found = table.columns.get(column);
      return found === undefined ? table : { ...table, columns: setIn(table.columns, column, change(found)) };
    });
  const next = one(catalog, key);
  return only ? next : descendantsOf(catalog, key).reduce(one, next);
}

/** Columns that are generated from a column. */
function generatedFrom(table: Table | undefined, column: string): string[] {
  return [...(table?.columns.values() ?? [])].flatMap((each) => (each.name !== column && each.generated?.expression.columns.includes(column) === true ? [each.name] : []));
}

function dropFromOne(catalog: Catalog, key: string, column: string, cascade: boolean): Catalog {
  const table = catalog.tables.get(key);
  let next = catalog;
  for (const constraint of table?.constraints.values() ?? []) {
    if (mentionsColumn(constraint.definition, column)) next = dropConstraint(next, key, constraint.name, true);
  }
  next = dropIndexes(next, indexesOf(next, key).flatMap((index) => (index.mentions.includes(column) ? [index.key] : [])));
  next = { ...next, sequences: removeFrom(next.sequences, sequencesOf(next, key).flatMap((each) => (each.ownedBy?.column === column ? [each.key] : []))) };
  if (cascade) {
    next = dropViews(next, viewsOnColumn(catalog, key, column), true);
    for (const each of generatedFrom(table, column)) next = dropFromOne(next, key, each, true);
  }
  return changeTable(next, key, (each) => ({ ...each, columns: removeFrom(each.columns, [column]) }));
}

/** Removes a column and what leans on it: indexes, constraints, and with CASCADE views; from children that only inherit it too. */
export function dropColumn(catalog: Catalog, key: string, column: string, options: { readonly cascade: boolean; readonly only?: boolean }): Catalog {
  let next = dropFromOne(catalog, key, column, options.cascade);
  for (const child of childrenOf(catalog, key)) {
    const inherited = child.columns.get(column);
    if (inherited === undefined) continue;
    const elsewhere = child.inherits.some((parent) => parent !== key && catalog.tables.get(parent)?.columns.has(column) === true);
    if (options.only === true) next = changeKnown(next, child.key, (table) => ({ ...table, columns: setIn(table.columns, column, { ...inherited, inherited: false }) }));
    else if (inherited.inherited && !elsewhere) next = dropColumn(next, child.key, column, options);
  }
  return next;
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

function renameGenerated(column: Column, from: string, to: string): Column {
  const { generated } = column;
  if (generated === null || !generated.expression.columns.includes(from)) return column;
  return { ...column, generated: { ...generated, expression: { ...generated.expression, columns: generated.expression.columns.map((each) => (each === from ? to : each)) } } };
}

function renameInTable(table: Table, from: string, to: string): Table {
  if (!table.columns.has(from) && table.complete) return table;
  const constraints = new Map([...table.constraints].map(([name, each]) => [name, { ...each, definition: renameMention(each.definition, from, to) }]));
  const columns = new Map([...renameIn(table.columns, from, to, (column) => ({ ...column, name: to }))].map(([name, column]) => [name, renameGenerated(column, from, to)]));
  const { partitionBy } = table;
  return { ...table, columns, constraints, partitionBy: partitionBy === null ? null : { ...partitionBy, columns: partitionBy.columns.map((each) => (each === from ? to : each)) } };
}

function renameReferenced(catalog: Catalog, key: string, from: string, to: string): Catalog {
  const changes: (readonly [string, Table])[] = [];
  for (const table of catalog.tables.values()) {
    const hit = [...table.constraints.values()].some((each) => each.referenced === key && each.definition.kind === 'foreign-key' && each.definition.referencedColumns.includes(from));
    if (!hit) continue;
    const constraints = new Map(
      [...table.constraints].map(([name, each]) => {
        if (each.referenced !== key || each.definition.kind !== 'foreign-key') return [name, each];
        return [name, { ...each, definition: { ...each.definition, referencedColumns: each.definition.referencedColumns.map((column) => (column === from ? to : column)) } }];
      }),
    );
    changes.push([table.key, { ...table, constraints }]);
  }
  return { ...catalog, tables: changeIn(catalog.tables, changes) };
}

function renameInOne(catalog: Catalog, key: string, from: string, to: string): Catalog {
  let next = changeKnown(catalog, key, (table) => renameInTable(table, from, to));
  if (next === catalog) return catalog;
  next = renameReferenced(next, key, from, to);
  next = renameIndexColumn(next, key, from, to);
  next = renameUsedColumn(next, key, from, to);
  const owned = sequencesOf(next, key).filter((each) => each.ownedBy?.column === from);
  const blank = next.blank.has(`${key}.${from}`) ? setIn<true>(removeFrom(next.blank, [`${key}.${from}`]), `${key}.${to}`, true) : next.blank;
  return { ...next, blank, sequences: changeIn(next.sequences, owned.map((each) => [each.key, { ...each, ownedBy: { table: key, column: to } }])) };
}

/** Renames a column wherever it is mentioned; views keep working on the server and keep their mention under the new name. */
export function renameColumn(catalog: Catalog, key: string, from: string, to: string): Catalog {
  const view = catalog.views.get(key);
  if (view !== undefined) {
    const outputs = view.outputs?.map((each) => (each.name === from ? { ...each, name: to } : each)) ?? null;
    return renameUsedColumn(renameIndexColumn({ ...catalog, views: setIn(catalog.views, key, { ...view, outputs }) }, key, from, to), key, from, to);
  }
  return descendantsOf(catalog, key).reduce((next, child) => renameInOne(next, child, from, to), renameInOne(changeTable(catalog, key, (table) => table), key, from, to));
}
