import type { TableSize } from '../../core/config.js';
import { uniqueColumnSets, type Catalog } from '../catalog.js';
import type { QualifiedName } from '../definition.js';
import { isSmallTable, lockDuring } from '../describe.js';
import { blocksReads, blocksWrites } from '../effects/lock-mode.js';
import type { JudgedMigration, JudgedStep } from '../judge-migrations.js';
import { isBusyTable } from '../describe/busy.js';
import type { LockMode, StepOf } from '../step.js';
import { byTransaction } from '../transactions.js';
import { existingTable } from './existing.js';

type Change = StepOf<'update'> | StepOf<'delete'>;
type Copy = StepOf<'insert'> | StepOf<'create-table-as'>;

/** A schema change of the same transaction, and the lock it holds or waits for. */
export interface LockingChange {
  readonly judged: JudgedStep;
  readonly mode: LockMode;
  readonly key: string;
  /** Whether it stands before the write, so that its lock is held meanwhile. */
  readonly isBefore: boolean;
}

/** A write to many rows that production has, and what is wrong with running it in a migration. */
export interface BulkWrite {
  readonly judged: JudgedStep;
  readonly step: Change | Copy;
  /** The table whose rows it touches; of a copy the one that it reads. */
  readonly key: string;
  /**
   * `unbounded`: every row; `with-ddl`: many rows in one transaction with a schema change that locks; `unbatched`: many rows
   * in one statement. Each write is one of them at most, and none where `migrations/work-while-locked` speaks.
   */
  readonly problem: 'unbounded' | 'with-ddl' | 'unbatched';
  /** For `with-ddl`. */
  readonly ddl: LockingChange | null;
}

/** The bulk writes of a migration's up direction, in their order. */
export function bulkWrites(migration: JudgedMigration, tables: ReadonlyMap<string, TableSize>): readonly BulkWrite[] {
  return byTransaction(migration.steps).flatMap((group) => group.flatMap((judged) => bulkWrite(judged, group, tables) ?? []));
}

/** Whether the transaction holds a lock on the very relation that is worked on: `migrations/work-while-locked` says so. */
function isWorkWhileLocked({ effect, held }: JudgedStep): boolean {
  if (effect.class !== 'error') return effect.class === 'heavy';
  return effect.scan.some((key) => blocksWrites(lockDuring(effect, held, key) ?? 'AccessShareLock'));
}

function bulkWrite(judged: JudgedStep, group: readonly JudgedStep[], tables: ReadonlyMap<string, TableSize>): BulkWrite | null {
  switch (judged.step.kind) {
    case 'update':
    case 'delete':
      return bulkChange(judged, judged.step, group, tables);
    case 'insert':
      return judged.step.boundedness === 'rows' || judged.step.boundedness === 'batch' ? null : bulkCopy(judged, judged.step, judged.step.reads, group, tables);
    case 'create-table-as':
      return !judged.step.withData || judged.step.query.limited ? null : bulkCopy(judged, judged.step, judged.step.query.reads, group, tables);
    default:
      return null;
  }
}

function bulkChange(judged: JudgedStep, step: Change, group: readonly JudgedStep[], tables: ReadonlyMap<string, TableSize>): BulkWrite | null {
  const key = existingTable(judged, step.table, false)?.key;
  if (step.boundedness === 'batch' || step.boundedness === 'rows' || key === undefined || judged.before.views.has(key) || isSmallTable(tables, key)) return null;
  const found = { judged, step, key, ddl: null } as const;
  const reported = isWorkWhileLocked(judged);
  if (step.boundedness === 'all') return reported && step.kind === 'update' ? null : { ...found, problem: 'unbounded' };
  if (reported || step.conditional === true) return null;
  const isKnown = isBusyTable(tables, key);
  const broad = isKnown ? !isKeyed(step, judged.before, key) : isBroad(step, judged.before, key);
  if (!broad) return null;
  const ddl = heldBefore(judged, group, blocksReads) ?? (step.kind === 'update' || isKnown ? (heldBefore(judged, group, blocksWrites) ?? waitedFor(judged, group, key)) : null);
  // Heavy work behind it on the same table has a finding of its own, which asks to take the two apart.
  if (ddl?.isBefore === false && (ddl.judged.effect.class === 'heavy' || ddl.judged.effect.class === 'error') && !isKnown) return null;
  if (ddl !== null) return { ...found, problem: 'with-ddl', ddl };
  // DELETE with a condition mostly removes the few rows that are wrong.
  return step.kind === 'update' || isKnown ? { ...found, problem: 'unbatched' } : null;
}

/** A copy keeps nobody from the rows: it matters while the transaction locks something, or where the source is known to matter. */
function bulkCopy(judged: JudgedStep, step: Copy, reads: readonly QualifiedName[], group: readonly JudgedStep[], tables: ReadonlyMap<string, TableSize>): BulkWrite | null {
  if (isWorkWhileLocked(judged) || step.conditional === true) return null;
  const sources = reads.flatMap((name) => existingTable(judged, name, false)?.key ?? []).filter((key) => judged.before.tables.has(key) && !isSmallTable(tables, key));
  const known = sources.find((key) => isBusyTable(tables, key));
  const key = known ?? sources[0];
  if (key === undefined) return null;
  const ddl = heldBefore(judged, group, blocksReads);
  if (ddl !== null) return { judged, step, key, problem: 'with-ddl', ddl };
  return known === undefined || step.kind !== 'insert' ? null : { judged, step, key, problem: 'unbatched', ddl: null };
}

/** Whether the predicate fixes all columns of something unique: one row, or as many as are listed. */
function isKeyed(step: Change, catalog: Catalog, key: string): boolean {
  return uniqueColumnSets(catalog, key).some((columns) => columns.every((column) => step.equals.includes(column)));
}

/**
 * Whether a predicate may well hold for a large part of the rows: it compares no column, other than a boolean one, with
 * constants, a range of them, or what a query of literals finds.
 */
function isBroad(step: Change, catalog: Catalog, key: string): boolean {
  const columns = catalog.tables.get(key)?.columns;
  if (step.equals.some((column) => columns?.get(column)?.type.name !== 'bool')) return false;
  const text = step.predicate?.text ?? '';
  return !/\bbetween\s+-?[\d']/i.test(text) && !/=\s*\(\s*select\b/i.test(text) && !/\bin\s*\(\s*select\b[^()]*=\s*'/i.test(text);
}

/** A schema change before it in the same transaction, whose lock on a table in use is held while the rows are written. */
function heldBefore(judged: JudgedStep, group: readonly JudgedStep[], blocks: (mode: LockMode) => boolean): LockingChange | null {
  if (!judged.inTransaction) return null;
  for (const other of group) {
    if (other === judged) return null;
    if (other.effect.class === 'error') continue;
    for (const [key, mode] of Object.entries(other.effect.locks)) {
      if (blocks(mode) && other.before.tables.has(key)) return { judged: other, mode, key, isBefore: true };
    }
  }
  return null;
}

/** A schema change behind it in the same transaction, which waits for a lock on the same table while the rows stay locked. */
function waitedFor(judged: JudgedStep, group: readonly JudgedStep[], key: string): LockingChange | null {
  if (!judged.inTransaction) return null;
  for (const other of group.slice(group.indexOf(judged) + 1)) {
    const mode = other.effect.locks[key];
    if (mode !== undefined && blocksWrites(mode)) return { judged: other, mode, key, isBefore: false };
  }
  return null;
}
