import { syntax } from '../../../languages/typescript.js';
import type { Query, Relation } from '../../query.js';
import type { Assignment } from '../../event.js';
import type { Expression } from '../../expression.js';
import { compare } from '../../query.js';
import { rowOf } from '../../same-row.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { isModel } from './model-name.js';
import { byPaths } from './relations.js';
import { assignmentsOf, property, whereOf } from './where-object.js';

const READS: Readonly<Record<string, boolean>> = { find: true, findOne: false, findById: false };
const UPDATES = new Set(['updateOne', 'updateMany', 'findOneAndUpdate', 'findByIdAndUpdate', 'replaceOne', 'findOneAndReplace']);
const DELETES = new Set(['deleteOne', 'deleteMany', 'findOneAndDelete', 'findByIdAndDelete', 'findOneAndRemove', 'findByIdAndRemove']);
const INSERTS = new Set(['create', 'insertMany', 'insertOne']);
const COUNTS = new Set(['countDocuments', 'estimatedDocumentCount', 'exists', 'count']);
/** Methods of a query that change nothing of what it is. */
const MODIFIERS = new Set(['exec', 'lean', 'session', 'select', 'populate', 'sort', 'limit', 'skip', 'orFail', 'toArray', 'hint', 'collation', 'read', 'project']);
const OWN = new Set(['findOneAndUpdate', 'findByIdAndUpdate', 'countDocuments', 'findByIdAndDelete', 'findOneAndDelete', 'insertOne']);

/** Mongoose models and documents, and collections of the mongodb driver. */
export const mongoose: Adapter = {
  library: 'mongoose',
  matches(call: CallNames): boolean {
    const at = verbAt(call);
    const link = call.chain.links[at];
    if (link?.call == null) return false;
    if (link.name === 'save' || link.name === 'deleteOne' || link.name === 'remove') return uses(call) || call.scope.values.has(call.chain.root);
    if (OWN.has(link.name)) return true;
    if (READS[link.name] !== undefined || UPDATES.has(link.name) || DELETES.has(link.name) || INSERTS.has(link.name) || COUNTS.has(link.name)) if (heldCollection(call, at) !== null) return true;
    const known = READS[link.name] !== undefined || UPDATES.has(link.name) || DELETES.has(link.name) || INSERTS.has(link.name) || COUNTS.has(link.name);
    const name = modelName(call, at);
    return known && uses(call) && (/[mM]odels?$|[cC]ollection/.test(name) || (/^[A-Z]/.test(name) && isModel(call, name, /mongoose|mongodb|typegoose/)));
  },
  read(call: CallSite): Recognition | null {
    const at = verbAt(call);
    const link = call.chain.links[at];
    const values = call.linkValues[at] ?? [];
    const row = rowOf(call.self);
    if (link === undefined) return null;
    if (row !== null && call.entityOfRow(row) !== null && at === call.chain.links.length - 1) return rowWrite(call, link.name, row);
    if (link.name === 'save' || link.name === 'remove' || (link.name === 'deleteOne' && !/^[A-Z]|[mM]odels?$|[cC]ollection/.test(modelName(call, at)))) return null;
    const name = modelName(call, at);
    if (!/^[A-Z]|[mM]odels?$|[cC]ollection|\./.test(name) && !uses(call)) return null;
    return { is: 'query', query: query(link.name, name, values, call) };
  },
};

function uses(call: CallNames): boolean {
  return call.file.modules.has('mongoose') || call.file.modules.has('mongodb') || [...call.file.modules].some((name) => /mongoose|(^|[/.-])models?([/.-]|$)/i.test(name) && !/sequelize/.test(name));
}

/** The link that says what is done: the last that is no modifier. */
function verbAt(call: CallNames): number {
  return call.chain.links.findLastIndex((link) => link.call !== null && !MODIFIERS.has(link.name));
}

