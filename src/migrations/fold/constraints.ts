import { childrenOf, foreignKeysTo, indexesOf, keyOf, partitionsOf, resolveRelation, type Catalog, type Table, type TableConstraint } from '../catalog.js';
import type { Constraint, IndexElement } from '../definition.js';
import { changeKnown, changeTable, removeFrom, renameIn, setIn } from './edit.js';
import { adoptIndex, cloneIndex, dropIndexes, plainElement, renameIndex } from './indexes.js';
import { chooseConstraintName, chooseRelationName, indexColumnNames, joinColumns, relationExists } from './names.js';
import { withIndex } from './edit.js';

type KeyConstraint = Extract<Constraint, { readonly kind: 'unique' | 'primary-key' | 'exclude' }>;

const LABELS = { 'check': 'check', 'foreign-key': 'fkey', 'unique': 'key', 'primary-key': 'pkey', 'exclude': 'excl', 'not-null': 'not_null' } as const;

function isKey(constraint: Constraint): constraint is KeyConstraint {
  return constraint.kind === 'unique' || constraint.kind === 'primary-key' || constraint.kind === 'exclude';
}

/** The elements of the index behind a constraint. */
export function keyElements(constraint: KeyConstraint): readonly IndexElement[] {
  return constraint.kind === 'exclude' && constraint.elements !== undefined ? constraint.elements : constraint.columns.map(plainElement);
}

/** The name the server gives a constraint that has none. */
function chooseName(catalog: Catalog, table: Table, constraint: Constraint): string {
  if (constraint.name !== null) return constraint.name;
  if ((constraint.kind === 'unique' || constraint.kind === 'primary-key') && constraint.usingIndex !== null) return constraint.usingIndex;
  const { schema } = table;
  const parts = { first: table.name, second: '', label: LABELS[constraint.kind] };
  switch (constraint.kind) {
    case 'primary-key':
      return chooseRelationName(catalog, schema, parts, true);
    case 'unique':
    case 'exclude': {
      const include = constraint.kind === 'unique' ? constraint.include : [];
      return chooseRelationName(catalog, schema, { ...parts, second: joinColumns(indexColumnNames(keyElements(constraint), include)) }, true);
    }
    case 'check': {
      const { columns } = constraint.expression;
      return chooseConstraintName(catalog, schema, { ...parts, second: columns.length === 1 ? (columns[0] ?? '') : '' });
    }
    case 'not-null':
      return chooseConstraintName(catalog, schema, { ...parts, second: constraint.column });
    case 'foreign-key':
      return chooseConstraintName(catalog, schema, { ...parts, second: joinColumns(constraint.columns) });
  }
}

export function markNotNull(table: Table, columns: readonly string[]): Table {
  const changed = new Map(table.columns);
  for (const name of columns) {
    const column = changed.get(name);
    if (column !== undefined) changed.set(name, { ...column, notNull: true });
  }
  return { ...table, columns: changed };
}

function withOwnIndex(catalog: Catalog, table: Table, name: string, constraint: KeyConstraint): Catalog {
  const elements = keyElements(constraint);
  const predicate = constraint.kind === 'exclude' ? (constraint.predicate ?? null) : null;
  return withIndex(catalog, {
    key: keyOf(table.schema, name),
    schema: table.schema,
    name,
    table: table.key,
    method: constraint.kind === 'exclude' ? constraint.method : 'btree',
    columns: elements.map((element) => element.column),
    elements,
    include: constraint.kind === 'exclude' ? [] : constraint.include,
    mentions: [...new Set([...elements.flatMap((element) => element.column ?? element.expression?.columns ?? []), ...(constraint.kind === 'exclude' ? [] : constraint.include), ...(predicate?.columns ?? [])])],
    unique: constraint.kind !== 'exclude',
    nullsNotDistinct: constraint.kind !== 'exclude' && constraint.nullsNotDistinct,
    partial: predicate !== null,
    predicate,
    valid: true,
    constraint: name,
    parent: null,
  });
}

/** The columns a foreign key points to, spelt out where the referenced table's primary key is known. */
function withReferencedColumns(catalog: Catalog, constraint: Constraint, referenced: string | null): Constraint {
  if (constraint.kind !== 'foreign-key' || constraint.referencedColumns.length > 0 || referenced === null) return constraint;
  const key = [...(catalog.tables.get(referenced)?.constraints.values() ?? [])].find((each) => each.definition.kind === 'primary-key');
  return key?.definition.kind === 'primary-key' ? { ...constraint, referencedColumns: key.definition.columns } : constraint;
}

