import type { ts } from '../../languages/typescript.js';
import type { Expression } from '../expression.js';
import { argumentsOf } from './call-arguments.js';
import { variablesIn } from './variables-in.js';
import type { CallNames } from './recognise.js';
import { emit, nextId } from './walk.js';
import type { Walk } from './walk.js';

/** Functions that throw unless their first argument holds, whatever package they are from. */
const HOLDS = /(^|\.)(assert|ok|invariant|tinyInvariant|precondition|ensure|must|httpAssert|assertTrue|isTrue|checkArgument|checkState)$/;
const EQUAL = /(^|\.)(equal|strictEqual|deepEqual|deepStrictEqual|assertEqual|assertEquals)$/;
const DIFFERENT = /(^|\.)(notEqual|notStrictEqual|notDeepEqual)$/;

/** `assert(account.balance >= amount)`: a decision whose other side throws. null where nothing is tested that way. */
export function assertionCall(walk: Walk, node: ts.CallExpression, names: CallNames): Expression | null {
  const [first] = node.arguments;
  const compares = /(^|\.)assert\./.test(names.callee) && (EQUAL.test(names.callee) || DIFFERENT.test(names.callee));
  if (first === undefined || (!compares && !HOLDS.test(names.callee))) return null;
  const values = argumentsOf(walk, node);
  const [tested, expected] = values;
  const condition: Expression | undefined = compares && tested !== undefined && expected !== undefined ? { kind: 'binary', operator: DIFFERENT.test(names.callee) ? 'not-equal' : 'equal', left: tested, right: expected } : tested;
  if (condition === undefined || !tells(condition)) return null;
  emit(walk, compares ? node : first, { kind: 'guard', branch: nextId(walk), condition, vars: variablesIn(first), whenTrue: null, whenFalse: 'throw' });
  return { kind: 'literal', value: undefined };
}

/** A comparison or a plain value: `ensure(loadAll())` may do anything. */
function tells(condition: Expression): boolean {
  if (condition.kind === 'unary') return tells(condition.operand);
  return condition.kind === 'binary' || condition.kind === 'field' || condition.kind === 'result' || condition.kind === 'index' || (condition.kind === 'call' && condition.receiver !== null);
}
