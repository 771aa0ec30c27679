import type { CacheAccess } from '../event.js';
import type { Expression } from '../expression.js';
import { closureOf, runClosure, valuesOf, type CallSite } from './call-site.js';
import { emit, resultOf } from './walk.js';
import type { Walk } from './walk.js';

const RECEIVER = /(^|\.)(Cache|cache|Redis|redis|RateLimiter|\w*Cache|cachePool|predis)(\.(store|tags|connection|driver))*$/;
const METHODS: Readonly<Record<string, CacheAccess['operation']>> = {
  get: 'get',
  has: 'get',
  exists: 'get',
  missing: 'get',
  many: 'get',
  pull: 'get',
  hget: 'get',
  put: 'set',
  set: 'set',
  setex: 'set',
  forever: 'set',
  hset: 'set',
  add: 'set-if-absent',
  setnx: 'set-if-absent',
  forget: 'delete',
  del: 'delete',
  delete: 'delete',
  flush: 'delete',
  increment: 'increment',
  decrement: 'increment',
  incr: 'increment',
  decr: 'increment',
  incrby: 'increment',
  expire: 'expire',
  eval: 'script',
  remember: 'get',
  rememberForever: 'get',
  flexible: 'get',
};

/** Caches and Redis. null for anything else. */
export function cacheCall(walk: Walk, site: CallSite): Expression | null {
  const operation = METHODS[site.name];
  const owner = site.callee.slice(0, Math.max(0, site.callee.length - site.name.length - 1));
  if (operation === undefined || site.receiver === undefined || !RECEIVER.test(owner)) return null;
  const values = valuesOf(walk, site);
  const [key, value, ttl] = values;
  const absent = operation === 'set' && values.some((one) => one.kind === 'literal' && one.value === 'NX');
  const closure = closureOf(site);
  const id = emit(walk, site.node, { kind: 'cache', operation: absent ? 'set-if-absent' : operation, callee: site.callee, key: key ?? null, value: operation === 'set' ? (value ?? null) : null, ttl: ttl ?? null, variable: null, promise: 'none' });
  return closure === undefined ? resultOf(id) : runClosure(walk, closure, [], 'many');
}
