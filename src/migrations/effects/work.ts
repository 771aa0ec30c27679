import { childrenOf, type Catalog, type Table } from '../catalog.js';
import type { LockMode } from '../step.js';
import type { Target } from '../target.js';

/** What one step does, while it is being worked out. Changed only by the functions of this file. */
export interface Work {
  readonly catalog: Catalog;
  readonly target: Target;
  /** Every mode taken, per relation: the server keeps a weaker one beside a stronger one. */
  readonly locks: Map<string, Set<LockMode>>;
  readonly rewrite: Set<string>;
  readonly scan: Set<string>;
  /** Relations that are read from end to end too, but not listed as scanned. */
  readonly compared: Set<string>;
  readonly indexRebuild: Set<string>;
  inTransaction: boolean;
  error: string | null;
  notAnalysed: string | null;
  /** Relations that the same transaction has given new files already. */
  readonly renewed: ReadonlySet<string>;
  /** Whether something was concluded from what is not known (an unknown column's type, an unknown function). */
  guessed: boolean;
}

export function openWork(catalog: Catalog, target: Target, renewed: ReadonlySet<string> = new Set()): Work {
  return { catalog, target, renewed, locks: new Map(), rewrite: new Set(), scan: new Set(), compared: new Set(), indexRebuild: new Set(), inTransaction: true, error: null, notAnalysed: null, guessed: false };
}

/** Whether locks on it can block anybody: it was there before, or nothing says that it was not. */
function inUse(work: Work, key: string): boolean {
  return !work.catalog.fresh.has(key) && work.catalog.tables.get(key)?.persistence !== 'temporary' && !key.startsWith('pg_temp.');
}

/** Takes a lock on one relation. Left out are indexes, and relations born in this change: nobody uses them. */
export function lock(work: Work, key: string, mode: LockMode): void {
  if (work.catalog.indexes.has(key) && !work.catalog.tables.has(key)) return;
  if (inUse(work, key)) work.locks.set(key, (work.locks.get(key) ?? new Set<LockMode>()).add(mode));
}

export function scan(work: Work, key: string): void {
  if (inUse(work, key)) work.scan.add(key);
}

export function rewrite(work: Work, key: string): void {
  if (!inUse(work, key)) return;
  work.rewrite.add(key);
  // For its indexes, which are built anew, whether it has some or not.
  lock(work, key, 'ShareLock');
}

export function rebuildIndex(work: Work, key: string): void {
  const table = work.catalog.indexes.get(key)?.table;
  if (table === undefined || inUse(work, table)) work.indexRebuild.add(key);
}

export function refuse(work: Work, error: string): void {
  work.error ??= error;
}

export function isPartitioned(work: Work, key: string): boolean {
  return work.catalog.tables.get(key)?.partitionBy != null;
}

/** A table with its partitions and the tables that inherit from it, at any depth. */
export function withDescendants(catalog: Catalog, key: string): string[] {
  const found = new Set([key]);
  for (const each of found) for (const child of childrenOf(catalog, each)) found.add(child.key);
  return [...found];
}

/** A table with its partitions at any depth; tables that inherit are left out. */
export function withPartitions(catalog: Catalog, key: string): string[] {
  return catalog.tables.get(key)?.partitionBy == null ? [key] : withDescendants(catalog, key);
}

/** Those that hold rows: a partitioned table itself has none. */
export function holdingRows(catalog: Catalog, keys: readonly string[]): string[] {
  return keys.filter((each) => catalog.tables.get(each)?.partitionBy == null);
}

/** Those of `withDescendants` that hold rows. */
export function withRows(catalog: Catalog, key: string): string[] {
  return holdingRows(catalog, withDescendants(catalog, key));
}

/** An index is built or built anew on a table: SHARE is taken for it, whatever is held already. */
export function buildIndex(work: Work, key: string): void {
  lock(work, key, 'ShareLock');
}

export function lockAll(work: Work, keys: readonly string[], mode: LockMode): void {
  for (const each of keys) lock(work, each, mode);
}

export function lockTree(work: Work, key: string, mode: LockMode): void {
  lockAll(work, withDescendants(work.catalog, key), mode);
}

export function scanAll(work: Work, keys: readonly string[]): void {
  for (const each of holdingRows(work.catalog, keys)) scan(work, each);
}

export function scanTree(work: Work, key: string): void {
  scanAll(work, withDescendants(work.catalog, key));
}

export function rewriteAll(work: Work, keys: readonly string[]): void {
  for (const each of holdingRows(work.catalog, keys)) rewrite(work, each);
}

/** The server looks up in the parents which rows a partition may hold. */
export function lockParents(work: Work, key: string): void {
  for (let parent = work.catalog.tables.get(key)?.partitionOf?.parent; parent !== undefined; parent = work.catalog.tables.get(parent)?.partitionOf?.parent) lock(work, parent, 'AccessShareLock');
}

/** A table that is known to the last column, so that what it lacks does not exist. */
export function knownTable(work: Work, key: string): Table | null {
  const table = work.catalog.tables.get(key);
  return table?.complete === true ? table : null;
}
