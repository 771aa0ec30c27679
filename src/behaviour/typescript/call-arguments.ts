import type { ts } from '../../languages/typescript.js';
import type { Expression } from '../expression.js';
import { isCallback } from './walk.js';
import { UNKNOWN } from '../bounded.js';
import type { Walk } from './walk.js';

/** The values of a call's arguments; functions are left to the caller. */
export function argumentsOf(walk: Walk, node: ts.CallExpression): readonly Expression[] {
  return node.arguments.map((one) => (isCallback(one) ? UNKNOWN : walk.evaluate(one)));
}
