import { childrenOf, resolveRelation, sequencesOf, type Catalog } from '../catalog.js';
import type { ColumnDefinition } from '../definition.js';
import { isSerial } from '../fold/columns.js';
import { viewsOnColumn } from '../fold/views.js';
import type { StepOf } from '../step.js';
import { addedConstraint } from './constraints.js';
import { lockNamedSequences } from './data.js';
import { lockForeignKeyPartners } from './foreign-keys.js';
import { columnError, dropColumnError, newColumnError } from './column-errors.js';
import { alters, reached } from './reach.js';
import { provenByCheck } from './proven.js';
import { isConstrainedDomain, isVolatile } from './volatility.js';
import { isPartitioned, knownTable, lock, lockAll, refuse, rewriteAll, scan, type Work } from './work.js';

const EXCLUSIVE = 'AccessExclusiveLock';

/** No default, or one that says NULL. */
export function isNullConstant(definition: ColumnDefinition): boolean {
  return definition.default === null || /^null(?:\s*::.*)?$/is.test(definition.default.text.trim());
}

/** Why adding this column writes every row anew; null when it does not. */
export function rewriteReason(catalog: Catalog, definition: ColumnDefinition, version: number): 'volatile-default' | 'default-before-11' | 'identity' | 'serial' | 'generated' | 'domain' | null {
  if (definition.generated?.kind === 'stored') return 'generated';
  if (definition.identity !== null) return 'identity';
  if (isSerial(definition.type)) return 'serial';
  if (isConstrainedDomain(catalog, definition.type)) return 'domain';
  if (definition.default === null || isNullConstant(definition)) return null;
  if (isVolatile(catalog, definition.default, version) !== 'no') return 'volatile-default';
  return version < 11 ? 'default-before-11' : null;
}

export function addColumnEffect(work: Work, step: StepOf<'add-column'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const { column } = step;
  const present = work.catalog.tables.get(key)?.columns.has(column.name) === true;
  if (present && step.ifNotExists) {
    lock(work, key, EXCLUSIVE);
    if (work.catalog.tables.get(key)?.partitionOf != null) refuse(work, 'cannot add column to a partition');
    return;
  }
  const tables = reached(work, step, 'tree');
  lockAll(work, tables, EXCLUSIVE);
  const error = newColumnError(work, key, step);
  if (error !== null) refuse(work, error);
  const reason = rewriteReason(work.catalog, column, work.target.version);
  if (reason !== null) rewriteAll(work, tables);
  if (reason === 'volatile-default') lockNamedSequences(work, column.default?.text ?? '');
  // For the sequence that belongs to it.
  if (reason === 'serial' || reason === 'identity') lock(work, key, 'AccessShareLock');
  if (reason === 'volatile-default' && column.default !== null && isVolatile(work.catalog, column.default) === 'unknown') work.guessed = true;
  for (const constraint of column.constraints) {
    // A new column without a default holds only NULL, which every foreign key accepts.
    const unchecked = constraint.kind === 'foreign-key' && column.default === null;
    addedConstraint(work, { key, only: step.only === true, column }, unchecked ? { ...constraint, notValid: true } : constraint);
  }
}

export function dropColumnEffect(work: Work, step: StepOf<'drop-column'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const table = knownTable(work, key);
  if (table !== null && !table.columns.has(step.column)) {
    lock(work, key, EXCLUSIVE);
    if (!step.columnIfExists) refuse(work, columnError(table, step.column));
    return;
  }
  const error = dropColumnError(work, key, step);
  if (error !== null) refuse(work, error);
  const tables = reached(work, step, 'tree');
  lockAll(work, tables, EXCLUSIVE);
  // With ONLY the direct children learn that the column is theirs from now on.
  if (step.only === true) for (const child of childrenOf(work.catalog, key)) lock(work, child.key, EXCLUSIVE);
  for (const each of tables) {
    lockForeignKeyPartners(work, each, [step.column], step.cascade);
    if (step.cascade) for (const view of viewsOnColumn(work.catalog, each, step.column)) lock(work, view, EXCLUSIVE);
    for (const sequence of sequencesOf(work.catalog, each)) if (sequence.ownedBy?.column === step.column) lock(work, sequence.key, EXCLUSIVE);
  }
}

export function setNotNullEffect(work: Work, step: StepOf<'set-not-null'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const { version } = work.target;
  const already = work.catalog.tables.get(key)?.columns.get(step.column)?.notNull === true;
  const passedDown = already && (version >= 18 || (version >= 12 && isPartitioned(work, key)));
  const tables = passedDown ? [key] : reached(work, step, 'tree');
  lockAll(work, tables, EXCLUSIVE);
  refuseUnknownColumn(work, key, step.column);
  if (step.only === true && isPartitioned(work, key) && !already && childrenOf(work.catalog, key).length > 0) refuse(work, 'constraint must be added to child tables too');
  for (const each of tables) {
    const table = work.catalog.tables.get(each);
    if (table?.partitionBy != null || table?.columns.get(step.column)?.notNull === true) continue;
    if (version < 12 || !provenByCheck(table, step.column)) scan(work, each);
  }
}

