import { creationKey, findDomain, foreignKeysTo, resolveIn, resolveRelation, viewsOn, type Catalog, type Table } from '../catalog.js';
import type { QualifiedName } from '../definition.js';
import type { LockMode, StepOf } from '../step.js';
import { defaultPartition, partitionOfEffect } from './partitions.js';
import { lock, lockTree, refuse, rewrite, rewriteTree, scan, scanTree, withDescendants, type Work } from './work.js';

/** Locks what a query names, without running it: what stands behind views is left alone. */
export function lockNamed(work: Work, reads: readonly QualifiedName[]): void {
  for (const name of reads) lock(work, resolveRelation(work.catalog, name), 'AccessShareLock');
}

/** Locks what a running query reads, what stands behind views included. */
export function lockReads(work: Work, reads: readonly QualifiedName[], scans: boolean): void {
  const pending = reads.map((name) => resolveRelation(work.catalog, name));
  const seen = new Set<string>();
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    const view = work.catalog.views.get(key);
    lockTree(work, key, 'AccessShareLock');
    if (view !== undefined && !view.materialized) pending.push(...view.reads);
    else if (scans && view === undefined) scanTree(work, key);
    else if (scans) scan(work, key);
  }
}

export function createTableEffect(work: Work, step: StepOf<'create-table'>): void {
  if (work.catalog.tables.has(creationKey(work.catalog, step.table))) {
    if (!step.ifNotExists) refuse(work, `relation "${step.table.name}" already exists`);
    return;
  }
  const own = creationKey(work.catalog, step.table);
  for (const constraint of [...step.constraints, ...step.columns.flatMap((column) => column.constraints)]) {
    if (constraint.kind !== 'foreign-key') continue;
    const referenced = resolveRelation(work.catalog, constraint.referenced);
    if (referenced !== own) lock(work, referenced, 'ShareRowExclusiveLock');
  }
  for (const parent of step.inherits) lock(work, resolveRelation(work.catalog, parent), 'ShareUpdateExclusiveLock');
  for (const source of step.like) {
    const key = resolveRelation(work.catalog, source.table);
    lock(work, key, 'AccessShareLock');
    if (source.defaults) for (const sequence of ownedSequences(work.catalog, [key])) lock(work, sequence, 'AccessShareLock');
  }
  partitionOfEffect(work, step);
}

/** Sequences that belong to columns of some tables. */
export function ownedSequences(catalog: Catalog, keys: readonly string[]): string[] {
  return [...catalog.sequences.values()].flatMap((sequence) => (sequence.ownedBy !== null && keys.includes(sequence.ownedBy.table) ? [sequence.key] : []));
}

function dropOneTable(work: Work, table: Table, cascade: boolean, together: readonly string[]): void {
  for (const each of withDescendants(work.catalog, table.key)) lock(work, each, 'AccessExclusiveLock');
  if (table.partitionOf !== null) {
    lock(work, table.partitionOf.parent, 'AccessExclusiveLock');
    const fallback = defaultPartition(work, table.partitionOf.parent);
    if (fallback !== undefined) lock(work, fallback.key, 'AccessExclusiveLock');
  }
  for (const constraint of table.constraints.values()) if (constraint.referenced !== null) lock(work, constraint.referenced, 'AccessExclusiveLock');
  const referrers = foreignKeysTo(work.catalog, table.key).filter((each) => !together.includes(each.table.key));
  const views = viewsOn(work.catalog, table.key);
  if (!cascade && (referrers.length > 0 || views.length > 0)) {
    const what = referrers[0] === undefined ? `view ${views[0]?.name ?? ''}` : `constraint ${referrers[0].constraint.name} on table ${referrers[0].table.name}`;
    refuse(work, `cannot drop table ${table.name} because other objects depend on it: ${what}`);
  }
  for (const each of referrers) lock(work, each.table.key, 'AccessExclusiveLock');
  for (const view of views) lock(work, view.key, 'AccessExclusiveLock');
  for (const sequence of ownedSequences(work.catalog, [table.key])) lock(work, sequence, 'AccessExclusiveLock');
}

export function dropTableEffect(work: Work, step: StepOf<'drop-table'>): void {
  const together = step.tables.map((name) => resolveRelation(work.catalog, name));
  for (const key of together) {
    const table = work.catalog.tables.get(key);
    if (table !== undefined) dropOneTable(work, table, step.cascade, together);
    else if (!step.ifExists) lock(work, key, 'AccessExclusiveLock');
  }
}

export function dropViewEffect(work: Work, step: StepOf<'drop-view'>): void {
  for (const name of step.views) {
    const key = resolveRelation(work.catalog, name);
    const dependents = viewsOn(work.catalog, key).filter((view) => !step.views.some((each) => resolveRelation(work.catalog, each) === view.key));
    if (work.catalog.views.has(key) || !step.ifExists) lock(work, key, 'AccessExclusiveLock');
    if (!step.cascade && dependents[0] !== undefined) refuse(work, `cannot drop view ${name.name} because other objects depend on it: view ${dependents[0].name}`);
    for (const view of dependents) lock(work, view.key, 'AccessExclusiveLock');
  }
}

