import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Loop } from '../event.js';
import type { Expression } from '../expression.js';
import { bindName } from './bind.js';
import { indexOf } from './member.js';
import { declare, walkStatement } from './statements.js';
import { copyScope, emit, joinScopes, nextId, within, UNKNOWN } from './walk.js';
import type { Walk } from './walk.js';

/** A loop: once through its body; what it assigns may also never have been assigned. */
export function walkLoop(walk: Walk, node: ts.IterationStatement): void {
  const loop = nextId(walk);
  const before = copyScope(walk.scope);
  const capped = comparisonsThatLeave(node.statement);
  if (syntax.isForOfStatement(node) || syntax.isForInStatement(node)) {
    const collection = walk.evaluate(node.expression);
    emit(walk, node.expression, { kind: 'loop', loop, bound: 'collection', condition: null, collection, capped });
    within(walk, { kind: 'loop', id: loop }, () => {
      if (syntax.isVariableDeclarationList(node.initializer)) {
        for (const one of node.initializer.declarations) bindName(walk, one.name, syntax.isForOfStatement(node) ? indexOf(collection, UNKNOWN) : UNKNOWN);
      }
      walkStatement(walk, node.statement);
    });
  } else {
    if (syntax.isForStatement(node) && node.initializer !== undefined && syntax.isVariableDeclarationList(node.initializer)) declare(walk, node.initializer);
    const test = syntax.isForStatement(node) ? node.condition : (node as ts.WhileStatement | ts.DoStatement).expression;
    within(walk, { kind: 'loop', id: loop }, () => {
      const condition: Expression | null = test === undefined ? null : walk.evaluate(test);
      emit(walk, node, { kind: 'loop', loop, bound: boundOf(test, node), condition, collection: null, capped });
      walkStatement(walk, node.statement);
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

/** Comparisons inside a loop's body whose branch leaves the loop or throws: `if (attempt >= MAX) throw error`. */
function comparisonsThatLeave(body: ts.Statement): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (syntax.isFunctionLike(node)) return;
    if (syntax.isIfStatement(node) && (leaves(node.thenStatement) || (node.elseStatement !== undefined && leaves(node.elseStatement)))) {
      const text = node.expression.getText();
      if (/[<>]|===|!==|signal|abort|deadline|timeout|attempt|retr(y|ies)|max/i.test(text)) found.push(text.replace(/\s+/g, ' ').slice(0, 120));
    }
    syntax.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

function leaves(statement: ts.Statement): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found || syntax.isFunctionLike(node)) return;
    if (syntax.isThrowStatement(node) || syntax.isReturnStatement(node) || syntax.isBreakStatement(node)) found = true;
    else syntax.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}
