import type { ts } from '../../../languages/typescript.js';
import { syntax } from '../../../languages/typescript.js';
import type { Assignment } from '../../event.js';
import type { BinaryOperator, Expression } from '../../expression.js';
import { allOf, compare } from '../../query.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { assignmentsOf, whereOf } from './where-object.js';

const CLIENT = /^(knex|db|trx|tx|t|k|qb|database|transaction|pool|conn|connection)$|knex|Trx$|Db$/;
const STEPS = new Set(['where', 'andWhere', 'whereIn', 'update', 'insert', 'del', 'delete', 'first', 'select', 'increment', 'decrement', 'forUpdate', 'count', 'pluck', 'returning', 'join', 'leftJoin', 'innerJoin', 'orderBy', 'limit', 'onConflict', 'transacting', 'from', 'table', 'into', 'max', 'min', 'sum', 'avg', 'skipLocked']);
const OPERATORS: Readonly<Record<string, BinaryOperator>> = { '=': 'equal', '<>': 'not-equal', '!=': 'not-equal', '<': 'less', '<=': 'less-or-equal', '>': 'greater', '>=': 'greater-or-equal', in: 'in' };

/** Knex: `knex('accounts').where({ id }).first()`, also with a table constant and `.from()`. */
export const knex: Adapter = {
  library: 'knex',
  matches(call: CallNames): boolean {
    const { links } = call.chain;
    if (!STEPS.has(call.name) || tableNode(call) === null) return false;
    if (links.some((link) => link.name === 'set' || link.name === 'values' || link.name === 'createQueryBuilder')) return false;
    return links.filter((link) => STEPS.has(link.name)).length >= 1;
  },
  read(call: CallSite): Recognition | null {
    const table = tableOf(call);
    if (table === null) return null;
    const has = (name: string): boolean => call.chain.links.some((link) => link.name === name && link.call !== null);
    const { where, known } = conditions(call);
    const base = { library: 'knex', entityName: table, where, whereKnown: known, handle: handleOf(call) };
    const written = write(call, base, has);
    if (written !== null) return written;
    const aggregate = (['count', 'max', 'min', 'sum', 'avg'] as const).find((name) => has(name));
    if (aggregate !== undefined) return { is: 'query', query: { kind: 'count', ...base, aggregate: aggregate === 'avg' ? 'average' : aggregate, lock: has('forUpdate') ? 'update' : 'none' } };
    const lock = has('forUpdate') || has('forNoKeyUpdate') ? 'update' : has('forShare') ? 'share' : 'none';
    const limit = valuesOf(call, 'limit')?.[0] ?? null;
    return { is: 'query', query: { kind: 'read', ...base, many: !has('first'), lock, wait: has('skipLocked') ? 'skip' : has('noWait') ? 'nowait' : 'block', limit } };
  },
};

/** The node that names the table: an argument of `knex(…)`, `.from(…)`, `.table(…)`, `.into(…)`. */
function tableNode(call: CallNames): ts.Expression | null {
  const { links } = call.chain;
  const first = links.find((link) => link.call !== null);
  const argument = first?.call?.arguments[0];
  if (first !== undefined && argument !== undefined && CLIENT.test(first.name) && (links[0] === first || call.chain.root === 'this')) return argument;
  const from = links.find((link) => (link.name === 'from' || link.name === 'table' || link.name === 'into') && link.call !== null)?.call?.arguments[0];
  const client = [call.chain.root, ...links.map((link) => link.name)].some((name) => CLIENT.test(name));
  return from !== undefined && client && syntax.isStringLiteralLike(from) ? from : null;
}

function tableOf(call: CallSite): string | null {
  const node = tableNode(call);
  if (node === null) return null;
  const value = call.chain.links.map((link, place) => (link.call?.arguments[0] === node ? call.linkValues[place]?.[0] : undefined)).find((one) => one !== undefined);
  if (value?.kind === 'literal' && typeof value.value === 'string') return value.value.split(/\s+as\s+|\s/i)[0] ?? value.value;
  if (syntax.isObjectLiteralExpression(node)) {
    const only = value?.kind === 'object' ? value.properties[0]?.value : undefined;
    return only?.kind === 'literal' ? String(only.value) : null;
  }
  // `T.users`, `TABLES.USERS`, `TableName.Users`
  return syntax.isPropertyAccessExpression(node) ? node.name.text : syntax.isIdentifier(node) ? node.text : null;
}

