import type { LoadedFiles } from '../../core/snapshot.js';
import type { Catalog, Table } from '../../migrations/catalog.js';
import type { Engine, Refusal } from '../engine.js';
import { identifier } from './names.js';

/** A statement that the running code sends. */
export interface OldStatement {
  readonly statement: string;
  /** Where the code says it; null where it follows from the tables alone. */
  readonly path: string | null;
  readonly line: number | null;
}

/** What the base's code asks of the tables that a change touches (`schema.name`). */
export function findOldCode(_baseCode: LoadedFiles, before: Catalog, touched: ReadonlySet<string>): readonly OldStatement[] {
  return [...touched].sort().flatMap((key) => {
    const table = before.tables.get(key);
    return table?.complete === true ? shapesOf(table) : [];
  });
}

function shapesOf(table: Table): OldStatement[] {
  const needed = [...table.columns.values()].filter((column) => column.notNull && column.default === null && column.identity === null && column.generated === null);
  if (needed.length === 0) return [];
  const [columns, values] = [needed.map(({ name }) => identifier(name)).join(', '), needed.map((_, index) => `$${String(index + 1)}`).join(', ')];
  return [{ statement: `INSERT INTO ${identifier(table.schema, table.name)} (${columns}) VALUES (${values})`, path: null, line: null }];
}

/** What the server refuses of them: prepared, never run. Leaves the session as it was. */
export async function tryOldCode(engine: Engine, statements: readonly OldStatement[]): Promise<ReadonlyMap<OldStatement, Refusal>> {
  const refused = new Map<OldStatement, Refusal>();
  for (const one of statements) {
    const refusal = await engine.attempt(`PREPARE belay_old_code AS ${one.statement}`);
    if (refusal === null) await engine.attempt('DEALLOCATE belay_old_code');
    else refused.set(one, refusal);
  }
  return refused;
}
