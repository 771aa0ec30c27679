import type { Span } from '../core/change-set.js';
import type { CatalogTest } from './condition.js';
import type { ColumnDefinition, Constraint, Expression, Identity, IndexElement, PartitionBound, PartitionKey, QualifiedName, TypeName } from './definition.js';

interface StepBase {
  /** The step's own place: a subcommand's where the parser knows it, else the whole statement's. */
  readonly span: Span;
  /** The whole statement, without its semicolon: as written, or as EXECUTE would put it together. In a DO block: the one inside it. */
  readonly statement: string;
  /** Where the whole statement stands, or what puts it together. */
  readonly statementSpan: Span;
  /** Whether the lines of `statementSpan` hold nothing but this statement and its semicolon: then they can be replaced. */
  readonly wholeLines: boolean;
  /** Set for a step inside a DO block: the block, which is what is sent to the server as one statement. */
  readonly block?: { readonly statement: string; readonly span: Span };
  /** Counts the statements sent within the direction from 0; a DO block is one with all its steps. */
  readonly statementIndex: number;
  /** Whether it runs only under a condition (inside IF, a loop or an exception block of a DO block). */
  readonly conditional?: boolean;
  /** What of these conditions is known: it runs only where all of them hold. See `openConditions`. */
  readonly tests?: readonly CatalogTest[];
}

interface OnTable {
  readonly table: QualifiedName;
  /** `ALTER TABLE IF EXISTS`. */
  readonly ifExists: boolean;
  /** `ALTER TABLE ONLY`: tables that inherit from it, and partitions, are left out. */
  readonly only?: boolean;
  /** What the statement calls it, where that is not a table: ALTER VIEW … ALTER COLUMN … SET DEFAULT. */
  readonly relation?: RelationKind;
}

interface OnColumn extends OnTable {
  readonly column: string;
}

/** What ALTER/DROP/RENAME/COMMENT may name beside tables. */
export type RelationKind = 'table' | 'view' | 'materialized-view' | 'sequence' | 'index' | 'foreign-table';

/** `LIKE table INCLUDING …`. */
export interface TableLike {
  readonly table: QualifiedName;
  readonly indexes: boolean;
  readonly constraints: boolean;
  readonly defaults: boolean;
  readonly identity?: boolean;
  readonly generated?: boolean;
  readonly comments?: boolean;
  readonly compression?: boolean;
  readonly statistics?: boolean;
  readonly storage?: boolean;
}

