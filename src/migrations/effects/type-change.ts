import { findDomain, resolveIn, type Catalog, type Column } from '../catalog.js';
import type { Expression, TypeName } from '../definition.js';
import { isConstrainedDomain } from './volatility.js';

/** none: only the catalog of the server changes; index: indexes on the column are built anew; rewrite: every row is. */
export type TypeChange = 'none' | 'index' | 'rewrite';

const TIMES = new Set(['timestamp', 'timestamptz', 'time', 'timetz', 'interval']);

/** The type beneath a domain without checks; the type itself otherwise. */
function baseType(catalog: Catalog, type: TypeName): TypeName {
  let base = type;
  for (let depth = 0; depth < 20; depth += 1) {
    const domain = findDomain(catalog, base);
    if (domain === undefined) return base;
    base = domain.type;
  }
  return base;
}

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

/** The same type with other modifiers: varchar(50) to varchar(100). */
function modifierChange(from: TypeName, to: TypeName): TypeChange {
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

const SAME_BYTES: ReadonlyMap<string, readonly string[]> = new Map([
  ['varchar', ['text', 'varchar', 'citext']],
  ['text', ['text', 'varchar', 'citext', 'bpchar']],
  ['citext', ['text', 'varchar']],
  ['cidr', ['inet']],
  ['xml', ['text', 'varchar']],
  ['int4', ['oid', 'regclass', 'regproc', 'regtype']],
  ['oid', ['int4', 'regclass', 'regproc', 'regtype']],
  ['regclass', ['oid', 'int4']],
  ['bit', ['varbit']],
  ['varbit', ['bit']],
]);

function isUtc(zone: string): boolean {
  return ['utc', 'etc/utc', 'gmt', 'etc/gmt', 'zulu', 'universal', 'etc/universal', '0', 'z'].includes(zone.toLowerCase());
}

function betweenTypes(catalog: Catalog, from: TypeName, to: TypeName, version: number): TypeChange {
  const zoned = [from.name, to.name].sort().join();
  if (zoned === 'timestamp,timestamptz') {
    const utc = isUtc(catalog.settings.get('timezone') ?? 'UTC');
    const precise = (to.modifiers[0] ?? 6) >= (from.modifiers[0] ?? 6);
    return version >= 12 && utc && precise ? 'index' : 'rewrite';
  }
  if (from.array || to.array || SAME_BYTES.get(from.name)?.includes(to.name) !== true) return 'rewrite';
  if (to.modifiers.length > 0 && !(to.name === 'varchar' && from.name === 'varchar' && widens(from.modifiers, to.modifiers))) return 'rewrite';
  const citext = from.name === 'citext' || to.name === 'citext';
  return citext || from.name === 'cidr' ? (citext ? 'index' : 'none') : 'none';
}

/** Whether USING says no more than the change itself: the column, cast to the new type. */
export function isPlainUsing(catalog: Catalog, column: string, using: Expression, to: TypeName): boolean {
  if (using.column !== column || using.functions.length > 0) return false;
  return using.casts.every((cast) => sameType(catalog, cast, to) && cast.modifiers.join() === to.modifiers.join());
}

/** What `ALTER COLUMN … TYPE` costs on a column whose present type is known. */
export function typeChange(catalog: Catalog, column: Column, to: TypeName, using: Expression | null, collationChanges: boolean, version: number): TypeChange {
  if (using !== null && !isPlainUsing(catalog, column.name, using, to)) return 'rewrite';
  if (isConstrainedDomain(catalog, to)) return sameType(catalog, column.type, to) ? 'none' : 'rewrite';
  // A domain's own length does not count for the server.
  const from = findDomain(catalog, column.type) === undefined ? column.type : { ...baseType(catalog, column.type), modifiers: [] };
  const base = baseType(catalog, to);
  const change = sameType(catalog, from, base) ? modifierChange(from, base) : betweenTypes(catalog, from, base, version);
  return change === 'none' && collationChanges ? 'index' : change;
}
