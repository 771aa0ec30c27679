import { allOf } from '../../query.js';
import type { BinaryOperator, Expression } from '../../expression.js';
import { property } from './where-object.js';

const OPERATORS: Readonly<Record<string, BinaryOperator>> = { '=': 'equal', '<>': 'not-equal', '!=': 'not-equal', '<': 'less', '<=': 'less-or-equal', '>': 'greater', '>=': 'greater-or-equal' };

/**
 * A condition written as a piece of SQL with named parameters, as query builders take it: `order.id = :id AND
 * order.stock >= :n`, `{ id, n }`. Simple comparisons joined by AND; what is more is opaque but keeps its columns.
 */
export function sqlFragment(values: readonly Expression[]): Expression | null {
  const [text, parameters] = values;
  if (text?.kind !== 'literal' || typeof text.value !== 'string') return null;
  const parts = text.value.slice(0, 2_000).split(/\s+AND\s+/i);
  return allOf(parts.map((part) => comparison(part, parameters)));
}

function comparison(text: string, parameters: Expression | undefined): Expression {
  const found = /^\s*\(?\s*(?:["`]?\w+["`]?\.)?["`]?(\w+)["`]?\s*(=|<>|!=|<=|>=|<|>)\s*(?::(\w+)|'([^']*)'|(\d+)|(\w+))\s*\)?\s*$/.exec(text);
  if (found === null) {
    const columns = [...text.matchAll(/(?:\w+\.)?["`]?([A-Za-z_]\w*)["`]?\s*(?:=|<>|!=|<=|>=|<|>|\bIN\b|\bIS\b|\bNOT\b)/gi)];
    return { kind: 'opaque', text, uses: columns.map((one) => ({ kind: 'column', name: one[1] ?? '' })) };
  }
  const [, column = '', operator = '=', name, quoted, number, word] = found;
  const value: Expression =
    name !== undefined
      ? (property(parameters, name) ?? { kind: 'parameter', name, outer: true })
      : quoted !== undefined
        ? { kind: 'literal', value: quoted }
        : number !== undefined
          ? { kind: 'literal', value: Number(number) }
          : wordOf(word ?? '');
  return { kind: 'binary', operator: OPERATORS[operator] ?? 'bit', left: { kind: 'column', name: column }, right: value };
}

function wordOf(word: string): Expression {
  if (/^(true|false)$/i.test(word)) return { kind: 'literal', value: word.toLowerCase() === 'true' };
  return /^null$/i.test(word) ? { kind: 'literal', value: null } : { kind: 'column', name: word };
}