type TableStep =
  | {
      readonly kind: 'create-table';
      readonly table: QualifiedName;
      readonly columns: readonly ColumnDefinition[];
      /** Table constraints; inline ones stand at their columns. */
      readonly constraints: readonly Constraint[];
      readonly ifNotExists: boolean;
      readonly persistence: 'permanent' | 'unlogged' | 'temporary';
      readonly partitionBy: PartitionKey | null;
      readonly partitionOf: { readonly parent: QualifiedName; readonly bound: PartitionBound } | null;
      readonly inherits: readonly QualifiedName[];
      readonly like: readonly TableLike[];
      /** `OF type`. */
      readonly ofType?: TypeName;
      /** What is written behind the columns: USING, WITH, ON COMMIT, TABLESPACE, as SQL. */
      readonly options?: string;
      readonly foreign?: { readonly server: string; /** OPTIONS, as SQL, without the word. */ readonly options: string };
    }
  | {
      /** CREATE TABLE … AS and SELECT … INTO. */
      readonly kind: 'create-table-as';
      readonly table: QualifiedName;
      readonly ifNotExists: boolean;
      readonly temporary: boolean;
      readonly withData: boolean;
      readonly columns: readonly string[];
      readonly query: Query;
      readonly unlogged?: boolean;
      readonly options?: string;
    }
  | { readonly kind: 'drop-table'; readonly tables: readonly QualifiedName[]; readonly ifExists: boolean; readonly cascade: boolean; /** DROP FOREIGN TABLE. */ readonly foreign?: boolean }
  | ({ readonly kind: 'rename-relation'; readonly relation: RelationKind; readonly to: string } & OnTable)
  | ({ readonly kind: 'set-relation-schema'; readonly relation: RelationKind; readonly schema: string } & OnTable)
  | ({ readonly kind: 'set-persistence'; readonly unlogged: boolean } & OnTable)
  | ({ readonly kind: 'set-access-method'; readonly method: string | null } & OnTable)
  | ({ readonly kind: 'set-tablespace'; readonly relation: RelationKind; readonly tablespace: string } & OnTable)
  | ({ readonly kind: 'set-storage-parameters'; readonly relation: RelationKind; readonly parameters: readonly string[]; /** Names with their values, as SQL. */ readonly text?: string; readonly reset: boolean } & OnTable)
  /** CLUSTER ON, or null for SET WITHOUT CLUSTER. */
  | ({ readonly kind: 'set-cluster-index'; readonly index: string | null } & OnTable)
  | ({ readonly kind: 'set-replica-identity'; /** d (default), f (full), n (nothing), i (an index). */ readonly identity: string; readonly index?: string } & OnTable)
  | ({ readonly kind: 'set-owner'; readonly relation: RelationKind; /** As SQL. */ readonly owner: string } & OnTable)
  | ({ readonly kind: 'set-row-security'; readonly change: 'enable' | 'disable' | 'force' | 'no-force' } & OnTable)
  | ({ readonly kind: 'set-inheritance'; readonly parent: QualifiedName; readonly inherit: boolean } & OnTable)
  /** An ALTER under a brief ACCESS EXCLUSIVE that changes nothing modelled here: OF, NOT OF, OPTIONS. */
  | ({ readonly kind: 'alter-relation'; /** What stands behind the name, as SQL. */ readonly text: string } & OnTable)
  | ({ readonly kind: 'attach-partition'; readonly partition: QualifiedName; readonly bound: PartitionBound } & OnTable)
  | ({ readonly kind: 'detach-partition'; readonly partition: QualifiedName; readonly concurrently: boolean; readonly finalize: boolean } & OnTable)
  | { readonly kind: 'truncate'; readonly tables: readonly QualifiedName[]; readonly cascade: boolean; readonly restartIdentity: boolean }
  | { readonly kind: 'lock-table'; readonly tables: readonly QualifiedName[]; readonly mode: LockMode; readonly nowait?: boolean }
  | { readonly kind: 'cluster'; readonly table: QualifiedName | null; readonly index: string | null }
  | { readonly kind: 'vacuum'; readonly tables: readonly QualifiedName[]; readonly full: boolean; readonly analyze: boolean }
  | { readonly kind: 'analyze'; readonly tables: readonly QualifiedName[] };

type ColumnStep =
  | ({ readonly kind: 'add-column'; readonly column: ColumnDefinition; readonly ifNotExists: boolean } & OnTable)
  | ({ readonly kind: 'drop-column'; readonly columnIfExists: boolean; readonly cascade: boolean } & OnColumn)
  | ({ readonly kind: 'rename-column'; readonly relation: RelationKind; readonly to: string } & OnColumn)
  | ({ readonly kind: 'set-type'; readonly type: TypeName; readonly using: Expression | null; readonly collation: QualifiedName | null } & OnColumn)
  | ({ readonly kind: 'set-default'; readonly default: Expression } & OnColumn)
  | ({ readonly kind: 'drop-default' } & OnColumn)
  | ({ readonly kind: 'set-not-null' } & OnColumn)
  | ({ readonly kind: 'drop-not-null' } & OnColumn)
  | ({ readonly kind: 'add-identity'; readonly identity: Identity; /** Of its sequence, as SQL. */ readonly options?: string } & OnColumn)
  | ({ readonly kind: 'set-identity'; /** As SQL: `SET GENERATED ALWAYS RESTART`. */ readonly options?: string } & OnColumn)
  | ({ readonly kind: 'drop-identity'; readonly identityIfExists?: boolean } & OnColumn)
  | ({ readonly kind: 'set-expression'; readonly expression: Expression } & OnColumn)
  | ({ readonly kind: 'drop-expression'; readonly expressionIfExists?: boolean } & OnColumn)
  | ({ readonly kind: 'set-column-option'; readonly option: 'statistics' | 'storage' | 'compression' | 'options'; /** As SQL; of options without the parentheses. */ readonly value: string; readonly reset?: boolean } & OnColumn);

