import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { FunctionBehaviour } from '../event.js';
import type { Expression } from '../expression.js';
import { bindName } from './bind.js';
import { coversOf } from '../covered.js';
import type { Cover } from '../covered.js';
import { declaredOn } from './decorators.js';
import { entryOf } from './entry.js';
import { evaluate } from './evaluate.js';
import { bindHanded, handedRows } from './handed-rows.js';
import type { HandedRow } from './handed-rows.js';
import { factsOf, nameOf, symbolOf } from './file-facts.js';
import { walkAll, walkStatement } from './statements.js';
import { emit, isAsync, isFunctionNode, nextId, spanOf, within } from './walk.js';
import { UNKNOWN, yielded } from '../bounded.js';
import type { FileFacts, FunctionNode, Walk } from './walk.js';

/** More functions than this in one file are not looked at. */
const MOST_FUNCTIONS = 2_000;

/** Every function of a file that does anything, outer ones before the functions inside them. */
export function readFile(path: string, tree: ts.SourceFile, lockWrappers: readonly string[]): readonly FunctionBehaviour[] {
  const file = factsOf(path, tree, lockWrappers);
  const walked = new Set<ts.Node>();
  const found: FunctionBehaviour[] = [];
  const nodes = new Map<FunctionBehaviour, FunctionNode>();
  for (const node of functionsOf(tree)) {
    if (walked.has(node) || node.body === undefined) continue;
    const behaviour = readFunction(file, node, walked, { cover: null, handed: [] });
    if (!behaviour.events.some((event) => event.kind !== 'entry')) continue;
    found.push(behaviour);
    nodes.set(behaviour, node);
  }
  const covers = coversOf(found, (name) => isReachable(file, name));
  const called = new Set(found.flatMap((one) => one.events.flatMap((event) => (event.kind === 'call' && event.target !== null ? [event.target.name] : []))));
  return found.map((behaviour) => {
    const node = nodes.get(behaviour);
    if (node === undefined) return behaviour;
    const cover = covers.get(behaviour.name) ?? null;
    const handed = cover === null ? handedRows(behaviour, node, called) : [];
    return cover === null && handed.length === 0 ? behaviour : readFunction(file, node, new Set(), { cover, handed });
  });
}

function isReachable(file: FileFacts, name: string): boolean {
  const local = file.functions.get(name) ?? file.functions.get(`this.${name}`);
  return local === undefined || local.exported;
}

function functionsOf(tree: ts.SourceFile): readonly FunctionNode[] {
  const found: FunctionNode[] = [];
  const visit = (node: ts.Node): void => {
    if (found.length >= MOST_FUNCTIONS) return;
    if (isFunctionNode(node)) found.push(node);
    syntax.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

interface Given {
  /** What its callers hold whenever they call it. */
  readonly cover: Cover | null;
  readonly handed: readonly HandedRow[];
}

function readFunction(file: FileFacts, node: FunctionNode, walked: Set<ts.Node>, { cover, handed }: Given): FunctionBehaviour {
  const walk = walkOf(file, node, walked);
  const entry = entryOf(node, file.path);
  if (entry !== null) emit(walk, node.body ?? node, { kind: 'entry', entry });
  if (cover !== null) emit(walk, node.name ?? node, { kind: 'lock-acquire', lock: nextId(walk), name: cover.name, key: null, scope: cover.scope, ttl: null, tries: false, promise: 'none' }, cover.name);
  bindHanded(walk, handed);
  walkDeclared(walk, node);
  const name = nameOf(node);
  return {
    name: name ?? '<anonymous>',
    symbol: symbolOf(node),
    path: file.path,
    language: /\.[cm]?jsx?$/.test(file.path) ? 'javascript' : 'typescript',
    span: spanOf(file.tree, node),
    entry,
    async: isAsync(node),
    runsIn: file.browser ? 'browser' : entry === null ? 'unknown' : 'server',
    parameters: [...walk.parameters],
    events: walk.events,
    bodyText: node.getText(file.tree),
  };
}

/** Walks the body inside what its decorators put around it. */
function walkDeclared(walk: Walk, node: FunctionNode): void {
  const { lock, transaction } = declaredOn(node);
  if (lock !== null) emit(walk, lock, { kind: 'lock-acquire', lock: nextId(walk), name: lock.getText(), key: null, scope: 'unknown', ttl: null, tries: false, promise: 'none' });
  if (transaction === null) {
    walk.body(node, []);
    return;
  }
  const id = nextId(walk);
  emit(walk, transaction.node, { kind: 'tx-begin', transaction: id, handle: null, isolation: transaction.isolation, style: 'declared' });
  within(walk, { kind: 'transaction', id }, () => walk.body(node, []));
}

function walkOf(file: FileFacts, root: FunctionNode, walked: Set<ts.Node>): Walk {
  const walk: Walk = {
    file,
    root,
    events: [],
    parameters: new Set(),
    walked,
    derived: new Map(),
    handed: new Map(),
    frames: [],
    scope: { values: new Map(), handles: new Map(), closures: new Map() },
    counter: 0,
    inlined: false,
    returns: [],
    evaluate: (node) => evaluate(walk, node),
    statement: (node) => walkStatement(walk, node),
    body: (node, values) => walkBody(walk, node, values),
  };
  return walk;
}

/** Parameters are bound to `values`, or stand for themselves; gives what the body yields. */
function walkBody(walk: Walk, node: FunctionNode, values: readonly Expression[]): Expression {
  walk.walked.add(node);
  node.parameters.forEach((parameter, place) => {
    const given = values[place];
    if (given !== undefined) bindName(walk, parameter.name, given);
    else bindParameter(walk, parameter.name);
  });
  const { body } = node;
  if (body === undefined) return UNKNOWN;
  if (!syntax.isBlock(body)) {
    if (isFunctionNode(body)) return UNKNOWN;
    return walk.evaluate(body);
  }
  const outer = walk.returns;
  const returns: Expression[] = [];
  walk.returns = returns;
  walkAll(walk, body.statements);
  walk.returns = outer;
  return yielded(returns);
}

/** A parameter stands for itself under its own name; a pattern's names each do. */
function bindParameter(walk: Walk, name: ts.BindingName): void {
  if (syntax.isIdentifier(name)) {
    walk.parameters.add(name.text);
    walk.scope.values.delete(name.text);
    return;
  }
  for (const element of name.elements) if (syntax.isBindingElement(element)) bindParameter(walk, element.name);
}