/** A constraint of a parent on one of its children, as the server makes it. Indexes' constraints come with the indexes. */
export function inheritConstraint(catalog: Catalog, child: Table, constraint: TableConstraint, partition: boolean): Catalog {
  const { definition } = constraint;
  if (definition.kind === 'check' || definition.kind === 'not-null') {
    if (definition.kind === 'check' && definition.noInherit === true) return catalog;
    const own = child.constraints.get(constraint.name);
    return changeKnown(catalog, child.key, (table) => {
      const next = { ...table, constraints: setIn(table.constraints, constraint.name, own === undefined ? { ...constraint, inherited: true } : own) };
      return definition.kind === 'not-null' && !definition.notValid ? markNotNull(next, [definition.column]) : next;
    });
  }
  if (definition.kind !== 'foreign-key' || !partition) return catalog;
  const same = [...child.constraints.values()].some((each) => each.definition.kind === 'foreign-key' && each.referenced === constraint.referenced && each.definition.columns.join() === definition.columns.join() && each.definition.onDelete === definition.onDelete);
  if (same) return catalog;
  const name = child.constraints.has(constraint.name) ? chooseConstraintName(catalog, child.schema, { first: child.name, second: joinColumns(definition.columns), label: 'fkey' }) : constraint.name;
  return changeKnown(catalog, child.key, (table) => ({ ...table, constraints: setIn(table.constraints, name, { ...constraint, name, inherited: true }) }));
}

function passDown(catalog: Catalog, key: string, name: string): Catalog {
  const table = catalog.tables.get(key);
  const constraint = table?.constraints.get(name);
  if (table === undefined || constraint === undefined) return catalog;
  let next = catalog;
  for (const child of childrenOf(catalog, key)) {
    next = inheritConstraint(next, child, constraint, table.partitionBy !== null);
    next = passDown(next, child.key, name);
  }
  const index = next.indexes.get(keyOf(table.schema, name));
  if (index === undefined || table.partitionBy === null) return next;
  return partitionsOf(catalog, key).reduce((from, partition) => cloneIndex(from, index, partition.key, true), next);
}

/** Whether a table has a constraint that says the same, whatever its name. */
function hasAlike(catalog: Catalog, table: Table, constraint: Constraint): boolean {
  const text = (each: Constraint): string => {
    if (each.kind === 'check') return `${each.kind} ${each.expression.columns.join()} ${each.expression.text.replace(/[\s()"]|::\w+/g, '')}`;
    if (each.kind === 'not-null') return `${each.kind} ${each.column}`;
    return `${each.kind} ${each.columns.join()} ${each.kind === 'foreign-key' ? resolveRelation(catalog, each.referenced) : ''}`;
  };
  return [...table.constraints.values()].some((each) => text(each.definition) === text(constraint));
}

/** Adds a constraint as the server would: with a name, its index, and NOT NULL on a primary key's columns; on partitions and children too. */
export function addConstraint(catalog: Catalog, key: string, constraint: Constraint, only = false): Catalog {
  const table = catalog.tables.get(key);
  if (table === undefined) {
    const known = changeTable(catalog, key, (each) => each);
    return known.tables.has(key) ? addConstraint(known, key, constraint, only) : catalog;
  }
  if (constraint.name === null && table.dumped === true && hasAlike(catalog, table, constraint)) return catalog;
  const name = chooseName(catalog, table, constraint);
  const referenced = constraint.kind === 'foreign-key' ? resolveRelation(catalog, constraint.referenced) : null;
  let next = catalog;
  let definition = withReferencedColumns(catalog, constraint, referenced);
  if ((constraint.kind === 'unique' || constraint.kind === 'primary-key') && constraint.usingIndex !== null) {
    const adopted = adoptIndex(catalog, table, constraint.usingIndex, name);
    next = adopted.catalog;
    definition = { ...constraint, columns: adopted.columns, usingIndex: null };
  } else if (isKey(constraint) && !(table.constraints.has(name) && relationExists(catalog, table.schema, name))) next = withOwnIndex(next, table, name, constraint);
  const entry: TableConstraint = { name, definition, valid: !('notValid' in definition && definition.notValid), referenced, inherited: false };
  next = changeTable(next, key, (each) => {
    const added = { ...each, constraints: setIn(each.constraints, name, entry) };
    if (definition.kind === 'primary-key') return markNotNull(added, definition.columns);
    return definition.kind === 'not-null' && !definition.notValid ? markNotNull(added, [definition.column]) : added;
  });
  return only ? next : passDown(next, key, name);
}