export function dropNotNullEffect(work: Work, step: StepOf<'drop-not-null'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const table = work.catalog.tables.get(key);
  const column = table?.columns.get(step.column);
  const nullable = column !== undefined && !column.notNull;
  lockAll(work, work.target.version >= 18 && nullable ? [key] : reached(work, step, 'tree'), EXCLUSIVE);
  refuseUnknownColumn(work, key, step.column);
  if (column?.identity != null) refuse(work, `column "${step.column}" of relation "${step.table.name}" is an identity column`);
  const parent = table?.partitionOf == null ? undefined : work.catalog.tables.get(table.partitionOf.parent);
  if (parent?.columns.get(step.column)?.notNull === true) refuse(work, `column "${step.column}" is marked NOT NULL in parent table`);
  const inPrimaryKey = (each: string): boolean => [...(work.catalog.tables.get(each)?.constraints.values() ?? [])].some(({ definition }) => definition.kind === 'primary-key' && definition.columns.includes(step.column));
  if ((work.target.version >= 18 ? [key] : reached(work, step, 'tree')).some(inPrimaryKey)) refuse(work, `column "${step.column}" is in a primary key`);
}

/** The server knows the column for certain not to be there. */
export function refuseUnknownColumn(work: Work, key: string, column: string): void {
  const table = knownTable(work, key);
  if (table !== null && !table.columns.has(column)) refuse(work, columnError(table, column));
}

export function defaultEffect(work: Work, step: StepOf<'set-default' | 'drop-default'>): void {
  alters(EXCLUSIVE, 'tree')(work, step);
  const key = resolveRelation(work.catalog, step.table);
  refuseUnknownColumn(work, key, step.column);
  const column = work.catalog.tables.get(key)?.columns.get(step.column);
  if (column?.identity != null) refuse(work, `column "${step.column}" of relation "${step.table.name}" is an identity column`);
  if (column?.generated != null) refuse(work, `column "${step.column}" of relation "${step.table.name}" is a generated column`);
}

export function renameColumnEffect(work: Work, step: StepOf<'rename-column'>): void {
  alters(EXCLUSIVE, 'tree')(work, step);
  const key = resolveRelation(work.catalog, step.table);
  refuseUnknownColumn(work, key, step.column);
  const table = work.catalog.tables.get(key);
  if (table?.columns.has(step.to) === true) refuse(work, `column "${step.to}" of relation "${step.table.name}" already exists`);
  if (table?.columns.get(step.column)?.inherited === true) refuse(work, `cannot rename inherited column "${step.column}"`);
}

type Identity = StepOf<'add-identity' | 'set-identity' | 'drop-identity'>;

export function identityEffect(work: Work, step: Identity): void {
  const key = resolveRelation(work.catalog, step.table);
  lockAll(work, reached(work, step, work.target.version >= 17 ? 'partitions' : 'alone'), EXCLUSIVE);
  refuseUnknownColumn(work, key, step.column);
  const column = work.catalog.tables.get(key)?.columns.get(step.column);
  if (column === undefined) return;
  const place = `column "${step.column}" of relation "${step.table.name}"`;
  if (step.kind === 'add-identity') {
    lock(work, key, 'AccessShareLock');
    if (column.identity !== null) refuse(work, `${place} is already an identity column`);
    else if (column.default !== null) refuse(work, `${place} already has a default value`);
    else if (work.target.version >= 17 && work.catalog.tables.get(key)?.partitionOf != null) refuse(work, 'cannot add identity to a column of a partition');
    else if (!column.notNull) refuse(work, `${place} must be declared NOT NULL before identity can be added`);
    return;
  }
  if (step.kind === 'drop-identity' && work.target.version >= 17 && work.catalog.tables.get(key)?.partitionOf != null) refuse(work, 'cannot drop identity from a column of a partition');
  if (column.identity === null) {
    if (step.kind === 'set-identity' || step.identityIfExists !== true) refuse(work, `${place} is not an identity column`);
    return;
  }
  for (const sequence of sequencesOf(work.catalog, key)) {
    if (sequence.ownedBy?.column === step.column) lock(work, sequence.key, step.kind === 'set-identity' ? 'ShareRowExclusiveLock' : EXCLUSIVE);
  }
}

export function expressionEffect(work: Work, step: StepOf<'set-expression' | 'drop-expression'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const tables = reached(work, step, 'tree');
  lockAll(work, tables, EXCLUSIVE);
  refuseUnknownColumn(work, key, step.column);
  const { version } = work.target;
  if (step.kind === 'set-expression' && version < 17) refuse(work, 'ALTER COLUMN … SET EXPRESSION needs Postgres 17');
  if (step.kind === 'drop-expression' && version < 13) refuse(work, 'ALTER COLUMN … DROP EXPRESSION needs Postgres 13');
  const column = work.catalog.tables.get(key)?.columns.get(step.column);
  if (step.kind === 'drop-expression' && column?.inherited === true) refuse(work, 'cannot drop generation expression from inherited column');
  if (column === undefined) {
    if (step.kind === 'set-expression') rewriteAll(work, tables);
    work.guessed = true;
    return;
  }
  if (column.generated === null) {
    if (step.kind === 'set-expression' || step.expressionIfExists !== true) refuse(work, `column "${step.column}" of relation "${step.table.name}" is not a generated column`);
    return;
  }
  if (step.kind === 'drop-expression' && column.generated.kind === 'virtual') refuse(work, 'ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns');
  if (step.kind === 'set-expression' && column.generated.kind === 'stored') rewriteAll(work, tables);
}