export function truncateEffect(work: Work, step: StepOf<'truncate'>): void {
  const keys = step.tables.flatMap((name) => withDescendants(work.catalog, resolveRelation(work.catalog, name)));
  for (let at = 0; at < keys.length; at += 1) {
    for (const { table } of foreignKeysTo(work.catalog, keys[at] ?? '')) {
      if (keys.includes(table.key)) continue;
      if (step.cascade) keys.push(table.key);
      else refuse(work, `cannot truncate a table referenced in a foreign key constraint: table "${table.name}"`);
    }
  }
  for (const key of keys) {
    lock(work, key, 'AccessExclusiveLock');
    if (work.catalog.tables.get(key)?.partitionBy == null) rewrite(work, key);
  }
  if (step.restartIdentity) for (const sequence of ownedSequences(work.catalog, keys)) lock(work, sequence, 'AccessExclusiveLock');
}

export function refreshEffect(work: Work, step: StepOf<'refresh-materialized-view'>): void {
  const key = resolveRelation(work.catalog, step.view);
  const view = work.catalog.views.get(key);
  const reads = (view?.reads ?? []).map((each): QualifiedName => ({ schema: each.slice(0, each.indexOf('.')), name: each.slice(each.indexOf('.') + 1) }));
  lock(work, key, step.concurrently ? 'ExclusiveLock' : 'AccessExclusiveLock');
  if (!step.concurrently) rewrite(work, key);
  if (step.withData) lockReads(work, reads, step.concurrently);
}

/** ALTER DOMAIN with rows to check: every table with a column of the domain. */
export function domainCheckEffect(work: Work, domain: QualifiedName): void {
  const key = findDomain(work.catalog, { ...domain, modifiers: [], array: false })?.key;
  for (const table of work.catalog.tables.values()) {
    const uses = [...table.columns.values()].some((column) => {
      let type = findDomain(work.catalog, column.type);
      for (let depth = 0; type !== undefined && depth < 20; depth += 1) {
        if (type.key === key) return true;
        type = findDomain(work.catalog, type.type);
      }
      return false;
    });
    if (!uses || key === undefined) continue;
    lock(work, table.key, 'ShareLock');
    if (table.partitionBy === null) scan(work, table.key);
  }
}

/** DROP SCHEMA … CASCADE: as dropping everything in it. */
export function dropSchemaEffect(work: Work, step: StepOf<'drop-schema'>): void {
  const inside = [...work.catalog.tables.values()].filter((table) => step.schemas.includes(table.schema));
  const views = [...work.catalog.views.values()].filter((view) => step.schemas.includes(view.schema));
  if (!step.cascade && inside.length + views.length > 0) refuse(work, `cannot drop schema ${step.schemas.join(', ')} because other objects depend on it`);
  const together = inside.map((table) => table.key);
  for (const table of inside) dropOneTable(work, table, true, together);
  for (const view of views) lock(work, view.key, 'AccessExclusiveLock');
}

/** DROP TYPE and DOMAIN: with CASCADE the columns of that type go. */
export function dropTypeEffect(work: Work, step: StepOf<'drop-type'>): void {
  const keys = step.types.map((type) => resolveIn(work.catalog, type, ['enums', 'domains']));
  for (const table of work.catalog.tables.values()) {
    const column = [...table.columns.values()].find((each) => keys.includes(resolveIn(work.catalog, each.type, ['enums', 'domains'])));
    if (column === undefined) continue;
    if (step.cascade) lock(work, table.key, 'AccessExclusiveLock');
    else refuse(work, `cannot drop type ${step.types[0]?.name ?? ''} because other objects depend on it: column ${column.name} of table ${table.name}`);
  }
}

/** DROP FUNCTION … CASCADE: the triggers that call it go. */
export function dropFunctionEffect(work: Work, step: StepOf<'drop-function'>): void {
  const keys = step.functions.map((name) => resolveIn(work.catalog, name, ['functions']));
  for (const table of work.catalog.tables.values()) {
    if (![...table.triggers.values()].some((called) => keys.includes(called))) continue;
    if (step.cascade) lock(work, table.key, 'AccessExclusiveLock');
    else refuse(work, `cannot drop function ${step.functions[0]?.name ?? ''} because other objects depend on it: a trigger on table ${table.name}`);
  }
}

/** LOCK TABLE: partitions, children, and what stands behind a view. */
export function lockTableEffect(work: Work, step: StepOf<'lock-table'>): void {
  const pending = step.tables.map((name) => resolveRelation(work.catalog, name));
  const seen = new Set<string>();
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    lockTree(work, key, step.mode);
    pending.push(...(work.catalog.views.get(key)?.reads ?? []));
  }
}

/** One lock on a table alone. */
export function alterOneEffect(work: Work, table: QualifiedName, mode: LockMode): void {
  lock(work, resolveRelation(work.catalog, table), mode);
}

/** One lock on a table, with its partitions and children. */
export function alterEffect(work: Work, table: QualifiedName, mode: LockMode): void {
  lockTree(work, resolveRelation(work.catalog, table), mode);
}

export function maintenanceEffect(work: Work, table: QualifiedName | null, rewrites: boolean, mode: LockMode): void {
  const keys = table === null ? [...work.catalog.tables.keys()] : withDescendants(work.catalog, resolveRelation(work.catalog, table));
  for (const key of keys) {
    lock(work, key, mode);
    if (rewrites) rewriteTree(work, key);
  }
}
