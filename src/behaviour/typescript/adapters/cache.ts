import type { Expression } from '../../expression.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { property } from './where-object.js';

const RECEIVER = /redis|cache|valkey|memcached?|ioredis|kv$|upstash/i;
type Operation = Extract<Recognition, { is: 'cache' }>['operation'];
const METHODS: Readonly<Record<string, Operation>> = {
  get: 'get',
  has: 'get',
  exists: 'get',
  hget: 'get',
  set: 'set',
  setex: 'set',
  setEx: 'set',
  psetex: 'set',
  put: 'set',
  hset: 'set',
  setnx: 'set-if-absent',
  setNX: 'set-if-absent',
  add: 'set-if-absent',
  del: 'delete',
  delete: 'delete',
  unlink: 'delete',
  incr: 'increment',
  incrby: 'increment',
  decr: 'increment',
  decrby: 'increment',
  expire: 'expire',
  pexpire: 'expire',
  eval: 'script',
  evalsha: 'script',
};

/** Redis clients and caches. */
export const cache: Adapter = {
  library: 'cache',
  matches(call: CallNames): boolean {
    const owner = call.chain.links.at(-2)?.name ?? call.chain.root;
    return RECEIVER.test(owner) && METHODS[call.name] !== undefined;
  },
  read(call: CallSite): Recognition | null {
    const operation = METHODS[call.name];
    if (operation === undefined) return null;
    const [key, value] = call.values;
    const ttl = ttlOf(call);
    const absent = operation === 'set' && call.values.some((one) => isWord(one, 'NX') || property(one, 'NX') !== undefined || property(one, 'nx') !== undefined);
    if (absent && key !== undefined && /lock|mutex/i.test(JSON.stringify(key).slice(0, 500) + call.callee)) {
      return { is: 'lock', name: call.callee, key, scope: 'cluster', tries: true };
    }
    return { is: 'cache', operation: absent ? 'set-if-absent' : operation, key: key ?? null, value: value ?? null, ttl };
  },
};

function isWord(value: Expression, word: string): boolean {
  return value.kind === 'literal' && typeof value.value === 'string' && value.value.toUpperCase() === word;
}

function ttlOf(call: CallSite): Expression | null {
  if (/^(p?setex|setEx)$/.test(call.name)) return call.values[1] ?? null;
  const place = call.values.findIndex((one) => isWord(one, 'EX') || isWord(one, 'PX'));
  if (place !== -1) return call.values[place + 1] ?? null;
  const options = call.values.find((one) => one.kind === 'object');
  return property(options, 'EX') ?? property(options, 'PX') ?? property(options, 'ex') ?? property(options, 'px') ?? property(options, 'ttl') ?? null;
}
