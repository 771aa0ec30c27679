import type { LineIndex } from './line-index.js';

/** A stretch of a text and where it came from. */
interface Part {
  /** Where the stretch begins in the text. */
  readonly at: number;
  /** The file's offset of its first character. */
  readonly from: number;
  /** Whether the characters that follow come one after the other from the file too; else all of them come from `from`. */
  readonly exact: boolean;
}

/** Text taken from a file, or put together from pieces of it: each character knows its place there. Immutable. */
export interface LocatedText {
  readonly text: string;
  /** In order; the first begins at 0. Empty for text from nowhere. */
  readonly parts: readonly Part[];
}

/** Text that stands in the file as it is, from an offset on. */
export function textAt(text: string, from: number): LocatedText {
  return { text, parts: [{ at: 0, from, exact: true }] };
}

/** Text that is not in the file, standing for what is at an offset. */
export function textFor(text: string, from: number): LocatedText {
  return { text, parts: [{ at: 0, from, exact: false }] };
}

/** The same places under other characters; the lengths must agree. */
export function rewritten(located: LocatedText, text: string): LocatedText {
  return { text, parts: located.parts };
}

function partIndex(located: LocatedText, offset: number): number {
  let low = 0;
  let high = located.parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((located.parts[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The file's offset of a character. */
export function placeOf(located: LocatedText, offset: number): number {
  const part = located.parts[partIndex(located, offset)];
  if (part === undefined) return 0;
  return part.exact ? part.from + offset - part.at : part.from;
}

export function sliceText(located: LocatedText, start: number, end: number): LocatedText {
  const text = located.text.slice(start, end);
  const first = partIndex(located, start);
  const parts: Part[] = [];
  for (let index = first; index < located.parts.length; index += 1) {
    const part = located.parts[index];
    if (part === undefined || (part.at >= end && index > first)) break;
    const skipped = Math.max(0, start - part.at);
    parts.push({ at: Math.max(0, part.at - start), from: part.exact ? part.from + skipped : part.from, exact: part.exact });
  }
  return { text, parts };
}

export function joinTexts(pieces: readonly LocatedText[]): LocatedText {
  const parts: Part[] = [];
  let length = 0;
  for (const piece of pieces) {
    if (piece.text === '') continue;
    for (const part of piece.parts) parts.push({ ...part, at: part.at + length });
    length += piece.text.length;
  }
  return { text: pieces.map((piece) => piece.text).join(''), parts };
}

/** Whether the text's characters stand in their order inside a range of the file. */
export function standsWithin(located: LocatedText, start: number, end: number): boolean {
  let last = start;
  for (const [index, part] of located.parts.entries()) {
    const next = located.parts[index + 1]?.at ?? located.text.length;
    const stop = part.exact ? part.from + next - part.at : part.from;
    if (part.from < last || stop > end) return false;
    last = stop;
  }
  return located.parts.length > 0;
}

/** Lines of the file for offsets of the text. */
export function locatedLines(lines: LineIndex, located: LocatedText): LineIndex {
  return {
    lines: lines.lines,
    position: (offset) => lines.position(placeOf(located, offset)),
    span: (start, end) => lines.span(placeOf(located, start), placeOf(located, Math.max(start, end - 1)) + 1),
  };
}

function decode(located: LocatedText, start: number, end: number, escapes: boolean): LocatedText {
  const pieces: LocatedText[] = [];
  let copied = start;
  for (let at = start; at < end; at += 1) {
    const character = located.text[at];
    if (character === "'") {
      // The second of two quotes is dropped.
      pieces.push(sliceText(located, copied, at + 1));
      at += 1;
      copied = at + 1;
    } else if (escapes && character === '\\') {
      const escape = readEscape(located.text, at);
      pieces.push(sliceText(located, copied, at), textFor(escape.text, placeOf(located, at)));
      at = escape.end - 1;
      copied = escape.end;
    }
  }
  pieces.push(sliceText(located, copied, end));
  return joinTexts(pieces);
}

const SIMPLE: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function readEscape(text: string, at: number): { readonly text: string; readonly end: number } {
  const coded = /^(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{1,2})|([0-7]{1,3}))/.exec(text.slice(at + 1, at + 10));
  if (coded === null) {
    const plain = text[at + 1] ?? '';
    return { text: SIMPLE[plain] ?? plain, end: at + 2 };
  }
  const [whole, short, long, hex, octal] = coded;
  const point = octal === undefined ? Number.parseInt(short ?? long ?? hex ?? '0', 16) : Number.parseInt(octal, 8);
  return { text: point > 0x10ffff ? '' : String.fromCodePoint(point), end: at + 1 + whole.length };
}

/** What a string literal (`'…'`, `E'…'`, `$tag$…$tag$`) between two offsets stands for; null when it is none of these. */
export function literalText(located: LocatedText, start: number, end: number): LocatedText | null {
  const written = located.text.slice(start, end);
  const tag = /^\$[^$]*\$/.exec(written)?.[0];
  if (tag !== undefined) return written.length >= 2 * tag.length && written.endsWith(tag) ? sliceText(located, start + tag.length, end - tag.length) : null;
  const prefix = /^[EeNn]?'/.exec(written)?.[0];
  if (prefix === undefined || written.length <= prefix.length || !written.endsWith("'")) return null;
  return decode(located, start + prefix.length, end - 1, /^e/i.test(prefix));
}
