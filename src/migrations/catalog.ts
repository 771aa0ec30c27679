import type { ColumnDefinition, Constraint, Expression, Identity, IndexElement, PartitionBound, PartitionKey, QualifiedName, TypeName } from './definition.js';
import { grouped } from './fold/layered-map.js';

/** A column as the history left it. */
export interface Column {
  readonly name: string;
  readonly type: TypeName;
  readonly notNull: boolean;
  readonly default: Expression | null;
  readonly identity: Identity | null;
  readonly generated: ColumnDefinition['generated'];
  readonly collation: QualifiedName | null;
  /** Whether it comes from a parent table and was not declared on this one too. */
  readonly inherited: boolean;
}

/** A constraint under the name it has on the server, and whether the rows that were there have been checked. */
export interface TableConstraint {
  readonly name: string;
  readonly definition: Constraint;
  readonly valid: boolean;
  /** For a foreign key: the key of the referenced table. */
  readonly referenced: string | null;
  /** Whether it comes from a parent table. */
  readonly inherited: boolean;
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
  readonly policies: ReadonlySet<string>;
  /** The statements that made or last changed them, by their names. */
  readonly policyTexts?: ReadonlyMap<string, string>;
  readonly rules: ReadonlySet<string>;
  /** Whether row level security is enabled, and whether for the owner too. */
  readonly rowSecurity: 'off' | 'on' | 'forced';
  readonly partitionBy: PartitionKey | null;
  readonly partitionOf: { readonly parent: string; readonly bound: PartitionBound } | null;
  readonly inherits: readonly string[];
  readonly persistence: 'permanent' | 'unlogged' | 'temporary';
  /** False when its columns are only partly known (LIKE an unknown table, CREATE TABLE AS, a history that starts later). */
  readonly complete: boolean;
  /** Whether it comes from a schema dump that may know of the history's changes already: what is there is not made twice. */
  readonly dumped?: boolean;
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
  /** The same with operator classes, order and expressions, as written. */
  readonly elements: readonly IndexElement[];
  readonly include: readonly string[];
  /** Every column that an expression or the predicate mentions. */
  readonly mentions: readonly string[];
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly partial: boolean;
  readonly predicate: Expression | null;
  /** False for an index of a partitioned table (`ON ONLY`) that not every partition has yet: no query uses it. */
  readonly valid: boolean;
  /** The name of the constraint that owns it. */
  readonly constraint: string | null;
  /** The key of the partitioned table's index that it is a part of. */
  readonly parent: string | null;
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
  /** The columns it depends on, as `schema.table.column`, where its query and the tables tell; null where they do not. */
  readonly uses: ReadonlySet<string> | null;
  /** Its own columns; null where they cannot be told. */
  readonly outputs: readonly ViewColumn[] | null;
  readonly query: string;
}

/** A column of a view; its type where it is a column's own or a cast's. */
export interface ViewColumn {
  readonly name: string;
  readonly type: TypeName | null;
  readonly collation: QualifiedName | null;
}

export interface Domain {
  readonly key: string;
  readonly type: TypeName;
  readonly notNull: boolean;
  readonly default: Expression | null;
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
  /** The argument types of each function of this name: `int4,text`. */
  readonly signatures: readonly string[];
}

/** What a ROLLBACK goes back to. */
export interface Undo {
  /** The catalog at BEGIN. */
  readonly start: Catalog;
  readonly savepoints: readonly { readonly name: string; readonly catalog: Catalog }[];
  /** Whether it is the server's own around one string of statements: then what follows a COMMIT is a transaction again. */
  readonly implicit: boolean;
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
  /** Composite types with their attributes. */
  readonly composites: ReadonlyMap<string, readonly ColumnDefinition[]>;
  /** Every other type: ranges, base types; composite ones too. */
  readonly types: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, FunctionFact>;
  /** The keys of the tables that extended statistics are about, by their own. */
  readonly statistics?: ReadonlyMap<string, string>;
  /** The keys of the tables that publications name, by their own names. */
  readonly publications?: ReadonlyMap<string, readonly string[]>;
  /** Relations born since `settle` was last called: nobody uses them yet, so locks on them block nobody. */
  readonly fresh: ReadonlyMap<string, true>;
  /** Columns (`schema.table.column`) that were added without a default since `settle` and not written to: every row has NULL. */
  readonly blank: ReadonlyMap<string, true>;
  /** Session settings changed by SET: `search_path`, `timezone`, `lock_timeout` … */
  readonly settings: ReadonlyMap<string, string>;
  readonly searchPath: readonly string[];
  /** Names of the settings that SET LOCAL changed, with what they go back to when the transaction ends (null: unset). */
  readonly localSettings: ReadonlyMap<string, string | null>;
  /** The open transaction; null outside of one. */
  readonly undo: Undo | null;
}

