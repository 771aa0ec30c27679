import { plainText } from '../core/plain-text.js';

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const ZERO = /[\p{Mn}\p{Me}]/u;
const TAB = 4;

/** A line of code as a terminal may show it: tabs as spaces, nothing that moves the cursor or hides text. */
export function displayLine(line: string, column = 0): string {
  let shown = '';
  let width = column;
  for (const part of plainText(line.replace(/[\r\n]/g, ' ')).split(/(\t)/)) {
    const piece = part === '\t' ? ' '.repeat(TAB - (width % TAB)) : part;
    shown += piece;
    width += displayWidth(piece);
  }
  return shown;
}

/** How many cells of a terminal a text takes. */
export function displayWidth(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** The text cut to so many cells, with an ellipsis where something was cut. */
export function fit(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += displayWidth(character);
    if (width > cells - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** The text cut or filled with spaces to exactly so many cells. */
export function pad(text: string, cells: number): string {
  const fitted = fit(text, cells);
  return fitted + ' '.repeat(Math.max(0, cells - displayWidth(fitted)));
}

/** Lines of at most so many cells, broken at spaces. A longer word keeps its own line. */
export function wrap(text: string, cells: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > cells) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
