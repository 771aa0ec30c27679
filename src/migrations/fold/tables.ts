import { childrenOf, foreignKeysTo, indexesOf, keyOf, partitionsOf, resolveRelation, sequencesOf, TEMPORARY, viewsOn, creationKey, type Catalog, type Column, type Table } from '../catalog.js';
import type { ColumnDefinition, Constraint, QualifiedName } from '../definition.js';
import type { StepOf } from '../step.js';
import { addOwnedSequence, columnFrom, hasSequence } from './columns.js';
import { addConstraint, dropConstraint, inheritConstraint } from './constraints.js';
import { changeKnown, removeFrom, splitKey, unknownTable, withFresh, withIndex, withTable } from './edit.js';
import { cloneIndex, dropIndexes } from './indexes.js';
import { relationExists } from './names.js';
import { dropViews, outputsOf } from './views.js';

/** No database has more; what goes beyond is unknown, and so counts as in use. */
const MAXIMUM_TABLES = 20_000;

type CreateTable = StepOf<'create-table'>;

function parentTables(catalog: Catalog, names: readonly QualifiedName[]): { readonly tables: readonly Table[]; readonly complete: boolean } {
  const tables = names.flatMap((name) => catalog.tables.get(resolveRelation(catalog, name)) ?? []);
  return { tables, complete: tables.length === names.length && tables.every((table) => table.complete) };
}

/** Columns that come from parents: what they have, under one name once. */
function inheritedColumns(tables: readonly Table[]): Map<string, Column> {
  const columns = new Map<string, Column>();
  for (const table of tables) {
    for (const column of table.columns.values()) {
      const before = columns.get(column.name);
      columns.set(column.name, { ...column, notNull: column.notNull || before?.notNull === true, inherited: true });
    }
  }
  return columns;
}

/** A column that is written for one that a parent has: what is said of it here counts. */
function merged(inherited: Column, definition: ColumnDefinition, partition: boolean): Column {
  return {
    ...inherited,
    notNull: inherited.notNull || definition.notNull,
    default: definition.default ?? inherited.default,
    generated: definition.generated ?? inherited.generated,
    inherited: partition,
  };
}

function addColumns(catalog: Catalog, key: string, step: CreateTable): Catalog {
  let next = catalog;
  const columns = new Map(catalog.tables.get(key)?.columns);
  for (const definition of step.columns) {
    const inherited = columns.get(definition.name);
    columns.set(definition.name, inherited === undefined ? columnFrom(catalog, definition) : merged(inherited, definition, step.partitionOf !== null));
    if (inherited === undefined && hasSequence(definition)) next = addOwnedSequence(next, key, definition.name);
  }
  return changeKnown(next, key, (table) => ({ ...table, columns }));
}

/** The server drops an index that says the same as one before it: `UNIQUE PRIMARY KEY` is one index. */
function withoutRepeats(constraints: readonly Constraint[]): Constraint[] {
  const kept: Constraint[] = [];
  const ordered = [...constraints.filter((each) => each.kind === 'primary-key'), ...constraints.filter((each) => each.kind !== 'primary-key')];
  for (const constraint of ordered) {
    const text = indexText(constraint);
    const at = text === null ? -1 : kept.findIndex((each) => indexText(each) === text);
    const before = kept[at];
    if (before === undefined) kept.push(constraint);
    else if (before.name === null) kept[at] = { ...before, name: constraint.name };
  }
  return kept;
}

function indexText(constraint: Constraint): string | null {
  if (constraint.kind !== 'unique' && constraint.kind !== 'primary-key') return null;
  return [constraint.columns.join(), constraint.include.join(), constraint.nullsNotDistinct, constraint.deferrable].join('\n');
}

function isCheck(constraint: Constraint): boolean {
  return constraint.kind === 'check' || constraint.kind === 'not-null';
}

/** Checks first, then keys with their indexes, foreign keys last: the order in which the server chooses names. */
function addConstraints(catalog: Catalog, key: string, constraints: readonly Constraint[]): Catalog {
  const rank = (constraint: Constraint): number => (isCheck(constraint) ? 0 : constraint.kind === 'foreign-key' ? 2 : 1);
  const keys = withoutRepeats(constraints.filter((each) => rank(each) === 1));
  const ordered = [...constraints.filter((each) => rank(each) === 0), ...keys, ...constraints.filter((each) => rank(each) === 2)];
  return ordered.reduce((next, constraint) => addConstraint(next, key, constraint), catalog);
}

type Like = CreateTable['like'][number];

function likeColumn(column: Column, like: Like): Column {
  const kept = column.generated === null ? like.defaults : like.generated === true;
  const serial = column.default !== null && like.defaults;
  return { ...column, inherited: false, default: column.generated === null && serial ? column.default : null, generated: kept ? column.generated : null, identity: like.identity === true ? column.identity : null };
}

