import { keyOf, resolveRelation, type Index, type TableConstraint } from '../catalog.js';
import type { Constraint } from '../definition.js';
import type { LockMode, StepOf } from '../step.js';
import { constraintError, declaredNotNull, declaresNotNull, dropConstraintError, type Constrained } from './constraint-errors.js';
import { isLax, leaningOn } from './foreign-keys.js';
import { provenByCheck } from './proven.js';
import { reached } from './reach.js';
import { buildIndex, holdingRows, isPartitioned, lock, lockAll, refuse, scan, scanAll, withDescendants, withPartitions, type Work } from './work.js';

const EXCLUSIVE = 'AccessExclusiveLock';

// From 18 on tables that inherit are locked along, though they do not get the constraint.
function lockChildren(work: Work, to: Constrained, mode: LockMode): void {
  if (work.target.version >= 18 && !to.only && to.column === undefined) lockAll(work, withDescendants(work.catalog, to.key), mode);
}

type KeyConstraint = Extract<Constraint, { kind: 'unique' | 'primary-key' }>;

/** Columns of a new primary key that may hold NULL now: the server sets them NOT NULL, and reads the table for it. */
function nullableColumns(work: Work, to: Constrained, columns: readonly (string | null)[]): boolean {
  const table = work.catalog.tables.get(to.key);
  const proven = (column: string): boolean => work.target.version >= 12 && provenByCheck(table, column);
  return columns.some((column) => column !== null && column !== to.column?.name && table?.columns.get(column)?.notNull !== true && !proven(column));
}

function takenOver(work: Work, key: string, name: string): Index | undefined {
  return work.catalog.indexes.get(keyOf(work.catalog.tables.get(key)?.schema ?? 'public', name));
}

function addedKey(work: Work, to: Constrained, constraint: KeyConstraint): void {
  const { key } = to;
  lock(work, key, EXCLUSIVE);
  lockChildren(work, to, EXCLUSIVE);
  const primary = constraint.kind === 'primary-key';
  if (constraint.usingIndex !== null) {
    const index = takenOver(work, key, constraint.usingIndex);
    if (primary && (index === undefined || nullableColumns(work, to, index.columns))) setNotNull(work, to, index?.columns ?? []);
    return;
  }
  const tables = to.only ? [key] : withPartitions(work.catalog, key);
  for (const each of tables) buildIndex(work, each);
  scanAll(work, tables);
  // Checked by a trigger.
  if (constraint.deferrable) lockAll(work, tables, 'ShareRowExclusiveLock');
  if (primary) setNotNull(work, to, constraint.columns);
}

// What a primary key says of NULL holds for partitions and children too.
function setNotNull(work: Work, to: Constrained, columns: readonly (string | null)[]): void {
  const nullable = columns.length === 0 || nullableColumns(work, to, columns);
  if (!nullable && (work.target.version < 12 || isPartitioned(work, to.key))) return;
  const tables = to.only && work.target.version >= 12 ? [to.key] : withDescendants(work.catalog, to.key);
  lockAll(work, tables, EXCLUSIVE);
  for (const each of holdingRows(work.catalog, tables)) if (nullableColumns(work, { ...to, key: each }, columns) || columns.length === 0) scan(work, each);
}

function addedForeignKey(work: Work, to: Constrained, constraint: Extract<Constraint, { kind: 'foreign-key' }>): void {
  const { key } = to;
  const referenced = resolveRelation(work.catalog, constraint.referenced);
  lockChildren(work, to, 'ShareRowExclusiveLock');
  const [own, theirs] = [withPartitions(work.catalog, key), withPartitions(work.catalog, referenced)];
  for (const each of [...own, ...theirs]) {
    lock(work, each, 'ShareRowExclusiveLock');
    // For the triggers that watch over it, and the query that checks it.
    if (each === key || each === referenced || (!constraint.notValid && !isPartitioned(work, each))) lock(work, each, 'AccessShareLock');
  }
  if (constraint.notValid) return;
  lock(work, referenced, 'RowShareLock');
  scanAll(work, own);
  // Nothing to compare where the referencing table is born in this change, or every row has NULL.
  const blank = constraint.columns.some((column) => work.catalog.blank.has(`${key}.${column}`));
  if (!blank && holdingRows(work.catalog, own).some((each) => !work.catalog.fresh.has(each))) scanAll(work, theirs);
}

