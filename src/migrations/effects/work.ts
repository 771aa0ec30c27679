import { indexesOf, type Catalog } from '../catalog.js';
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
  readonly indexRebuild: Set<string>;
  inTransaction: boolean;
  error: string | null;
  notAnalysed: string | null;
  /** Whether something was concluded from what is not known (an unknown column's type, an unknown function). */
  guessed: boolean;
}

export function openWork(catalog: Catalog, target: Target): Work {
  return { catalog, target, locks: new Map(), rewrite: new Set(), scan: new Set(), indexRebuild: new Set(), inTransaction: true, error: null, notAnalysed: null, guessed: false };
}

/** Whether locks on it can block anybody: it was there before, or nothing says that it was not. */
function inUse(work: Work, key: string): boolean {
  return !work.catalog.fresh.has(key) && work.catalog.tables.get(key)?.persistence !== 'temporary';
}

/** Takes a lock on one relation. Locks on relations born in this change are left out: nobody uses them. */
export function lock(work: Work, key: string, mode: LockMode): void {
  if (inUse(work, key)) work.locks.set(key, (work.locks.get(key) ?? new Set<LockMode>()).add(mode));
}

export function scan(work: Work, key: string): void {
  if (inUse(work, key)) work.scan.add(key);
}

export function rewrite(work: Work, key: string): void {
  if (!inUse(work, key)) return;
  work.rewrite.add(key);
  // Its indexes are built anew.
  if (indexesOf(work.catalog, key).length > 0) lock(work, key, 'ShareLock');
}

export function rebuildIndex(work: Work, key: string): void {
  const table = work.catalog.indexes.get(key)?.table;
  if (table === undefined || inUse(work, table)) work.indexRebuild.add(key);
}

export function refuse(work: Work, error: string): void {
  work.error ??= error;
}

/** A table with everything that an ALTER of it reaches: partitions and inheritance children, at any depth. */
export function withDescendants(catalog: Catalog, key: string): string[] {
  const children = new Map<string, string[]>();
  for (const table of catalog.tables.values()) {
    const parents = table.partitionOf === null ? table.inherits : [table.partitionOf.parent];
    for (const parent of parents) {
      const known = children.get(parent);
      if (known === undefined) children.set(parent, [table.key]);
      else known.push(table.key);
    }
  }
  const found = new Set([key]);
  for (const each of found) for (const child of children.get(each) ?? []) found.add(child);
  return [...found];
}

/** Those of `withDescendants` that hold rows: a partitioned table itself has none. */
export function withRows(catalog: Catalog, key: string): string[] {
  return withDescendants(catalog, key).filter((each) => catalog.tables.get(each)?.partitionBy == null);
}

/** An index is built or built anew: SHARE is taken for it, whatever is held already. */
export function buildIndex(work: Work, key: string): void {
  for (const each of withRows(work.catalog, key)) lock(work, each, 'ShareLock');
}

export function lockTree(work: Work, key: string, mode: LockMode): void {
  for (const each of withDescendants(work.catalog, key)) lock(work, each, mode);
}

export function scanTree(work: Work, key: string): void {
  for (const each of withRows(work.catalog, key)) scan(work, each);
}

export function rewriteTree(work: Work, key: string): void {
  for (const each of withRows(work.catalog, key)) rewrite(work, each);
}
