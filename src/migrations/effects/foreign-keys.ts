import { foreignKeysTo, type Catalog, type TableConstraint } from '../catalog.js';
import type { Constraint } from '../definition.js';
import { mentionsColumn } from '../fold/constraints.js';
import { isPartitioned, lock, lockAll, scanAll, withPartitions, type Work } from './work.js';

/**
 * Locks the tables at the other end of foreign keys that use some columns of a table: those it references, and with
 * `referrers` those that reference it.
 */
export function lockForeignKeyPartners(work: Work, key: string, columns: readonly string[], referrers: boolean): void {
  const table = work.catalog.tables.get(key);
  for (const constraint of table?.constraints.values() ?? []) {
    if (constraint.referenced === null || isLax(constraint) || !columns.some((column) => mentionsColumn(constraint.definition, column))) continue;
    dropForeignKey(work, constraint.referenced);
  }
  if (!referrers) return;
  for (const { table: child, constraint } of foreignKeysTo(work.catalog, key)) {
    if (constraint.definition.kind !== 'foreign-key' || !referencedColumns(work.catalog, key, constraint.definition).some((column) => columns.includes(column))) continue;
    lock(work, child.key, 'AccessExclusiveLock');
  }
}

/** Not enforced (from 18 on): it watches nothing on the other side. */
export function isLax({ definition }: Pick<TableConstraint, 'definition'>): boolean {
  return definition.kind === 'foreign-key' && definition.notEnforced === true;
}

/** A foreign key goes with its table or column: what it watches on the other side goes too. From 12 to 14 a partitioned table is left out there, not its partitions. */
export function dropForeignKey(work: Work, referenced: string): void {
  const { version } = work.target;
  const left = version >= 12 && version < 15 && isPartitioned(work, referenced) ? referenced : null;
  lockAll(work, withPartitions(work.catalog, referenced).filter((each) => each !== left), 'AccessExclusiveLock');
}

/** Foreign keys of which some columns of a table are an end, made anew for columns of another type; `scans`: and checked again. */
export function remakeForeignKeys(work: Work, key: string, column: string, scans: boolean): void {
  for (const constraint of work.catalog.tables.get(key)?.constraints.values() ?? []) {
    if (constraint.referenced !== null && mentionsColumn(constraint.definition, column)) remake(work, key, constraint.referenced, scans, constraint);
  }
  for (const { table: child, constraint } of foreignKeysTo(work.catalog, key)) {
    if (constraint.definition.kind === 'foreign-key' && referencedColumns(work.catalog, key, constraint.definition).includes(column)) remake(work, child.key, key, scans, constraint);
  }
}

function remake(work: Work, referencing: string, referenced: string, scans: boolean, { valid, definition }: Pick<TableConstraint, 'valid' | 'definition'>): void {
  const theirs = withPartitions(work.catalog, referenced);
  lock(work, referencing, 'AccessExclusiveLock');
  // What is not enforced watches nothing on the other side.
  if (!isLax({ definition })) dropForeignKey(work, referenced);
  for (const mode of ['ShareRowExclusiveLock', 'AccessShareLock'] as const) lockAll(work, [referencing, ...theirs], mode);
  if (!scans || !valid) return;
  lock(work, referenced, 'RowShareLock');
  scanAll(work, [referencing, ...theirs]);
}

function primaryKey(catalog: Catalog, key: string): readonly string[] {
  for (const each of catalog.tables.get(key)?.constraints.values() ?? []) if (each.definition.kind === 'primary-key') return each.definition.columns;
  return [];
}

export function referencedColumns(catalog: Catalog, key: string, constraint: Extract<Constraint, { kind: 'foreign-key' }>): readonly string[] {
  return constraint.referencedColumns.length > 0 ? constraint.referencedColumns : primaryKey(catalog, key);
}

/** Foreign keys of which a key on these columns is the other end. */
export function leaningOn(work: Work, key: string, columns: readonly string[]): { readonly table: string; readonly constraint: string }[] {
  return foreignKeysTo(work.catalog, key).flatMap(({ table, constraint }) => {
    if (constraint.definition.kind !== 'foreign-key') return [];
    const target = referencedColumns(work.catalog, key, constraint.definition);
    const same = target.length === columns.length && target.every((column) => columns.includes(column));
    return same ? [{ table: table.key, constraint: constraint.name }] : [];
  });
}

/** Foreign keys to a table, or to a table that it is a partition of. */
export function referrers(work: Work, key: string): ReturnType<typeof foreignKeysTo> {
  const parent = work.catalog.tables.get(key)?.partitionOf?.parent;
  const own = foreignKeysTo(work.catalog, key);
  return parent === undefined ? own : [...own, ...referrers(work, parent)];
}
