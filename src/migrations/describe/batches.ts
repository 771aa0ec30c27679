import type { Catalog } from '../catalog.js';
import { sqlName } from '../describe.js';
import { quoteName } from '../quote.js';
import type { BulkWrite } from '../patterns/writes.js';

/** The single column of a table's primary key; null when it has another kind, or none is known. */
export function primaryKeyColumn(catalog: Catalog, key: string): string | null {
  for (const { definition } of catalog.tables.get(key)?.constraints.values() ?? []) {
    if (definition.kind === 'primary-key') return definition.columns.length === 1 ? (definition.columns[0] ?? null) : null;
  }
  return null;
}

/** A write as a statement to repeat until it touches no row: "UPDATE users SET … WHERE id IN (SELECT id FROM users WHERE … LIMIT 5000)". */
export function inBatches({ step, judged, key }: BulkWrite): string {
  const column = primaryKeyColumn(judged.before, key);
  const table = sqlName(step.table);
  const by = column === null ? null : quoteName(column);
  if (step.kind === 'insert' || step.kind === 'create-table-as') return `INSERT INTO ${table} SELECT … WHERE ${by ?? 'key'} > … ORDER BY ${by ?? 'key'} LIMIT 5000`;
  const head = step.kind === 'delete' ? `DELETE FROM ${table}` : `UPDATE ${table} SET …`;
  const text = step.predicate?.text ?? '';
  const condition = text !== '' && text.length <= 80 && !text.includes('\n') ? text : '…';
  if (by === null) return `${head} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT 5000))`;
  return `${head} WHERE ${by} IN (SELECT ${by} FROM ${table} WHERE ${condition} LIMIT 5000)`;
}
