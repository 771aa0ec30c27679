import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Expression, Property } from '../expression.js';
import { assign } from './assign.js';
import { evaluateCall, evaluateTagged } from './calls.js';
import { handedAt } from './handed-rows.js';
import { rowUnder } from './lookups.js';
import { fieldOf, indexOf } from './member.js';
import { operatorOf } from './operators.js';
import { variablesIn } from './variables-in.js';
import { bare, copyScope, emit, isCallback, joinScopes, nextId, oneLine, spanOf, within } from './walk.js';
import { bounded, UNKNOWN } from '../bounded.js';
import type { Walk } from './walk.js';

/** What an expression yields; its calls become events, in the order in which they run. */
export function evaluate(walk: Walk, node: ts.Expression): Expression {
  const inner = bare(node);
  return literal(inner) ?? reference(walk, inner) ?? compound(walk, inner);
}

function literal(node: ts.Expression): Expression | null {
  if (syntax.isStringLiteralLike(node)) return { kind: 'literal', value: node.text };
  if (syntax.isNumericLiteral(node)) return { kind: 'literal', value: Number(node.text) };
  if (syntax.isBigIntLiteral(node)) return { kind: 'literal', value: Number(node.text.slice(0, -1)) };
  switch (node.kind) {
    case syntax.SyntaxKind.TrueKeyword:
      return { kind: 'literal', value: true };
    case syntax.SyntaxKind.FalseKeyword:
      return { kind: 'literal', value: false };
    case syntax.SyntaxKind.NullKeyword:
      return { kind: 'literal', value: null };
    case syntax.SyntaxKind.ThisKeyword:
      return { kind: 'self' };
    default:
      return syntax.isIdentifier(node) && node.text === 'undefined' ? { kind: 'literal', value: undefined } : null;
  }
}

function reference(walk: Walk, node: ts.Expression): Expression | null {
  if (syntax.isIdentifier(node)) {
    const held = walk.scope.values.get(node.text);
    if (held !== undefined) return held;
    const outer = !walk.parameters.has(node.text);
    const handed = outer ? null : handedAt(walk, { kind: 'parameter', name: node.text, outer });
    if (handed !== null) return handed;
    const constant = outer ? walk.file.constants.get(node.text) : undefined;
    return constant === undefined ? { kind: 'parameter', name: node.text, outer } : constantOf(walk, constant);
  }
  if (syntax.isPropertyAccessExpression(node)) return fieldOf(walk, evaluate(walk, node.expression), node.name.text);
  if (syntax.isElementAccessExpression(node)) {
    const value = evaluate(walk, node.expression);
    const at = evaluate(walk, node.argumentExpression);
    if (at.kind === 'literal' && typeof at.value === 'string') return fieldOf(walk, value, at.value);
    return rowUnder(walk, value, at) ?? indexOf(value, at);
  }
  return null;
}

/** What constants hold: the same wherever they are named. */
const CONSTANTS = new WeakMap<ts.Expression, Expression>();

function constantOf(walk: Walk, node: ts.Expression): Expression {
  const known = CONSTANTS.get(node);
  if (known !== undefined) return known;
  const value = bounded(evaluate(walk, node));
  CONSTANTS.set(node, value);
  return value;
}

function compound(walk: Walk, node: ts.Expression): Expression {
  if (syntax.isAwaitExpression(node)) return awaited(walk, node);
  if (syntax.isCallExpression(node)) return evaluateCall(walk, node);
  if (syntax.isNewExpression(node)) return created(walk, node);
  if (syntax.isBinaryExpression(node)) return binary(walk, node);
  if (syntax.isPrefixUnaryExpression(node) || syntax.isPostfixUnaryExpression(node)) return unary(walk, node);
  if (syntax.isConditionalExpression(node)) return conditional(walk, node);
  if (syntax.isObjectLiteralExpression(node)) return object(walk, node);
  if (syntax.isArrayLiteralExpression(node)) return { kind: 'array', elements: node.elements.map((one) => evaluate(walk, one)) };
  if (syntax.isSpreadElement(node)) return { kind: 'spread', of: evaluate(walk, node.expression) };
  if (syntax.isTemplateExpression(node)) {
    const parts: Expression[] = [{ kind: 'literal', value: node.head.text }];
    for (const span of node.templateSpans) parts.push(evaluate(walk, span.expression), { kind: 'literal', value: span.literal.text });
    return { kind: 'template', parts };
  }
  if (syntax.isTaggedTemplateExpression(node)) return evaluateTagged(walk, node);
  if (syntax.isVoidExpression(node) || syntax.isDeleteExpression(node)) return opaque(walk, node, [evaluate(walk, node.expression)]);
  if (syntax.isTypeOfExpression(node)) return { kind: 'unary', operator: 'typeof', operand: evaluate(walk, node.expression) };
  if (syntax.isYieldExpression(node) && node.expression !== undefined) return evaluate(walk, node.expression);
  return opaque(walk, node, []);
}

