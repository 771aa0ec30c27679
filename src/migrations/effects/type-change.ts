import { findDomain, resolveIn, type Catalog, type Column } from '../catalog.js';
import type { Expression, TypeName } from '../definition.js';
import { baseType, isCastable } from './casts.js';
import { isConstrainedDomain } from './volatility.js';

/** none: only the catalog of the server changes; index: indexes on the column are built anew; rewrite: every row is. */
export type TypeChange = 'none' | 'index' | 'rewrite';

const TIMES = new Set(['timestamp', 'timestamptz', 'time', 'timetz']);

function sameType(catalog: Catalog, one: TypeName, other: TypeName): boolean {
  if (one.name !== other.name || one.array !== other.array) return false;
  const spaces = ['enums', 'domains'] as const;
  return one.schema === other.schema || resolveIn(catalog, one, spaces) === resolveIn(catalog, other, spaces);
}

function widens(from: readonly number[], to: readonly number[]): boolean {
  const [before] = from;
  const [after] = to;
  return after === undefined || (before !== undefined && after >= before);
}

// Bits of the server's masks for the fields of an interval, coarsest first, with their order.
const FIELDS = [2, 1, 3, 10, 11, 12];

/** How fine an interval's fields are: 0 for seconds (and for all of them), 5 for years. */
function finest(type: TypeName): number {
  const mask = type.fields;
  if (mask === undefined) return 0;
  return FIELDS.toReversed().findIndex((bit) => (mask & (1 << bit)) !== 0);
}

function intervalChange(from: TypeName, to: TypeName): TypeChange {
  if (to.fields === undefined && to.modifiers.length === 0) return 'none';
  const precise = finest(from) > 0 || (to.modifiers[0] ?? 6) >= (from.modifiers[0] ?? 6);
  return finest(to) <= finest(from) && precise ? 'none' : 'rewrite';
}

/** The same type with other modifiers: varchar(50) to varchar(100). */
function modifierChange(from: TypeName, to: TypeName): TypeChange {
  if (from.name === 'interval' && !to.array) return intervalChange(from, to);
  if (from.modifiers.join() === to.modifiers.join() || to.modifiers.length === 0) return 'none';
  // Array elements are checked one by one, whatever the lengths.
  if (to.array) return 'rewrite';
  switch (to.name) {
    case 'varchar':
    case 'varbit':
      return widens(from.modifiers, to.modifiers) ? 'none' : 'rewrite';
    case 'numeric': {
      const [precision, scale = 0] = from.modifiers;
      const [newPrecision = 0, newScale = 0] = to.modifiers;
      return precision !== undefined && newPrecision >= precision && newScale === scale ? 'none' : 'rewrite';
    }
    default:
      if (!TIMES.has(to.name)) return 'rewrite';
      // Without a precision they have six digits, the most there are.
      return (to.modifiers[0] ?? 6) >= (from.modifiers[0] ?? 6) ? 'none' : 'rewrite';
  }
}

// Types that are stored alike, in families that an index sorts alike.
const ALIKE: readonly (readonly (readonly string[])[])[] = [
  [['text', 'varchar'], ['bpchar'], ['citext']],
  [['int4'], ['oid', 'regclass', 'regproc', 'regtype', 'regprocedure', 'regoper', 'regoperator', 'regconfig', 'regdictionary', 'regrole', 'regnamespace', 'regcollation']],
  [['bit'], ['varbit']],
  [['inet', 'cidr']],
  [['xml', 'text', 'varchar', 'bpchar']],
];

// Stored alike one way only: the way back checks or pads each value.
const ONE_WAY = new Set(['bpchar,text', 'bpchar,varchar', 'bpchar,citext', 'inet,cidr', 'text,xml', 'varchar,xml', 'bpchar,xml']);

function storedAlike(from: string, to: string): TypeChange {
  if (ONE_WAY.has(`${from},${to}`)) return 'rewrite';
  for (const families of ALIKE) {
    const [one, other] = [families.findIndex((family) => family.includes(from)), families.findIndex((family) => family.includes(to))];
    if (one !== -1 && other !== -1) return one === other ? 'none' : 'index';
  }
  return 'rewrite';
}

function isUtc(zone: string): boolean {
  return ['utc', 'etc/utc', 'gmt', 'etc/gmt', 'zulu', 'universal', 'etc/universal', '0', 'z'].includes(zone.toLowerCase());
}

