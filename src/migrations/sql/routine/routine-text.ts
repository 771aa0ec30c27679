import { rewritten, sliceText, textFor, placeOf, type LocatedText } from '../../../languages/located-text.js';
import { nextSqlToken, type SqlToken } from '../../../languages/sql-token.js';

/** A routine's body with a cursor: its statements are looked for in the order in which they stand. */
export interface RoutineText {
  readonly body: LocatedText;
  /** Where each line begins. */
  readonly starts: readonly number[];
  cursor: number;
}

/** A piece of the body: its place in it, and its text, which may differ by the blanks where INTO stood. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly located: LocatedText;
}

export function openText(body: LocatedText): RoutineText {
  const starts = [0];
  for (let at = body.text.indexOf('\n'); at !== -1; at = body.text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { body, starts, cursor: 0 };
}

function lineStart(text: RoutineText, line: number): number {
  return text.starts[Math.max(0, line - 1)] ?? text.body.text.length;
}

function matches(body: string, at: number, wanted: string): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (wanted[index] !== ' ' && wanted[index] !== body[at + index]) return false;
  return true;
}

/**
 * A piece of text that begins on a line, or, where the statement around it begins on that line, soon after. Puts the cursor
 * behind it. What is not found stands for the line.
 */
export function find(text: RoutineText, wanted: string, line: number): Found {
  const from = Math.max(text.cursor, lineStart(text, line));
  const { body } = text;
  // Expressions may stand some lines below the statement's first word.
  const window = body.text.slice(from, from + wanted.length + 4000);
  const start = placeIn(body.text, from, window, wanted);
  if (start === -1) return { start: from, end: from, located: textFor(wanted, placeOf(body, firstWord(body.text, from))) };
  text.cursor = start + wanted.length;
  const slice = sliceText(body, start, text.cursor);
  return { start, end: text.cursor, located: slice.text === wanted ? slice : rewritten(slice, wanted) };
}

const WORD_CHARACTER = /[\p{L}\p{N}_$]/u;

function placeIn(body: string, from: number, window: string, wanted: string): number {
  const head = /^\s*\S+/.exec(wanted)?.[0] ?? '';
  if (head === '') return -1;
  const isWord = WORD_CHARACTER.test(head[0] ?? '');
  for (let at = window.indexOf(head); at !== -1; at = window.indexOf(head, at + 1)) {
    if (isWord && WORD_CHARACTER.test(body[from + at - 1] ?? ' ')) continue;
    if (matches(body, from + at, wanted)) return from + at;
  }
  return -1;
}

function firstWord(body: string, from: number): number {
  return Math.min(nextSqlToken(body, from)?.start ?? from, Math.max(0, body.length - 1));
}

/** The place of the last `word` before an offset, on or behind a line. */
export function wordBefore(text: RoutineText, word: string, line: number, offset: number): number {
  let found = -1;
  for (let token = nextSqlToken(text.body.text, lineStart(text, line)); token !== null && token.start < offset; token = nextSqlToken(text.body.text, token.end)) {
    if (token.kind === 'word' && wordOf(text, token) === word) found = token.start;
  }
  return found === -1 ? offset : found;
}

function wordOf(text: RoutineText, token: SqlToken): string {
  return text.body.text.slice(token.start, token.end).toLowerCase();
}

/** The end of the last token before the semicolon (or LOOP) that ends what stands at an offset. Puts the cursor there. */
export function endOfStatement(text: RoutineText, offset: number): number {
  let end = offset;
  for (let token = nextSqlToken(text.body.text, offset); token !== null; token = nextSqlToken(text.body.text, token.end)) {
    if (token.kind === 'comment') continue;
    if (wordOf(text, token) === ';' || wordOf(text, token) === 'loop') break;
    end = token.end;
  }
  text.cursor = Math.max(text.cursor, end);
  return end;
}
