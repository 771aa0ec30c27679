import { indexesOf, resolveRelation } from '../catalog.js';
import type { StepOf } from '../step.js';
import { isPartitioned, lock, lockAll, refuse, rewrite, rewriteAll, scan, withDescendants, withPartitions, type Work } from './work.js';

const EXCLUSIVE = 'AccessExclusiveLock';

/** LOCK TABLE: partitions, children, and what stands behind a view. */
export function lockTableEffect(work: Work, step: StepOf<'lock-table'>): void {
  const pending = step.tables.map((name) => ({ key: resolveRelation(work.catalog, name), only: name.only === true }));
  const seen = new Set<string>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next.key)) continue;
    seen.add(next.key);
    lockAll(work, next.only ? [next.key] : withDescendants(work.catalog, next.key), step.mode);
    const view = work.catalog.views.get(next.key);
    if (view !== undefined && work.target.version < 11) refuse(work, `"${view.name}" is not a table`);
    if (view?.materialized === true) refuse(work, `cannot lock relation "${view.name}"`);
    pending.push(...(view?.reads ?? []).map((key) => ({ key, only: false })));
  }
}

/** CLUSTER: a partitioned table's (from 15) outside a transaction, partition by partition; without a table, all that were clustered before. */
export function clusterEffect(work: Work, step: StepOf<'cluster'>): void {
  if (step.table === null) {
    work.inTransaction = false;
    return;
  }
  const key = resolveRelation(work.catalog, step.table);
  if (isPartitioned(work, key)) {
    if (work.target.version < 15) refuse(work, 'cannot cluster a partitioned table');
    work.inTransaction = false;
  }
  const index = step.index === null ? undefined : indexesOf(work.catalog, key).find((each) => each.name === step.index);
  if (index?.partial === true) refuse(work, `cannot cluster on partial index "${index.name}"`);
  if (index !== undefined && index.method !== 'btree' && index.method !== 'gist') refuse(work, `cannot cluster on index "${index.name}" because access method does not support clustering`);
  const tables = withPartitions(work.catalog, key);
  lockAll(work, tables, EXCLUSIVE);
  rewriteAll(work, tables);
}

/** VACUUM: FULL writes the table anew under ACCESS EXCLUSIVE. */
export function vacuumEffect(work: Work, step: StepOf<'vacuum'>): void {
  work.inTransaction = false;
  const named = step.tables.flatMap((name) => withPartitions(work.catalog, resolveRelation(work.catalog, name)));
  for (const key of step.tables.length === 0 ? work.catalog.tables.keys() : named) {
    if (isPartitioned(work, key)) continue;
    lock(work, key, step.full ? EXCLUSIVE : 'ShareUpdateExclusiveLock');
    if (step.full) rewrite(work, key);
  }
}

/** Which tables a REINDEX is about. */
function reindexed(work: Work, step: StepOf<'reindex'>): string[] {
  if (step.scope === 'table') return step.name === null ? [] : withPartitions(work.catalog, resolveRelation(work.catalog, step.name));
  return [...work.catalog.tables.values()].flatMap((table) => (step.scope === 'schema' && table.schema !== step.name?.name ? [] : [table.key]));
}

function reindexIndex(work: Work, step: StepOf<'reindex'>): void {
  const index = step.name === null ? undefined : work.catalog.indexes.get(resolveRelation(work.catalog, step.name));
  if (index === undefined) {
    work.guessed = true;
    return;
  }
  if (isPartitioned(work, index.table)) {
    if (work.target.version < 14) refuse(work, 'REINDEX of a partitioned index needs Postgres 14');
    work.inTransaction = false;
  }
  for (const key of withPartitions(work.catalog, index.table)) {
    lock(work, key, step.concurrently ? 'ShareUpdateExclusiveLock' : 'ShareLock');
    if (step.concurrently || isPartitioned(work, key)) continue;
    scan(work, key);
    work.indexRebuild.add(index.key);
  }
}

export function reindexEffect(work: Work, step: StepOf<'reindex'>): void {
  const { version } = work.target;
  if (step.concurrently && version < 12) refuse(work, 'REINDEX CONCURRENTLY needs Postgres 12');
  if (step.concurrently || step.scope === 'schema' || step.scope === 'database' || step.scope === 'system') work.inTransaction = false;
  if (step.scope === 'index') {
    reindexIndex(work, step);
    return;
  }
  const keys = reindexed(work, step);
  if (step.scope === 'table' && keys.some((key) => isPartitioned(work, key))) {
    if (version >= 14) work.inTransaction = false;
    else if (keys[0] !== undefined) {
      // Before 14 it warns and does nothing.
      lock(work, keys[0], 'ShareLock');
      return;
    }
  }
  for (const key of keys) {
    const indexes = indexesOf(work.catalog, key);
    lock(work, key, step.concurrently ? 'ShareUpdateExclusiveLock' : 'ShareLock');
    if (step.concurrently || isPartitioned(work, key) || indexes.length === 0) continue;
    scan(work, key);
    for (const index of indexes) work.indexRebuild.add(index.key);
  }
}
