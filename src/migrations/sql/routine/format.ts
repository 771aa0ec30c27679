import { placeOf, sliceText, textFor, type LocatedText } from '../../../languages/located-text.js';
import { quoteLiteral, quoteName } from '../../quote.js';
import { asText, concatenate, NAME_ENDS, NAME_STARTS, text, unknown, type Value } from './value.js';

const MARKS = new RegExp(`[${NAME_STARTS}${NAME_ENDS}]`, 'g');

/** A text as the server's quote_ident() gives it. */
export function quotedName(value: Value, place: number): Value {
  const known = asText(value, place);
  if (known.kind !== 'text') return known.kind === 'null' ? unknown('a name that is NULL') : known;
  // The marks of a stand-in are no reason for quotes.
  const plain = known.text.text.replace(MARKS, '');
  return text(textFor(quoteName(plain) === plain ? known.text.text : quoteName(known.text.text), place), known.standsFor);
}

/** A text as a literal. What the literal says does not matter to what a statement does: an unknown one stands for any. */
export function quotedLiteral(value: Value, place: number): Value {
  if (value.kind === 'null') return text(textFor('NULL', place));
  return text(textFor(value.kind === 'text' && value.standsFor === undefined ? quoteLiteral(value.text.text) : "'?'", place));
}

const DIRECTIVE = /%(?:(\d+)\$)?(-)?(\d+)?([sIL%])/g;

function directive(kind: string, value: Value | undefined, place: number): Value {
  if (kind === '%') return text(textFor('%', place));
  if (value === undefined) return unknown('too few arguments of format()');
  if (kind === 'I') return quotedName(value, place);
  if (kind === 'L') return quotedLiteral(value, place);
  const known = asText(value, place);
  if (known.kind === 'null') return text(textFor('', place));
  return known.kind === 'text' ? text(textFor(known.text.text, place), known.standsFor) : known;
}

/** The server's format(): `%s`, `%I`, `%L`, `%%`, with positions; widths are left out, since white space changes no statement. */
export function formatText(pattern: LocatedText, values: readonly Value[]): Value {
  const pieces: Value[] = [];
  let copied = 0;
  let next = 0;
  for (const match of pattern.text.matchAll(DIRECTIVE)) {
    const [whole, position, , , kind] = match;
    pieces.push(text(sliceText(pattern, copied, match.index)));
    if (kind !== '%') next = position === undefined ? next + 1 : Number(position);
    pieces.push(directive(kind ?? '', values[next - 1], placeOf(pattern, match.index)));
    copied = match.index + whole.length;
  }
  pieces.push(text(sliceText(pattern, copied, pattern.text.length)));
  return concatenate(pieces, placeOf(pattern, 0));
}
