import { indexesOf, keyOf, partitionsOf, resolveRelation, type Catalog, type Index, type Table } from '../catalog.js';
import type { Expression, IndexElement } from '../definition.js';
import type { StepOf } from '../step.js';
import { changeIn, changeKnown, moveIn, removeFrom, renameIn, setIn, splitKey, withIndex } from './edit.js';
import { grouped } from './layered-map.js';
import { chooseRelationName, indexColumnNames, joinColumns, relationExists } from './names.js';

/** An index element that is a column and nothing more. */
export function plainElement(column: string): IndexElement {
  return { column, expression: null, collation: null, operatorClass: null, order: null, nulls: null };
}

function parentOf(index: Index): readonly string[] {
  return index.parent === null ? [] : [index.parent];
}

/** The indexes of partitions that make up an index of their parent. */
export function partsOf(catalog: Catalog, index: string): readonly Index[] {
  return grouped(catalog.indexes, parentOf, index);
}

function chosenName(catalog: Catalog, schema: string, table: string, index: Pick<Index, 'elements' | 'include' | 'constraint' | 'unique'>, primary: boolean): string {
  const second = primary ? '' : joinColumns(indexColumnNames(index.elements, index.include));
  const label = index.constraint === null ? 'idx' : primary ? 'pkey' : index.unique ? 'key' : 'excl';
  return chooseRelationName(catalog, schema, { first: table, second, label }, index.constraint !== null);
}

function elementText(element: IndexElement): string {
  return [element.column ?? element.expression?.text.replace(/\s+/g, ''), element.operatorClass?.name, element.collation?.name, element.order === 'desc' ? 'desc' : '', element.nulls].join(' ');
}

/** Whether two indexes are the same but for their names and tables. */
function alike(catalog: Catalog, one: Index, other: Index): boolean {
  const owner = (index: Index): string => (index.constraint === null ? '' : (catalog.tables.get(index.table)?.constraints.get(index.constraint)?.definition.kind ?? ''));
  const text = (index: Index): string => [index.method, index.unique, index.nullsNotDistinct, owner(index), index.predicate?.text.replace(/\s+/g, '') ?? '', index.include.join(), ...index.elements.map(elementText)].join('\n');
  return text(one) === text(other);
}

/** A parent's index on one of its partitions, and on that one's: an index that is there already is taken (`adopt`), else one is made. */
export function cloneIndex(catalog: Catalog, parent: Index, partition: string, adopt: boolean): Catalog {
  const table = catalog.tables.get(partition);
  if (table === undefined) return catalog;
  const same = adopt ? indexesOf(catalog, partition).find((index) => index.parent === null && alike(catalog, index, parent)) : undefined;
  const owner = catalog.tables.get(parent.table)?.constraints.get(parent.constraint ?? '');
  if (same !== undefined) {
    const marked = same.constraint === null ? catalog : changeKnown(catalog, partition, (each) => {
      const constraint = each.constraints.get(same.constraint ?? '');
      return constraint === undefined ? each : { ...each, constraints: setIn(each.constraints, constraint.name, { ...constraint, inherited: true }) };
    });
    return withIndex(marked, { ...same, parent: parent.key });
  }
  const name = chosenName(catalog, table.schema, table.name, parent, owner?.definition.kind === 'primary-key');
  const index: Index = { ...parent, key: keyOf(table.schema, name), schema: table.schema, name, table: partition, constraint: parent.constraint === null ? null : name, parent: parent.key, valid: true };
  let next = withIndex(catalog, index);
  if (owner !== undefined) {
    const columns = owner.definition.kind === 'primary-key' ? owner.definition.columns : [];
    next = changeKnown(next, partition, (each) => {
      const cells = new Map([...each.columns].map(([key, column]) => [key, columns.includes(key) ? { ...column, notNull: true } : column]));
      return { ...each, columns: cells, constraints: setIn(each.constraints, name, { ...owner, name, inherited: true }) };
    });
  }
  return partitionsOf(next, partition).reduce((from, each) => cloneIndex(from, index, each.key, adopt), next);
}

/** Takes over an existing index for a constraint: it gets the constraint's name. */
export function adoptIndex(catalog: Catalog, table: Table, usingIndex: string, name: string): { readonly catalog: Catalog; readonly columns: readonly string[] } {
  const key = keyOf(table.schema, usingIndex);
  const index = catalog.indexes.get(key);
  if (index === undefined) return { catalog, columns: [] };
  const to = keyOf(table.schema, name);
  return { catalog: { ...catalog, indexes: moveIn(catalog.indexes, key, to, { ...index, key: to, name, constraint: name }) }, columns: index.columns.flatMap((column) => column ?? []) };
}