type ConstraintStep =
  | ({ readonly kind: 'add-constraint'; readonly constraint: Constraint } & OnTable)
  | ({ readonly kind: 'drop-constraint'; readonly constraint: string; readonly constraintIfExists: boolean; readonly cascade: boolean } & OnTable)
  | ({ readonly kind: 'validate-constraint'; readonly constraint: string } & OnTable)
  | ({ readonly kind: 'rename-constraint'; readonly constraint: string; readonly to: string } & OnTable)
  | ({ readonly kind: 'alter-constraint'; readonly constraint: string; /** null where it stays as it is. */ readonly deferrable: boolean | null; readonly initiallyDeferred: boolean | null; /** ENFORCED checks every row (Postgres 18). */ readonly enforced?: boolean; readonly inherit?: boolean } & OnTable);

type IndexStep =
  | {
      readonly kind: 'create-index';
      /** null when the server chooses the name. */
      readonly index: string | null;
      readonly table: QualifiedName;
      readonly method: string;
      readonly elements: readonly IndexElement[];
      readonly include: readonly string[];
      readonly unique: boolean;
      readonly nullsNotDistinct: boolean;
      readonly concurrently: boolean;
      readonly ifNotExists: boolean;
      /** `ON ONLY`: a partitioned table's partitions are left out. */
      readonly only: boolean;
      readonly predicate: Expression | null;
      /** WITH and TABLESPACE, as SQL. */
      readonly options?: string;
    }
  | { readonly kind: 'drop-index'; readonly indexes: readonly QualifiedName[]; readonly concurrently: boolean; readonly ifExists: boolean; readonly cascade: boolean }
  | { readonly kind: 'attach-index'; readonly index: QualifiedName; readonly partition: QualifiedName }
  | { readonly kind: 'reindex'; readonly scope: 'index' | 'table' | 'schema' | 'database' | 'system'; readonly name: QualifiedName | null; readonly concurrently: boolean; readonly tablespace?: string };

type TypeStep =
  | { readonly kind: 'create-enum'; readonly type: QualifiedName; readonly values: readonly string[] }
  | { readonly kind: 'add-enum-value'; readonly type: QualifiedName; readonly value: string; readonly ifNotExists: boolean; readonly neighbour: string | null; readonly after: boolean }
  | { readonly kind: 'rename-enum-value'; readonly type: QualifiedName; readonly value: string; readonly to: string }
  | { readonly kind: 'create-domain'; readonly domain: QualifiedName; readonly type: TypeName; readonly notNull: boolean; readonly default: Expression | null; readonly constraints: readonly Constraint[]; readonly collation?: QualifiedName }
  | { readonly kind: 'add-domain-constraint'; readonly domain: QualifiedName; readonly constraint: Constraint }
  | { readonly kind: 'drop-domain-constraint'; readonly domain: QualifiedName; readonly constraint: string; readonly ifExists?: boolean; readonly cascade?: boolean }
  | { readonly kind: 'validate-domain-constraint'; readonly domain: QualifiedName; readonly constraint: string }
  | { readonly kind: 'set-domain-not-null'; readonly domain: QualifiedName; readonly notNull: boolean }
  | { readonly kind: 'set-domain-default'; readonly domain: QualifiedName; readonly default: Expression | null }
  | { readonly kind: 'create-composite'; readonly type: QualifiedName; readonly columns: readonly ColumnDefinition[] }
  | { readonly kind: 'create-type'; readonly type: QualifiedName }
  | { readonly kind: 'rename-type'; readonly type: QualifiedName; readonly to: string; readonly domain?: boolean }
  | { readonly kind: 'set-type-schema'; readonly type: QualifiedName; readonly schema: string; readonly domain?: boolean }
  | { readonly kind: 'drop-type'; readonly types: readonly QualifiedName[]; readonly ifExists: boolean; readonly cascade: boolean; readonly domain?: boolean };

