import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Expression } from '../expression.js';
import { handlerOf } from './handler.js';
import { bare, emit, isCallback, nextId, within } from './walk.js';
import type { Walk } from './walk.js';

/** `f().then(g).catch(h).finally(i)`: the call first, then what follows it. null when nothing follows. */
export function followedCall(walk: Walk, node: ts.CallExpression): Expression | null {
  const callee = bare(node.expression);
  if (!syntax.isPropertyAccessExpression(callee) || !/^(then|catch|finally)$/.test(callee.name.text)) return null;
  const inner = bare(callee.expression);
  const [first, second] = node.arguments;
  const handler = callee.name.text === 'catch' ? first : callee.name.text === 'then' ? second : undefined;
  if (handler === undefined) {
    const value = walk.evaluate(inner);
    return first !== undefined && isCallback(first) ? follow(walk, first, value, callee.name.text) : value;
  }
  const id = nextId(walk);
  const facts = handlerOf(walk.file.tree, handler);
  emit(walk, handler, { kind: 'try-catch', try: id, handler: facts, hasFinally: false });
  const value = within(walk, { kind: 'try', id, part: 'try' }, () => walk.evaluate(inner));
  if (isCallback(handler)) within(walk, { kind: 'try', id, part: 'catch' }, () => walk.body(handler, []));
  return handler !== first && first !== undefined && isCallback(first) ? follow(walk, first, value, 'then') : value;
}

function follow(walk: Walk, body: ts.ArrowFunction | ts.FunctionExpression, value: Expression, name: string): Expression {
  const yielded = within(walk, { kind: 'callback', id: nextId(walk), runs: 'once' }, () => walk.body(body, name === 'then' ? [value] : []));
  return name === 'then' ? yielded : value;
}
