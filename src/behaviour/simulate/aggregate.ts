import type { ReadOperation, Value } from './program.js';
import type { HeldRow } from './terms.js';

/** What a read's aggregate makes of the rows it found; the greatest of none is 0. */
export function aggregate(operation: ReadOperation, rows: readonly HeldRow[]): Value {
  if (operation.aggregate === 'count') return rows.length;
  const numbers = rows.flatMap((row) => {
    const value = row.values[operation.column ?? 'id'];
    return typeof value === 'number' ? [value] : [];
  });
  return operation.aggregate === 'max' ? Math.max(0, ...numbers) : numbers.reduce((sum, one) => sum + one, 0);
}
