import { partsOf, walkExpression } from './expression.js';
import type { Expression } from './expression.js';

/** More events than this in one function are not looked at: nothing a person wrote by hand has them. */
export const MOST_EVENTS = 1_000;

/** A value with more parts than this is only known by what it depends on: `s = s + s` would double without end. */
const LARGEST_VALUE = 300;

export const UNKNOWN: Expression = { kind: 'opaque', text: '', uses: [] };

/** A value as a variable keeps it: never larger than can be walked often. */
export function bounded(value: Expression): Expression {
  let parts = 0;
  const uses: Expression[] = [];
  for (const part of walkExpression(value)) {
    parts += 1;
    if ((part.kind === 'field' || part.kind === 'result' || part.kind === 'parameter') && uses.length < 20) uses.push(part);
    if (parts > LARGEST_VALUE) return { kind: 'opaque', text: '', uses: uses.filter((one) => partsOf(one).length === 0 || one.kind === 'field').slice(0, 10) };
  }
  return value;
}

/** A value that may be one of two. Bounded: one that may be one of many is not followed for ever. */
export function either(one: Expression, other: Expression): Expression {
  const all = [...(one.kind === 'either' ? one.of : [one]), ...(other.kind === 'either' ? other.of : [other])];
  return bounded({ kind: 'either', of: [...new Set(all)].slice(0, 6) });
}

/** What a function yields: one of the values it returns. */
export function yielded(returns: readonly Expression[]): Expression {
  const [only] = returns;
  if (only === undefined) return UNKNOWN;
  return returns.length === 1 ? only : { kind: 'either', of: returns.slice(0, 6) };
}
