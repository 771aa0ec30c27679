import type { Isolation } from '../event.js';
import type { Expression } from '../expression.js';
import { isolationOf } from '../sql-query.js';
import { closureOf, runClosure, valuesOf, type CallSite } from './call-site.js';
import { emit, nextId, runningTransaction, within } from './walk.js';
import type { Walk } from './walk.js';

const BODY = /^(transaction|transactional|wrapInTransaction|withTransaction|inTransaction|runInTransaction|\w*[a-z]Transaction|\w*[sS]erializable)$/;

/** A transaction: a body handed over, or begin and end as calls of their own. null for anything else. */
export function transactionCall(walk: Walk, site: CallSite): Expression | null {
  const { name, node, receiver } = site;
  const closure = closureOf(site);
  if (closure !== undefined && BODY.test(name)) {
    const isolation: Isolation = /serializable/i.test(name) ? 'serializable' : 'default';
    const transaction = nextId(walk);
    emit(walk, node, { kind: 'tx-begin', transaction, handle: null, isolation, style: 'callback' }, site.callee);
    const value = within(walk, { kind: 'transaction', id: transaction }, () => runClosure(walk, closure, [], null));
    emit(walk, node, { kind: 'tx-end', transaction, outcome: 'scope' }, site.callee);
    return value;
  }
  if (receiver === undefined) return null;
  const done: Expression = { kind: 'literal', value: null };
  if (/^(beginTransaction|startTransaction|begin|start_transaction)$/.test(name) && /(^|\.)(DB|db|pdo|conn|connection|em|entityManager|manager|database|dbh)\w*/i.test(site.callee)) {
    emit(walk, node, { kind: 'tx-begin', transaction: nextId(walk), handle: null, isolation: 'default', style: 'statements' });
    return done;
  }
  if (/^(commit|rollBack|rollback|rollbackTransaction|commitTransaction)$/.test(name)) {
    const transaction = runningTransaction(walk);
    if (transaction !== null) emit(walk, node, { kind: 'tx-end', transaction, outcome: name.startsWith('commit') ? 'commit' : 'rollback' });
    return transaction === null && !/(^|\.)DB$/.test(site.callee.slice(0, -name.length - 1)) ? null : done;
  }
  if (name !== 'setTransactionIsolation') return null;
  const [level] = valuesOf(walk, site);
  setIsolation(walk, level?.kind === 'field' ? isolationOf(level.name) : 'unknown');
  return done;
}

/** The level of the transaction that runs; without one, of those that begin behind. */
export function setIsolation(walk: Walk, isolation: Isolation): void {
  const transaction = runningTransaction(walk);
  const at = walk.events.findLastIndex((one) => one.kind === 'tx-begin' && one.transaction === transaction);
  const begun = walk.events[at];
  if (begun?.kind === 'tx-begin') walk.events[at] = { ...begun, isolation };
}
