import { childOf, type SyntaxNode, type SyntaxTree } from '../../languages/tree-sitter.js';
import { UNKNOWN, yielded } from '../bounded.js';
import { coversOf, isTransactional, type Cover } from '../covered.js';
import { entityOf } from '../entity.js';
import type { EntryKind, FunctionBehaviour } from '../event.js';
import type { Expression } from '../expression.js';
import { speaksOfLocks } from '../lock-words.js';
import { entryOf, handedTo, runsAlone } from './entry.js';
import { evaluate } from './evaluate.js';
import { factsOf, FUNCTION_KINDS, isModel, textOf, typeName, variableName, type FileFacts, type LocalFunction } from './file-facts.js';
import { handedRow } from './member.js';
import { walkAll, walkStatement } from './statements.js';
import { emit, isClosure, nextId, spanOf, type Walk } from './walk.js';

/** More functions than this in one file are not looked at. */
const MOST_FUNCTIONS = 2_000;

interface Found {
  readonly node: SyntaxNode;
  readonly local: LocalFunction | null;
  readonly symbol: string;
}

/** Every function of a file that does anything, outer ones before the functions inside them. */
export function readPhpFile(path: string, tree: SyntaxTree, lockWrappers: readonly string[]): readonly FunctionBehaviour[] {
  const file = factsOf(path, tree, lockWrappers);
  const walked = new Set<SyntaxNode>();
  const read: { readonly found: Found; readonly behaviour: FunctionBehaviour }[] = [];
  for (const found of functionsOf(file)) {
    if (walked.has(found.node)) continue;
    const behaviour = readFunction(file, found, walked, { cover: null, handed: true });
    if (behaviour.events.some((event) => event.kind !== 'entry' && !(event.kind === 'read' && event.library === 'parameter'))) read.push({ found, behaviour });
  }
  const all = read.map((one) => one.behaviour);
  const covers = coversOf(all, (name) => isReachable(file, name));
  const called = new Set(all.flatMap((one) => one.events.flatMap((event) => (event.kind === 'call' && event.target !== null ? [event.target.name] : []))));
  return read.map(({ found, behaviour }) => {
    const cover = covers.get(behaviour.name) ?? null;
    // Where others of the file hand over the row, the story is told there; a name may say that it is under a lock.
    const told = (found.local !== null && found.local.visibility !== 'public' && called.has(behaviour.name)) || isTransactional(behaviour.name) || speaksOfLocks(behaviour.name);
    const handed = behaviour.events.some((event) => event.kind === 'read' && event.library === 'parameter');
    return cover === null && !(told && handed) ? behaviour : readFunction(file, found, new Set(), { cover, handed: !told });
  });
}

function isReachable(file: FileFacts, name: string): boolean {
  const all = file.classes.flatMap((one) => one.methods.get(name) ?? []);
  return all.length === 0 || all.some((one) => one.visibility === 'public');
}

function functionsOf(file: FileFacts): readonly Found[] {
  const parents = new Map<SyntaxNode, SyntaxNode>();
  const methods = new Map(file.classes.flatMap((one) => [...one.methods.values()].map((method) => [method.node, method] as const)));
  const found: Found[] = [];
  const visit = (node: SyntaxNode, enclosing: LocalFunction | null): void => {
    let inside = enclosing;
    if (FUNCTION_KINDS.has(node.kind) && found.length < MOST_FUNCTIONS && childOf(node, 'body') !== undefined) {
      const local = methods.get(node) ?? (node.kind === 'function_definition' ? (file.functions.get(textOf(file.tree, childOf(node, 'name'))) ?? null) : null);
      inside = local ?? enclosing;
      found.push({ node, local: inside, symbol: local?.symbol ?? `${enclosing === null ? '' : `${enclosing.symbol}.`}${handedTo(file, node, parents)}` });
    }
    for (const child of node.children) {
      parents.set(child, node);
      visit(child, inside);
    }
  };
  visit(file.tree.root, null);
  return found;
}

interface Given {
  /** What its callers hold whenever they call it. */
  readonly cover: Cover | null;
  readonly handed: boolean;
}

function readFunction(file: FileFacts, found: Found, walked: Set<SyntaxNode>, { cover, handed }: Given): FunctionBehaviour {
  const { node, local, symbol } = found;
  const own = local?.node === node;
  const entry = own ? entryOf(file, local) : /(^|\.)Route\.\w+$/.test(symbol) ? 'request' : null;
  const walk = walkOf(file, found, walked, entry, handed);
  if (entry !== null) emit(walk, headOf(node), { kind: 'entry', entry });
  const alone = local?.owner == null ? null : runsAlone(file, local.owner);
  const lock = cover ?? (alone === null ? null : { name: alone, scope: 'cluster' as const });
  if (lock !== null) emit(walk, headOf(node), { kind: 'lock-acquire', lock: nextId(walk), name: lock.name, key: null, scope: lock.scope, ttl: null, tries: false, promise: 'none' }, lock.name);
  bindParameters(walk, node);
  walk.body(node, []);
  return {
    name: own && local !== null ? local.name : '<anonymous>',
    symbol,
    path: file.path,
    language: 'php',
    span: spanOf(walk, node),
    entry,
    async: false,
    runsIn: entry === null ? 'unknown' : 'server',
    parameters: [...walk.parameters],
    events: walk.events,
    bodyText: textOf(file.tree, node),
  };
}

