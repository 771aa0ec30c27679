import type { LineRange } from '../core/change-set.js';

/** The longest function that is shown whole; of a longer one, its head and the lines around the change. */
const LONGEST_FUNCTION = 90;
/** How far up a function's head is looked for. */
const LONGEST_LOOK = 200;
const AROUND = 6;

const HEAD = /\b(?:function|func|fn|def|class|interface|module|impl|trait|sub|proc|procedure|trigger|constructor)\b|=>|\b(?:public|private|protected|static|async|override|internal)\b.*\(|^\s*[\w$#*<>[\],. ]{1,100}\([^;]*\)[^;={]*\{\s*$|\bdo\b\s*(?:\|[^|]*\|)?\s*$/;
const NO_HEAD = /^\s*(?:if|else|for|while|switch|case|try|catch|finally|return|await|throw|with|unless|elif|except|rescue|ensure|\}|\))/;

/**
 * The lines that make a changed range understandable: its function by indentation, in any language. Lines are those of
 * the file without their ends; the result is 1-based, sorted, and holds the range itself.
 */
export function contextOf(lines: readonly string[], range: LineRange): readonly LineRange[] {
  const around = { start: Math.max(1, range.start - AROUND), end: Math.min(lines.length, range.end + AROUND) };
  const head = headOf(lines, range.start);
  if (head === null) return [around];
  const end = endOf(lines, head);
  if (end < range.end) return [{ start: Math.min(head, around.start), end: around.end }];
  if (end - head < LONGEST_FUNCTION) return [{ start: Math.min(head, range.start), end: Math.max(end, range.end) }];
  return [{ start: head, end: head }, around];
}

/** The line of the function's head above (or on) a line, null where there is none within reach. */
export function headOf(lines: readonly string[], line: number): number | null {
  let depth = indentation(firstCode(lines, line));
  if (isHead(lines[line - 1] ?? '')) return line;
  for (let at = line - 1; at >= 1 && line - at <= LONGEST_LOOK; at -= 1) {
    const text = lines[at - 1] ?? '';
    const own = indentation(text);
    if (own === null || (depth !== null && own >= depth)) continue;
    if (isHead(text)) return at;
    depth = own;
    if (own === 0) return null;
  }
  return null;
}

/** The function's head around a line as text, to tell two functions apart; null outside of any. */
export function symbolAt(lines: readonly string[], line: number): string | null {
  const head = headOf(lines, line);
  return head === null ? null : (lines[head - 1] ?? '').trim().slice(0, 120);
}

function firstCode(lines: readonly string[], line: number): string {
  for (let at = line; at <= lines.length && at < line + 20; at += 1) {
    const text = lines[at - 1] ?? '';
    if (text.trim() !== '') return text;
  }
  return '';
}

function isHead(text: string): boolean {
  const start = text.slice(0, 300);
  return HEAD.test(start) && !NO_HEAD.test(start);
}

/** Columns of white space before the first character; null for a blank line. */
function indentation(text: string): number | null {
  const width = /^[ \t]*/.exec(text)?.[0].replace(/\t/g, '    ').length ?? 0;
  return text.trim() === '' ? null : width;
}

/** The last line that is indented deeper than the head, with the closing line that follows it. */
function endOf(lines: readonly string[], head: number): number {
  const depth = indentation(lines[head - 1] ?? '') ?? 0;
  let end = head;
  for (let at = head + 1; at <= lines.length && at - head <= LONGEST_FUNCTION * 2; at += 1) {
    const text = lines[at - 1] ?? '';
    const own = indentation(text);
    if (own === null) continue;
    if (own > depth) end = at;
    else if (/^\s*(?:[)\]}]|end\b|else\b|catch\b|finally\b)/.test(text)) end = at;
    else break;
  }
  return end;
}
