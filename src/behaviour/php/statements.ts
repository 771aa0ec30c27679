import { childOf, childOfKind, walkSyntax, type SyntaxNode } from '../../languages/tree-sitter.js';
import type { Expression } from '../expression.js';
import type { Exit, Loop } from '../event.js';
import { bindTo } from './assign.js';
import { exitOf, exitOfAll } from './exits.js';
import { FUNCTION_KINDS } from './file-facts.js';
import { handlerOf } from './handler.js';
import { indexOf } from './member.js';
import { bare, copyScope, emit, isClosure, joinScopes, nextId, oneLine, within, written } from './walk.js';
import type { Scope, Walk } from './walk.js';
import { UNKNOWN } from '../bounded.js';

/** Walks one statement: its calls and decisions become events. Functions declared inside are read on their own. */
export function walkStatement(walk: Walk, node: SyntaxNode): void {
  switch (node.kind) {
    case 'compound_statement':
    case 'colon_block':
      walkAll(walk, node.children);
      break;
    case 'expression_statement':
    case 'echo_statement':
    case 'unset_statement':
      for (const child of node.children) walk.evaluate(child);
      break;
    case 'exit_statement':
      for (const child of node.children) walk.evaluate(child);
      emit(walk, node, { kind: 'throw', value: null, rethrow: false });
      break;
    case 'if_statement':
      walkIf(walk, node, childOf(node, 'condition'), childOf(node, 'body'), node.children.filter((one) => one.field === 'alternative'));
      break;
    case 'return_statement':
      walkReturn(walk, node);
      break;
    case 'try_statement':
      walkTry(walk, node);
      break;
    case 'switch_statement':
      walkSwitch(walk, node);
      break;
    case 'foreach_statement':
      walkForeach(walk, node);
      break;
    case 'for_statement':
    case 'while_statement':
    case 'do_statement':
      walkLoop(walk, node);
      break;
  }
}

export function walkAll(walk: Walk, statements: readonly SyntaxNode[]): void {
  for (const statement of statements) walkStatement(walk, statement);
}

/** Variables of a condition, as written: what a message may quote. */
export function variablesIn(walk: Walk, node: SyntaxNode): readonly string[] {
  const found = [...walkSyntax(node)].filter((one) => one.kind === 'variable_name' || one.kind === 'member_access_expression');
  return [...new Set(found.map((one) => written(walk, one)))];
}

function walkIf(walk: Walk, node: SyntaxNode, test: SyntaxNode | undefined, body: SyntaxNode | undefined, alternatives: readonly SyntaxNode[]): void {
  if (test === undefined) return;
  const inner = bare(test);
  const condition = walk.evaluate(inner);
  const branch = nextId(walk);
  const { tree } = walk.file;
  const [next, ...rest] = alternatives;
  const whenTrue = exitOf(tree, body);
  const whenFalse = exitOfArms(walk, alternatives);
  emit(walk, inner, { kind: 'guard', branch, condition, vars: variablesIn(walk, inner), whenTrue, whenFalse });
  const before = copyScope(walk.scope);
  if (body !== undefined) within(walk, { kind: 'branch', id: branch, arm: 'then' }, () => walkStatement(walk, body));
  const afterThen = walk.scope;
  walk.scope = before;
  if (next !== undefined) {
    within(walk, { kind: 'branch', id: branch, arm: 'else' }, () => {
      if (next.kind === 'else_if_clause') walkIf(walk, next, childOf(next, 'condition'), childOf(next, 'body'), rest);
      else walkAll(walk, next.children);
    });
  }
  walk.scope = met(afterThen, whenTrue !== null, walk.scope, whenFalse !== null);
}

