import { resolveRelation, type Catalog } from '../catalog.js';
import type { QualifiedName } from '../definition.js';

/** A table as production has it. */
export interface ExistingTable {
  readonly key: string;
  readonly name: QualifiedName;
}

/** What is looked at: the database before the step, and before the whole change. */
interface Shapes {
  readonly before: Catalog;
  readonly deployed: Catalog;
}

/**
 * The table that a name leads to, where production has it: not one born in this change, not a temporary one, and not one
 * that a history which knows tables does not know, where the statement says IF EXISTS.
 */
export function existingTable({ before }: Shapes, name: QualifiedName, ifExists: boolean): ExistingTable | null {
  const key = resolveRelation(before, name);
  const table = before.tables.get(key);
  if (before.fresh.has(key) || key.startsWith('pg_temp') || table?.persistence === 'temporary') return null;
  if (table === undefined && ifExists && before.tables.size > 0) return null;
  return { key, name };
}

/** Whether a column of such a table came with this very change: nothing that runs can know it. */
export function isNewColumn({ before, deployed }: Shapes, key: string, column: string): boolean {
  if (before.fresh.has(key)) return true;
  const table = deployed.tables.get(key);
  return table?.complete === true && !table.columns.has(column) && before.tables.get(key)?.columns.has(column) === true;
}

/** Whether a column is certainly not there, where the statement allows for that. */
export function isAbsentColumn({ before }: Shapes, key: string, column: string, ifExists: boolean): boolean {
  if (!ifExists) return false;
  const table = before.tables.get(key);
  return table === undefined ? before.tables.size > 0 : table.complete && !table.columns.has(column);
}