function opaque(walk: Walk, node: ts.Node, uses: readonly Expression[]): Expression {
  return { kind: 'opaque', text: oneLine(walk.file.tree, node), uses };
}

function awaited(walk: Walk, node: ts.AwaitExpression): Expression {
  const inner = bare(node.expression);
  const value = evaluate(walk, inner);
  if (!syntax.isCallExpression(inner) && !syntax.isTaggedTemplateExpression(inner)) emit(walk, node, { kind: 'await', value });
  return value;
}

function created(walk: Walk, node: ts.NewExpression): Expression {
  const callee = oneLine(walk.file.tree, node.expression);
  if (callee === 'Date' && (node.arguments?.length ?? 0) === 0) return { kind: 'now' };
  const values: Expression[] = [];
  for (const argument of node.arguments ?? []) {
    if (isCallback(argument)) {
      if (callee === 'Promise') within(walk, { kind: 'callback', id: nextId(walk), runs: 'once' }, () => walk.body(argument, []));
    } else values.push(evaluate(walk, argument));
  }
  return { kind: 'call', callee: `new ${callee}`, receiver: null, arguments: values };
}

function binary(walk: Walk, node: ts.BinaryExpression): Expression {
  const token = node.operatorToken.kind;
  if (token >= syntax.SyntaxKind.FirstAssignment && token <= syntax.SyntaxKind.LastAssignment) return assign(walk, node);
  const left = evaluate(walk, node.left);
  const operator = operatorOf(token);
  if (token === syntax.SyntaxKind.CommaToken) return evaluate(walk, node.right);
  if ((operator === 'and' || operator === 'or' || operator === 'coalesce') && acts(node.right)) {
    const right = guarded(walk, node.left, left, operator === 'and' ? 'then' : 'else', () => evaluate(walk, node.right));
    return { kind: 'binary', operator, left, right };
  }
  return { kind: 'binary', operator, left, right: evaluate(walk, node.right) };
}

/** Runs `inside` on one side of a decision that has no statement of its own. */
function guarded(walk: Walk, test: ts.Expression, condition: Expression, arm: 'then' | 'else', inside: () => Expression): Expression {
  const branch = nextId(walk);
  emit(walk, test, { kind: 'guard', branch, condition, vars: variablesIn(test), whenTrue: null, whenFalse: null });
  const before = copyScope(walk.scope);
  const value = within(walk, { kind: 'branch', id: branch, arm }, inside);
  walk.scope = joinScopes(before, walk.scope);
  return value;
}

function conditional(walk: Walk, node: ts.ConditionalExpression): Expression {
  const test = evaluate(walk, node.condition);
  if (!acts(node.whenTrue) && !acts(node.whenFalse)) {
    return { kind: 'conditional', test, then: evaluate(walk, node.whenTrue), otherwise: evaluate(walk, node.whenFalse) };
  }
  const branch = nextId(walk);
  emit(walk, node.condition, { kind: 'guard', branch, condition: test, vars: variablesIn(node.condition), whenTrue: null, whenFalse: null });
  const then = within(walk, { kind: 'branch', id: branch, arm: 'then' }, () => evaluate(walk, node.whenTrue));
  const otherwise = within(walk, { kind: 'branch', id: branch, arm: 'else' }, () => evaluate(walk, node.whenFalse));
  return { kind: 'conditional', test, then, otherwise };
}

