import type { Catalog, Index, Sequence, Table, View } from '../catalog.js';
import { keyOf } from '../catalog.js';
import { changed } from './layered-map.js';

export { objectName } from './names.js';

/** A copy of a map with one entry set. */
export function setIn<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value): ReadonlyMap<string, Value> {
  return changed(map, [[key, { value }]]);
}

/** A copy of a map without some keys; the same map when it has none of them. */
export function removeFrom<Value>(map: ReadonlyMap<string, Value>, keys: readonly string[]): ReadonlyMap<string, Value> {
  if (!keys.some((key) => map.has(key))) return map;
  return changed(map, keys.map((key) => [key, undefined]));
}

/** A copy of a map with one key renamed in place, its value changed. For maps whose order matters: columns of a table. */
export function renameIn<Value>(map: ReadonlyMap<string, Value>, key: string, to: string, change: (value: Value) => Value): ReadonlyMap<string, Value> {
  return new Map([...map].map(([each, value]) => (each === key ? [to, change(value)] : [each, value])));
}

/** A copy of a map in which one entry has another key. */
export function moveIn<Value>(map: ReadonlyMap<string, Value>, key: string, to: string, value: Value): ReadonlyMap<string, Value> {
  return changed(map, [...(key === to ? [] : [[key, undefined] as const]), [to, { value }]]);
}

/** A copy of a map in which some values are changed. */
export function changeIn<Value>(map: ReadonlyMap<string, Value>, values: readonly (readonly [string, Value])[]): ReadonlyMap<string, Value> {
  return values.length === 0 ? map : changed(map, values.map(([key, value]) => [key, { value }]));
}

export function withTable(catalog: Catalog, table: Table): Catalog {
  return { ...catalog, tables: setIn(catalog.tables, table.key, table) };
}

export function withIndex(catalog: Catalog, index: Index): Catalog {
  return { ...catalog, indexes: setIn(catalog.indexes, index.key, index) };
}

export function withView(catalog: Catalog, view: View): Catalog {
  return { ...catalog, views: setIn(catalog.views, view.key, view) };
}

export function withSequence(catalog: Catalog, sequence: Sequence): Catalog {
  return { ...catalog, sequences: setIn(catalog.sequences, sequence.key, sequence) };
}

export function withFresh(catalog: Catalog, key: string): Catalog {
  return { ...catalog, fresh: setIn(catalog.fresh, key, true) };
}

/** The two halves of a key. Names may hold dots, schemas rarely do: the first dot counts. */
export function splitKey(key: string): { readonly schema: string; readonly name: string } {
  const dot = key.indexOf('.');
  return { schema: key.slice(0, dot), name: key.slice(dot + 1) };
}

/** A table that the history uses but never made: it exists, with columns unknown. */
export function unknownTable(key: string): Table {
  const { schema, name } = splitKey(key);
  return {
    key: keyOf(schema, name),
    schema,
    name,
    columns: new Map(),
    constraints: new Map(),
    triggers: new Map(),
    policies: new Set(),
    rules: new Set(),
    rowSecurity: 'off',
    partitionBy: null,
    partitionOf: null,
    inherits: [],
    persistence: 'permanent',
    complete: false,
  };
}

/** Changes a table, taking up unknown ones. A no-op on views and other relations. */
export function changeTable(catalog: Catalog, key: string, change: (table: Table) => Table): Catalog {
  if (catalog.views.has(key) || catalog.indexes.has(key) || catalog.sequences.has(key)) return catalog;
  const known = catalog.tables.get(key);
  const before = known ?? unknownTable(key);
  const after = change(before);
  return known !== undefined && after === known ? catalog : withTable(catalog, after);
}

/** Changes a table that is known; anything else stays unknown. */
export function changeKnown(catalog: Catalog, key: string, change: (table: Table) => Table): Catalog {
  return catalog.tables.has(key) ? changeTable(catalog, key, change) : catalog;
}
