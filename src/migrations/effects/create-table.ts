import { creationKey, resolveRelation } from '../catalog.js';
import type { Constraint } from '../definition.js';
import type { StepOf } from '../step.js';
import { foreignKeyError } from './constraint-errors.js';
import { partitionOfEffect } from './partitions.js';
import { lockNamed, lockReads, relationExists } from './relations.js';
import { lock, refuse, withPartitions, type Work } from './work.js';

type CreateTable = StepOf<'create-table'>;

function lockReferenced(work: Work, step: CreateTable, own: string): void {
  for (const constraint of [...step.constraints, ...step.columns.flatMap((column) => column.constraints)]) {
    if (constraint.kind !== 'foreign-key') continue;
    const referenced = resolveRelation(work.catalog, constraint.referenced);
    if (referenced === own) continue;
    for (const each of withPartitions(work.catalog, referenced)) {
      lock(work, each, 'ShareRowExclusiveLock');
      if (each === referenced) lock(work, each, 'AccessShareLock');
    }
  }
}

/** What a column of the new table is. */
function typeOf(step: CreateTable, name: string): CreateTable['columns'][number] | undefined {
  return step.columns.find((column) => column.name === name);
}

function constraintRefusal(work: Work, step: CreateTable, constraint: Constraint): string | null {
  if ('nullsNotDistinct' in constraint && constraint.nullsNotDistinct && work.target.version < 15) return 'NULLS NOT DISTINCT needs Postgres 15';
  if (constraint.kind !== 'foreign-key' || resolveRelation(work.catalog, constraint.referenced) === creationKey(work.catalog, step.table)) return null;
  const [first] = constraint.columns;
  const column = first === undefined || constraint.columns.length !== 1 ? undefined : typeOf(step, first);
  const born = { persistence: step.persistence, partitioned: step.partitionBy !== null };
  return foreignKeyError(work, { key: '', only: false, born, ...(column === undefined ? {} : { column }) }, constraint);
}

function columnRefusal(work: Work, step: CreateTable): string | null {
  const seen = new Set<string>();
  for (const column of step.columns) {
    if (seen.has(column.name)) return `column "${column.name}" specified more than once`;
    seen.add(column.name);
    if (column.generated !== null && work.target.version < 12) return 'generated columns need Postgres 12';
    if (column.generated?.kind === 'virtual' && work.target.version < 18) return 'virtual generated columns need Postgres 18';
  }
  return null;
}

export function createTableEffect(work: Work, step: CreateTable): void {
  const own = creationKey(work.catalog, step.table);
  if (step.persistence !== 'temporary' && relationExists(work, own)) {
    if (!step.ifNotExists) refuse(work, `relation "${step.table.name}" already exists`);
    return;
  }
  const { version } = work.target;
  if (step.persistence === 'temporary' && step.table.schema !== null && step.table.schema !== 'pg_temp') refuse(work, 'cannot create temporary relation in non-temporary schema');
  if (step.partitionBy?.strategy === 'hash' && version < 11) refuse(work, 'hash partitioning needs Postgres 11');
  if (step.partitionOf?.bound.default === true && version < 11) refuse(work, 'default partitions need Postgres 11');
  const column = columnRefusal(work, step);
  if (column !== null) refuse(work, column);
  lockReferenced(work, step, own);
  for (const constraint of [...step.constraints, ...step.columns.flatMap((each) => each.constraints)]) {
    const refusal = constraintRefusal(work, step, constraint);
    if (refusal !== null) refuse(work, refusal);
  }
  for (const parent of step.inherits) lock(work, resolveRelation(work.catalog, parent), 'ShareUpdateExclusiveLock');
  for (const source of step.like) {
    lock(work, resolveRelation(work.catalog, source.table), 'AccessShareLock');
  }
  partitionOfEffect(work, step);
}

export function createTableAsEffect(work: Work, step: StepOf<'create-table-as'>): void {
  // There it fills variables.
  if (step.block !== undefined && /^\s*select\b/i.test(step.statement)) refuse(work, 'EXECUTE of SELECT ... INTO is not implemented');
  if (step.temporary && step.table.schema !== null && step.table.schema !== 'pg_temp') refuse(work, 'cannot create temporary relation in non-temporary schema');
  if (!step.temporary && relationExists(work, creationKey(work.catalog, step.table))) {
    if (!step.ifNotExists) refuse(work, `relation "${step.table.name}" already exists`);
    else lockNamed(work, step.query.reads);
    return;
  }
  if (step.withData) lockReads(work, step.query.reads, true);
  else lockNamed(work, step.query.reads);
}