export const EMPTY_CATALOG: Catalog = {
  schemas: new Set(['public']),
  tables: new Map(),
  indexes: new Map(),
  views: new Map(),
  sequences: new Map(),
  enums: new Map(),
  domains: new Map(),
  composites: new Map(),
  types: new Set(),
  functions: new Map(),
  fresh: new Map(),
  blank: new Map(),
  settings: new Map(),
  searchPath: ['public'],
  localSettings: new Map(),
  undo: null,
};

/** The key of a name in a schema. */
export function keyOf(schema: string, name: string): string {
  return `${schema}.${name}`;
}

type Namespace = 'tables' | 'indexes' | 'views' | 'sequences' | 'enums' | 'domains' | 'composites' | 'functions';

const RELATIONS: readonly Namespace[] = ['tables', 'views', 'sequences', 'indexes'];

/** The schema of temporary relations: the server looks there first, except for functions. */
export const TEMPORARY = 'pg_temp';

/** Where a name leads: the first schema on the search path that has it, else where it would be created. */
export function resolveIn(catalog: Catalog, name: QualifiedName, namespaces: readonly Namespace[]): string {
  if (name.schema !== null) return keyOf(name.schema, name.name);
  const path = namespaces.includes('functions') ? catalog.searchPath : [TEMPORARY, ...catalog.searchPath];
  for (const schema of path) {
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

function referencedBy(table: Table): readonly string[] {
  return [...table.constraints.values()].flatMap((constraint) => constraint.referenced ?? []);
}

/** Foreign keys of other (or the same) tables that point to a table. */
export function foreignKeysTo(catalog: Catalog, key: string): readonly { readonly table: Table; readonly constraint: TableConstraint }[] {
  return grouped(catalog.tables, referencedBy, key).flatMap((table) => [...table.constraints.values()].flatMap((constraint) => (constraint.referenced === key ? [{ table, constraint }] : [])));
}

function tableOf(index: Index): readonly string[] {
  return [index.table];
}

export function indexesOf(catalog: Catalog, key: string): readonly Index[] {
  return grouped(catalog.indexes, tableOf, key);
}

function ownerOf(sequence: Sequence): readonly string[] {
  return sequence.ownedBy === null ? [] : [sequence.ownedBy.table];
}

/** Sequences that belong to columns of a table. */
export function sequencesOf(catalog: Catalog, key: string): readonly Sequence[] {
  return grouped(catalog.sequences, ownerOf, key);
}

function partitionParent(table: Table): readonly string[] {
  return table.partitionOf === null ? [] : [table.partitionOf.parent];
}

/** Direct partitions of a partitioned table. */
export function partitionsOf(catalog: Catalog, key: string): readonly Table[] {
  return grouped(catalog.tables, partitionParent, key);
}

function parentsOf(table: Table): readonly string[] {
  return table.partitionOf === null ? table.inherits : [table.partitionOf.parent, ...table.inherits];
}

/** Direct partitions and tables that inherit from a table. */
export function childrenOf(catalog: Catalog, key: string): readonly Table[] {
  return grouped(catalog.tables, parentsOf, key);
}

function readsOf(view: View): readonly string[] {
  return view.reads;
}

/** Views that read a relation, directly or through other views. */
export function viewsOn(catalog: Catalog, key: string): readonly View[] {
  const found = new Map<string, View>();
  const pending = [key];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const view of grouped(catalog.views, readsOf, next)) {
      if (found.has(view.key)) continue;
      found.set(view.key, view);
      pending.push(view.key);
    }
  }
  return [...found.values()];
}

/** Views whose own query reads a relation. */
export function directViewsOn(catalog: Catalog, key: string): readonly View[] {
  return grouped(catalog.views, readsOf, key);
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