/** How `elseif … else` leaves on every way; null where there is no `else`. */
function exitOfArms(walk: Walk, alternatives: readonly SyntaxNode[]): Exit | null {
  if (alternatives.at(-1)?.kind !== 'else_clause') return null;
  const exits = alternatives.map((one) => exitOf(walk.file.tree, one.kind === 'else_if_clause' ? childOf(one, 'body') : one));
  return exits.every((one) => one !== null) ? (exits[0] ?? null) : null;
}

/** What holds behind a branch: only the ways that get there count. */
function met(one: Scope, oneLeaves: boolean, other: Scope, otherLeaves: boolean): Scope {
  if (oneLeaves && !otherLeaves) return other;
  if (otherLeaves && !oneLeaves) return one;
  return joinScopes(one, other);
}

function walkReturn(walk: Walk, node: SyntaxNode): void {
  const [expression] = node.children;
  const value = expression === undefined ? null : isClosure(expression) ? UNKNOWN : walk.evaluate(expression);
  if (value !== null) walk.returns.push(value);
  emit(walk, node, { kind: 'return', value });
}

function walkTry(walk: Walk, node: SyntaxNode): void {
  const { tree } = walk.file;
  const body = childOf(node, 'body');
  const catches = node.children.filter((one) => one.kind === 'catch_clause');
  const last = childOf(childOfKind(node, 'finally_clause'), 'body');
  // Kinds of errors that other clauses take are told apart by these.
  const id = nextId(walk);
  const general = catches.at(-1);
  const handler = general === undefined ? null : handlerOf(walk, general, body, catches.length);
  emit(walk, general ?? node, { kind: 'try-catch', try: id, handler, hasFinally: last !== undefined });
  const before = copyScope(walk.scope);
  if (body !== undefined) within(walk, { kind: 'try', id, part: 'try' }, () => walkStatement(walk, body));
  let joined: { readonly scope: Scope; readonly leaves: boolean } = { scope: walk.scope, leaves: exitOf(tree, body) !== null };
  for (const one of catches) {
    const block = childOf(one, 'body');
    walk.scope = copyScope(before);
    within(walk, { kind: 'try', id, part: 'catch' }, () => walkAll(walk, block?.children ?? []));
    const leaves = exitOf(tree, block) !== null;
    joined = { scope: met(joined.scope, joined.leaves, walk.scope, leaves), leaves: joined.leaves && leaves };
  }
  walk.scope = joined.scope;
  if (last !== undefined) within(walk, { kind: 'try', id, part: 'finally' }, () => walkStatement(walk, last));
}

/** Every run of labels with statements is a decision of its own: the value is one of the labels. */
function walkSwitch(walk: Walk, node: SyntaxNode): void {
  const head = childOf(node, 'condition');
  if (head === undefined) return;
  const value = walk.evaluate(bare(head));
  const before = copyScope(walk.scope);
  let labels: Expression[] = [];
  const all: Expression[] = [];
  let joined: Scope | null = null;
  for (const clause of childOf(node, 'body')?.children ?? []) {
    const label = clause.kind === 'case_statement' ? childOf(clause, 'value') : undefined;
    const statements = clause.children.filter((one) => one !== label);
    if (label !== undefined) {
      const named = walk.evaluate(label);
      labels.push(named);
      all.push(named);
    }
    if (statements.length === 0) continue;
    const named: Expression = { kind: 'binary', operator: 'in', left: value, right: { kind: 'array', elements: label === undefined ? all : labels } };
    const condition: Expression = label === undefined ? { kind: 'unary', operator: 'not', operand: named } : named;
    labels = [];
    const exit = exitOfAll(walk.file.tree, statements);
    const branch = nextId(walk);
    emit(walk, label ?? head, { kind: 'guard', branch, condition, vars: variablesIn(walk, head), whenTrue: exit === 'break' ? null : exit, whenFalse: null }, label === undefined ? 'default' : `case ${oneLine(walk, label)}`);
    walk.scope = copyScope(before);
    within(walk, { kind: 'branch', id: branch, arm: 'then' }, () => walkAll(walk, statements));
    if (exit === null || exit === 'break') joined = joined === null ? walk.scope : joinScopes(joined, walk.scope);
  }
  walk.scope = joined === null ? before : joinScopes(before, joined);
}

