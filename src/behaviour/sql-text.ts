import type { Expression } from './expression.js';

/** A statement with every hole numbered (`$1`), and what fills them. */
export interface AssembledSql {
  readonly text: string;
  readonly values: ReadonlyMap<number, Expression>;
}

/** Holes of a template get numbers that the author's own `$1` cannot have. */
const FIRST_HOLE = 1_001;
const LONGEST = 20_000;

/** Puts a statement together from a literal, a template or pieces joined by `+`; null when its beginning is not known. */
export function assembleSql(source: Expression, values: readonly Expression[]): AssembledSql | null {
  const holes = new Map<number, Expression>();
  values.forEach((value, place) => holes.set(place + 1, value));
  const raw = pieces(source, holes);
  if (raw === null || raw.length > LONGEST) return null;
  return { text: numbered(raw.replace(/`/g, '"')), values: holes };
}

function pieces(source: Expression, holes: Map<number, Expression>): string | null {
  if (source.kind === 'literal') return typeof source.value === 'string' ? source.value : null;
  if (source.kind === 'template') return source.parts.map((part) => (part.kind === 'literal' ? String(part.value) : nested(part, holes))).join('');
  if (source.kind === 'binary' && source.operator === 'add') {
    const left = pieces(source.left, holes);
    return left === null ? null : left + (pieces(source.right, holes) ?? nested(source.right, holes));
  }
  return null;
}

function nested(part: Expression, holes: Map<number, Expression>): string {
  const number = FIRST_HOLE + [...holes.keys()].filter((key) => key >= FIRST_HOLE).length;
  holes.set(number, part);
  return `$${number}`;
}

/** `?` of MySQL and SQLite become `$1`, `$2` …, outside quotes. */
function numbered(text: string): string {
  if (!text.includes('?')) return text;
  let next = 0;
  let quote = '';
  let result = '';
  for (const letter of text) {
    if (quote !== '') {
      if (letter === quote) quote = '';
    } else if (letter === "'" || letter === '"') quote = letter;
    else if (letter === '?') {
      next += 1;
      result += `$${next}`;
      continue;
    }
    result += letter;
  }
  return result;
}
