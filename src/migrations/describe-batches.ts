import type { Catalog } from './catalog.js';
import { sqlName } from './describe.js';
import { quoteName } from './quote.js';
import type { BulkWrite } from './patterns/writes.js';

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
  const head = step.kind === 'delete' ? `DELETE FROM ${table}` : `UPDATE ${table} SET …`;
  const condition = step.kind !== 'insert' && step.predicate !== null && step.predicate.text.length <= 80 && !step.predicate.text.includes('\n') ? step.predicate.text : '…';
  if (step.kind === 'insert') return `INSERT INTO ${table} SELECT … WHERE ${column === null ? 'key' : quoteName(column)} > last ORDER BY ${column === null ? 'key' : quoteName(column)} LIMIT 5000`;
  if (column === null) return `${head} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT 5000))`;
  return `${head} WHERE ${quoteName(column)} IN (SELECT ${quoteName(column)} FROM ${table} WHERE ${condition} LIMIT 5000)`;
}
