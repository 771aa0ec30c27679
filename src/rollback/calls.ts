import { splitActions } from './edits-of-text.js';

/** One call in a migration written as a program, the same for every language. */
export interface Call {
  /** In lower case and without `_`: `removecolumn` for `remove_column` and `removeColumn`. */
  readonly name: string;
  /** What it is called on, as written before the dot or arrow: `table`, `op`, `t`; empty where there is none. */
  readonly on: string;
  /** Literals in their order; a list of literals is one argument with several; null for what is no literal. */
  readonly positional: readonly (readonly string[] | null)[];
  /** Keyword arguments and keys of object literals, names in lower case without `_`; values as written. */
  readonly named: ReadonlyMap<string, string>;
  /** The arguments, as written. */
  readonly text: string;
  /** What is chained behind it, up to the statement's end: `->nullable()->change()`. */
  readonly chain: string;
  /** Where it stands. */
  readonly at: number;
}

/** Longest program, longest argument list and most calls that are looked at. */
const TEXT_LIMIT = 200_000;
const ARGUMENTS_LIMIT = 6000;
const CALLS = 3000;

/** A name with its argument list; in Ruby and Elixir the list may go without parentheses. */
const HEAD = /(?:([\w$@)\]"'`]+?)\s*(?:\.|->|::|\?\.)\s*)?([A-Za-z_]\w*[!?]?)(?:<[\w.<>,?[\] ]{1,80}>)?(\s*\(|[ \t]+(?=[:'"[{]|table\(|~s))/g;
const KEYWORDS = new Set(['def', 'do', 'if', 'else', 'end', 'return', 'function', 'class', 'new', 'await', 'async', 'const', 'let', 'var', 'import', 'from', 'for', 'while', 'unless', 'raise', 'throw', 'use', 'require']);

/** Every call, in the order of the text. `bare` takes calls without parentheses for calls. Bounded. */
export function callsIn(source: string, bare: boolean): readonly Call[] {
  const text = source.slice(0, TEXT_LIMIT);
  const calls: Call[] = [];
  for (const match of text.matchAll(HEAD)) {
    const [whole, on = '', name = '', open = ''] = match;
    if (KEYWORDS.has(name) || (!open.endsWith('(') && !bare)) continue;
    const start = match.index + whole.length;
    const end = open.endsWith('(') ? closing(text, start) : lineEnd(text, start);
    const inner = text.slice(start, end);
    calls.push({ name: simple(name), on, ...argumentsOf(inner), text: inner, chain: chainBehind(text, open.endsWith('(') ? end + 1 : end), at: match.index });
    if (calls.length >= CALLS) break;
  }
  return calls;
}

/** A name as it is compared. */
export function simple(name: string): string {
  return name.replace(/[_!?]/g, '').toLowerCase();
}

/** The place of the parenthesis that closes the list beginning at `from`; quotes are skipped. */
function closing(text: string, from: number): number {
  let depth = 1;
  let quote = '';
  const limit = Math.min(text.length, from + ARGUMENTS_LIMIT);
  for (let at = from; at < limit; at += 1) {
    const sign = text[at] ?? '';
    if (quote !== '') {
      if (sign === '\\') at += 1;
      else if (sign === quote) quote = '';
    } else if (sign === '"' || sign === "'" || sign === '`') quote = sign;
    else if (sign === '(') depth += 1;
    else if (sign === ')' && (depth -= 1) === 0) return at;
  }
  return limit;
}

/** The end of a call without parentheses: of its line, or of the lines that a comma or a list leads to. */
function lineEnd(text: string, from: number): number {
  let at = from;
  for (let lines = 0; lines < 30; lines += 1) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    if (!/[,[{(]\s*$/.test(text.slice(at, end)) && !/^\s*[\])}]/.test(text.slice(end + 1, end + 80))) return end;
    at = end + 1;
  }
  return at;
}

function chainBehind(text: string, from: number): string {
  const rest = text.slice(from, from + 400);
  const end = rest.search(/;|\n(?!\s*(?:->|\.))/);
  return end < 0 ? rest : rest.slice(0, end);
}

function argumentsOf(text: string): Pick<Call, 'positional' | 'named'> {
  const positional: (readonly string[] | null)[] = [];
  const named = new Map<string, string>();
  for (const part of splitActions(text.replace(/\bdo\s*\|[^|]*\|[\s\S]*$/, '')).slice(0, 60)) {
    const keyword = keywordOf(part);
    if (keyword !== null) named.set(...keyword);
    else if (part.startsWith('{')) for (const inner of splitActions(part.replace(/^\{|\}$/g, ''))) addKeyword(named, inner);
    else positional.push(literalsOf(part));
  }
  return { positional, named };
}

function addKeyword(named: Map<string, string>, part: string): void {
  const keyword = keywordOf(part);
  if (keyword !== null) named.set(...keyword);
}

/** `name: value`, `name=value`, `:name => value`, `'name' => value`. */
function keywordOf(part: string): [string, string] | null {
  const match = /^(?::?([A-Za-z_]\w*)|['"]([\w-]+)['"])\s*(?::(?!:)|=>|=(?![=>]))\s*([\s\S]*)$/.exec(part);
  if (match === null) return null;
  return [simple(match[1] ?? match[2] ?? ''), (match[3] ?? '').trim()];
}

/** The literals of one argument: `:users`, `'users'`, `table(:users)`, `['a', 'b']`; null for anything else. */
export function literalsOf(part: string): readonly string[] | null {
  const text = part.trim().replace(/^(?:table|sa\.text|text|raw|knex\.raw|db\.raw|r|f|N|@)\(?(?=[:'"`@])/, '');
  const one = /^(?::([A-Za-z_]\w*)|"{3}([\s\S]*?)"{3}|'{3}([\s\S]*?)'{3}|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`)\)?/.exec(text);
  if (one !== null) return [one.slice(1).find((group) => group !== undefined) ?? ''];
  const list = /^(?:\[|%w\[|array\()([\s\S]*?)[\])]$/.exec(text)?.[1];
  if (list === undefined) return null;
  if (text.startsWith('%w')) return list.split(/\s+/).filter((word) => word !== '');
  const values = splitActions(list).flatMap((each) => literalsOf(each) ?? []);
  return values.length === 0 ? null : values;
}

/** A keyword's value as a literal; null where it is none or not given. */
export function literalOf(call: Call, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = call.named.get(name);
    const literal = value === undefined ? undefined : literalsOf(value)?.[0];
    if (literal !== undefined) return literal;
  }
  return null;
}

/** The first literal of a positional argument; null where it is none. */
export function argument(call: Call, index: number): string | null {
  return call.positional[index]?.[0] ?? null;
}
