import type { TypeName } from '../definition.js';

/** How a conversion goes wrong on values that do not fit: the statement fails, or digits and characters are lost without a word. */
export interface Narrowing {
  readonly outcome: 'fails' | 'loses';
  /** What does not fit, as the end of "fails on the first value …" or the object of "loses …". */
  readonly what: string;
}

/** Decimal digits that always fit. */
const INTEGER_DIGITS: Readonly<Record<string, number>> = { int2: 5, int4: 10, int8: 19 };
const INTEGERS = ['int2', 'int4', 'int8'];
const RANGES: Readonly<Record<string, string>> = { int2: '32,767', int4: '2,147,483,647', int8: '9,223,372,036,854,775,807' };
const FLOATS = ['float4', 'float8'];
const TEXTS = ['text', 'varchar', 'bpchar', 'citext'];
const TIMES = ['timestamp', 'timestamptz', 'time', 'timetz', 'interval'];

/**
 * What a change from one built-in type to another can do to values that do not fit; null when every value fits, or nothing
 * is known of the pair. `cast`: USING casts explicitly, and then too long text is cut off instead of refused.
 */
export function narrowing(from: TypeName, to: TypeName, cast: boolean): Narrowing | null {
  if (from.schema !== null || to.schema !== null || from.array !== to.array) return null;
  if (to.name === 'numeric') return toNumeric(from, to);
  if (INTEGERS.includes(to.name)) return toInteger(from, to);
  if (FLOATS.includes(to.name)) return toFloat(from, to);
  if (TEXTS.includes(from.name) && (to.name === 'varchar' || to.name === 'bpchar')) return toText(from, to, cast);
  if (/^(?:var)?bit$/.test(from.name) && /^(?:var)?bit$/.test(to.name)) return toBits(from, to, cast);
  if (from.name.startsWith('timestamp') && to.name === 'date') return { outcome: 'loses', what: 'the time of day' };
  if (from.name.startsWith('timestamp') && to.name.startsWith('time') && !to.name.startsWith('timestamp')) return { outcome: 'loses', what: 'the date' };
  return TIMES.includes(from.name) && TIMES.includes(to.name) ? toTime(from, to) : null;
}

function toNumeric(from: TypeName, to: TypeName): Narrowing | null {
  const [precision, scale = 0] = to.modifiers;
  if (precision === undefined) return null;
  const digits = precision - scale;
  const limit: Narrowing = { outcome: 'fails', what: `with more than ${String(digits)} digits before the point` };
  if (INTEGERS.includes(from.name)) return digits < (INTEGER_DIGITS[from.name] ?? 0) ? limit : null;
  if (FLOATS.includes(from.name)) return limit;
  if (from.name !== 'numeric') return null;
  const [before, places = 0] = from.modifiers;
  if (before === undefined || before - places > digits) return limit;
  return scale < places ? { outcome: 'loses', what: `digits behind the ${scale === 0 ? 'point' : `${ordinal(scale)} decimal place`}` } : null;
}

function ordinal(number: number): string {
  const ending = ['th', 'st', 'nd', 'rd'][number % 10] ?? 'th';
  return `${String(number)}${number > 10 && number < 14 ? 'th' : ending}`;
}

function toInteger(from: TypeName, to: TypeName): Narrowing | null {
  const beyond: Narrowing = { outcome: 'fails', what: `beyond ${RANGES[to.name] ?? ''}` };
  if (INTEGERS.includes(from.name)) return INTEGERS.indexOf(from.name) > INTEGERS.indexOf(to.name) ? beyond : null;
  const [precision, scale = 0] = from.modifiers;
  if (FLOATS.includes(from.name) || (from.name === 'numeric' && (precision === undefined || scale > 0))) return { outcome: 'loses', what: 'everything behind the point' };
  return from.name === 'numeric' && (precision ?? 0) >= (INTEGER_DIGITS[to.name] ?? 0) ? beyond : null;
}

function toFloat(from: TypeName, to: TypeName): Narrowing | null {
  const digits = to.name === 'float4' ? 6 : 15;
  const exact = from.name === 'int2' || (from.name === 'int4' && to.name === 'float8');
  const small = from.name === 'numeric' && from.modifiers[0] !== undefined && from.modifiers[0] <= digits;
  const loses = from.name === 'numeric' ? !small : INTEGERS.includes(from.name) ? !exact : from.name === 'float8' && to.name === 'float4';
  return loses ? { outcome: 'loses', what: `digits behind the ${ordinal(digits)}` } : null;
}

function toText(from: TypeName, to: TypeName, cast: boolean): Narrowing | null {
  const length = to.name === 'bpchar' ? (to.modifiers[0] ?? 1) : to.modifiers[0];
  const [before] = from.name === 'bpchar' ? [from.modifiers[0] ?? 1] : from.modifiers;
  if (length === undefined || (before !== undefined && before <= length)) return null;
  return cast ? { outcome: 'loses', what: `everything behind the ${ordinal(length)} character` } : { outcome: 'fails', what: `longer than ${String(length)} characters` };
}

function toBits(from: TypeName, to: TypeName, cast: boolean): Narrowing | null {
  const length = to.name === 'bit' ? (to.modifiers[0] ?? 1) : to.modifiers[0];
  const [before] = from.name === 'bit' ? [from.modifiers[0] ?? 1] : from.modifiers;
  if (length === undefined || (before !== undefined && before <= length && (to.name === 'varbit' || before === length))) return null;
  return cast ? { outcome: 'loses', what: `the bits behind the ${ordinal(length)}` } : { outcome: 'fails', what: `that has not ${to.name === 'bit' ? 'exactly' : 'at most'} ${String(length)} bits` };
}

/** Without a precision they have six digits, the most there are. */
function toTime(from: TypeName, to: TypeName): Narrowing | null {
  const digits = to.modifiers[0] ?? 6;
  if (from.name === 'interval' || to.name === 'interval') {
    if (from.name !== to.name) return null;
  }
  return digits < (from.modifiers[0] ?? 6) ? { outcome: 'loses', what: digits === 0 ? 'fractions of a second' : `fractions of a second behind the ${ordinal(digits)} digit` } : null;
}
