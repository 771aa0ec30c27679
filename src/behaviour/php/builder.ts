import { UNKNOWN } from '../bounded.js';
import { sameFrame } from '../dominance.js';
import type { Assignment, Frame, RowLock } from '../event.js';
import { eventOfQuery } from '../event-of-query.js';
import type { EventId, Expression } from '../expression.js';
import { allOf, compare } from '../query.js';
import type { Query } from '../query.js';
import { sqlArithmetic } from '../sql-arithmetic.js';
import { closureOf, runClosure, valuesOf, type CallSite } from './call-site.js';
import { indexOf } from './member.js';
import { comparisonOf } from './operators.js';
import { emit, handleOf, resultOf, spanOf } from './walk.js';
import type { Walk } from './walk.js';

/** A query that is being put together: `Order::where('id', $id)`. Laravel's builders change in place, and so does this. */
export interface Builder {
  readonly library: string;
  readonly entityName: string;
  readonly frames: readonly Frame[];
  conditions: (Expression | null)[];
  /** False once something hides a condition: a scope, a closure, an `or`. */
  known: boolean;
  lock: RowLock;
  wait: 'block' | 'skip' | 'nowait';
  limit: Expression | null;
}

export function newBuilder(walk: Walk, library: string, entityName: string, conditions: readonly Expression[] = []): { readonly value: Expression; readonly builder: Builder } {
  const value: Expression = { kind: 'opaque', text: entityName, uses: [] };
  const builder: Builder = { library, entityName, frames: walk.frames, conditions: [...conditions], known: true, lock: 'none', wait: 'block', limit: null };
  walk.builders.set(value, builder);
  return { value, builder };
}

const ONE = /^(first|firstOrFail|find|findOrFail|findOr|firstOr|sole|firstWhere|firstOrNew|findOrNew|value|valueOrFail|soleValue)$/;
const MANY = /^(get|all|paginate|simplePaginate|cursorPaginate|cursor|lazy|lazyById|pluck|getModels|findMany)$/;
const EACH = /^(chunk|chunkById|chunkByIdDesc|each|eachById|chunkMap)$/;
const COUNTS: Readonly<Record<string, 'count' | 'exists' | 'max' | 'min' | 'sum' | 'average'>> = { count: 'count', exists: 'exists', doesntExist: 'exists', max: 'max', min: 'min', sum: 'sum', avg: 'average', average: 'average' };
const INSERTS = /^(create|forceCreate|createQuietly|forceCreateQuietly|insert|insertGetId|insertOrIgnore|createMany|save|saveMany|createOrFirst)$/;
const UPDATES = /^(update|updateQuietly|updateExistingPivot|touch|restore|updateFrom)$/;
const COUNTING = /^(increment|decrement|incrementEach|decrementEach)$/;
const DELETES = /^(delete|forceDelete|destroy|truncate|detach)$/;
const UPSERTS = /^(upsert|updateOrInsert|updateOrCreate|firstOrCreate|sync|syncWithoutDetaching|attach|toggle)$/;
/** Steps that say nothing of which rows. */
const NEUTRAL = /^(query|newQuery|newModelQuery|select|selectRaw|addSelect|with|withCount|withSum|withTrashed|withoutGlobalScopes?|orderBy\w*|latest|oldest|inRandomOrder|reorder|on|onWriteConnection|useWritePdo|toBase|getQuery|distinct|groupBy|withoutTrashed|withDefault|load|as|table|from|connection|without|withOnly|forceIndex|useIndex|skip|offset|withPivot|setEagerLoads)$/;

/** A method of a query. Those that run it give events; the others change it and yield it. */
export function builderCall(walk: Walk, site: CallSite, value: Expression, builder: Builder): Expression {
  const { name } = site;
  const values = valuesOf(walk, site);
  const [first, second] = values;
  if (ONE.test(name) || MANY.test(name) || EACH.test(name)) return readCall(walk, site, builder, values);
  const aggregate = COUNTS[name];
  if (aggregate !== undefined && (aggregate !== 'count' || builder.entityName !== '')) {
    const column = first?.kind === 'literal' && typeof first.value === 'string' && first.value !== '*' ? first.value : null;
    const event = resultOf(place(walk, site, { kind: 'count', ...baseOf(builder), aggregate, column: aggregate === 'count' ? null : column, lock: builder.lock }));
    return name === 'doesntExist' ? { kind: 'unary', operator: 'not', operand: event } : event;
  }
  if (COUNTING.test(name)) return { kind: 'affected', event: place(walk, site, { kind: 'write', ...baseOf(builder), operation: 'update', data: countingData(walk, site, values), dataKnown: first?.kind === 'literal', many: true }) };
  if (UPDATES.test(name)) {
    const { data, known } = dataOf(walk, site, first);
    return { kind: 'affected', event: place(walk, site, { kind: 'write', ...baseOf(builder), operation: 'update', data, dataKnown: known, many: true }) };
  }
  if (DELETES.test(name)) {
    const own = name === 'destroy' && first !== undefined ? { ...baseOf(builder), where: compare('id', 'equal', first) } : baseOf(builder);
    return { kind: 'affected', event: place(walk, site, { kind: 'write', ...own, operation: 'delete', data: [], dataKnown: true, many: true }) };
  }
  if (INSERTS.test(name)) return insertCall(walk, site, builder, first);
  if (UPSERTS.test(name)) return upsertCall(walk, site, builder, first, second);
  change(walk, site, builder, values);
  return value;
}

