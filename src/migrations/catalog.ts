import type { ColumnDefinition, Constraint, Expression, Identity, PartitionBound, PartitionKey, QualifiedName, TypeName } from './definition.js';

/** A column as the history left it. */
export interface Column {
  readonly name: string;
  readonly type: TypeName;
  readonly notNull: boolean;
  readonly default: Expression | null;
  readonly identity: Identity | null;
  readonly generated: ColumnDefinition['generated'];
  readonly collation: QualifiedName | null;
}

/** A constraint under the name it has on the server, and whether the rows that were there have been checked. */
export interface TableConstraint {
  readonly name: string;
  readonly definition: Constraint;
  readonly valid: boolean;
  /** For a foreign key: the key of the referenced table. */
  readonly referenced: string | null;
}

export interface Table {
  /** `schema.name`: the key in the catalog and the name in lock effects. */
  readonly key: string;
  readonly schema: string;
  readonly name: string;
  readonly columns: ReadonlyMap<string, Column>;
  readonly constraints: ReadonlyMap<string, TableConstraint>;
  /** The key of the function that each trigger calls, by the trigger's name. */
  readonly triggers: ReadonlyMap<string, string>;
  readonly partitionBy: PartitionKey | null;
  readonly partitionOf: { readonly parent: string; readonly bound: PartitionBound } | null;
  readonly inherits: readonly string[];
  readonly persistence: 'permanent' | 'unlogged' | 'temporary';
  /** False when its columns are only partly known (LIKE an unknown table, CREATE TABLE AS, a history that starts later). */
  readonly complete: boolean;
}

export interface Index {
  readonly key: string;
  readonly schema: string;
  readonly name: string;
  /** The table's or materialized view's key. */
  readonly table: string;
  readonly method: string;
  /** The key columns; null for an expression. */
  readonly columns: readonly (string | null)[];
  readonly include: readonly string[];
  /** Every column that an expression or the predicate mentions. */
  readonly mentions: readonly string[];
  readonly unique: boolean;
  readonly partial: boolean;
  /** The name of the constraint that owns it. */
  readonly constraint: string | null;
}

export interface View {
  readonly key: string;
  readonly schema: string;
  readonly name: string;
  readonly materialized: boolean;
  /** Keys of the relations it reads. */
  readonly reads: readonly string[];
  /** Names of columns its query mentions; `*` for all of them. */
  readonly columns: readonly string[];
  readonly query: string;
}

export interface Domain {
  readonly key: string;
  readonly type: TypeName;
  readonly notNull: boolean;
  readonly constraints: ReadonlyMap<string, { readonly valid: boolean }>;
}

export interface Sequence {
  readonly key: string;
  readonly schema: string;
  readonly name: string;
  readonly ownedBy: { readonly table: string; readonly column: string } | null;
}

export interface FunctionFact {
  readonly volatility: 'volatile' | 'stable' | 'immutable';
  readonly language: string;
  /** Whether its body calls a function that gives every row another value. */
  readonly volatileCalls: boolean;
  /** What a call runs. */
  readonly definition?: { readonly language: string; readonly body: string; readonly statement: string };
}

/** The database's shape: a fold over steps, never changed in place. Keys are `schema.name` as the server stores them. */
export interface Catalog {
  readonly schemas: ReadonlySet<string>;
  readonly tables: ReadonlyMap<string, Table>;
  readonly indexes: ReadonlyMap<string, Index>;
  readonly views: ReadonlyMap<string, View>;
  readonly sequences: ReadonlyMap<string, Sequence>;
  readonly enums: ReadonlyMap<string, readonly string[]>;
  readonly domains: ReadonlyMap<string, Domain>;
  readonly types: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, FunctionFact>;
  /** Relations born since `settle` was last called: nobody uses them yet, so locks on them block nobody. */
  readonly fresh: ReadonlyMap<string, true>;
  /** Columns (`schema.table.column`) that were added without a default since `settle` and not written to: every row has NULL. */
  readonly blank: ReadonlyMap<string, true>;
  /** Session settings changed by SET: `search_path`, `timezone`, `lock_timeout` … */
  readonly settings: ReadonlyMap<string, string>;
  readonly searchPath: readonly string[];
}

