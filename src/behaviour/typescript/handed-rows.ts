import { syntax } from '../../languages/typescript.js';
import { entityOf } from '../entity.js';
import type { Event, FunctionBehaviour, Write } from '../event.js';
import type { Expression } from '../expression.js';
import { speaksOfLocks } from '../lock-words.js';
import { isTransactional } from '../covered.js';
import { emit } from './walk.js';
import type { FunctionNode, Walk } from './walk.js';

/** A row that a function did not read itself: it came in as a parameter, or on the request. */
export interface HandedRow {
  /** `account`, `req.user`. */
  readonly path: string;
  readonly entityName: string;
  readonly library: string;
}

/** Parameters that bring a transaction or a session with them: the row may have been locked in it. */
const HANDLE = /^(tx|trx|t|transaction|manager|em|entityManager|session|client|conn|connection|queryRunner|runner|qr|db|knex|prisma|pool|uow|unitOfWork|options|opts)$|(Tx|Trx|Transaction|Manager|Session|Client|Connection)$/;

/**
 * The rows that a function was handed and writes back. Where others of the file call it, the story is told there; where it
 * is handed a transaction, or its name says that it runs in one or under a lock, nothing is known of how the row was read.
 */
export function handedRows(behaviour: FunctionBehaviour, node: FunctionNode, called: ReadonlySet<string>): readonly HandedRow[] {
  const names = node.parameters.flatMap((one) => [...one.name.getText().matchAll(/[\w$]+/g)].map((match) => match[0]));
  if (behaviour.runsIn === 'browser' || called.has(behaviour.name) || names.some((name) => HANDLE.test(name)) || isTransactional(behaviour.name) || speaksOfLocks(behaviour.name)) return [];
  if (behaviour.events.some((one) => one.kind === 'tx-begin' && one.style === 'declared')) return [];
  const found = new Map<string, HandedRow>();
  for (const event of behaviour.events) {
    const row = event.kind === 'write' ? rowOfWrite(event, node) : event.kind === 'call' ? rowOfSave(event, node) : null;
    if (row !== null) found.set(row.path, row);
  }
  return [...found.values()];
}

/** `update({ where: { id: account.id } })`, where `account` is called or typed like the table. */
function rowOfWrite(write: Write, node: FunctionNode): HandedRow | null {
  if (write.target !== null || write.entity === null || write.operation === 'insert') return null;
  for (const { value } of write.key) {
    const path = value.kind === 'field' && /^_?id$|Id$|^uuid$/.test(value.name) ? pathOf(value.of) : null;
    if (path !== null && isOf(write.entity, path, node)) return { path, entityName: write.entityName, library: write.library };
  }
  if (write.operation !== 'save' || write.dataKnown) return null;
  const { entity } = write;
  const saved = node.parameters.map((one) => one.name.getText()).find((name) => new RegExp(`\\bsave\\([^()]{0,60}\\b${name.replace(/\W/g, '\\$&')}\\b`).test(write.text) && isOf(entity, name, node));
  return saved === undefined ? null : { path: saved, entityName: write.entityName, library: write.library };
}

/** `account.save()`. */
function rowOfSave(call: Extract<Event, { kind: 'call' }>, node: FunctionNode): HandedRow | null {
  const path = call.name === 'save' && call.receiver !== null ? pathOf(call.receiver) : null;
  if (path === null || !node.parameters.some((one) => one.name.getText() === path)) return null;
  return { path, entityName: typeOf(path, node) ?? path, library: 'parameter' };
}

/** `account` of a parameter, `req.user` of its field. */
function pathOf(value: Expression): string | null {
  if (value.kind === 'parameter') return value.outer ? null : value.name;
  if (value.kind !== 'field') return null;
  const owner = pathOf(value.of);
  return owner === null || owner.split('.').length > 2 ? null : `${owner}.${value.name}`;
}

function isOf(entity: string, path: string, node: FunctionNode): boolean {
  const names = [path.slice(path.lastIndexOf('.') + 1), typeOf(path, node) ?? ''];
  return names.some((name) => {
    const one = entityOf(name);
    return one !== null && one.length > 2 && (one.endsWith(entity) || entity.endsWith(one));
  });
}

/** The type a parameter is declared with. */
function typeOf(path: string, node: FunctionNode): string | null {
  const parameter = node.parameters.find((one) => one.name.getText() === path);
  const type = parameter?.type;
  return type !== undefined && syntax.isTypeReferenceNode(type) ? type.typeName.getText().replace(/^.*\./, '').replace(/Document$/, '') : null;
}

/** Lets the paths stand for rows, as if they had been read where the function begins. */
export function bindHanded(walk: Walk, rows: readonly HandedRow[]): void {
  for (const { path, entityName } of rows) {
    const root = path.split('.')[0] ?? path;
    const parameter = walk.root.parameters.find((one) => [...one.name.getText().matchAll(/[\w$]+/g)].some((match) => match[0] === root));
    if (parameter === undefined) continue;
    const table = { entity: entityOf(entityName), entityName, library: 'parameter', key: [], where: null, whereKnown: true, handle: { name: path, transaction: null }, promise: 'none' as const };
    walk.handed.set(path, emit(walk, parameter, { kind: 'read', ...table, vars: [path], lock: 'none', wait: 'block', many: false, limit: null, columns: null, relations: [], within: null, orThrow: false }, path));
  }
}

/** The row that a path stands for, null where it stands for none. */
export function handedAt(walk: Walk, value: Expression): Expression | null {
  if (walk.handed.size === 0) return null;
  const path = pathOf(value);
  const event = path === null ? undefined : walk.handed.get(path);
  return event === undefined ? null : { kind: 'result', event, name: path };
}
