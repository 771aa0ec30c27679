import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Expression } from '../expression.js';
import { declare } from './bind.js';
import { variablesIn } from './variables-in.js';
import { exitOf, exitOfAll } from './exits.js';
import { handlerOf } from './handler.js';
import { walkLoop } from './loops.js';
import { copyScope, emit, isCallback, joinScopes, nextId, oneLine, within } from './walk.js';
import { UNKNOWN } from '../bounded.js';
import type { Scope, Walk } from './walk.js';

/** Walks one statement: its calls and decisions become events. Functions declared inside are read on their own. */
export function walkStatement(walk: Walk, node: ts.Statement): void {
  if (syntax.isBlock(node)) walkAll(walk, node.statements);
  else if (syntax.isVariableStatement(node)) declare(walk, node.declarationList);
  else if (syntax.isExpressionStatement(node)) walk.evaluate(node.expression);
  else if (syntax.isIfStatement(node)) walkIf(walk, node);
  else if (syntax.isReturnStatement(node)) walkReturn(walk, node);
  else if (syntax.isThrowStatement(node)) walkThrow(walk, node);
  else if (syntax.isTryStatement(node)) walkTry(walk, node);
  else if (syntax.isSwitchStatement(node)) walkSwitch(walk, node);
  else if (syntax.isLabeledStatement(node)) walkStatement(walk, node.statement);
  else if (syntax.isIterationStatement(node, false)) walkLoop(walk, node, walkStatement);
}

export function walkAll(walk: Walk, statements: readonly ts.Statement[]): void {
  for (const statement of statements) walkStatement(walk, statement);
}

function walkIf(walk: Walk, node: ts.IfStatement): void {
  const condition = walk.evaluate(node.expression);
  const branch = nextId(walk);
  const whenTrue = exitOf(node.thenStatement);
  const whenFalse = exitOf(node.elseStatement);
  emit(walk, node.expression, { kind: 'guard', branch, condition, vars: variablesIn(node.expression), whenTrue, whenFalse });
  const before = copyScope(walk.scope);
  within(walk, { kind: 'branch', id: branch, arm: 'then' }, () => walkStatement(walk, node.thenStatement));
  const afterThen = walk.scope;
  walk.scope = before;
  const { elseStatement } = node;
  if (elseStatement !== undefined) within(walk, { kind: 'branch', id: branch, arm: 'else' }, () => walkStatement(walk, elseStatement));
  walk.scope = met(afterThen, whenTrue !== null, walk.scope, whenFalse !== null);
}

/** What holds behind a branch: only the ways that get there count. */
function met(one: Scope, oneLeaves: boolean, other: Scope, otherLeaves: boolean): Scope {
  if (oneLeaves && !otherLeaves) return other;
  if (otherLeaves && !oneLeaves) return one;
  return joinScopes(one, other);
}

function walkReturn(walk: Walk, node: ts.ReturnStatement): void {
  const { expression } = node;
  const value = expression === undefined ? null : isCallback(expression) ? UNKNOWN : walk.evaluate(expression);
  if (value !== null) walk.returns.push(value);
  emit(walk, node, { kind: 'return', value });
}

function walkThrow(walk: Walk, node: ts.ThrowStatement): void {
  const value = walk.evaluate(node.expression);
  const caught = walk.frames.some((frame) => frame.kind === 'try' && frame.part === 'catch');
  emit(walk, node, { kind: 'throw', value, rethrow: caught && syntax.isIdentifier(node.expression) });
}

function walkTry(walk: Walk, node: ts.TryStatement): void {
  const id = nextId(walk);
  const { catchClause, finallyBlock } = node;
  const handler = catchClause === undefined ? null : handlerOf(walk.file.tree, catchClause);
  emit(walk, catchClause ?? node.tryBlock, { kind: 'try-catch', try: id, handler, hasFinally: finallyBlock !== undefined });
  const before = copyScope(walk.scope);
  within(walk, { kind: 'try', id, part: 'try' }, () => walkAll(walk, node.tryBlock.statements));
  if (catchClause !== undefined) {
    const afterTry = walk.scope;
    walk.scope = before;
    within(walk, { kind: 'try', id, part: 'catch' }, () => walkAll(walk, catchClause.block.statements));
    walk.scope = met(afterTry, exitOfAll(node.tryBlock.statements) !== null, walk.scope, exitOfAll(catchClause.block.statements) !== null);
  }
  if (finallyBlock !== undefined) within(walk, { kind: 'try', id, part: 'finally' }, () => walkAll(walk, finallyBlock.statements));
}

/** Every run of labels with statements is a decision of its own: the value is one of the labels. */
function walkSwitch(walk: Walk, node: ts.SwitchStatement): void {
  const value = walk.evaluate(node.expression);
  const before = copyScope(walk.scope);
  let labels: Expression[] = [];
  const all: Expression[] = [];
  let joined: Scope | null = null;
  for (const clause of node.caseBlock.clauses) {
    if (syntax.isCaseClause(clause)) {
      const label = walk.evaluate(clause.expression);
      labels.push(label);
      all.push(label);
    }
    if (clause.statements.length === 0) continue;
    const named: Expression = { kind: 'binary', operator: 'in', left: value, right: { kind: 'array', elements: syntax.isCaseClause(clause) ? labels : all } };
    const condition: Expression = syntax.isCaseClause(clause) ? named : { kind: 'unary', operator: 'not', operand: named };
    labels = [];
    const exit = exitOfAll(clause.statements);
    const branch = nextId(walk);
    const head = syntax.isCaseClause(clause) ? clause.expression : node.expression;
    emit(walk, head, { kind: 'guard', branch, condition, vars: variablesIn(node.expression), whenTrue: exit === 'break' ? null : exit, whenFalse: null }, syntax.isCaseClause(clause) ? `case ${oneLine(walk.file.tree, clause.expression)}` : 'default');
    walk.scope = copyScope(before);
    within(walk, { kind: 'branch', id: branch, arm: 'then' }, () => walkAll(walk, clause.statements));
    if (exit === null || exit === 'break') joined = joined === null ? walk.scope : joinScopes(joined, walk.scope);
  }
  walk.scope = joined === null ? before : joinScopes(before, joined);
}
