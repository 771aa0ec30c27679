import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import { exitOfAll } from './exits.js';
import { bare } from './walk.js';

/** Flags that stand for a connection or a server that comes up: waiting for it is what the loop is for. */
const STANDING = /connect|ready|listen|subscri|run|start|stop|clos|abort|cancel|shut|alive|open/i;

/**
 * Whether a loop ends only when its one `try` has worked: `while (!done) { try { …; done = true; } catch { … } }`. The
 * flag is a variable of the same function that nothing else gives the value that ends the loop.
 */
export function waitsForSuccess(test: ts.Expression | undefined, node: ts.IterationStatement): boolean {
  const flag = test === undefined || syntax.isForStatement(node) ? null : flagOf(bare(test));
  if (flag === null || STANDING.test(flag.name)) return false;
  const owner = syntax.findAncestor(node, (one) => syntax.isFunctionLike(one));
  if (owner === undefined) return false;
  const attempt = onlyTryIn(node.statement);
  if (attempt === null || attempt.catchClause === undefined) return false;
  const exit = exitOfAll(attempt.catchClause.block.statements);
  if (exit !== null && exit !== 'continue') return false;
  const uses = usesOf(owner, flag.name);
  if (uses.declarations.length !== 1 || syntax.findAncestor(uses.declarations[0], (one) => syntax.isFunctionLike(one)) !== owner) return false;
  if (uses.assignments.some((one) => syntax.findAncestor(one, (other) => syntax.isFunctionLike(other)) !== owner)) return false;
  const ending = uses.assignments.filter((one) => isInside(one, node) && !isLiteral(one.right, !flag.endsOn));
  return ending.length > 0 && ending.every((one) => isLiteral(one.right, flag.endsOn) && one.parent.parent === attempt.tryBlock);
}

/** `!done` ends on true, `failing` on false. */
function flagOf(test: ts.Expression): { readonly name: string; readonly endsOn: boolean } | null {
  if (syntax.isIdentifier(test)) return { name: test.text, endsOn: false };
  if (syntax.isPrefixUnaryExpression(test) && test.operator === syntax.SyntaxKind.ExclamationToken) {
    const operand = bare(test.operand);
    return syntax.isIdentifier(operand) ? { name: operand.text, endsOn: true } : null;
  }
  if (!syntax.isBinaryExpression(test) || !syntax.isIdentifier(test.left)) return null;
  const { kind } = test.operatorToken;
  const same = kind === syntax.SyntaxKind.EqualsEqualsEqualsToken || kind === syntax.SyntaxKind.EqualsEqualsToken;
  const differs = kind === syntax.SyntaxKind.ExclamationEqualsEqualsToken || kind === syntax.SyntaxKind.ExclamationEqualsToken;
  if (!same && !differs) return null;
  if (isLiteral(test.right, true)) return { name: test.left.text, endsOn: differs };
  return isLiteral(test.right, false) ? { name: test.left.text, endsOn: same } : null;
}

function isLiteral(node: ts.Expression, value: boolean): boolean {
  return bare(node).kind === (value ? syntax.SyntaxKind.TrueKeyword : syntax.SyntaxKind.FalseKeyword);
}

/** The `try` among a body's own statements, null where the body holds none or more than one. */
function onlyTryIn(body: ts.Statement): ts.TryStatement | null {
  const found: ts.TryStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (syntax.isFunctionLike(node)) return;
    if (syntax.isTryStatement(node)) found.push(node);
    syntax.forEachChild(node, visit);
  };
  visit(body);
  const [only] = found;
  return only !== undefined && found.length === 1 && only.parent === body ? only : null;
}

interface Uses {
  readonly declarations: readonly ts.Node[];
  readonly assignments: readonly ts.BinaryExpression[];
}

/** Where a function and those inside it declare a name and give it a value. */
function usesOf(owner: ts.Node, name: string): Uses {
  const declarations: ts.Node[] = [];
  const assignments: ts.BinaryExpression[] = [];
  const visit = (node: ts.Node): void => {
    if ((syntax.isVariableDeclaration(node) || syntax.isParameter(node) || syntax.isBindingElement(node)) && syntax.isIdentifier(node.name) && node.name.text === name) declarations.push(node);
    if (syntax.isBinaryExpression(node) && syntax.isIdentifier(node.left) && node.left.text === name && isAssignment(node)) assignments.push(node);
    syntax.forEachChild(node, visit);
  };
  visit(owner);
  return { declarations, assignments };
}

function isAssignment(node: ts.BinaryExpression): boolean {
  return node.operatorToken.kind >= syntax.SyntaxKind.FirstAssignment && node.operatorToken.kind <= syntax.SyntaxKind.LastAssignment;
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end;
}
