import type { Assignment, Read, Write } from '../event.js';
import type { EventId, Expression } from '../expression.js';
import { compare } from '../query.js';
import { storeField } from './assign.js';
import { countingData, dataOf, newBuilder, place } from './builder.js';
import { valuesOf, type CallSite } from './call-site.js';
import { assignedTo, fieldOf, forgetAssigned } from './member.js';
import { emit, resultOf } from './walk.js';
import type { Walk } from './walk.js';

const SAVES = /^(save|saveOrFail|saveQuietly|push|persist|touch)$/;
const UPDATES = /^(update|updateOrFail|updateQuietly|forceUpdate)$/;
const FILLS = /^(fill|forceFill|setRawAttributes)$/;
const COUNTING = /^(increment|decrement|incrementQuietly|decrementQuietly|incrementEach|decrementEach)$/;
const DELETES = /^(delete|forceDelete|deleteQuietly|deleteOrFail|forceDeleteQuietly)$/;
const QUERIES = /^(newQuery|newModelQuery|query|lockForUpdate|sharedLock|newQueryWithoutScopes)$/;
const SAME = /^(load|loadMissing|loadCount|makeVisible|makeHidden|append|withoutRelations|setRelation|setConnection|syncOriginal|replicate)$/;
/** Names of methods that are no relation of a model. */
const VERBS = /^(is|has|can|get|set|mark|send|should|was|are|does|to|as|make|check|find|add|remove|notify|update|create|delete|calculate|generate|handle|process|apply|cancel|approve|reject|close|open|start|stop|finish|complete|assign|sync|toggle|route|url|format|scope|charge|refund|pay|fire|trigger|dispatch|validate|ensure|assert|assertCan|authorize|transition|log|track|record|increase|decrease|reset|restore|archive|publish|unpublish|activate|deactivate|enable|disable|lock|unlock|release|reserve|consume|redeem|use|withdraw|deposit|transfer|credit|debit)(?=[A-Z_]|$)/;

type Row = Read | Write;

/** The library whose row it is; a row that was handed in is the model's. */
function libraryOf(row: Row): string {
  return row.library === 'parameter' ? 'eloquent' : row.library;
}

/** What a method of a row does; null where that is not known. */
export function rowCall(walk: Walk, site: CallSite, value: Expression, row: EventId): Expression | null {
  const event = walk.events[row];
  if (event?.kind !== 'read' && event?.kind !== 'write') return null;
  const { name } = site;
  if (SAVES.test(name)) return saved(walk, site, row, event, assignedData(walk, row));
  if (UPDATES.test(name) && site.arguments.length <= 2) {
    const { data, known } = dataOf(walk, site, valuesOf(walk, site)[0]);
    return saved(walk, site, row, event, [...assignedData(walk, row), ...data], known, 'update');
  }
  if (COUNTING.test(name)) {
    const values = valuesOf(walk, site);
    return written(walk, site, row, event, { operation: 'update', data: countingData(walk, site, values), dataKnown: values[0]?.kind === 'literal' });
  }
  if (DELETES.test(name)) return written(walk, site, row, event, { operation: 'delete', data: [], dataKnown: true });
  return filled(walk, site, value, row) ?? reread(walk, site, row, event) ?? accessed(walk, site, value, event) ?? related(walk, site, row, event);
}

/** What was assigned to a row since it was read: it is written when the row is saved. */
export function assignedData(walk: Walk, row: EventId): readonly Assignment[] {
  return assignedTo(walk, row).map(({ field, value, event }) => ({ column: field, value, span: event.span }));
}

function saved(walk: Walk, site: CallSite, row: EventId, event: Row, data: readonly Assignment[], dataKnown = true, operation: 'save' | 'update' = 'save'): Expression {
  const result = written(walk, site, row, event, { operation, data, dataKnown });
  forgetAssigned(walk, row);
  return result;
}

function written(walk: Walk, site: CallSite, row: EventId, event: Row, given: Pick<Write, 'operation' | 'data' | 'dataKnown'>): Expression {
  return resultOf(place(walk, site, { kind: 'write', library: libraryOf(event), entityName: event.entityName, where: null, whereKnown: true, handle: event.handle.name, target: row, ...given }));
}

