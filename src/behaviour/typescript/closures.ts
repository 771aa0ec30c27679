import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Expression } from '../expression.js';
import { argumentsOf } from './call-arguments.js';
import type { CallNames } from './recognise.js';
import { isCallback } from './walk.js';
import type { Closure, FunctionNode, Scope, Walk } from './walk.js';

/** A function that is called twice does the same twice: once is enough to know it. */
const MOST_RUNS = 1;

/** The functions that a call hands to a function of the same file, by that function's own names for them. */
export function closuresFor(walk: Walk, node: ts.CallExpression, target: FunctionNode): ReadonlyMap<string, Closure> {
  const found = new Map<string, Closure>();
  target.parameters.forEach((parameter, place) => {
    const given = node.arguments[place];
    if (given !== undefined && isCallback(given) && syntax.isIdentifier(parameter.name)) found.set(parameter.name.text, { node: given, scope: walk.scope, frames: walk.frames, runs: { count: 0 } });
  });
  return found;
}

/** The function that a name stands for, where the caller handed it in. */
export function closureNamed(walk: Walk, node: ts.Expression): Closure | null {
  return syntax.isIdentifier(node) ? (walk.scope.closures.get(node.text) ?? null) : null;
}

/** `work(tx)`, where `work` was handed in: what it does is done here, with the names it knows where it is written. */
export function closureCall(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  if (names.chain.root !== '' || names.chain.links.length !== 1) return null;
  const closure = closureNamed(walk, node.expression);
  return closure === null || closure.runs.count >= MOST_RUNS ? null : runClosure(walk, closure, argumentsOf(walk, node));
}

/** Walks the body of a function that was handed in. */
export function runClosure(walk: Walk, closure: Closure, values: readonly Expression[]): Expression {
  closure.runs.count += 1;
  const inner = walk.scope;
  const { inlined, frames } = walk;
  const written = closure.scope;
  const scope: Scope = { values: new Map([...written.values, ...assignedIn(inner)]), handles: new Map([...written.handles, ...handlesFor(inner, closure.node, values)]), closures: written.closures };
  walk.scope = scope;
  // What stands around it there does so here; but it is no part of the function that was called.
  walk.frames = frames.filter((frame) => frame.kind !== 'inlined' || closure.frames.includes(frame));
  walk.inlined = false;
  try {
    return walk.body(closure.node, values);
  } finally {
    for (const [name, value] of walk.scope.values) if (name.startsWith('#')) inner.values.set(name, value);
    for (const name of written.values.keys()) written.values.set(name, walk.scope.values.get(name) ?? { kind: 'parameter', name, outer: true });
    walk.scope = inner;
    walk.frames = frames;
    walk.inlined = inlined;
  }
}

function assignedIn(scope: Scope): readonly (readonly [string, Expression])[] {
  return [...scope.values].filter(([name]) => name.startsWith('#'));
}

/** A handle that is passed on keeps its transaction under the function's own name for it; what a transaction binds without a name stays. */
function handlesFor(inner: Scope, node: FunctionNode, values: readonly Expression[]): readonly (readonly [string, number])[] {
  const unnamed = [...inner.handles].filter(([name]) => name.startsWith('#'));
  const named = node.parameters.flatMap((parameter, place): readonly (readonly [string, number])[] => {
    const value = values[place];
    const bound = value?.kind === 'parameter' ? inner.handles.get(value.name) : undefined;
    return bound !== undefined && syntax.isIdentifier(parameter.name) ? [[parameter.name.text, bound]] : [];
  });
  return [...unnamed, ...named];
}
