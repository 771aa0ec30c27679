import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Isolation } from '../event.js';
import { speaksOfLocks } from '../lock-words.js';
import { isolationOf } from '../sql-query.js';
import type { FunctionNode } from './walk.js';

/** What decorators put around a method. */
export interface Declared {
  readonly lock: ts.Decorator | null;
  readonly transaction: { readonly node: ts.Decorator; readonly isolation: Isolation } | null;
}

/** `@Transactional({ isolationLevel: … })`, `@Lock('wallet')`, `@Synchronized()`. */
export function declaredOn(node: FunctionNode): Declared {
  const decorators = syntax.isMethodDeclaration(node) ? (syntax.getDecorators(node) ?? []) : [];
  const named = (one: ts.Decorator): string => (syntax.isCallExpression(one.expression) ? one.expression.expression : one.expression).getText();
  const lock = decorators.find((one) => speaksOfLocks(named(one))) ?? null;
  const transactional = decorators.find((one) => /^(Transactional|Transaction|InTransaction|UseTransaction)$/.test(named(one)));
  return { lock, transaction: transactional === undefined ? null : { node: transactional, isolation: isolationOf(transactional.expression.getText()) } };
}
