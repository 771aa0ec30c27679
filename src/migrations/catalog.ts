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
  readonly triggers: ReadonlySet<string>;
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
  readonly functions: ReadonlyMap<string, { readonly volatility: 'volatile' | 'stable' | 'immutable'; readonly language: string }>;
  /** Relations born since `settle` was last called: nobody uses them yet, so locks on them block nobody. */
  readonly fresh: ReadonlySet<string>;
  /** Session settings changed by SET: `search_path`, `timezone`, `lock_timeout` … */
  readonly settings: ReadonlyMap<string, string>;
  readonly searchPath: readonly string[];
}
