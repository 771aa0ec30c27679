import { indexesOf, partitionsOf, resolveRelation, sequencesOf, type Column, type TableConstraint } from '../catalog.js';
import type { Expression, ForeignKeyConstraint, QualifiedName } from '../definition.js';
import type { StepOf } from '../step.js';
import { columnError, SYSTEM } from './column-errors.js';
import { readCondition } from './conditions.js';
import { remaining } from './pruning.js';
import { referencedColumns, referrers } from './foreign-keys.js';
import { lockReads, lockRows } from './relations.js';
import { holdingRows, isPartitioned, knownTable, lock, lockAll, lockParents, refuse, scan, scanAll, withDescendants, withPartitions, type Work } from './work.js';

const WRITE = 'RowExclusiveLock';

/** Whether a predicate's equalities can use an index: an index starts with one of the columns. */
function usesIndex(work: Work, key: string, equals: readonly string[]): boolean {
  return indexesOf(work.catalog, key).some((index) => {
    const [first] = index.columns;
    return first != null && equals.includes(first) && !index.partial;
  });
}

interface ForeignKey extends TableConstraint {
  readonly definition: ForeignKeyConstraint;
  readonly referenced: string;
}

function foreignKeysOf(work: Work, key: string): ForeignKey[] {
  return [...(work.catalog.tables.get(key)?.constraints.values() ?? [])].flatMap((each) => (each.definition.kind === 'foreign-key' && each.referenced !== null ? [{ ...each, definition: each.definition, referenced: each.referenced }] : []));
}

// Checking a foreign key locks the row on its other side; `columns`: those that are written, null for all.
function lockChecked(work: Work, key: string, columns: readonly string[] | null, inserted = false): void {
  const defaults = (column: string): boolean => work.catalog.tables.get(key)?.columns.get(column)?.default != null;
  for (const constraint of foreignKeysOf(work, key)) {
    // A deferred one is checked at COMMIT.
    if (constraint.definition.initiallyDeferred) continue;
    // A key with a NULL in it is not looked up.
    const whole = !inserted || columns === null || constraint.definition.columns.every((column) => columns.includes(column) || defaults(column));
    if (columns === null || (whole && constraint.definition.columns.some((column) => columns.includes(column) || (inserted && defaults(column))))) lockAll(work, withPartitions(work.catalog, constraint.referenced), 'RowShareLock');
  }
}

/** Sequences that give the columns an INSERT leaves out their values. */
function lockDefaults(work: Work, key: string, written: (column: Column) => boolean): void {
  for (const column of work.catalog.tables.get(key)?.columns.values() ?? []) {
    if (written(column) || (column.identity === null && column.default?.functions.some((name) => name.name === 'nextval') !== true)) continue;
    const owned = sequencesOf(work.catalog, key).find((sequence) => sequence.ownedBy?.column === column.name);
    if (owned !== undefined) lock(work, owned.key, WRITE);
    lockNamedSequences(work, column.default?.text ?? '');
  }
}

