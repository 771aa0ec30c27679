import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Expression } from '../expression.js';
import { rowFound } from './lookups.js';
import { indexOf } from './member.js';
import type { CallNames } from './recognise.js';
import { bare, emit, isCallback, nextId, within } from './walk.js';
import { UNKNOWN } from '../bounded.js';
import type { Walk } from './walk.js';

const WAITS: Readonly<Record<string, 'all' | 'settled' | 'first'>> = { all: 'all', allSettled: 'settled', race: 'first', any: 'first' };

/** `Promise.all([…])` and its kin; the list's elements run at the same time. */
export function parallelCall(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  const waitsFor = names.chain.root === 'Promise' ? WAITS[names.name] : undefined;
  const [first] = node.arguments;
  if (waitsFor === undefined || first === undefined) return null;
  const list = bare(first);
  const parallel = nextId(walk);
  const fixed = syntax.isArrayLiteralExpression(list);
  emit(walk, node.expression, { kind: 'parallel', parallel, waitsFor, over: fixed ? null : UNKNOWN });
  if (!fixed) return within(walk, { kind: 'parallel', id: parallel, arm: 0 }, () => walk.evaluate(list));
  const elements = list.elements.map((one, arm) => within(walk, { kind: 'parallel', id: parallel, arm }, () => walk.evaluate(one)));
  return { kind: 'array', elements };
}

const EACH = new Set(['map', 'forEach', 'filter', 'flatMap', 'some', 'every', 'find', 'findLast', 'findIndex', 'reduce', 'sort', 'toSorted']);
const ELEMENT = new Set(['find', 'findLast', 'at', 'shift', 'pop']);

/** Methods of arrays: their callback runs here, once per element; `find` yields one of the elements. */
export function arrayCall(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  const callee = bare(node.expression);
  if (!syntax.isPropertyAccessExpression(callee)) return null;
  const body = node.arguments.find((one) => isCallback(one));
  const takesBody = EACH.has(names.name) && body !== undefined;
  if (!takesBody && !(ELEMENT.has(names.name) && body === undefined && node.arguments.length < 2)) return null;
  const list = walk.evaluate(callee.expression);
  if (body === undefined) {
    const at = node.arguments[0] === undefined ? UNKNOWN : walk.evaluate(node.arguments[0]);
    return list.kind === 'result' || list.kind === 'array' ? indexOf(list, at) : { kind: 'call', callee: names.callee, receiver: list, arguments: [] };
  }
  const initial = node.arguments.filter((one) => one !== body).map((one) => walk.evaluate(one));
  const element = indexOf(list, UNKNOWN);
  const bound = names.name === 'reduce' ? [UNKNOWN, element] : [element];
  const value = within(walk, { kind: 'callback', id: nextId(walk), runs: 'many' }, () => walk.body(body, bound));
  if (ELEMENT.has(names.name)) return rowFound(walk, list, value) ?? element;
  if (names.name === 'filter' || names.name === 'sort' || names.name === 'toSorted') return list.kind === 'result' ? list : { kind: 'call', callee: names.callee, receiver: list, arguments: [value] };
  return { kind: 'call', callee: names.callee, receiver: list, arguments: [value, ...initial] };
}
