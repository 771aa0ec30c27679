import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Expression } from '../expression.js';
import { speaksOfLocks } from '../lock-words.js';
import { namedRelations, relationsIn } from './adapters/relations.js';
import { property } from './adapters/where-object.js';
import { ADAPTERS } from './adapters/table.js';
import { readTagged, SQL_TAGS } from './adapters/raw-sql.js';
import { assertionCall } from './assertions.js';
import { argumentsOf } from './call-arguments.js';
import { arrayCall, parallelCall } from './callbacks.js';
import { closureCall } from './closures.js';
import { calleeOf, chainOf, receiverOf } from './chain.js';
import { followedCall } from './followed.js';
import { localCall } from './inline.js';
import { lockCall } from './locks.js';
import { lookupCall } from './lookups.js';
import { assignedTo } from './member.js';
import { place } from './place.js';
import { promiseUseOf } from './promise-use.js';
import type { CallNames, CallSite } from './recognise.js';
import { rowMethod } from './row-methods.js';
import { transactionCall } from './transactions.js';
import { copyScope, emit, isCallback, nextId, within } from './walk.js';
import { UNKNOWN } from '../bounded.js';
import type { Walk } from './walk.js';

/** What a call yields. Known libraries give events of their own, functions of the same file are shown in place. */
export function evaluateCall(walk: Walk, node: ts.CallExpression): Expression {
  const followed = followedCall(walk, node);
  if (followed !== null) return followed;
  const names = namesOf(walk, node);
  return (
    closureCall(walk, node, names) ??
    ownWrapper(walk, node, names) ??
    transactionCall(walk, node, names) ??
    lockCall(walk, node, names) ??
    parallelCall(walk, node, names) ??
    // What a function of this file does is better known from its body than from its name.
    (walk.inlined ? null : localCall(walk, node, names)) ??
    assertionCall(walk, node, names) ??
    lookupCall(walk, node, names) ??
    rowMethod(walk, node, names) ??
    adapted(walk, node, names) ??
    arrayCall(walk, node, names) ??
    localCall(walk, node, names) ??
    plain(walk, node, names)
  );
}

/** A wrapper of this file is known by its body: its name may promise more, or less. null where that body does not run what it is handed. */
function ownWrapper(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  const handed = node.arguments.find((one) => isCallback(one));
  if (handed === undefined || walk.inlined || speaksOfLocks(names.callee)) return null;
  const value = localCall(walk, node, names);
  return value !== null && walk.walked.has(handed) ? value : null;
}

export function namesOf(walk: Walk, node: ts.CallExpression): CallNames {
  const chain = chainOf(node);
  return { chain, callee: calleeOf(chain), receiver: receiverOf(chain), name: chain.links.at(-1)?.name ?? '', file: walk.file, scope: walk.scope };
}

/** A tagged template: SQL where the tag says so, else a value. */
export function evaluateTagged(walk: Walk, node: ts.TaggedTemplateExpression): Expression {
  const template = walk.evaluate(node.template);
  const callee = node.tag.getText().replace(/<[\s\S]*>$/, '');
  const tag = callee.slice(callee.lastIndexOf('.') + 1);
  if (!SQL_TAGS.has(tag) && !walk.scope.handles.has(tag)) return { kind: 'opaque', text: callee, uses: template.kind === 'template' ? template.parts : [template] };
  const use = promiseUseOf(node);
  const runs = tag.startsWith('$') || use === 'awaited' || use === 'returned';
  const found = runs ? readTagged(template, callee) : null;
  return found === null ? template : place(walk, node, found, callee, use);
}

function adapted(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  const adapter = ADAPTERS.find((one) => one.matches(names));
  if (adapter === undefined) return null;
  const site = siteOf(walk, node, names);
  // The first that matches by name may find that it is another's: then the next is asked.
  for (const one of ADAPTERS.slice(ADAPTERS.indexOf(adapter))) {
    if (one !== adapter && !one.matches(names)) continue;
    const found = one.read(site);
    if (found === null) continue;
    const value = place(walk, node, found, names.callee, usesCallback(node) ? 'none' : promiseUseOf(node));
    if (found.is === 'query') calledBack(walk, node, value);
    return value;
  }
  return emitted(walk, node, names, site.self, site.values);
}

/** `client.query(sql, (error, result) => …)`: the result goes to a function, there is no promise. */
function usesCallback(node: ts.CallExpression): boolean {
  const last = node.arguments.at(-1);
  if (last === undefined) return false;
  return isCallback(last) ? last.parameters.length > 0 : syntax.isIdentifier(last) && /^(cb|callback|done|next|fn)$|(Callback|Cb)$/.test(last.text);
}

/** What the function does that a query hands its result to: it runs once, behind the query. */
function calledBack(walk: Walk, node: ts.CallExpression, value: Expression): void {
  const last = node.arguments.at(-1);
  if (last === undefined || !isCallback(last) || last.parameters.length < 2) return;
  const outer = walk.scope;
  walk.scope = copyScope(outer);
  within(walk, { kind: 'callback', id: nextId(walk), runs: 'once' }, () => walk.body(last, [UNKNOWN, value]));
  walk.scope = outer;
}

