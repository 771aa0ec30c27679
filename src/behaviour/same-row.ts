import { columnOf } from './entity.js';
import type { Count, Read, Write } from './event.js';
import type { EventId, Expression } from './expression.js';

/** The event a row comes from: the result itself, or one of its rows. */
export function rowOf(value: Expression): EventId | null {
  if (value.kind === 'result') return value.event;
  return value.kind === 'index' ? rowOf(value.of) : null;
}

/** A column of a row that an event yielded. */
export interface ColumnReference {
  readonly event: EventId;
  readonly column: string;
}

/** `account.balance`, also as `Number(account.balance)` or `account.balance.toNumber()`; null for anything else. */
export function columnReference(value: Expression): ColumnReference | null {
  if (value.kind === 'field') {
    const row = rowOf(value.of);
    return row === null ? null : { event: row, column: value.name };
  }
  if (value.kind !== 'call') return null;
  const name = value.callee.slice(value.callee.lastIndexOf('.') + 1);
  if (/^(Number|parseFloat|parseInt|String|Boolean|BigInt|new (Prisma\.)?Decimal|new Big(Number)?|new Date|Decimal|Big|new Set|Array\.from)$/.test(value.callee) && value.arguments[0] !== undefined) return columnReference(value.arguments[0]);
  return /^(toNumber|getTime|valueOf|toString|toFixed)$/.test(name) && value.receiver !== null ? columnReference(value.receiver) : null;
}

/** Whether two expressions are the same value within one run: structurally equal, `now` and opaque parts apart. */
export function sameValue(one: Expression, other: Expression): boolean {
  if (one === other) return true;
  if (one.kind !== other.kind) return false;
  switch (one.kind) {
    case 'literal':
      return other.kind === 'literal' && one.value === other.value;
    case 'parameter':
      return other.kind === 'parameter' && one.name === other.name;
    case 'result':
      return other.kind === 'result' && one.event === other.event;
    case 'column':
      return other.kind === 'column' && columnOf(one.name) === columnOf(other.name);
    case 'self':
      return true;
    case 'field':
      return other.kind === 'field' && one.name === other.name && sameValue(one.of, other.of);
    case 'index':
      return other.kind === 'index' && sameValue(one.of, other.of) && sameValue(one.at, other.at);
    case 'call':
      return other.kind === 'call' && one.callee === other.callee && one.arguments.length === other.arguments.length && one.arguments.every((each, place) => sameValue(each, other.arguments[place] ?? each));
    case 'template':
      return other.kind === 'template' && one.parts.length === other.parts.length && one.parts.every((each, place) => sameValue(each, other.parts[place] ?? each));
    default:
      return false;
  }
}

/** Whether a write goes to the row that was read: it writes that very row back, or names it by the same key. */
export function sameRow(read: Read | Count, write: Write): boolean {
  if (write.target !== null) return write.target === read.id;
  if (!sameTable(read, write) && !namesRelated(read, write)) return false;
  let matched = false;
  for (const part of write.key) {
    const value = part.value;
    const from = columnReference(value);
    if (from !== null && from.event === read.id) {
      if (!namesSame(from.column, part.column)) return false;
      matched = true;
      continue;
    }
    const twins = read.key.filter((one) => columnOf(one.column) === columnOf(part.column));
    if (twins.length === 0) continue;
    if (!twins.some((twin) => sameValue(twin.value, value) || sameColumn(twin.value, value))) return twins.some((twin) => isState(twin.value)) || isState(value) ? matched : false;
    matched ||= !isState(value);
  }
  return matched;
}

/** A row that came with another belongs to the table its relation is named after; one that a function of another file gave to the table that the function or the variable is named after. */
function sameTable(read: Read | Count, write: Write): boolean {
  if (write.entity === null) return false;
  const related = read.kind === 'read' && read.within !== null;
  if (read.library !== 'function' && !related) return read.entity === write.entity;
  const names = [read.entity, ...read.vars.map((name) => name.toLowerCase())];
  return names.some((name) => name !== null && name.length > 2 && (name.endsWith(write.entity ?? '') || (write.entity ?? '').endsWith(name)));
}

/** One column of one row, also where a list of rows stands for each of them. */
function sameColumn(one: Expression, other: Expression): boolean {
  const left = columnReference(one);
  const right = columnReference(other);
  return left !== null && right !== null && left.event === right.event && columnOf(left.column) === columnOf(right.column);
}

/** `where: { id: transfer.sender.id }`: whatever the relation is called, that is the row. */
function namesRelated(read: Read | Count, write: Write): boolean {
  if (read.kind !== 'read' || read.within === null) return false;
  return write.key.some((part) => /^_?id$/.test(part.column) && columnReference(part.value)?.event === read.id);
}

/** `id` and `_id` are one; otherwise a key is matched by its own column. */
function namesSame(one: string, other: string): boolean {
  return columnOf(one) === columnOf(other);
}

/** A constant in a condition tells a state, not a row. */
function isState(value: Expression): boolean {
  if (value.kind === 'field') return value.of.kind === 'parameter' ? value.of.outer && /^[A-Z]/.test(value.of.name) : isState(value.of);
  return value.kind === 'literal';
}
