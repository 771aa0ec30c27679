import { columnOf } from './entity.js';
import { compatible, dominates } from './dominance.js';
import type { Event, FunctionBehaviour, LockAcquire, Read, TxBegin, Write } from './event.js';
import { walkExpression } from './expression.js';
import type { Expression } from './expression.js';
import { speaksOfLocks } from './lock-words.js';
import type { Models } from './models/models.js';
import { sameValue } from './same-row.js';

/** What keeps two runs apart between a read and the write that rests on it. */
export interface Protection {
  readonly by: 'row-lock' | 'isolation' | 'condition' | 'version' | 'lock' | 'process-lock' | 'unknown-lock' | 'stale-before-lock';
  /** The line of what does it. */
  readonly line: number;
}

/** Columns that libraries and people compare to notice a change. */
const VERSION = /^(version|revision|rev|etag|lockversion|rowversion|updatedat|modifiedat|lastmodified|sequence|seq|v|__v|xmin|generation|epoch)$/;

/**
 * What protects `column` between the read and the write, null when nothing does. A transaction alone is none: at the default
 * isolation level of Postgres and MySQL two of them read the same row.
 */
export function protectionOf({ behaviour, models }: { readonly behaviour: FunctionBehaviour; readonly models: Models }, read: Read, write: Write, column: string): Protection | null {
  const { events } = behaviour;
  return byRowLock(events, read, write) ?? byIsolation(events, read, write) ?? byVersion(models, write) ?? byCondition(write, column) ?? byClaim(events, read, write, column) ?? byLock(events, read, write) ?? byUnknown(events, read, write);
}

/** The transaction a read and a write share, null when they do not. */
export function sharedTransaction(events: readonly Event[], read: Read, write: Write): TxBegin | null {
  const { transaction } = write.handle;
  if (transaction === null || transaction !== read.handle.transaction) return null;
  return events.find((one): one is TxBegin => one.kind === 'tx-begin' && one.transaction === transaction) ?? null;
}

function byRowLock(events: readonly Event[], read: Read, write: Write): Protection | null {
  if (read.lock === 'update') return { by: 'row-lock', line: read.span.startLine };
  if (read.lock === 'version') return { by: 'version', line: read.span.startLine };
  // Another row locked first in the same transaction (a parent, or this row before it was read again) serialises both.
  const earlier = events.find((one) => (one.kind === 'read' || one.kind === 'count') && one.lock === 'update' && one.id < write.id && compatible(one, write));
  if (earlier === undefined) return lockingWrite(events, read, write);
  return { by: earlier.id < read.id ? 'row-lock' : 'stale-before-lock', line: earlier.span.startLine };
}

/** An update of the same row earlier in the same transaction holds its lock until the end. */
function lockingWrite(events: readonly Event[], read: Read, write: Write): Protection | null {
  if (sharedTransaction(events, read, write) === null) return null;
  const first = events.find(
    (one) => one.kind === 'write' && one.id < read.id && one.operation === 'update' && one.entity === write.entity && one.handle.transaction === write.handle.transaction && dominates(one, read),
  );
  return first === undefined ? null : { by: 'row-lock', line: first.span.startLine };
}

function byIsolation(events: readonly Event[], read: Read, write: Write): Protection | null {
  const transaction = sharedTransaction(events, read, write);
  if (transaction === null) return null;
  const strict = transaction.isolation === 'serializable' || transaction.isolation === 'snapshot' || transaction.isolation === 'repeatable-read' || transaction.isolation === 'unknown';
  return strict ? { by: 'isolation', line: transaction.span.startLine } : null;
}

/** Libraries that compare the version of a row they write back, where its model keeps one. TypeORM only counts. */
const COMPARING = new Set(['sequelize', 'mongoose', 'mikro-orm']);

function byVersion(models: Models, write: Write): Protection | null {
  const compared = write.target !== null && COMPARING.has(write.library) && write.entity !== null && models.versioned.has(write.entity);
  return compared ? { by: 'version', line: write.span.startLine } : null;
}