function valuesOf(call: CallSite, name: string): readonly Expression[] | undefined {
  const place = call.chain.links.findIndex((link) => link.name === name && link.call !== null);
  return place === -1 ? undefined : call.linkValues[place];
}

function conditions(call: CallSite): { readonly where: Expression | null; readonly known: boolean } {
  let known = true;
  const found = call.chain.links.map((link, place) => {
    if (link.call === null || !/^(where|andWhere|whereNot|whereIn|whereNull|whereNotNull|orWhere|whereRaw|whereNotIn|whereExists)$/.test(link.name)) return null;
    const one = condition(link.name, call.linkValues[place] ?? []);
    if (one === null) known = false;
    return one;
  });
  return { where: allOf(found), known };
}

function condition(name: string, values: readonly Expression[]): Expression | null {
  const [first, second, third] = values;
  if (first?.kind === 'object') return whereOf(first).where;
  if (first?.kind !== 'literal' || typeof first.value !== 'string') return null;
  const column = first.value.split('.').pop() ?? first.value;
  if (name === 'whereRaw') return { kind: 'opaque', text: first.value, uses: [...first.value.matchAll(/[A-Za-z_]\w*/g)].map((one) => ({ kind: 'column', name: one[0] })) };
  if (name === 'whereNull') return compare(column, 'equal', { kind: 'literal', value: null });
  if (name === 'whereNotNull') return compare(column, 'not-equal', { kind: 'literal', value: null });
  if (second === undefined) return null;
  if (name === 'whereIn') return compare(column, 'in', second);
  if (name === 'whereNot' || name === 'whereNotIn') return { kind: 'binary', operator: 'not-equal', left: { kind: 'column', name: column }, right: second };
  if (name === 'orWhere') return { kind: 'opaque', text: column, uses: [{ kind: 'column', name: column }] };
  if (third === undefined) return compare(column, 'equal', second);
  const operator = second.kind === 'literal' ? OPERATORS[String(second.value).toLowerCase()] : undefined;
  return { kind: 'binary', operator: operator ?? 'bit', left: { kind: 'column', name: column }, right: third };
}

function handleOf(call: CallSite): string {
  const transacting = valuesOf(call, 'transacting')?.[0];
  if (transacting?.kind === 'parameter') return transacting.name;
  const first = call.chain.links.find((link) => link.call !== null);
  return call.chain.root === '' ? (first?.name ?? '') : call.chain.root === 'this' ? `this.${first?.name ?? ''}` : call.chain.root;
}

type Base = { readonly library: string; readonly entityName: string; readonly where: Expression | null; readonly whereKnown: boolean; readonly handle: string };

/** `decrement('stock', n)`, `increment({ points: n })`. */
function counted(name: 'increment' | 'decrement', [first, second]: readonly Expression[]): readonly Assignment[] {
  const of = (column: string, amount: Expression): Assignment => ({
    column,
    value: { kind: 'binary', operator: name === 'increment' ? 'add' : 'subtract', left: { kind: 'column', name: column }, right: amount },
    span: { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 },
  });
  if (first?.kind === 'object') return first.properties.map((one) => of(one.name, one.value));
  return first?.kind === 'literal' ? [of(String(first.value), second ?? { kind: 'literal', value: 1 })] : [];
}

function write(call: CallSite, base: Base, has: (name: string) => boolean): Recognition | null {
  for (const name of ['increment', 'decrement'] as const) {
    const data = counted(name, valuesOf(call, name) ?? []);
    if (data.length > 0) return { is: 'query', query: { kind: 'write', ...base, operation: 'update', data, dataKnown: true } };
  }
  const operation = has('update') ? 'update' : has('insert') ? 'insert' : has('del') || has('delete') ? 'delete' : null;
  if (operation === null) return null;
  const values = valuesOf(call, operation) ?? [];
  const [first, second] = values;
  const single = operation === 'update' && first?.kind === 'literal' && second !== undefined;
  const { data, known } = single ? assignmentsOf({ kind: 'object', properties: [{ name: String(first.value), value: second, span: null }], spreads: [] }) : assignmentsOf(first);
  const onConflict = has('merge') ? 'update' : has('ignore') ? 'nothing' : 'fail';
  return { is: 'query', query: { kind: 'write', ...base, operation, data: operation === 'delete' ? [] : data, dataKnown: known || operation === 'delete', onConflict } };
}
