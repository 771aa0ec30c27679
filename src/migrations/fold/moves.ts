import { childrenOf, foreignKeysTo, indexesOf, keyOf, sequencesOf, type Catalog, type Index, type Sequence, type Table } from '../catalog.js';
import { changeIn, moveIn, removeFrom, setIn, splitKey } from './edit.js';
import { partsOf, renameIndex } from './indexes.js';
import { moveTypes } from './types.js';
import { moveReads } from './views.js';

function moveFresh(catalog: Catalog, from: string, to: string): Catalog {
  return catalog.fresh.has(from) ? { ...catalog, fresh: setIn<true>(removeFrom(catalog.fresh, [from]), to, true) } : catalog;
}

function moveBlank(catalog: Catalog, from: string, to: string): Catalog {
  const hit = [...catalog.blank.keys()].filter((key) => key.startsWith(`${from}.`));
  return hit.length === 0 ? catalog : { ...catalog, blank: hit.reduce((map, key) => setIn<true>(removeFrom(map, [key]), to + key.slice(from.length), true), catalog.blank) };
}

/** Other tables that name a table: by foreign keys, as a partition's parent, by inheritance. */
function followTable(catalog: Catalog, from: string, to: string): Catalog {
  const touched = new Set([...foreignKeysTo(catalog, from).map(({ table }) => table.key), ...childrenOf(catalog, from).map((table) => table.key)]);
  const changes = [...touched].flatMap((key): (readonly [string, Table])[] => {
    const table = catalog.tables.get(key);
    if (table === undefined) return [];
    const constraints = new Map([...table.constraints].map(([each, constraint]) => [each, constraint.referenced === from ? { ...constraint, referenced: to } : constraint]));
    const partitionOf = table.partitionOf?.parent === from ? { ...table.partitionOf, parent: to } : table.partitionOf;
    return [[key, { ...table, constraints, partitionOf, inherits: table.inherits.map((each) => (each === from ? to : each)) }]];
  });
  return { ...catalog, tables: changeIn(catalog.tables, changes) };
}

/** Indexes of a table or materialized view go with it into another schema and keep their names. */
function followIndexes(catalog: Catalog, from: string, to: string): Catalog {
  const { schema } = splitKey(to);
  let next = catalog;
  for (const index of indexesOf(catalog, from)) {
    const key = keyOf(schema, index.name);
    next = { ...next, indexes: moveIn(next.indexes, index.key, key, { ...index, key, schema, table: to }) };
    if (key !== index.key) next = { ...next, indexes: changeIn(next.indexes, partsOf(next, index.key).map((part): readonly [string, Index] => [part.key, { ...part, parent: key }])) };
  }
  return next;
}

/** Sequences of its columns go with a table into another schema. */
function followSequences(catalog: Catalog, from: string, to: string): Catalog {
  const moved = splitKey(from).schema !== splitKey(to).schema;
  let next = catalog;
  for (const sequence of sequencesOf(catalog, from)) {
    const schema = moved ? splitKey(to).schema : sequence.schema;
    const key = keyOf(schema, sequence.name);
    const owned: Sequence = { ...sequence, key, schema, ownedBy: sequence.ownedBy === null ? null : { ...sequence.ownedBy, table: to } };
    next = moveFresh({ ...next, sequences: moveIn(next.sequences, sequence.key, key, owned) }, sequence.key, key);
  }
  return next;
}

function moveTable(catalog: Catalog, from: string, to: string): Catalog {
  const followed = followTable(catalog, from, to);
  const table = followed.tables.get(from);
  if (table === undefined) return catalog;
  let next: Catalog = { ...followed, tables: moveIn(followed.tables, from, to, { ...table, key: to, ...splitKey(to) }) };
  next = followSequences(followIndexes(next, from, to), from, to);
  return moveBlank(moveReads(next, from, to), from, to);
}

/** Gives a relation another key everywhere: a table, view, sequence or index. */
export function moveRelation(catalog: Catalog, from: string, to: string): Catalog {
  if (from === to) return catalog;
  const next = moveFresh(catalog, from, to);
  const { schema, name } = splitKey(to);
  const view = next.views.get(from);
  if (view !== undefined) return followIndexes(moveReads({ ...next, views: moveIn(next.views, from, to, { ...view, key: to, schema, name }) }, from, to), from, to);
  const sequence = next.sequences.get(from);
  if (sequence !== undefined) return { ...next, sequences: moveIn(next.sequences, from, to, { ...sequence, key: to, schema, name }) };
  if (next.indexes.has(from)) return renameIndex(next, from, to);
  return moveTable(next, from, to);
}

/** ALTER SCHEMA … RENAME: everything in it has another key. */
export function renameSchema(catalog: Catalog, from: string, to: string): Catalog {
  let next: Catalog = { ...catalog, schemas: new Set([...catalog.schemas].map((each) => (each === from ? to : each))) };
  for (const map of [catalog.tables, catalog.views]) {
    for (const relation of map.values()) if (relation.schema === from) next = moveRelation(next, relation.key, keyOf(to, relation.name));
  }
  for (const sequence of catalog.sequences.values()) if (sequence.schema === from && next.sequences.has(sequence.key)) next = moveRelation(next, sequence.key, keyOf(to, sequence.name));
  for (const [key, fact] of catalog.functions) {
    const { schema, name } = splitKey(key);
    if (schema === from) next = { ...next, functions: moveIn(next.functions, key, keyOf(to, name), fact) };
  }
  const calls = [...next.tables.values()].filter((table) => [...table.triggers.values()].some((called) => splitKey(called).schema === from));
  const changes = calls.map((table): readonly [string, Table] => [
    table.key,
    { ...table, triggers: new Map([...table.triggers].map(([trigger, called]) => [trigger, splitKey(called).schema === from ? keyOf(to, splitKey(called).name) : called])) },
  ]);
  next = { ...next, tables: changeIn(next.tables, changes) };
  return moveTypes(next, (key) => (splitKey(key).schema === from ? keyOf(to, splitKey(key).name) : key));
}
