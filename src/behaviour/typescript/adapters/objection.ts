import type { BinaryOperator, Expression } from '../../expression.js';
import { allOf, compare } from '../../query.js';
import { rowOf } from '../../same-row.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { assignmentsOf, whereOf } from './where-object.js';

const OPERATORS: Readonly<Record<string, BinaryOperator>> = { '=': 'equal', '<>': 'not-equal', '!=': 'not-equal', '<': 'less', '<=': 'less-or-equal', '>': 'greater', '>=': 'greater-or-equal' };
const WRITES: Readonly<Record<string, 'insert' | 'update' | 'delete'>> = { patch: 'update', update: 'update', patchAndFetch: 'update', patchAndFetchById: 'update', insert: 'insert', insertAndFetch: 'insert', delete: 'delete', deleteById: 'delete', increment: 'update', decrement: 'update' };
const STEPS = /^(findById|findOne|findByIds|where|andWhere|whereIn|first|forUpdate|forShare|skipLocked|noWait|select|orderBy|limit|throwIfNotFound|returning|withGraphFetched|for|context|whereNull|whereNotNull|page|range)$/;

/** Objection: `Account.query(trx).findById(id).forUpdate()`, `account.$query().patch({…})`. */
export const objection: Adapter = {
  library: 'objection',
  matches(call: CallNames): boolean {
    const { links, root } = call.chain;
    const at = startOf(call);
    if (at === -1 || (WRITES[call.name] === undefined && !STEPS.test(call.name))) return false;
    return links[at]?.name === '$query' || /^[A-Z]/.test(links[at - 1]?.name ?? root);
  },
  read(call: CallSite): Recognition | null {
    const { links, root } = call.chain;
    const at = startOf(call);
    const handed = call.linkValues[at]?.[0];
    const own = links[at]?.name === '$query';
    const row = own ? rowOf(call.valueOf(root)) : null;
    const entityName = own ? (row === null ? null : call.entityOfRow(row)) : (links[at - 1]?.name ?? root);
    if (entityName === null) return null;
    const handle = handed?.kind === 'parameter' ? handed.name : own && row !== null ? (call.handleOfRow(row) ?? entityName) : entityName;
    const { where, known } = conditionsOf(call, at);
    const base = { library: 'objection', entityName, where, whereKnown: known, handle };
    const place = links.findIndex((link, index) => index > at && link.call !== null && WRITES[link.name] !== undefined);
    const verb = links[place]?.name;
    if (verb === undefined) {
      const has = (name: string): boolean => links.some((link) => link.name === name && link.call !== null);
      return { is: 'query', query: { kind: 'read', ...base, many: !has('findById') && !has('findOne') && !has('first'), lock: has('forUpdate') || has('forNoKeyUpdate') ? 'update' : has('forShare') ? 'share' : 'none', orThrow: has('throwIfNotFound') } };
    }
    const values = call.linkValues[place] ?? [];
    const { data, known: dataKnown } = /crement$/.test(verb) ? { data: [], known: false } : assignmentsOf(verb === 'patchAndFetchById' ? values[1] : values[0]);
    return { is: 'query', query: { kind: 'write', ...base, operation: WRITES[verb] ?? 'update', data, dataKnown, target: row } };
  },
};

function startOf(call: CallNames): number {
  return call.chain.links.findIndex((link) => (link.name === 'query' || link.name === '$query') && link.call !== null && link.call.arguments.length <= 1);
}

function conditionsOf(call: CallSite, at: number): { readonly where: Expression | null; readonly known: boolean } {
  let known = true;
  const found = call.chain.links.map((link, place) => {
    const [first, second, third] = call.linkValues[place] ?? [];
    if (place <= at || link.call === null) return null;
    if (/^(findById|deleteById|patchAndFetchById)$/.test(link.name)) return first === undefined ? null : compare('id', 'equal', first);
    if (!/^(where|andWhere|findOne)$/.test(link.name)) {
      if (/^(whereRaw|orWhere|whereExists|whereNot|whereIn|whereNull|whereNotNull|modify)$/.test(link.name)) known = false;
      return null;
    }
    if (first?.kind === 'object') return whereOf(first).where;
    if (first?.kind !== 'literal' || second === undefined) {
      known = false;
      return null;
    }
    if (third === undefined) return compare(String(first.value), 'equal', second);
    return { kind: 'binary', operator: OPERATORS[second.kind === 'literal' ? String(second.value) : ''] ?? 'bit', left: { kind: 'column', name: String(first.value) }, right: third } satisfies Expression;
  });
  return { where: allOf(found), known };
}
