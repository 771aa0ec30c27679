import { placeOf, textFor } from '../../../languages/located-text.js';
import { formatText, quotedLiteral, quotedName } from './format.js';
import { concatenate, currentSchema, list, NULL_VALUE, text, unknown, type Value } from './value.js';

type Call = (values: readonly Value[], place: number) => Value;

const NOTHING = unknown('a missing argument');

function at(values: readonly Value[], index: number): Value {
  return values[index] ?? NOTHING;
}

/** A function of texts that are all known. */
function ofTexts(change: (...texts: readonly string[]) => string): Call {
  return (values, place) => {
    const texts: string[] = [];
    for (const value of values) {
      if (value.kind !== 'text') return value.kind === 'list' || value.kind === 'record' ? NOTHING : value;
      if (value.standsFor !== undefined) return unknown(value.standsFor);
      texts.push(value.text.text);
    }
    return text(textFor(change(...texts), place));
  };
}

function number(value: number, place: number): Value {
  return text(textFor(String(value), place));
}

function length(values: readonly Value[], place: number): Value {
  const [array] = values;
  if (array?.kind === 'list') return array.items.length === 0 ? NULL_VALUE : number(array.items.length, place);
  return unknown(array?.kind === 'unknown' ? array.because : 'the length of a list', true);
}

/** `{a,"b c",NULL}` as a list. Nested ones are not read. */
export function readArrayLiteral(literal: string, place: number): Value {
  const inside = /^\s*\{([^{}]*)\}\s*$/s.exec(literal)?.[1];
  if (inside === undefined) return unknown('a list that is not written plainly');
  if (inside.trim() === '') return list([]);
  const items = inside.match(/"(?:[^"\\]|\\.)*"|[^,]+/gs) ?? [];
  return list(
    items.map((item) => {
      const plain = item.trim();
      if (/^null$/i.test(plain)) return NULL_VALUE;
      return text(textFor(plain.startsWith('"') ? plain.slice(1, -1).replace(/\\(.)/gs, '$1') : plain, place));
    }),
  );
}

/** A value of an array type: a list, also where it is written as a text. */
export function asList(value: Value): Value {
  return value.kind === 'text' && value.standsFor === undefined ? readArrayLiteral(value.text.text, placeOf(value.text, 0)) : value;
}

function split(values: readonly Value[], place: number): Value {
  const [whole, separator] = values;
  if (whole?.kind !== 'text' || separator?.kind !== 'text' || separator.text.text === '') return unknown('a list made from a text');
  return list(whole.text.text.split(separator.text.text).map((each) => text(textFor(each, place))));
}

/** concat() leaves NULL out. */
function concat(values: readonly Value[], place: number): Value {
  return concatenate(values.filter((value) => value.kind !== 'null'), place);
}

function concatWith(values: readonly Value[], place: number): Value {
  const parts = values.slice(1).filter((value) => value.kind !== 'null');
  return concatenate(parts.flatMap((part, index) => (index === 0 ? [part] : [at(values, 0), part])), place);
}

function format(values: readonly Value[]): Value {
  const pattern = at(values, 0);
  if (pattern.kind !== 'text') return pattern;
  if (pattern.standsFor !== undefined) return unknown(pattern.standsFor);
  return formatText(pattern.text, values.slice(1));
}

/** What stands for itself wherever a statement may name it: it is no relation. */
function itself(name: string): Call {
  return (_, place) => text(textFor(name, place));
}

/** Functions whose result can be told before anything runs. */
export const KNOWN_FUNCTIONS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['format', format],
  ['concat', concat],
  ['concat_ws', concatWith],
  ['quote_ident', (values, place) => quotedName(at(values, 0), place)],
  ['quote_literal', (values, place) => quotedLiteral(at(values, 0), place)],
  ['quote_nullable', (values, place) => quotedLiteral(at(values, 0), place)],
  ['lower', ofTexts((one = '') => one.toLowerCase())],
  ['upper', ofTexts((one = '') => one.toUpperCase())],
  ['btrim', ofTexts((one = '') => one.trim())],
  ['ltrim', ofTexts((one = '') => one.trimStart())],
  ['rtrim', ofTexts((one = '') => one.trimEnd())],
  ['replace', ofTexts((one = '', from = '', to = '') => (from === '' ? one : one.replaceAll(from, to)))],
  ['chr', ofTexts((code = '') => String.fromCodePoint(Math.min(Number(code) || 32, 0x10ffff)))],
  ['array_length', length],
  ['array_upper', length],
  ['cardinality', length],
  ['array_lower', (_, place) => number(1, place)],
  ['string_to_array', split],
  ['regclass', (values) => at(values, 0)],
  ['to_regclass', () => unknown('whether a relation exists')],
  ['current_schema', (_, place) => currentSchema(place)],
  ['current_database', itself('current_database')],
  ['current_catalog', itself('current_database')],
  ['current_user', itself('current_user')],
  ['session_user', itself('session_user')],
  ['current_role', itself('current_user')],
  ['user', itself('current_user')],
]);
