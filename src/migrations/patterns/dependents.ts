import { foreignKeysTo, resolveIn, resolveRelation, viewsOn, type Catalog, type Column, type Table, type View } from '../catalog.js';
import type { Expression, QualifiedName } from '../definition.js';
import { displayName } from '../describe.js';
import type { Step } from '../step.js';
import { mentionsWord } from './copies.js';

/** Something that goes, or that keeps the server from dropping, because it depends on something else. */
export interface Dependent {
  /** As it appears in a sentence: "view `active_users`", "constraint `orders_user_fk` of `orders`". */
  readonly words: string;
  /** Its own name, without a schema. */
  readonly name: string;
  /** The name of the table it belongs to; null when it stands for itself. */
  readonly owner: string | null;
  /** Whether a database has it. */
  isIn(catalog: Catalog): boolean;
  /** Whether the fold over steps takes it away with what it depends on: then one that is there later was made again. */
  readonly folded: boolean;
  /** Whether what it belongs to, or is made of, is still there to miss it. */
  isMissedIn(catalog: Catalog): boolean;
}

/** What a DROP … CASCADE takes along. */
export interface Cascade {
  /** As it appears in a sentence: "table `users`". */
  readonly of: readonly string[];
  readonly dependents: readonly Dependent[];
  /** Objects whose dependents the history does not show. */
  readonly unknown: readonly string[];
}

const ALWAYS = (): boolean => true;

function viewDependent(catalog: Catalog, key: string): Dependent {
  const view = catalog.views.get(key);
  return { words: `${view?.materialized === true ? 'materialized view' : 'view'} \`${displayName(key)}\``, name: view?.name ?? key, owner: null, isIn: (other) => other.views.has(key), folded: true, isMissedIn: ALWAYS };
}

function constraintDependent(table: Table, name: string, columns: readonly string[]): Dependent {
  return {
    words: `constraint \`${name}\` of \`${displayName(table.key)}\``,
    name,
    owner: null,
    isIn: (other) => other.tables.get(table.key)?.constraints.has(name) === true,
    folded: true,
    isMissedIn: (other) => columns.every((column) => other.tables.get(table.key)?.columns.has(column) === true),
  };
}

function columnDependent(table: Table, column: string): Dependent {
  return { words: `column \`${displayName(table.key)}.${column}\``, name: column, owner: table.name, isIn: (other) => other.tables.get(table.key)?.columns.has(column) === true, folded: false, isMissedIn: (other) => other.tables.has(table.key) };
}

/** Views, and the foreign keys of other tables, that need these tables. */
function onTables(catalog: Catalog, keys: readonly string[]): Dependent[] {
  const views = new Set(keys.flatMap((key) => viewsOn(catalog, key).map((view) => view.key)));
  const foreign = keys.flatMap((key) => foreignKeysTo(catalog, key)).filter(({ table }) => !keys.includes(table.key));
  return [
    ...[...views].map((key) => viewDependent(catalog, key)),
    ...foreign.map(({ table, constraint }) => constraintDependent(table, constraint.name, 'columns' in constraint.definition ? constraint.definition.columns : [])),
  ];
}

/** Whether a view certainly uses a column: the catalog worked it out, or it reads nothing else that has a column of this name. What `*` stands for is only certain with one table. */
function usesColumn(catalog: Catalog, view: View, key: string, column: string): boolean {
  const certain = view.reads.length === 1 || !view.columns.includes('*');
  if (view.uses !== null) return certain && view.uses.has(`${key}.${column}`);
  if (!view.reads.includes(key) || !(view.columns.includes(column) || view.columns.includes('*'))) return false;
  return view.reads.every((read) => {
    const table = catalog.tables.get(read);
    return read === key || (table !== undefined && table.complete && !table.columns.has(column));
  });
}

/** Views that certainly show or use a column, and the views on those. */
function viewsNeeding(catalog: Catalog, key: string, column: string): readonly string[] {
  const direct = [...catalog.views.values()].filter((view) => usesColumn(catalog, view, key, column));
  return [...new Set(direct.flatMap((view) => [view.key, ...viewsOn(catalog, view.key).map((outer) => outer.key)]))];
}

/** Generated columns of the same table that are worked out from a column. */
function generatedFrom(catalog: Catalog, key: string, column: string): readonly Column[] {
  return [...(catalog.tables.get(key)?.columns.values() ?? [])].filter((each) => each.name !== column && each.generated?.expression.columns.includes(column) === true);
}

function onColumn(catalog: Catalog, key: string, column: string): Dependent[] {
  const table = catalog.tables.get(key);
  const primary = [...(table?.constraints.values() ?? [])].some((each) => each.definition.kind === 'primary-key' && each.definition.columns.includes(column));
  const foreign = foreignKeysTo(catalog, key).flatMap(({ table: other, constraint }) => {
    if (constraint.definition.kind !== 'foreign-key') return [];
    const { referencedColumns, columns } = constraint.definition;
    return (referencedColumns.length === 0 ? primary : referencedColumns.includes(column)) ? [constraintDependent(other, constraint.name, columns)] : [];
  });
  const generated = table === undefined ? [] : generatedFrom(catalog, key, column).map((each) => columnDependent(table, each.name));
  return [...viewsNeeding(catalog, key, column).map((each) => viewDependent(catalog, each)), ...foreign, ...generated];
}

