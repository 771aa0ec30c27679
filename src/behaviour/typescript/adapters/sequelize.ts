import type { Expression } from '../../expression.js';
import type { RowLock } from '../../event.js';
import { compare } from '../../query.js';
import { rowOf } from '../../same-row.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { isModel } from './model-name.js';
import { includedModels } from './relations.js';
import { assignmentsOf, property, selectedColumns, whereOf } from './where-object.js';

const READS = new Set(['findByPk', 'findOne', 'findAll', 'findAndCountAll', 'findOrFail']);
const WRITES = new Set(['create', 'bulkCreate', 'update', 'destroy', 'upsert', 'findOrCreate', 'increment', 'decrement']);
const ROW_WRITES = new Set(['save', 'update', 'destroy', 'increment', 'decrement', 'reload', 'restore']);

/** Sequelize: static methods of models, and methods of the rows they return. */
export const sequelize: Adapter = {
  library: 'sequelize',
  matches(call: CallNames): boolean {
    const model = call.chain.links.at(-2)?.name ?? call.chain.root;
    if (call.name === 'findByPk' || call.name === 'findAndCountAll' || call.name === 'bulkCreate') return true;
    if (!uses(call)) return false;
    if (heldModel(call) !== null && (READS.has(call.name) || WRITES.has(call.name) || call.name === 'count')) return true;
    if (ROW_WRITES.has(call.name) && /^[a-z]/.test(model) && model !== 'this') return call.scope.values.has(call.chain.root) || call.chain.root === 'this';
    const owner = [call.chain.root, ...call.chain.links.slice(0, -1).map((link) => link.name)].findLast((name) => /^[A-Z]/.test(name));
    return (READS.has(call.name) || WRITES.has(call.name) || call.name === 'count') && owner !== undefined && isModel(call, owner, /sequelize/);
  },
  read(call: CallSite): Recognition | null {
    const row = rowOf(call.self);
    if (row !== null && call.entityOfRow(row) !== null) return ROW_WRITES.has(call.name) ? rowWrite(call, row) : null;
    const model = modelOf(call);
    if (!/^[A-Z]/.test(model)) return null;
    return READS.has(call.name) || call.name === 'count' ? read(call, model) : write(call, model);
  },
};

function uses(call: CallNames): boolean {
  for (const name of call.file.modules) if (/sequelize/.test(name) || /(^|\/)models?(\/|$)/.test(name)) return !call.file.modules.has('mongoose');
  return false;
}

/** The model of a name that is typed as one: `private accounts: typeof Account`. */
function heldModel(call: CallNames): string | null {
  const typed = call.file.typed.get(call.chain.links.at(-2)?.name ?? call.chain.root);
  return typed !== undefined && /^(typeof|ModelStatic|ModelCtor)$/.test(typed.type) && [...call.file.modules].some((name) => name.includes('sequelize')) ? typed.entity : null;
}

/** `Document.unscoped().findOne` and `Document.scope('x').findOne` are Document's. */
function modelOf(call: CallSite): string {
  const held = heldModel(call);
  if (held !== null) return held;
  const names = [call.chain.root, ...call.chain.links.slice(0, -1).map((link) => link.name)];
  return names.findLast((name) => /^[A-Z]/.test(name)) ?? '';
}

function lockOf(options: Expression | undefined): RowLock {
  const lock = property(options, 'lock');
  if (lock === undefined) return 'none';
  if (lock.kind === 'literal') return lock.value === true || /UPDATE/i.test(String(lock.value)) ? 'update' : 'none';
  if (lock.kind === 'field') return /SHARE/.test(lock.name) ? 'share' : 'update';
  if (lock.kind === 'conditional') return 'update';
  return lock.kind === 'object' ? 'update' : 'none';
}

/** The transaction a call names, else the pool. */
function handleOf(options: Expression | undefined, fallback: string): string {
  const transaction = property(options, 'transaction');
  if (transaction?.kind === 'parameter') return transaction.name;
  return transaction?.kind === 'result' && transaction.name !== null ? transaction.name : transaction?.kind === 'field' ? transaction.name : fallback;
}

