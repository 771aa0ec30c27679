import { entityOf } from '../entity.js';
import type { Event, KeyPart, Read } from '../event.js';
import type { EventId, Expression } from '../expression.js';
import type { Relation } from '../query.js';
import { sameValue } from '../same-row.js';
import { MOST_EVENTS } from '../bounded.js';
import type { Walk } from './walk.js';

/** More relations of one read are not followed. */
const MOST_RELATIONS = 20;

/** Rows that came with others, or were picked out of them, under the place of the query that brought them. */
function derive(walk: Walk, parent: Read, changes: Partial<Read>): EventId {
  const id = walk.events.length;
  if (id >= MOST_EVENTS) return parent.id;
  walk.events.push({ ...parent, vars: [], relations: [], limit: null, columns: null, ...changes, id, within: parent.id, frames: walk.frames });
  return id;
}

/** Gives the rows of related tables that a read brings along events of their own, so that their columns are known. */
export function bringAlong(walk: Walk, read: EventId, relations: readonly Relation[]): void {
  const parent = walk.events[read];
  if (parent?.kind !== 'read') return;
  for (const relation of relations.slice(0, MOST_RELATIONS)) {
    const entityName = relation.entityName ?? relation.name;
    const id = derive(walk, parent, { entityName, entity: entityOf(entityName), key: keysOf(parent, relation.name), where: null, whereKnown: true, many: true, relations: relation.relations.map((one) => one.name) });
    if (id === read) return;
    for (const name of namesOf(relation)) walk.derived.set(`${read}.${name}`, id);
    bringAlong(walk, id, relation.relations);
  }
}

/** `Wallet` is `user.Wallet` or `user.Wallets` where no other name was given. */
function namesOf({ name, entityName }: Relation): readonly string[] {
  return name === entityName ? [name, `${name}s`, name.charAt(0).toLowerCase() + name.slice(1)] : [name];
}

/** By what a related row is known without reading it: the parent's `walletId` is its id, its `userId` is the parent's id. */
function keysOf(parent: Read, relation: string): readonly KeyPart[] {
  const row: Expression = { kind: 'result', event: parent.id, name: null };
  const owner = `${parent.entity ?? ''}Id`;
  const own = parent.key.filter((part) => part.column === 'id' || part.column === '_id');
  return [
    { column: 'id', value: { kind: 'field', of: row, name: `${relation}Id` } },
    { column: owner, value: { kind: 'field', of: row, name: 'id' } },
    ...own.map((part) => ({ column: owner, value: part.value })),
  ];
}

/** One row picked out of those that were read, by columns that equal something. null when nothing says which. */
export function pickedOut(walk: Walk, list: Expression, key: readonly KeyPart[]): Expression | null {
  const parent = list.kind === 'result' ? walk.events[list.event] : undefined;
  if (parent?.kind !== 'read' || key.length === 0) return null;
  const known = walk.events.find((one) => one.kind === 'read' && one.within === parent.id && isPickedBy(one, key) && one.frames.every((frame) => walk.frames.includes(frame)));
  if (known !== undefined) return { kind: 'result', event: known.id, name: null };
  return { kind: 'result', event: derive(walk, parent, { key: [...parent.key, ...key], relations: parent.relations, many: false }), name: null };
}

/** Looked up by the same columns, with the same values, it is the same row. */
function isPickedBy(read: Event, key: readonly KeyPart[]): boolean {
  return read.kind === 'read' && key.every((part) => read.key.some((one) => one.column === part.column && sameValue(one.value, part.value)));
}
