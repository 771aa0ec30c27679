import { literal } from './names.js';
import type { SeedFacts, SeedType } from './seed-facts.js';

const LONGEST = 60;

/**
 * An expression for a value of a type, another one for every `n` as far as the type has so many: null where none is known.
 * `word` is what texts are made of.
 */
export function valueOf(facts: SeedFacts, id: string, modifier: number, n: number, word: string, depth = 0): string | null {
  const type = facts.types.get(id);
  if (type === undefined || depth > 5) return null;
  if (type.kind === 'e') return type.labels.length === 0 ? null : `${literal(type.labels[n % type.labels.length] ?? '')}::${type.cast}`;
  if (type.kind === 'd') return ofDomain(facts, type, n, word, depth);
  if (type.kind === 'c') return ofComposite(facts, type, n, word, depth);
  if (type.kind === 'r') return ofRange(facts, type, n, word, depth);
  if (type.kind === 'm') return `${type.cast}()`;
  if (type.category === 'A' && type.of !== null) {
    const [first, second] = [valueOf(facts, type.of, modifier, n, word, depth + 1), valueOf(facts, type.of, modifier, n + 1, word, depth + 1)];
    return first === null || second === null ? `'{}'::${type.cast}` : `ARRAY[${first}, ${second}]::${type.cast}`;
  }
  const text = textOf(type.name, modifier, n, word);
  return text === null ? null : `${literal(text)}::${type.cast}`;
}

function ofDomain(facts: SeedFacts, type: SeedType, n: number, word: string, depth: number): string | null {
  const solved = facts.solved.get(type.id) ?? [];
  if (solved.length > 0) return `(${solved[n % solved.length] ?? 'NULL'})::${type.cast}`;
  return type.of === null ? null : valueOf(facts, type.of, type.modifier, n, word, depth + 1);
}

function ofComposite(facts: SeedFacts, type: SeedType, n: number, word: string, depth: number): string | null {
  const parts = type.attributes.map((attribute) => valueOf(facts, attribute.type, attribute.modifier, n, word, depth + 1) ?? 'NULL');
  return `ROW(${parts.join(', ')})::${type.cast}`;
}

function ofRange(facts: SeedFacts, type: SeedType, n: number, word: string, depth: number): string | null {
  if (type.of === null) return null;
  const [from, to] = [valueOf(facts, type.of, -1, 2 * n, word, depth + 1), valueOf(facts, type.of, -1, 2 * n + 1, word, depth + 1)];
  return from === null || to === null ? null : `${type.cast}(${from}, ${to})`;
}

