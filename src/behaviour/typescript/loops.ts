import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Loop } from '../event.js';
import type { Expression } from '../expression.js';
import { bindName, declare } from './bind.js';
import { indexOf } from './member.js';
import { waitsForSuccess } from './success-flag.js';
import { copyScope, emit, joinScopes, nextId, within } from './walk.js';
import { MOST_EVENTS, UNKNOWN } from '../bounded.js';
import type { Walk } from './walk.js';

/** A loop: once through its body; what it assigns may also never have been assigned. */
export function walkLoop(walk: Walk, node: ts.IterationStatement, body: (walk: Walk, statement: ts.Statement) => void): void {
  const loop = nextId(walk);
  const before = copyScope(walk.scope);
  const capped = [...conditionsThatEnd(node.statement), ...abortsIn(node.statement)];
  const leaves = leavesIn(node.statement, true);
  if (syntax.isForOfStatement(node) || syntax.isForInStatement(node)) {
    const collection = walk.evaluate(node.expression);
    emit(walk, node.expression, { kind: 'loop', loop, bound: 'collection', condition: null, collection, capped, leaves });
    within(walk, { kind: 'loop', id: loop }, () => {
      if (syntax.isVariableDeclarationList(node.initializer)) {
        for (const one of node.initializer.declarations) bindName(walk, one.name, syntax.isForOfStatement(node) ? indexOf(collection, UNKNOWN) : UNKNOWN);
      }
      body(walk, node.statement);
    });
  } else {
    if (syntax.isForStatement(node) && node.initializer !== undefined && syntax.isVariableDeclarationList(node.initializer)) declare(walk, node.initializer);
    const test = syntax.isForStatement(node) ? node.condition : (node as ts.WhileStatement | ts.DoStatement).expression;
    within(walk, { kind: 'loop', id: loop }, () => {
      const condition: Expression | null = test === undefined ? null : walk.evaluate(test);
      emit(walk, node, { kind: 'loop', loop, bound: walk.events.length < MOST_EVENTS && waitsForSuccess(test, node) ? 'success' : boundOf(test, node), condition, collection: null, capped, leaves });
      body(walk, node.statement);
    });
  }
  walk.scope = joinScopes(before, walk.scope);
}

function boundOf(test: ts.Expression | undefined, node: ts.Node): Loop['bound'] {
  if (test === undefined || test.kind === syntax.SyntaxKind.TrueKeyword || (syntax.isNumericLiteral(test) && test.text === '1')) return 'forever';
  const text = test.getText();
  if (/signal|abort|cancel|stop|shutdown|running|closed|isClosing|shouldContinue/i.test(text)) return 'signal';
  if (/Date\.now|deadline|timeout|elapsed|performance\.now|startTime|expires/i.test(text)) return 'deadline';
  if (/[<>]/.test(text) || /\b(attempt|attempts|retries|retriesLeft|tries|remaining|left|count|counter)\b|--|\+\+/i.test(text) || syntax.isForStatement(node)) return 'counter';
  return 'condition';
}

const CAP = /attempt|retr(y|ies)|tries|max|limit|count|deadline|timeout|timed|elapsed|Date\.now|performance\.now|signal|abort|cancel|stop|shut|running|closed|closing|destroyed|disposed|disconnected|active|alive/i;

/** Conditions inside a loop's body that end it, and that speak of attempts, of time or of a signal. */
function conditionsThatEnd(body: ts.Statement): readonly string[] {
  const counted = new Set([...body.getText().matchAll(/(?:\+\+|--)\s*([A-Za-z_$][\w$.]*)|([A-Za-z_$][\w$.]*)\s*(?:\+\+|--|[-+*]=)/g)].map((one) => one[1] ?? one[2] ?? ''));
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (syntax.isFunctionLike(node)) return;
    if (syntax.isIfStatement(node) && (leavesIn(node.thenStatement, false) || (node.elseStatement !== undefined && leavesIn(node.elseStatement, false)))) {
      const text = node.expression.getText();
      const counts = /[<>]|===/.test(text) && [...counted].some((name) => name !== '' && text.includes(name));
      if (counts || CAP.test(text)) found.push(text.replace(/\s+/g, ' ').slice(0, 120));
    }
    syntax.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

/**
 * Calls inside a loop's body that throw once a signal is aborted: `signal.throwIfAborted()`, a pause that is handed the
 * signal. What a `try` in the loop would catch ends nothing.
 */
function abortsIn(body: ts.Statement): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (syntax.isFunctionLike(node)) return;
    if (syntax.isCallExpression(node) && throwsOnAbort(node)) found.push(node.getText().replace(/\s+/g, ' ').slice(0, 120));
    if (syntax.isTryStatement(node) && node.catchClause !== undefined) {
      visit(node.catchClause.block);
      if (node.finallyBlock !== undefined) visit(node.finallyBlock);
    } else syntax.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

function throwsOnAbort(node: ts.CallExpression): boolean {
  const callee = node.expression;
  const name = syntax.isPropertyAccessExpression(callee) ? callee.name.text : syntax.isIdentifier(callee) ? callee.text : '';
  if (/^throwIf(Abort|Cancel|Stop|Clos)/i.test(name)) return true;
  return /^(sleep|delay|wait|pause|backoff|setTimeout)/i.test(name) && node.arguments.some((one) => /\b(\w*[sS]ignal|abort\w*)\b/.test(one.getText()));
}

/** Whether something in a statement ends the loop it stands in: `return`, `throw`, its own `break`. */
function leavesIn(statement: ts.Node, besideHandlers: boolean): boolean {
  let found = false;
  const visit = (node: ts.Node, loops: number): void => {
    if (found || syntax.isFunctionLike(node) || (besideHandlers && syntax.isCatchClause(node))) return;
    if (syntax.isReturnStatement(node) || (syntax.isBreakStatement(node) && loops === 0) || (!besideHandlers && syntax.isThrowStatement(node))) found = true;
    else syntax.forEachChild(node, (child) => visit(child, loops + (syntax.isIterationStatement(node, false) || syntax.isSwitchStatement(node) ? 1 : 0)));
  };
  visit(statement, 0);
  return found;
}
