/** One line of an excerpt. */
export interface ShownLine {
  /** 1-based, in the head's version; null for a removed line, which nothing can be anchored on. */
  readonly line: number | null;
  readonly text: string;
  /** `+` added or changed, `-` removed, a space for context. */
  readonly mark: '+' | '-' | ' ';
}

/** What the model is shown of a file: runs of neighbouring lines, redacted. */
export interface ShownFile {
  readonly path: string;
  /** Added, modified, removed, or where it was before a rename. In our words. */
  readonly note: string;
  readonly runs: readonly (readonly ShownLine[])[];
}

/** A place the model may speak of. */
export interface Place {
  readonly path: string;
  readonly line: number;
  /** The neighbouring lines it was shown with, itself included. */
  readonly run: readonly ShownLine[];
}

/** The longest part of a line that is shown. */
const LONGEST_LINE = 400;

/** Four hex digits of a line's text (FNV-1a): enough to tell that the model read the line it names. */
export function lineHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return ((hash ^ (hash >>> 16)) & 0xffff).toString(16).padStart(4, '0');
}

/** A line as it is shown: control and direction characters made visible, cut at 400 characters. */
export function showable(text: string): string {
  const end = text.charCodeAt(LONGEST_LINE - 1) >>> 10 === 0x36 ? LONGEST_LINE - 1 : LONGEST_LINE;
  const shown = text.length > LONGEST_LINE ? `${text.slice(0, end)} … [${text.length - end} more characters]` : text;
  return shown
    .replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, visible)
    .replace(/[\ud800-\udfff]/gu, '\ufffd');
}

function visible(character: string): string {
  return character === '\r' ? '' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The file as text: `+41#9bc2: code`, runs parted by `...`. */
export function renderShown(file: ShownFile): string {
  const runs = file.runs.map((run) => run.map(renderLine).join('\n'));
  return `=== ${JSON.stringify(file.path)} (${file.note})\n${runs.join('\n...\n')}\n`;
}

function renderLine({ line, text, mark }: ShownLine): string {
  return line === null ? `${mark}: ${text}` : `${mark}${line}#${lineHash(text)}: ${text}`;
}

/** Characters a line takes up when rendered, at most. */
export function renderedLength(text: string): number {
  return text.length + 16;
}

/** Finds the place an anchor names. null when the path was not shown, the line was not, or the hash is another's. */
export function createPlaces(files: readonly ShownFile[]): (path: string, anchor: string) => Place | null {
  const byPath = new Map<string, Map<number, { readonly text: string; readonly run: readonly ShownLine[] }>>();
  for (const file of files) {
    const lines = new Map<number, { readonly text: string; readonly run: readonly ShownLine[] }>();
    for (const run of file.runs) {
      for (const { line, text } of run) if (line !== null) lines.set(line, { text, run });
    }
    byPath.set(file.path, lines);
  }
  return (path, anchor) => {
    const parts = /^[+ ]?(\d{1,9})#([0-9a-f]{4}):?$/.exec(anchor.trim());
    if (parts === null) return null;
    const line = Number(parts[1]);
    const shown = byPath.get(path)?.get(line);
    if (shown === undefined || lineHash(shown.text) !== parts[2]) return null;
    return { path, line, run: shown.run };
  };
}

/** The longest quote, in lines. */
const LONGEST_QUOTE = 20;

/**
 * The lines a quote stands on, when it does occur in the excerpt and covers the place's line; else null. White space does
 * not count, nor do anchors that were copied along. Removed lines may be part of it.
 */
export function findQuote(place: Place, quote: string): { readonly first: number; readonly last: number; readonly text: string } | null {
  const wanted = quote.split('\n').map((line) => squeeze(line.replace(/^\s*[-+ ]?(?:\d{1,9}#[0-9a-f]{4})?: ?/, (prefix) => (/\d#|^[-+ ]: /.test(prefix) ? '' : prefix)))).filter((line) => line !== '');
  const words = wanted.join(' ');
  if (wanted.length === 0 || wanted.length > LONGEST_QUOTE || words.length < 4 || !/[A-Za-z0-9_]/.test(words)) return null;
  const anchored = place.run.findIndex((each) => each.line === place.line);
  for (let from = anchored; from >= Math.max(0, anchored - LONGEST_QUOTE); from -= 1) {
    const to = endOfQuote(place.run, from, wanted.length, words);
    if (to !== null && to >= anchored) return extent(place, from, to);
  }
  return null;
}

/** The last line of the quote when it starts on line `from` of the run. */
function endOfQuote(run: readonly ShownLine[], from: number, count: number, words: string): number | null {
  if (squeeze(run[from]?.text ?? '') === '') return null;
  let text = '';
  let taken = 0;
  for (let at = from; at < run.length && at - from <= LONGEST_QUOTE * 2; at += 1) {
    const line = squeeze(run[at]?.text ?? '');
    if (line === '') continue;
    text += (text === '' ? '' : ' ') + line;
    taken += 1;
    if (taken >= count) return text.includes(words) ? at : null;
  }
  return null;
}

function extent(place: Place, from: number, to: number): { readonly first: number; readonly last: number; readonly text: string } {
  const lines = place.run.slice(from, to + 1);
  const numbers = lines.flatMap((each) => (each.line === null ? [] : [each.line]));
  const text = lines.map((each) => each.text).join('\n');
  return { first: Math.min(...numbers, place.line), last: Math.max(...numbers, place.line), text };
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
