import type { BinaryOperator, Expression } from './expression.js';

const OPERATORS: Readonly<Record<string, BinaryOperator>> = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide' };

/**
 * A value that is a piece of SQL computing on the column itself: `sql\`${accounts.balance} - ${n}\``, `knex.raw('balance - ?')`,
 * `sequelize.literal('balance - 5')`, `() => 'balance - :n'`. Gives the arithmetic; anything else comes back as it is.
 */
export function sqlArithmetic(value: Expression, column: string): Expression {
  const text = textOf(value);
  if (text === null) return value;
  const found = /^\s*(?:COALESCE\s*\()?\s*["`]?(?:\w+["`]?\.["`]?)?(\w+)["`]?\s*(?:,\s*\d+\s*\))?\s*([-+*/])\s*(\S.*)$/is.exec(text.written);
  if (found === null || plain(found[1] ?? '') !== plain(column)) return value;
  const amount = text.holes.at(-1) ?? { kind: 'opaque', text: found[3] ?? '', uses: [] };
  return { kind: 'binary', operator: OPERATORS[found[2] ?? '+'] ?? 'add', left: { kind: 'column', name: column }, right: amount };
}

function plain(name: string): string {
  return name.replace(/_/g, '').toLowerCase();
}

interface Written {
  readonly written: string;
  readonly holes: readonly Expression[];
}

function textOf(value: Expression): Written | null {
  if (value.kind === 'template') {
    const written = value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : part.kind === 'field' && part.of.kind === 'parameter' ? part.name : '?')).join('');
    return { written, holes: value.parts.filter((part) => part.kind !== 'literal' && !(part.kind === 'field' && part.of.kind === 'parameter' && part.of.outer)) };
  }
  if (value.kind === 'opaque') return value.uses.length === 0 && value.text !== '' ? { written: value.text, holes: [] } : null;
  if (value.kind !== 'call' || !/(^|\.)(raw|literal|sql|unsafe)$/.test(value.callee)) return null;
  const [first, second] = value.arguments;
  if (first?.kind === 'template') return textOf(first);
  if (first?.kind !== 'literal' || typeof first.value !== 'string') return null;
  return { written: first.value, holes: second?.kind === 'array' ? second.elements : [] };
}
