import { syntax } from '../../../languages/typescript.js';
import type { ts } from '../../../languages/typescript.js';
import { columnOf } from '../../entity.js';
import type { BinaryOperator, Expression, Property } from '../../expression.js';
import { allOf } from '../../query.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { bare } from '../walk.js';
import { assignmentsOf } from './where-object.js';

const ENDS = /^(execute|executeTakeFirst|executeTakeFirstOrThrow|stream)$/;
const STARTS = /^(selectFrom|updateTable|insertInto|deleteFrom|replaceInto)$/;
const OPERATORS: Readonly<Record<string, BinaryOperator>> = { '=': 'equal', '<>': 'not-equal', '!=': 'not-equal', '<': 'less', '<=': 'less-or-equal', '>': 'greater', '>=': 'greater-or-equal', in: 'in', is: 'equal' };

/** Kysely: `db.updateTable('accounts').set({…}).where('id', '=', id).execute()`. */
export const kysely: Adapter = {
  library: 'kysely',
  matches(call: CallNames): boolean {
    return ENDS.test(call.name) && call.chain.links.some((link) => STARTS.test(link.name) && link.call !== null);
  },
  read(call: CallSite): Recognition | null {
    const { links, root } = call.chain;
    const start = links.findIndex((link) => STARTS.test(link.name) && link.call !== null);
    const table = call.linkValues[start]?.[0];
    if (table?.kind !== 'literal') return null;
    const has = (name: string): boolean => links.some((link) => link.name === name && link.call !== null);
    const handle = root === 'this' ? `this.${links[0]?.name ?? ''}` : root;
    const conditions = links.flatMap((link, place) => (link.name === 'where' && link.call !== null ? [condition(call.linkValues[place] ?? [])] : []));
    const base = { library: 'kysely', entityName: String(table.value).split(/\s+as\s+/i)[0] ?? '', where: allOf(conditions), whereKnown: conditions.every((one) => one !== null), handle };
    const verb = links[start]?.name;
    if (verb === 'selectFrom') {
      const lock = has('forUpdate') || has('forNoKeyUpdate') ? 'update' : has('forShare') ? 'share' : 'none';
      return { is: 'query', query: { kind: 'read', ...base, many: call.name === 'execute', lock, wait: has('skipLocked') ? 'skip' : 'block', orThrow: call.name.endsWith('OrThrow') } };
    }
    const values = call.linkValues[links.findIndex((link) => link.name === 'set' || link.name === 'values')] ?? [];
    const { data, known } = assignmentsOf(builtIn(call, values[0]));
    const operation = verb === 'updateTable' ? 'update' : verb === 'deleteFrom' ? 'delete' : 'insert';
    return { is: 'query', query: { kind: 'write', ...base, operation, data, dataKnown: known || operation === 'delete', onConflict: has('onConflict') || has('onDuplicateKeyUpdate') ? 'update' : 'fail' } };
  },
};

/** `.set((eb) => ({ balance: eb('balance', '-', amount) }))`: read where it is written, an object of plain calls. */
function builtIn(call: CallSite, value: Expression | undefined): Expression | undefined {
  const node = call.chain.links.find((link) => link.name === 'set')?.call?.arguments[0];
  if (value?.kind === 'object' || node === undefined || !syntax.isArrowFunction(node)) return value;
  const body = bare(node.body as ts.Expression);
  if (!syntax.isObjectLiteralExpression(body)) return value;
  const properties = body.properties.flatMap((one): readonly Property[] => (syntax.isPropertyAssignment(one) && syntax.isIdentifier(one.name) ? [{ name: one.name.text, value: operated(one.name.text, bare(one.initializer)), span: null }] : []));
  return { kind: 'object', properties, spreads: [] };
}

const ARITHMETIC: Readonly<Record<string, BinaryOperator>> = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide' };

function operated(column: string, node: ts.Expression): Expression {
  const unknown: Expression = { kind: 'opaque', text: '', uses: [] };
  if (!syntax.isCallExpression(node)) return unknown;
  const [named, operator] = node.arguments.map((one) => (syntax.isStringLiteralLike(one) ? one.text : ''));
  const arithmetic = ARITHMETIC[operator ?? ''];
  return arithmetic === undefined || columnOf(named ?? '') !== columnOf(column) ? unknown : { kind: 'binary', operator: arithmetic, left: { kind: 'column', name: column }, right: unknown };
}

function condition(values: readonly Expression[]): Expression | null {
  const [column, operator, value] = values;
  if (column?.kind !== 'literal' || operator?.kind !== 'literal' || value === undefined) return null;
  const name = String(column.value).split('.').pop() ?? '';
  return { kind: 'binary', operator: OPERATORS[String(operator.value).toLowerCase()] ?? 'bit', left: { kind: 'column', name }, right: value };
}
