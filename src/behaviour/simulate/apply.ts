import type { Attempt } from './attempt.js';
import { wouldCollide } from './collision.js';
import type { Context, WriteOperation } from './program.js';
import { aborts, recordWrite } from './serializable.js';
import { bound, evaluate, type Environment, type Held, type HeldRow, type Values } from './terms.js';
import { currentFor, type Progress, type Transaction, type World } from './world.js';

/** How a statement came out. `held` is what its variable holds then, `writes` the rows it changed. */
export type Executed =
  | { readonly kind: 'done'; readonly held: Readonly<Record<string, Held>>; readonly rows: readonly number[] }
  | Exclude<Attempt, { readonly kind: 'done' }>;

/** Changes rows whose locks are held. */
export function apply(world: World, transaction: Transaction, operation: WriteOperation, environment: Environment, context: Context, rows: readonly HeldRow[], progress: Progress): Executed {
  const { session } = transaction;
  const set = operation.kind === 'insert' ? (operation.conflict?.update ?? {}) : operation.set;
  const changed = (before: Values): Values => ({ ...before, ...Object.fromEntries(Object.entries(set).map(([column, term]) => [column, evaluate(term, environment, before)]))});
  for (const each of operation.kind === 'delete' ? [] : rows) {
    const collision = wouldCollide(world, session, operation.table, changed(each.values), each.row, context);
    if (collision?.kind === 'wait') return { kind: 'wait', on: collision.on, progress };
    if (collision?.kind === 'taken') return { kind: 'refused', refusal: 'duplicate' };
  }
  const after: HeldRow[] = [];
  for (const { row: id } of rows) {
    const row = world.rows.find((one) => one.id === id);
    const before = row === undefined ? null : currentFor(row, session);
    if (row === undefined || before === null) continue;
    const values = operation.kind === 'delete' ? null : changed(before);
    row.versions = [...row.versions, { values, session, commit: null }];
    row.exclusive = session;
    recordWrite(world, transaction, operation.table, before, values);
    after.push({ row: id, values: values ?? before });
  }
  if (context.engine === 'postgres' && transaction.isolation === 'serializable' && aborts(world, transaction)) return { kind: 'refused', refusal: 'serialization' };
  const where = bound(operation.where, environment);
  return { kind: 'done', rows: after.map((one) => one.row), held: { [operation.as]: { kind: 'rows', table: operation.table, where, rows: after, affected: after.length, written: true, limit: null } } };
}
