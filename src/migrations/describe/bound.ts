import type { Table } from '../catalog.js';
import type { PartitionBound } from '../definition.js';
import { quoteName } from '../quote.js';

/** The condition that a partition's rows fulfil, as a CHECK would say it; null for bounds that are more than a range or list on one column. */
export function boundCondition(parent: Table | undefined, bound: PartitionBound): string | null {
  const columns = parent?.partitionBy?.columns ?? [];
  const [first] = columns;
  if (first == null || columns.length !== 1 || bound.default) return null;
  const column = quoteName(first);
  const range = /\bfrom\s*\(([^()]*)\)\s*to\s*\(([^()]*)\)/is.exec(bound.text);
  if (range !== null) {
    const low = (range[1] ?? '').trim();
    const high = (range[2] ?? '').trim();
    const parts = [...(/^minvalue$/i.test(low) ? [] : [`${column} >= ${low}`]), ...(/^maxvalue$/i.test(high) ? [] : [`${column} < ${high}`])];
    return [`${column} IS NOT NULL`, ...parts].join(' AND ');
  }
  const list = /\bin\s*\((.*)\)\s*$/is.exec(bound.text);
  return list === null ? null : `${column} IS NOT NULL AND ${column} IN (${(list[1] ?? '').trim()})`;
}
