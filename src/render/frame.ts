import type { Span } from '../core/change-set.js';
import { displayLine, displayWidth, fit } from './display-width.js';
import { linesOf } from './report.js';

/** One row of a code frame: a line of code with its number, or the marks under one (number null). */
export interface FrameRow {
  readonly number: number | null;
  readonly text: string;
}

const BEFORE = 1;
const MAX_LINES = 6;
/** How far into a line the frame looks: minified files have lines of megabytes. */
const REACH = 2000;

/**
 * A span's lines with the one before, and carets under the span on its first line. Long lines are cut around the span, long
 * spans after six lines. Safe to print. Empty when the text has no such line.
 */
export function frameOf(text: string, span: Span, cells: number): readonly FrameRow[] {
  const first = Math.max(1, span.startLine - BEFORE);
  const last = Math.min(span.endLine, span.startLine + MAX_LINES - 1);
  const lines = linesOf(text, first, last, span.startColumn + REACH);
  if (lines.length <= span.startLine - first) return [];
  const rows = lines.flatMap((line, index): FrameRow[] => {
    const number = first + index;
    return number === span.startLine ? marked(line, number, span, cells) : [{ number, text: fit(displayLine(line.slice(0, REACH)), cells) }];
  });
  return span.endLine > last ? [...rows, { number: null, text: '…' }] : rows;
}

function marked(line: string, number: number, span: Span, cells: number): FrameRow[] {
  const start = Math.min(Math.max(0, span.startColumn - 1), line.length);
  const rawEnd = span.endLine > span.startLine ? line.length : span.endColumn - 1;
  const end = Math.max(start, Math.min(rawEnd, line.length));
  const from = Math.max(0, start - REACH);
  let lead = displayLine(line.slice(from, start));
  // The part before the span may fill the window: then only its end is shown.
  if (displayWidth(lead) > cells / 2) lead = `…${tail(lead, Math.floor(cells / 2) - 1)}`;
  const column = displayWidth(lead);
  const inside = displayLine(line.slice(start, end), column).trimEnd();
  const after = displayLine(line.slice(end, end + REACH), column + displayWidth(inside));
  const carets = '^'.repeat(Math.max(1, Math.min(displayWidth(inside), cells - column)));
  const whole = displayLine(line.slice(start, end), column);
  return [
    { number, text: fit(lead + whole + after, cells) },
    { number: null, text: ' '.repeat(column) + carets },
  ];
}

/** The last cells of a text. */
function tail(text: string, cells: number): string {
  let kept = '';
  let width = 0;
  for (const character of [...text].reverse()) {
    width += displayWidth(character);
    if (width > cells) break;
    kept = character + kept;
  }
  return kept;
}
