import type { TableSize } from '../../core/config.js';
import { uniqueColumnSets, type Catalog } from '../catalog.js';
import { isSmallTable } from '../describe.js';
import { blocksReads, blocksWrites } from '../effects/lock-mode.js';
import type { JudgedMigration, JudgedStep } from '../judge-migrations.js';
import { isKnownToMatter } from '../known-load.js';
import type { LockMode, StepOf } from '../step.js';
import { byTransaction } from '../transactions.js';
import { existingTable } from './existing.js';

/** A write to many rows that production has, and what is wrong with running it in a migration. */
export interface BulkWrite {
  readonly judged: JudgedStep;
  readonly step: StepOf<'update'> | StepOf<'delete'> | StepOf<'insert'>;
  /** The table whose rows it touches; for INSERT … SELECT the large one that it reads. */
  readonly key: string;
  /**
   * `unbounded`: every row; `with-ddl`: many rows in one transaction with a schema change that locks; `unbatched`: many rows
   * in one statement. Each write is one of them at most.
   */
  readonly problem: 'unbounded' | 'with-ddl' | 'unbatched';
  /** For `with-ddl`: the schema change, and the lock it takes. */
  readonly ddl: { readonly judged: JudgedStep; readonly mode: LockMode; readonly key: string; readonly isBefore: boolean } | null;
}

/** Whether the step's transaction holds ACCESS EXCLUSIVE on a relation that production uses: then all it does is work while others wait. */
export function holdsAccessExclusive(judged: JudgedStep): boolean {
  return judged.held.some((effect) => Object.values(effect.locks).some(blocksReads));
}

/** The bulk writes of a migration's up direction, in their order. */
export function bulkWrites(migration: JudgedMigration, tables: ReadonlyMap<string, TableSize>): readonly BulkWrite[] {
  return byTransaction(migration.steps).flatMap((group) => group.flatMap((judged) => bulkWrite(judged, group, tables) ?? []));
}

function bulkWrite(judged: JudgedStep, group: readonly JudgedStep[], tables: ReadonlyMap<string, TableSize>): BulkWrite | null {
  const { step } = judged;
  if (step.kind === 'insert') return bulkCopy(judged, step, tables);
  if ((step.kind !== 'update' && step.kind !== 'delete') || step.boundedness === 'batch' || step.boundedness === 'rows') return null;
  const key = existingTable(judged, step.table, false)?.key;
  if (key === undefined || judged.before.views.has(key) || isSmallTable(tables, key)) return null;
  const found = { judged, step, key, ddl: null } as const;
  const locked = holdsAccessExclusive(judged);
  if (step.boundedness === 'all') return locked && step.kind === 'update' ? null : { ...found, problem: 'unbounded' };
  if (locked || step.conditional === true || !isBulk(step, judged.before, key, tables)) return null;
  const ddl = schemaChangeWith(judged, group, key);
  return ddl === null ? { ...found, problem: 'unbatched' } : { ...found, problem: 'with-ddl', ddl };
}

/** INSERT … SELECT takes no locks that others wait for: it matters where what it reads is known to be large or busy. */
function bulkCopy(judged: JudgedStep, step: StepOf<'insert'>, tables: ReadonlyMap<string, TableSize>): BulkWrite | null {
  if (step.boundedness === 'rows' || step.boundedness === 'batch' || holdsAccessExclusive(judged)) return null;
  const key = step.reads.map((name) => existingTable(judged, name, false)?.key).find((each) => each !== undefined && isKnownToMatter(tables, each));
  return key === undefined ? null : { judged, step, key, ddl: null, problem: 'unbatched' };
}

type Change = StepOf<'update'> | StepOf<'delete'>;

/** DELETE with a condition mostly removes the few rows that are wrong: it counts where the table is known to matter. */
function isBulk(step: Change, catalog: Catalog, key: string, tables: ReadonlyMap<string, TableSize>): boolean {
  if (isKnownToMatter(tables, key)) return !isKeyed(step, catalog, key);
  return step.kind === 'update' && isBroad(step, catalog, key);
}

/** Whether the predicate fixes all columns of something unique: one row, or as many as are listed. */
function isKeyed(step: Change, catalog: Catalog, key: string): boolean {
  return uniqueColumnSets(catalog, key).some((columns) => columns.every((column) => step.equals.includes(column)));
}

/**
 * Whether a predicate may well hold for a large part of the rows: it compares no column, other than a boolean one, with
 * constants or with what a query of literals finds.
 */
function isBroad(step: Change, catalog: Catalog, key: string): boolean {
  const columns = catalog.tables.get(key)?.columns;
  if (step.equals.some((column) => columns?.get(column)?.type.name !== 'bool')) return false;
  const text = step.predicate?.text ?? '';
  return !/=\s*\(\s*select\b/i.test(text) && !/\bin\s*\(\s*select\b[^()]*=\s*'/i.test(text);
}

/** A schema change of the same transaction that locks: one that holds its lock already, or a later one that waits for the same table. */
function schemaChangeWith(judged: JudgedStep, group: readonly JudgedStep[], key: string): BulkWrite['ddl'] {
  if (!judged.inTransaction) return null;
  const at = group.indexOf(judged);
  for (const [index, other] of group.entries()) {
    if (index === at) continue;
    for (const [relation, mode] of Object.entries(other.effect.locks)) {
      if (!blocksWrites(mode) || other.step.kind === 'update' || other.step.kind === 'delete') continue;
      if (index < at ? !other.before.sequences.has(relation) : relation === key) return { judged: other, mode, key: relation, isBefore: index < at };
    }
  }
  return null;
}

