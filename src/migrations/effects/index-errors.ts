import { indexesOf, resolveRelation, type Index } from '../catalog.js';
import type { Altered } from './reach.js';
import { isPartitioned, knownTable, type Work } from './work.js';

function find(work: Work, key: string, name: string): Index | string | null {
  const index = indexesOf(work.catalog, key).find((each) => each.name === name);
  if (index !== undefined) return index;
  return knownTable(work, key) === null ? null : `index "${name}" for table "${key}" does not exist`;
}

/** Why a table cannot be clustered on an index; null where it can, or nobody can tell. */
export function clusterIndexError(work: Work, step: Altered, name: string): string | null {
  const key = resolveRelation(work.catalog, step.table);
  const index = find(work, key, name);
  if (index === null || typeof index === 'string') return index;
  if (isPartitioned(work, key)) return 'cannot mark index clustered in partitioned table';
  if (index.partial) return `cannot cluster on partial index "${name}"`;
  return index.method === 'btree' || index.method === 'gist' ? null : `cannot cluster on index "${name}" because access method does not support clustering`;
}

/** Why an index cannot be the identity of rows that are replicated; null where it can, or nobody can tell. */
export function replicaIndexError(work: Work, step: Altered, name: string): string | null {
  const key = resolveRelation(work.catalog, step.table);
  const index = find(work, key, name);
  if (index === null || typeof index === 'string') return index;
  if (!index.unique) return `cannot use non-unique index "${name}" as replica identity`;
  if (index.columns.includes(null)) return `cannot use expression index "${name}" as replica identity`;
  if (index.partial) return `cannot use partial index "${name}" as replica identity`;
  const table = work.catalog.tables.get(key);
  const owner = index.constraint === null ? undefined : table?.constraints.get(index.constraint)?.definition;
  if (owner !== undefined && 'deferrable' in owner && owner.deferrable) return `cannot use non-immediate index "${name}" as replica identity`;
  const nullable = index.columns.find((column) => column !== null && table?.columns.get(column)?.notNull === false);
  return nullable == null ? null : `index "${name}" cannot be used as replica identity because column "${nullable}" is nullable`;
}