/** Foreign keys that lean on a primary key or unique constraint. */
function onConstraint(catalog: Catalog, key: string, name: string): Dependent[] {
  const definition = catalog.tables.get(key)?.constraints.get(name)?.definition;
  if (definition?.kind !== 'primary-key' && definition?.kind !== 'unique') return [];
  return foreignKeysTo(catalog, key).flatMap(({ table, constraint }) => {
    if (constraint.definition.kind !== 'foreign-key') return [];
    const target = constraint.definition.referencedColumns;
    const leans = target.length === 0 ? definition.kind === 'primary-key' : target.length === definition.columns.length && target.every((column) => definition.columns.includes(column));
    return leans ? [constraintDependent(table, constraint.name, constraint.definition.columns)] : [];
  });
}

function onTypes(catalog: Catalog, keys: readonly string[]): Dependent[] {
  return [...catalog.tables.values()].flatMap((table) => [...table.columns.values()].flatMap((column) => (keys.includes(resolveIn(catalog, column.type, ['enums', 'domains'])) ? [columnDependent(table, column.name)] : [])));
}

function calls(catalog: Catalog, expression: Expression | null | undefined, keys: readonly string[]): boolean {
  return expression?.functions.some((called) => keys.includes(resolveIn(catalog, called, ['functions']))) === true;
}

function onFunctions(catalog: Catalog, keys: readonly string[]): Dependent[] {
  const names = keys.map((key) => key.slice(key.indexOf('.') + 1));
  const ofTables = [...catalog.tables.values()].flatMap((table) => {
    const shown = displayName(table.key);
    const has = (other: Catalog): boolean => other.tables.has(table.key);
    const triggers = [...table.triggers].flatMap(([name, called]): Dependent[] => (keys.includes(called) ? [{ words: `trigger \`${name}\` of \`${shown}\``, name, owner: table.name, isIn: (other) => other.tables.get(table.key)?.triggers.has(name) === true, folded: false, isMissedIn: has }] : []));
    const defaults = [...table.columns.values()].flatMap((column): Dependent[] => {
      if (calls(catalog, column.generated?.expression, keys)) return [columnDependent(table, column.name)];
      if (!calls(catalog, column.default, keys)) return [];
      return [{ words: `the default of \`${shown}.${column.name}\``, name: column.name, owner: table.name, isIn: (other) => calls(other, other.tables.get(table.key)?.columns.get(column.name)?.default, keys), folded: false, isMissedIn: (other) => other.tables.get(table.key)?.columns.has(column.name) === true }];
    });
    const checks = [...table.constraints.values()].flatMap((each) => (each.definition.kind === 'check' && calls(catalog, each.definition.expression, keys) ? [constraintDependent(table, each.name, [])] : []));
    return [...triggers, ...defaults, ...checks];
  });
  const views = [...catalog.views.values()].filter((view) => names.some((name) => mentionsWord(view.query, name)));
  return [...ofTables, ...views.map((view) => viewDependent(catalog, view.key))];
}

function onSequences(catalog: Catalog, names: readonly string[]): Dependent[] {
  return [...catalog.tables.values()].flatMap((table) =>
    [...table.columns.values()].flatMap((column): Dependent[] => {
      const text = column.default?.text ?? '';
      if (!text.includes('nextval') || !names.some((name) => mentionsWord(text, name))) return [];
      return [{ words: `the default of \`${displayName(table.key)}.${column.name}\``, name: column.name, owner: table.name, isIn: (other) => other.tables.get(table.key)?.columns.get(column.name)?.default != null, folded: false, isMissedIn: (other) => other.tables.get(table.key)?.columns.has(column.name) === true }];
    }),
  );
}

/** What depends on a schema's contents from outside of it. What is inside goes by its own name. */
function onSchemas(catalog: Catalog, schemas: readonly string[]): Dependent[] {
  const inside = (key: string): boolean => schemas.includes(key.slice(0, key.indexOf('.')));
  const tables = [...catalog.tables.keys()].filter(inside);
  const types = [...catalog.enums.keys(), ...catalog.domains.keys(), ...catalog.types].filter(inside);
  const views = new Set([...tables, ...[...catalog.views.keys()].filter(inside)].flatMap((key) => viewsOn(catalog, key).map((view) => view.key)));
  const foreign = onTables(catalog, tables).filter((each) => each.words.startsWith('constraint'));
  const columns = [...catalog.tables.values()].filter((table) => !inside(table.key)).flatMap((table) => onTypes({ ...catalog, tables: new Map([[table.key, table]]) }, types));
  return [...[...views].filter((key) => !inside(key)).map((key) => viewDependent(catalog, key)), ...foreign, ...columns];
}