export function createIndex(catalog: Catalog, step: StepOf<'create-index'>): Catalog {
  const tableKey = resolveRelation(catalog, step.table);
  const { schema, name: tableName } = splitKey(tableKey);
  const name = step.index ?? chosenName(catalog, schema, tableName, { elements: step.elements, include: step.include, constraint: null, unique: step.unique }, false);
  if (relationExists(catalog, schema, name)) return catalog;
  const partitions = partitionsOf(catalog, tableKey);
  const index: Index = {
    key: keyOf(schema, name),
    schema,
    name,
    table: tableKey,
    method: step.method,
    columns: step.elements.map((element) => element.column),
    elements: step.elements,
    include: step.include,
    mentions: [...new Set([...step.elements.flatMap((element) => element.column ?? element.expression?.columns ?? []), ...step.include, ...(step.predicate?.columns ?? [])])],
    unique: step.unique,
    nullsNotDistinct: step.nullsNotDistinct,
    partial: step.predicate !== null,
    predicate: step.predicate,
    valid: !step.only || partitions.length === 0,
    constraint: null,
    parent: null,
  };
  if (step.index === null && catalog.tables.get(tableKey)?.dumped === true && indexesOf(catalog, tableKey).some((each) => alike(catalog, each, index))) return catalog;
  const next = withIndex(catalog, index);
  return step.only ? next : partitions.reduce((from, partition) => cloneIndex(from, index, partition.key, true), next);
}

/** ALTER INDEX … ATTACH PARTITION: once every partition has its part, the parent's index is valid. */
export function attachIndex(catalog: Catalog, parentKey: string, partKey: string): Catalog {
  const parent = catalog.indexes.get(parentKey);
  const part = catalog.indexes.get(partKey);
  if (parent === undefined || part === undefined) return catalog;
  const { constraint } = part;
  const marked = constraint === null ? catalog : changeKnown(catalog, part.table, (table) => {
    const own = table.constraints.get(constraint);
    return own === undefined ? table : { ...table, constraints: setIn(table.constraints, constraint, { ...own, inherited: true }) };
  });
  const next = withIndex(marked, { ...part, parent: parentKey });
  const parts = partsOf(next, parentKey).filter((index) => index.valid).map((index) => index.table);
  const whole = partitionsOf(next, parent.table).every((partition) => parts.includes(partition.key));
  if (!whole || parent.valid) return next;
  const valid = withIndex(next, { ...parent, valid: true });
  return parent.parent === null ? valid : attachIndex(valid, parent.parent, parentKey);
}

/** Removes indexes with their parts on partitions and the constraints they serve. */
export function dropIndexes(catalog: Catalog, keys: readonly string[]): Catalog {
  if (keys.length === 0) return catalog;
  const all = new Set(keys);
  for (const key of all) for (const part of partsOf(catalog, key)) all.add(part.key);
  let next = catalog;
  for (const key of all) {
    const index = catalog.indexes.get(key);
    if (index?.constraint == null) continue;
    const { constraint } = index;
    next = changeKnown(next, index.table, (table) => (table.constraints.has(constraint) ? { ...table, constraints: removeFrom(table.constraints, [constraint]) } : table));
  }
  return { ...next, indexes: removeFrom(next.indexes, [...all]) };
}

/** Gives an index another key, and the constraint it serves the new name. */
export function renameIndex(catalog: Catalog, from: string, to: string): Catalog {
  const index = catalog.indexes.get(from);
  if (index === undefined || from === to) return catalog;
  const { schema, name } = splitKey(to);
  let next: Catalog = { ...catalog, indexes: moveIn(catalog.indexes, from, to, { ...index, key: to, schema, name, constraint: index.constraint === null ? null : name }) };
  next = { ...next, indexes: changeIn(next.indexes, partsOf(next, from).map((part) => [part.key, { ...part, parent: to }])) };
  const { constraint } = index;
  if (constraint === null || constraint === name) return next;
  return changeKnown(next, index.table, (table) => (table.constraints.has(constraint) ? { ...table, constraints: renameIn(table.constraints, constraint, name, (one) => ({ ...one, name })) } : table));
}

function renameInExpression(expression: Expression | null, from: string, to: string): Expression | null {
  return expression === null ? null : { ...expression, columns: expression.columns.map((column) => (column === from ? to : column)) };
}

/** Follows the renaming of a column of a table or materialized view. */
export function renameIndexColumn(catalog: Catalog, key: string, from: string, to: string): Catalog {
  const swap = <Name extends string | null>(name: Name): Name | string => (name === from ? to : name);
  const changes = indexesOf(catalog, key).flatMap((index): (readonly [string, Index])[] => {
    if (!index.mentions.includes(from)) return [];
    const elements = index.elements.map((element) => ({ ...element, column: swap(element.column), expression: renameInExpression(element.expression, from, to) }));
    return [[index.key, { ...index, columns: index.columns.map(swap), elements, include: index.include.map(swap), mentions: index.mentions.map(swap), predicate: renameInExpression(index.predicate, from, to) }]];
  });
  return { ...catalog, indexes: changeIn(catalog.indexes, changes) };
}
