import { indexesOf, keyOf, resolveRelation, type Table } from '../catalog.js';
import type { ColumnDefinition, Constraint } from '../definition.js';
import type { StepOf } from '../step.js';
import { isComparable } from './casts.js';
import { columnError } from './column-errors.js';
import { leaningOn } from './foreign-keys.js';
import { knownTable, withDescendants, type Work } from './work.js';

/** A table that gets a constraint: `column` where it is written at a column that is added with it. */
export interface Constrained {
  readonly key: string;
  readonly only: boolean;
  readonly column?: ColumnDefinition;
  /** Set where the table is created with it. */
  readonly born?: { readonly persistence: Table['persistence']; readonly partitioned: boolean };
}

type ForeignKey = Extract<Constraint, { kind: 'foreign-key' }>;
type Key = Extract<Constraint, { kind: 'unique' | 'primary-key' }>;

function mentioned(constraint: Constraint): readonly string[] {
  if (constraint.kind === 'check') return constraint.expression.columns;
  return constraint.kind === 'not-null' ? [constraint.column] : constraint.columns;
}

function missingColumn(table: Table, to: Constrained, columns: readonly string[]): string | undefined {
  return columns.find((column) => column !== to.column?.name && !table.columns.has(column));
}

/** Why the server cannot have a foreign key to a table whatever the rows are; null where it can, or nobody can tell. */
export function foreignKeyError(work: Work, to: Constrained, constraint: ForeignKey): string | null {
  const { catalog } = work;
  const { version } = work.target;
  const table = catalog.tables.get(to.key);
  const key = resolveRelation(catalog, constraint.referenced);
  const referenced = catalog.tables.get(key);
  if (catalog.views.has(key)) return `referenced relation "${constraint.referenced.name}" is not a table`;
  if (constraint.columns.some((column) => table?.columns.get(column)?.generated?.kind === 'virtual')) return 'foreign key constraints on virtual generated columns are not supported';
  const partitioned = to.born?.partitioned ?? table?.partitionBy != null;
  if (partitioned && version < 11) return 'foreign key constraints are not supported on partitioned tables';
  if (partitioned && constraint.notValid && version < 18 && to.column === undefined) return `cannot add NOT VALID foreign key on partitioned table "${table?.name ?? ''}"`;
  if (referenced === undefined) return null;
  if (referenced.partitionBy !== null && version < 12) return `cannot reference partitioned table "${referenced.name}"`;
  const persistence = to.born?.persistence ?? table?.persistence;
  if (persistence === 'permanent' && referenced.persistence !== 'permanent') return 'constraints on permanent tables may reference only permanent tables';
  if (persistence === 'unlogged' && referenced.persistence === 'temporary') return 'constraints on unlogged tables may reference only permanent or unlogged tables';
  // Another subcommand of the same statement may make the key first.
  if (key === to.key && to.column !== undefined) return null;
  return referenced.complete ? referencedKeyError(work, to, constraint, referenced) : null;
}

function referencedKeyError(work: Work, to: Constrained, constraint: ForeignKey, referenced: Table): string | null {
  const primary = [...referenced.constraints.values()].find((each) => each.definition.kind === 'primary-key')?.definition;
  const columns = constraint.referencedColumns.length > 0 ? constraint.referencedColumns : primary?.kind === 'primary-key' ? primary.columns : null;
  if (columns === null) return `there is no primary key for referenced table "${referenced.name}"`;
  const absent = columns.find((column) => !referenced.columns.has(column));
  if (absent !== undefined) return `column "${absent}" referenced in foreign key constraint does not exist`;
  if (columns.length !== constraint.columns.length) return 'number of referencing and referenced columns for foreign key disagree';
  const unique = indexesOf(work.catalog, referenced.key).some((index) => index.unique && !index.partial && index.columns.length === columns.length && columns.every((column) => index.columns.includes(column)));
  if (!unique) return `there is no unique constraint matching given keys for referenced table "${referenced.name}"`;
  return incomparable(work, to, work.catalog.tables.get(to.key), referenced, constraint.columns, columns);
}

// Columns of types that the server knows no equality between: neither turns into the other by itself.
function incomparable(work: Work, to: Constrained, table: Table | undefined, referenced: Table, own: readonly string[], theirs: readonly string[]): string | null {
  for (const [index, name] of own.entries()) {
    const one = name === to.column?.name ? to.column.type : table?.columns.get(name)?.type;
    const other = referenced.columns.get(theirs[index] ?? '')?.type;
    if (one === undefined || other === undefined) continue;
    if (isComparable(work.catalog, one, other) === 'no') return `foreign key constraint cannot be implemented: key columns "${name}" and "${theirs[index] ?? ''}" are of incompatible types`;
  }
  return null;
}

