import { childOf, type SyntaxNode } from '../../languages/tree-sitter.js';
import { UNKNOWN } from '../bounded.js';
import type { Event } from '../event.js';
import type { Expression } from '../expression.js';
import { valuesOf, type CallSite } from './call-site.js';
import type { LocalFunction } from './file-facts.js';
import { emit, nextId, spanOf, within, written } from './walk.js';
import type { Walk } from './walk.js';

/** A call of a function of the same file. Its body's events are shown in its place, one level deep. */
export function localCall(walk: Walk, site: CallSite, self: Expression | null): Expression | null {
  const target = targetOf(walk, site, self);
  if (target === null) return null;
  const values = valuesOf(walk, site);
  const inlined = !walk.inlined && !contains(target.node, walk.root);
  const { callee, name, node } = site;
  const id = emit(walk, node, { kind: 'call', callee, name, receiver: null, arguments: values, async: false, promise: 'none', variable: null, target: { name: target.name, async: false, effect: null, inlined } });
  const unknown: Expression = yieldsItself(walk, target.node) ? { kind: 'self' } : { kind: 'call', callee, receiver: null, arguments: values };
  if (!inlined) return unknown;
  const value = show(walk, node, target, values);
  const effect = effectOf(walk.events.slice(id + 1));
  const call = walk.events[id];
  if (effect !== null && call?.kind === 'call' && call.target !== null) walk.events[id] = { ...call, target: { ...call.target, effect } };
  return value === UNKNOWN || unknown.kind === 'self' ? unknown : value;
}

function targetOf(walk: Walk, { receiver, name, isStatic }: CallSite, self: Expression | null): LocalFunction | null {
  if (receiver === undefined) return walk.file.functions.get(name) ?? null;
  const owner = written(walk, receiver);
  const own = isStatic ? /^(self|static)$/.test(owner) || owner === walk.owner?.name : owner === '$this' || self?.kind === 'self';
  return own ? (walk.owner?.methods.get(name) ?? null) : null;
}

/** `return $this;` at its end: calls of the object go on behind it. */
function yieldsItself(walk: Walk, node: SyntaxNode): boolean {
  const last = childOf(node, 'body')?.children.at(-1);
  return last?.kind === 'return_statement' && last.children[0] !== undefined && written(walk, last.children[0]) === '$this';
}

function contains(outer: SyntaxNode, inner: SyntaxNode): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

function show(walk: Walk, node: SyntaxNode, target: LocalFunction, values: readonly Expression[]): Expression {
  if (childOf(target.node, 'body') === undefined) return UNKNOWN;
  const outer = walk.scope;
  const kept = [...outer.values].filter(([name]) => name.startsWith('#') || name.startsWith('this.'));
  walk.scope = { values: new Map(kept) };
  const walked = new Set(walk.walked);
  walk.inlined = true;
  try {
    return within(walk, { kind: 'inlined', id: nextId(walk), name: target.name, call: spanOf(walk, node) }, () => walk.body(target.node, values));
  } finally {
    walk.inlined = false;
    const assigned = [...walk.scope.values].filter(([name]) => name.startsWith('#') || name.startsWith('this.'));
    walk.scope = { values: new Map([...outer.values, ...assigned]) };
    // Its closures are read again as part of the function itself.
    for (const one of [...walk.walked]) if (!walked.has(one) && !contains(walk.root, one)) walk.walked.delete(one);
  }
}

function effectOf(events: readonly Event[]): string | null {
  return events.find((one) => one.kind === 'write' || one.kind === 'side-effect')?.text ?? null;
}
