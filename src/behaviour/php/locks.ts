import type { Expression } from '../expression.js';
import type { LockScope } from '../event.js';
import { speaksOfLocks } from '../lock-words.js';
import { closureOf, runClosure, valuesOf, type CallSite } from './call-site.js';
import { emit, nextId, resultOf, within, type LockValue } from './walk.js';
import type { Walk } from './walk.js';

const MAKES = /^(lock|createLock|createLockFromKey|restoreLock|funnel|withoutOverlapping|mutex)$/;
const TAKES = /^(get|block|acquire|acquireRead|tryAcquire|lock|tryLock|synchronized|then|run|execute)$/;
const FREES = /^(release|forceRelease|unlock)$/;

/** A lock is made, taken or freed. null for anything else. */
export function lockCall(walk: Walk, site: CallSite, self: Expression | null): Expression | null {
  const held = self === null ? undefined : walk.locks.get(self);
  if (held !== undefined && self !== null) return onLock(walk, site, self, held);
  if (site.name === 'flock' || site.name === 'sem_acquire') {
    const values = valuesOf(walk, site);
    return resultOf(emit(walk, site.node, { kind: 'lock-acquire', lock: nextId(walk), name: site.name, key: values[0] ?? null, scope: 'process', ttl: null, tries: false, promise: 'none' }));
  }
  if (makesLock(site)) return made(walk, site);
  const closure = closureOf(site);
  if (closure === undefined || !(speaksOfLocks(site.callee) || isConfigured(site.callee, walk.file.lockWrappers))) return null;
  return wrapped(walk, site, { name: site.callee, key: valuesOf(walk, site)[0] ?? null, ttl: null }, false);
}

/** `Cache::lock('pay', 10)`, `$this->lockFactory->createLock('pay')`. */
function makesLock(site: CallSite): boolean {
  if (!MAKES.test(site.name) || site.receiver === undefined) return false;
  if (/^(createLock|createLockFromKey|restoreLock|funnel)$/.test(site.name)) return true;
  return /(^|\.)(cache|lock|redis|mutex|locker|lockFactory|lockProvider)\w*(\.store)?\.\w+$/i.test(site.callee);
}

function made(walk: Walk, site: CallSite): Expression {
  const [key, ttl] = valuesOf(walk, site);
  const value: Expression = { kind: 'opaque', text: site.callee, uses: [] };
  walk.locks.set(value, { name: site.callee, key: key ?? null, ttl: ttl ?? null });
  return value;
}

function onLock(walk: Walk, site: CallSite, self: Expression, held: LockValue): Expression {
  if (FREES.test(site.name)) {
    const event = walk.events.findLast((one) => one.kind === 'lock-acquire');
    emit(walk, site.node, { kind: 'lock-release', lock: event?.kind === 'lock-acquire' ? event.lock : 0, name: site.callee, inFinally: walk.frames.some((one) => one.kind === 'try' && one.part === 'finally') });
    return { kind: 'literal', value: true };
  }
  if (!TAKES.test(site.name)) return self;
  if (closureOf(site) !== undefined) return wrapped(walk, site, held, site.name === 'get');
  valuesOf(walk, site);
  return resultOf(emit(walk, site.node, { kind: 'lock-acquire', lock: nextId(walk), name: held.name, key: held.key, scope: 'cluster', ttl: held.ttl, tries: site.name === 'get', promise: 'none' }));
}

function wrapped(walk: Walk, site: CallSite, held: LockValue, tries: boolean): Expression {
  const closure = closureOf(site);
  valuesOf(walk, site);
  const lock = nextId(walk);
  const scope: LockScope = /cache|redis|lock/i.test(held.name) ? 'cluster' : 'unknown';
  emit(walk, site.node, { kind: 'lock-acquire', lock, name: held.name, key: held.key, scope, ttl: held.ttl, tries, promise: 'none' });
  const value = closure === undefined ? resultOf(0) : within(walk, { kind: 'lock', id: lock }, () => runClosure(walk, closure, [], null));
  emit(walk, site.node, { kind: 'lock-release', lock, name: held.name, inFinally: true });
  return value;
}

function isConfigured(callee: string, wrappers: readonly string[]): boolean {
  return wrappers.some((wrapper) => {
    const name = wrapper.replaceAll('::', '.').replaceAll('->', '.').replaceAll('\\', '.');
    return callee === name || callee.endsWith(`.${name}`) || name.endsWith(`.${callee}`);
  });
}
