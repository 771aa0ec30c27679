import { resolveRelation } from '../catalog.js';
import type { StepOf } from '../step.js';
import { baseType } from './casts.js';
import { columnError, UNORDERED } from './column-errors.js';
import { knownTable, type Work } from './work.js';

/** The plain columns between ON and FROM; null where there is more than columns. */
function columnsOf(statement: string): readonly string[] | null {
  const list = /\bon\s+((?:"(?:[^"]|"")+"|\w+)(?:\s*,\s*(?:"(?:[^"]|"")+"|\w+))*)\s+from\b/i.exec(statement)?.[1];
  if (list === undefined) return null;
  return [...list.matchAll(/"((?:[^"]|"")+)"|(\w+)/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? (plain ?? '').toLowerCase());
}

/** Why CREATE STATISTICS is refused; null where it is not, or nobody can tell. */
export function statisticsError(work: Work, step: StepOf<'create-statistics'>): string | null {
  const table = knownTable(work, resolveRelation(work.catalog, step.table));
  const columns = columnsOf(step.statement);
  if (table === null || columns === null) return null;
  const missing = columns.find((column) => !table.columns.has(column));
  if (missing !== undefined) return columnError(table, missing);
  if (new Set(columns).size < columns.length) return 'duplicate column name in statistics definition';
  if (columns.length < 2) return 'extended statistics require at least 2 columns';
  const unordered = columns.find((column) => {
    const type = table.columns.get(column)?.type;
    const base = type === undefined ? undefined : baseType(work.catalog, type);
    return base !== undefined && !base.array && base.schema === null && UNORDERED.has(base.name);
  });
  return unordered === undefined ? null : `column "${unordered}" cannot be used in statistics because its type has no default btree operator class`;
}
