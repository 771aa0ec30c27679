import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Exit } from '../event.js';
import { bare } from './walk.js';

/** Functions that never return. The first of each pair is what the framework throws or does. */
const NEVER = new Map<string, Exit>([
  ['process.exit', 'end'],
  ['process.abort', 'end'],
  ['notFound', 'throw'],
  ['redirect', 'throw'],
  ['permanentRedirect', 'throw'],
  ['forbidden', 'throw'],
  ['unauthorized', 'throw'],
  ['assertNever', 'throw'],
  ['fail', 'throw'],
  ['ctx.throw', 'throw'],
]);

/** How a statement leaves on every way through it, null when some way goes on behind it. */
export function exitOf(statement: ts.Statement | undefined): Exit | null {
  if (statement === undefined) return null;
  if (syntax.isReturnStatement(statement)) return 'return';
  if (syntax.isThrowStatement(statement)) return 'throw';
  if (syntax.isContinueStatement(statement)) return 'continue';
  if (syntax.isBreakStatement(statement)) return 'break';
  if (syntax.isBlock(statement)) return exitOfAll(statement.statements);
  if (syntax.isExpressionStatement(statement)) return exitOfCall(statement.expression);
  if (syntax.isIfStatement(statement)) {
    const then = exitOf(statement.thenStatement);
    const otherwise = exitOf(statement.elseStatement);
    return then === null || otherwise === null ? null : weaker(then, otherwise);
  }
  if (syntax.isTryStatement(statement)) {
    const last = exitOfAll(statement.finallyBlock?.statements);
    if (last !== null) return last;
    const tried = exitOfAll(statement.tryBlock.statements);
    const caught = statement.catchClause === undefined ? tried : exitOfAll(statement.catchClause.block.statements);
    return tried === null || caught === null ? null : weaker(tried, caught);
  }
  return null;
}

/** Of a list of statements: that of the first that always leaves. */
export function exitOfAll(statements: readonly ts.Statement[] | undefined): Exit | null {
  for (const statement of statements ?? []) {
    const exit = exitOf(statement);
    if (exit !== null) return exit;
  }
  return null;
}

function exitOfCall(expression: ts.Expression): Exit | null {
  const inner = bare(expression);
  const call = syntax.isAwaitExpression(inner) ? bare(inner.expression) : inner;
  if (!syntax.isCallExpression(call)) return null;
  return NEVER.get(call.expression.getText().replace(/\s+/g, '')) ?? null;
}

/** Leaving only the loop is less than leaving the function. */
function weaker(one: Exit, other: Exit): Exit {
  const order: readonly Exit[] = ['break', 'continue', 'return', 'throw', 'end'];
  return order.find((exit) => exit === one || exit === other) ?? one;
}