function baseOf({ library, entityName, conditions, known }: Builder): { library: string; entityName: string; where: Expression | null; whereKnown: boolean; handle: string } {
  return { library, entityName, where: allOf(conditions), whereKnown: known, handle: entityName };
}

/** Emits what a query does, at its call. */
export function place(walk: Walk, site: { readonly node: CallSite['node'] }, query: Query): EventId {
  return emit(walk, site.node, eventOfQuery(query, { handle: handleOf(walk, query.handle), vars: [], promise: 'none' }));
}

function readCall(walk: Walk, site: CallSite, builder: Builder, values: readonly Expression[]): Expression {
  const { name } = site;
  const [first] = values;
  const conditions = [...builder.conditions];
  if (/^(find|findOrFail|findOr|findOrNew)$/.test(name) && first !== undefined) conditions.push(compare('id', 'equal', first));
  if (name === 'firstWhere') conditions.push(...conditionOf(values).conditions);
  if (name === 'firstOrNew' && first?.kind === 'object') conditions.push(...first.properties.map((one) => compare(one.name, 'equal', one.value)));
  const many = !ONE.test(name) || (/^find/.test(name) && first?.kind === 'array');
  const orThrow = /OrFail$|^sole/.test(name);
  const id = place(walk, site, { kind: 'read', ...baseOf({ ...builder, conditions }), many, lock: builder.lock, wait: builder.wait, limit: builder.limit, orThrow });
  const closure = closureOf(site);
  const result = resultOf(id);
  if (EACH.test(name) && closure !== undefined) {
    runClosure(walk, closure, [name.startsWith('chunk') && name !== 'chunkMap' ? result : indexOf(result, UNKNOWN)], 'many');
    return UNKNOWN;
  }
  const column = /^(value|valueOrFail|soleValue)$/.test(name) ? first : null;
  if (column?.kind === 'literal') return { kind: 'field', of: result, name: String(column.value) };
  return result;
}

/** What `increment('stock', 3, ['sold_at' => now()])` writes. */
export function countingData(walk: Walk, site: CallSite, values: readonly Expression[]): readonly Assignment[] {
  const [first, second, third] = values;
  const operator = site.name.startsWith('decrement') ? 'subtract' : 'add';
  const span = spanOf(walk, site.node);
  const counted = (column: string, amount: Expression): Assignment => ({ column, value: { kind: 'binary', operator, left: { kind: 'column', name: column }, right: amount }, span });
  const own = first?.kind === 'object' ? first.properties.map((one) => counted(one.name, one.value)) : first?.kind === 'literal' ? [counted(String(first.value), second ?? { kind: 'literal', value: 1 })] : [];
  return [...own, ...dataOf(walk, site, third).data];
}

/** Columns and values of `['status' => 'paid', …]`; `known` is false when something hides columns. */
export function dataOf(walk: Walk, site: CallSite, value: Expression | undefined): { readonly data: readonly Assignment[]; readonly known: boolean } {
  if (value?.kind !== 'object') return { data: [], known: value === undefined || (value.kind === 'array' && value.elements.length === 0) };
  const nowhere = spanOf(walk, site.node);
  return { data: value.properties.map((one) => ({ column: one.name, value: sqlArithmetic(one.value, one.name), span: one.span ?? nowhere })), known: value.spreads.length === 0 };
}

function insertCall(walk: Walk, site: CallSite, builder: Builder, first: Expression | undefined): Expression {
  const { data, known } = dataOf(walk, site, first);
  const onConflict = /OrIgnore|createOrFirst/.test(site.name) ? 'nothing' : 'fail';
  return resultOf(place(walk, site, { kind: 'write', ...baseOf(builder), where: null, operation: 'insert', data, dataKnown: known, onConflict }));
}

/** `firstOrCreate` also reads: what it yields may have been there before. */
function upsertCall(walk: Walk, site: CallSite, builder: Builder, first: Expression | undefined, second: Expression | undefined): Expression {
  const key = first?.kind === 'object' ? first.properties.map((one) => compare(one.name, 'equal', one.value)) : [];
  const { data, known } = dataOf(walk, site, second ?? first);
  const base = baseOf(builder);
  const where = allOf([...builder.conditions, ...key]);
  const conflictColumns = first?.kind === 'object' ? first.properties.map((one) => one.name) : [];
  const id = place(walk, site, { kind: 'write', ...base, where, operation: 'upsert', data, dataKnown: known, onConflict: site.name === 'firstOrCreate' ? 'nothing' : 'update', conflictColumns });
  if (site.name !== 'firstOrCreate') return resultOf(id);
  return resultOf(place(walk, site, { kind: 'read', ...base, where, many: false }));
}