function walkForeach(walk: Walk, node: SyntaxNode): void {
  const [list, item] = node.children.filter((one) => one.field !== 'body');
  const body = childOf(node, 'body');
  if (list === undefined || item === undefined) return;
  const collection = walk.evaluate(list);
  const before = copyScope(walk.scope);
  const loop = nextId(walk);
  within(walk, { kind: 'loop', id: loop }, () => {
    emit(walk, node, { kind: 'loop', loop, bound: 'collection', condition: null, collection, capped: [], leaves: leavesIn(body) }, oneLine(walk, list));
    const target = item.kind === 'pair' ? item.children[1] : item;
    if (item.kind === 'pair' && item.children[0] !== undefined) bindTo(walk, item.children[0], UNKNOWN);
    if (target !== undefined) bindTo(walk, target.kind === 'by_ref' ? (target.children[0] ?? target) : target, indexOf(collection, { kind: 'opaque', text: '', uses: [] }));
    if (body !== undefined) walkStatement(walk, body);
  });
  walk.scope = joinScopes(before, walk.scope);
}

function walkLoop(walk: Walk, node: SyntaxNode): void {
  const before = copyScope(walk.scope);
  const loop = nextId(walk);
  const test = childOf(node, 'condition');
  const body = childOf(node, 'body');
  for (const start of node.children.filter((one) => one.field === 'initialize')) walk.evaluate(start);
  within(walk, { kind: 'loop', id: loop }, () => {
    const condition = test === undefined ? null : walk.evaluate(bare(test));
    emit(walk, node, { kind: 'loop', loop, bound: boundOf(walk, node, test), condition, collection: null, capped: capsIn(walk, body), leaves: leavesIn(body) });
    if (body !== undefined) walkStatement(walk, body);
    for (const update of node.children.filter((one) => one.field === 'update')) walk.evaluate(update);
  });
  walk.scope = joinScopes(before, walk.scope);
}

function boundOf(walk: Walk, node: SyntaxNode, test: SyntaxNode | undefined): Loop['bound'] {
  const text = test === undefined ? '' : written(walk, bare(test));
  if (/^(|true|1)$/i.test(text)) return 'forever';
  if (/signal|stop|quit|shutdown|running|cancel/i.test(text)) return 'signal';
  if (/deadline|timeout|elapsed|microtime|time\(\)/i.test(text)) return 'deadline';
  return node.kind === 'for_statement' || /[<>]|attempt|retr(y|ies)|tries|remaining|count|--|\+\+/i.test(text) ? 'counter' : 'condition';
}

const CAP = /attempt|retr(y|ies)|tries|max|limit|count|deadline|timeout|elapsed|time\(|signal|abort|cancel|stop|quit|shut|running|closed|[<>]/i;

/** Conditions inside a loop's body that end it, and that speak of attempts, of time or of a signal. */
function capsIn(walk: Walk, body: SyntaxNode | undefined): readonly string[] {
  if (body === undefined) return [];
  const found: string[] = [];
  for (const one of walkSyntax(body, (node) => !FUNCTION_KINDS.has(node.kind))) {
    if (one.kind !== 'if_statement' || !leavesIn(one)) continue;
    const text = written(walk, childOf(one, 'condition') ?? one);
    if (CAP.test(text)) found.push(text.replace(/\s+/g, ' ').slice(0, 120));
  }
  return found;
}

/** Whether something outside its handlers leaves a loop. */
function leavesIn(body: SyntaxNode | undefined): boolean {
  if (body === undefined) return false;
  return [...walkSyntax(body, (node) => !FUNCTION_KINDS.has(node.kind) && node.kind !== 'catch_clause')].some((one) => one.kind === 'return_statement' || one.kind === 'break_statement');
}
