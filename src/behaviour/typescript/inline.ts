import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Event } from '../event.js';
import type { Expression } from '../expression.js';
import { promiseUseOf } from './promise-use.js';
import { argumentsOf } from './call-arguments.js';
import { closuresFor } from './closures.js';
import type { CallNames } from './recognise.js';
import { copyScope, emit, nextId, spanOf, within } from './walk.js';
import { UNKNOWN } from '../bounded.js';
import type { LocalFunction, Walk } from './walk.js';

/** A call of a function of the same file. Its body's events are shown in its place, one level deep. */
export function localCall(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  const target = targetOf(walk, names);
  if (target === null) return null;
  const values = argumentsOf(walk, node);
  const promise = target.async ? promiseUseOf(node) : promiseUseOf(node) === 'awaited' ? 'awaited' : 'none';
  const inlined = !walk.inlined && !contains(target.node, walk.root);
  const id = emit(walk, node, {
    kind: 'call',
    callee: names.callee,
    name: names.name,
    receiver: null,
    arguments: values,
    async: target.async,
    promise,
    variable: null,
    target: { name: target.name, async: target.async, effect: null, inlined },
  });
  if (!inlined) return { kind: 'call', callee: names.callee, receiver: null, arguments: values };
  const value = show(walk, node, target, values);
  const effect = effectOf(walk.events.slice(id + 1));
  const call = walk.events[id];
  if (effect !== null && call?.kind === 'call' && call.target !== null) walk.events[id] = { ...call, target: { ...call.target, effect } };
  return value ?? { kind: 'call', callee: names.callee, receiver: null, arguments: values };
}

function targetOf(walk: Walk, names: CallNames): LocalFunction | null {
  if (names.chain.links.length !== 1) return null;
  if (names.chain.root === 'this') return walk.file.functions.get(`this.${names.name}`) ?? null;
  if (names.chain.root !== '' || !syntax.isIdentifier(names.chain.rootNode) || walk.parameters.has(names.name)) return null;
  return walk.file.functions.get(names.name) ?? null;
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return inner.pos >= outer.pos && inner.end <= outer.end;
}

function show(walk: Walk, node: ts.CallExpression, target: LocalFunction, values: readonly Expression[]): Expression | null {
  const outer = walk.scope;
  const { handles } = copyScope(outer);
  // A handle that is passed on keeps its transaction under the callee's own name for it.
  target.node.parameters.forEach((parameter, place) => {
    const value = values[place];
    const bound = value?.kind === 'parameter' ? outer.handles.get(value.name) : undefined;
    if (bound !== undefined && syntax.isIdentifier(parameter.name)) handles.set(parameter.name.text, bound);
  });
  const kept = [...outer.values].filter(([name]) => name.startsWith('#'));
  walk.scope = { values: new Map(kept), handles, closures: closuresFor(walk, node, target.node) };
  const walked = new Set(walk.walked);
  walk.inlined = true;
  try {
    const value = within(walk, { kind: 'inlined', id: nextId(walk), name: target.name, call: spanOf(walk.file.tree, node) }, () => walk.body(target.node, values));
    return value === UNKNOWN ? null : value;
  } finally {
    walk.inlined = false;
    const assigned = [...walk.scope.values].filter(([name]) => name.startsWith('#'));
    walk.scope = { ...outer, values: new Map([...outer.values, ...assigned]) };
    // Its callbacks are read again as part of the function itself; what the caller handed in belongs to the caller.
    for (const one of [...walk.walked]) if (!walked.has(one) && !contains(walk.root, one)) walk.walked.delete(one);
  }
}

function effectOf(events: readonly Event[]): string | null {
  const found = events.find((one) => one.kind === 'write' || one.kind === 'side-effect');
  if (found === undefined) return null;
  return found.text;
}