/** A step that says which rows, how they are locked, or something nobody can read. */
function change(walk: Walk, site: CallSite, builder: Builder, values: readonly Expression[]): void {
  const { name } = site;
  const [first] = values;
  if (name === 'lockForUpdate') builder.lock = 'update';
  else if (name === 'sharedLock') builder.lock = 'share';
  else if (name === 'lock') lockWords(builder, first);
  else if (name === 'skipLocked') builder.wait = 'skip';
  else if (/^(limit|take)$/.test(name)) builder.limit = first ?? null;
  else if (!NEUTRAL.test(name)) restrict(walk, site, builder, values);
}

function lockWords(builder: Builder, first: Expression | undefined): void {
  const words = first?.kind === 'literal' ? String(first.value) : '';
  builder.lock = first?.kind === 'literal' && (first.value === false || /share/i.test(words)) ? 'share' : 'update';
  if (/skip locked/i.test(words)) builder.wait = 'skip';
}

function restrict(walk: Walk, site: CallSite, builder: Builder, values: readonly Expression[]): void {
  // A condition that is added on one way only may not be there.
  const always = walk.frames.every((frame) => builder.frames.some((other) => sameFrame(frame, other)));
  const { conditions, known } = whereOf(site.name, values);
  if (always && known) builder.conditions.push(...conditions);
  else {
    builder.known = false;
    builder.conditions.push({ kind: 'opaque', text: site.name, uses: conditions.flatMap((one) => (one === null ? [] : [one])) });
  }
}

interface Conditions {
  readonly conditions: readonly (Expression | null)[];
  readonly known: boolean;
}

const HIDDEN: Conditions = { conditions: [], known: false };

function whereOf(name: string, values: readonly Expression[]): Conditions {
  const [first, second] = values;
  const column = first?.kind === 'literal' && typeof first.value === 'string' ? plainColumn(first.value) : null;
  if (name === 'where') return conditionOf(values);
  if (/^whereKey$/.test(name) && first !== undefined) return { conditions: [compare('id', 'equal', first)], known: true };
  if (/^(where|having)(Raw|Column)$/.test(name) || name === 'orWhere' || name === 'whereNot') return { conditions: columnsIn(first), known: false };
  if (column !== null && name === 'whereIn' && second !== undefined) return { conditions: [compare(column, 'in', second)], known: true };
  if (column !== null && name === 'whereNull') return { conditions: [compare(column, 'equal', { kind: 'literal', value: null })], known: true };
  if (column !== null && name === 'whereNotNull') return { conditions: [compare(column, 'not-equal', { kind: 'literal', value: null })], known: true };
  if (column !== null && /^where(NotIn|Between|NotBetween|Date|Time|Day|Month|Year|Like|JsonContains|JsonLength)$/.test(name)) return { conditions: [compare(column, 'equal', UNKNOWN)].map((one) => ({ kind: 'unary', operator: 'not', operand: one })), known: true };
  const dynamic = /^where([A-Z]\w*)$/.exec(name)?.[1];
  if (dynamic !== undefined && values.length === 1 && first !== undefined && !/^(Has|Doesnt|Exists|Not|Relation|Morph|Belongs|Any|All|Full|In|Key)/.test(dynamic)) return { conditions: [compare(dynamic.charAt(0).toLowerCase() + dynamic.slice(1), 'equal', first)], known: true };
  return { ...HIDDEN, conditions: values.flatMap((one) => columnsIn(one)) };
}

/** `where('stock', '>=', 3)`, `where('id', $id)`, `where(['id' => $id])`. */
function conditionOf(values: readonly Expression[]): Conditions {
  const [first, second, third] = values;
  if (first?.kind === 'object') return { conditions: first.properties.map((one) => compare(plainColumn(one.name), 'equal', one.value)), known: first.spreads.length === 0 };
  if (first?.kind !== 'literal' || typeof first.value !== 'string' || second === undefined) return HIDDEN;
  const column: Expression = { kind: 'column', name: plainColumn(first.value) };
  if (third === undefined) return { conditions: [{ kind: 'binary', operator: 'equal', left: column, right: second }], known: true };
  const operator = second.kind === 'literal' ? comparisonOf(String(second.value)) : 'bit';
  return { conditions: [{ kind: 'binary', operator, left: column, right: third }], known: true };
}

function plainColumn(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** The columns that a piece of SQL or a list of names may speak of. */
function columnsIn(value: Expression | undefined): readonly Expression[] {
  if (value?.kind !== 'literal' || typeof value.value !== 'string') return [];
  return [...value.value.slice(0, 1_000).matchAll(/[A-Za-z_]\w*/g)].map((one) => ({ kind: 'column', name: one[0] }));
}