/** The entity of a name that is typed `Model<Account>`, or that holds `db.collection('accounts')`. */
function heldCollection(call: CallNames, at: number): string | null {
  const name = call.chain.links[at - 1]?.name ?? call.chain.root;
  const typed = call.file.typed.get(name);
  if (typed !== undefined && !typed.type.endsWith('Repository')) return typed.entity;
  const held = at === 0 ? call.scope.values.get(call.chain.root) : undefined;
  const [table] = held?.kind === 'call' && /(^|\.)collection$/.test(held.callee) ? held.arguments : [];
  return table?.kind === 'literal' ? capital(String(table.value)) : null;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function modelName(call: CallNames, at: number): string {
  const held = heldCollection(call, at);
  if (held !== null) return capital(held);
  const before = call.chain.links[at - 1];
  if (before?.call != null && before.name === 'collection') {
    const [argument] = before.call.arguments;
    return argument === undefined ? 'collection' : argument.getText().replace(/^['"`]|['"`]$/g, '').replace(/^\w/, (letter) => letter.toUpperCase());
  }
  return before?.name ?? call.chain.root;
}

function query(verb: string, entityName: string, values: readonly Expression[], call: CallSite): Query {
  const [first, second, third] = values;
  const byId = /ById/.test(verb);
  const found = byId ? { where: first === undefined ? null : compare('_id', 'equal', first), known: true } : whereOf(first);
  const base = { library: 'mongoose', entityName, where: found.where, whereKnown: found.known, handle: sessionOf(call) ?? entityName };
  const many = READS[verb];
  if (many !== undefined) return { kind: 'read', ...base, many, relations: populated(call), orThrow: call.chain.links.some((link) => link.name === 'orFail') };
  if (COUNTS.has(verb)) return { kind: 'count', ...base, aggregate: verb === 'exists' ? 'exists' : 'count' };
  if (INSERTS.has(verb)) {
    const { data, known } = assignmentsOf(first);
    return { kind: 'write', ...base, where: null, whereKnown: true, operation: 'insert', data, dataKnown: known };
  }
  if (DELETES.has(verb)) return { kind: 'write', ...base, operation: 'delete', data: [], dataKnown: true };
  const upsert = property(third, 'upsert');
  const { data, known } = updateOf(second);
  const operation = upsert?.kind === 'literal' && upsert.value === true ? 'upsert' : 'update';
  return { kind: 'write', ...base, operation, data, dataKnown: known, many: verb === 'updateMany', onConflict: operation === 'upsert' ? 'update' : 'fail' };
}

/** The session a call names: `.session(session)`, `{ session }`. */
function sessionOf(call: CallNames): string | null {
  for (const link of call.chain.links) {
    for (const argument of link.call?.arguments ?? []) {
      if (link.name === 'session' && syntax.isIdentifier(argument)) return argument.text;
      const given = syntax.isObjectLiteralExpression(argument) ? argument.properties.find((one) => one.name?.getText() === 'session') : undefined;
      if (given !== undefined) return syntax.isPropertyAssignment(given) ? given.initializer.getText() : 'session';
    }
  }
  return null;
}

/** `.populate('wallet owner')`, `.populate({ path: 'wallet' })`. */
function populated(call: CallSite): readonly Relation[] {
  const paths = call.chain.links.flatMap((link, place) => {
    const value = link.name === 'populate' ? call.linkValues[place]?.[0] : undefined;
    const path = property(value, 'path') ?? value;
    return path?.kind === 'literal' && typeof path.value === 'string' ? path.value.split(/\s+/).map((one) => one.split('.')) : [];
  });
  return byPaths(paths);
}

/** `{ $set: { a }, $inc: { b: 1 }, c }`. */
function updateOf(value: Expression | undefined): { readonly data: readonly Assignment[]; readonly known: boolean } {
  if (value?.kind !== 'object') return { data: [], known: false };
  const data: Assignment[] = [];
  let known = value.spreads.length === 0;
  for (const one of value.properties) {
    if (!one.name.startsWith('$')) {
      data.push(...assignmentsOf({ kind: 'object', properties: [one], spreads: [] }).data);
      continue;
    }
    const inner = assignmentsOf(one.value);
    known &&= inner.known;
    data.push(...inner.data.map((each) => ({ ...each, value: operated(one.name, each) })));
  }
  return { data, known };
}

function operated(operator: string, assignment: Assignment): Expression {
  const column: Expression = { kind: 'column', name: assignment.column };
  if (operator === '$set' || operator === '$setOnInsert') return assignment.value;
  if (operator === '$inc') return { kind: 'binary', operator: 'add', left: column, right: assignment.value };
  if (operator === '$mul') return { kind: 'binary', operator: 'multiply', left: column, right: assignment.value };
  return { kind: 'call', callee: operator.slice(1), receiver: column, arguments: [assignment.value] };
}

/** `account.save()` writes the changed paths of a document back. */
function rowWrite(call: CallSite, verb: string, row: number): Recognition | null {
  if (verb !== 'save' && verb !== 'deleteOne' && verb !== 'remove' && verb !== 'updateOne') return null;
  const entityName = call.entityOfRow(row) ?? '';
  // A document keeps the session it was read in.
  const base = { library: 'mongoose', entityName, where: null, whereKnown: true, handle: sessionOf(call) ?? call.handleOfRow(row) ?? entityName, target: row };
  if (verb === 'updateOne') return { is: 'query', query: { kind: 'write', ...base, operation: 'update', ...dataOf(updateOf(call.values[0])) } };
  if (verb !== 'save') return { is: 'query', query: { kind: 'write', ...base, operation: 'delete', data: [], dataKnown: true } };
  const data = call.assigned(row).map((one) => ({ column: one.field, value: one.value, span: one.span }));
  return { is: 'query', query: { kind: 'write', ...base, operation: 'save', data, dataKnown: true } };
}

function dataOf(update: { readonly data: readonly Assignment[]; readonly known: boolean }): { readonly data: readonly Assignment[]; readonly dataKnown: boolean } {
  return { data: update.data, dataKnown: update.known };
}