function usingIndexError(work: Work, table: Table, constraint: Key, name: string): string | null {
  const index = work.catalog.indexes.get(keyOf(table.schema, name));
  if (index === undefined) return table.complete ? `index "${name}" does not exist` : null;
  if (index.table !== table.key) return `"${name}" is not an index for table "${table.name}"`;
  if (index.constraint !== null) return `index "${name}" is already associated with a constraint`;
  if (!index.unique) return `"${name}" is not a unique index`;
  if (index.columns.includes(null)) return `index "${name}" contains expressions`;
  if (index.partial) return `"${name}" is a partial index`;
  if (table.partitionBy !== null) return 'ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables';
  const plain = index.elements.every((element) => element.order !== 'desc' && element.nulls !== 'first' && element.operatorClass === null && element.collation === null);
  return plain ? null : `index "${name}" column number 1 does not have default sorting behavior`;
}

/** Why a unique key of a partitioned table is refused: it does not say in which partition, at any depth, a row lies. */
export function partitionKeyLacking(work: Work, key: string, columns: readonly (string | null)[]): string | null {
  for (const each of withDescendants(work.catalog, key)) {
    const partitionBy = work.catalog.tables.get(each)?.partitionBy ?? null;
    if (partitionBy === null) continue;
    if (partitionBy.columns.includes(null)) return 'unique constraints cannot be used when partition keys include expressions';
    const lacking = partitionBy.columns.find((column) => !columns.includes(column));
    if (lacking != null) return `unique constraint on partitioned table must include all partitioning columns: "${lacking}" is missing`;
  }
  return null;
}

/** A partition that has another primary key of its own. */
function otherPrimaryKey(work: Work, key: string, columns: readonly string[]): string | undefined {
  return withDescendants(work.catalog, key).slice(1).flatMap((each) => work.catalog.tables.get(each) ?? []).find((part) => [...part.constraints.values()].some(({ definition }) => definition.kind === 'primary-key' && definition.columns.join() !== columns.join()))?.name;
}

function keyError(work: Work, to: Constrained, table: Table, constraint: Key): string | null {
  const twice = constraint.columns.find((column, index) => constraint.columns.indexOf(column) !== index);
  if (twice !== undefined) return `column "${twice}" appears twice in ${constraint.kind === 'unique' ? 'unique' : 'primary key'} constraint`;
  const { version } = work.target;
  if (constraint.nullsNotDistinct && version < 15) return 'NULLS NOT DISTINCT needs Postgres 15';
  if (constraint.include.length > 0 && version < 11) return 'INCLUDE needs Postgres 11';
  const primary = constraint.kind === 'primary-key' && [...table.constraints.values()].some((each) => each.definition.kind === 'primary-key');
  if (primary) return `multiple primary keys for table "${table.name}" are not allowed`;
  if (constraint.usingIndex !== null) return usingIndexError(work, table, constraint, constraint.usingIndex);
  if (table.partitionBy === null) return null;
  const own = constraint.kind === 'primary-key' ? otherPrimaryKey(work, table.key, constraint.columns) : undefined;
  if (own !== undefined) return `multiple primary keys for table "${own}" are not allowed`;
  if (version < 11) return `unique constraints are not supported on partitioned tables`;
  return partitionKeyLacking(work, table.key, constraint.columns);
}

function checkError(work: Work, to: Constrained, table: Table, constraint: Extract<Constraint, { kind: 'check' }>): string | null {
  if (constraint.expression.subquery) return 'cannot use subquery in check constraint';
  const children = withDescendants(work.catalog, table.key).length > 1;
  if (to.only && children && constraint.noInherit !== true) return 'constraint must be added to child tables too';
  return constraint.noInherit === true && table.partitionBy !== null ? `cannot add NO INHERIT constraint to partitioned table "${table.name}"` : null;
}

