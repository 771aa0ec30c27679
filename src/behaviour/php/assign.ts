import { childOf, type SyntaxNode } from '../../languages/tree-sitter.js';
import { bounded, UNKNOWN } from '../bounded.js';
import type { FieldOwner } from '../event.js';
import type { Expression } from '../expression.js';
import { rowOf } from '../same-row.js';
import { variableName } from './file-facts.js';
import { assignedKey, fieldOf, forgetPaths, indexOf, relatedRow } from './member.js';
import { operatorOf } from './operators.js';
import { bare, emit, isClosure, spanOf, written } from './walk.js';
import type { Walk } from './walk.js';

/** An assignment, `+=`, `++` …: changes the scope, and for fields somebody else may see, adds a FieldWrite. */
export function assign(walk: Walk, node: SyntaxNode): Expression {
  if (node.kind === 'update_expression') {
    const target = childOf(node, 'argument');
    if (target === undefined) return UNKNOWN;
    const operator = written(walk, node).includes('++') ? 'add' : 'subtract';
    return store(walk, node, target, { kind: 'binary', operator, left: walk.evaluate(target), right: { kind: 'literal', value: 1 } });
  }
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return UNKNOWN;
  if (node.kind !== 'augmented_assignment_expression') {
    // A function that is kept under a name is read on its own.
    return isClosure(bare(right)) ? UNKNOWN : store(walk, node, left, walk.evaluate(right));
  }
  const old = walk.evaluate(left);
  const value = walk.evaluate(right);
  const operator = operatorOf(childOf(node, 'operator')?.kind ?? '');
  return store(walk, node, left, operator === 'concatenate' ? { kind: 'template', parts: [...piecesOf(old), ...piecesOf(value)] } : { kind: 'binary', operator, left: old, right: value });
}

/** What a value adds to a text. */
export function piecesOf(value: Expression): readonly Expression[] {
  return value.kind === 'template' ? value.parts : [value];
}

/** Gives a variable, or the variables of a pattern, a value that was not written as one. */
export function bindTo(walk: Walk, target: SyntaxNode, value: Expression): void {
  store(walk, target, target, value);
}

function store(walk: Walk, node: SyntaxNode, place: SyntaxNode, value: Expression): Expression {
  const target = bare(place);
  switch (target.kind) {
    case 'variable_name':
      return setVariable(walk, variableName(walk.file.tree, target), value);
    case 'member_access_expression':
    case 'nullsafe_member_access_expression': {
      const owner = childOf(target, 'object');
      const name = childOf(target, 'name');
      if (owner !== undefined && name?.kind === 'name') storeField(walk, node, rowUnder(walk, walk.evaluate(owner)), written(walk, name), value);
      return value;
    }
    case 'subscript_expression':
      return storeElement(walk, node, target, value);
    case 'list_literal':
    case 'array_creation_expression':
      spreadOver(walk, target, value);
      return value;
    default:
      return value;
  }
}

/** `$order->customer->balance = …`: the field of the related row. */
function rowUnder(walk: Walk, owner: Expression): Expression {
  return relatedRow(walk, owner) ?? owner;
}

function setVariable(walk: Walk, name: string, value: Expression): Expression {
  forgetPaths(walk, name);
  if (value.kind === 'result') {
    const event = walk.events[value.event];
    if (event?.kind === 'read' && event.vars.length === 0) walk.events[value.event] = { ...event, vars: [name] };
    if (event?.kind === 'write' && event.variable === null) walk.events[value.event] = { ...event, variable: name };
  }
  const kept = value.kind === 'result' && value.name === null ? { ...value, name } : bounded(value);
  walk.scope.values.set(name, kept);
  return kept;
}

/** `$data['balance'] = …`, `$list[] = …`: of a row its column; of an array that the function made, one element more. */
function storeElement(walk: Walk, node: SyntaxNode, target: SyntaxNode, value: Expression): Expression {
  const [owner, at] = target.children;
  if (owner === undefined) return value;
  const held = walk.evaluate(owner);
  const key = at === undefined ? null : walk.evaluate(at);
  const row = rowOf(held);
  if (row !== null && key?.kind === 'literal' && typeof key.value === 'string') {
    storeField(walk, node, held, key.value, value);
    return value;
  }
  if (bare(owner).kind !== 'variable_name') return value;
  setVariable(walk, variableName(walk.file.tree, bare(owner)), extended(walk, node, held, key, value));
  return value;
}

function extended(walk: Walk, node: SyntaxNode, held: Expression, key: Expression | null, value: Expression): Expression {
  if (key === null) return { kind: 'array', elements: held.kind === 'array' ? [...held.elements, value] : [{ kind: 'spread', of: held }, value] };
  const base = held.kind === 'object' ? held : { kind: 'object' as const, properties: [], spreads: held.kind === 'array' && held.elements.length === 0 ? [] : [held] };
  if (key.kind !== 'literal') return { ...base, spreads: [...base.spreads, { kind: 'opaque', text: '', uses: [value] }] };
  const name = String(key.value);
  return { ...base, properties: [...base.properties.filter((one) => one.name !== name), { name, value, span: spanOf(walk, node) }] };
}

/** A field of a value is given another one. */
export function storeField(walk: Walk, node: SyntaxNode, owner: Expression, field: string, value: Expression): void {
  const subject = owner.kind === 'self' ? (rowOfSelf(walk) ?? owner) : owner;
  const row = rowOf(subject);
  const event = row === null ? undefined : walk.events[row];
  const isRow = event?.kind === 'read' || event?.kind === 'write';
  if (row !== null && isRow) walk.scope.values.set(assignedKey(row, field), bounded(value));
  else if (subject.kind === 'self') walk.scope.values.set(`this.${field}`, value.kind === 'result' && value.name === null ? { ...value, name: field } : bounded(value));
  else if (subject.kind === 'call' && subject.callee.startsWith('new ')) {
    const made = walk.madeRows.get(subject);
    if (made !== undefined) made.push({ column: field, value: bounded(value), span: spanOf(walk, node) });
  }
  const whose: FieldOwner | null = row !== null && isRow ? 'row' : subject.kind === 'self' ? 'instance' : subject.kind === 'parameter' ? 'outer' : null;
  if (whose !== null) emit(walk, node, { kind: 'field-write', owner: whose, field, value, row: whose === 'row' ? row : null });
}

function rowOfSelf(walk: Walk): Expression | null {
  const field = fieldOf(walk, { kind: 'self' }, 'id');
  return field.kind === 'field' && rowOf(field.of) !== null ? field.of : null;
}

function spreadOver(walk: Walk, target: SyntaxNode, value: Expression): void {
  let keyed: string | null = null;
  let place = 0;
  for (const element of target.children) {
    if (element.kind === 'string' || element.kind === 'integer' || element.kind === 'encapsed_string') {
      keyed = written(walk, element).replace(/^['"]|['"]$/g, '');
      continue;
    }
    const inner = element.kind === 'array_element_initializer' ? (element.children.at(-1) ?? element) : element;
    store(walk, inner, inner, keyed === null ? indexOf(value, { kind: 'literal', value: place }) : fieldOf(walk, value, keyed));
    keyed = null;
    place += 1;
  }
}