function read(call: CallSite, model: string): Recognition {
  const byKey = call.name === 'findByPk';
  const options = call.values[byKey ? 1 : 0];
  const key = call.values[0];
  const found = byKey ? { where: key === undefined ? null : compare('id', 'equal', key), known: true } : whereOf(property(options, 'where'));
  const base = { library: 'sequelize', entityName: model, where: found.where, whereKnown: found.known, handle: handleOf(options, model) };
  if (call.name === 'count') return { is: 'query', query: { kind: 'count', ...base, aggregate: 'count' } };
  const reject = property(options, 'rejectOnEmpty');
  return {
    is: 'query',
    query: {
      kind: 'read',
      ...base,
      many: /All$/.test(call.name),
      lock: lockOf(options),
      wait: property(options, 'skipLocked') === undefined ? 'block' : 'skip',
      limit: property(options, 'limit') ?? null,
      columns: selectedColumns(property(options, 'attributes')),
      relations: includedModels(property(options, 'include')),
      orThrow: reject !== undefined && !(reject.kind === 'literal' && reject.value === false),
    },
  };
}

function write(call: CallSite, model: string): Recognition {
  const [first, second] = call.values;
  const operation = operationOf(call.name);
  const options = operation === 'delete' ? first : second;
  const found = operation === 'insert' || operation === 'upsert' ? { where: null, known: true } : whereOf(property(options, 'where'));
  const { data, known } = /crement$/.test(call.name) ? { data: atomic(call.name, first, property(second, 'by')), known: true } : assignmentsOf(call.name === 'findOrCreate' ? property(first, 'defaults') : first);
  const base = { library: 'sequelize', entityName: model, where: found.where, whereKnown: found.known, handle: handleOf(options, model) };
  return { is: 'query', query: { kind: 'write', ...base, operation, data: operation === 'delete' ? [] : data, dataKnown: known, many: call.name === 'bulkCreate', onConflict: operation === 'upsert' ? 'update' : 'fail' } };
}

function operationOf(name: string): 'insert' | 'update' | 'delete' | 'upsert' {
  if (name === 'create' || name === 'bulkCreate') return 'insert';
  if (name === 'upsert' || name === 'findOrCreate') return 'upsert';
  return name === 'destroy' ? 'delete' : 'update';
}

function rowWrite(call: CallSite, row: number): Recognition | null {
  if (call.name === 'reload') return null;
  const entityName = call.entityOfRow(row) ?? '';
  const [first, second] = call.values;
  const options = call.name === 'update' || /crement$/.test(call.name) ? second : first;
  const pending = call.assigned(row).map((one) => ({ column: one.field, value: one.value, span: one.span }));
  const given = call.name === 'update' ? assignmentsOf(first).data : /crement$/.test(call.name) ? atomic(call.name, first, property(second, 'by')) : [];
  const base = { library: 'sequelize', entityName, where: null, whereKnown: true, handle: handleOf(options, entityName) };
  const operation = call.name === 'destroy' ? 'delete' : call.name === 'save' ? 'save' : 'update';
  return { is: 'query', query: { kind: 'write', ...base, operation, data: operation === 'save' ? pending : given, dataKnown: true, target: row } };
}

/** `increment('seats', { by: n })`, `increment({ seats: n })`, `increment(['seats'])`. */
function atomic(name: string, first: Expression | undefined, by: Expression | undefined): { column: string; value: Expression; span: { startLine: number; startColumn: number; endLine: number; endColumn: number } }[] {
  const operator = name === 'increment' ? 'add' : 'subtract';
  const span = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 };
  const of = (column: string, amount: Expression): { column: string; value: Expression; span: typeof span } => ({ column, value: { kind: 'binary', operator, left: { kind: 'column', name: column }, right: amount }, span });
  const one: Expression = { kind: 'literal', value: 1 };
  if (first?.kind === 'literal' && typeof first.value === 'string') return [of(first.value, by ?? one)];
  if (first?.kind === 'object') return first.properties.map((each) => of(each.name, each.value));
  return first?.kind === 'array' ? first.elements.flatMap((each) => (each.kind === 'literal' ? [of(String(each.value), by ?? one)] : [])) : [];
}
