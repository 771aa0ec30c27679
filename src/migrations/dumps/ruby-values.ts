/** A value in the small part of Ruby that schema.rb is written in. */
export type RubyValue = string | number | boolean | null | readonly RubyValue[] | { readonly [key: string]: RubyValue };

/** A method call with its arguments: positional ones, and the named ones together. */
export interface RubyArguments {
  readonly positional: readonly RubyValue[];
  readonly named: Readonly<Record<string, RubyValue>>;
}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', e: '\u001b', s: ' ' };

function skip(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1;
}

function readString(reader: Reader): string {
  const quote = reader.text[reader.at];
  let value = '';
  for (reader.at += 1; reader.at < reader.text.length; reader.at += 1) {
    const character = reader.text[reader.at] ?? '';
    if (character === quote) break;
    if (character !== '\\') value += character;
    else {
      reader.at += 1;
      const next = reader.text[reader.at] ?? '';
      value += quote === '"' ? (ESCAPES[next] ?? next) : next === "'" || next === '\\' ? next : `\\${next}`;
    }
  }
  reader.at += 1;
  return value;
}

function readList(reader: Reader): RubyValue[] {
  const items: RubyValue[] = [];
  for (reader.at += 1; reader.at < reader.text.length; ) {
    skip(reader);
    if (reader.text[reader.at] === ']') break;
    const before = reader.at;
    items.push(readValue(reader));
    skip(reader);
    if (reader.text[reader.at] === ',') reader.at += 1;
    if (reader.at === before) break;
  }
  reader.at += 1;
  return items;
}

const KEY = /(?:"([^"]*)"|([A-Za-z_]\w*)):(?!:)\s*|:?("?)([A-Za-z_]\w*)\3\s*=>\s*/y;

function readKey(reader: Reader): string | null {
  KEY.lastIndex = reader.at;
  const match = KEY.exec(reader.text);
  if (match === null) return null;
  reader.at = KEY.lastIndex;
  return match[1] ?? match[2] ?? match[4] ?? '';
}

function readHash(reader: Reader): Readonly<Record<string, RubyValue>> {
  const hash: Record<string, RubyValue> = {};
  for (reader.at += 1; reader.at < reader.text.length; ) {
    skip(reader);
    if (reader.text[reader.at] === '}') break;
    const key = readKey(reader);
    if (key === null) break;
    hash[key] = readValue(reader);
    skip(reader);
    if (reader.text[reader.at] === ',') reader.at += 1;
  }
  reader.at += 1;
  return hash;
}

/** `-> { "now()" }`: an expression of the database, kept apart from a text by its own key. */
function readLambda(reader: Reader): RubyValue {
  const open = reader.text.indexOf('{', reader.at);
  if (open === -1) return null;
  reader.at = open + 1;
  skip(reader);
  const value = readValue(reader);
  const close = reader.text.indexOf('}', reader.at);
  reader.at = close === -1 ? reader.text.length : close + 1;
  return { expression: value };
}

function readWord(reader: Reader): RubyValue {
  const word = /[:\w.+-]+/y;
  word.lastIndex = reader.at;
  const text = word.exec(reader.text)?.[0] ?? '';
  reader.at += Math.max(1, text.length);
  if (text.startsWith(':')) return text.slice(1);
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text.replaceAll('_', ''));
  return text === '' || text === 'nil' || Number.isNaN(number) ? (text === '' || text === 'nil' ? null : text) : number;
}

function readValue(reader: Reader): RubyValue {
  skip(reader);
  const next = reader.text[reader.at];
  if (reader.depth > 20) return null;
  reader.depth += 1;
  const value = next === '"' || next === "'" ? readString(reader) : next === '[' ? readList(reader) : next === '{' ? readHash(reader) : reader.text.startsWith('->', reader.at) ? readLambda(reader) : readWord(reader);
  reader.depth -= 1;
  return value;
}

/** The arguments of a call, from behind its name to the end of what is given: `"users", id: :uuid, force: :cascade do |t|`. */
export function readArguments(text: string): RubyArguments {
  const reader: Reader = { text, at: 0, depth: 0 };
  const positional: RubyValue[] = [];
  const named: Record<string, RubyValue> = {};
  for (;;) {
    skip(reader);
    if (reader.at >= text.length || /^(?:do\b|\||#)/.test(text.slice(reader.at, reader.at + 3))) break;
    const before = reader.at;
    const key = readKey(reader);
    if (key === null) positional.push(readValue(reader));
    else named[key] = readValue(reader);
    skip(reader);
    if (text[reader.at] !== ',' || reader.at === before) break;
    reader.at += 1;
  }
  return { positional, named };
}
