import type { Term } from './program.js';
import { meets, type Values } from './terms.js';
import type { SerialTransaction, Transaction, World } from './world.js';

/** Postgres' serializable: what a transaction reads and others write, kept as predicates. */
export function recordRead(world: World, transaction: Transaction, table: string, where: Term): void {
  const own = recordOf(world, transaction);
  if (own === undefined) return;
  own.snapshot = transaction.snapshot;
  if (!own.reads.some((one) => one.table === table && JSON.stringify(one.where) === JSON.stringify(where))) own.reads = [...own.reads, { table, where }];
}

export function recordWrite(world: World, transaction: Transaction, table: string, before: Values | null, after: Values | null): void {
  const own = recordOf(world, transaction);
  if (own === undefined) return;
  own.snapshot = transaction.snapshot;
  own.writes = [...own.writes, { table, before, after }];
}

/** Whether the transaction cannot go on: it was doomed, or reads and writes across with one that has committed. */
export function aborts(world: World, transaction: Transaction): boolean {
  if (transaction.doomed) return true;
  const own = recordOf(world, transaction);
  return own !== undefined && world.serial.some((other) => other !== own && other.commit !== null && across(own, other));
}

/** The first to commit wins: who reads and writes across with it is doomed. */
export function recordCommit(world: World, transaction: Transaction): void {
  const own = recordOf(world, transaction);
  if (own === undefined) return;
  own.commit = world.commits;
  for (const other of world.serial) {
    if (other === own || other.commit !== null || !across(own, other)) continue;
    const open = world.transactions[other.session];
    if (open?.id === other.id) open.doomed = true;
  }
  // Nobody is left who was there at the same time.
  if (world.serial.every((one) => one.commit !== null)) world.serial = [];
}

function recordOf(world: World, transaction: Transaction): SerialTransaction | undefined {
  return world.serial.find((one) => one.id === transaction.id);
}

function across(one: SerialTransaction, other: SerialTransaction): boolean {
  return concurrent(one, other) && readsUnder(one, other) && readsUnder(other, one);
}

function concurrent(one: SerialTransaction, other: SerialTransaction): boolean {
  if (one.snapshot === null || other.snapshot === null) return false;
  return (one.commit === null || one.commit > other.snapshot) && (other.commit === null || other.commit > one.snapshot);
}

/** Whether one reads what the other writes. */
function readsUnder(reader: SerialTransaction, writer: SerialTransaction): boolean {
  return writer.writes.some((write) => reader.reads.some((read) => read.table === write.table && [write.before, write.after].some((values) => values !== null && meets(read.where, values))));
}
