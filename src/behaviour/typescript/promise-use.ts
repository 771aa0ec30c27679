import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { PromiseUse } from '../event.js';
import { isCallback } from './walk.js';

const FOLLOW = new Set(['then', 'catch', 'finally']);

/** What becomes of the promise that the call at `node` returns; `none` cannot be told from syntax and is never given. */
export function promiseUseOf(node: ts.Node): PromiseUse {
  let current: ts.Node = node;
  let handled = false;
  for (;;) {
    const { parent } = current;
    if (isTransparent(parent)) {
      current = parent;
      continue;
    }
    const followed = syntax.isPropertyAccessExpression(parent) && syntax.isCallExpression(parent.parent) && parent.parent.expression === parent;
    if (followed && FOLLOW.has(parent.name.text)) {
      handled ||= handles(parent.name.text, parent.parent);
      current = parent.parent;
      continue;
    }
    return useIn(parent, current, handled);
  }
}

function handles(name: string, call: ts.CallExpression): boolean {
  return (name === 'catch' && call.arguments.length > 0) || (name === 'then' && call.arguments.length > 1);
}

function isTransparent(node: ts.Node): boolean {
  if (
    syntax.isParenthesizedExpression(node) ||
    syntax.isAsExpression(node) ||
    syntax.isNonNullExpression(node) ||
    syntax.isSatisfiesExpression(node) ||
    syntax.isConditionalExpression(node)
  ) {
    return true;
  }
  const kind = syntax.SyntaxKind;
  return (
    syntax.isBinaryExpression(node) &&
    [kind.AmpersandAmpersandToken, kind.BarBarToken, kind.QuestionQuestionToken, kind.CommaToken].includes(node.operatorToken.kind)
  );
}

function useIn(parent: ts.Node, child: ts.Node, handled: boolean): PromiseUse {
  if (syntax.isAwaitExpression(parent) || syntax.isYieldExpression(parent)) return 'awaited';
  if (syntax.isReturnStatement(parent) || (isCallback(parent) && parent.body === child)) return 'returned';
  if (syntax.isForOfStatement(parent)) return 'awaited';
  if (syntax.isVoidExpression(parent)) return handled ? 'handled' : 'voided';
  if (syntax.isExpressionStatement(parent)) return handled ? 'handled' : 'dropped';
  if (syntax.isVariableDeclaration(parent) || syntax.isBinaryExpression(parent) || syntax.isPropertyDeclaration(parent)) return 'stored';
  return 'collected';
}