/** Sequences that a text calls by a literal name: nextval('a'), setval('s.a', 1). */
export function lockNamedSequences(work: Work, text: string): void {
  for (const [, name = ''] of text.matchAll(/\b(?:nextval|setval|currval)\s*\(\s*'([^']+)'/gi)) {
    const parts = [...name.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? (plain ?? '').toLowerCase());
    lock(work, resolveRelation(work.catalog, { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' }), WRITE);
  }
}

// Columns of rows that carry no relation's name are the table's own.
function refuseUnknownColumns(work: Work, table: QualifiedName, columns: readonly string[]): void {
  const known = knownTable(work, resolveRelation(work.catalog, table));
  const missing = known === null ? undefined : columns.find((column) => !known.columns.has(column) && !SYSTEM.has(column));
  if (known !== null && missing !== undefined) refuse(work, columnError(known, missing));
}

/** Values for columns that the server computes itself are refused, but for DEFAULT; the words that allow them are looked for in the text. */
function refuseComputed(work: Work, key: string, step: StepOf<'insert' | 'update'>): void {
  if (/\b(?:default|overriding)\b/i.test(step.statement)) return;
  const columns = work.catalog.tables.get(key)?.columns;
  const computed = step.columns.map((name) => columns?.get(name)).find((column) => column?.identity === 'always' || column?.generated != null);
  if (computed === undefined) return;
  refuse(work, step.kind === 'insert' ? `cannot insert a non-DEFAULT value into column "${computed.name}"` : `column "${computed.name}" can only be updated to DEFAULT`);
}

/** The columns of a predicate that can only be the table's: one table and nothing beside it, no variables of a routine around it. */
function predicateColumns(step: StepOf<'update' | 'delete'>): readonly string[] {
  // A function or VALUES in FROM has columns of its own, and is no relation that is read.
  if ((step.kind === 'update' ? /(?<!\bdistinct\s)\bfrom\b/i : /\busing\b/i).test(step.statement)) return [];
  return step.reads.length > 0 || step.block !== undefined || step.predicate === null || step.predicate.subquery ? [] : step.predicate.columns;
}

/** ON CONFLICT (a, b) needs a unique index on just these columns. */
function refuseArbiter(work: Work, key: string, statement: string): void {
  const written = /\bon\s+conflict\s*\(([\w\s,"]+)\)\s*do\b/i.exec(statement)?.[1];
  if (written === undefined || knownTable(work, key) === null) return;
  const columns = written.split(',').map((each) => each.trim()).map((each) => (each.startsWith('"') ? each.slice(1, -1) : each.toLowerCase()));
  const unique = indexesOf(work.catalog, key).some((index) => index.unique && !index.partial && index.columns.length === columns.length && columns.every((column) => index.columns.includes(column)));
  if (!unique) refuse(work, 'there is no unique or exclusion constraint matching the ON CONFLICT specification');
}

export function insertEffect(work: Work, step: StepOf<'insert'>): void {
  const key = resolveRelation(work.catalog, step.table);
  refuseUnknownColumns(work, step.table, step.columns);
  refuseComputed(work, key, step);
  if (step.onConflict) refuseArbiter(work, key, step.statement);
  lock(work, key, WRITE);
  lockParents(work, key);
  if (isPartitioned(work, key)) insertIntoPartitions(work, key, step);
  const fromQuery = step.boundedness !== 'rows';
  lockReads(work, step.reads.filter((name) => fromQuery || resolveRelation(work.catalog, name) !== key), fromQuery);
  const nothing = step.columns.length === 0 && step.rows !== null && /\bdefault\s+values\b/i.test(step.statement);
  const columns = step.columns.length === 0 && !nothing ? null : step.columns.filter((column) => !step.nulls.includes(column));
  lockChecked(work, key, columns, true);
  lockDefaults(work, key, (column) => !nothing && (step.columns.length === 0 ? step.rows !== null && step.query === null : step.columns.includes(column.name)));
}

// Rows find their partitions one by one; before 12 all of them were locked first.
function insertIntoPartitions(work: Work, key: string, step: StepOf<'insert'>): void {
  const all = withPartitions(work.catalog, key);
  if (work.target.version < 12 || step.boundedness !== 'rows') lockAll(work, all, WRITE);
  else if (partitionsOf(work.catalog, key).length === 1) lockAll(work, all, WRITE);
}

/** The tables that UPDATE, DELETE and MERGE write to; a view stands for what it reads. From 12 on partitions that the predicate rules out are left alone. */
function written(work: Work, table: QualifiedName, predicate: Expression | null = null): string[] {
  const key = resolveRelation(work.catalog, table);
  const view = work.catalog.views.get(key);
  if (view === undefined && predicate !== null && table.only !== true && work.target.version >= 12) return remaining(work, key, predicate.text);
  if (view === undefined) return table.only === true ? [key] : withDescendants(work.catalog, key);
  lock(work, key, WRITE);
  return view.reads.flatMap((each) => withDescendants(work.catalog, each));
}

/** Columns that get something else than what they have or NULL: SET a = DEFAULT counts where there is a default. */
function changedColumns(work: Work, key: string, step: StepOf<'update'>): readonly string[] {
  const columns = work.catalog.tables.get(key)?.columns;
  const defaults = /=\s*default\b/i.test(step.statement);
  return step.columns.filter((column) => step.keeps?.includes(column) !== true || (defaults && columns?.get(column)?.default != null));
}

export function updateEffect(work: Work, step: StepOf<'update'>): void {
  refuseUnknownColumns(work, step.table, [...step.columns, ...predicateColumns(step)]);
  refuseComputed(work, resolveRelation(work.catalog, step.table), step);
  const tables = written(work, step.table, step.reads.length === 0 ? step.predicate : null);
  lockAll(work, tables, WRITE);
  for (const each of holdingRows(work.catalog, tables)) if (step.boundedness === 'all' || !usesIndex(work, each, step.equals)) scan(work, each);
  lockReads(work, step.reads, true);
  if (tables[0] !== undefined) lockParents(work, tables[0]);
  for (const each of tables) {
    const changed = changedColumns(work, each, step);
    // Rows that the same transaction wrote are checked whatever changes.
    lockChecked(work, each, work.renewed.has(each) ? null : changed);
    lockReferrers(work, each, 'onUpdate', changed, new Set());
  }
}

export function deleteEffect(work: Work, step: StepOf<'delete'>): void {
  refuseUnknownColumns(work, step.table, predicateColumns(step));
  const tables = written(work, step.table);
  lockAll(work, tables, WRITE);
  for (const each of holdingRows(work.catalog, tables)) if (step.boundedness === 'all' || !usesIndex(work, each, step.equals)) scan(work, each);
  lockReads(work, step.reads, true);
  // A partition by itself: before 14 always, then where it has partitions of its own.
  if (tables[0] !== undefined && (work.target.version < 14 || isPartitioned(work, tables[0]))) lockParents(work, tables[0]);
  for (const each of tables) lockReferrers(work, each, 'onDelete', null, new Set());
}

/** Tables whose foreign keys point to rows that go or change (`columns`; null: go): looked at, or by their actions written to. */
function lockReferrers(work: Work, key: string, action: 'onDelete' | 'onUpdate', columns: readonly string[] | null, seen: Set<string>): void {
  if (seen.has(key)) return;
  seen.add(key);
  for (const { table, constraint } of referrers(work, key)) {
    if (constraint.definition.kind !== 'foreign-key' || constraint.inherited) continue;
    if (constraint.definition.initiallyDeferred && constraint.definition[action] === 'no-action') continue;
    if (columns !== null && !referencedColumns(work.catalog, key, constraint.definition).some((column) => columns.includes(column))) continue;
    const changes = ['cascade', 'set-null', 'set-default'].includes(constraint.definition[action]);
    const tables = withPartitions(work.catalog, table.key);
    lockAll(work, tables, changes ? WRITE : 'RowShareLock');
    for (const each of holdingRows(work.catalog, tables)) if (!usesIndex(work, each, constraint.definition.columns)) scan(work, each);
    if (constraint.definition[action] === 'cascade') lockReferrers(work, table.key, action, action === 'onUpdate' ? constraint.definition.columns : null, seen);
  }
}

export function mergeEffect(work: Work, step: StepOf<'merge'>): void {
  if (work.target.version < 15) refuse(work, 'MERGE needs Postgres 15');
  const tables = written(work, step.table);
  lockAll(work, tables, WRITE);
  scanAll(work, tables);
  lockReads(work, step.reads, true);
  const removes = /\bthen\s+delete\b/i.test(step.statement);
  const changes = /\bthen\s+update\b/i.test(step.statement);
  for (const each of tables) {
    if (removes) lockReferrers(work, each, 'onDelete', null, new Set());
    if (changes || /\bthen\s+insert\b/i.test(step.statement)) lockChecked(work, each, null);
  }
}

export function copyEffect(work: Work, step: StepOf<'copy'>): void {
  const key = step.table === null ? null : resolveRelation(work.catalog, step.table);
  if (key !== null && step.from) {
    lockAll(work, withPartitions(work.catalog, key), WRITE);
    lockChecked(work, key, null);
  } else if (key !== null) {
    if (isPartitioned(work, key) || work.catalog.views.get(key)?.materialized === false) refuse(work, `cannot copy from ${isPartitioned(work, key) ? 'partitioned table' : 'view'} "${step.table?.name ?? ''}"`);
    // Before 13 its lock ended with the statement.
    if (work.target.version >= 13) lock(work, key, 'AccessShareLock');
    scanAll(work, [key]);
  }
  lockReads(work, step.reads, true);
}

const AGGREGATES = new Set(['count', 'sum', 'avg', 'array_agg', 'string_agg', 'json_agg', 'jsonb_agg', 'bool_and', 'bool_or']);

/** Whether an index spares the query reading its one table: the greatest or least of a column, or rows with given values. */
function servedByIndex(work: Work, { query, functions }: StepOf<'select'>): boolean {
  const [name, ...others] = [...new Map([...query.reads, ...query.locks].map((each) => [resolveRelation(work.catalog, each), each])).keys()];
  if (name === undefined || others.length > 0 || work.catalog.views.has(name) || /\b(?:union|join|group\s+by|with)\b/i.test(query.text)) return false;
  const where = /\bwhere\b(.*?)(?:\bfor\s+(?:no\s+key\s+)?(?:update|share|key)\b.*|\border\s+by\b.*|\blimit\b.*)?$/is.exec(query.text)?.[1];
  const first = indexesOf(work.catalog, name).flatMap((index) => (index.partial || index.method !== 'btree' ? [] : (index.columns[0] ?? [])));
  if (where !== undefined) return !/\bselect\b/i.test(where) && first.some((column) => readCondition(where, column).values !== null);
  const greatest = [...query.text.matchAll(/\b(?:min|max)\s*\(\s*(?:\w+\.)?("(?:[^"]|"")+"|\w+)\s*\)/gi)].map(([, column = '']) => (column.startsWith('"') ? column.slice(1, -1) : column.toLowerCase()));
  return greatest.length > 0 && greatest.every((column) => first.includes(column)) && query.columns.every((column) => greatest.includes(column)) && !functions.some((each) => AGGREGATES.has(each.name));
}

export function selectEffect(work: Work, step: StepOf<'select'>): void {
  const { query } = step;
  const locked = new Set(query.locks.map((name) => resolveRelation(work.catalog, name)));
  lockRows(work, query.locks);
  const scans = !query.limited && !servedByIndex(work, step);
  lockReads(work, query.reads.filter((name) => !locked.has(resolveRelation(work.catalog, name))), scans);
  if (scans) for (const name of query.locks) scanAll(work, name.only === true ? [resolveRelation(work.catalog, name)] : withDescendants(work.catalog, resolveRelation(work.catalog, name)));
  lockNamedSequences(work, query.text);
}
