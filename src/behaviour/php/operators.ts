import type { BinaryOperator } from '../expression.js';

const OPERATORS: Readonly<Record<string, BinaryOperator>> = {
  '&&': 'and',
  and: 'and',
  '||': 'or',
  or: 'or',
  '??': 'coalesce',
  '==': 'equal',
  '===': 'equal',
  '!=': 'not-equal',
  '!==': 'not-equal',
  '<>': 'not-equal',
  '<': 'less',
  '<=': 'less-or-equal',
  '>': 'greater',
  '>=': 'greater-or-equal',
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'remainder',
  '**': 'power',
  '.': 'concatenate',
};

/** PHP's operators; `+=` as `+`. Those nobody computes rows with are `bit`. */
export function operatorOf(written: string): BinaryOperator {
  const plain = written.toLowerCase();
  return OPERATORS[plain] ?? OPERATORS[plain.replace(/=$/, '')] ?? 'bit';
}

/** The comparisons that `where('stock', '>=', 3)` names. */
export function comparisonOf(written: string): BinaryOperator {
  return written === '=' ? 'equal' : (OPERATORS[written] ?? 'bit');
}