/** A text of at most so many characters that ends in the number. */
function sized(word: string, n: number, most: number): string {
  const end = (n + 1).toString(36);
  if (most <= end.length) return most === 1 ? 'abcdefghijklmnopqrstuvwxyz0123456789'.charAt(n % 36) : end.slice(-most);
  return `${word.replace(/[^a-z0-9]+/gi, '-').toLowerCase().slice(0, Math.min(most, LONGEST) - end.length - 1) || 'v'}-${end}`.slice(-most);
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

function dayOf(n: number): string {
  return `20${two(24 + (Math.floor(n / 336) % 60))}-${two((Math.floor(n / 28) % 12) + 1)}-${two((n % 28) + 1)}`;
}

function numericOf(modifier: number, n: number): string {
  if (modifier < 4) return `${String(n + 1)}.25`;
  const [precision, scale] = [((modifier - 4) >> 16) & 0xffff, (modifier - 4) & 0x7ff];
  const whole = Math.max(0, precision - scale);
  const number = whole === 0 ? '0' : String((n + 1) % 10 ** Math.min(whole, 9));
  return scale === 0 || scale > 1000 ? number : `${number}.${scale === 1 ? String((n % 8) + 1) : `${String((n % 8) + 1)}5`.slice(0, scale)}`;
}

const BITS = (count: number, n: number): string => ((n % 2 ** Math.min(count, 20)) + 1).toString(2).padStart(count, '0').slice(-count);

/** The texts of the server's own base types, and of those that its usual extensions bring. */
function textOf(name: string, modifier: number, n: number, word: string): string | null {
  const make = TEXTS[name];
  return make === undefined ? null : make(n, modifier, word);
}

const hex = (n: number, digits: number): string => (n + 10).toString(16).padStart(digits, '0');

const TEXTS: Readonly<Record<string, (n: number, modifier: number, word: string) => string>> = {
  bool: (n) => (n % 2 === 0 ? 'true' : 'false'),
  int2: (n) => String((n + 1) % 32_000), int4: (n) => String(n + 1), int8: (n) => String(n + 1), oid: (n) => String(n + 1), xid: (n) => String(n + 1), xid8: (n) => String(n + 1), cid: (n) => String(n + 1),
  float4: (n) => `${String(n + 1)}.5`, float8: (n) => `${String(n + 1)}.25`, numeric: (n, modifier) => numericOf(modifier, n), money: (n) => `${String(n + 1)}.50`,
  text: (n, _, word) => sized(word, n, LONGEST), citext: (n, _, word) => sized(word, n, LONGEST), name: (n, _, word) => sized(word, n, 40),
  varchar: (n, modifier, word) => sized(word, n, modifier < 4 ? LONGEST : modifier - 4), bpchar: (n, modifier, word) => sized(word, n, modifier < 4 ? 1 : modifier - 4), char: (n) => 'abcdefghij'.charAt(n % 10),
  bytea: (n) => `\\x${hex(n, 8)}`, uuid: (n) => `00000000-0000-4000-8000-${hex(n, 12)}`,
  date: (n) => dayOf(n), timestamp: (n) => `${dayOf(n)} 10:20:30.123456`, timestamptz: (n) => `${dayOf(n)} 10:20:30.123456+00`, time: (n) => `${two(n % 24)}:20:30`, timetz: (n) => `${two(n % 24)}:20:30+00`, interval: (n) => `${String(n + 1)} days 02:03:04`,
  json: (n, _, word) => JSON.stringify({ [word]: n + 1 }), jsonb: (n, _, word) => JSON.stringify({ [word]: n + 1 }), jsonpath: (n) => `$.a${String(n)}`, xml: (n) => `<a>${String(n + 1)}</a>`,
  inet: (n) => `192.0.2.${String((n % 250) + 1)}`, cidr: (n) => `192.0.${String((n % 250) + 1)}.0/24`, macaddr: (n) => `02:00:00:00:00:${hex(n % 200, 2)}`, macaddr8: (n) => `02:00:00:00:00:00:00:${hex(n % 200, 2)}`,
  bit: (n, modifier) => BITS(modifier < 1 ? 1 : modifier, n), varbit: (n, modifier) => BITS(modifier < 1 ? 8 : modifier, n),
  point: (n) => `(${String(n + 1)},2)`, line: (n) => `{1,2,${String(n + 1)}}`, lseg: (n) => `[(0,0),(${String(n + 1)},1)]`, box: (n) => `(${String(2 * n + 1)},1),(${String(2 * n)},0)`, path: (n) => `[(0,0),(${String(n + 1)},1)]`, polygon: (n) => `((0,0),(${String(n + 1)},1),(1,0))`, circle: (n) => `<(${String(4 * n)},0),1>`,
  tsvector: (_, __, word) => `'${word.replace(/\W/g, '')}':1`, tsquery: (_, __, word) => `'${word.replace(/\W/g, '')}'`, pg_lsn: (n) => `0/${hex(n, 8)}`, txid_snapshot: () => '10:20:10,14,15', pg_snapshot: () => '10:20:10,14,15',
  hstore: (n) => `a=>${String(n + 1)}`, ltree: (n) => `top.a${String(n + 1)}`, lquery: () => 'top.*', cube: (n) => `(${String(n + 1)})`, isbn: () => '978-0-393-04002-9',
  regclass: () => 'pg_class', regtype: () => 'integer', regproc: () => 'now', regprocedure: () => 'now()', regnamespace: () => 'pg_catalog', regrole: () => 'pg_monitor', regconfig: () => 'english', regdictionary: () => 'simple',
  vector: (n, modifier) => `[${Array.from({ length: modifier < 1 ? 3 : modifier }, (_, at) => String(at === 0 ? n + 1 : 1)).join(',')}]`, geometry: (n) => `POINT(${String(n + 1)} 1)`, geography: (n) => `POINT(${String(n + 1)} 1)`,
};
