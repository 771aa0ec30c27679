/** What was changed since `base`; undefined: the key is gone. */
interface Layers<Value> {
  readonly base: ReadonlyMap<string, Value>;
  readonly changes: ReadonlyMap<string, { readonly value: Value } | undefined>;
}

const LAYERS = Symbol('layers');

interface LayeredMap<Value> extends ReadonlyMap<string, Value> {
  readonly [LAYERS]: Layers<Value>;
}

/** Below this a plain copy is the cheapest. */
const PLAIN = 128;

function isLayered<Value>(map: ReadonlyMap<string, Value>): map is LayeredMap<Value> {
  return LAYERS in map;
}

function* entriesOf<Value>({ base, changes }: Layers<Value>): Generator<[string, Value], undefined> {
  for (const [key, value] of base) {
    if (!changes.has(key)) yield [key, value];
    else {
      const change = changes.get(key);
      if (change !== undefined) yield [key, change.value];
    }
  }
  for (const [key, change] of changes) if (change !== undefined && !base.has(key)) yield [key, change.value];
  return undefined;
}

function* mapped<From, To>(items: Iterable<From>, change: (item: From) => To): Generator<To, undefined> {
  for (const item of items) yield change(item);
  return undefined;
}

function sizeOf<Value>({ base, changes }: Layers<Value>): number {
  let size = base.size;
  for (const [key, change] of changes) size += Number(change !== undefined) - Number(base.has(key));
  return size;
}

function layered<Value>(layers: Layers<Value>): LayeredMap<Value> {
  const { base, changes } = layers;
  return {
    [LAYERS]: layers,
    size: sizeOf(layers),
    get: (key) => (changes.has(key) ? changes.get(key)?.value : base.get(key)),
    has: (key) => (changes.has(key) ? changes.get(key) !== undefined : base.has(key)),
    forEach(visit) {
      for (const [key, value] of entriesOf(layers)) visit(value, key, this);
    },
    entries: () => entriesOf(layers),
    keys: () => mapped(entriesOf(layers), ([key]) => key),
    values: () => mapped(entriesOf(layers), ([, value]) => value),
    [Symbol.iterator]: () => entriesOf(layers),
  };
}

/**
 * A copy of a map with some keys set or (undefined) removed. Large maps share what did not change: a change costs about the
 * square root of the size, so that histories of tens of thousands of tables fold in seconds. Keys keep their order.
 */
export function changed<Value>(map: ReadonlyMap<string, Value>, edits: Iterable<readonly [string, { readonly value: Value } | undefined]>): ReadonlyMap<string, Value> {
  if (map.size < PLAIN) {
    const copy = new Map(map);
    for (const [key, edit] of edits) {
      if (edit === undefined) copy.delete(key);
      else copy.set(key, edit.value);
    }
    return copy;
  }
  const { base, changes } = isLayered(map) ? map[LAYERS] : { base: map, changes: new Map<string, { readonly value: Value } | undefined>() };
  const flat = changes.size > Math.sqrt(base.size) ? { base: new Map(map), changes: [] } : { base, changes };
  return layered({ base: flat.base, changes: new Map([...flat.changes, ...edits]) });
}

type By<Value> = (value: Value) => readonly string[];
type Groups = ReadonlyMap<string, readonly string[]>;

/** Keys of a map's entries by group; the map is never changed, so that it is worked out once. */
const GROUPS = new WeakMap<object, Map<unknown, Groups>>();

function groupsOf<Value>(map: ReadonlyMap<string, Value>, by: By<Value>): Groups {
  const known = GROUPS.get(map) ?? new Map<unknown, Groups>();
  GROUPS.set(map, known);
  const before = known.get(by);
  if (before !== undefined) return before;
  const groups = new Map<string, string[]>();
  for (const [key, value] of map) {
    for (const group of by(value)) {
      const keys = groups.get(group);
      if (keys === undefined) groups.set(group, [key]);
      else if (keys.at(-1) !== key) keys.push(key);
    }
  }
  known.set(by, groups);
  return groups;
}

/**
 * The values of a map that belong to a group. `by` is a constant function that tells a value's groups: what it said of a map
 * is kept for as long as the map is, so that asking again costs no more than what has changed since.
 */
export function grouped<Value>(map: ReadonlyMap<string, Value>, by: By<Value>, group: string): Value[] {
  if (map.size < PLAIN) return [...map.values()].filter((value) => by(value).includes(group));
  const { base, changes } = isLayered(map) ? map[LAYERS] : { base: map, changes: new Map<string, { readonly value: Value } | undefined>() };
  const found: Value[] = [];
  for (const key of groupsOf(base, by).get(group) ?? []) {
    const value = base.get(key);
    if (!changes.has(key) && value !== undefined) found.push(value);
  }
  for (const change of changes.values()) if (change !== undefined && by(change.value).includes(group)) found.push(change.value);
  return found;
}