function addLike(catalog: Catalog, key: string, like: Like): Catalog {
  const source = catalog.tables.get(resolveRelation(catalog, like.table));
  if (source === undefined) return changeKnown(catalog, key, (table) => ({ ...table, complete: false }));
  const columns = [...source.columns.values()].map((column) => likeColumn(column, like));
  let next = changeKnown(catalog, key, (table) => ({ ...table, complete: table.complete && source.complete, columns: new Map([...table.columns, ...columns.map((column) => [column.name, column] as const)]) }));
  for (const column of columns) if (column.identity !== null) next = addOwnedSequence(next, key, column.name);
  if (like.constraints) for (const constraint of source.constraints.values()) if (constraint.definition.kind === 'check') next = addConstraint(next, key, { ...constraint.definition, name: constraint.name, notValid: false });
  return next;
}

/** LIKE … INCLUDING INDEXES: names are chosen anew. */
function addLikeIndexes(catalog: Catalog, key: string, like: Like): Catalog {
  const sourceKey = resolveRelation(catalog, like.table);
  const source = catalog.tables.get(sourceKey);
  let next = catalog;
  for (const index of like.indexes ? indexesOf(catalog, sourceKey) : []) {
    const owner = source?.constraints.get(index.constraint ?? '')?.definition;
    if (owner !== undefined) next = addConstraint(next, key, { ...owner, name: null });
    else {
      const before = new Set(next.indexes.keys());
      next = cloneIndex(next, index, key, false);
      const made = [...next.indexes.keys()].find((each) => !before.has(each));
      const clone = made === undefined ? undefined : next.indexes.get(made);
      if (clone !== undefined) next = withIndex(next, { ...clone, parent: null });
    }
  }
  return next;
}

/** What a partition gets from its parent: constraints, indexes, triggers. `adopt`: what it has already is taken. */
export function joinParent(catalog: Catalog, partition: string, parentKey: string, adopt: boolean): Catalog {
  const parent = catalog.tables.get(parentKey);
  if (parent === undefined) return catalog;
  let next = catalog;
  for (const constraint of parent.constraints.values()) if (isCheck(constraint.definition)) next = passOn(next, partition, constraint);
  for (const index of indexesOf(catalog, parentKey)) next = cloneIndex(next, index, partition, adopt);
  for (const constraint of parent.constraints.values()) if (constraint.definition.kind === 'foreign-key') next = passOn(next, partition, constraint);
  return changeKnown(next, partition, (table) => ({ ...table, triggers: new Map([...table.triggers, ...parent.triggers]) }));
}

function passOn(catalog: Catalog, child: string, constraint: Parameters<typeof inheritConstraint>[2]): Catalog {
  const table = catalog.tables.get(child);
  return table === undefined ? catalog : inheritConstraint(catalog, table, constraint, true);
}

/** The key under which CREATE TABLE makes a table. */
export function createdTableKey(catalog: Catalog, step: { readonly table: QualifiedName; readonly persistence: Table['persistence'] }): string {
  return step.persistence === 'temporary' ? keyOf(TEMPORARY, step.table.name) : creationKey(catalog, step.table);
}

/** Columns with defaults, keys and references; LIKE, INHERITS and PARTITION OF copy what the catalog knows. */
export function createTable(catalog: Catalog, step: CreateTable): Catalog {
  const key = createdTableKey(catalog, step);
  const { schema, name } = splitKey(key);
  const known = catalog.tables.get(key);
  // A table that later steps only altered so far was not made by them.
  if (known === undefined ? relationExists(catalog, schema, name) : known.complete) return catalog;
  if (catalog.tables.size >= MAXIMUM_TABLES) return catalog;
  const parentName = step.partitionOf?.parent ?? null;
  const parents = parentTables(catalog, [...step.inherits, ...(parentName === null ? [] : [parentName])]);
  const table: Table = {
    ...unknownTable(key),
    columns: inheritedColumns(parents.tables),
    partitionBy: step.partitionBy,
    partitionOf: step.partitionOf === null ? null : { parent: resolveRelation(catalog, step.partitionOf.parent), bound: step.partitionOf.bound },
    inherits: step.inherits.map((each) => resolveRelation(catalog, each)),
    persistence: step.persistence,
    complete: parents.complete,
  };
  let next = withFresh(withTable(catalog, table), key);
  for (const like of step.like) next = addLike(next, key, like);
  next = addColumns(next, key, step);
  for (const parent of step.inherits.length === 0 ? [] : parents.tables) {
    for (const constraint of parent.constraints.values()) {
      const child = next.tables.get(key);
      if (child !== undefined) next = inheritConstraint(next, child, constraint, false);
    }
  }
  const constraints = [...step.columns.flatMap((column) => column.constraints), ...step.constraints];
  next = addConstraints(next, key, constraints.filter(isCheck));
  if (table.partitionOf !== null) next = joinParent(next, key, table.partitionOf.parent, false);
  for (const like of step.like) next = addLikeIndexes(next, key, like);
  return addConstraints(next, key, constraints.filter((constraint) => !isCheck(constraint)));
}

