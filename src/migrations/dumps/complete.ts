import { EMPTY_CATALOG, indexesOf, resolveRelation, sequencesOf, type Catalog } from '../catalog.js';
import type { QualifiedName } from '../definition.js';
import { changeIn } from '../fold/edit.js';
import type { Migration } from '../migration.js';
import type { Step } from '../step.js';

function* named(step: Step): Generator<QualifiedName> {
  if ('table' in step && step.table !== null && step.kind !== 'create-table' && step.kind !== 'create-table-as') yield step.table;
  if ('tables' in step) yield* step.tables;
  const constraints = step.kind === 'create-table' ? [...step.constraints, ...step.columns.flatMap((column) => column.constraints)] : step.kind === 'add-constraint' ? [step.constraint] : step.kind === 'add-column' ? step.column.constraints : [];
  for (const constraint of constraints) if (constraint.kind === 'foreign-key') yield constraint.referenced;
  if (step.kind === 'create-table' && step.partitionOf !== null) yield step.partitionOf.parent;
  if ('reads' in step) yield* step.reads;
  if ('query' in step && step.query !== null) yield* step.query.reads;
}

/**
 * Whether migrations speak of something that their history does not show: a table that it alters and never creates, or does
 * not name at all; an index or a type it did not make.
 */
export function speaksOfUnknown(catalog: Catalog, migrations: readonly Migration[]): boolean {
  const known = (name: QualifiedName): boolean => {
    const key = resolveRelation(catalog, name);
    return catalog.tables.get(key)?.complete === true || catalog.views.has(key) || catalog.sequences.has(key) || catalog.indexes.has(key);
  };
  return migrations.some((migration) => {
    const created = new Set(migrations.flatMap((each) => each.up.flatMap((step) => (step.kind === 'create-table' || step.kind === 'create-table-as' ? [step.table.name] : []))));
    return migration.up.some((step) => {
      if (step.kind === 'drop-index') return step.indexes.some((name) => !catalog.indexes.has(resolveRelation(catalog, name)));
      return [...named(step)].some((name) => !known(name) && !created.has(name.name));
    });
  });
}

function missing<Value>(from: ReadonlyMap<string, Value>, into: ReadonlyMap<string, Value>): (readonly [string, Value])[] {
  return [...from].filter(([key]) => !into.has(key));
}

function withMissing(start: Catalog, dump: Catalog, alone: Catalog): Catalog {
  const tables = [...dump.tables.values()].filter((table) => alone.tables.get(table.key)?.complete !== true && !start.tables.has(table.key) && !alone.views.has(table.key));
  const keys = tables.map((table) => table.key);
  const views = missing(dump.views, alone.views).filter(([key]) => !alone.tables.has(key) && !start.views.has(key));
  const indexes = [...keys, ...views.map(([key]) => key)].flatMap((key) => indexesOf(dump, key));
  const sequences = [...keys.flatMap((key) => sequencesOf(dump, key)), ...[...dump.sequences.values()].filter((each) => each.ownedBy === null && !alone.sequences.has(each.key))];
  return {
    ...start,
    schemas: new Set([...start.schemas, ...dump.schemas]),
    tables: changeIn(start.tables, tables.map((table) => [table.key, { ...table, dumped: true }])),
    indexes: changeIn(start.indexes, indexes.map((index) => [index.key, index])),
    sequences: changeIn(start.sequences, sequences.map((each) => [each.key, each])),
    views: changeIn(start.views, views),
    enums: changeIn(start.enums, missing(dump.enums, alone.enums)),
    domains: changeIn(start.domains, missing(dump.domains, alone.domains)),
    composites: changeIn(start.composites, missing(dump.composites, alone.composites)),
    types: new Set([...start.types, ...dump.types]),
    functions: changeIn(start.functions, missing(dump.functions, alone.functions)),
  };
}

/**
 * What a history starts on: of some dumps, the most believed first, all that the history `alone` does not show whole. The
 * history is then replayed on top: what the dump knows of it already changes nothing, what came after the dump does.
 */
export function startFrom(dumps: readonly Catalog[], alone: Catalog): Catalog {
  return dumps.reduce((start, dump) => withMissing(start, dump, alone), EMPTY_CATALOG);
}

/** Whether a history leaves a table that it uses and never made. */
export function isIncomplete(catalog: Catalog): boolean {
  return [...catalog.tables.values()].some((table) => !table.complete);
}
