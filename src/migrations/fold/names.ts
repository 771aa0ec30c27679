import { keyOf, type Catalog, type Table } from '../catalog.js';
import type { IndexElement } from '../definition.js';
import { grouped } from './layered-map.js';

/** The longest name the server keeps, in bytes. */
const LIMIT = 63;

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** The longest start of a text that fits into so many bytes without a character cut in two. */
function clip(text: string, limit: number): string {
  if (bytes(text) <= limit) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += bytes(character);
    if (used > limit) break;
    kept += character;
  }
  return kept;
}

/** The server's way to fit `<table>_<columns>_<label>` into 63 bytes: the longer of the two parts is shortened first. */
export function objectName(first: string, second: string, label: string): string {
  const available = LIMIT - (label === '' ? 0 : label.length + 1) - (second === '' ? 0 : 1);
  let one = bytes(first);
  let other = bytes(second);
  while (one + other > available) {
    if (one > other) one -= 1;
    else other -= 1;
  }
  return [clip(first, one), ...(second === '' ? [] : [clip(second, other)]), ...(label === '' ? [] : [label])].join('_');
}

/** The first of `name`, `name1`, `name2` … that is free. */
export function freeName(taken: (name: string) => boolean, first: string, second: string, label: string): string {
  for (let pass = 0; pass < 1000; pass += 1) {
    const name = objectName(first, second, pass === 0 ? label : `${label}${String(pass)}`);
    if (!taken(name)) return name;
  }
  return objectName(first, second, label);
}

/** Column names joined as the server does for names of indexes and foreign keys. */
export function joinColumns(columns: readonly string[]): string {
  let joined = '';
  for (const column of columns) {
    joined += `${joined === '' ? '' : '_'}${clip(column, LIMIT)}`;
    if (bytes(joined) > LIMIT) break;
  }
  return joined;
}

/** The names of an index's columns, each once: `lower`, `lower1`. */
export function indexColumnNames(elements: readonly IndexElement[], include: readonly string[]): string[] {
  const names: string[] = [];
  for (const wanted of [...elements.map((element) => element.column ?? element.label ?? 'expr'), ...include]) {
    let name = wanted;
    for (let number = 1; names.includes(name); number += 1) name = `${clip(wanted, LIMIT - String(number).length)}${String(number)}`;
    names.push(name);
  }
  return names;
}

/** Whether a schema has a table, view, sequence, index or composite type of a name. */
export function relationExists(catalog: Catalog, schema: string, name: string): boolean {
  const key = keyOf(schema, name);
  return catalog.tables.has(key) || catalog.indexes.has(key) || catalog.views.has(key) || catalog.sequences.has(key) || catalog.composites.has(key);
}

function constraintKeys(table: Table): readonly string[] {
  return [...table.constraints.keys()].map((name) => keyOf(table.schema, name));
}

/** Whether any table of a schema has a constraint of a name: names that the server chooses differ from all of them. */
function constraintExists(catalog: Catalog, schema: string, name: string): boolean {
  return grouped(catalog.tables, constraintKeys, keyOf(schema, name)).length > 0;
}

/** A name for an index or a sequence. */
export function chooseRelationName(catalog: Catalog, schema: string, parts: { readonly first: string; readonly second: string; readonly label: string }, constraint = false): string {
  const taken = (name: string): boolean => relationExists(catalog, schema, name) || (constraint && constraintExists(catalog, schema, name));
  return freeName(taken, parts.first, parts.second, parts.label);
}

/** A name for a CHECK or a foreign key. */
export function chooseConstraintName(catalog: Catalog, schema: string, parts: { readonly first: string; readonly second: string; readonly label: string }): string {
  return freeName((name) => constraintExists(catalog, schema, name), parts.first, parts.second, parts.label);
}