export const EMPTY_CATALOG: Catalog = {
  schemas: new Set(['public']),
  tables: new Map(),
  indexes: new Map(),
  views: new Map(),
  sequences: new Map(),
  enums: new Map(),
  domains: new Map(),
  types: new Set(),
  functions: new Map(),
  fresh: new Map(),
  blank: new Map(),
  settings: new Map(),
  searchPath: ['public'],
};

/** The key of a name in a schema. */
export function keyOf(schema: string, name: string): string {
  return `${schema}.${name}`;
}

type Namespace = 'tables' | 'indexes' | 'views' | 'sequences' | 'enums' | 'domains' | 'functions';

const RELATIONS: readonly Namespace[] = ['tables', 'views', 'sequences', 'indexes'];

/** Where a name leads: the first schema on the search path that has it, else where it would be created. */
export function resolveIn(catalog: Catalog, name: QualifiedName, namespaces: readonly Namespace[]): string {
  if (name.schema !== null) return keyOf(name.schema, name.name);
  for (const schema of catalog.searchPath) {
    const key = keyOf(schema, name.name);
    if (namespaces.some((namespace) => catalog[namespace].has(key))) return key;
  }
  return keyOf(creationSchema(catalog), name.name);
}

/** The key of a table, view, sequence or index. */
export function resolveRelation(catalog: Catalog, name: QualifiedName): string {
  return resolveIn(catalog, name, RELATIONS);
}

/** Where an unqualified name is created. */
export function creationSchema(catalog: Catalog): string {
  return catalog.searchPath.find((schema) => catalog.schemas.has(schema)) ?? catalog.searchPath[0] ?? 'public';
}

export function creationKey(catalog: Catalog, name: QualifiedName): string {
  return keyOf(name.schema ?? creationSchema(catalog), name.name);
}

/** The table a name leads to; undefined when the history never made it. */
export function findTable(catalog: Catalog, name: QualifiedName): Table | undefined {
  return catalog.tables.get(resolveRelation(catalog, name));
}

export function findDomain(catalog: Catalog, type: TypeName): Domain | undefined {
  return type.array ? undefined : catalog.domains.get(resolveIn(catalog, type, ['domains']));
}

/** Foreign keys of other (or the same) tables that point to a table. */
export function foreignKeysTo(catalog: Catalog, key: string): readonly { readonly table: Table; readonly constraint: TableConstraint }[] {
  const found: { table: Table; constraint: TableConstraint }[] = [];
  for (const table of catalog.tables.values()) {
    for (const constraint of table.constraints.values()) if (constraint.referenced === key) found.push({ table, constraint });
  }
  return found;
}

export function indexesOf(catalog: Catalog, key: string): readonly Index[] {
  return [...catalog.indexes.values()].filter((index) => index.table === key);
}

/** Direct partitions of a partitioned table. */
export function partitionsOf(catalog: Catalog, key: string): readonly Table[] {
  return [...catalog.tables.values()].filter((table) => table.partitionOf?.parent === key);
}

/** Views that read a relation, directly or through other views. */
export function viewsOn(catalog: Catalog, key: string): readonly View[] {
  const readers = new Map<string, View[]>();
  for (const view of catalog.views.values()) {
    for (const read of view.reads) readers.set(read, [...(readers.get(read) ?? []), view]);
  }
  const found = new Map<string, View>();
  const pending = [key];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const view of readers.get(next) ?? []) {
      if (found.has(view.key)) continue;
      found.set(view.key, view);
      pending.push(view.key);
    }
  }
  return [...found.values()];
}

/**
 * Sets of columns that no two rows of a table share: primary key, unique constraints, unique indexes without a predicate or
 * expression. `table` is a name as code writes it: `users` or `public.users`; unknown tables have none.
 */
export function uniqueColumnSets(catalog: Catalog, table: string): readonly (readonly string[])[] {
  const dot = table.indexOf('.');
  const name = dot === -1 ? { schema: null, name: table } : { schema: table.slice(0, dot), name: table.slice(dot + 1) };
  const key = resolveRelation(catalog, name);
  return indexesOf(catalog, key).flatMap((index) => {
    const columns = index.columns.flatMap((column) => column ?? []);
    return index.unique && !index.partial && columns.length === index.columns.length ? [columns] : [];
  });
}
