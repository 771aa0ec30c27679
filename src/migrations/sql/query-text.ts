import { textBetween, type Statement } from './statement.js';

/** Words at the end that belong to the statement around a query, in their order. */
const TAILS: readonly (readonly string[])[] = [
  ['with', 'no', 'data'],
  ['with', 'data'],
  ['with', 'check', 'option'],
  ['with', 'local', 'check', 'option'],
  ['with', 'cascaded', 'check', 'option'],
];

function tailLength(statement: Statement): number {
  const words = statement.tokens.slice(-4).map((token) => (token.kind === 'word' ? statement.word(token) : ''));
  return TAILS.find((tail) => tail.every((word, index) => words[words.length - tail.length + index] === word))?.length ?? 0;
}

/** The query of CREATE VIEW, MATERIALIZED VIEW and TABLE … AS: all that stands behind its AS. */
export function queryBehindAs(statement: Statement): string {
  let depth = 0;
  for (const [index, token] of statement.tokens.entries()) {
    const word = token.kind === 'symbol' || token.kind === 'word' ? statement.word(token) : '';
    if (word === '(') depth += 1;
    else if (word === ')') depth -= 1;
    if (word === 'as' && depth === 0) return textBetween(statement, index + 1, statement.tokens.length - tailLength(statement));
  }
  return '';
}
