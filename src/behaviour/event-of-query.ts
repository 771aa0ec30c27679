import { entityOf } from './entity.js';
import type { Count, Handle, Placed, PromiseUse, Read, Write } from './event.js';
import { columnsIn, keyOf } from './query.js';
import type { Query } from './query.js';

type Unplaced<E> = E extends Placed ? Omit<E, 'id' | 'span' | 'text' | 'frames'> : never;

/** Where a query runs, and what the author calls its result. */
export interface QuerySite {
  readonly handle: Handle;
  readonly vars: readonly string[];
  readonly promise: PromiseUse;
}

/** The event of what an adapter said of a call, before it has a place. */
export function eventOfQuery(query: Query, { handle, vars, promise }: QuerySite): Unplaced<Read | Count | Write> {
  const { where, whereKnown, library, entityName } = query;
  const table = { entity: entityOf(entityName), entityName, library, key: keyOf(where), where, whereKnown, handle, promise };
  if (query.kind === 'read') {
    const { many, lock = 'none', wait = 'block', limit = null, columns = null, relations = [], orThrow = false } = query;
    return { kind: 'read', ...table, vars, lock, wait, many, limit, columns, relations: relations.map((one) => one.name), within: null, orThrow };
  }
  if (query.kind === 'count') return { kind: 'count', ...table, vars, aggregate: query.aggregate, column: query.column ?? null, lock: query.lock ?? 'none' };
  const { operation, data, dataKnown, target = null, wholeRow = false, many = false, failsWhenMissing = false } = query;
  const { onConflict = 'fail', conflictColumns = [], optimistic = false } = query;
  const written = { operation, data, dataKnown, target, wholeRow, many, failsWhenMissing, onConflict, conflictColumns, optimistic, whereColumns: columnsIn(where) };
  return { kind: 'write', ...table, ...written, variable: vars[0] ?? null };
}
