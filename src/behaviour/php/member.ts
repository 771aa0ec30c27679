import type { SyntaxNode } from '../../languages/tree-sitter.js';
import { MOST_EVENTS } from '../bounded.js';
import { entityOf } from '../entity.js';
import type { Event, Read } from '../event.js';
import type { EventId, Expression } from '../expression.js';
import { rowOf } from '../same-row.js';
import { isModel, isModelClass } from './file-facts.js';
import { emit, handleOf, resultOf, runningTransaction } from './walk.js';
import type { Walk } from './walk.js';

/** Properties of values that are no rows: enums, dates, collections. */
const NO_RELATION = /^(value|name|label|length|timestamp|year|month|day|hour|minute|second|id|uuid|key|total|count)$/;

/** A property of a value, as far as it can be told. */
export function fieldOf(walk: Walk, value: Expression, name: string): Expression {
  if (value.kind === 'object') {
    const property = value.properties.findLast((one) => one.name === name);
    if (property !== undefined) return property.value;
  }
  if (value.kind === 'self') {
    const own = ownRow(walk);
    if (own !== null) return fieldOf(walk, own, name);
    const held = walk.scope.values.get(`this.${name}`) ?? handedProperty(walk, name);
    if (held !== null) return held;
  }
  const row = rowOf(value);
  if (row !== null && isRow(walk.events[row])) {
    const assigned = walk.scope.values.get(assignedKey(row, name));
    if (assigned !== undefined) return assigned;
  }
  const related = NO_RELATION.test(name) && name !== 'id' && name !== 'uuid' ? null : relatedRow(walk, value);
  return { kind: 'field', of: related ?? value, name };
}

function isRow(event: Event | undefined): boolean {
  return event?.kind === 'read' || event?.kind === 'write';
}

/** `$order->customer` as a row: what a column of it is asked of is a row of its own. null where it is none. */
export function relatedRow(walk: Walk, value: Expression): Expression | null {
  if (value.kind !== 'field') return null;
  const parent = rowOf(value.of);
  const read = parent === null ? undefined : walk.events[parent];
  if (parent === null || read?.kind !== 'read' || read.many || (read.library !== 'eloquent' && read.library !== 'parameter')) return null;
  const key = `${parent}.${value.name}`;
  const known = walk.derived.get(key);
  if (known !== undefined) return resultOf(known);
  const id = derive(walk, read, value.name);
  walk.derived.set(key, id);
  return resultOf(id);
}

function derive(walk: Walk, parent: Read, relation: string): EventId {
  const id = walk.events.length;
  if (id >= MOST_EVENTS) return parent.id;
  const row = resultOf(parent.id);
  const key = [{ column: 'id', value: { kind: 'field', of: row, name: `${relation}_id` } as const }];
  walk.events.push({ ...parent, entity: entityOf(relation), entityName: relation, vars: [], relations: [], lock: 'none', limit: null, columns: null, key, where: null, whereKnown: true, many: false, id, within: parent.id, frames: walk.frames });
  return id;
}

/** `$this` in a model is a row that was read before the call. */
export function ownRow(walk: Walk): Expression | null {
  if (walk.owner === null || !walk.handed || !isModelClass(walk.file, walk.owner)) return null;
  return handedRow(walk, 'self', walk.owner.name, '$this', walk.root);
}

/** `$this->order` of a job or an action: a row that came with it. */
function handedProperty(walk: Walk, name: string): Expression | null {
  const type = walk.owner?.properties.get(name);
  if (type === undefined || !walk.handed || isModel(walk.file, type) !== 'yes') return null;
  return handedRow(walk, `self.${name}`, type, `$this->${name}`, walk.root);
}

/** A row that a function did not read itself. A job's own rows, and those that a route names, are read right before it, without a lock. */
export function handedRow(walk: Walk, key: string, entityName: string, text: string, at: SyntaxNode): Expression {
  const known = walk.derived.get(key);
  if (known !== undefined) return { kind: 'result', event: known, name: text };
  const head = { ...at, end: at.children.find((one) => one.field === 'body')?.start ?? at.end };
  const table = { entity: entityOf(entityName), entityName, library: 'parameter', key: [], where: null, whereKnown: true, handle: handleOf(walk, text), promise: 'none' as const };
  const frames = walk.frames;
  walk.frames = frames.filter((one) => one.kind === 'inlined');
  const id = emit(walk, head, { kind: 'read', ...table, handle: { name: text, transaction: null }, vars: [text.replace(/^\$(this->)?/, '')], lock: 'none', wait: 'block', many: false, limit: null, columns: null, relations: [], within: null, orThrow: false }, text);
  walk.frames = frames;
  walk.derived.set(key, id);
  return { kind: 'result', event: id, name: text };
}

/**
 * What is written to the database further on by a method that only rows have, and was not read here: a row that some
 * other function read.
 */
export function savedElsewhere(walk: Walk, node: SyntaxNode, value: Expression): Expression {
  if (!walk.handed || walk.inlined || (value.kind !== 'field' && value.kind !== 'parameter' && value.kind !== 'call' && value.kind !== 'index') || rowOf(value) !== null) return value;
  if (value.kind === 'call' && (value.callee.startsWith('new ') || !/(^|\.)(get|find|fetch|load|retrieve|resolve|current)[A-Z]?\w*$/.test(value.callee))) return value;
  // Inside a transaction it may have been locked where it was read.
  if (value.kind === 'call' && runningTransaction(walk) !== null) return value;
  const text = walk.file.tree.text.slice(node.start, node.end);
  if (!walk.saved.has(text)) return value;
  return handedRow(walk, `path:${text}`, text.replace(/^.*->|^\$/, ''), text, walk.root);
}

/** A variable is given something else: rows that were known by it are no longer those. */
export function forgetPaths(walk: Walk, variable: string): void {
  for (const key of walk.derived.keys()) if (key === `path:$${variable}` || key.startsWith(`path:$${variable}->`)) walk.derived.delete(key);
}

export function indexOf(value: Expression, at: Expression): Expression {
  if (value.kind === 'array' && at.kind === 'literal' && typeof at.value === 'number') return value.elements[at.value] ?? { kind: 'literal', value: null };
  if (value.kind === 'result' && value.name !== null) return { kind: 'index', of: { ...value, name: null }, at };
  return { kind: 'index', of: value, at };
}

/** Where the scope keeps what was assigned to a row's field after it was read. */
export function assignedKey(row: EventId, field: string): string {
  return `#${row}.${field}`;
}

export interface Assigned {
  readonly field: string;
  readonly value: Expression;
  readonly event: Event;
}

/** The fields assigned to a row since it was read. */
export function assignedTo(walk: Walk, row: EventId): readonly Assigned[] {
  const prefix = `#${row}.`;
  const found: Assigned[] = [];
  for (const [key, value] of walk.scope.values) {
    if (!key.startsWith(prefix)) continue;
    const field = key.slice(prefix.length);
    const event = walk.events.findLast((one) => one.kind === 'field-write' && one.row === row && one.field === field);
    if (event !== undefined) found.push({ field, value, event });
  }
  return found;
}

/** Once a row is written back, what was assigned to it is what it holds. */
export function forgetAssigned(walk: Walk, row: EventId): void {
  for (const { field } of assignedTo(walk, row)) {
    const at = walk.events.findLastIndex((one) => one.kind === 'field-write' && one.row === row && one.field === field);
    const event = walk.events[at];
    if (event?.kind === 'field-write') walk.events[at] = { ...event, row: null };
  }
}
