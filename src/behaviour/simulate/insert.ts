import { apply, type Executed } from './apply.js';
import { wouldCollide } from './collision.js';
import type { Context, WriteOperation } from './program.js';
import { holdersAgainst, take } from './row-locks.js';
import { aborts, recordWrite } from './serializable.js';
import { evaluate, meets, type Environment, type Values } from './terms.js';
import { currentFor, lastCommit, writerOf, type Progress, type Row, type Transaction, type World } from './world.js';

export function insertRow(world: World, transaction: Transaction, operation: WriteOperation, environment: Environment, context: Context, progress: Progress): Executed {
  const { session } = transaction;
  const values: Values = Object.fromEntries(Object.entries(operation.set).map(([column, term]) => [column, evaluate(term, environment, null)]));
  const gap = context.engine === 'innodb' ? world.gaps.find((one) => one.session !== session && one.table === operation.table && meets(one.where, values)) : undefined;
  if (gap !== undefined) return { kind: 'wait', on: [gap.session], progress };
  const target = operation.conflict === null ? null : wouldCollide(world, session, operation.table, values, null, context, operation.conflict.columns);
  if (target?.kind === 'wait') return { kind: 'wait', on: target.on, progress };
  if (target?.kind === 'taken') return onConflict(world, transaction, operation, environment, context, target.row, progress);
  const collision = wouldCollide(world, session, operation.table, values, null, context);
  if (collision?.kind === 'wait') return { kind: 'wait', on: collision.on, progress };
  if (collision?.kind === 'taken') return { kind: 'refused', refusal: refusalOf(world, transaction, values, operation, context) };
  const id = world.nextRow;
  world.nextRow += 1;
  world.rows.push({ id, table: operation.table, versions: [{ values, session, commit: null }], exclusive: session, shared: [] });
  recordWrite(world, transaction, operation.table, null, values);
  if (context.engine === 'postgres' && transaction.isolation === 'serializable' && aborts(world, transaction)) return { kind: 'refused', refusal: 'serialization' };
  return inserted(operation, [{ row: id, values }]);
}

/** Serializable Postgres prefers to say that it could not serialize, where that is the reason for the duplicate. */
function refusalOf(world: World, transaction: Transaction, values: Values, operation: WriteOperation, context: Context): 'duplicate' | 'serialization' {
  if (context.engine !== 'postgres' || transaction.isolation !== 'serializable') return 'duplicate';
  recordWrite(world, transaction, operation.table, null, values);
  return aborts(world, transaction) ? 'serialization' : 'duplicate';
}

function onConflict(world: World, transaction: Transaction, operation: WriteOperation, environment: Environment, context: Context, row: Row, progress: Progress): Executed {
  const { session } = transaction;
  const unseen = context.engine === 'postgres' && transaction.isolation !== 'read-committed' && lastCommit(row) > (transaction.snapshot ?? 0) && writerOf(row) !== session;
  if (unseen) return { kind: 'refused', refusal: 'serialization' };
  if (operation.conflict?.update == null) return inserted(operation, []);
  const on = holdersAgainst(row, session, 'update');
  if (on.length > 0) return { kind: 'wait', on, progress };
  take(row, session, 'update');
  return apply(world, transaction, operation, environment, context, [{ row: row.id, values: currentFor(row, session) ?? {} }], progress);
}

function inserted(operation: WriteOperation, rows: readonly { readonly row: number; readonly values: Values }[]): Executed {
  const nothing = { kind: 'value', value: true } as const;
  return { kind: 'done', rows: rows.map((one) => one.row), held: { [operation.as]: { kind: 'rows', table: operation.table, where: nothing, rows, affected: rows.length, written: true, limit: null } } };
}
