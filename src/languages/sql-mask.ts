import { literalOf, padName, placeholderName, placeholderRole } from './sql-template.js';
import { nextSqlToken, PLACEHOLDERS, type SqlToken } from './sql-token.js';
import type { Stretch } from './template-blocks.js';

/** A piece that is not SQL and was blanked or replaced by something of the same length. */
export interface SqlMask {
  readonly start: number;
  readonly end: number;
  /** Whether the statement around it can still be understood: a placeholder for a name or a value, COPY data, a psql setting. */
  readonly harmless: boolean;
  /** What it is, in words. */
  readonly reason: string;
}

/** The text without what the grammar does not know, every position kept, and where its statements end. */
export interface MaskedSql {
  readonly text: string;
  /** In order, none overlapping. */
  readonly masks: readonly SqlMask[];
  /** Statements as [start, end): from their first token to their semicolon. */
  readonly pieces: readonly { readonly start: number; readonly end: number }[];
  /** What psql runs only under an `\if`. */
  readonly conditional: readonly Stretch[];
}

const TEMPLATE = 'a template placeholder';
export const PSQL_COMMAND = 'a psql command';

const COMMENT = /^(?:\{\{-?\s*(?:\/\*|!|#(?!if|unless|each|with))|\{#|<%#)/;
const ASSIGNMENT = /^(?:\{\{-?\s*\$\w+\s*:?=|\{%-?\s*set\b)/;
const CONTROL = /^(?:\{\{-?\s*(?:#?if|else|end|range|with|define|block|#unless|#each|\/\w)\b|\{%|<%[^=])/;
const INCLUDES = /^(?:\{\{-?\s*(?:template|include|>)|\{%-?\s*(?:include|import|extends))/;
const HARMLESS_META = /^\\(?:set\b|unset\b|echo|qecho|warn|pset|timing|restrict|unrestrict|encoding|q\b|x\b|a\b|t\b|o\b|H\b|g\b|gx\b|gset\b|gdesc\b|crosstabview|bind\b|parse\b|prompt|cd\b|getenv|conninfo|d|l\b|z\b|!|s\b|p\b|r\b|h\b|\?|errverbose|if\b|elif\b|else\b|endif\b|\.)/i;
const ENDING_META = /^\\(?:g(?:exec|set|x|desc)?|crosstabview|watch|bind|parse)\b/;
const QUOTED_TEMPLATE = /[$#]\{|\{\{|\{%|<%|@\w[\w.-]*@|%\(\w+\)s/;
const NAME_CHARACTER = /[\p{L}\p{N}_$]/u;

function blank(text: string): string {
  return text.replace(/[^\n\r]/g, ' ');
}

interface Walk {
  readonly output: string[];
  readonly masks: SqlMask[];
  readonly pieces: { start: number; end: number }[];
  readonly conditional: Stretch[];
  /** Where the open `\if`s begin. */
  readonly ifs: number[];
  copied: number;
  pieceStart: number | null;
  /** Behind the last token of the statement. */
  last: number;
  depth: number;
  /** Open BEGIN ATOMIC and CASE blocks: their semicolons end nothing. */
  blocks: number;
  brackets: number;
  /** The first words of the statement, lower-cased. */
  words: string[];
  wordCount: number;
  /** The last token of the statement, lower-cased. */
  before: string;
  copies: 'no' | 'copy' | 'stdin';
  lastWord: string;
}

function replace(text: string, walk: Walk, start: number, end: number, by: string): void {
  walk.output.push(text.slice(walk.copied, start), by);
  walk.copied = end;
}

/** Puts something of the same length in a placeholder's place; line ends are kept. */
function mask(text: string, walk: Walk, start: number, end: number, by: string, harmless: boolean, reason = TEMPLATE): void {
  const original = text.slice(start, end);
  const lines = /[\n\r]/.test(original);
  // A name after a line's end would stand on another line; one on several lines keeps its lines instead of its name.
  replace(text, walk, start, end, lines && by.trim() !== '' ? original.replace(/[^\n\r]/g, 'x').replace(/^x/, '_') : lines ? blank(original) : by);
  walk.masks.push({ start, end, harmless: harmless && !(lines && by.trim() !== ''), reason });
}

function begin(walk: Walk, start: number, end: number, before: string): void {
  walk.pieceStart ??= start;
  walk.last = end;
  walk.before = before;
}

/** Whether nothing else stands on a token's lines but perhaps a semicolon. */
function aloneOnLines(text: string, token: SqlToken): boolean {
  const lineStart = text.lastIndexOf('\n', token.start - 1) + 1;
  return text.slice(Math.max(lineStart, token.start - 200), token.start).trim() === '' && /^[ \t\r]*;?[ \t\r]*(?:--[^\n]*)?(?:\n|$)/.test(text.slice(token.end, token.end + 200));
}

function isQualifier(text: string, token: SqlToken): boolean {
  const before = text[token.start - 1] ?? ' ';
  return text[token.end] === '.' && !NAME_CHARACTER.test(before) && before !== '.' && text[token.start] !== ':';
}

/** A placeholder for the schema is left out with its dot: the name is looked for like one without a schema. */
function dropQualifier(text: string, walk: Walk, token: SqlToken): void {
  const end = token.end + 1;
  replace(text, walk, token.start, end, blank(text.slice(token.start, end)));
  walk.masks.push({ start: token.start, end, harmless: true, reason: TEMPLATE });
  begin(walk, token.start, end, walk.before);
}

function maskPlaceholder(text: string, walk: Walk, token: SqlToken): void {
  const original = text.slice(token.start, token.end);
  if (COMMENT.test(original) || ASSIGNMENT.test(original)) {
    mask(text, walk, token.start, token.end, blank(original), true);
    return;
  }
  if (walk.pieceStart === null && (INCLUDES.test(original) || !CONTROL.test(original)) && aloneOnLines(text, token)) {
    mask(text, walk, token.start, token.end, blank(original), false);
    walk.pieces.push({ start: token.start, end: token.end });
    return;
  }
  if (CONTROL.test(original)) {
    mask(text, walk, token.start, token.end, blank(original), false, 'template logic');
    return;
  }
  if (isQualifier(text, token)) {
    dropQualifier(text, walk, token);
    return;
  }
  const stand = standIn(walk, original);
  mask(text, walk, token.start, token.end, stand ?? standAlone(original), stand !== null);
  begin(walk, token.start, token.end, 'x');
}

/** A name for a placeholder that stands alone; the underscore keeps it from being a keyword: `${table}`, `${concurrently}`. */
function standAlone(original: string): string {
  return padName(`_${placeholderName(original).replace(/^_/, '')}`, original.length);
}

/** What the grammar may read in a placeholder's place; null when that cannot be told. */
function standIn(walk: Walk, original: string): string | null {
  const { length } = original;
  if (walk.words[0] === 'set' && walk.words.includes('search_path')) return length >= 6 ? padName('public', length) : null;
  const role = placeholderRole({ text: original, words: walk.words, before: walk.before });
  if (role === 'unknown') return null;
  if (role === 'identifier') return original.startsWith(':"') ? original.slice(1).padStart(length, ' ') : standAlone(original);
  const timeout = walk.words[0] === 'set' && walk.words.some((word) => word.endsWith('_timeout'));
  return literalOf(length, timeout ? '5s' : placeholderName(original));
}

/** The end of a name that is put together from words and placeholders: `users_${suffix}`; the token's own end when it is none. */
function endOfGlued(text: string, token: SqlToken): number {
  let end = token.end;
  for (let next = nextSqlToken(text, end); next?.start === end; next = nextSqlToken(text, end)) {
    const glued = next.kind === 'word' || next.kind === 'number' || (next.kind === 'template' && text[next.start] !== ':' && !isLogic(text.slice(next.start, next.end)));
    if (!glued) break;
    end = next.end;
  }
  return end;
}

function isLogic(tag: string): boolean {
  return COMMENT.test(tag) || ASSIGNMENT.test(tag) || CONTROL.test(tag) || INCLUDES.test(tag);
}

/** Whether a token and what is glued to it are one name with a placeholder in it. */
function isGlued(text: string, token: SqlToken, end: number): boolean {
  if (end === token.end || text[token.start] === ':') return false;
  const outside = text.slice(token.start, end).replace(PLACEHOLDERS, '');
  return outside !== '' && outside.length < end - token.start;
}

function nameOf(text: string): string {
  return text.replace(PLACEHOLDERS, placeholderName);
}

function maskGlued(text: string, walk: Walk, start: number, end: number): void {
  mask(text, walk, start, end, padName(nameOf(text.slice(start, end)), end - start), true);
  begin(walk, start, end, 'x');
}

function maskQuoted(text: string, walk: Walk, token: SqlToken): void {
  const inner = text.slice(token.start + 1, token.end - 1);
  if (inner.replace(PLACEHOLDERS, '') === '' && isQualifier(text, token)) {
    dropQualifier(text, walk, token);
    return;
  }
  mask(text, walk, token.start, token.end, `"${nameOf(inner)}"`.padStart(token.end - token.start, ' '), true);
  begin(walk, token.start, token.end, 'x');
}

function maskMeta(text: string, walk: Walk, token: SqlToken): void {
  const original = text.slice(token.start, token.end);
  if (/^\\if\b/.test(original)) walk.ifs.push(token.start);
  else if (/^\\endif\b/.test(original)) {
    const start = walk.ifs.pop();
    if (start !== undefined) walk.conditional.push({ start, end: token.end });
  }
  replace(text, walk, token.start, token.end, blank(original));
  const ends = walk.pieceStart !== null && ENDING_META.test(original);
  walk.masks.push({ start: token.start, end: token.end, harmless: HARMLESS_META.test(original), reason: PSQL_COMMAND });
  if (!ends) return;
  if (/^\\(?:gexec|watch)/.test(original)) {
    walk.pieces.push({ start: walk.pieceStart ?? token.start, end: token.end });
    reset(walk);
  } else endStatement(text, walk, token);
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
  walk.wordCount += 1;
  if (walk.words.length < 5) walk.words.push(word);
  if (walk.wordCount === 1) walk.copies = word === 'copy' ? 'copy' : 'no';
  else if (walk.copies === 'copy' && word === 'stdin' && walk.lastWord === 'from') walk.copies = 'stdin';
  if (word === 'atomic' && walk.lastWord === 'begin') walk.blocks += 1;
  else if (word === 'case' && walk.blocks > 0) walk.blocks += 1;
  else if (word === 'end' && walk.blocks > 0) walk.blocks -= 1;
  walk.lastWord = word;
}

function reset(walk: Walk): void {
  Object.assign(walk, { pieceStart: null, depth: 0, blocks: 0, brackets: 0, words: [], wordCount: 0, before: '', copies: 'no', lastWord: '' });
}

function endStatement(text: string, walk: Walk, token: SqlToken): number {
  if (walk.pieceStart !== null) walk.pieces.push({ start: walk.pieceStart, end: token.start });
  const next = walk.copies === 'stdin' ? maskCopyRows(text, walk, token.end) : token.end;
  reset(walk);
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

/** Takes one token; gives the offset behind it. */
function take(text: string, walk: Walk, token: SqlToken): number {
  if (token.kind === 'comment') return token.end;
  if (token.kind === 'meta') {
    maskMeta(text, walk, token);
    return token.end;
  }
  // `[lower:upper]` is a slice, not a parameter.
  if (token.kind === 'template' && walk.brackets > 0 && text[token.start] === ':') return token.end;
  if ((token.kind === 'word' && '$#{@%<'.includes(text[token.end] ?? ' ')) || (token.kind === 'template' && !isLogic(text.slice(token.start, token.end)))) {
    const end = endOfGlued(text, token);
    if (isGlued(text, token, end)) {
      maskGlued(text, walk, token.start, end);
      return end;
    }
  }
  if (token.kind === 'template' || (token.kind === 'quoted' && QUOTED_TEMPLATE.test(text.slice(token.start, token.end)))) {
    if (token.kind === 'template') maskPlaceholder(text, walk, token);
    else maskQuoted(text, walk, token);
    // A placeholder for the schema takes its dot along.
    return Math.max(token.end, walk.copied);
  }
  if (token.kind === 'symbol' && text[token.start] === ';') return takeSymbol(text, walk, token);
  const word = text.slice(token.start, Math.min(token.end, token.start + 64)).toLowerCase();
  begin(walk, token.start, token.end, word);
  if (token.kind === 'word') countWord(walk, word);
  return token.kind === 'symbol' ? takeSymbol(text, walk, token) : token.end;
}

/** One linear pass over the text. */
export function maskSql(text: string): MaskedSql {
  const walk: Walk = { output: [], masks: [], pieces: [], conditional: [], ifs: [], copied: 0, pieceStart: null, last: 0, depth: 0, blocks: 0, brackets: 0, words: [], wordCount: 0, before: '', copies: 'no', lastWord: '' };
  let at = 0;
  for (let token = nextSqlToken(text, at); token !== null; token = nextSqlToken(text, at)) at = take(text, walk, token);
  if (walk.pieceStart !== null) walk.pieces.push({ start: walk.pieceStart, end: walk.last });
  for (const start of walk.ifs) walk.conditional.push({ start, end: text.length });
  walk.output.push(text.slice(walk.copied));
  return { text: walk.output.join(''), masks: walk.masks, pieces: walk.pieces, conditional: walk.conditional };
}
