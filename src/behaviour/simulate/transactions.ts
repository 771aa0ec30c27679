import type { Context, Isolation } from './program.js';
import { breaksAtCommit } from './breaks.js';
import { aborts, recordCommit } from './serializable.js';
import { runOf, type Row, type Transaction, type World } from './world.js';

/** The transaction a statement of the session runs in; begun for the statement alone where the program began none. */
export function transactionFor(world: World, session: number, isolation: Isolation): Transaction {
  const open = world.transactions[session];
  if (open != null) return open;
  return begin(world, session, isolation, false);
}

export function begin(world: World, session: number, isolation: Isolation, explicit: boolean): Transaction {
  const transaction: Transaction = { id: world.nextTransaction, session, isolation, explicit, snapshot: null, failed: false, doomed: false };
  world.nextTransaction += 1;
  world.transactions[session] = transaction;
  if (isolation === 'serializable') world.serial.push({ id: transaction.id, session, snapshot: null, commit: null, reads: [], writes: [] });
  return transaction;
}

/** Makes the session's writes everybody's. False: the database refused, and all is rolled back. */
export function commit(world: World, session: number, context: Context): boolean {
  const transaction = world.transactions[session];
  if (transaction == null) return true;
  if (transaction.failed) {
    rollback(world, session);
    return true;
  }
  if (context.engine === 'postgres' && transaction.isolation === 'serializable' && aborts(world, transaction)) {
    rollback(world, session);
    return false;
  }
  const run = world.runs[runOf(session)];
  const own = world.rows.filter((row) => row.versions.some((one) => one.commit === null && one.session === session));
  if (run !== undefined && run.written.length > 0) {
    world.breaks.push(...breaksAtCommit(world, runOf(session)));
    run.written = [];
  }
  if (own.length > 0) {
    world.commits += 1;
    for (const row of own) settle(row, session, world.commits);
    if (run !== undefined) run.committed = true;
  }
  if (context.engine === 'postgres' && transaction.isolation === 'serializable') recordCommit(world, transaction);
  release(world, session);
  return true;
}

/** Several writes of one transaction to a row become one version. */
function settle(row: Row, session: number, commits: number): void {
  const last = row.versions.at(-1);
  const others = row.versions.filter((one) => one.commit !== null);
  row.versions = last === undefined ? others : [...others, { values: last.values, session, commit: commits }];
}

export function rollback(world: World, session: number): void {
  for (const row of world.rows) {
    if (row.versions.some((one) => one.commit === null && one.session === session)) row.versions = row.versions.filter((one) => one.commit !== null);
  }
  world.rows = world.rows.filter((row) => row.versions.length > 0);
  const transaction = world.transactions[session];
  world.serial = world.serial.filter((one) => one.id !== transaction?.id);
  const run = world.runs[runOf(session)];
  if (run !== undefined) run.written = [];
  release(world, session);
}

/** An error in Postgres: everything is undone and released at once, and the transaction waits for its end. */
export function fail(world: World, session: number): void {
  const transaction = world.transactions[session];
  if (transaction == null) return;
  rollback(world, session);
  if (transaction.explicit) world.transactions[session] = { ...transaction, failed: true };
}

function release(world: World, session: number): void {
  for (const row of world.rows) {
    if (row.exclusive === session) row.exclusive = null;
    if (row.shared.includes(session)) row.shared = row.shared.filter((one) => one !== session);
  }
  world.gaps = world.gaps.filter((one) => one.session !== session);
  world.named = world.named.filter((one) => one.session !== session || one.scope !== 'transaction');
  world.transactions[session] = null;
}