type ViewStep =
  | { readonly kind: 'create-view'; readonly view: QualifiedName; readonly replace: boolean; readonly temporary: boolean; readonly columns: readonly string[]; readonly query: Query; readonly recursive?: boolean; /** WITH (…), as SQL, without the word. */ readonly options?: string; readonly checkOption?: 'local' | 'cascaded' }
  | { readonly kind: 'create-materialized-view'; readonly view: QualifiedName; readonly ifNotExists: boolean; readonly withData: boolean; readonly query: Query; readonly columns?: readonly string[]; readonly options?: string }
  | { readonly kind: 'drop-view'; readonly views: readonly QualifiedName[]; readonly materialized: boolean; readonly ifExists: boolean; readonly cascade: boolean }
  | { readonly kind: 'refresh-materialized-view'; readonly view: QualifiedName; readonly concurrently: boolean; readonly withData: boolean };

type ProgramStep =
  | { readonly kind: 'create-trigger'; readonly trigger: string; readonly table: QualifiedName; readonly function: QualifiedName; readonly replace: boolean; readonly events: readonly string[]; readonly constraint: boolean; /** `FOR EACH ROW`; absent where not told. */ readonly eachRow?: boolean; /** `BEFORE`; absent where not told. */ readonly before?: boolean; /** The other table of a constraint trigger. */ readonly from?: QualifiedName }
  | { readonly kind: 'drop-trigger'; readonly trigger: string; readonly table: QualifiedName; readonly ifExists: boolean; readonly cascade: boolean }
  | ({ readonly kind: 'set-trigger'; /** null for ALL or USER. */ readonly trigger: string | null; readonly enabled: boolean; readonly all: boolean; /** USER, not ALL. */ readonly user?: boolean; readonly fires?: 'always' | 'replica' } & OnTable)
  | { readonly kind: 'rename-trigger'; readonly trigger: string; readonly table: QualifiedName; readonly to: string }
  | { readonly kind: 'create-policy'; readonly policy: string; readonly table: QualifiedName; /** Other relations that its conditions read. */ readonly reads?: readonly QualifiedName[] }
  | { readonly kind: 'alter-policy'; readonly policy: string; readonly table: QualifiedName; readonly reads?: readonly QualifiedName[] }
  | { readonly kind: 'drop-policy'; readonly policy: string; readonly table: QualifiedName; readonly ifExists: boolean; readonly cascade?: boolean }
  | { readonly kind: 'create-rule'; readonly rule: string; readonly table: QualifiedName; readonly replace: boolean; /** Relations that its actions write to and read. */ readonly writes?: readonly QualifiedName[]; readonly reads?: readonly QualifiedName[] }
  | { readonly kind: 'drop-rule'; readonly rule: string; readonly table: QualifiedName; readonly ifExists: boolean; readonly cascade?: boolean }
  | ({ readonly kind: 'set-rule'; readonly rule: string; readonly enabled: boolean; readonly fires?: 'always' | 'replica' } & OnTable)
  | { readonly kind: 'create-function'; readonly function: QualifiedName; readonly language: string; readonly volatility: 'volatile' | 'stable' | 'immutable'; readonly body: string; readonly replace: boolean; readonly procedure: boolean; /** Types of the arguments that tell functions of one name apart. */ readonly arguments?: readonly TypeName[] }
  | { readonly kind: 'drop-function'; readonly functions: readonly QualifiedName[]; /** Their argument types in the same order; null where none are written. */ readonly arguments?: readonly (readonly TypeName[] | null)[]; readonly ifExists: boolean; readonly cascade: boolean; readonly routine?: 'procedure' | 'routine' | 'aggregate' }
  | { readonly kind: 'create-sequence'; readonly sequence: QualifiedName; readonly ifNotExists: boolean; readonly ownedBy: { readonly table: QualifiedName; readonly column: string } | null; readonly persistence?: 'unlogged' | 'temporary'; /** All but OWNED BY, as SQL. */ readonly options?: string }
  | { readonly kind: 'alter-sequence'; readonly sequence: QualifiedName; readonly ifExists: boolean; readonly ownedBy: { readonly table: QualifiedName; readonly column: string } | null; /** `OWNED BY NONE`. */ readonly released?: boolean; readonly options?: string }
  | { readonly kind: 'drop-sequence'; readonly sequences: readonly QualifiedName[]; readonly ifExists: boolean; readonly cascade: boolean }
  | { readonly kind: 'create-statistics'; readonly table: QualifiedName }
  | { readonly kind: 'set-publication-tables'; readonly publication: string; readonly tables: readonly QualifiedName[]; readonly change: 'create' | 'add' | 'set' | 'drop' };

