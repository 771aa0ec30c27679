import { nextSqlToken, type SqlToken } from './sql-token.js';

/** A piece that is not SQL and was blanked or replaced by a name of the same length. */
export interface SqlMask {
  readonly start: number;
  readonly end: number;
  /** Whether the statement around it can still be understood: a placeholder for the schema, COPY data, a psql setting. */
  readonly harmless: boolean;
  /** What it is, in words. */
  readonly reason: string;
}

/** The text without what the grammar does not know, every position kept, and where its statements end. */
export interface MaskedSql {
  readonly text: string;
  readonly masks: readonly SqlMask[];
  /** Statements as [start, end): from their first token to their semicolon. */
  readonly pieces: readonly { readonly start: number; readonly end: number }[];
}

const CONTROL = /^(?:\{\{-?\s*(?:if|else|end|range|with|define|template|block|\/\*|#|\/)|\{%|<%[^=])/;
const HARMLESS_META = /^\\(?:set\s+ON_ERROR|echo|pset|timing|restrict|unrestrict|encoding|q\b|\.)/i;
const QUOTED_TEMPLATE = /\$\{|\{\{/;
const NAME_CHARACTER = /[\p{L}\p{N}_$]/u;

function blank(text: string): string {
  return text.replace(/[^\n\r]/g, ' ');
}

function isQualifier(text: string, token: SqlToken): boolean {
  const before = text[token.start - 1] ?? ' ';
  return text[token.end] === '.' && !NAME_CHARACTER.test(before) && before !== '.' && text[token.start] !== ':';
}

interface Walk {
  readonly output: string[];
  readonly masks: SqlMask[];
  readonly pieces: { start: number; end: number }[];
  copied: number;
  pieceStart: number | null;
  depth: number;
  /** Open BEGIN ATOMIC and CASE blocks: their semicolons end nothing. */
  blocks: number;
  brackets: number;
  words: number;
  copies: 'no' | 'copy' | 'stdin';
  lastWord: string;
}

function replace(text: string, walk: Walk, start: number, end: number, by: string): void {
  walk.output.push(text.slice(walk.copied, start), by);
  walk.copied = end;
}

function maskTemplate(text: string, walk: Walk, token: SqlToken): void {
  const original = text.slice(token.start, token.end);
  if (CONTROL.test(original)) {
    replace(text, walk, token.start, token.end, blank(original));
    walk.masks.push({ start: token.start, end: token.end, harmless: false, reason: 'template logic' });
    return;
  }
  const qualifier = isQualifier(text, token);
  const end = qualifier ? token.end + 1 : token.end;
  replace(text, walk, token.start, end, qualifier ? ' '.repeat(end - token.start) : original.replace(/[^\n\r]/g, 'x').replace(/^x/, '_'));
  walk.masks.push({ start: token.start, end, harmless: qualifier, reason: 'a template placeholder' });
  if (!qualifier) walk.pieceStart ??= token.start;
}

function maskMeta(text: string, walk: Walk, token: SqlToken): void {
  const original = text.slice(token.start, token.end);
  replace(text, walk, token.start, token.end, blank(original));
  walk.masks.push({ start: token.start, end: token.end, harmless: HARMLESS_META.test(original), reason: 'a psql command' });
}

/** Blanks the rows after COPY … FROM stdin and gives the offset behind them. */
function maskCopyRows(text: string, walk: Walk, from: number): number {
  const start = text.indexOf('\n', from);
  if (start === -1) return from;
  const closed = /^\\\.[ \t\r]*$/m.exec(text.slice(start + 1));
  const end = closed === null ? text.length : start + 1 + closed.index + closed[0].length;
  replace(text, walk, start + 1, end, blank(text.slice(start + 1, end)));
  walk.masks.push({ start: start + 1, end, harmless: true, reason: 'COPY rows' });
  return end;
}

function countWord(walk: Walk, word: string): void {
  walk.words += 1;
  if (walk.words === 1) walk.copies = word === 'copy' ? 'copy' : 'no';
  else if (walk.copies === 'copy' && word === 'stdin' && walk.lastWord === 'from') walk.copies = 'stdin';
  if (word === 'atomic' && walk.lastWord === 'begin') walk.blocks += 1;
  else if (word === 'case' && walk.blocks > 0) walk.blocks += 1;
  else if (word === 'end' && walk.blocks > 0) walk.blocks -= 1;
  walk.lastWord = word;
}

function endStatement(text: string, walk: Walk, token: SqlToken): number {
  if (walk.pieceStart !== null) walk.pieces.push({ start: walk.pieceStart, end: token.start });
  const next = walk.copies === 'stdin' ? maskCopyRows(text, walk, token.end) : token.end;
  Object.assign(walk, { pieceStart: null, depth: 0, blocks: 0, brackets: 0, words: 0, copies: 'no', lastWord: '' });
  return next;
}

function takeSymbol(text: string, walk: Walk, token: SqlToken): number {
  const symbol = text.slice(token.start, token.end);
  if (symbol === '(') walk.depth += 1;
  else if (symbol === ')') walk.depth -= 1;
  else if (symbol === '[') walk.brackets += 1;
  else if (symbol === ']') walk.brackets -= 1;
  else if (symbol === ';' && walk.blocks === 0 && (walk.depth <= 0 || endsLine(text, token.end))) return endStatement(text, walk, token);
  return token.end;
}

// Inside parentheses only CREATE RULE … DO (a; b) has semicolons; one at a line's end means that a parenthesis was forgotten.
function endsLine(text: string, at: number): boolean {
  return /^[ \t\r]*(?:--[^\n]*)?(?:\n|$)/.test(text.slice(at, at + 200));
}

/** One linear pass over the text. */
export function maskSql(text: string): MaskedSql {
  const walk: Walk = { output: [], masks: [], pieces: [], copied: 0, pieceStart: null, depth: 0, blocks: 0, brackets: 0, words: 0, copies: 'no', lastWord: '' };
  let at = 0;
  let last = 0;
  for (let token = nextSqlToken(text, at); token !== null; token = nextSqlToken(text, at)) {
    at = token.end;
    if (token.kind === 'comment') continue;
    if (token.kind === 'meta') {
      maskMeta(text, walk, token);
      continue;
    }
    if (token.kind === 'quoted' && QUOTED_TEMPLATE.test(text.slice(token.start, token.end))) {
      maskTemplate(text, walk, token);
      last = token.end;
      continue;
    }
    if (token.kind === 'template') {
      // `[lower:upper]` is a slice, not a parameter.
      if (walk.brackets === 0 || text[token.start] !== ':') maskTemplate(text, walk, token);
      last = token.end;
      continue;
    }
    if (token.kind === 'symbol' && text[token.start] === ';') {
      at = takeSymbol(text, walk, token);
      continue;
    }
    walk.pieceStart ??= token.start;
    last = token.end;
    if (token.kind === 'word') countWord(walk, text.slice(token.start, token.end).toLowerCase());
    else if (token.kind === 'symbol') at = takeSymbol(text, walk, token);
  }
  if (walk.pieceStart !== null) walk.pieces.push({ start: walk.pieceStart, end: last });
  walk.output.push(text.slice(walk.copied));
  return { text: walk.output.join(''), masks: walk.masks, pieces: walk.pieces };
}
