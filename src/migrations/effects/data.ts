import { foreignKeysTo, indexesOf, resolveRelation } from '../catalog.js';
import type { StepOf } from '../step.js';
import { lockReads } from './relations.js';
import { lock, scan, withRows, type Work } from './work.js';

/** Whether a predicate's equalities can use an index: an index starts with one of the columns. */
function usesIndex(work: Work, key: string, equals: readonly string[]): boolean {
  return indexesOf(work.catalog, key).some((index) => {
    const [first] = index.columns;
    return first != null && equals.includes(first) && !index.partial;
  });
}

// Checking a foreign key locks the rows on its other side.
function lockChecked(work: Work, key: string, columns: readonly string[] | null): void {
  for (const constraint of work.catalog.tables.get(key)?.constraints.values() ?? []) {
    if (constraint.referenced === null || constraint.definition.kind !== 'foreign-key') continue;
    if (columns === null || constraint.definition.columns.some((column) => columns.includes(column))) lock(work, constraint.referenced, 'RowShareLock');
  }
}

export function insertEffect(work: Work, step: StepOf<'insert'>): void {
  const key = resolveRelation(work.catalog, step.table);
  lock(work, key, 'RowExclusiveLock');
  lockReads(work, step.reads, step.boundedness !== 'rows');
  lockChecked(work, key, step.columns.length === 0 ? null : step.columns.filter((column) => !step.nulls.includes(column)));
  for (const sequence of work.catalog.sequences.values()) {
    if (sequence.ownedBy?.table === key && step.columns.length > 0 && !step.columns.includes(sequence.ownedBy.column)) lock(work, sequence.key, 'RowExclusiveLock');
  }
}

export function updateEffect(work: Work, step: StepOf<'update'>): void {
  const key = resolveRelation(work.catalog, step.table);
  for (const each of withRows(work.catalog, key)) {
    lock(work, each, 'RowExclusiveLock');
    if (step.boundedness === 'all' || !usesIndex(work, each, step.equals)) scan(work, each);
  }
  lock(work, key, 'RowExclusiveLock');
  lockReads(work, step.reads, true);
  lockChecked(work, key, step.columns);
}

export function deleteEffect(work: Work, step: StepOf<'delete'>): void {
  const key = resolveRelation(work.catalog, step.table);
  for (const each of withRows(work.catalog, key)) {
    lock(work, each, 'RowExclusiveLock');
    if (step.boundedness === 'all' || !usesIndex(work, each, step.equals)) scan(work, each);
  }
  lock(work, key, 'RowExclusiveLock');
  lockReads(work, step.reads, true);
  for (const { table, constraint } of foreignKeysTo(work.catalog, key)) {
    if (constraint.definition.kind !== 'foreign-key') continue;
    const changes = ['cascade', 'set-null', 'set-default'].includes(constraint.definition.onDelete);
    lock(work, table.key, changes ? 'RowExclusiveLock' : 'RowShareLock');
    if (!usesIndex(work, table.key, constraint.definition.columns)) scan(work, table.key);
  }
}