type SchemaStep =
  | { readonly kind: 'create-schema'; readonly schema: string; readonly ifNotExists: boolean; readonly owner?: string }
  | { readonly kind: 'drop-schema'; readonly schemas: readonly string[]; readonly ifExists: boolean; readonly cascade: boolean }
  | { readonly kind: 'rename-schema'; readonly schema: string; readonly to: string }
  | { readonly kind: 'create-extension'; readonly extension: string; readonly schema: string | null; readonly ifNotExists?: boolean; readonly version?: string; readonly cascade?: boolean }
  | { readonly kind: 'drop-extension'; readonly extensions: readonly string[]; readonly cascade: boolean; readonly ifExists?: boolean }
  | { readonly kind: 'drop-database'; readonly database: string; readonly ifExists?: boolean; readonly force?: boolean }
  | { readonly kind: 'comment'; readonly on: RelationKind | 'column' | 'constraint' | 'other'; readonly table: QualifiedName | null; /** The column's or constraint's name. */ readonly name?: string; /** null takes it away. */ readonly text?: string | null }
  | { readonly kind: 'grant'; readonly relations: readonly QualifiedName[]; readonly revoke: boolean };

/** A query's relations. */
export interface Query {
  readonly text: string;
  /** Relations it reads, names of its own WITH clauses left out. */
  readonly reads: readonly QualifiedName[];
  /** Relations it locks by FOR UPDATE and the like. */
  readonly locks: readonly QualifiedName[];
  /** Names of the columns it mentions anywhere; `*` when it takes every column of something. */
  readonly columns: readonly string[];
  /** The same with what stands before the dot; `*` as the column for all of it. */
  readonly mentions?: readonly ColumnMention[];
  /** Every relation in it, at any depth, by the name it goes by. */
  readonly aliases?: readonly { readonly alias: string; readonly relation: QualifiedName }[];
  readonly limited: boolean;
  /** What comes out and where from; absent where the query is more than one SELECT. */
  readonly shape?: QueryShape;
}

/** One column that a query gives: its name, and its type where it is a column's own or a cast's. */
export type QueryOutput =
  /** `*`, or `t.*` with the name before the dot. */
  | { readonly kind: 'all'; readonly of: string | null }
  | { readonly kind: 'column'; readonly name: string; readonly source: ColumnMention | null; readonly type: TypeName | null };

/** A column as a query writes it: the name or alias before the dot, and the column. */
export interface ColumnMention {
  readonly of: string | null;
  readonly column: string;
  /** Without a name before the dot: the names in FROM that it can mean, those of the innermost SELECT first. */
  readonly among?: readonly (readonly string[])[];
}

