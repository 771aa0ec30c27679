import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import { eventOfQuery } from '../event-of-query.js';
import type { Handle, PromiseUse, Isolation } from '../event.js';
import type { Expression } from '../expression.js';
import { isolationOf } from '../sql-query.js';
import type { Query } from '../query.js';
import { namesIn } from './bind.js';
import { bringAlong } from './derived.js';
import type { Recognition } from './recognise.js';
import { emit, nextId } from './walk.js';
import type { Walk } from './walk.js';

/** Gives what an adapter recognised its place among the events. Yields what the call yields. */
export function place(walk: Walk, node: ts.Node, found: Recognition, callee: string, promise: PromiseUse): Expression {
  const variables = variablesOf(node);
  const variable = variables[0] ?? null;
  switch (found.is) {
    case 'query':
      return placeQuery(walk, node, found.query, variables, promise);
    case 'effect':
      return result(emit(walk, node, { kind: 'side-effect', effect: found.effect, callee, arguments: found.values, variable, promise }));
    case 'cache':
      return result(emit(walk, node, { kind: 'cache', operation: found.operation, callee, key: found.key, value: found.value, ttl: found.ttl, variable, promise }));
    case 'file':
      return result(emit(walk, node, { kind: 'file', operation: found.operation, file: found.file, exclusive: found.exclusive, promise: found.sync ? 'none' : promise }));
    case 'begin':
      return begin(walk, node, found.isolation, found.handle);
    case 'end':
      emit(walk, node, { kind: 'tx-end', transaction: lastTransaction(walk), outcome: found.outcome });
      return { kind: 'literal', value: undefined };
    case 'isolation':
      return isolate(walk, found.isolation, found.handle);
    case 'lock':
      return result(emit(walk, node, { kind: 'lock-acquire', lock: nextId(walk), name: found.name, key: found.key, scope: found.scope, ttl: null, tries: found.tries, promise }));
    case 'unlock':
      emit(walk, node, { kind: 'lock-release', lock: lastLock(walk), name: found.name, inFinally: inFinally(walk) });
      return { kind: 'literal', value: undefined };
    case 'value':
      return found.value;
  }
}

function result(event: number): Expression {
  return { kind: 'result', event, name: null };
}

function placeQuery(walk: Walk, node: ts.Node, query: Query, variables: readonly string[], promise: PromiseUse): Expression {
  const id = emit(walk, node, eventOfQuery(query, { handle: handleOf(walk, query.handle), vars: variables, promise }));
  if (query.kind === 'read') bringAlong(walk, id, query.relations ?? []);
  return result(id);
}

/** The transaction a name is bound to: itself, or the first part of `queryRunner.manager`. */
export function handleOf(walk: Walk, name: string): Handle {
  const parts = name.split('.');
  for (const part of [name, ...parts]) {
    const bound = walk.scope.handles.get(part);
    if (bound !== undefined) return { name, transaction: bound };
  }
  // A transaction that binds no name (CLS, decorators, a wrapper without a parameter) takes every query inside.
  const frame = walk.frames.findLast((one) => one.kind === 'transaction');
  if (frame?.kind === 'transaction' && walk.scope.handles.get(`#${frame.id}`) === undefined) return { name, transaction: frame.id };
  return { name, transaction: null };
}

/** Where the level of the next transaction is kept, when it is set before that begins. */
const NEXT_LEVEL = '#isolation';

/** The transaction that a statement runs in has that level; without one, the next does. */
function isolate(walk: Walk, isolation: Isolation, handle: string): Expression {
  const transaction = handleOf(walk, handle).transaction ?? running(walk);
  const at = walk.events.findLastIndex((one) => one.kind === 'tx-begin' && one.transaction === transaction);
  const begun = walk.events[at];
  if (begun?.kind === 'tx-begin') walk.events[at] = { ...begun, isolation };
  else walk.scope.values.set(NEXT_LEVEL, { kind: 'literal', value: isolation });
  return { kind: 'literal', value: undefined };
}

/** The innermost transaction that has begun here and not ended, null when there is none. */
function running(walk: Walk): number | null {
  const frame = walk.frames.findLast((one) => one.kind === 'transaction');
  if (frame?.kind === 'transaction') return frame.id;
  const begun = walk.events.findLast((one) => one.kind === 'tx-begin' && one.style === 'statements');
  if (begun?.kind !== 'tx-begin') return null;
  return walk.events.some((one) => one.kind === 'tx-end' && one.transaction === begun.transaction) ? null : begun.transaction;
}

function begin(walk: Walk, node: ts.Node, asked: Isolation, handle: string | null): Expression {
  const transaction = nextId(walk);
  const next = walk.scope.values.get(NEXT_LEVEL);
  const isolation = asked === 'default' && next?.kind === 'literal' ? isolationOf(String(next.value)) : asked;
  walk.scope.values.delete(NEXT_LEVEL);
  emit(walk, node, { kind: 'tx-begin', transaction, handle, isolation, style: 'statements' });
  const name = handle ?? variablesOf(node)[0] ?? null;
  if (name !== null) walk.scope.handles.set(name, transaction);
  return { kind: 'parameter', name: name ?? 'transaction', outer: false };
}

function lastTransaction(walk: Walk): number {
  const event = walk.events.findLast((one) => one.kind === 'tx-begin');
  return event?.kind === 'tx-begin' ? event.transaction : 0;
}

function lastLock(walk: Walk): number {
  const event = walk.events.findLast((one) => one.kind === 'lock-acquire');
  return event?.kind === 'lock-acquire' ? event.lock : 0;
}

function inFinally(walk: Walk): boolean {
  return walk.frames.some((one) => one.kind === 'try' && one.part === 'finally');
}

/** The names that a statement gives to what a call yields. */
export function variablesOf(node: ts.Node): readonly string[] {
  let current = node.parent;
  while (syntax.isAwaitExpression(current) || syntax.isParenthesizedExpression(current) || syntax.isAsExpression(current) || syntax.isNonNullExpression(current)) current = current.parent;
  if (syntax.isVariableDeclaration(current)) return namesIn(current.name);
  if (syntax.isBinaryExpression(current) && current.operatorToken.kind === syntax.SyntaxKind.EqualsToken && syntax.isIdentifier(current.left)) return [current.left.text];
  return [];
}