/** CREATE TABLE AS and SELECT INTO: columns as far as the query and the tables it reads tell. */
export function createTableAs(catalog: Catalog, step: StepOf<'create-table-as'>): Catalog {
  const key = step.temporary ? keyOf(TEMPORARY, step.table.name) : creationKey(catalog, step.table);
  const { schema, name } = splitKey(key);
  if (relationExists(catalog, schema, name)) return catalog;
  const outputs = outputsOf(catalog, step.query);
  const complete = outputs !== null && outputs.every((output) => output.type !== null);
  const columns = (outputs ?? []).flatMap((output, index): Column[] => {
    const column = step.columns[index] ?? output.name;
    return output.type === null ? [] : [{ name: column, type: output.type, notNull: false, default: null, identity: null, generated: null, collation: output.collation, inherited: false }];
  });
  const table: Table = { ...unknownTable(key), columns: new Map(columns.map((column) => [column.name, column])), persistence: step.temporary ? 'temporary' : 'permanent', complete };
  return withFresh(withTable(catalog, table), key);
}

/** Removes tables with their partitions, indexes, sequences and triggers, and what references them; CASCADE takes views and children along. */
export function dropTables(catalog: Catalog, named: readonly string[], cascade: boolean): Catalog {
  const keys = new Set(named);
  for (const key of keys) for (const child of cascade ? childrenOf(catalog, key) : partitionsOf(catalog, key)) keys.add(child.key);
  let next = catalog;
  for (const key of keys) {
    for (const { table, constraint } of foreignKeysTo(next, key)) if (!keys.has(table.key)) next = dropConstraint(next, table.key, constraint.name, false);
    next = dropIndexes(next, indexesOf(next, key).map((index) => index.key));
    next = { ...next, sequences: removeFrom(next.sequences, sequencesOf(next, key).map((sequence) => sequence.key)) };
  }
  if (cascade) next = dropViews(next, [...keys].flatMap((key) => viewsOn(catalog, key).map((view) => view.key)), true);
  return { ...next, fresh: removeFrom(next.fresh, [...keys]), tables: removeFrom(next.tables, [...keys]) };
}

/** Whether a table is another one or comes, at any depth, from it: the server lets none come from itself. */
function isBelow(catalog: Catalog, key: string, above: string): boolean {
  const found = new Set([above]);
  for (const each of found) for (const child of childrenOf(catalog, each)) found.add(child.key);
  return found.has(key);
}

/** ATTACH PARTITION: its columns and checks are the parent's from now on, and indexes it lacks are made. */
export function attachPartition(catalog: Catalog, step: StepOf<'attach-partition'>): Catalog {
  const parent = resolveRelation(catalog, step.table);
  const key = resolveRelation(catalog, step.partition);
  if (isBelow(catalog, parent, key)) return catalog;
  const next = changeKnown(catalog, key, (table) => {
    const theirs = catalog.tables.get(parent);
    const columns = new Map([...table.columns].map(([name, column]) => [name, theirs?.columns.has(name) === true ? { ...column, inherited: true } : column]));
    const constraints = new Map([...table.constraints].map(([name, each]) => [name, each.definition.kind === 'check' && theirs?.constraints.has(name) === true ? { ...each, inherited: true } : each]));
    return { ...table, columns, constraints, partitionOf: { parent, bound: step.bound } };
  });
  return next === catalog ? catalog : joinParent(next, key, parent, true);
}

/** DETACH PARTITION: it keeps what it has, as its own. */
export function detachPartition(catalog: Catalog, step: StepOf<'detach-partition'>): Catalog {
  const key = resolveRelation(catalog, step.partition);
  const parent = catalog.tables.get(resolveRelation(catalog, step.table));
  const next = changeKnown(catalog, key, (table) => ({
    ...table,
    partitionOf: null,
    columns: new Map([...table.columns].map(([name, column]) => [name, { ...column, inherited: false }])),
    constraints: new Map([...table.constraints].map(([name, constraint]) => [name, { ...constraint, inherited: false }])),
    triggers: new Map([...table.triggers].filter(([name, called]) => parent?.triggers.get(name) !== called)),
  }));
  return indexesOf(next, key).reduce((from, index) => (index.parent === null ? from : withIndex(from, { ...index, parent: null })), next);
}

/** INHERIT and NO INHERIT. */
export function setInheritance(catalog: Catalog, step: StepOf<'set-inheritance'>): Catalog {
  const parent = resolveRelation(catalog, step.parent);
  if (step.inherit && isBelow(catalog, parent, resolveRelation(catalog, step.table))) return catalog;
  return changeKnown(catalog, resolveRelation(catalog, step.table), (table) => {
    const inherits = step.inherit ? [...table.inherits, parent] : table.inherits.filter((each) => each !== parent);
    const still = (column: string): boolean => inherits.some((each) => catalog.tables.get(each)?.columns.has(column) === true);
    const columns = step.inherit ? table.columns : new Map([...table.columns].map(([name, column]) => [name, { ...column, inherited: column.inherited && still(name) }]));
    const checked = (name: string): boolean => inherits.some((each) => catalog.tables.get(each)?.constraints.has(name) === true);
    const constraints = new Map([...table.constraints].map(([name, each]) => [name, step.inherit ? each : { ...each, inherited: each.inherited && checked(name) }]));
    return { ...table, inherits, columns, constraints };
  });
}

