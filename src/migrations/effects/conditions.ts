import type { PartitionBound } from '../definition.js';

/** What a condition says of one column: the values it can have where the condition holds. */
export interface Condition {
  /** From here on, and up to there (`highIncluded`: with it); null where nothing is said. */
  readonly low: string | null;
  readonly high: string | null;
  readonly highIncluded: boolean;
  /** One of these; null where they are not listed. */
  readonly values: readonly string[] | null;
  readonly notNull: boolean;
}

const NOTHING: Condition = { low: null, high: null, highIncluded: true, values: null, notNull: false };

/** Words, quoted names (with their quotes), literals (with theirs), operators. Casts and the types before literals are left out. */
function tokens(text: string): string[] {
  const bare = text.replace(/::\s*[a-z_][\w ]*?(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])?(?=\s*(?:$|[),<>=]|\]|\band\b|\bor\b))/gi, '').replace(/\b(?:date|timestamptz|timestamp|time|interval)\s*(?=')/gi, '');
  return [...bare.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|-?\d+(?:\.\d+)?|[a-z_]\w*|<=|>=|<>|!=|[=<>(),.[\]]|\S/gi)].map(([token]) => (/^['"]/.test(token) ? token : token.toLowerCase()));
}

function literal(token: string | undefined): string | null {
  if (token === undefined) return null;
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  return /^-?\d/.test(token) ? token : null;
}

/** Without parentheses around all of it. */
function unwrapped(all: readonly string[]): readonly string[] {
  if (all[0] !== '(') return all;
  let depth = 0;
  for (const [at, token] of all.entries()) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (depth === 0) return at === all.length - 1 ? unwrapped(all.slice(1, -1)) : all;
  }
  return all;
}

/** The parts that AND joins at the top; none where OR does. */
function conjuncts(all: readonly string[]): (readonly string[])[] {
  const parts: string[][] = [[]];
  let depth = 0;
  let between = false;
  for (const token of unwrapped(all)) {
    if (token === '(' || token === '[') depth += 1;
    if (token === ')' || token === ']') depth -= 1;
    if (depth === 0 && token === 'or') return [];
    if (depth === 0 && token === 'between') between = true;
    if (depth === 0 && token === 'and' && !between) parts.push([]);
    else {
      if (depth === 0 && token === 'and') between = false;
      parts.at(-1)?.push(token);
    }
  }
  return parts.length === 1 ? [parts[0] ?? []] : parts.flatMap((part) => conjuncts(part));
}

function isColumn(token: string | undefined, column: string): boolean {
  return token === column || token === `"${column.replaceAll('"', '""')}"`;
}

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '=': '=' };

function compared(operator: string, value: string): Condition {
  switch (operator) {
    case '=':
      return { ...NOTHING, values: [value] };
    case '<':
    case '<=':
      return { ...NOTHING, high: value, highIncluded: operator === '<=' };
    case '>':
    case '>=':
      return { ...NOTHING, low: value };
    default:
      return NOTHING;
  }
}

function readPart(part: readonly string[], column: string): Condition {
  const [first, ...others] = unwrapped(part);
  const rest = others[0] === '.' ? others.slice(2) : others;
  const name = others[0] === '.' ? others[1] : first;
  if (!isColumn(name, column)) {
    const mirrored = MIRRORED[others[0] ?? ''];
    const value = literal(first);
    return mirrored !== undefined && value !== null && isColumn(others.at(-1), column) && others.length <= 4 ? compared(mirrored, value) : NOTHING;
  }
  if (rest.join(' ') === 'is not null') return { ...NOTHING, notNull: true };
  const literals = rest.flatMap((token) => literal(token) ?? []);
  if (rest[0] === 'between' && literals.length === 2 && rest.length === 4) return { ...NOTHING, low: literals[0] ?? null, high: literals[1] ?? null };
  const listed = rest[0] === 'in' ? rest.slice(1) : rest[0] === '=' && rest[1] === 'any' && rest.includes('array') ? rest.slice(2) : null;
  if (listed !== null) return listed.every((token) => '(),[]'.includes(token) || token === 'array' || literal(token) !== null) ? { ...NOTHING, values: literals } : NOTHING;
  const value = unwrapped(rest.slice(1));
  return value.length === 1 && literals.length === 1 ? compared(rest[0] ?? '', literals[0] ?? '') : NOTHING;
}

/** What a condition, written in SQL, says of a column. What is not understood says nothing. */
export function readCondition(text: string, column: string): Condition {
  const parts = conjuncts(tokens(text)).map((part) => readPart(part, column));
  return parts.reduce((one, other) => ({ low: other.low ?? one.low, high: other.high ?? one.high, highIncluded: other.high === null ? one.highIncluded : other.highIncluded, values: other.values ?? one.values, notNull: one.notNull || other.notNull }), NOTHING);
}

/** Which of two values is the greater, where that can be told from how they are written: numbers, and dates from the year on. */
function compare(one: string, other: string): number | null {
  if (one === other) return 0;
  const numbers = [one, other].every((value) => /^-?\d+(?:\.\d+)?$/.test(value));
  if (numbers) return Number(one) - Number(other);
  return [one, other].every((value) => /^\d{4}-\d\d-\d\d/.test(value)) ? (one < other ? -1 : 1) : null;
}

function atLeast(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && (compare(one, other) ?? -1) >= 0;
}

function below(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && (compare(one, other) ?? 1) < 0;
}

/** What a bound's words take in; null for DEFAULT and hashes. */
interface Taken {
  readonly low: string | null;
  readonly high: string | null;
  readonly values: readonly string[] | null;
  readonly withNull: boolean;
}

function takenBy(bound: PartitionBound): Taken | null {
  const range = /from\s*\((.*?)\)\s*to\s*\((.*?)\)\s*$/is.exec(bound.text);
  if (range !== null) {
    const [low, high] = [tokens(range[1] ?? ''), tokens(range[2] ?? '')];
    return low.length === 1 && high.length === 1 ? { low: literal(low[0]), high: literal(high[0]), values: null, withNull: false } : null;
  }
  const list = /\bin\s*\((.*)\)\s*$/is.exec(bound.text);
  if (list === null) return null;
  const words = tokens(list[1] ?? '').filter((token) => token !== ',');
  const values = words.flatMap((word) => literal(word) ?? []);
  return { low: null, high: null, values, withNull: words.includes('null') };
}

/** Whether no value of the condition is one that the bound takes in. NULL is left to `notNull`. */
export function excludes(condition: Condition, bound: PartitionBound): boolean {
  const taken = takenBy(bound);
  if (taken === null || (taken.withNull && !condition.notNull)) return false;
  const outside = (value: string): boolean => (taken.values === null ? below(value, taken.low) || atLeast(value, taken.high) : !taken.values.includes(value));
  if (condition.values !== null) return condition.values.every(outside);
  const missed = (value: string): boolean => below(value, condition.low) || (condition.highIncluded ? below(condition.high, value) : atLeast(value, condition.high));
  if (taken.values !== null) return taken.values.every(missed) && (taken.values.length > 0 || condition.notNull);
  return atLeast(condition.low, taken.high) || (condition.highIncluded ? below(condition.high, taken.low) : atLeast(taken.low, condition.high));
}

/** Whether every value of the condition is one that the bound takes in. */
export function within(condition: Condition, bound: PartitionBound): boolean {
  const taken = takenBy(bound);
  if (taken === null) return false;
  const inside = (value: string): boolean => (taken.values === null ? (taken.low === null || atLeast(value, taken.low)) && (taken.high === null || below(value, taken.high)) : taken.values.includes(value));
  return condition.values !== null && condition.values.every(inside);
}
