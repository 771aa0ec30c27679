/** What a piece of SQL text is. `template` and `meta` are not SQL: placeholders of a tool, and psql's backslash commands. */
export type SqlTokenKind = 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'comment' | 'template' | 'meta';

/** Offsets are in UTF-16 units, `end` exclusive. */
export interface SqlToken {
  readonly kind: SqlTokenKind;
  readonly start: number;
  readonly end: number;
}

const SPACE = /[\s\uFEFF]*/y;
const WORD = /[\p{L}_](?:[\p{L}\p{M}\p{N}_]|\$(?!\{))*/uy;
const NUMBER = /(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?/y;
const DOLLAR_TAG = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const PLACEHOLDER_FORMS = String.raw`[$#]\{[^}\n]{0,200}\}|\$\([A-Za-z_][\w.]{0,60}\)|\{\{[^}]{0,400}\}?\}\}|\{#[^#]{0,400}#\}|\{%[^%]{0,400}%\}|<%[^%]{0,400}%>|\{[A-Za-z_][\w.]{0,60}\}|@[A-Za-z_][\w.-]{0,60}@|%\(\w{1,60}\)s`;
const PLACEHOLDER = new RegExp(PLACEHOLDER_FORMS, 'y');
/** Every placeholder in a text, for `replace`. */
export const PLACEHOLDERS = new RegExp(PLACEHOLDER_FORMS, 'g');
const NAMED_PARAMETER = /:(?:[A-Za-z_]\w*|'[^'\n]*'|"[^"\n]*")/y;
/** psql's commands that end a statement, wherever on the line they stand. */
const ENDING_META = /\\(?:g(?:exec|set|x|desc)?|crosstabview|watch|bind|parse)\b/y;

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function endOfQuote(text: string, start: number, quote: string, backslash: boolean): number {
  let at = start;
  while (at < text.length) {
    const character = text[at];
    if (backslash && character === '\\') at += 2;
    else if (character !== quote) at += 1;
    else if (text[at + 1] === quote) at += 2;
    else return at + 1;
  }
  return text.length;
}

/** As `endOfQuote`, for a quoted name: quotes inside a placeholder (`"{{ index .Options "Namespace" }}"`) end nothing. */
function endOfName(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '$' || character === '<') {
      const end = matchAt(PLACEHOLDER, text, at);
      if (end > at) at = end - 1;
    } else if (character === '"') {
      if (text[at + 1] !== '"') return at + 1;
      at += 1;
    }
  }
  return text.length;
}

function endOfBlockComment(text: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let match = edge.exec(text); match !== null; match = edge.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return text.length;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function startsLine(text: string, at: number): boolean {
  for (let before = at - 1; before >= 0; before -= 1) {
    if (text[before] === '\n') return true;
    if (text[before] !== ' ' && text[before] !== '\t') return false;
  }
  return true;
}

function dollarToken(text: string, at: number): SqlToken {
  const placeholder = matchAt(PLACEHOLDER, text, at);
  if (placeholder > at) return { kind: 'template', start: at, end: placeholder };
  const opened = matchAt(DOLLAR_TAG, text, at);
  if (opened === at) return { kind: 'symbol', start: at, end: at + 1 };
  const tag = text.slice(at, opened);
  const closed = text.indexOf(tag, opened);
  return { kind: 'string', start: at, end: closed === -1 ? text.length : closed + tag.length };
}

function colonToken(text: string, at: number): SqlToken {
  if (text[at + 1] === ':' || text[at + 1] === '=') return { kind: 'symbol', start: at, end: at + 2 };
  const end = matchAt(NAMED_PARAMETER, text, at);
  return end > at ? { kind: 'template', start: at, end } : { kind: 'symbol', start: at, end: at + 1 };
}

function wordToken(text: string, at: number, end: number): SqlToken {
  const prefix = end - at <= 2 ? text.slice(at, end).toLowerCase() : '';
  const quote = text[end];
  if (quote === "'" && (prefix === 'e' || prefix === 'b' || prefix === 'x' || prefix === 'n')) {
    return { kind: 'string', start: at, end: endOfQuote(text, end + 1, "'", prefix === 'e') };
  }
  return { kind: 'word', start: at, end };
}

function symbolToken(text: string, at: number): SqlToken {
  switch (text[at]) {
    case "'":
      return { kind: 'string', start: at, end: endOfQuote(text, at + 1, "'", false) };
    case '"':
      return { kind: 'quoted', start: at, end: endOfName(text, at + 1) };
    case '$':
      return dollarToken(text, at);
    case ':':
      return colonToken(text, at);
    case '-':
      return text[at + 1] === '-' ? { kind: 'comment', start: at, end: endOfLine(text, at) } : { kind: 'symbol', start: at, end: at + 1 };
    case '/':
      return text[at + 1] === '*' ? { kind: 'comment', start: at, end: endOfBlockComment(text, at) } : { kind: 'symbol', start: at, end: at + 1 };
    case '\\':
      return startsLine(text, at) || matchAt(ENDING_META, text, at) > at ? { kind: 'meta', start: at, end: endOfLine(text, at) } : { kind: 'symbol', start: at, end: at + 1 };
    case '{':
    case '#':
    case '@':
    case '%':
    case '<': {
      const end = matchAt(PLACEHOLDER, text, at);
      return end > at ? { kind: 'template', start: at, end } : { kind: 'symbol', start: at, end: at + 1 };
    }
    default:
      return { kind: 'symbol', start: at, end: at + 1 };
  }
}

/** The next token at or after `from`, white space skipped; null at the end. Never throws; an unclosed quote runs to the end. */
export function nextSqlToken(text: string, from: number): SqlToken | null {
  const at = matchAt(SPACE, text, from);
  if (at >= text.length) return null;
  const word = matchAt(WORD, text, at);
  if (word > at) return wordToken(text, at, word);
  const number = matchAt(NUMBER, text, at);
  if (number > at) return { kind: 'number', start: at, end: number };
  return symbolToken(text, at);
}

/** Every token that is not a comment, in order. */
export function* sqlTokens(text: string, from = 0, to = text.length): Generator<SqlToken> {
  for (let token = nextSqlToken(text, from); token !== null && token.start < to; token = nextSqlToken(text, token.end)) {
    if (token.kind !== 'comment') yield token;
  }
}
