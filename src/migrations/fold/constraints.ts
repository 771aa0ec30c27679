import { indexesOf, keyOf, resolveRelation, type Catalog, type Index, type Table, type TableConstraint } from '../catalog.js';
import type { Constraint } from '../definition.js';
import { changeTable, freeName, removeFrom, renameIn, setIn, withIndex } from './edit.js';

const LABELS = { check: 'check', 'foreign-key': 'fkey', unique: 'key', 'primary-key': 'pkey', exclude: 'excl', 'not-null': 'not_null' } as const;

/** The name the server gives a constraint that has none. */
function chooseName(catalog: Catalog, table: Table, constraint: Constraint): string {
  if (constraint.name !== null) return constraint.name;
  if ((constraint.kind === 'unique' || constraint.kind === 'primary-key') && constraint.usingIndex !== null) return constraint.usingIndex;
  const taken = (name: string): boolean => table.constraints.has(name) || catalog.indexes.has(keyOf(table.schema, name)) || catalog.tables.has(keyOf(table.schema, name));
  switch (constraint.kind) {
    case 'primary-key':
      return freeName(taken, table.name, '', LABELS['primary-key']);
    case 'check':
      return freeName(taken, table.name, constraint.expression.columns.length === 1 ? (constraint.expression.columns[0] ?? '') : '', LABELS.check);
    case 'not-null':
      return freeName(taken, table.name, constraint.column, LABELS['not-null']);
    default:
      return freeName(taken, table.name, constraint.columns.join('_'), LABELS[constraint.kind]);
  }
}

function markNotNull(table: Table, columns: readonly string[]): Table {
  const changed = new Map(table.columns);
  for (const name of columns) {
    const column = changed.get(name);
    if (column !== undefined) changed.set(name, { ...column, notNull: true });
  }
  return { ...table, columns: changed };
}

function ownIndex(table: Table, name: string, constraint: Constraint): Index | null {
  if (constraint.kind !== 'unique' && constraint.kind !== 'primary-key' && constraint.kind !== 'exclude') return null;
  return {
    key: keyOf(table.schema, name),
    schema: table.schema,
    name,
    table: table.key,
    method: constraint.kind === 'exclude' ? constraint.method : 'btree',
    columns: constraint.columns,
    include: constraint.kind === 'exclude' ? [] : constraint.include,
    mentions: constraint.columns,
    unique: constraint.kind !== 'exclude',
    partial: false,
    constraint: name,
  };
}

/** Takes over an existing index: it gets the constraint's name. */
function adoptIndex(catalog: Catalog, table: Table, usingIndex: string, name: string): { readonly catalog: Catalog; readonly columns: readonly string[] } {
  const key = keyOf(table.schema, usingIndex);
  const index = catalog.indexes.get(key);
  if (index === undefined) return { catalog, columns: [] };
  const indexes = renameIn(catalog.indexes, key, keyOf(table.schema, name), (each) => ({ ...each, key: keyOf(table.schema, name), name, constraint: name }));
  return { catalog: { ...catalog, indexes }, columns: index.columns.flatMap((column) => column ?? []) };
}

/** Adds a constraint as the server would: with a name, its index, and NOT NULL on a primary key's columns. */
export function addConstraint(catalog: Catalog, key: string, constraint: Constraint): Catalog {
  const table = catalog.tables.get(key);
  if (table === undefined) return addConstraint(changeTable(catalog, key, (each) => each), key, constraint);
  const name = chooseName(catalog, table, constraint);
  let next = catalog;
  let definition = constraint;
  if ((constraint.kind === 'unique' || constraint.kind === 'primary-key') && constraint.usingIndex !== null) {
    const adopted = adoptIndex(catalog, table, constraint.usingIndex, name);
    next = adopted.catalog;
    definition = { ...constraint, columns: adopted.columns };
  } else {
    const index = ownIndex(table, name, constraint);
    if (index !== null) next = withIndex(next, index);
  }
  const entry: TableConstraint = {
    name,
    definition,
    valid: !('notValid' in definition && definition.notValid),
    referenced: definition.kind === 'foreign-key' ? resolveRelation(catalog, definition.referenced) : null,
  };
  return changeTable(next, key, (each) => {
    const added = { ...each, constraints: setIn(each.constraints, name, entry) };
    if (definition.kind === 'primary-key') return markNotNull(added, definition.columns);
    return definition.kind === 'not-null' && !definition.notValid ? markNotNull(added, [definition.column]) : added;
  });
}

/** Removes a constraint and its index; CASCADE takes foreign keys that lean on it along. */
export function dropConstraint(catalog: Catalog, key: string, name: string, cascade: boolean): Catalog {
  const dropped = catalog.tables.get(key)?.constraints.get(name);
  let next = changeTable(catalog, key, (table) => ({ ...table, constraints: removeFrom(table.constraints, [name]) }));
  next = { ...next, indexes: removeFrom(next.indexes, indexesOf(next, key).flatMap((index) => (index.constraint === name ? [index.key] : []))) };
  if (!cascade || (dropped?.definition.kind !== 'primary-key' && dropped?.definition.kind !== 'unique')) return next;
  const columns = dropped.definition.columns;
  for (const table of catalog.tables.values()) {
    for (const each of table.constraints.values()) {
      if (each.referenced !== key || each.definition.kind !== 'foreign-key') continue;
      const target = each.definition.referencedColumns;
      const leans = target.length === 0 ? dropped.definition.kind === 'primary-key' : target.length === columns.length && target.every((column) => columns.includes(column));
      if (leans) next = dropConstraint(next, table.key, each.name, false);
    }
  }
  return next;
}

export function validateConstraint(catalog: Catalog, key: string, name: string): Catalog {
  return changeTable(catalog, key, (table) => {
    const constraint = table.constraints.get(name);
    if (constraint === undefined) return table;
    const valid = { ...table, constraints: setIn(table.constraints, name, { ...constraint, valid: true }) };
    return constraint.definition.kind === 'not-null' ? markNotNull(valid, [constraint.definition.column]) : valid;
  });
}

export function renameConstraint(catalog: Catalog, key: string, name: string, to: string): Catalog {
  const table = catalog.tables.get(key);
  if (table?.constraints.has(name) !== true) return catalog;
  const next = changeTable(catalog, key, (each) => ({ ...each, constraints: renameIn(each.constraints, name, to, (one) => ({ ...one, name: to })) }));
  const index = keyOf(table.schema, name);
  if (next.indexes.get(index)?.constraint !== name) return next;
  return { ...next, indexes: renameIn(next.indexes, index, keyOf(table.schema, to), (one) => ({ ...one, key: keyOf(table.schema, to), name: to, constraint: to })) };
}

/** Whether a constraint mentions a column of its own table. */
export function mentionsColumn(constraint: Constraint, column: string): boolean {
  if (constraint.kind === 'check') return constraint.expression.columns.includes(column);
  if (constraint.kind === 'not-null') return constraint.column === column;
  return constraint.columns.includes(column);
}
