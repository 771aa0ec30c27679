import type { SyntaxNode } from '../../languages/tree-sitter.js';
import { UNKNOWN } from '../bounded.js';
import type { Expression } from '../expression.js';
import { rowOf } from '../same-row.js';
import { storeField } from './assign.js';
import { builderCall, dataOf, newBuilder, place } from './builder.js';
import { cacheCall } from './cache.js';
import { closureOf, runClosure, siteOf, valuesOf, type CallSite } from './call-site.js';
import { doctrineCall } from './doctrine.js';
import { effectOf } from './effects.js';
import { isModel, isModelClass, lastName } from './file-facts.js';
import { functionCall } from './functions.js';
import { localCall } from './inline.js';
import { lockCall } from './locks.js';
import { indexOf, ownRow, relatedRow } from './member.js';
import { isCollectionMethod, isRowMethod, rowCall } from './rows.js';
import { sqlCall } from './raw-sql.js';
import { transactionCall } from './transactions.js';
import { bare, emit, resultOf, written } from './walk.js';
import type { Walk } from './walk.js';

/** What a call yields. Known libraries give events of their own, functions of the same file are shown in place. */
export function evaluateCall(walk: Walk, node: SyntaxNode): Expression {
  const site = siteOf(walk, node);
  const self = site.receiver === undefined || (site.isStatic && site.receiver.kind !== 'variable_name') ? null : walk.evaluate(site.receiver);
  return (
    functionCall(walk, site) ??
    transactionCall(walk, site) ??
    lockCall(walk, site, self) ??
    ownFunction(walk, site, self) ??
    sqlCall(walk, site, self) ??
    onQuery(walk, site, self) ??
    onRow(walk, site, self) ??
    facadeCall(walk, site) ??
    onMade(walk, site, self) ??
    signedIn(walk, site) ??
    doctrineCall(walk, site, self) ??
    cacheCall(walk, site) ??
    effectCall(walk, site) ??
    modelCall(walk, site) ??
    onRows(walk, site, self) ??
    plain(walk, site, self)
  );
}

/** A function of this file is better known from its body than from its name; what is handed to it runs in it. */
function ownFunction(walk: Walk, site: CallSite, self: Expression | null): Expression | null {
  const value = localCall(walk, site, self);
  const closure = closureOf(site);
  if (value === null || closure === undefined) return value;
  runClosure(walk, closure, [], 'once');
  return UNKNOWN;
}

function onQuery(walk: Walk, site: CallSite, self: Expression | null): Expression | null {
  const builder = self === null ? undefined : walk.builders.get(self);
  if (builder === undefined || self === null) return null;
  const closure = closureOf(site);
  if (closure !== undefined) walk.walked.add(closure);
  return builderCall(walk, site, self, builder);
}

function onRow(walk: Walk, site: CallSite, self: Expression | null): Expression | null {
  if (self === null) return null;
  const value = self.kind === 'self' ? (isRowMethod(site.name) ? ownRow(walk) : null) : isRowMethod(site.name) ? (relatedRow(walk, self) ?? self) : self;
  const row = value === null ? null : rowOf(value);
  const event = row === null ? undefined : walk.events[row];
  if (value === null || row === null || (event?.kind === 'read' && event.many && value.kind === 'result')) return null;
  return effectOf(walk, site) === 'notification' ? null : rowCall(walk, site, value, row);
}

/** `DB::table('orders')`, `DB::raw('stock - 1')`. */
function facadeCall(walk: Walk, site: CallSite): Expression | null {
  const { name, callee } = site;
  if (name === 'raw' && /(^|\.)(DB|db|connection)\.raw$/.test(callee)) return { kind: 'call', callee: 'DB.raw', receiver: null, arguments: valuesOf(walk, site) };
  if (name === 'connection' && callee === 'DB.connection') return UNKNOWN;
  if (name !== 'table' || !/(^|\.)(DB|db|connection|conn|database|capsule|Capsule)\.(connection\.)?table$/.test(callee)) return null;
  const [first] = valuesOf(walk, site);
  return first?.kind === 'literal' && typeof first.value === 'string' ? newBuilder(walk, 'eloquent', first.value.replace(/\s+as\s+.*$/i, '')).value : null;
}

