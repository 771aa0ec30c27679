import { childrenOf, type Catalog, type Table } from '../catalog.js';
import { excludes, readCondition } from './conditions.js';
import { withDescendants, type Work } from './work.js';

/** Whether one value of the partition key is asked for, and another partition than the default one has it. */
function isTaken(parts: readonly Table[], values: readonly string[] | null, text: string, column: string): boolean {
  if (values === null) return false;
  const others = parts.filter((part) => part.partitionOf?.bound.default === false);
  return values.every((value) => others.some((part) => part.partitionOf !== null && !excludes({ ...readCondition(text, column), values: [value] }, part.partitionOf.bound)));
}

function partsLeft(catalog: Catalog, table: Table, text: string): readonly Table[] {
  const parts = childrenOf(catalog, table.key);
  const [column, ...others] = table.partitionBy?.columns ?? [];
  if (column == null || others.length > 0) return parts;
  // A predicate is true of no row that has NULL where it compares.
  const condition = { ...readCondition(text, column), notNull: true };
  if (condition.low === null && condition.high === null && condition.values === null) return parts;
  return parts.filter(({ partitionOf }) => (partitionOf?.bound.default === true ? !isTaken(parts, condition.values, text, column) : partitionOf === null || !excludes(condition, partitionOf.bound)));
}

/** A table with the partitions, at any depth, that may hold rows for which a predicate is true, and the tables that inherit from it. */
export function remaining(work: Work, key: string, predicate: string): string[] {
  const table = work.catalog.tables.get(key);
  if (table?.partitionBy == null) return withDescendants(work.catalog, key);
  return [key, ...partsLeft(work.catalog, table, predicate).flatMap((part) => remaining(work, part.key, predicate))];
}
