import { childOf, childOfKind, type SyntaxNode } from '../../languages/tree-sitter.js';
import type { Exit } from '../event.js';
import { textOf } from './file-facts.js';
import type { SyntaxTree } from '../../languages/tree-sitter.js';

/** Functions that never return. */
const NEVER = new Map<string, Exit>([
  ['abort', 'throw'],
  ['dd', 'end'],
  ['exit', 'end'],
  ['die', 'end'],
  ['wp_die', 'end'],
  ['wp_send_json_error', 'end'],
  ['wp_send_json_success', 'end'],
]);
/** Methods that never return, whatever they are called on. */
const NEVER_METHODS = /^(markTestSkipped|halt|throwException|throwIf\w*)$/;

/** How a statement leaves on every way through it, null when some way goes on behind it. */
export function exitOf(tree: SyntaxTree, node: SyntaxNode | undefined): Exit | null {
  if (node === undefined) return null;
  switch (node.kind) {
    case 'return_statement':
      return 'return';
    case 'continue_statement':
      return 'continue';
    case 'break_statement':
      return 'break';
    case 'exit_statement':
      return 'end';
    case 'compound_statement':
    case 'colon_block':
    case 'else_clause':
      return exitOfAll(tree, node.children);
    case 'expression_statement':
      return exitOfExpression(tree, node.children[0]);
    case 'if_statement':
      return exitOfIf(tree, node);
    case 'try_statement':
      return exitOfTry(tree, node);
    default:
      return null;
  }
}

/** Of a list of statements: that of the first that always leaves. */
export function exitOfAll(tree: SyntaxTree, statements: readonly SyntaxNode[]): Exit | null {
  for (const statement of statements) {
    const exit = exitOf(tree, statement);
    if (exit !== null) return exit;
  }
  return null;
}

function exitOfIf(tree: SyntaxTree, node: SyntaxNode): Exit | null {
  const arms = [childOf(node, 'body'), ...node.children.filter((one) => one.field === 'alternative')];
  if (!arms.some((one) => one?.kind === 'else_clause')) return null;
  const exits = arms.map((one) => exitOf(tree, one?.kind === 'else_if_clause' ? childOf(one, 'body') : one));
  return exits.reduce<Exit | null>((weakest, one) => (weakest === null || one === null ? null : weaker(weakest, one)), exits[0] ?? null);
}

function exitOfTry(tree: SyntaxTree, node: SyntaxNode): Exit | null {
  const last = exitOf(tree, childOf(childOfKind(node, 'finally_clause'), 'body'));
  if (last !== null) return last;
  const all = [childOf(node, 'body'), ...node.children.filter((one) => one.kind === 'catch_clause').map((one) => childOf(one, 'body'))].map((one) => exitOf(tree, one));
  return all.reduce<Exit | null>((weakest, one) => (weakest === null || one === null ? null : weaker(weakest, one)), all[0] ?? null);
}

function exitOfExpression(tree: SyntaxTree, node: SyntaxNode | undefined): Exit | null {
  if (node === undefined) return null;
  if (node.kind === 'throw_expression') return 'throw';
  if (node.kind === 'function_call_expression') return NEVER.get(textOf(tree, childOf(node, 'function'))) ?? null;
  return node.kind === 'member_call_expression' && NEVER_METHODS.test(textOf(tree, childOf(node, 'name'))) ? 'throw' : null;
}

/** Leaving only the loop is less than leaving the function. */
function weaker(one: Exit, other: Exit): Exit {
  const order: readonly Exit[] = ['break', 'continue', 'return', 'throw', 'end'];
  return order.find((exit) => exit === one || exit === other) ?? one;
}
