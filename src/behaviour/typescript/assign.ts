import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { FieldOwner } from '../event.js';
import type { EventId, Expression } from '../expression.js';
import { rowOf } from '../same-row.js';
import { assignedKey, fieldOf, indexOf } from './member.js';
import { operatorOf } from './operators.js';
import { bare, emit, spanOf } from './walk.js';
import { bounded, UNKNOWN } from '../bounded.js';
import type { Walk } from './walk.js';

/** An assignment, `+=`, `++` …: changes the scope, and for fields somebody else may see, adds a FieldWrite. */
export function assign(walk: Walk, node: ts.BinaryExpression | ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Expression {
  if (!syntax.isBinaryExpression(node)) {
    const old = walk.evaluate(node.operand);
    const operator = node.operator === syntax.SyntaxKind.PlusPlusToken ? 'add' : 'subtract';
    return store(walk, node, node.operand, { kind: 'binary', operator, left: old, right: { kind: 'literal', value: 1 } });
  }
  const token = node.operatorToken.kind;
  if (token === syntax.SyntaxKind.EqualsToken) return store(walk, node, node.left, walk.evaluate(node.right));
  const old = walk.evaluate(node.left);
  const right = walk.evaluate(node.right);
  return store(walk, node, node.left, { kind: 'binary', operator: compoundOperator(token), left: old, right });
}

function compoundOperator(token: ts.SyntaxKind): ReturnType<typeof operatorOf> {
  const kind = syntax.SyntaxKind;
  const plain = new Map<ts.SyntaxKind, ts.SyntaxKind>([
    [kind.PlusEqualsToken, kind.PlusToken],
    [kind.MinusEqualsToken, kind.MinusToken],
    [kind.AsteriskEqualsToken, kind.AsteriskToken],
    [kind.SlashEqualsToken, kind.SlashToken],
    [kind.PercentEqualsToken, kind.PercentToken],
    [kind.QuestionQuestionEqualsToken, kind.QuestionQuestionToken],
    [kind.BarBarEqualsToken, kind.BarBarToken],
    [kind.AmpersandAmpersandEqualsToken, kind.AmpersandAmpersandToken],
  ]).get(token);
  return plain === undefined ? 'bit' : operatorOf(plain);
}

function store(walk: Walk, node: ts.Node, place: ts.Expression, value: Expression): Expression {
  const target = bare(place);
  if (syntax.isIdentifier(target)) {
    const outer = !walk.scope.values.has(target.text) && walk.file.moduleVariables.has(target.text) && !walk.parameters.has(target.text);
    if (outer) emit(walk, node, { kind: 'field-write', owner: 'module', field: target.text, value, row: null });
    walk.scope.values.set(target.text, value.kind === 'result' && value.name === null ? { ...value, name: target.text } : bounded(value));
  } else if (syntax.isPropertyAccessExpression(target)) {
    if (!extended(walk, node, target, value)) storeField(walk, node, walk.evaluate(target.expression), target.name.text, value);
  } else if (syntax.isArrayLiteralExpression(target) || syntax.isObjectLiteralExpression(target)) {
    spreadOver(walk, target, value);
  } else if (syntax.isElementAccessExpression(target)) {
    walk.evaluate(target.expression);
    walk.evaluate(target.argumentExpression);
  }
  return value;
}

/** `patch.balance = …` on an object the function made itself: the object has that property from here on. */
function extended(walk: Walk, node: ts.Node, target: ts.PropertyAccessExpression, value: Expression): boolean {
  const owner = bare(target.expression);
  const held = syntax.isIdentifier(owner) ? walk.scope.values.get(owner.text) : undefined;
  if (!syntax.isIdentifier(owner) || held?.kind !== 'object') return false;
  const others = held.properties.filter((one) => one.name !== target.name.text);
  walk.scope.values.set(owner.text, bounded({ ...held, properties: [...others, { name: target.name.text, value, span: spanOf(walk.file.tree, node) }] }));
  return true;
}

/** A field of a value is given another one. */
export function storeField(walk: Walk, node: ts.Node, owner: Expression, field: string, value: Expression): void {
  const row = rowOf(owner);
  if (row !== null && isRead(walk, row)) walk.scope.values.set(assignedKey(row, field), bounded(value));
  const whose = row !== null && isRead(walk, row) ? 'row' : ownerOf(owner);
  if (whose !== null) emit(walk, node, { kind: 'field-write', owner: whose, field, value, row: whose === 'row' ? row : null });
}

function isRead(walk: Walk, event: EventId): boolean {
  return walk.events[event]?.kind === 'read';
}

function ownerOf(owner: Expression): FieldOwner | null {
  if (owner.kind === 'self') return 'instance';
  return owner.kind === 'parameter' ? 'outer' : null;
}

function spreadOver(walk: Walk, target: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression, value: Expression): void {
  if (syntax.isArrayLiteralExpression(target)) {
    target.elements.forEach((element, place) => {
      if (!syntax.isOmittedExpression(element)) store(walk, element, element, indexOf(value, { kind: 'literal', value: place }));
    });
    return;
  }
  for (const member of target.properties) {
    if (syntax.isShorthandPropertyAssignment(member)) store(walk, member, member.name, fieldOf(walk, value, member.name.text));
    else if (syntax.isPropertyAssignment(member)) {
      store(walk, member, member.initializer, syntax.isIdentifier(member.name) ? fieldOf(walk, value, member.name.text) : UNKNOWN);
    }
  }
}