function addedCheck(work: Work, to: Constrained, constraint: Extract<Constraint, { kind: 'check' | 'not-null' }>): void {
  const noInherit = constraint.kind === 'check' && constraint.noInherit === true;
  const tables = to.only || noInherit ? [to.key] : withDescendants(work.catalog, to.key);
  lockAll(work, tables, EXCLUSIVE);
  lockChildren(work, to, EXCLUSIVE);
  if (constraint.notValid) return;
  for (const each of holdingRows(work.catalog, tables)) {
    const table = work.catalog.tables.get(each);
    const known = constraint.kind === 'not-null' ? table?.columns.get(constraint.column)?.notNull === true : each !== to.key && constraint.name !== null && table?.constraints.has(constraint.name) === true;
    if (!known) scan(work, each);
  }
}

/** What adding a constraint takes: on its table, and on the table that a foreign key references. */
export function addedConstraint(work: Work, to: Constrained, constraint: Constraint): void {
  const error = constraintError(work, to, constraint);
  if (error !== null) refuse(work, error);
  switch (constraint.kind) {
    case 'foreign-key':
      addedForeignKey(work, to, constraint);
      return;
    case 'check':
    case 'not-null':
      addedCheck(work, to, constraint);
      return;
    case 'exclude': {
      const tables = withPartitions(work.catalog, to.key);
      lock(work, to.key, EXCLUSIVE);
      lockChildren(work, to, EXCLUSIVE);
      for (const each of tables) buildIndex(work, each);
      scanAll(work, tables);
      return;
    }
    case 'unique':
    case 'primary-key':
      addedKey(work, to, constraint);
  }
}

export function dropConstraintEffect(work: Work, step: StepOf<'drop-constraint'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const constraint = work.catalog.tables.get(key)?.constraints.get(step.constraint);
  const error = dropConstraintError(work, key, step);
  if (error !== null) refuse(work, error);
  const kind = constraint?.definition.kind;
  const absent = constraint === undefined && work.catalog.tables.get(key)?.complete === true && !declaresNotNull(work, key, step.constraint);
  const inherits = !absent && (kind === undefined || kind === 'check' || kind === 'not-null');
  lockAll(work, (isPartitioned(work, key) && !(absent && work.target.version < 11)) || inherits ? withDescendants(work.catalog, key) : [key], EXCLUSIVE);
  if (constraint?.referenced != null && !isLax(constraint)) lockAll(work, withPartitions(work.catalog, constraint.referenced), EXCLUSIVE);
  const { definition } = constraint ?? {};
  if (step.cascade && (definition?.kind === 'primary-key' || definition?.kind === 'unique')) {
    for (const { table } of leaningOn(work, key, definition.columns)) lockAll(work, withPartitions(work.catalog, table), EXCLUSIVE);
  }
}

export function validateConstraintEffect(work: Work, step: StepOf<'validate-constraint'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const table = work.catalog.tables.get(key);
  const constraint = table?.constraints.get(step.constraint);
  lock(work, key, 'ShareUpdateExclusiveLock');
  if (constraint === undefined) {
    work.guessed = true;
    if (declaresNotNull(work, key, step.constraint)) return;
    if (table?.complete === true) refuse(work, `constraint "${step.constraint}" of relation "${step.table.name}" does not exist`);
  }
  if (constraint !== undefined && isKeyKind(constraint.definition.kind)) refuse(work, `constraint "${step.constraint}" of relation "${step.table.name}" is not a foreign key or check constraint`);
  if (constraint !== undefined && 'notEnforced' in constraint.definition && constraint.definition.notEnforced === true) refuse(work, 'cannot validate NOT ENFORCED constraint');
  if (constraint?.valid === true) return;
  const foreign = constraint?.definition.kind === 'foreign-key';
  const tables = foreign ? withPartitions(work.catalog, key) : reached(work, step, 'tree');
  lockAll(work, tables, 'ShareUpdateExclusiveLock');
  for (const each of holdingRows(work.catalog, tables)) if (each === key || work.catalog.tables.get(each)?.constraints.get(step.constraint)?.valid !== true) scan(work, each);
  if (constraint?.referenced == null) return;
  lockAll(work, [key, constraint.referenced], 'AccessShareLock');
  lock(work, constraint.referenced, 'RowShareLock');
  scanAll(work, withPartitions(work.catalog, constraint.referenced));
}

