import { syntax } from '../../../languages/typescript.js';
import { compare } from '../../query.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { property, whereOf } from './where-object.js';

/** MikroORM's entity manager: what was assigned to a row since it was read is written by `flush`. */
export const mikroOrm: Adapter = {
  library: 'mikro-orm',
  matches(call: CallNames): boolean {
    if (![...call.file.modules].some((name) => name.includes('mikro-orm'))) return false;
    return /^(findOne|findOneOrFail|find|flush|persistAndFlush|count)$/.test(call.name) && /(^|\.)(em|entityManager|orm\.em|\w*Em|manager)$/.test(call.receiver);
  },
  read(call: CallSite): Recognition | null {
    if (/flush/i.test(call.name)) return flush(call);
    const entity = call.node.arguments[0];
    const key = call.values[1];
    if (entity === undefined || !syntax.isIdentifier(entity) || key === undefined) return null;
    const found = key.kind === 'object' ? whereOf(key) : { where: compare('id', 'equal', key), known: true };
    const base = { library: 'mikro-orm', entityName: entity.text, where: found.where, whereKnown: found.known, handle: call.receiver };
    if (call.name === 'count') return { is: 'query', query: { kind: 'count', ...base, aggregate: 'count' } };
    const mode = property(call.values[2], 'lockMode');
    const lock = mode?.kind === 'field' && /PESSIMISTIC_(WRITE|PARTIAL_WRITE)/.test(mode.name) ? 'update' : mode?.kind === 'field' && /READ/.test(mode.name) ? 'share' : 'none';
    return { is: 'query', query: { kind: 'read', ...base, many: call.name === 'find', lock, orThrow: call.name.endsWith('OrFail') } };
  },
};

/** The row that was changed last stands for all that are written. */
function flush(call: CallSite): Recognition | null {
  const row = call.changedRow();
  if (row === null) return null;
  const data = call.assigned(row).map((one) => ({ column: one.field, value: one.value, span: one.span }));
  return { is: 'query', query: { kind: 'write', library: 'mikro-orm', entityName: call.entityOfRow(row) ?? '', where: null, whereKnown: true, handle: call.receiver, operation: 'save', data, dataKnown: true, target: row } };
}