function siteOf(walk: Walk, node: ts.CallExpression, names: CallNames): CallSite {
  const { links, rootNode } = names.chain;
  const plainReceiver = links.slice(0, -1).every((link) => link.call === null);
  const callee = node.expression;
  const owned = syntax.isPropertyAccessExpression(callee) || syntax.isElementAccessExpression(callee);
  if (!plainReceiver && names.chain.root === '' && !syntax.isIdentifier(rootNode)) walk.evaluate(rootNode);
  const self = plainReceiver && owned ? walk.evaluate(callee.expression) : UNKNOWN;
  const linkValues = links.map((link) => (link.call === null ? [] : argumentsOf(walk, link.call)));
  return {
    ...names,
    node,
    self,
    linkValues,
    values: linkValues.at(-1) ?? [],
    valueOf: (name) => walk.scope.values.get(name) ?? UNKNOWN,
    assigned: (row) => assignedTo(walk, row).map((one) => ({ field: one.field, value: one.value, span: one.event.span })),
    changedRow: () => lastChanged(walk),
    entityOfRow: (row) => {
      const event = walk.events[row];
      return event?.kind === 'read' ? event.entityName : null;
    },
    handleOfRow: (row) => {
      const event = walk.events[row];
      return event?.kind === 'read' ? event.handle.name : null;
    },
  };
}

function lastChanged(walk: Walk): number | null {
  const event = walk.events.findLast((one) => one.kind === 'field-write' && one.row !== null);
  return event?.kind === 'field-write' ? event.row : null;
}

/** A call nothing is known about. Functions handed to it run inside when somebody waits for it. */
function plain(walk: Walk, node: ts.CallExpression, names: CallNames): Expression {
  const callee = node.expression;
  const owned = syntax.isPropertyAccessExpression(callee) || syntax.isElementAccessExpression(callee);
  const self = owned ? walk.evaluate(callee.expression) : syntax.isIdentifier(callee) ? null : walk.evaluate(callee);
  const values = argumentsOf(walk, node);
  const value = emitted(walk, node, names, self, values);
  const use = promiseUseOf(node);
  if (use === 'dropped' || use === 'voided') return value;
  for (const argument of node.arguments) {
    if (!isCallback(argument)) continue;
    const runs = use === 'awaited' || use === 'returned' ? 'once' : 'later';
    if (runs === 'once') within(walk, { kind: 'callback', id: nextId(walk), runs }, () => walk.body(argument, []));
  }
  return value;
}

const PURE = /^(console|Math|JSON|Object|Array|String|Number|Boolean|BigInt|Symbol|Date|RegExp|path|process|Buffer|crypto|[lL]og(ger)?|z|this\.logger|this\.log|Reflect|Intl|t|i18n|dayjs|moment|_)\.|^(String|Number|Boolean|BigInt|parseInt|parseFloat|isNaN|Symbol|require|t|expect|encodeURIComponent|decodeURIComponent|structuredClone|cn|clsx)$/;

const READING = /^(get|find|fetch|load|retrieve|lookup|require)[A-Z]\w*$/;

/** `await this.orders.getOrder(id)`: a row, read by a function of another file. Nothing is known of its table or locks. */
function readByFunction(walk: Walk, node: ts.CallExpression, names: CallNames, values: readonly Expression[]): Expression {
  const entityName = names.name.replace(READING, (whole, verb: string) => whole.slice(verb.length)).replace(/(By[A-Z]\w*|OrThrow|OrFail|ForUpdate)$/, '');
  const relations = values.flatMap((one) => [...relationsIn(one), ...namedRelations(property(one, 'relations'))]);
  const locks = speaksOfLocks(names.name) || /ForUpdate/.test(names.name);
  const handle = values.map((one) => (one.kind === 'parameter' && walk.scope.handles.has(one.name) ? one.name : null)).find((one) => one !== null) ?? names.receiver;
  return place(walk, node, { is: 'query', query: { kind: 'read', library: 'function', entityName, where: null, whereKnown: false, handle, many: false, lock: locks ? 'update' : 'none', relations } }, names.callee, 'awaited');
}

function emitted(walk: Walk, node: ts.CallExpression, names: CallNames, self: Expression | null, values: readonly Expression[]): Expression {
  const value: Expression = { kind: 'call', callee: names.callee, receiver: self, arguments: values };
  if (PURE.test(names.callee)) return value;
  const promise = promiseUseOf(node);
  if (promise === 'awaited' && READING.test(names.name)) return readByFunction(walk, node, names, values);
  emit(walk, node, {
    kind: 'call',
    callee: names.callee,
    name: names.name,
    receiver: self,
    arguments: values,
    async: promise === 'awaited' ? true : null,
    promise,
    variable: null,
    target: null,
  });
  return value;
}
