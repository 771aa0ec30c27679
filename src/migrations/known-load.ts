import type { TableSize } from '../core/config.js';
import { tableSize } from './describe.js';

/** From so many rows on, reading or waiting on a table is noticed. */
const MANY_ROWS = 1_000_000;

/** From so many queries a second on, a queue before a lock is noticed at once. */
const MANY_QUERIES = 50;

/** Whether the configuration says that a table is busy or large. What is not configured is not known to be. */
export function isKnownToMatter(tables: ReadonlyMap<string, TableSize>, key: string): boolean {
  const size = tableSize(tables, key);
  if (size === null) return false;
  return size.hot === true || (size.rows ?? 0) >= MANY_ROWS || (size.qps ?? 0) >= MANY_QUERIES;
}

/** Whether the configuration says that a table is queried all the time: whoever waits for its lock stops others. */
export function isKnownBusy(tables: ReadonlyMap<string, TableSize>, key: string): boolean {
  const size = tableSize(tables, key);
  return size !== null && (size.hot === true || (size.qps ?? 0) >= MANY_QUERIES);
}