/** Why a constraint is refused whatever the rows are; null where it is not, or nobody can tell. */
export function constraintError(work: Work, to: Constrained, constraint: Constraint): string | null {
  if (constraint.kind === 'not-null' && work.target.version < 18) return 'named NOT NULL constraints need Postgres 18';
  const twice = constraint.kind === 'not-null' && work.catalog.tables.get(to.key)?.columns.get(constraint.column)?.notNull === true;
  if (twice && constraint.name !== null) return `cannot create not-null constraint "${constraint.name}" on column "${constraint.column}" of table "${work.catalog.tables.get(to.key)?.name ?? ''}": it has one already`;
  const known = knownTable(work, to.key);
  const table = work.catalog.tables.get(to.key);
  const missing = known === null ? undefined : missingColumn(known, to, mentioned(constraint));
  if (known !== null && missing !== undefined) return columnError(known, missing);
  const virtual = (column: string | null): boolean => column !== null && table?.columns.get(column)?.generated?.kind === 'virtual';
  if (constraint.kind === 'primary-key' && constraint.columns.some(virtual)) return 'primary keys on virtual generated columns are not supported';
  if ((constraint.kind === 'unique' || constraint.kind === 'exclude') && constraint.columns.some(virtual)) return 'unique constraints on virtual generated columns are not supported';
  if (table === undefined) return constraint.kind === 'unique' || constraint.kind === 'primary-key' ? (constraint.nullsNotDistinct && work.target.version < 15 ? 'NULLS NOT DISTINCT needs Postgres 15' : null) : null;
  if (constraint.name !== null && table.constraints.has(constraint.name)) return `constraint "${constraint.name}" for relation "${table.name}" already exists`;
  const named = constraint.kind === 'foreign-key' || constraint.kind === 'check' || constraint.kind === 'not-null' || constraint.name === null ? null : constraint.name;
  const key = keyOf(table.schema, named ?? '');
  const adopted = 'usingIndex' in constraint && constraint.usingIndex === named;
  if (named !== null && !adopted && (work.catalog.indexes.has(key) || work.catalog.tables.has(key))) return `relation "${named}" already exists`;
  switch (constraint.kind) {
    case 'foreign-key':
      return foreignKeyError(work, to, constraint);
    case 'check':
      return checkError(work, to, table, constraint);
    case 'unique':
    case 'primary-key':
      return keyError(work, to, table, constraint);
    case 'exclude':
      return table.partitionBy !== null && work.target.version < 17 ? 'exclusion constraints are not supported on partitioned tables' : null;
    default:
      return null;
  }
}

/** The column whose NOT NULL has this name by itself from Postgres 18 on, and whether it comes from a parent; null where there is none. */
export function declaredNotNull(work: Work, key: string, name: string): { readonly column: string; readonly inherited: boolean } | null {
  if (work.target.version < 18) return null;
  const table = work.catalog.tables.get(key);
  const column = [...(table?.columns.values() ?? [])].find((each) => each.notNull && name.startsWith(`${table?.name ?? ''}_${each.name}_not_null`));
  const parents = table?.partitionOf == null ? (table?.inherits ?? []) : [table.partitionOf.parent];
  if (column !== undefined) return { column: column.name, inherited: false };
  for (const parent of parents) {
    const found = parent === key ? null : declaredNotNull(work, parent, name);
    if (found !== null) return { ...found, inherited: true };
  }
  return null;
}

/** Whether it is the name that Postgres 18 gives what NOT NULL on a column declares. */
export function declaresNotNull(work: Work, key: string, name: string): boolean {
  return declaredNotNull(work, key, name) !== null;
}

/** Why the NOT NULL of a column stays. */
function keptNotNull(work: Work, key: string, step: StepOf<'drop-constraint'>): string | null {
  const declared = declaredNotNull(work, key, step.constraint);
  if (declared === null) return null;
  if (declared.inherited) return `cannot drop inherited constraint "${step.constraint}" of relation "${step.table.name}"`;
  const table = work.catalog.tables.get(key);
  const primary = [...(table?.constraints.values() ?? [])].some((each) => each.definition.kind === 'primary-key' && each.definition.columns.includes(declared.column));
  if (primary) return `column "${declared.column}" is in a primary key`;
  return table?.columns.get(declared.column)?.identity == null ? null : `column "${declared.column}" of relation "${step.table.name}" is an identity column`;
}

/** Why DROP CONSTRAINT is refused; null where it is not, or nobody can tell. */
export function dropConstraintError(work: Work, key: string, step: StepOf<'drop-constraint'>): string | null {
  const table = work.catalog.tables.get(key);
  const constraint = table?.constraints.get(step.constraint);
  if (constraint === undefined) {
    const kept = keptNotNull(work, key, step);
    if (kept !== null) return kept;
    return table?.complete === true && !step.constraintIfExists && !declaresNotNull(work, key, step.constraint) ? `constraint "${step.constraint}" of relation "${step.table.name}" does not exist` : null;
  }
  if (constraint.inherited) return `cannot drop inherited constraint "${step.constraint}" of relation "${step.table.name}"`;
  const { definition } = constraint;
  if (step.cascade || (definition.kind !== 'primary-key' && definition.kind !== 'unique')) return null;
  const [leaning] = leaningOn(work, key, definition.columns);
  return leaning === undefined ? null : `cannot drop constraint ${step.constraint} on table ${step.table.name} because other objects depend on it: constraint ${leaning.constraint} on table ${leaning.table}`;
}