function betweenTypes(catalog: Catalog, from: TypeName, to: TypeName, version: number): TypeChange {
  if (from.array || to.array) return 'rewrite';
  if ([from.name, to.name].sort().join() === 'timestamp,timestamptz') {
    const utc = isUtc(catalog.settings.get('timezone') ?? 'UTC');
    // Between the two a precision below the highest is applied row by row.
    return version >= 12 && utc && (to.modifiers[0] ?? 6) >= 6 ? 'index' : 'rewrite';
  }
  const alike = storedAlike(from.name, to.name);
  const checked = to.modifiers.length > 0 && !(from.name === 'varchar' && to.name === 'varchar' && widens(from.modifiers, to.modifiers));
  return checked ? 'rewrite' : alike;
}

/** Whether USING says no more than the change itself: the column, cast to the new type. */
export function isPlainUsing(catalog: Catalog, column: string, using: Expression, to: TypeName): boolean {
  return isCastOf(column, using) && using.casts.every((cast) => sameType(catalog, cast, to) && cast.modifiers.join() === to.modifiers.join());
}

function isCastOf(column: string, using: Expression): boolean {
  return using.column === column && using.functions.length === 0;
}

/** Whether an index asks for exactly the type: those on arrays, enums and ranges do, and a domain is another type to them. */
function isPolymorphic(catalog: Catalog, type: TypeName): boolean {
  return type.array || catalog.enums.has(resolveIn(catalog, type, ['enums'])) || (type.schema === null && type.name.endsWith('range'));
}

/** What `ALTER COLUMN … TYPE` costs on a column whose present type is known. */
export function typeChange(catalog: Catalog, column: Column, to: TypeName, using: Expression | null, collationChanges: boolean, version: number): TypeChange {
  if (using !== null && !isCastOf(column.name, using)) return 'rewrite';
  let type = column.type;
  for (const cast of using?.casts.toReversed() ?? []) {
    if (changeWithoutUsing(catalog, type, cast, version) === 'rewrite') return 'rewrite';
    type = cast;
  }
  if (changeWithoutUsing(catalog, type, to, version) === 'rewrite') return 'rewrite';
  const change = changeWithoutUsing(catalog, column.type, to, version);
  return change === 'none' && collationChanges ? 'index' : change;
}

function changeWithoutUsing(catalog: Catalog, type: TypeName, to: TypeName, version: number): TypeChange {
  if (findDomain(catalog, to) !== undefined && sameType(catalog, type, to)) return 'none';
  if (isConstrainedDomain(catalog, to)) return 'rewrite';
  // A domain's own length does not count for the server.
  const from = findDomain(catalog, type) === undefined ? type : { ...baseType(catalog, type), modifiers: [] };
  const base = baseType(catalog, to);
  if (!sameType(catalog, from, base)) return betweenTypes(catalog, from, base, version);
  const change = modifierChange(from, base);
  return change === 'none' && !sameType(catalog, type, to) && isPolymorphic(catalog, base) ? 'index' : change;
}

/** Why the server refuses to turn the column's values into the new type, whatever they are; null where it does not or nobody can tell. */
export function castRefusal(catalog: Catalog, column: Column, to: TypeName, using: Expression | null, version: number): string | null {
  const given = using === null ? column.type : writtenType(catalog, column, using, version);
  if (given === 'refused') return `the cast in USING does not exist for type ${column.type.name}`;
  const refused = given !== null && isCastable(catalog, given, to, false, version) === 'no';
  if (refused) return using === null ? `column "${column.name}" cannot be cast automatically to type ${to.name}` : `result of USING clause for column "${column.name}" cannot be cast automatically to type ${to.name}`;
  const plain = column.default !== null && column.identity === null && column.generated === null;
  if (plain && isCastable(catalog, column.type, to, false, version) === 'no') return `default for column "${column.name}" cannot be cast automatically to type ${to.name}`;
  return null;
}

/** The type that USING gives, where it is nothing but casts of the column. */
function writtenType(catalog: Catalog, column: Column, using: Expression, version: number): TypeName | 'refused' | null {
  if (!isCastOf(column.name, using)) return null;
  let type = column.type;
  for (const cast of using.casts.toReversed()) {
    if (isCastable(catalog, type, cast, true, version) === 'no') return 'refused';
    type = cast;
  }
  return type;
}
