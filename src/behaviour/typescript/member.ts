import type { Event } from '../event.js';
import type { EventId, Expression } from '../expression.js';
import { rowOf } from '../same-row.js';
import { handedAt } from './handed-rows.js';
import type { Walk } from './walk.js';

/** What libraries call the number of rows a write touched. */
const AFFECTED = new Set(['count', 'rowCount', 'affectedRows', 'affected', 'modifiedCount', 'matchedCount', 'deletedCount', 'upsertedCount', 'nModified', 'changes', 'numAffectedRows', 'numUpdatedRows', 'numDeletedRows']);
/** Wrappers around rows: `{ rows }` of pg, `{ recordset }` of mssql, `{ data }` of PostgREST clients. */
const ROWS = new Set(['rows', 'recordset']);

/** A property of a value, as far as it can be told. */
export function fieldOf(walk: Walk, value: Expression, name: string): Expression {
  if (value.kind === 'object') {
    const property = value.properties.findLast((one) => one.name === name);
    if (property !== undefined) return property.value;
  }
  const event = value.kind === 'result' ? walk.events[value.event] : undefined;
  if (event !== undefined) {
    if (event.kind === 'write' && AFFECTED.has(name)) return { kind: 'affected', event: event.id };
    if (ROWS.has(name) || (name === 'data' && (event.kind === 'read' || event.kind === 'write') && event.library === 'postgrest')) return value;
    if (event.kind === 'read' && name === 'rowCount') return { kind: 'unary', operator: 'exists', operand: value };
  }
  const row = rowOf(value);
  if (row !== null) {
    const related = walk.derived.get(`${row}.${name}`);
    if (related !== undefined) return { kind: 'result', event: related, name: null };
    const assigned = walk.scope.values.get(assignedKey(row, name));
    if (assigned !== undefined) return assigned;
  }
  const field: Expression = { kind: 'field', of: value, name };
  return handedAt(walk, field) ?? field;
}

export function indexOf(value: Expression, at: Expression): Expression {
  if (value.kind === 'array' && at.kind === 'literal' && typeof at.value === 'number') {
    return value.elements[at.value] ?? { kind: 'literal', value: undefined };
  }
  if (value.kind === 'result' && value.name !== null) return { kind: 'index', of: { ...value, name: null }, at };
  return { kind: 'index', of: value, at };
}

/** Where the scope keeps what was assigned to a row's field after it was read. */
export function assignedKey(row: EventId, field: string): string {
  return `#${row}.${field}`;
}

/** The fields assigned to a row since it was read. */
export function assignedTo(walk: Walk, row: EventId): readonly { readonly field: string; readonly value: Expression; readonly event: Event }[] {
  const prefix = `#${row}.`;
  const found: { field: string; value: Expression; event: Event }[] = [];
  for (const [key, value] of walk.scope.values) {
    if (!key.startsWith(prefix)) continue;
    const field = key.slice(prefix.length);
    const event = walk.events.findLast((one) => one.kind === 'field-write' && one.row === row && one.field === field);
    if (event !== undefined) found.push({ field, value, event });
  }
  return found;
}
