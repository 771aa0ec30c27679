import type { Framework } from '../migration.js';

/** The up and down part of a file that holds both: 1-based lines, both ends inclusive. */
export interface Sections {
  readonly framework: Framework;
  readonly up: readonly (readonly [number, number])[];
  /** null: the file has no down part. */
  readonly down: readonly (readonly [number, number])[] | null;
  /** Whether the file says that it runs outside a transaction. */
  readonly noTransaction: boolean;
}

interface Style {
  readonly framework: Framework;
  readonly up: RegExp;
  readonly down: RegExp;
  readonly noTransaction: RegExp;
  /** Whether the up part begins with the file, not with a marker. */
  readonly startsUp: boolean;
}

const NEVER = /(?!)/;

const STYLES: readonly Style[] = [
  { framework: 'goose', up: /^\s*--\s*\+goose\s+up\b/i, down: /^\s*--\s*\+goose\s+down\b/i, noTransaction: /^\s*--\s*\+goose\s+no\s+transaction\b/i, startsUp: false },
  { framework: 'sql-migrate', up: /^\s*--\s*\+migrate\s+up\b/i, down: /^\s*--\s*\+migrate\s+down\b/i, noTransaction: /^\s*--\s*\+migrate\s+up\s+notransaction\b/i, startsUp: false },
  { framework: 'dbmate', up: /^\s*--\s*migrate:up\b/i, down: /^\s*--\s*migrate:down\b/i, noTransaction: /^\s*--\s*migrate:up\b.*\btransaction:\s*false\b/i, startsUp: false },
  { framework: 'node-pg-migrate', up: /^\s*--\s*up\s+migration\b/i, down: /^\s*--\s*down\s+migration\b/i, noTransaction: NEVER, startsUp: false },
  { framework: 'tern', up: NEVER, down: /^-{4}\s*create above\s*\/\s*drop below\s*-{4}/i, noTransaction: /^\s*----\s*tern:\s*disable-tx\s*----/i, startsUp: true },
];

function walk(lines: readonly string[], style: Style): Sections {
  const up: [number, number][] = [];
  const down: [number, number][] = [];
  let hasDown = false;
  let current: { readonly into: [number, number][]; readonly start: number } | null = style.startsUp ? { into: up, start: 1 } : null;
  const close = (end: number): void => {
    if (current !== null && end >= current.start) current.into.push([current.start, end]);
  };
  lines.forEach((line, index) => {
    const number = index + 1;
    const starts = style.up.test(line) ? up : style.down.test(line) ? down : null;
    if (starts === null) return;
    close(number - 1);
    hasDown ||= starts === down;
    current = { into: starts, start: number };
  });
  close(lines.length);
  return { framework: style.framework, up, down: hasDown ? down : null, noTransaction: lines.some((line) => style.noTransaction.test(line)) };
}

/** The parts of a file with markers for up and down; null when it has none. */
export function readSections(text: string): Sections | null {
  const lines = text.split('\n');
  const style = STYLES.find((each) => lines.some((line) => each.up.test(line) || (each.startsUp && each.down.test(line))));
  return style === undefined ? null : walk(lines, style);
}

/** The text with everything outside some line ranges blanked, so that positions stay right. */
export function keepRanges(text: string, ranges: readonly (readonly [number, number])[]): string {
  return text
    .split('\n')
    .map((line, index) => (ranges.some(([start, end]) => index + 1 >= start && index + 1 <= end) ? line : ''))
    .join('\n');
}
