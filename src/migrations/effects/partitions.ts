import { indexesOf, partitionsOf, resolveRelation, type Table } from '../catalog.js';
import type { CheckConstraint, PartitionBound } from '../definition.js';
import { attachPartition } from '../fold/tables.js';
import type { StepOf } from '../step.js';
import { excludes, readCondition, within } from './conditions.js';
import { isPartitioned, lock, refuse, lockAll, scanTree, withDescendants, withPartitions, type Work } from './work.js';

/** The partition for rows that no other one takes. */
export function defaultPartition(work: Work, parent: string): Table | undefined {
  return partitionsOf(work.catalog, parent).find((table) => table.partitionOf?.bound.default === true);
}

// The default partition may hold rows that belong to the new one.
function checkDefaultPartition(work: Work, parent: string, bound: PartitionBound): void {
  const fallback = defaultPartition(work, parent);
  if (fallback === undefined) return;
  lock(work, fallback.key, 'AccessExclusiveLock');
  if (!rulesOut(work.catalog.tables.get(parent), fallback, bound)) scanTree(work, fallback.key);
}

function validChecks(table: Table): readonly CheckConstraint[] {
  return [...table.constraints.values()].flatMap(({ valid, definition }) => (valid && definition.kind === 'check' ? [definition] : []));
}

function isNotNull(table: Table, column: string): boolean {
  return table.columns.get(column)?.notNull === true || validChecks(table).some((each) => each.provesNotNull.includes(column));
}

/** Whether a validated CHECK of the default partition says that it holds no row of a new one. */
function rulesOut(parent: Table | undefined, fallback: Table, bound: PartitionBound): boolean {
  const [column] = parent?.partitionBy?.columns ?? [];
  if (column == null || parent?.partitionBy?.columns.length !== 1) return false;
  const notNull = isNotNull(fallback, column);
  if (notNull && /^for\s+values\s+in\s*\(\s*null\s*\)$/i.test(bound.text.trim())) return true;
  return validChecks(fallback).some((each) => excludes({ ...readCondition(each.expression.text, column), notNull }, bound));
}

