import type { WriteQuery } from '../../query.js';
import { syntax } from '../../../languages/typescript.js';
import type { BinaryOperator, Expression } from '../../expression.js';
import { columnsIn } from '../../query.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { relationsIn } from './relations.js';
import { assignmentsOf, property } from './where-object.js';

const COMPARE: Readonly<Record<string, BinaryOperator>> = { eq: 'equal', ne: 'not-equal', lt: 'less', lte: 'less-or-equal', gt: 'greater', gte: 'greater-or-equal', inArray: 'in' };

/** Drizzle: `db.update(accounts).set({…}).where(eq(accounts.id, id))`, `db.select().from(accounts)`, `db.query.accounts.findFirst()`. */
export const drizzle: Adapter = {
  library: 'drizzle',
  matches(call: CallNames): boolean {
    if (!uses(call)) return false;
    const { links } = call.chain;
    if (links.at(-3)?.name === 'query' && /^find(First|Many)$/.test(call.name)) return true;
    return statementAt(call) !== -1;
  },
  read(call: CallSite): Recognition | null {
    const { links } = call.chain;
    const handle = call.chain.root === 'this' ? `this.${links[0]?.name ?? ''}` : call.chain.root;
    if (links.at(-3)?.name === 'query') {
      const where = conditionOf(property(call.values[0], 'where'));
      return { is: 'query', query: { kind: 'read', library: 'drizzle', entityName: links.at(-2)?.name ?? '', where, whereKnown: true, handle, many: call.name === 'findMany', limit: property(call.values[0], 'limit') ?? null, relations: relationsIn(call.values[0]) } };
    }
    return statement(call, handle);
  },
};

function uses(call: CallNames): boolean {
  for (const name of call.file.modules) if (/drizzle/.test(name)) return true;
  return false;
}

const FOLLOWED = new Set(['set', 'values', 'where', 'returning', 'onConflictDoNothing', 'onConflictDoUpdate', 'select']);

/** The link `update(table)`, `insert(table)`, `delete(table)` or `from(table)`: on a client, or with the steps that follow it. */
function statementAt(call: CallNames): number {
  const { links, root } = call.chain;
  return links.findIndex((link, place) => {
    const [argument] = link.call?.arguments ?? [];
    if (!/^(update|insert|delete|from)$/.test(link.name) || argument === undefined) return false;
    if (!syntax.isIdentifier(argument) && !syntax.isPropertyAccessExpression(argument)) return false;
    const owner = links[place - 1]?.name ?? root;
    return CLIENT.test(owner) || call.scope.handles.has(owner) || links.some((one) => FOLLOWED.has(one.name));
  });
}

const CLIENT = /^(db|tx|trx|drizzle|database|client|conn|connection|orm)$|Db$|Database$/;

function statement(call: CallSite, handle: string): Recognition | null {
  const { links } = call.chain;
  const at = statementAt(call);
  const link = links[at];
  const argument = link?.call?.arguments[0];
  if (link === undefined || argument === undefined) return null;
  const name = syntax.isPropertyAccessExpression(argument) ? argument.name.text : argument.getText();
  const entityName = call.file.tables.get(name) ?? name;
  const values = (of: string): readonly Expression[] | undefined => {
    const place = links.findIndex((one) => one.name === of && one.call !== null);
    return place === -1 ? undefined : call.linkValues[place];
  };
  const condition = values('where')?.[0];
  const base = { library: 'drizzle', entityName, where: conditionOf(condition), whereKnown: true, handle };
  if (link.name !== 'from') return { is: 'query', query: { kind: 'write', ...base, ...writeOf(link.name, values) } };
  const lock = values('for')?.[0];
  const selected = values('select')?.[0];
  const aggregate = selected?.kind === 'object' ? selected.properties.map((one) => aggregateOf(one.value)).find((one) => one !== null) : undefined;
  if (aggregate != null) return { is: 'query', query: { kind: 'count', ...base, aggregate } };
  const skip = property(values('for')?.[1], 'skipLocked');
  const strength = lock?.kind !== 'literal' ? 'none' : /share/.test(String(lock.value)) ? 'share' : 'update';
  return { is: 'query', query: { kind: 'read', ...base, many: true, lock: strength, wait: skip === undefined ? 'block' : 'skip', limit: values('limit')?.[0] ?? null } };
}

function writeOf(verb: string, values: (of: string) => readonly Expression[] | undefined): Pick<WriteQuery, 'operation' | 'data' | 'dataKnown' | 'onConflict'> {
  if (verb === 'delete') return { operation: 'delete', data: [], dataKnown: true };
  const { data, known } = assignmentsOf(values('set')?.[0] ?? values('values')?.[0]);
  if (verb === 'update') return { operation: 'update', data, dataKnown: known };
  const onConflict = values('onConflictDoNothing') !== undefined ? 'nothing' : values('onConflictDoUpdate') !== undefined || values('onDuplicateKeyUpdate') !== undefined ? 'update' : 'fail';
  return { operation: onConflict === 'update' ? 'upsert' : 'insert', data, dataKnown: known, onConflict };
}

function isColumn(value: Expression): boolean {
  return value.kind === 'field' && value.of.kind === 'parameter';
}

/** `eq(accounts.id, id)`, `and(…)`, `or(…)`, `sql\`…\``. */
function conditionOf(value: Expression | undefined): Expression | null {
  if (value === undefined) return null;
  if (value.kind === 'binary' || value.kind === 'column') return value;
  if (value.kind === 'template') return { kind: 'opaque', text: 'sql', uses: value.parts.map((one) => columnOf(one)) };
  if (value.kind === 'opaque') return { ...value, uses: value.uses.map((one) => columnOf(one)) };
  if (value.kind !== 'call') return null;
  const [first, second] = value.arguments;
  const operator = COMPARE[value.callee];
  if (operator !== undefined && first !== undefined && second !== undefined) return { kind: 'binary', operator, left: columnOf(first), right: second };
  if (value.callee === 'isNull' && first !== undefined) return { kind: 'binary', operator: 'equal', left: columnOf(first), right: { kind: 'literal', value: null } };
  if (value.callee === 'and' || value.callee === 'or') {
    const operatorName = value.callee;
    return value.arguments.map((one) => conditionOf(one)).reduce((sum, one) => (sum === null ? one : one === null ? sum : { kind: 'binary', operator: operatorName, left: sum, right: one }), null);
  }
  const uses = value.arguments.map((one) => columnOf(one));
  return { kind: 'opaque', text: value.callee, uses: columnsIn({ kind: 'array', elements: uses }).map((name) => ({ kind: 'column', name })) };
}

function columnOf(value: Expression): Expression {
  return value.kind === 'field' && isColumn(value) ? { kind: 'column', name: value.name } : value;
}

function aggregateOf(value: Expression): 'count' | 'max' | 'min' | 'sum' | null {
  if (value.kind !== 'call') return null;
  return (['count', 'max', 'min', 'sum'] as const).find((name) => value.callee === name) ?? null;
}