/** `(new Order)->where(…)`, and `$order->save()` of a row that was made here. */
function onMade(walk: Walk, site: CallSite, self: Expression | null): Expression | null {
  if (self?.kind !== 'call' || !self.callee.startsWith('new ')) return null;
  const entityName = self.callee.slice(4);
  const data = walk.madeRows.get(self);
  if (isModel(walk.file, entityName) === 'no') return null;
  if (/^(save|saveOrFail|saveQuietly|push)$/.test(site.name) && data !== undefined) {
    return resultOf(place(walk, site, { kind: 'write', library: 'eloquent', entityName, where: null, whereKnown: true, handle: entityName, operation: 'insert', data: [...data], dataKnown: true }));
  }
  if (/^(fill|forceFill)$/.test(site.name) && data !== undefined) {
    data.push(...dataOf(walk, site, valuesOf(walk, site)[0]).data);
    return self;
  }
  const setter = /^set([A-Z]\w*)$/.exec(site.name)?.[1];
  if (setter !== undefined && site.arguments.length === 1) {
    const [value] = valuesOf(walk, site);
    if (value !== undefined) storeField(walk, site.node, self, setter.charAt(0).toLowerCase() + setter.slice(1), value);
    return self;
  }
  if (!STARTS.test(site.name)) return null;
  const { value, builder } = newBuilder(walk, 'eloquent', entityName);
  return builderCall(walk, site, value, builder);
}

/** `Auth::user()`, `$request->user()`: the row of who asks, read without a lock when the request began. */
function signedIn(walk: Walk, site: CallSite): Expression | null {
  if (!/^((Auth|auth|Auth\.guard|auth\.guard)\.(user|authenticate)|(request|req|this\.request)\.user|this\.getUser|this\.security\.getUser)$/.test(site.callee)) return null;
  const known = walk.derived.get('auth');
  if (known !== undefined) return resultOf(known);
  const library = site.name === 'getUser' ? 'doctrine' : 'eloquent';
  const id = place(walk, site, { kind: 'read', library, entityName: 'User', where: null, whereKnown: true, handle: site.callee, many: false });
  walk.derived.set('auth', id);
  return resultOf(id);
}

function effectCall(walk: Walk, site: CallSite): Expression | null {
  const effect = effectOf(walk, site);
  if (effect === null) return null;
  return resultOf(emit(walk, site.node, { kind: 'side-effect', effect, callee: site.callee, arguments: valuesOf(walk, site), variable: null, promise: 'none' }));
}

/** Methods that only a model has, whatever the class is called. */
const TELLING = /^(where\w*|query|find|findOrFail|firstOrCreate|updateOrCreate|firstOrNew|firstOrFail|lockForUpdate|sharedLock|withTrashed|onlyTrashed|findMany|firstWhere|insertOrIgnore|createOrFirst)$/;
const STARTS = /^(where\w*|query|newQuery|find|findOrFail|findMany|first|firstOrCreate|updateOrCreate|firstOrNew|firstOrFail|firstWhere|createOrFirst|lockForUpdate|sharedLock|with|withCount|withTrashed|onlyTrashed|withoutGlobalScopes?|create|forceCreate|insert|insertGetId|insertOrIgnore|upsert|updateOrInsert|all|get|count|max|min|sum|avg|exists|doesntExist|latest|oldest|orderBy\w*|select|on|lock|chunk|chunkById|cursor|lazy|each|paginate|pluck|value|destroy|truncate|increment|decrement|limit|take|has|whereHas|doesntHave|join|leftJoin|sole|inRandomOrder|groupBy)$/;

/** `Order::where(…)`, `Order::create([…])`. */
function modelCall(walk: Walk, site: CallSite): Expression | null {
  if (!site.isStatic || site.receiver === undefined) return null;
  const scope = written(walk, site.receiver);
  const own = /^(self|static|parent)$/.test(scope);
  const name = own ? (walk.owner?.name ?? '') : lastName(scope);
  if (!/^[A-Z]\w*$/.test(name)) return null;
  const model = own ? (walk.owner !== null && isModelClass(walk.file, walk.owner) ? 'yes' : 'no') : isModel(walk.file, scope);
  // A scope of a model (`Order::pending()`) begins a query too.
  if (model === 'no' || (model === 'maybe' && !TELLING.test(site.name))) return null;
  const { value, builder } = newBuilder(walk, 'eloquent', name);
  if (!STARTS.test(site.name)) {
    valuesOf(walk, site);
    builder.known = false;
    return /^[a-z]/.test(site.name) && closureOf(site) === undefined && site.arguments.length <= 2 ? plainOn(walk, site, value) : null;
  }
  return builderCall(walk, site, value, builder);
}

