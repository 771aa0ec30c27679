import { resolveRelation } from '../catalog.js';
import type { QualifiedName } from '../definition.js';
import type { LockMode } from '../step.js';
import { lockAll, withDescendants, withPartitions, type Work } from './work.js';

/** How far the server carries a change of a table: to partitions and children, to partitions, or nowhere. */
export type Reach = 'tree' | 'partitions' | 'alone';

export interface Altered {
  readonly table: QualifiedName;
  readonly only?: boolean;
}

/** The tables that a change of a table is carried out on. */
export function reached(work: Work, step: Altered, reach: Reach): string[] {
  const key = resolveRelation(work.catalog, step.table);
  if (step.only === true || reach === 'alone') return [key];
  return reach === 'tree' ? withDescendants(work.catalog, key) : withPartitions(work.catalog, key);
}

/** A handler that does nothing but lock. */
export function alters(mode: LockMode, reach: Reach): (work: Work, step: Altered) => void {
  return (work, step) => {
    lockAll(work, reached(work, step, reach), mode);
  };
}
