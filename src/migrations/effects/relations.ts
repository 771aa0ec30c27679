import { creationKey, resolveRelation, type View } from '../catalog.js';
import type { QualifiedName } from '../definition.js';
import type { StepOf } from '../step.js';
import { relationExists as exists } from '../fold/names.js';
import { splitKey } from '../fold/edit.js';
import { domainUsers, isWrapped } from './domains.js';
import { isPartitioned, lock, lockAll, lockParents, refuse, rewrite, scan, scanAll, withDescendants, type Work } from './work.js';

/** Whether a table, view, sequence, index or composite type of that key is known. */
export function relationExists(work: Work, key: string): boolean {
  const { schema, name } = splitKey(key);
  return exists(work.catalog, schema, name);
}

/** Locks what a query names, without running it: what stands behind views is left alone. */
export function lockNamed(work: Work, reads: readonly QualifiedName[]): void {
  for (const name of reads) lock(work, resolveRelation(work.catalog, name), 'AccessShareLock');
}

/** Locks what a running query reads, what stands behind views included. */
export function lockReads(work: Work, reads: readonly QualifiedName[], scans: boolean): void {
  const pending = reads.map((name) => ({ key: resolveRelation(work.catalog, name), only: name.only === true }));
  const seen = new Set<string>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { key } = next;
    if (seen.has(key)) continue;
    seen.add(key);
    const view = work.catalog.views.get(key);
    const tables = next.only ? [key] : withDescendants(work.catalog, key);
    lockAll(work, tables, 'AccessShareLock');
    if (isPartitioned(work, key)) lockParents(work, key);
    if (view !== undefined && !view.materialized) pending.push(...view.reads.map((each) => ({ key: each, only: false })));
    else if (scans && view === undefined) scanAll(work, tables);
    else if (scans) scan(work, key);
  }
}

/** Locks of SELECT … FOR UPDATE and the like: the rows' tables, children included. */
export function lockRows(work: Work, names: readonly QualifiedName[]): void {
  for (const name of names) {
    const key = resolveRelation(work.catalog, name);
    lockAll(work, name.only === true ? [key] : withDescendants(work.catalog, key), 'RowShareLock');
    if (isPartitioned(work, key)) lockParents(work, key);
  }
}

/** The columns of a view that CREATE OR REPLACE would take away or change; null where it only adds some. */
function replacementError(view: View, step: StepOf<'create-view'>): string | null {
  if (view.materialized) return `"${view.name}" is not a view`;
  const outputs = step.query.shape?.outputs ?? null;
  const spelt = outputs?.every((output) => output.kind === 'column') === true ? outputs.map((output) => (output.kind === 'column' ? output.name : '')) : null;
  const names = step.columns.length > 0 ? step.columns : spelt;
  if (names === null || view.outputs === null) return null;
  if (names.length < view.outputs.length) return 'cannot drop columns from view';
  const changed = view.outputs.find((output, index) => output.name !== names[index]);
  return changed === undefined ? null : `cannot change name of view column "${changed.name}"`;
}

export function createViewEffect(work: Work, step: StepOf<'create-view'>): void {
  lockNamed(work, step.query.reads);
  if (step.temporary) return;
  const key = creationKey(work.catalog, step.view);
  const view = work.catalog.views.get(key);
  if (view === undefined) {
    if (relationExists(work, key)) refuse(work, `"${step.view.name}" is not a view`);
    return;
  }
  if (step.replace) lock(work, key, 'AccessExclusiveLock');
  else refuse(work, `relation "${step.view.name}" already exists`);
  const error = replacementError(view, step);
  if (step.replace && error !== null) refuse(work, error);
}

export function createMaterializedViewEffect(work: Work, step: StepOf<'create-materialized-view'>): void {
  if (relationExists(work, creationKey(work.catalog, step.view))) {
    if (!step.ifNotExists) refuse(work, `relation "${step.view.name}" already exists`);
    else lockNamed(work, step.query.reads);
    return;
  }
  if (step.withData) lockReads(work, step.query.reads, true);
  else lockNamed(work, step.query.reads);
}

export function refreshEffect(work: Work, step: StepOf<'refresh-materialized-view'>): void {
  const key = resolveRelation(work.catalog, step.view);
  const view = work.catalog.views.get(key);
  lock(work, key, step.concurrently ? 'ExclusiveLock' : 'AccessExclusiveLock');
  if (view?.materialized === false || work.catalog.tables.has(key)) refuse(work, `"${step.view.name}" is not a materialized view`);
  if (step.concurrently && view !== undefined && !hasPlainUniqueIndex(work, key)) refuse(work, `cannot refresh materialized view "${key}" concurrently: it has no unique index without a predicate`);
  if (step.concurrently && !step.withData) refuse(work, 'CONCURRENTLY and WITH NO DATA options cannot be used together');
  if (!step.concurrently) rewrite(work, key);
  // Row by row, with what its query gives now, while nobody else may refresh it.
  else if (!work.catalog.fresh.has(key)) work.compared.add(key);
  if (step.withData) lockReads(work, (view?.reads ?? []).map(splitKey), step.concurrently);
}

function hasPlainUniqueIndex(work: Work, key: string): boolean {
  return [...work.catalog.indexes.values()].some((index) => index.table === key && index.unique && !index.partial && !index.columns.includes(null));
}

/** ALTER DOMAIN with rows to check: every table with a column of the domain. */
export function domainCheckEffect(work: Work, domain: QualifiedName): void {
  const wrapped = isWrapped(work, domain);
  if (wrapped !== null) refuse(work, `cannot alter type "${domain.name}" because column "${wrapped}" uses it`);
  for (const table of domainUsers(work, domain)) {
    lock(work, table.key, 'ShareLock');
    if (table.partitionBy === null) scan(work, table.key);
  }
}