function headOf(node: SyntaxNode): SyntaxNode {
  return { ...node, end: childOf(node, 'body')?.start ?? node.end };
}

function walkOf(file: FileFacts, { node, local }: Found, walked: Set<SyntaxNode>, entry: EntryKind | null, handed: boolean): Walk {
  const walk: Walk = {
    file,
    root: node,
    owner: local?.owner ?? null,
    entry,
    events: [],
    parameters: new Set(),
    types: typesOf(file, node),
    walked,
    derived: new Map(),
    builders: new WeakMap(),
    locks: new WeakMap(),
    statements: new WeakMap(),
    ran: new WeakMap(),
    repositories: new WeakMap(),
    madeRows: new WeakMap(),
    saved: savedIn(file, node),
    handed,
    frames: [],
    scope: { values: new Map() },
    counter: 0,
    inlined: false,
    returns: [],
    evaluate: (one) => evaluate(walk, one),
    statement: (one) => {
      walkStatement(walk, one);
    },
    body: (one, values) => walkBody(walk, one, values),
  };
  return walk;
}

/** `$order` of `$order->save()`, `$item->product` of `$item->product->decrement('stock')`. */
function savedIn(file: FileFacts, node: SyntaxNode): ReadonlySet<string> {
  const text = textOf(file.tree, childOf(node, 'body'));
  return new Set([...text.slice(0, 200_000).matchAll(/(\$\w{1,100}(?:->\w{1,100}){0,3})->(?:save|saveOrFail|saveQuietly|increment|decrement)\(/g)].map((one) => one[1] ?? ''));
}

function typesOf(file: FileFacts, node: SyntaxNode): ReadonlyMap<string, string> {
  const parameters = childOf(node, 'parameters')?.children ?? [];
  return new Map(parameters.flatMap((one) => {
    const type = typeName(file.tree, childOf(one, 'type'));
    return type === null ? [] : [[variableName(file.tree, childOf(one, 'name')), type] as const];
  }));
}

/**
 * Parameters whose type is a model are rows. Those of a request's handler are looked up by the route, without a lock, right
 * before it runs; what others handed over may have been locked or checked before.
 */
function bindParameters(walk: Walk, node: SyntaxNode): void {
  if (!walk.handed) return;
  for (const parameter of childOf(node, 'parameters')?.children ?? []) {
    const name = variableName(walk.file.tree, childOf(parameter, 'name'));
    const type = walk.types.get(name);
    if (type === undefined || isModel(walk.file, type) !== 'yes') continue;
    if (walk.entry === 'request' || walk.entry === 'webhook') {
      const table = { entity: entityOf(type), entityName: type, library: 'eloquent', key: [], where: null, whereKnown: true, handle: { name, transaction: null }, promise: 'none' as const };
      const id = emit(walk, parameter, { kind: 'read', ...table, vars: [name], lock: 'none', wait: 'block', many: false, limit: null, columns: null, relations: [], within: null, orThrow: true });
      walk.scope.values.set(name, { kind: 'result', event: id, name });
    } else walk.scope.values.set(name, handedRow(walk, `parameter.${name}`, type, `$${name}`, node));
  }
}

/** Parameters are bound to `values`, or stand for themselves; gives what the body yields. */
function walkBody(walk: Walk, node: SyntaxNode, values: readonly Expression[]): Expression {
  walk.walked.add(node);
  const parameters = childOf(node, 'parameters')?.children ?? [];
  parameters.forEach((parameter, place) => {
    const name = variableName(walk.file.tree, childOf(parameter, 'name'));
    const given = values[place];
    if (given !== undefined && parameter.kind !== 'variadic_parameter') walk.scope.values.set(name, given);
    else if (node !== walk.root) walk.scope.values.delete(name);
    if (given === undefined) walk.parameters.add(name);
  });
  const body = childOf(node, 'body');
  if (body === undefined) return UNKNOWN;
  if (body.kind !== 'compound_statement') return isClosure(body) ? UNKNOWN : walk.evaluate(body);
  const outer = walk.returns;
  const returns: Expression[] = [];
  walk.returns = returns;
  walkAll(walk, body.children);
  walk.returns = outer;
  return yielded(returns);
}
