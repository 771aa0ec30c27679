import { childOf, walkSyntax, type SyntaxNode } from '../../languages/tree-sitter.js';
import { UNKNOWN } from '../bounded.js';
import type { Expression, Property } from '../expression.js';
import { assign, piecesOf } from './assign.js';
import { evaluateCall, evaluateCreation } from './calls.js';
import { lastName, variableName } from './file-facts.js';
import { fieldOf, indexOf, savedElsewhere } from './member.js';
import { operatorOf } from './operators.js';
import { variablesIn } from './statements.js';
import { bare, copyScope, emit, isClosure, joinScopes, nextId, oneLine, spanOf, within, written } from './walk.js';
import type { Walk } from './walk.js';

/** What an expression yields; its calls become events, in the order in which they run. */
export function evaluate(walk: Walk, node: SyntaxNode): Expression {
  const inner = bare(node);
  return literal(walk, inner) ?? reference(walk, inner) ?? compound(walk, inner);
}

function literal(walk: Walk, node: SyntaxNode): Expression | null {
  switch (node.kind) {
    case 'string':
    case 'nowdoc':
      return { kind: 'literal', value: unquoted(walk, node) };
    case 'integer':
    case 'float':
      return { kind: 'literal', value: Number(written(walk, node).replaceAll('_', '')) };
    case 'boolean':
      return { kind: 'literal', value: /true/i.test(written(walk, node)) };
    case 'null':
      return { kind: 'literal', value: null };
    case 'encapsed_string':
    case 'heredoc':
      return template(walk, node);
    default:
      return null;
  }
}

