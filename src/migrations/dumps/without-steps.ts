import { indexesOf, resolveRelation, type Catalog, type Column } from '../catalog.js';
import type { QualifiedName, TypeName } from '../definition.js';
import { changeIn, removeFrom } from '../fold/edit.js';
import type { Migration } from '../migration.js';
import type { Step } from '../step.js';

/**
 * What a dump says of the database before some migrations, when nobody knows which of them it has seen: what they make is not
 * taken from it, and what they change only where the dump shows that it has not seen the change.
 */
export function withoutSteps(dump: Catalog, migrations: readonly Migration[]): Catalog {
  return migrations.reduceRight((catalog, { up }) => up.reduceRight(without, catalog), dump);
}

function without(catalog: Catalog, step: Step): Catalog {
  switch (step.kind) {
    case 'create-table':
    case 'create-table-as':
      return withoutTable(catalog, step.table);
    case 'rename-relation':
      return withoutTable(catalog, { ...step.table, name: step.to });
    case 'create-view':
    case 'create-materialized-view':
      return { ...catalog, views: removeFrom(catalog.views, [resolveRelation(catalog, step.view)]) };
    case 'create-index':
      return step.index === null ? catalog : { ...catalog, indexes: removeFrom(catalog.indexes, [resolveRelation(catalog, { schema: step.table.schema, name: step.index })]) };
    case 'add-constraint':
      return step.constraint.name === null ? catalog : withoutConstraint(catalog, step.table, step.constraint.name);
    case 'add-column':
      return changeColumns(catalog, step.table, (columns) => new Map([...columns].filter(([name]) => name !== step.column.name)), true);
    case 'drop-column':
      return forgetUnlessThere(catalog, step.table, step.column);
    case 'rename-column':
      return changeColumns(catalog, step.table, (columns) => renamedBack(columns, step.to, step.column), true);
    case 'set-type':
      return changeColumn(catalog, step.table, step.column, (column) => (sameType(column.type, step.type) ? null : column));
    case 'set-not-null':
      return changeColumn(catalog, step.table, step.column, (column) => ({ ...column, notNull: false }));
    default:
      return catalog;
  }
}

function withoutTable(catalog: Catalog, name: QualifiedName): Catalog {
  const key = resolveRelation(catalog, name);
  if (!catalog.tables.has(key)) return catalog;
  return { ...catalog, tables: removeFrom(catalog.tables, [key]), indexes: removeFrom(catalog.indexes, indexesOf(catalog, key).map((index) => index.key)) };
}

function withoutConstraint(catalog: Catalog, name: QualifiedName, constraint: string): Catalog {
  const table = catalog.tables.get(resolveRelation(catalog, name));
  if (table?.constraints.has(constraint) !== true) return catalog;
  const owned = indexesOf(catalog, table.key).flatMap((index) => (index.constraint === constraint ? [index.key] : []));
  return { ...catalog, tables: changeIn(catalog.tables, [[table.key, { ...table, constraints: removeFrom(table.constraints, [constraint]) }]]), indexes: removeFrom(catalog.indexes, owned) };
}

/** `complete`: whether all columns are known afterwards, if they were before. */
function changeColumns(catalog: Catalog, name: QualifiedName, change: (columns: ReadonlyMap<string, Column>) => ReadonlyMap<string, Column>, complete: boolean): Catalog {
  const table = catalog.tables.get(resolveRelation(catalog, name));
  if (table === undefined) return catalog;
  return { ...catalog, tables: changeIn(catalog.tables, [[table.key, { ...table, columns: change(table.columns), complete: table.complete && complete }]]) };
}

/** A column that becomes null is not known any more: the dump shows only what it has become. */
function changeColumn(catalog: Catalog, name: QualifiedName, column: string, change: (column: Column) => Column | null): Catalog {
  const known = catalog.tables.get(resolveRelation(catalog, name))?.columns.get(column);
  if (known === undefined) return catalog;
  const changed = change(known);
  return changeColumns(catalog, name, (columns) => new Map([...columns].flatMap(([each, old]): [string, Column][] => (each !== column ? [[each, old]] : changed === null ? [] : [[each, changed]]))), changed !== null);
}

/** A dump that does not have a column that is dropped has seen it dropped: there was one more than it shows. */
function forgetUnlessThere(catalog: Catalog, table: QualifiedName, column: string): Catalog {
  const there = catalog.tables.get(resolveRelation(catalog, table))?.columns.has(column) === true;
  return changeColumns(catalog, table, (columns) => columns, there);
}

function renamedBack(columns: ReadonlyMap<string, Column>, to: string, from: string): ReadonlyMap<string, Column> {
  const renamed = columns.get(to);
  if (renamed === undefined || columns.has(from)) return columns;
  return new Map([...columns].map(([name, column]) => (name === to ? [from, { ...renamed, name: from }] : [name, column])));
}

function sameType(one: TypeName, other: TypeName): boolean {
  return one.name === other.name && one.array === other.array && JSON.stringify(one.modifiers) === JSON.stringify(other.modifiers);
}
