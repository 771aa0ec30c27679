import { joinTexts, textFor, type LocatedText } from '../../../languages/located-text.js';

/** What is known of a value before the routine runs. */
export type Value =
  | { readonly kind: 'text'; readonly text: LocatedText; /** What a stand-in in the text stands for. */ readonly standsFor?: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Value>; /** Why a field that is not listed is unknown. */ readonly because: string }
  | { readonly kind: 'null' }
  /** Known only at run time. `numeric`: whatever it is, it is a number. */
  | { readonly kind: 'unknown'; readonly because: string; readonly numeric?: boolean };

export const NULL_VALUE: Value = { kind: 'null' };

export function unknown(because: string, numeric = false): Value {
  return numeric ? { kind: 'unknown', because, numeric } : { kind: 'unknown', because };
}

/** Longer texts are not put together, nor longer lists. */
const MAXIMUM_TEXT = 100_000;
const MAXIMUM_ITEMS = 1000;

// Characters of the private use area stand for what may not matter: the schema that names go to anyway, some number, and
// around a name made up for something unknown.
export const CURRENT_SCHEMA = '\uE000';
export const SOME_NUMBER = '\uE001';
export const NAME_STARTS = '\uE002';
export const NAME_ENDS = '\uE003';

/** A name for something unknown, after the variable that holds it. */
function madeUpName(because: string): string {
  const word = /`([^`]+)`/.exec(because)?.[1] ?? 'unknown';
  return `${NAME_STARTS}${word.replace(/\W+/g, '_').toLowerCase().slice(0, 40)}${NAME_ENDS}`;
}

function standIn(mark: string, standsFor: string, place: number): Value {
  return { kind: 'text', text: textFor(mark, place), standsFor };
}

export function currentSchema(place: number): Value {
  return standIn(CURRENT_SCHEMA, '`current_schema()`', place);
}

/** A value as text where it takes part in one: what is not known leaves a stand-in. */
export function asText(value: Value, place: number): Value {
  if (value.kind !== 'unknown') return value;
  return standIn(value.numeric === true ? SOME_NUMBER : madeUpName(value.because), value.because, place);
}

export function text(located: LocatedText, standsFor?: string): Value {
  if (located.text.length > MAXIMUM_TEXT) return unknown('a text that grows too long');
  return standsFor === undefined ? { kind: 'text', text: located } : { kind: 'text', text: located, standsFor };
}

export function list(items: readonly Value[]): Value {
  return items.length > MAXIMUM_ITEMS ? unknown('a list that grows too long') : { kind: 'list', items };
}

/** Texts one after the other, with stand-ins for what is unknown; NULL when one is. */
export function concatenate(values: readonly Value[], place: number): Value {
  const pieces: LocatedText[] = [];
  let standsFor: string | undefined;
  for (const each of values.map((value) => asText(value, place))) {
    if (each.kind === 'unknown' || each.kind === 'null') return each;
    if (each.kind !== 'text') return unknown('a list or a row as text');
    standsFor ??= each.standsFor;
    pieces.push(each.text);
  }
  return text(joinTexts(pieces), standsFor);
}

/** One of two values, depending on what happens at run time. */
export function either(one: Value, other: Value, because: string): Value {
  if (one === other) return one;
  if (one.kind === 'text' && other.kind === 'text' && one.text.text === other.text.text) return one;
  if (one.kind === 'null' && other.kind === 'null') return one;
  return unknown(because, isNumeric(one) && isNumeric(other));
}

function isNumeric(value: Value): boolean {
  return value.kind === 'unknown' ? value.numeric === true : value.kind === 'text' && /^-?\d+$/.test(value.text.text);
}
