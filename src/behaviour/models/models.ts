/** What the declarations of an application's models and its database say that the code using them does not show. Keyed by entity. */
export interface Models {
  /** The library compares a version when it writes a row back, and fails when somebody else wrote first. */
  readonly versioned: ReadonlySet<string>;
  /** A version is counted and never compared: TypeORM's `@VersionColumn`. */
  readonly counted: ReadonlySet<string>;
  /** The sets of columns of which the database takes every combination once, in the form of `columnOf`. */
  readonly unique: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** Columns the database keeps above (`down`) or below (`up`) a bound. */
  readonly bounds: ReadonlyMap<string, readonly Bound[]>;
}

export interface Bound {
  readonly column: string;
  /** The way in which the column may not go past it. */
  readonly direction: 'up' | 'down';
}

export const NO_MODELS: Models = { versioned: new Set(), counted: new Set(), unique: new Map(), bounds: new Map() };

/** Several sources as one. */
export function joinModels(all: readonly Models[]): Models {
  const unique = new Map<string, readonly (readonly string[])[]>();
  const bounds = new Map<string, readonly Bound[]>();
  for (const one of all) {
    for (const [entity, keys] of one.unique) unique.set(entity, [...(unique.get(entity) ?? []), ...keys]);
    for (const [entity, some] of one.bounds) bounds.set(entity, [...(bounds.get(entity) ?? []), ...some]);
  }
  return { versioned: new Set(all.flatMap((one) => [...one.versioned])), counted: new Set(all.flatMap((one) => [...one.counted])), unique, bounds };
}

/** The bound that a condition of the database sets to one column: `balance >= 0`. null for anything else. */
export function boundIn(condition: string): Bound | null {
  const found = /^[\s(]*["`[]?(?:\w+["`\]]?\.["`[]?)?(\w+)["`\]]?\s*(?:::\s*\w+\s*)?(>=?|<=?)/.exec(condition.slice(0, 300));
  if (found?.[1] === undefined || found[2] === undefined || /\bor\b/i.test(condition)) return null;
  return { column: found[1].replace(/_/g, '').toLowerCase(), direction: found[2].startsWith('>') ? 'down' : 'up' };
}
