import { indexesOf, keyOf, resolveRelation, type Index } from '../catalog.js';
import { createIndex } from '../fold/indexes.js';
import type { StepOf } from '../step.js';
import { columnError } from './column-errors.js';
import { partitionKeyLacking } from './constraint-errors.js';
import { isMutable } from './immutability.js';
import { relationExists } from './relations.js';
import { isPartitioned, knownTable, lock, lockAll, refuse, scanAll, withPartitions, type Work } from './work.js';

type CreateIndex = StepOf<'create-index'>;

/** Why CREATE INDEX is refused whatever the rows are; null where it is not, or nobody can tell. */
function indexError(work: Work, step: CreateIndex, key: string, exists: boolean): string | null {
  const { version } = work.target;
  const partitioned = isPartitioned(work, key);
  if (step.nullsNotDistinct && version < 15) return 'NULLS NOT DISTINCT needs Postgres 15';
  if (step.include.length > 0 && version < 11) return 'INCLUDE needs Postgres 11';
  if (partitioned && version < 11) return `cannot create index on partitioned table "${step.table.name}"`;
  if (partitioned && step.concurrently) return `cannot create index on partitioned table "${step.table.name}" concurrently`;
  if (work.catalog.views.get(key)?.materialized === false) return `cannot create index on relation "${step.table.name}"`;
  const table = knownTable(work, key);
  const mentioned = [...step.elements.flatMap((element) => element.column ?? element.expression?.columns ?? []), ...step.include, ...(step.predicate?.columns ?? [])];
  const missing = table === null ? undefined : mentioned.find((column) => !table.columns.has(column));
  if (table !== null && missing !== undefined) return columnError(table, missing);
  if (mentioned.some((column) => table?.columns.get(column)?.generated?.kind === 'virtual')) return 'indexes on virtual generated columns are not supported';
  const expressions = [...step.elements.flatMap((element) => element.expression ?? []), ...(step.predicate === null ? [] : [step.predicate])];
  if (expressions.some((expression) => isMutable(work.catalog, work.catalog.tables.get(key), expression))) return 'functions in index expression must be marked IMMUTABLE';
  if (exists && !step.ifNotExists) return `relation "${step.index ?? ''}" already exists`;
  return step.unique && partitioned ? partitionKeyLacking(work, key, step.elements.map((element) => element.column)) : null;
}

/** Whether nothing says if a relation is partitioned: no statement that was read made it. */
function isUnknown(work: Work, key: string): boolean {
  return knownTable(work, key) === null && !work.catalog.views.has(key);
}

/** CONCURRENTLY works in several transactions of its own while others read and write; its scans are not listed. */
export function createIndexEffect(work: Work, step: CreateIndex): void {
  const key = resolveRelation(work.catalog, step.table);
  const schema = key.slice(0, key.indexOf('.'));
  const exists = step.index !== null && relationExists(work, keyOf(schema, step.index));
  const error = indexError(work, step, key, exists);
  if (error !== null) refuse(work, error);
  if (step.concurrently) work.inTransaction = false;
  const mode = step.concurrently ? 'ShareUpdateExclusiveLock' : 'ShareLock';
  lock(work, key, mode);
  if (step.concurrently) return;
  if (!step.only) lockAll(work, withPartitions(work.catalog, key), mode);
  if (exists && step.ifNotExists) return;
  // Nobody writes ON ONLY of a table that has no partitions.
  if (step.only && (isPartitioned(work, key) || isUnknown(work, key))) {
    work.guessed = isUnknown(work, key);
    return;
  }
  const tables = withPartitions(work.catalog, key);
  const after = tables.length === 1 ? work.catalog : createIndex(work.catalog, step);
  // A partition that has the same index already gives it, and is not read.
  const gives = (index: Index): boolean => index.parent !== null && work.catalog.indexes.get(index.key)?.parent === null;
  scanAll(work, tables.filter((each) => !indexesOf(after, each).some(gives)));
}

function dropIndexError(work: Work, step: StepOf<'drop-index'>, index: Index): string | null {
  const table = index.table.slice(index.table.indexOf('.') + 1);
  if (index.constraint !== null) return `cannot drop index ${index.name} because constraint ${index.constraint} on table ${table} requires it`;
  if (index.parent !== null) return `cannot drop index ${index.name} because index ${index.parent} requires it`;
  return step.concurrently && isPartitioned(work, index.table) ? `cannot drop partitioned index "${index.name}" concurrently` : null;
}

export function dropIndexEffect(work: Work, step: StepOf<'drop-index'>): void {
  if (step.concurrently) work.inTransaction = false;
  if (step.concurrently && step.indexes.length > 1) refuse(work, 'DROP INDEX CONCURRENTLY does not support dropping multiple objects');
  if (step.concurrently && step.cascade) refuse(work, 'DROP INDEX CONCURRENTLY does not support CASCADE');
  for (const name of step.indexes) {
    const index = work.catalog.indexes.get(resolveRelation(work.catalog, name));
    if (index === undefined) {
      if (!step.ifExists) work.guessed = true;
      continue;
    }
    const error = dropIndexError(work, step, index);
    if (error !== null) refuse(work, error);
    if (step.concurrently) lock(work, index.table, 'ShareUpdateExclusiveLock');
    else lockAll(work, withPartitions(work.catalog, index.table), 'AccessExclusiveLock');
  }
}
