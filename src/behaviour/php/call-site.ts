import { childOf, type SyntaxNode } from '../../languages/tree-sitter.js';
import { UNKNOWN } from '../bounded.js';
import type { Expression } from '../expression.js';
import { lastName } from './file-facts.js';
import { bare, copyScope, isClosure, nextId, within, written } from './walk.js';
import type { Walk } from './walk.js';

/** A call and the names in it. */
export interface CallSite {
  readonly node: SyntaxNode;
  /** The method or function: `update`. */
  readonly name: string;
  /** What it is called on: `$this->orders`, the class of a static call; undefined for a function. */
  readonly receiver: SyntaxNode | undefined;
  readonly isStatic: boolean;
  /** `this.orders.update`, `DB.transaction`: without arguments, `->` and `::` as dots. */
  readonly callee: string;
  readonly arguments: readonly SyntaxNode[];
}

export function siteOf(walk: Walk, node: SyntaxNode): CallSite {
  const isStatic = node.kind === 'scoped_call_expression';
  const receiver = isStatic ? childOf(node, 'scope') : childOf(node, 'object');
  const named = childOf(node, node.kind === 'function_call_expression' ? 'function' : 'name');
  const name = named === undefined ? '' : named.kind === 'name' || named.kind === 'qualified_name' ? lastName(written(walk, named)) : '';
  const owner = receiver === undefined ? '' : nameOf(walk, receiver, 0);
  return { node, name, receiver, isStatic, callee: owner === '' ? name : `${owner}.${name}`, arguments: childOf(node, 'arguments')?.children ?? [] };
}

function nameOf(walk: Walk, node: SyntaxNode, depth: number): string {
  const inner = bare(node);
  if (depth > 12) return '';
  switch (inner.kind) {
    case 'variable_name':
    case 'name':
    case 'qualified_name':
    case 'relative_scope':
      return lastName(written(walk, inner)).replace(/^\$/, '');
    case 'function_call_expression':
      return written(walk, childOf(inner, 'function') ?? inner).slice(0, 60).replace(/^\$/, '');
    case 'object_creation_expression':
      return `new ${lastName(written(walk, inner.children[0] ?? inner)).slice(0, 60)}`;
    default: {
      const owner = childOf(inner, 'object') ?? childOf(inner, 'scope');
      const name = childOf(inner, 'name');
      return owner === undefined || name === undefined ? '' : `${nameOf(walk, owner, depth + 1)}.${written(walk, name).replace(/^\$/, '').slice(0, 60)}`;
    }
  }
}

/** The values of the arguments; functions among them are not known as values. */
export function valuesOf(walk: Walk, site: CallSite): readonly Expression[] {
  return site.arguments.map((one) => (isClosure(bare(one)) ? UNKNOWN : walk.evaluate(one)));
}

/** A function written among the arguments. */
export function closureOf(site: CallSite): SyntaxNode | undefined {
  return site.arguments.map((one) => bare(one)).find((one) => isClosure(one));
}

/** Runs a function that was handed to a call, in place. What it assigns to rows and to variables taken by reference stays. */
export function runClosure(walk: Walk, closure: SyntaxNode, values: readonly Expression[], runs: 'once' | 'many' | null): Expression {
  const outer = walk.scope;
  walk.scope = copyScope(outer);
  const run = (): Expression => walk.body(closure, values);
  const value = runs === null ? run() : within(walk, { kind: 'callback', id: nextId(walk), runs }, run);
  const shared = new Set([...written(walk, closure).slice(0, 2_000).matchAll(/[(,]\s*&\$(\w+)/g)].map((one) => one[1] ?? ''));
  const kept = [...walk.scope.values].filter(([name]) => name.startsWith('#') || name.startsWith('this.') || shared.has(name));
  walk.scope = { values: new Map([...outer.values, ...kept]) };
  return value;
}
