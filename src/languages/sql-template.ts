/** What may be said of a placeholder by where it stands. `unknown`: it may stand for anything. */
export type PlaceholderRole = 'identifier' | 'value' | 'unknown';

/** A placeholder's surroundings in its statement. */
export interface PlaceholderPlace {
  /** The placeholder as written: `${schema}`, `:'name'`. */
  readonly text: string;
  /** The first words of the statement, lower-cased. */
  readonly words: readonly string[];
  /** The token before it in the statement, lower-cased; empty at the statement's start. */
  readonly before: string;
}

const NAMING = new Set(
  'table only into from join update index schema to by user role exists database references sequence view constraint column concurrently owner trigger policy extension domain function procedure truncate lock'.split(' '),
);
const DATA = new Set('insert update delete select with merge values call execute'.split(' '));
const BEFORE_VALUE = new Set('= < > <= >= <> != + - * / || ( , like ilike between in values limit offset then else select returning'.split(' '));
const COMPARING = new Set('= < > <= >= <> !='.split(' '));
const LISTING = new Set('drop truncate lock grant revoke'.split(' '));

function isIndex(words: readonly string[]): boolean {
  return words[0] === 'create' && (words[1] === 'index' || (words[1] === 'unique' && words[2] === 'index'));
}

/** What a placeholder that is neither quoted, nor glued to a name, nor followed by a dot may be taken for. */
export function placeholderRole({ text, words, before }: PlaceholderPlace): PlaceholderRole {
  if (text.startsWith(":'")) return 'value';
  if (text.startsWith(':"') || before === '.') return 'identifier';
  const inData = DATA.has(words[0] ?? '');
  if (words[0] === 'set') return before === '=' || before === 'to' ? 'value' : before === 'role' || before === 'authorization' ? 'identifier' : 'unknown';
  if (before === 'on' || before === 'exists') return inData ? 'unknown' : 'identifier';
  if (NAMING.has(before)) return 'identifier';
  if (before === 'type') return words.length <= 2 ? 'identifier' : 'unknown';
  if (inData && BEFORE_VALUE.has(before)) return 'value';
  if (COMPARING.has(before)) return 'value';
  if ((before === ',' && LISTING.has(words[0] ?? '')) || ((before === ',' || before === '(') && isIndex(words))) return 'identifier';
  return 'unknown';
}

/** A name for what a placeholder stands for: the same one however it is spaced: `{{ .prefix }}` and `{{.prefix}}` are `prefix`. */
export function placeholderName(text: string): string {
  const name = text
    .replace(/["']/g, '')
    .replace(/[^\p{L}\p{N}_]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  return /^[\p{L}_]/u.test(name) ? name : `_${name}`;
}

/** Text of exactly some length that the grammar takes for a name: spaces and the name; cut off where there is no room. */
export function padName(name: string, length: number): string {
  return name.slice(0, length).padStart(length, ' ');
}

/** A text literal of exactly some length; null where there is no room for one. */
export function literalOf(length: number, content: string): string | null {
  if (length < 2) return null;
  return `'${content.slice(0, length - 2)}'`.padStart(length, ' ');
}