// Types that an extension brings, where its name does not say so.
const EXTENSION_TYPES: Readonly<Record<string, readonly string[]>> = { postgis: ['geometry', 'geography'], vector: ['vector', 'halfvec', 'sparsevec'], ltree: ['ltree', 'lquery'], 'uuid-ossp': [], pgcrypto: [] };

function onExtensions(catalog: Catalog, extensions: readonly string[]): Dependent[] {
  const types = extensions.flatMap((name) => EXTENSION_TYPES[name] ?? [name]);
  return [...catalog.tables.values()].flatMap((table) => [...table.columns.values()].flatMap((column) => (types.includes(column.type.name) ? [columnDependent(table, column.name)] : [])));
}

/** Tables that TRUNCATE … CASCADE empties beside those it names. */
function emptiedWith(catalog: Catalog, keys: readonly string[]): Dependent[] {
  const all = [...keys];
  for (const key of all) for (const { table } of foreignKeysTo(catalog, key)) if (!all.includes(table.key)) all.push(table.key);
  return all.slice(keys.length).map((key) => ({ words: `every row of \`${displayName(key)}\``, name: catalog.tables.get(key)?.name ?? key, owner: null, isIn: (other) => other.tables.has(key), folded: false, isMissedIn: (other) => other.tables.has(key) }));
}

function cascadeOf(catalog: Catalog, noun: string, names: readonly QualifiedName[], ifExists: boolean, has: (key: string) => boolean, resolve: (name: QualifiedName) => string, find: (keys: readonly string[]) => Dependent[]): Cascade {
  const keys = names.map(resolve);
  const words = (key: string): string => `${noun} \`${displayName(key)}\``;
  const unknown = keys.filter((key) => !has(key) && !(ifExists && catalog.tables.size > 0));
  return { of: keys.map(words), dependents: find(keys), unknown: unknown.map(words) };
}

/** What a step's CASCADE takes along on a database of this shape; null when the step has none. */
export function cascadeOfStep(step: Step, catalog: Catalog): Cascade | null {
  if (!('cascade' in step) || !step.cascade) return null;
  const relation = (name: QualifiedName): string => resolveRelation(catalog, name);
  switch (step.kind) {
    case 'drop-table':
      return cascadeOf(catalog, 'table', step.tables, step.ifExists, (key) => catalog.tables.has(key), relation, (keys) => onTables(catalog, keys));
    case 'truncate':
      return cascadeOf(catalog, 'table', step.tables, false, (key) => catalog.tables.has(key), relation, (keys) => emptiedWith(catalog, keys));
    case 'drop-view':
      return cascadeOf(catalog, 'view', step.views, step.ifExists, (key) => catalog.views.has(key), relation, (keys) => onTables(catalog, keys).filter((each) => !keys.some((key) => each.words.endsWith(`\`${displayName(key)}\``))));
    case 'drop-sequence':
      return cascadeOf(catalog, 'sequence', step.sequences, step.ifExists, ALWAYS, relation, () => onSequences(catalog, step.sequences.map((name) => name.name)));
    case 'drop-type':
      return cascadeOf(catalog, 'type', step.types, step.ifExists, (key) => catalog.enums.has(key) || catalog.domains.has(key) || catalog.types.has(key), (name) => resolveIn(catalog, name, ['enums', 'domains']), (keys) => onTypes(catalog, keys));
    case 'drop-function':
      return cascadeOf(catalog, 'function', step.functions, step.ifExists, (key) => catalog.functions.has(key), (name) => resolveIn(catalog, name, ['functions']), (keys) => onFunctions(catalog, keys));
    case 'drop-schema':
      return { of: step.schemas.map((schema) => `schema \`${schema}\``), dependents: onSchemas(catalog, step.schemas), unknown: [] };
    case 'drop-extension':
      return { of: step.extensions.map((name) => `extension \`${name}\``), dependents: onExtensions(catalog, step.extensions), unknown: [] };
    case 'drop-column': {
      const key = relation(step.table);
      return { of: [`column \`${displayName(key)}.${step.column}\``], dependents: onColumn(catalog, key, step.column), unknown: [] };
    }
    case 'drop-constraint': {
      const key = relation(step.table);
      return { of: [`constraint \`${step.constraint}\` of \`${displayName(key)}\``], dependents: onConstraint(catalog, key, step.constraint), unknown: [] };
    }
    default:
      return null;
  }
}

/** What keeps the server from dropping a column without CASCADE: views, generated columns, foreign keys of other tables. */
export function neededBy(catalog: Catalog, key: string, column: string): readonly Dependent[] {
  return onColumn(catalog, key, column);
}

/** What keeps the server from changing a column's type: views and generated columns. */
export function fixedBy(catalog: Catalog, key: string, column: string): readonly Dependent[] {
  const table = catalog.tables.get(key);
  const generated = table === undefined ? [] : generatedFrom(catalog, key, column).map((each) => columnDependent(table, each.name));
  return [...viewsNeeding(catalog, key, column).map((each) => viewDependent(catalog, each)), ...generated];
}
