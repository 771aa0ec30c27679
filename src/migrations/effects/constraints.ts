import { foreignKeysTo, keyOf, resolveRelation, type Catalog } from '../catalog.js';
import type { Constraint } from '../definition.js';
import { mentionsColumn } from '../fold/constraints.js';
import type { LockMode, StepOf } from '../step.js';
import { buildIndex, lock, lockTree, refuse, scan, scanTree, withRows, type Work } from './work.js';

/**
 * Locks the tables at the other end of foreign keys that use some columns of a table: those it references, and with
 * `referrers` those that reference it. `scans`: the keys are checked again.
 */
export function lockForeignKeyPartners(work: Work, key: string, columns: readonly string[], mode: LockMode, referrers: boolean, scans = false): void {
  const table = work.catalog.tables.get(key);
  for (const constraint of table?.constraints.values() ?? []) {
    if (constraint.referenced === null || !columns.some((column) => mentionsColumn(constraint.definition, column))) continue;
    lock(work, constraint.referenced, mode);
    if (scans && constraint.valid) scan(work, constraint.referenced);
  }
  if (!referrers) return;
  for (const { table: child, constraint } of foreignKeysTo(work.catalog, key)) {
    if (constraint.definition.kind !== 'foreign-key' || !referencedColumns(work.catalog, key, constraint.definition).some((column) => columns.includes(column))) continue;
    lock(work, child.key, mode);
    if (scans && constraint.valid) scan(work, child.key);
  }
}

function primaryKey(catalog: Catalog, key: string): readonly string[] {
  for (const each of catalog.tables.get(key)?.constraints.values() ?? []) if (each.definition.kind === 'primary-key') return each.definition.columns;
  return [];
}

function referencedColumns(catalog: Catalog, key: string, constraint: Extract<Constraint, { kind: 'foreign-key' }>): readonly string[] {
  return constraint.referencedColumns.length > 0 ? constraint.referencedColumns : primaryKey(catalog, key);
}

function indexColumnsNotNull(work: Work, key: string, index: string): boolean {
  const table = work.catalog.tables.get(key);
  const found = work.catalog.indexes.get(keyOf(table?.schema ?? 'public', index));
  return found !== undefined && found.columns.every((column) => column !== null && table?.columns.get(column)?.notNull === true);
}

function addedKey(work: Work, key: string, constraint: Extract<Constraint, { kind: 'unique' | 'primary-key' }>): void {
  lockTree(work, key, 'AccessExclusiveLock');
  if (constraint.usingIndex === null) {
    buildIndex(work, key);
    scanTree(work, key);
  } else if (constraint.kind === 'primary-key' && !indexColumnsNotNull(work, key, constraint.usingIndex)) scanTree(work, key);
}

/** What adding a constraint takes: on its table, and on the table that a foreign key references. */
export function addedConstraint(work: Work, key: string, constraint: Constraint): void {
  switch (constraint.kind) {
    case 'foreign-key': {
      const referenced = resolveRelation(work.catalog, constraint.referenced);
      lockTree(work, key, 'ShareRowExclusiveLock');
      lockTree(work, referenced, 'ShareRowExclusiveLock');
      if (constraint.notValid) return;
      lock(work, referenced, 'RowShareLock');
      scanTree(work, key);
      // Nothing to compare where the referencing table is born in this change, or every row has NULL.
      const blank = constraint.columns.some((column) => work.catalog.blank.has(`${key}.${column}`));
      if (!blank && withRows(work.catalog, key).some((each) => !work.catalog.fresh.has(each))) scanTree(work, referenced);
      return;
    }
    case 'check':
      lockTree(work, key, 'AccessExclusiveLock');
      if (!constraint.notValid) scanTree(work, key);
      return;
    case 'not-null':
      lockTree(work, key, 'AccessExclusiveLock');
      if (work.target.version < 18) refuse(work, 'named NOT NULL constraints need Postgres 18');
      if (!constraint.notValid && work.catalog.tables.get(key)?.columns.get(constraint.column)?.notNull !== true) scanTree(work, key);
      return;
    case 'exclude':
      lockTree(work, key, 'AccessExclusiveLock');
      buildIndex(work, key);
      scanTree(work, key);
      return;
    case 'unique':
    case 'primary-key':
      if (constraint.nullsNotDistinct && work.target.version < 15) refuse(work, 'NULLS NOT DISTINCT needs Postgres 15');
      addedKey(work, key, constraint);
  }
}

export function dropConstraintEffect(work: Work, step: StepOf<'drop-constraint'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const constraint = work.catalog.tables.get(key)?.constraints.get(step.constraint);
  lockTree(work, key, 'AccessExclusiveLock');
  if (constraint?.referenced != null) lock(work, constraint.referenced, 'AccessExclusiveLock');
  const { definition } = constraint ?? {};
  if (step.cascade && (definition?.kind === 'primary-key' || definition?.kind === 'unique')) {
    lockForeignKeyPartnersOf(work, key, definition.columns);
  }
}

function lockForeignKeyPartnersOf(work: Work, key: string, columns: readonly string[]): void {
  for (const { table, constraint } of foreignKeysTo(work.catalog, key)) {
    if (constraint.definition.kind !== 'foreign-key') continue;
    const target = referencedColumns(work.catalog, key, constraint.definition);
    if (target.every((column) => columns.includes(column))) lock(work, table.key, 'AccessExclusiveLock');
  }
}

export function validateConstraintEffect(work: Work, step: StepOf<'validate-constraint'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const constraint = work.catalog.tables.get(key)?.constraints.get(step.constraint);
  lockTree(work, key, 'ShareUpdateExclusiveLock');
  if (constraint === undefined) work.guessed = true;
  if (constraint?.valid === true) return;
  scanTree(work, key);
  if (constraint?.referenced == null) return;
  lock(work, constraint.referenced, 'RowShareLock');
  scanTree(work, constraint.referenced);
}
