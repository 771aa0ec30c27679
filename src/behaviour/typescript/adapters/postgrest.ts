import type { BinaryOperator, Expression } from '../../expression.js';
import { allOf, compare } from '../../query.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { assignmentsOf, whereOf } from './where-object.js';

const VERBS = /^(select|insert|update|upsert|delete)$/;
const FILTERS: Readonly<Record<string, BinaryOperator>> = { eq: 'equal', neq: 'not-equal', lt: 'less', lte: 'less-or-equal', gt: 'greater', gte: 'greater-or-equal', in: 'in', is: 'equal' };
const OTHER_FILTERS = /^(or|not|filter|contains|containedBy|overlaps|like|ilike|textSearch|range\w+)$/;
const FOLLOWING = /^(single|maybeSingle|limit|range|order|returns|throwOnError|csv|abortSignal)$/;

/** Supabase and other PostgREST clients: `supabase.from('accounts').select('*').eq('id', id).single()`. */
export const postgrest: Adapter = {
  library: 'postgrest',
  matches(call: CallNames): boolean {
    const names = call.chain.links.map((link) => link.name);
    const from = names.indexOf('from');
    if (from === -1 || call.chain.links[from]?.call == null || !VERBS.test(names[from + 1] ?? '')) return false;
    if (!VERBS.test(call.name) && FILTERS[call.name] === undefined && !OTHER_FILTERS.test(call.name) && !FOLLOWING.test(call.name) && call.name !== 'match') return false;
    return /supabase|postgrest/i.test(`${call.chain.root} ${names.join(' ')}`) || [...call.file.modules].some((name) => /supabase|postgrest/.test(name));
  },
  read(call: CallSite): Recognition | null {
    const { links } = call.chain;
    const from = links.findIndex((link) => link.name === 'from');
    const table = call.linkValues[from]?.[0];
    const verb = links[from + 1]?.name ?? '';
    if (table?.kind !== 'literal') return null;
    const conditions = links.map((link, place) => (place > from + 1 && link.call !== null ? filterOf(link.name, call.linkValues[place] ?? []) : null));
    const known = !links.some((link, place) => place > from + 1 && OTHER_FILTERS.test(link.name));
    const base = { library: 'postgrest', entityName: String(table.value), where: allOf(conditions), whereKnown: known, handle: call.chain.root };
    if (verb === 'select') return { is: 'query', query: { kind: 'read', ...base, many: !links.some((link) => /[sS]ingle$/.test(link.name)) } };
    const operation = verb as 'insert' | 'update' | 'upsert' | 'delete';
    const { data, known: dataKnown } = assignmentsOf(call.linkValues[from + 1]?.[0]);
    return { is: 'query', query: { kind: 'write', ...base, operation, data: operation === 'delete' ? [] : data, dataKnown: dataKnown || operation === 'delete', onConflict: operation === 'upsert' ? 'update' : 'fail' } };
  },
};

function filterOf(name: string, [first, second]: readonly Expression[]): Expression | null {
  if (name === 'match') return whereOf(first).where;
  const operator = FILTERS[name];
  if (operator === undefined || first?.kind !== 'literal' || second === undefined) return null;
  return operator === 'equal' ? compare(String(first.value), 'equal', second) : { kind: 'binary', operator, left: { kind: 'column', name: String(first.value) }, right: second };
}