function byCondition(write: Write, column: string): Protection | null {
  if (write.optimistic) return { by: 'version', line: write.span.startLine };
  for (const one of write.whereColumns) {
    if (columnOf(one) === columnOf(column)) return { by: 'condition', line: write.span.startLine };
    if (VERSION.test(columnOf(one))) return { by: 'version', line: write.span.startLine };
  }
  // `where: { id, status: 'OPEN' }, data: { status: 'DONE', … }`: whoever comes second finds no such row.
  const moves = write.key.some((part) => write.data.some((one) => columnOf(one.column) === columnOf(part.column) && isOther(one.value, part.value)));
  if (moves) return { by: 'condition', line: write.span.startLine };
  // A where that is not known in full may hold the guard.
  return write.whereKnown || write.target !== null ? null : { by: 'condition', line: write.span.startLine };
}

/** Two constants, and not the same one. */
function isOther(one: Expression, other: Expression): boolean {
  return isConstant(one) && isConstant(other) && !sameValue(one, other);
}

function isConstant(value: Expression): boolean {
  if (value.kind === 'field') return isConstant(value.of);
  return value.kind === 'literal' || (value.kind === 'parameter' && value.outer && /^[A-Z]/.test(value.name));
}

/** Between the check and this write, another one claimed the row: it names the column in its own condition. */
function byClaim(events: readonly Event[], read: Read, write: Write, column: string): Protection | null {
  const claim = events.find(
    (one) => one.kind === 'write' && one.id > read.id && one.id < write.id && one.entity !== null && one.entity === write.entity && one.operation !== 'insert' && one.whereColumns.some((name) => columnOf(name) === columnOf(column)) && compatible(one, write),
  );
  return claim === undefined ? null : { by: 'condition', line: claim.span.startLine };
}

function byLock(events: readonly Event[], read: Read, write: Write): Protection | null {
  for (const one of events) {
    if (one.kind !== 'lock-acquire' || one.id > write.id || !held(events, one, write)) continue;
    const by = one.id > read.id ? 'stale-before-lock' : one.scope === 'process' ? 'process-lock' : 'lock';
    return { by, line: one.span.startLine };
  }
  return null;
}

function held(events: readonly Event[], lock: LockAcquire, write: Write): boolean {
  const wrapper = events.some((one) => one.frames.some((frame) => frame.kind === 'lock' && frame.id === lock.lock));
  if (wrapper) return write.frames.some((frame) => frame.kind === 'lock' && frame.id === lock.lock);
  const release = events.find((one) => one.kind === 'lock-release' && one.lock === lock.lock && !one.inFinally && one.id > lock.id && dominates(one, write));
  return release === undefined;
}

/** A call whose name or arguments speak of a lock may hold one: nothing is claimed then. */
function byUnknown(events: readonly Event[], read: Read, write: Write): Protection | null {
  for (const one of events) {
    if (one.id > write.id) break;
    if (one.kind === 'call' && (speaksOfLocks(one.callee) || one.arguments.some((each) => [...walkExpression(each)].some((part) => part.kind === 'object' && part.properties.some((property) => /^(lock|forUpdate|pessimistic\w*)$/i.test(property.name)))))) {
      return { by: 'unknown-lock', line: one.span.startLine };
    }
    if (one.kind === 'cache' && (one.operation === 'set-if-absent' || one.operation === 'script') && one.id < write.id) return { by: 'unknown-lock', line: one.span.startLine };
  }
  // A function of another file may have locked the row for the transaction it was called in.
  if (read.library === 'function' && write.handle.transaction !== null && (read.handle.transaction !== null || read.frames.some((frame) => frame.kind === 'transaction'))) return { by: 'unknown-lock', line: read.span.startLine };
  return read.library === 'repository' && /lock|forUpdate/i.test(read.text) ? { by: 'unknown-lock', line: read.span.startLine } : null;
}