/** Postgres 18 names what NOT NULL declares; dropping it by that name is DROP NOT NULL. */
function dropNamedNotNull(catalog: Catalog, key: string, name: string): Catalog {
  return changeKnown(catalog, key, (table) => {
    const column = [...table.columns.values()].find((each) => each.notNull && name === `${table.name}_${each.name}_not_null`);
    return column === undefined ? table : { ...table, columns: setIn(table.columns, column.name, { ...column, notNull: false }) };
  });
}

function dropLeaningKeys(catalog: Catalog, key: string, dropped: KeyConstraint): Catalog {
  let next = catalog;
  for (const { table, constraint } of foreignKeysTo(catalog, key)) {
    if (constraint.definition.kind !== 'foreign-key') continue;
    const target = constraint.definition.referencedColumns;
    const leans = target.length === 0 ? dropped.kind === 'primary-key' : target.length === dropped.columns.length && target.every((column) => dropped.columns.includes(column));
    if (leans) next = dropConstraint(next, table.key, constraint.name, false);
  }
  return next;
}

/** Removes a constraint and its index, on partitions and children too; CASCADE takes foreign keys that lean on it along. */
export function dropConstraint(catalog: Catalog, key: string, name: string, cascade: boolean, only = false): Catalog {
  const dropped = catalog.tables.get(key)?.constraints.get(name);
  if (dropped === undefined) return dropNamedNotNull(changeTable(catalog, key, (table) => table), key, name);
  let next = changeTable(catalog, key, (table) => ({ ...table, constraints: removeFrom(table.constraints, [name]) }));
  next = dropIndexes(next, indexesOf(next, key).flatMap((index) => (index.constraint === name ? [index.key] : [])));
  const { definition } = dropped;
  if (definition.kind === 'not-null') next = changeKnown(next, key, (table) => {
    const column = table.columns.get(definition.column);
    return column === undefined ? table : { ...table, columns: setIn(table.columns, column.name, { ...column, notNull: false }) };
  });
  for (const child of childrenOf(next, key)) {
    const inherited = child.constraints.get(name);
    if (inherited?.inherited !== true) continue;
    if (only) next = changeKnown(next, child.key, (table) => ({ ...table, constraints: setIn(table.constraints, name, { ...inherited, inherited: false }) }));
    else next = dropConstraint(next, child.key, name, cascade);
  }
  return cascade && isKey(definition) ? dropLeaningKeys(next, key, definition) : next;
}

export function changeConstraint(catalog: Catalog, key: string, name: string, change: (constraint: TableConstraint) => TableConstraint): Catalog {
  return changeKnown(catalog, key, (table) => {
    const constraint = table.constraints.get(name);
    return constraint === undefined ? table : { ...table, constraints: setIn(table.constraints, name, change(constraint)) };
  });
}

export function validateConstraint(catalog: Catalog, key: string, name: string): Catalog {
  const definition = catalog.tables.get(key)?.constraints.get(name)?.definition;
  let next = changeConstraint(changeTable(catalog, key, (table) => table), key, name, (constraint) => ({ ...constraint, valid: true }));
  if (definition?.kind === 'not-null') next = changeKnown(next, key, (table) => markNotNull(table, [definition.column]));
  for (const child of childrenOf(catalog, key)) if (child.constraints.get(name)?.inherited === true) next = validateConstraint(next, child.key, name);
  return next;
}

export function renameConstraint(catalog: Catalog, key: string, name: string, to: string): Catalog {
  const table = catalog.tables.get(key);
  if (table?.constraints.has(name) !== true) return catalog;
  const index = keyOf(table.schema, name);
  if (catalog.indexes.get(index)?.constraint === name) return renameIndex(catalog, index, keyOf(table.schema, to));
  let next = changeTable(catalog, key, (each) => ({ ...each, constraints: renameIn(each.constraints, name, to, (one) => ({ ...one, name: to })) }));
  for (const child of childrenOf(catalog, key)) if (child.constraints.get(name)?.inherited === true) next = renameConstraint(next, child.key, name, to);
  return next;
}

/** Whether a constraint mentions a column of its own table. */
export function mentionsColumn(constraint: Constraint, column: string): boolean {
  if (constraint.kind === 'check') return constraint.expression.columns.includes(column);
  if (constraint.kind === 'not-null') return constraint.column === column;
  if (constraint.kind === 'exclude') return constraint.columns.includes(column) || constraint.elements?.some((element) => element.expression?.columns.includes(column) === true) === true || constraint.predicate?.columns.includes(column) === true;
  return constraint.columns.includes(column) || (constraint.kind !== 'foreign-key' && constraint.include.includes(column));
}