function normal(text: string): string {
  return text.toLowerCase().replace(/\b(?:date|timestamptz|timestamp|time|interval)\s*(?=')/g, '').replace(/::[a-z ]+(\(\d+\))?/g, '').replace(/[\s()"]/g, '');
}

/** Whether a CHECK's text says what a range or list bound on one column says. */
function impliesBound(check: string, column: string, bound: PartitionBound): boolean {
  const text = normal(check);
  const range = /from\s*\(([^()]*)\)\s*to\s*\(([^()]*)\)/is.exec(bound.text);
  const name = normal(column);
  if (range !== null) {
    const low = normal(range[1] ?? '');
    const high = normal(range[2] ?? '');
    return (low === 'minvalue' || text.includes(`${name}>=${low}`)) && (high === 'maxvalue' || text.includes(`${name}<${high}`));
  }
  const list = /\bin\s*\((.*)\)\s*$/is.exec(bound.text);
  if (list === null) return false;
  const values = normal(list[1] ?? '');
  return text === `${name}=${values}` || text.endsWith(`${name}in${values}`) || text.includes(`${name}=anyarray[${values}]`);
}

/** Whether a validated CHECK on the partition spares the server reading it. */
export function isProven(parent: Table | undefined, partition: Table | undefined, bound: PartitionBound): boolean {
  const [column] = parent?.partitionBy?.columns ?? [];
  if (partition === undefined || column == null || parent?.partitionBy?.columns.length !== 1) return false;
  return isNotNull(partition, column) && validChecks(partition).some(({ expression }) => impliesBound(expression.text, column, bound) || within(readCondition(expression.text, column), bound));
}

// Indexes of the parent that the partition lacks are built on the spot.
function lacksIndex(work: Work, step: StepOf<'attach-partition'>, partition: string): boolean {
  const after = attachPartition(work.catalog, step);
  return indexesOf(after, partition).some((index) => !work.catalog.indexes.has(index.key));
}

// A new partition gets the foreign keys of the whole.
function passForeignKey(work: Work, referenced: string): void {
  lock(work, referenced, 'AccessShareLock');
  if (work.target.version >= 12) lockAll(work, withPartitions(work.catalog, referenced), 'ShareRowExclusiveLock');
}

export function attachPartitionEffect(work: Work, step: StepOf<'attach-partition'>): void {
  const parent = resolveRelation(work.catalog, step.table);
  const partition = resolveRelation(work.catalog, step.partition);
  const parentTable = work.catalog.tables.get(parent);
  lock(work, parent, work.target.version < 12 ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock');
  for (const each of withDescendants(work.catalog, partition)) lock(work, each, 'AccessExclusiveLock');
  if (!isProven(parentTable, work.catalog.tables.get(partition), step.bound) || lacksIndex(work, step, partition)) scanTree(work, partition);
  checkDefaultPartition(work, parent, step.bound);
  for (const constraint of parentTable?.constraints.values() ?? []) {
    if (constraint.referenced === null) continue;
    for (const mode of ['ShareRowExclusiveLock', 'AccessShareLock'] as const) lock(work, partition, mode);
    passForeignKey(work, constraint.referenced);
    lock(work, constraint.referenced, 'RowShareLock');
    scanTree(work, partition);
    scanTree(work, constraint.referenced);
  }
}

function keepForeignKey(work: Work, partition: string, referenced: string): void {
  const { version } = work.target;
  if (version === 13) lock(work, partition, 'AccessExclusiveLock');
  if (version >= 15) lockAll(work, withPartitions(work.catalog, referenced), 'ShareRowExclusiveLock');
  else if (version < 13 || !isPartitioned(work, referenced)) lock(work, referenced, 'ShareRowExclusiveLock');
}

export function detachPartitionEffect(work: Work, step: StepOf<'detach-partition'>): void {
  const parent = resolveRelation(work.catalog, step.table);
  const partition = resolveRelation(work.catalog, step.partition);
  const { version } = work.target;
  if (step.concurrently || step.finalize) {
    if (step.concurrently) work.inTransaction = false;
    if (version < 14) refuse(work, 'DETACH PARTITION … CONCURRENTLY needs Postgres 14');
    if (step.concurrently && defaultPartition(work, parent) !== undefined) refuse(work, 'cannot detach partitions concurrently when a default partition exists');
    lock(work, parent, 'ShareUpdateExclusiveLock');
    if (step.finalize) lock(work, partition, 'AccessExclusiveLock');
    return;
  }
  lock(work, parent, 'AccessExclusiveLock');
  lock(work, partition, version < 14 ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock');
  for (const each of withDescendants(work.catalog, partition).slice(1)) lock(work, each, 'AccessExclusiveLock');
  const fallback = defaultPartition(work, parent);
  if (fallback !== undefined && version >= 11) lock(work, fallback.key, 'AccessExclusiveLock');
  // Foreign keys of the whole become the partition's own.
  for (const constraint of work.catalog.tables.get(partition)?.constraints.values() ?? []) if (constraint.inherited && constraint.referenced !== null) keepForeignKey(work, partition, constraint.referenced);
}

function refuseSecondDefault(work: Work, parent: string, bound: PartitionBound): void {
  const fallback = defaultPartition(work, parent);
  if (bound.default && fallback !== undefined) refuse(work, `the partition conflicts with existing default partition "${fallback.name}"`);
}

/** CREATE TABLE … PARTITION OF: the parent cannot be used meanwhile. */
export function partitionOfEffect(work: Work, step: StepOf<'create-table'>): void {
  if (step.partitionOf === null) return;
  const parent = resolveRelation(work.catalog, step.partitionOf.parent);
  lock(work, parent, 'AccessExclusiveLock');
  refuseSecondDefault(work, parent, step.partitionOf.bound);
  checkDefaultPartition(work, parent, step.partitionOf.bound);
  for (const constraint of work.catalog.tables.get(parent)?.constraints.values() ?? []) if (constraint.referenced !== null) passForeignKey(work, constraint.referenced);
}
