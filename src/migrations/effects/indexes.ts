import { indexesOf, resolveRelation, type Index } from '../catalog.js';
import type { StepOf } from '../step.js';
import { lock, lockTree, rebuildIndex, refuse, scan, scanTree, withDescendants, type Work } from './work.js';

/** CONCURRENTLY works in several transactions of its own while others read and write; its scans are not listed. */
export function createIndexEffect(work: Work, step: StepOf<'create-index'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const table = work.catalog.tables.get(key);
  const partitioned = table?.partitionBy != null;
  if (step.nullsNotDistinct && work.target.version < 15) refuse(work, 'NULLS NOT DISTINCT needs Postgres 15');
  if (step.include.length > 0 && work.target.version < 11) refuse(work, 'INCLUDE needs Postgres 11');
  if (partitioned && work.target.version < 11) refuse(work, `cannot create index on partitioned table "${step.table.name}"`);
  if (step.concurrently) {
    work.inTransaction = false;
    if (partitioned) refuse(work, `cannot create index on partitioned table "${step.table.name}" concurrently`);
    lock(work, key, 'ShareUpdateExclusiveLock');
    return;
  }
  const exists = step.index !== null && step.ifNotExists && [...work.catalog.indexes.values()].some((index) => index.name === step.index && index.schema === (table?.schema ?? index.schema));
  if (exists) {
    lock(work, key, 'ShareLock');
    return;
  }
  if (partitioned && !step.only) {
    for (const each of withDescendants(work.catalog, key)) lock(work, each, 'ShareLock');
    scanTree(work, key);
    return;
  }
  lock(work, key, 'ShareLock');
  if (!partitioned) scan(work, key);
}

export function dropIndexEffect(work: Work, step: StepOf<'drop-index'>): void {
  if (step.concurrently) work.inTransaction = false;
  for (const name of step.indexes) {
    const index = work.catalog.indexes.get(resolveRelation(work.catalog, name));
    if (index === undefined) {
      if (!step.ifExists) work.guessed = true;
      continue;
    }
    if (index.constraint !== null && !step.cascade) refuse(work, `cannot drop index ${index.name} because constraint ${index.constraint} on table ${index.table} requires it`);
    if (step.concurrently) lock(work, index.table, 'ShareUpdateExclusiveLock');
    else lockTree(work, index.table, 'AccessExclusiveLock');
  }
}

function reindexOne(work: Work, index: Index, concurrently: boolean): void {
  lock(work, index.table, concurrently ? 'ShareUpdateExclusiveLock' : 'ShareLock');
  if (concurrently) return;
  scan(work, index.table);
  rebuildIndex(work, index.key);
}

export function reindexEffect(work: Work, step: StepOf<'reindex'>): void {
  if (step.concurrently && work.target.version < 12) refuse(work, 'REINDEX CONCURRENTLY needs Postgres 12');
  if (step.concurrently || step.scope === 'schema' || step.scope === 'database' || step.scope === 'system') work.inTransaction = false;
  const tables = [...work.catalog.tables.values()];
  if (step.scope === 'index') {
    const index = step.name === null ? undefined : work.catalog.indexes.get(resolveRelation(work.catalog, step.name));
    if (index === undefined) work.guessed = true;
    else reindexOne(work, index, step.concurrently);
    return;
  }
  const scope = step.name?.name;
  const keys = step.scope === 'table' ? (step.name === null ? [] : withDescendants(work.catalog, resolveRelation(work.catalog, step.name))) : tables.filter((table) => step.scope !== 'schema' || table.schema === scope).map((table) => table.key);
  for (const key of keys) {
    lock(work, key, step.concurrently ? 'ShareUpdateExclusiveLock' : 'ShareLock');
    if (!step.concurrently) scan(work, key);
    for (const index of indexesOf(work.catalog, key)) reindexOne(work, index, step.concurrently);
  }
}