function isKeyKind(kind: Constraint['kind']): boolean {
  return kind === 'unique' || kind === 'primary-key' || kind === 'exclude';
}

export function renameConstraintEffect(work: Work, step: StepOf<'rename-constraint'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const table = work.catalog.tables.get(key);
  const constraint = table?.constraints.get(step.constraint);
  const inherits = constraint === undefined || (constraint.definition.kind === 'check' && constraint.definition.noInherit !== true) || constraint.definition.kind === 'not-null';
  lockAll(work, inherits ? withDescendants(work.catalog, key) : [key], EXCLUSIVE);
  if (constraint === undefined && table?.complete === true && !declaresNotNull(work, key, step.constraint)) refuse(work, `constraint "${step.constraint}" for table "${step.table.name}" does not exist`);
  if (table?.constraints.has(step.to) === true) refuse(work, `constraint "${step.to}" for relation "${step.table.name}" already exists`);
  const declared = declaredNotNull(work, key, step.constraint);
  if ((constraint?.inherited === true && inherits) || declared?.inherited === true) refuse(work, `cannot rename inherited constraint "${step.constraint}"`);
}

/** From 18 on the server looks first whether there is anything to change. */
function changesNothing(work: Work, step: StepOf<'alter-constraint'>, constraint: TableConstraint | undefined): boolean {
  if (work.target.version < 18) return false;
  if (step.inherit !== undefined) return true;
  if (constraint?.definition.kind !== 'foreign-key') return false;
  if (step.enforced !== undefined && step.enforced === (constraint.definition.notEnforced === true)) return false;
  const { deferrable, initiallyDeferred } = constraint.definition;
  return (step.deferrable ?? deferrable) === deferrable && (step.initiallyDeferred ?? (step.deferrable === null ? initiallyDeferred : false)) === initiallyDeferred;
}

export function alterConstraintEffect(work: Work, step: StepOf<'alter-constraint'>): void {
  const key = resolveRelation(work.catalog, step.table);
  const table = work.catalog.tables.get(key);
  const constraint = table?.constraints.get(step.constraint);
  lockAll(work, changesNothing(work, step, constraint) ? [key] : withPartitions(work.catalog, key), EXCLUSIVE);
  if (step.inherit !== undefined) {
    const changes = constraint?.definition.kind === 'not-null' && (constraint.definition.noInherit === true) === step.inherit;
    if (changes) lockAll(work, withDescendants(work.catalog, key), EXCLUSIVE);
    if (constraint !== undefined && constraint.definition.kind !== 'not-null') refuse(work, `constraint "${step.constraint}" of relation "${step.table.name}" is not a not-null constraint`);
    return;
  }
  if (constraint === undefined && table?.complete === true && !declaresNotNull(work, key, step.constraint)) refuse(work, `constraint "${step.constraint}" of relation "${step.table.name}" does not exist`);
  if (constraint === undefined && !declaresNotNull(work, key, step.constraint)) return;
  if (constraint?.definition.kind !== 'foreign-key') refuse(work, `constraint "${step.constraint}" of relation "${step.table.name}" is not a foreign key constraint`);
  else if (constraint.inherited) refuse(work, `cannot alter constraint "${step.constraint}" on relation "${step.table.name}"`);
  else if (step.enforced !== undefined && constraint.referenced !== null) enforce(work, key, constraint.referenced, step.enforced, constraint.definition.notEnforced === true);
}

/** From 18: what a foreign key watches on both sides goes, or comes back; what it says is checked then. */
function enforce(work: Work, key: string, referenced: string, enforced: boolean, lax: boolean): void {
  if (enforced !== lax) return;
  const [own, theirs] = [withPartitions(work.catalog, key), withPartitions(work.catalog, referenced)];
  if (!enforced) {
    lockAll(work, [...own, ...theirs], EXCLUSIVE);
    return;
  }
  lockAll(work, [...own, ...theirs], 'ShareRowExclusiveLock');
  lockAll(work, [key, referenced], 'AccessShareLock');
  lock(work, referenced, 'RowShareLock');
  scanAll(work, [...own, ...theirs]);
}
