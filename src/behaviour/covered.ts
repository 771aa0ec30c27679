import type { Event, FunctionBehaviour, LockScope, TxBegin } from './event.js';

/** What a function's callers in the same file hold whenever they call it. */
export interface Cover {
  readonly scope: LockScope;
  /** The lock as the caller wrote it. */
  readonly name: string;
}

/** Names people give to the part of a method that runs under the lock its public twin takes. */
const INNER = /^(do|_|perform|execute|inner|unsafe|apply|process)[A-Z_]|(Internal|Unlocked|Locked|Unsafe|Inner|Impl|Core|InTransaction|WithinTransaction|Tx)$/;

/** Whether a name says that the function is a part of one that takes the lock or opens the transaction. */
export function isTransactional(name: string): boolean {
  return INNER.test(name);
}

/**
 * The functions that are only ever called under a lock, by their name. `reachable` says whether others than the file's own
 * functions can call one.
 */
export function coversOf(behaviours: readonly FunctionBehaviour[], reachable: (name: string) => boolean): ReadonlyMap<string, Cover> {
  const calls = new Map<string, (Cover | null)[]>();
  for (const behaviour of behaviours) {
    for (const event of behaviour.events) {
      if (event.kind !== 'call' || event.target === null || event.target.name === behaviour.name) continue;
      const { name } = event.target;
      calls.set(name, [...(calls.get(name) ?? []), coverAt(behaviour.events, event)]);
    }
  }
  const found = new Map<string, Cover>();
  for (const [name, covers] of calls) {
    const [first] = covers;
    if (first != null && covers.every((one) => one !== null) && (!reachable(name) || INNER.test(name))) found.set(name, first);
  }
  return found;
}

/** What is held where a call stands: a lock around it, a row locked before it, a strict transaction. */
function coverAt(events: readonly Event[], call: Event): Cover | null {
  for (const frame of call.frames) {
    const lock = frame.kind === 'lock' ? events.find((one) => one.kind === 'lock-acquire' && one.lock === frame.id) : undefined;
    if (lock?.kind === 'lock-acquire') return { scope: lock.scope, name: lock.text };
    const begin = frame.kind === 'transaction' ? events.find((one): one is TxBegin => one.kind === 'tx-begin' && one.transaction === frame.id) : undefined;
    if (begin !== undefined && (begin.isolation === 'serializable' || begin.isolation === 'repeatable-read')) return { scope: 'transaction', name: begin.text };
  }
  for (const one of events) {
    if (one.id > call.id) break;
    if ((one.kind === 'read' || one.kind === 'count') && one.lock === 'update') return { scope: 'transaction', name: one.text };
    if (one.kind === 'lock-acquire' && !events.some((other) => other.frames.some((frame) => frame.kind === 'lock' && frame.id === one.lock))) return { scope: one.scope, name: one.text };
    if (one.kind === 'tx-begin' && one.style === 'statements' && (one.isolation === 'serializable' || one.isolation === 'repeatable-read')) return { scope: 'transaction', name: one.text };
  }
  return null;
}
