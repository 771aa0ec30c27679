/** A possibly schema-qualified name as the server reads it: unquoted parts are lower-cased, `schema` is null when not written. */
export interface QualifiedName {
  readonly schema: string | null;
  readonly name: string;
  /** Written with ONLY: without the tables that inherit from it, and without partitions. */
  readonly only?: boolean;
}

/** A type as the server reads it: `integer` is `int4`, `varchar(20)` is `varchar` with modifiers [20]. */
export interface TypeName {
  /** null for built-in types and for names written without a schema. */
  readonly schema: string | null;
  /** The server's own name: int2 int4 int8 float4 float8 bool varchar bpchar text timestamptz serial …, or a user's type. */
  readonly name: string;
  readonly modifiers: readonly number[];
  /** For an interval limited to some fields (`interval hour`): the server's mask of them. */
  readonly fields?: number;
  /** Modifiers as written where one is not a number: `Point, 4326`. */
  readonly detail?: string;
  /** Whether it is an array of that type. */
  readonly array: boolean;
  /** An array's dimensions where they are not plainly `[]`; null for one without a size. */
  readonly dimensions?: readonly (number | null)[];
}

/** An expression: its text and what decides whether it is volatile. */
export interface Expression {
  readonly text: string;
  /** Every function called in it, SQL's keyword functions included (`current_timestamp`). */
  readonly functions: readonly QualifiedName[];
  readonly columns: readonly string[];
  /** Types it casts to. */
  readonly casts: readonly TypeName[];
  readonly subquery: boolean;
  /** Set when it is nothing but (a cast of) a column: `v::text` is 'v'. */
  readonly column: string | null;
  /** Whether it is nothing but (a cast of) a literal or NULL. */
  readonly constant: boolean;
}

interface ConstraintBase {
  /** null when the server chooses the name. */
  readonly name: string | null;
}

export interface CheckConstraint extends ConstraintBase {
  readonly kind: 'check';
  readonly expression: Expression;
  /** Columns that are not null wherever the expression holds: `a IS NOT NULL AND b IS NOT NULL` is [a, b]. */
  readonly provesNotNull: readonly string[];
  readonly notValid: boolean;
  /** `NO INHERIT`: tables that inherit do not get it. */
  readonly noInherit?: boolean;
  /** `NOT ENFORCED` (Postgres 18): no row is ever checked. `notValid` is true as well. */
  readonly notEnforced?: boolean;
}

export interface ForeignKeyConstraint extends ConstraintBase {
  readonly kind: 'foreign-key';
  readonly columns: readonly string[];
  readonly referenced: QualifiedName;
  /** Empty: the referenced table's primary key. */
  readonly referencedColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly match: 'simple' | 'full';
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly notValid: boolean;
  /** `NOT ENFORCED` (Postgres 18). `notValid` is true as well. */
  readonly notEnforced?: boolean;
  /** `ON DELETE SET NULL (a, b)`: the columns that are set, where not all are. */
  readonly setColumns?: readonly string[];
  /** Whether the last column is a `PERIOD` (Postgres 18). */
  readonly period?: boolean;
}

export type ReferentialAction = 'no-action' | 'restrict' | 'cascade' | 'set-null' | 'set-default';

export interface UniqueConstraint extends ConstraintBase {
  readonly kind: 'unique' | 'primary-key';
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly nullsNotDistinct: boolean;
  /** The existing index it takes over (`USING INDEX`). */
  readonly usingIndex: string | null;
  readonly deferrable: boolean;
  readonly initiallyDeferred?: boolean;
  /** Whether the last column is compared by overlap (Postgres 18). */
  readonly withoutOverlaps?: boolean;
  /** Storage of its index, as SQL: `WITH (fillfactor = 70) USING INDEX TABLESPACE fast`. */
  readonly options?: string;
}

export interface ExcludeConstraint extends ConstraintBase {
  readonly kind: 'exclude';
  readonly method: string;
  readonly columns: readonly string[];
  /** Every element, expressions included. */
  readonly elements?: readonly IndexElement[];
  readonly predicate?: Expression | null;
  /** The parenthesised part and what follows, as written. */
  readonly text: string;
}

/** A named NOT NULL constraint (Postgres 18). */
export interface NotNullConstraint extends ConstraintBase {
  readonly kind: 'not-null';
  readonly column: string;
  readonly notValid: boolean;
  readonly noInherit?: boolean;
}

export type Constraint = CheckConstraint | ForeignKeyConstraint | UniqueConstraint | ExcludeConstraint | NotNullConstraint;

export type Identity = 'always' | 'by-default';

export interface Generated {
  readonly expression: Expression;
  readonly kind: 'stored' | 'virtual';
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: TypeName;
  /** Declared NOT NULL or PRIMARY KEY. */
  readonly notNull: boolean;
  readonly default: Expression | null;
  readonly identity: Identity | null;
  readonly generated: Generated | null;
  readonly collation: QualifiedName | null;
  /** Inline CHECK, UNIQUE, PRIMARY KEY and REFERENCES, each naming this column. */
  readonly constraints: readonly Constraint[];
  /** The name of its NOT NULL, where it has one. */
  readonly notNullName?: string;
  /** `NOT NULL NO INHERIT`. */
  readonly notNullNoInherit?: boolean;
  /** The options of the identity's sequence, as SQL. */
  readonly identityOptions?: string;
  readonly storage?: string;
  readonly compression?: string;
  /** OPTIONS of a foreign table's column, as SQL, without the word. */
  readonly foreignOptions?: string;
}

export interface IndexElement {
  /** null for an expression. */
  readonly column: string | null;
  readonly expression: Expression | null;
  /** The name that the server derives from an expression, for names of indexes: `lower` of `lower(email)`. */
  readonly label?: string;
  readonly collation: QualifiedName | null;
  readonly operatorClass: QualifiedName | null;
  /** The operator class's parameters, as SQL: `siglen='32'`. */
  readonly operatorClassOptions?: string;
  readonly order: 'asc' | 'desc' | null;
  readonly nulls: 'first' | 'last' | null;
}

/** `FOR VALUES …` as written, or `DEFAULT`. */
export interface PartitionBound {
  readonly default: boolean;
  readonly text: string;
}

export interface PartitionKey {
  readonly strategy: 'range' | 'list' | 'hash';
  /** null for an expression. */
  readonly columns: readonly (string | null)[];
  readonly text: string;
}
