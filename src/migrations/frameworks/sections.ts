import type { Framework } from '../migration.js';

/** 1-based lines, both ends inclusive. */
export type LineRange = readonly [number, number];

/** The up and down part of a file that holds both. */
export interface Section {
  readonly framework: Framework;
  readonly up: readonly LineRange[];
  /** null: there is no down part. */
  readonly down: readonly LineRange[] | null;
  /** Which parts the file says to run outside a transaction. */
  readonly noTransaction: { readonly up: boolean; readonly down: boolean };
  /** Lines between StatementBegin and StatementEnd: sent to the server as one string. */
  readonly blocks: readonly LineRange[];
}

interface Style {
  readonly framework: Framework;
  readonly up: RegExp;
  readonly down: RegExp;
  readonly noTransaction: RegExp;
  /** Of the down part, where the switch belongs to one part only. */
  readonly noTransactionDown?: RegExp;
  readonly block?: { readonly begin: RegExp; readonly end: RegExp };
  /** Whether the up part begins with the file, not with a marker. */
  readonly startsUp: boolean;
  /** Whether each up marker begins a part that is run, and recorded, by itself. */
  readonly several?: boolean;
}

const NEVER = /(?!)/;

const STYLES: readonly Style[] = [
  {
    framework: 'goose',
    up: /^\s*--\s*\+goose\s+up\b/i,
    down: /^\s*--\s*\+goose\s+down\b/i,
    noTransaction: /^\s*--\s*\+goose\s+no\s+transaction\b/i,
    block: { begin: /^\s*--\s*\+goose\s+statementbegin\b/i, end: /^\s*--\s*\+goose\s+statementend\b/i },
    startsUp: false,
  },
  {
    framework: 'sql-migrate',
    up: /^--\s*\+migrate\s+up\b/i,
    down: /^--\s*\+migrate\s+down\b/i,
    noTransaction: /^--\s*\+migrate\s+up\s+(?:.*\s)?notransaction\b/i,
    noTransactionDown: /^--\s*\+migrate\s+down\s+(?:.*\s)?notransaction\b/i,
    block: { begin: /^--\s*\+migrate\s+statementbegin\b/i, end: /^--\s*\+migrate\s+statementend\b/i },
    startsUp: false,
  },
  {
    framework: 'dbmate',
    up: /^--\s*migrate:up\b/i,
    down: /^--\s*migrate:down\b/i,
    noTransaction: /^--\s*migrate:up\b.*\stransaction:false\b/i,
    noTransactionDown: /^--\s*migrate:down\b.*\stransaction:false\b/i,
    startsUp: false,
    several: true,
  },
  { framework: 'node-pg-migrate', up: /^\s*--[\s-]*up\s+migration\b/i, down: /^\s*--[\s-]*down\s+migration\b/i, noTransaction: NEVER, startsUp: true },
  { framework: 'tern', up: NEVER, down: /^-{4}\s*create above\s*\/\s*drop below\s*-{4}/i, noTransaction: /^---- tern: disable-tx ----\s*$/, startsUp: true },
  // Markers of tools that are not known by name: a line that says nothing but "up" or "down".
  {
    framework: 'sql',
    up: /^\s*(?:--|#)[\s#*=-]*[@!+[]?\s*(?:(?:micrate|rambler|migrate|migration|evolutions?)\s*[:\s]\s*)?ups?(?::[\w-]+)?\]?[\s:=*-]*$/i,
    down: /^\s*(?:--|#)[\s#*=-]*[@!+[]?\s*(?:(?:micrate|rambler|migrate|migration|evolutions?)\s*[:\s]\s*)?downs?(?::[\w-]+)?\]?[\s:=*-]*$/i,
    noTransaction: /^\s*--[\s-]*(?:migrat\w+\s*:\s*)?(?:up\s*:\s*)?(?:disable|no)[-_ ]?transaction\b/i,
    startsUp: true,
  },
];

interface Marker {
  readonly line: number;
  readonly text: string;
}

/** Markers are comments that fill their line. */
function commentLines(lines: readonly string[]): Marker[] {
  const found: Marker[] = [];
  lines.forEach((text, index) => {
    if (text.length < 300 && /^[ \t]*(?:--|#)/.test(text)) found.push({ line: index + 1, text });
  });
  return found;
}

interface Open {
  readonly up: LineRange[];
  readonly down: LineRange[];
  hasDown: boolean;
  off: { up: boolean; down: boolean };
}

function opened(): Open {
  return { up: [], down: [], hasDown: false, off: { up: false, down: false } };
}

function blocksOf(markers: readonly Marker[], style: Style): LineRange[] {
  const { block } = style;
  if (block === undefined) return [];
  const found: LineRange[] = [];
  let begin: number | null = null;
  for (const { line, text } of markers) {
    if (block.begin.test(text)) begin = line;
    else if (block.end.test(text) && begin !== null) {
      found.push([begin, line]);
      begin = null;
    }
  }
  return found;
}

function walk(markers: readonly Marker[], lineCount: number, style: Style): Section[] {
  const parts: Open[] = [opened()];
  let part = parts[0] ?? opened();
  let current: { readonly into: LineRange[]; readonly start: number } | null = style.startsUp ? { into: part.up, start: 1 } : null;
  const close = (end: number): void => {
    if (current !== null && end >= current.start) current.into.push([current.start, end]);
  };
  for (const { line, text } of markers) {
    const isUp = style.up.test(text);
    if (!isUp && !style.down.test(text)) continue;
    close(line - 1);
    if (isUp && style.several === true && (part.up.length > 0 || part.hasDown)) parts.push((part = opened()));
    part.off.up ||= isUp && style.noTransaction.test(text);
    part.off.down ||= !isUp && (style.noTransactionDown ?? NEVER).test(text);
    part.hasDown ||= !isUp;
    // The marker itself stays out: in some tools it is no SQL comment.
    current = { into: isUp ? part.up : part.down, start: line + 1 };
  }
  close(lineCount);
  const whole = style.noTransactionDown === undefined && markers.some(({ text }) => style.noTransaction.test(text));
  const blocks = blocksOf(markers, style);
  return parts.map(({ up, down, hasDown, off }) => ({ framework: style.framework, up, down: hasDown ? down : null, noTransaction: whole ? { up: true, down: true } : off, blocks }));
}

/**
 * The parts of a file with markers for up and down: more than one only where the framework runs each by itself (dbmate); null
 * when it has no markers.
 */
export function readSections(text: string): readonly Section[] | null {
  if (!text.includes('--') && !text.includes('#')) return null;
  const lines = text.split('\n');
  const markers = commentLines(lines);
  const style = STYLES.find((each) => markers.some((marker) => (each.framework !== 'sql' && each.up.test(marker.text)) || (each.startsUp && each.down.test(marker.text))));
  return style === undefined ? null : walk(markers, lines.length, style);
}

/** The text with everything outside some line ranges blanked, so that lines and columns stay right. */
export function keepRanges(text: string, ranges: readonly LineRange[]): string {
  const sorted = [...ranges].sort((one, other) => one[0] - other[0]);
  let at = 0;
  return text
    .split('\n')
    .map((line, index) => {
      while (at < sorted.length && (sorted[at]?.[1] ?? 0) < index + 1) at += 1;
      return (sorted[at]?.[0] ?? Number.POSITIVE_INFINITY) <= index + 1 ? line : '';
    })
    .join('\n');
}

const IRREVERSIBLE = /irreversible|(?:cannot|can't|can not) be (?:undone|reversed|reverted|rolled back)|no (?:way|going) back|one[- ]way|not reversible|non[- ]reversible/i;

/** Whether a down part without statements says in a comment that there is no way back. */
export function saysIrreversible(text: string): boolean {
  return text.length < 10_000 && IRREVERSIBLE.test(text);
}