/** Whether an expression does anything: calls, awaits, assigns. */
function acts(node: ts.Node): boolean {
  if (syntax.isCallExpression(node) || syntax.isAwaitExpression(node) || syntax.isNewExpression(node)) return true;
  if (syntax.isBinaryExpression(node) && node.operatorToken.kind >= syntax.SyntaxKind.FirstAssignment && node.operatorToken.kind <= syntax.SyntaxKind.LastAssignment) return true;
  if (isCallback(node)) return false;
  return syntax.forEachChild(node, (child) => acts(child) || undefined) ?? false;
}

function unary(walk: Walk, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Expression {
  const kind = syntax.SyntaxKind;
  if (node.operator === kind.PlusPlusToken || node.operator === kind.MinusMinusToken) return assign(walk, node);
  const operand = evaluate(walk, node.operand);
  if (node.operator === kind.ExclamationToken) return { kind: 'unary', operator: 'not', operand };
  if (node.operator === kind.MinusToken) {
    return operand.kind === 'literal' && typeof operand.value === 'number' ? { kind: 'literal', value: -operand.value } : { kind: 'unary', operator: 'minus', operand };
  }
  return node.operator === kind.PlusToken ? { kind: 'unary', operator: 'plus', operand } : UNKNOWN;
}

function object(walk: Walk, node: ts.ObjectLiteralExpression): Expression {
  const properties: Property[] = [];
  const spreads: Expression[] = [];
  for (const member of node.properties) {
    const span = spanOf(walk.file.tree, member);
    if (syntax.isPropertyAssignment(member)) {
      const name = propertyName(walk, member.name);
      const value = isCallback(member.initializer) ? rawText(walk, member.initializer) : evaluate(walk, member.initializer);
      if (name === null) spreads.push({ kind: 'opaque', text: '', uses: [value] });
      else properties.push({ name, value, span });
    } else if (syntax.isShorthandPropertyAssignment(member)) {
      properties.push({ name: member.name.text, value: evaluate(walk, member.name), span });
    } else if (syntax.isSpreadAssignment(member)) {
      spread(evaluate(walk, member.expression), properties, spreads);
    }
  }
  return { kind: 'object', properties, spreads };
}

/** `() => 'balance - :n'`: TypeORM's way to say that a value is SQL. Other functions are left to the caller. */
function rawText(walk: Walk, node: ts.ArrowFunction | ts.FunctionExpression): Expression {
  const body = syntax.isBlock(node.body) ? null : bare(node.body);
  if (body !== null && node.parameters.length === 0 && syntax.isTemplateExpression(body)) return evaluate(walk, body);
  return body !== null && syntax.isStringLiteralLike(body) ? { kind: 'opaque', text: body.text, uses: [] } : UNKNOWN;
}

/** `...known` is as if written out; `...(test && { a })` may add its properties. */
function spread(value: Expression, properties: Property[], spreads: Expression[]): void {
  if (value.kind === 'object') {
    properties.push(...value.properties);
    spreads.push(...value.spreads);
  } else if (value.kind === 'binary' && value.operator === 'and' && value.right.kind === 'object') {
    properties.push(...value.right.properties);
    spreads.push(...value.right.spreads);
  } else if (value.kind === 'conditional' && value.then.kind === 'object' && value.otherwise.kind === 'object') {
    properties.push(...value.then.properties, ...value.otherwise.properties);
    spreads.push(...value.then.spreads, ...value.otherwise.spreads);
  } else spreads.push(value);
}

function propertyName(walk: Walk, name: ts.PropertyName): string | null {
  if (syntax.isIdentifier(name) || syntax.isStringLiteralLike(name) || syntax.isNumericLiteral(name)) return name.text;
  if (!syntax.isComputedPropertyName(name)) return null;
  const value = evaluate(walk, name.expression);
  if (value.kind === 'literal' && typeof value.value === 'string') return value.value;
  // `[Op.gte]`, `[sql.raw]`: the last name says which.
  return value.kind === 'field' && value.of.kind === 'parameter' && value.of.name === 'Op' ? `$${value.name}` : null;
}