function plainOn(walk: Walk, site: CallSite, value: Expression): Expression {
  emit(walk, site.node, { kind: 'call', callee: site.callee, name: site.name, receiver: null, arguments: [], async: null, promise: 'none', variable: null, target: null });
  return value;
}

const PER_ELEMENT = /^(each|map|filter|reject|flatMap|mapWithKeys|transform|sum|sortBy|sortByDesc|groupBy|keyBy|every|some|contains|reduce|partition|tap|pipe|eachSpread|unique|mapInto|first|last)$/;
const KEEPS = /^(each|filter|reject|sortBy|sortByDesc|values|unique|tap|keyBy|load|loadMissing|where|whereIn|whereNotNull|sort|reverse|take|skip|all|toArray)$/;

/** Rows that were read together: one of them, or something done with each. */
function onRows(walk: Walk, site: CallSite, self: Expression | null): Expression | null {
  if (self === null) return null;
  const closure = closureOf(site);
  const row = rowOf(self);
  const event = row === null ? undefined : walk.events[row];
  const many = event?.kind === 'read' && event.many && self.kind === 'result';
  if (closure !== undefined && PER_ELEMENT.test(site.name)) {
    runClosure(walk, closure, [indexOf(self, UNKNOWN)], 'many');
    return KEEPS.test(site.name) ? self : isCollectionMethod(site.name) ? indexOf(self, UNKNOWN) : UNKNOWN;
  }
  if (!many) return null;
  if (isCollectionMethod(site.name)) return indexOf(self, UNKNOWN);
  return KEEPS.test(site.name) ? self : null;
}

const PURE = /^(Log|logger|Str|Arr|Carbon|Config|config|Lang|View|URL|Validator|Inertia|Storage|File|Hash|Crypt|Number|this\.logger|this\.log|response|redirect|back|session|request|view|route|url|this\.validate|this\.json|this\.render|app|collect)(\.|$)/;
const RUNS = /^(run|execute|handle|retry|wrap|with[A-Z]\w*|within|try|tryTo|attempt|measure|time|once|through|call|using|catchErrors|safely)$/;

/** A call nothing is known about. Functions handed to it run inside where its name says so; others are read on their own. */
function plain(walk: Walk, site: CallSite, self: Expression | null): Expression {
  const values = valuesOf(walk, site);
  const { callee, name, node } = site;
  const value: Expression = { kind: 'call', callee, receiver: self, arguments: values };
  const closure = closureOf(site);
  if (!PURE.test(callee)) emit(walk, node, { kind: 'call', callee, name, receiver: self, arguments: values, async: null, promise: 'none', variable: null, target: null });
  const ownHelper = self?.kind === 'self' && !/^(on|listen|register|bind|macro)/.test(name);
  if (closure !== undefined && (ownHelper || (!site.isStatic && RUNS.test(name)))) return runClosure(walk, closure, [], 'once');
  return value;
}

/** `new Order(['status' => 'open'])`, `new DateTime()`. */
export function evaluateCreation(walk: Walk, node: SyntaxNode): Expression {
  const [named] = node.children;
  const name = named === undefined || named.kind === 'anonymous_class' ? '' : lastName(written(walk, named));
  const list = node.children.find((one) => one.kind === 'arguments')?.children ?? [];
  if (/^(DateTime|DateTimeImmutable|Carbon|CarbonImmutable)$/.test(name) && list.length === 0) return { kind: 'now' };
  const values = list.map((one) => (bare(one).kind === 'anonymous_function' || bare(one).kind === 'arrow_function' ? UNKNOWN : walk.evaluate(one)));
  if (name === 'Expression') return { kind: 'call', callee: 'DB.raw', receiver: null, arguments: values };
  const value: Expression = { kind: 'call', callee: `new ${/^(self|static)$/.test(name) ? (walk.owner?.name ?? name) : name}`, receiver: null, arguments: values };
  const [first] = values;
  walk.madeRows.set(value, first?.kind === 'object' ? first.properties.map((one) => ({ column: one.name, value: one.value, span: one.span ?? walk.file.tree.lines.span(node.start, node.end) })) : []);
  return value;
}