/** `fill([...])`, `setAttribute('status', 'paid')`, `getAttribute('status')`. */
function filled(walk: Walk, site: CallSite, value: Expression, row: EventId): Expression | null {
  const { name } = site;
  if (FILLS.test(name)) {
    const [first] = valuesOf(walk, site);
    if (first?.kind === 'object') for (const one of first.properties) storeField(walk, site.node, resultOf(row), one.name, one.value);
    return value;
  }
  if (name === 'setAttribute' || name === 'getAttribute' || name === 'getOriginal' || name === 'offsetGet') {
    const [first, second] = valuesOf(walk, site);
    if (first?.kind !== 'literal') return value;
    if (name !== 'setAttribute') return fieldOf(walk, value, String(first.value));
    if (second !== undefined) storeField(walk, site.node, resultOf(row), String(first.value), second);
    return value;
  }
  return SAME.test(name) ? value : null;
}

/** `refresh()` and `fresh()` read the row again, and so does a query that starts from it. */
function reread(walk: Walk, site: CallSite, row: EventId, event: Row): Expression | null {
  const { name } = site;
  const id: Expression = { kind: 'field', of: resultOf(row), name: 'id' };
  if (name === 'refresh' || name === 'fresh') {
    const read = place(walk, site, { kind: 'read', library: libraryOf(event), entityName: event.entityName, where: compare('id', 'equal', id), whereKnown: true, handle: event.handle.name, many: false });
    if (name === 'refresh') renew(walk, row, read);
    return resultOf(read);
  }
  if (!QUERIES.test(name)) return null;
  const { value, builder } = newBuilder(walk, libraryOf(event), event.entityName);
  if (name === 'lockForUpdate') builder.lock = 'update';
  return value;
}

/** Every name that held the old row holds the one that was read again. */
function renew(walk: Walk, old: EventId, read: EventId): void {
  for (const [name, held] of walk.scope.values) {
    if (held.kind === 'result' && held.event === old) walk.scope.values.set(name, { kind: 'result', event: read, name });
    else if (name.startsWith(`#${old}.`)) walk.scope.values.delete(name);
  }
  for (const [key, held] of walk.derived) if (held === old) walk.derived.set(key, read);
}

/** `getBalance()` and `setBalance($x)` of an entity that is no active record: Doctrine's rows have no other columns. */
function accessed(walk: Walk, site: CallSite, value: Expression, event: Row): Expression | null {
  if (event.library === 'eloquent' || event.library === 'parameter') return null;
  const found = /^(get|set|is)([A-Z]\w*)$/.exec(site.name);
  if (found === null) return null;
  const field = (found[2] ?? '').charAt(0).toLowerCase() + (found[2] ?? '').slice(1);
  if (found[1] !== 'set') return site.arguments.length === 0 ? fieldOf(walk, value, field) : null;
  const [first] = valuesOf(walk, site);
  if (first === undefined || site.arguments.length !== 1) return null;
  storeField(walk, site.node, value, field, first);
  return value;
}

/** `$user->orders()`: a query over the related rows. */
function related(walk: Walk, site: CallSite, row: EventId, event: Row): Expression | null {
  const { name } = site;
  if (site.arguments.length > 0 || VERBS.test(name) || (event.library !== 'eloquent' && event.library !== 'parameter')) return null;
  emit(walk, site.node, { kind: 'call', callee: site.callee, name, receiver: resultOf(row), arguments: [], async: null, promise: 'none', variable: null, target: null });
  const owner: Expression = { kind: 'field', of: resultOf(row), name: 'id' };
  const { value } = newBuilder(walk, 'eloquent', name, [compare(`${event.entity ?? 'owner'}_id`, 'equal', owner)]);
  return value;
}

/** Methods of rows that were read together: `first`, `map`, `sum`. null where they are none. */
export function isCollectionMethod(name: string): boolean {
  return /^(first|last|firstWhere|find|sole|get|pop|shift|random)$/.test(name);
}


/** Methods that an active record has, whatever its columns are. */
export function isRowMethod(name: string): boolean {
  return SAVES.test(name) || UPDATES.test(name) || FILLS.test(name) || COUNTING.test(name) || DELETES.test(name) || /^(refresh|fresh|setAttribute|getAttribute)$/.test(name);
}