function unquoted(walk: Walk, node: SyntaxNode): string {
  const text = written(walk, node);
  if (node.kind === 'nowdoc') return text.replace(/^<<<\s*'\w+'\n/, '').replace(/\n\s*\w+$/, '');
  return text.slice(1, -1).replace(/\\(['\\])/g, '$1');
}

function template(walk: Walk, node: SyntaxNode): Expression {
  const body = node.kind === 'heredoc' ? (childOf(node, 'value')?.children ?? []) : node.children;
  const parts = body.map((part): Expression => (part.kind === 'string_content' || part.kind === 'escape_sequence' ? { kind: 'literal', value: written(walk, part).replace(/\\n/g, '\n') } : walk.evaluate(part)));
  const joined = parts.every((one) => one.kind === 'literal') ? parts.map((one) => (one.kind === 'literal' ? String(one.value) : '')).join('') : null;
  return joined === null ? { kind: 'template', parts } : { kind: 'literal', value: joined };
}

function reference(walk: Walk, node: SyntaxNode): Expression | null {
  switch (node.kind) {
    case 'variable_name':
      return savedElsewhere(walk, node, variable(walk, variableName(walk.file.tree, node)));
    case 'name':
    case 'qualified_name':
      return { kind: 'parameter', name: lastName(written(walk, node)), outer: true };
    case 'relative_scope':
      return { kind: 'parameter', name: walk.owner?.name ?? 'self', outer: true };
    case 'member_access_expression':
    case 'nullsafe_member_access_expression': {
      const owner = childOf(node, 'object');
      const name = childOf(node, 'name');
      if (owner === undefined || name === undefined) return UNKNOWN;
      const value = walk.evaluate(owner);
      return name.kind === 'name' ? savedElsewhere(walk, node, fieldOf(walk, value, written(walk, name))) : { kind: 'opaque', text: oneLine(walk, node), uses: [value] };
    }
    case 'scoped_property_access_expression':
      return { kind: 'opaque', text: oneLine(walk, node), uses: [] };
    case 'class_constant_access_expression':
      return constant(walk, node);
    case 'subscript_expression': {
      const [owner, at] = node.children;
      const value = owner === undefined ? UNKNOWN : walk.evaluate(owner);
      const key = at === undefined ? UNKNOWN : walk.evaluate(at);
      return key.kind === 'literal' && typeof key.value === 'string' ? fieldOf(walk, value, key.value) : indexOf(value, key);
    }
    default:
      return null;
  }
}

function variable(walk: Walk, name: string): Expression {
  if (name === 'this') return { kind: 'self' };
  return walk.scope.values.get(name) ?? { kind: 'parameter', name, outer: !walk.parameters.has(name) };
}

/** `Order::PAID`, `self::PAID`, `OrderStatus::Paid`: a constant by the name of its class. */
function constant(walk: Walk, node: SyntaxNode): Expression {
  const [scope, name] = node.children;
  if (scope === undefined || name === undefined) return UNKNOWN;
  return { kind: 'field', of: walk.evaluate(scope), name: written(walk, name) };
}

function compound(walk: Walk, node: SyntaxNode): Expression {
  switch (node.kind) {
    case 'member_call_expression':
    case 'nullsafe_member_call_expression':
    case 'scoped_call_expression':
    case 'function_call_expression':
      return evaluateCall(walk, node);
    case 'object_creation_expression':
      return evaluateCreation(walk, node);
    case 'assignment_expression':
    case 'reference_assignment_expression':
    case 'augmented_assignment_expression':
    case 'update_expression':
      return assign(walk, node);
    case 'binary_expression':
      return binary(walk, node);
    case 'unary_op_expression':
      return unary(walk, node);
    case 'conditional_expression':
      return conditional(walk, node);
    case 'match_expression':
      return matched(walk, node);
    case 'throw_expression': {
      const [thrown] = node.children;
      const value = thrown === undefined ? UNKNOWN : walk.evaluate(thrown);
      emit(walk, node, { kind: 'throw', value, rethrow: thrown?.kind === 'variable_name' && walk.frames.some((frame) => frame.kind === 'try' && frame.part === 'catch') });
      return UNKNOWN;
    }
    case 'array_creation_expression':
      return array(walk, node);
    case 'variadic_unpacking':
      return { kind: 'spread', of: node.children[0] === undefined ? UNKNOWN : walk.evaluate(node.children[0]) };
    case 'anonymous_function':
    case 'arrow_function':
      return UNKNOWN;
    default:
      return { kind: 'opaque', text: oneLine(walk, node), uses: node.children.map((one) => walk.evaluate(one)) };
  }
}

function binary(walk: Walk, node: SyntaxNode): Expression {
  const leftNode = childOf(node, 'left');
  const rightNode = childOf(node, 'right');
  if (leftNode === undefined || rightNode === undefined) return UNKNOWN;
  const left = walk.evaluate(leftNode);
  const operator = operatorOf(childOf(node, 'operator')?.kind ?? '');
  if ((operator === 'and' || operator === 'or' || operator === 'coalesce') && acts(rightNode)) {
    const right = guarded(walk, leftNode, left, operator === 'and' ? 'then' : 'else', () => walk.evaluate(rightNode));
    return { kind: 'binary', operator, left, right };
  }
  const right = walk.evaluate(rightNode);
  if (operator === 'concatenate') return { kind: 'template', parts: [...piecesOf(left), ...piecesOf(right)] };
  // `bccomp($a, $b) < 0` is `$a < $b`.
  if (left.kind === 'call' && left.callee === 'bccomp' && right.kind === 'literal' && right.value === 0 && left.arguments[0] !== undefined && left.arguments[1] !== undefined) return { kind: 'binary', operator, left: left.arguments[0], right: left.arguments[1] };
  return { kind: 'binary', operator, left, right };
}

/** Runs `inside` on one side of a decision that has no statement of its own. */
function guarded(walk: Walk, test: SyntaxNode, condition: Expression, arm: 'then' | 'else', inside: () => Expression): Expression {
  const branch = nextId(walk);
  emit(walk, test, { kind: 'guard', branch, condition, vars: variablesIn(walk, test), whenTrue: null, whenFalse: null });
  const before = copyScope(walk.scope);
  const value = within(walk, { kind: 'branch', id: branch, arm }, inside);
  walk.scope = joinScopes(before, walk.scope);
  return value;
}

/** Whether an expression does anything: calls, assigns, throws. */
function acts(node: SyntaxNode): boolean {
  return [...walkSyntax(node, (one) => !isClosure(one))].some((one) => /call_expression$|^object_creation|assignment_expression$|^update_expression$|^throw_expression$/.test(one.kind));
}

function unary(walk: Walk, node: SyntaxNode): Expression {
  const argument = childOf(node, 'argument');
  const operand = argument === undefined ? UNKNOWN : walk.evaluate(argument);
  const operator = childOf(node, 'operator')?.kind;
  if (operator === '!') return { kind: 'unary', operator: 'not', operand };
  if (operator === '-') return operand.kind === 'literal' && typeof operand.value === 'number' ? { kind: 'literal', value: -operand.value } : { kind: 'unary', operator: 'minus', operand };
  return operator === '+' ? operand : { kind: 'opaque', text: oneLine(walk, node), uses: [operand] };
}

function conditional(walk: Walk, node: SyntaxNode): Expression {
  const condition = childOf(node, 'condition');
  const then = childOf(node, 'body');
  const otherwise = childOf(node, 'alternative');
  if (condition === undefined || otherwise === undefined) return UNKNOWN;
  const test = walk.evaluate(condition);
  if (!acts(otherwise) && (then === undefined || !acts(then))) {
    const other = walk.evaluate(otherwise);
    return then === undefined ? { kind: 'binary', operator: 'or', left: test, right: other } : { kind: 'conditional', test, then: walk.evaluate(then), otherwise: other };
  }
  const branch = nextId(walk);
  emit(walk, condition, { kind: 'guard', branch, condition: test, vars: variablesIn(walk, condition), whenTrue: null, whenFalse: null });
  const yes = then === undefined ? test : within(walk, { kind: 'branch', id: branch, arm: 'then' }, () => walk.evaluate(then));
  const no = within(walk, { kind: 'branch', id: branch, arm: 'else' }, () => walk.evaluate(otherwise));
  return then === undefined ? { kind: 'binary', operator: 'or', left: test, right: no } : { kind: 'conditional', test, then: yes, otherwise: no };
}

/** Every arm of a `match` is a decision of its own. */
function matched(walk: Walk, node: SyntaxNode): Expression {
  const head = childOf(node, 'condition');
  const value = head === undefined ? UNKNOWN : walk.evaluate(bare(head));
  const truth = value.kind === 'literal' && value.value === true;
  const of: Expression[] = [];
  const before = copyScope(walk.scope);
  let joined = before;
  for (const arm of childOf(node, 'body')?.children ?? []) {
    const result = childOf(arm, 'return_expression');
    if (result === undefined) continue;
    const labels = (childOf(arm, 'conditional_expressions')?.children ?? []).map((one) => walk.evaluate(one));
    if (!acts(result)) {
      of.push(walk.evaluate(result));
      continue;
    }
    const condition: Expression = labels.length === 0 ? UNKNOWN : truth ? (labels[0] ?? UNKNOWN) : { kind: 'binary', operator: 'in', left: value, right: { kind: 'array', elements: labels } };
    const branch = nextId(walk);
    const throws = bare(result).kind === 'throw_expression';
    emit(walk, arm, { kind: 'guard', branch, condition, vars: head === undefined ? [] : variablesIn(walk, head), whenTrue: throws ? 'throw' : null, whenFalse: null });
    walk.scope = copyScope(before);
    const yielded = within(walk, { kind: 'branch', id: branch, arm: 'then' }, () => walk.evaluate(result));
    if (!throws) {
      of.push(yielded);
      joined = joinScopes(joined, walk.scope);
    }
  }
  walk.scope = joined;
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'either', of: of.slice(0, 6) };
}

/** `['status' => 'paid']` is an object, `[1, 2]` a list. */
function array(walk: Walk, node: SyntaxNode): Expression {
  const properties: Property[] = [];
  const spreads: Expression[] = [];
  const elements: Expression[] = [];
  for (const member of node.children) {
    const [first, second] = member.children;
    if (first === undefined) continue;
    if (second !== undefined) {
      const key = walk.evaluate(first);
      const value = isClosure(second) ? UNKNOWN : walk.evaluate(second);
      if (key.kind === 'literal') properties.push({ name: String(key.value), value, span: spanOf(walk, member) });
      else if (key.kind === 'field') properties.push({ name: key.name, value, span: spanOf(walk, member) });
      else spreads.push({ kind: 'opaque', text: '', uses: [value] });
      continue;
    }
    const value = isClosure(first) ? UNKNOWN : walk.evaluate(first);
    elements.push(value);
    if (value.kind === 'spread') spreads.push(value.of);
  }
  if (properties.length === 0) return { kind: 'array', elements };
  const merged = spreads.flatMap((one) => (one.kind === 'object' ? [...one.spreads] : [one]));
  return { kind: 'object', properties: [...spreads.flatMap((one) => (one.kind === 'object' ? one.properties : [])), ...properties], spreads: merged };
}
