import type { Expression } from '../../expression.js';
import { compare } from '../../query.js';
import { rowOf } from '../../same-row.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { assignmentsOf, property, whereOf } from './where-object.js';

const RECEIVER = /(repository|repositories|repo|repos|store|stores|dao|Dao|DAO)$/i;
/** Not of rows: stores of state in a browser, caches, key-value and file stores. */
const OTHER = /(redux|zustand|session|cookie|local|memory|cache|kv|blob|object|file|data|state|use|vector|key)Stores?$|^(git|monorepo)|gitRepo/i;
const READ = /^(find|get|fetch|load|read|lookup|retrieve)(?!.*(All|Many|List|Count|Total|Number))/;
const READ_MANY = /^(find|get|fetch|load|list|read)(All|Many|List)?/;
const WRITE = /^(save|update|insert|create|delete|remove|destroy|upsert|persist|add|set|store|put|replace|mark|increment|decrement|wipe|clear|archive|restore)/;

/**
 * Home-made repositories and stores, by naming only: `accountRepository.findById(id)`, `walletStore.save(wallet)`. Nothing
 * is known of their locks, so rules that need a lock's absence ask for more than this.
 */
export const repository: Adapter = {
  library: 'repository',
  matches(call: CallNames): boolean {
    const owner = call.chain.links.at(-2) ?? { name: call.chain.root, call: null };
    if (call.chain.links.at(-1)?.call == null || owner.call !== null) return false;
    if (!RECEIVER.test(owner.name) || OTHER.test(owner.name) || call.file.browser || !isAsync(call)) return false;
    return READ_MANY.test(call.name) || READ.test(call.name) || WRITE.test(call.name);
  },
  read(call: CallSite): Recognition | null {
    const owner = call.chain.links.at(-2)?.name ?? call.chain.root;
    const entityName = owner.replace(RECEIVER, '');
    const handle = call.values.map((one) => handleIn(one)).find((one) => one !== null) ?? call.receiver;
    const base = { library: 'repository', entityName: entityName === '' ? owner : entityName, handle };
    if (WRITE.test(call.name)) return write(call, base);
    const [first] = call.values;
    const { where, known } = criteriaOf(call.name, first);
    const lock = /forUpdate|locked|lock$|withLock/i.test(call.name) || call.values.some((one) => asksForLock(one)) ? 'update' : 'none';
    return { is: 'query', query: { kind: 'read', ...base, where, whereKnown: known, many: !READ.test(call.name), lock } };
  },
};

/** Its methods are awaited in this file: stores whose methods are not are objects in memory. */
function isAsync(call: CallNames): boolean {
  const methods = call.file.awaited.get(call.receiver);
  return methods !== undefined && (methods.has(call.name) || methods.size >= 2);
}

function handleIn(value: Expression): string | null {
  if (value.kind === 'parameter' && /^(tx|trx|t|transaction|manager|em|client)$/i.test(value.name)) return value.name;
  const inside = property(value, 'transaction') ?? property(value, 'tx') ?? property(value, 'trx');
  return inside?.kind === 'parameter' ? inside.name : null;
}

function asksForLock(value: Expression): boolean {
  return value.kind === 'object' && value.properties.some((one) => /lock|forUpdate/i.test(one.name));
}

function criteriaOf(name: string, value: Expression | undefined): { readonly where: Expression | null; readonly known: boolean } {
  if (value === undefined) return { where: null, known: false };
  if (value.kind === 'object') return whereOf(property(value, 'where') ?? value);
  const by = /By([A-Z]\w*)$/.exec(name)?.[1];
  const column = by === undefined || by.includes('And') ? 'id' : `${by.charAt(0).toLowerCase()}${by.slice(1)}`;
  return { where: compare(column, 'equal', value), known: true };
}

function write(call: CallSite, base: { readonly library: string; readonly entityName: string; readonly handle: string }): Recognition {
  const [first, second] = call.values;
  const target = first === undefined ? null : rowOf(first);
  const operation = /^(insert|create|add)/.test(call.name) ? 'insert' : /^(delete|remove|destroy|wipe|clear)/.test(call.name) ? 'delete' : /^upsert/.test(call.name) ? 'upsert' : target === null ? 'update' : 'save';
  if (target !== null && call.entityOfRow(target) !== null) {
    const data = call.assigned(target).map((one) => ({ column: one.field, value: one.value, span: one.span }));
    return { is: 'query', query: { kind: 'write', ...base, where: null, whereKnown: true, operation, data, dataKnown: true, target } };
  }
  const { where, known } = operation === 'insert' ? { where: null, known: true } : criteriaOf('', first);
  const { data, known: dataKnown } = assignmentsOf(operation === 'insert' ? first : second);
  return { is: 'query', query: { kind: 'write', ...base, where, whereKnown: known, operation, data, dataKnown } };
}