export interface QueryShape {
  readonly outputs: readonly QueryOutput[];
  /** The relations of FROM by the name they go by; those that are no relations (subqueries, functions, WITH) have null. */
  readonly from: readonly { readonly alias: string; readonly relation: QualifiedName | null }[];
}

/**
 * How many rows a write can touch: `all` (no predicate, or one that is always true), `some` (a predicate), `batch` (a
 * predicate with a LIMIT inside), `rows` (literal rows of an INSERT).
 */
export type Boundedness = 'all' | 'some' | 'batch' | 'rows';

type DataStep =
  | { readonly kind: 'insert'; readonly table: QualifiedName; readonly columns: readonly string[]; readonly rows: number | null; /** Columns that get NULL in every literal row. */ readonly nulls: readonly string[]; readonly query: Query | null; readonly onConflict: boolean; readonly boundedness: Boundedness; readonly reads: readonly QualifiedName[] }
  | { readonly kind: 'update'; readonly table: QualifiedName; readonly columns: readonly string[]; /** Those set to NULL or to themselves: no other row is looked up for them. */ readonly keeps?: readonly string[]; readonly predicate: Expression | null; /** Columns compared with `=` to something constant. */ readonly equals: readonly string[]; readonly boundedness: Boundedness; readonly reads: readonly QualifiedName[] }
  | { readonly kind: 'delete'; readonly table: QualifiedName; readonly predicate: Expression | null; readonly equals: readonly string[]; readonly boundedness: Boundedness; readonly reads: readonly QualifiedName[] }
  | { readonly kind: 'merge'; readonly table: QualifiedName; readonly reads: readonly QualifiedName[] }
  | { readonly kind: 'copy'; readonly table: QualifiedName | null; readonly from: boolean; readonly reads: readonly QualifiedName[] }
  | { readonly kind: 'select'; readonly query: Query; readonly functions: readonly QualifiedName[] };

type SessionStep =
  | { readonly kind: 'set-setting'; readonly setting: string; /** null for DEFAULT or RESET. */ readonly value: string | null; readonly local: boolean }
  | { readonly kind: 'transaction'; readonly action: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to'; /** The savepoint's name, where one is meant. */ readonly savepoint?: string }
  /** A DO block with no step of its own: guards, messages, reads of the server's catalogs. */
  | { readonly kind: 'do-block'; readonly language: string; readonly body: string }
  | { readonly kind: 'call'; readonly procedure: QualifiedName }
  /** Understood as SQL; takes no lock that matters and does not change what the catalog models. */
  | { readonly kind: 'raw'; /** The parser's name of the statement: `CreateRoleStmt`. */ readonly tag: string; /** Whether the server refuses it inside a transaction block. */ readonly outsideTransaction?: boolean; /** The table that it changes briefly. */ readonly alters?: QualifiedName }
  /** Not understood: neither safe nor unsafe. */
  | { readonly kind: 'opaque'; readonly reason: string };

export type StepBody = TableStep | ColumnStep | ConstraintStep | IndexStep | TypeStep | ViewStep | ProgramStep | SchemaStep | DataStep | SessionStep;

/** One schema operation or statement, the same for every framework and language. Narrow it by `kind`. */
export type Step = StepBase & StepBody;

export type StepKind = Step['kind'];

/** A step of one kind: `StepOf<'add-column'>`. */
export type StepOf<Kind extends StepKind> = Extract<Step, { readonly kind: Kind }>;

/** Postgres' own names, as in pg_locks. */
export type LockMode =
  | 'AccessShareLock'
  | 'RowShareLock'
  | 'RowExclusiveLock'
  | 'ShareUpdateExclusiveLock'
  | 'ShareLock'
  | 'ShareRowExclusiveLock'
  | 'ExclusiveLock'
  | 'AccessExclusiveLock';
