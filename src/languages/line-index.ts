import type { Span } from '../core/change-set.js';

/** Turns offsets into lines and columns. Offsets and columns are in UTF-16 units; lines and columns are 1-based. */
export interface LineIndex {
  readonly lines: number;
  position(offset: number): { readonly line: number; readonly column: number };
  /** The span from `start` to `end` (exclusive). */
  span(start: number, end: number): Span;
}

/** Built once per text; each look-up is a binary search. */
export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const position = (offset: number): { line: number; column: number } => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
  const span = (start: number, end: number): Span => {
    const from = position(start);
    const to = position(Math.max(start, end - 1));
    // A line's end is part of no line: a span that ends behind it ends where the line does.
    const longest = (starts[to.line] ?? text.length + 1) - (starts[to.line - 1] ?? 0);
    return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: Math.min(to.column + (end > start ? 1 : 0), Math.max(longest, from.line === to.line ? from.column : 1)) };
  };
  return { lines: starts.length, position, span };
}
