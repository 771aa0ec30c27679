/** Shapes of code that races and their guarded twins, as programs. */
import type { Context, Operation, Program } from '../../../src/behaviour/simulate/program.js';
import type { BreakKind } from '../../../src/behaviour/simulate/world.js';
import {
  affected, always, and, answer, atLeast, begin, check, column, commit, context, count, differs, effect, equal, exists, field, given, goTo, insert, label, less, lock, me, minus, more, not, now,
  number, onDuplicate, pause, plus, program, read, recall, remember, remove, unlock, update, value, where,
} from './write-program.js';

export interface Shape {
  readonly name: string;
  readonly programs: readonly Program[];
  readonly context: Context;
  /** The first invariant that a witness breaks. */
  readonly expected: BreakKind | readonly BreakKind[] | 'silent' | 'not-analysed';
}

type Options = Parameters<typeof context>[0];

const RR: Options = { isolation: 'repeatable-read' };
const SER: Options = { isolation: 'serializable' };
const INNODB: Options = { engine: 'innodb' };

function shape(name: string, expected: Shape['expected'], operations: readonly Operation[], options: Options = {}, other: readonly Operation[] = operations): Shape {
  return { name, expected, programs: [program(name, operations), program(name, other)], context: context(options) };
}

const byId = where({ id: given('id') });
const load = read('a', 'accounts', byId);
const loadLocked = read('a', 'accounts', byId, { lock: 'update' });
const covered = check(atLeast(field('a', 'balance'), given('amount')));
const writeBack = update('accounts', byId, { balance: minus(field('a', 'balance'), given('amount')) });
const decrement = update('accounts', byId, { balance: minus(column('balance'), given('amount')) });
const conditional = update('accounts', and(byId, atLeast(column('balance'), given('amount'))), { balance: minus(column('balance'), given('amount')) });
const touched = check(equal(affected('update accounts'), value(1)));

const inside = (operations: readonly Operation[], isolation: Parameters<typeof begin>[0] = null): readonly Operation[] => [begin(isolation), ...operations, commit];

const LOST = ['lost-update', 'guard-false'] as const;

const balances: readonly Shape[] = [
  shape('balance read and written back', 'lost-update', [load, writeBack]),
  shape('balance checked and written back', LOST, [load, covered, writeBack]),
  shape('balance checked, then decremented by the database', 'guard-false', [load, covered, decrement]),
  shape('the same in a transaction', 'guard-false', inside([load, covered, decrement])),
  shape('written back in a transaction', LOST, inside([load, covered, writeBack])),
  shape('the same in InnoDB at repeatable read', LOST, inside([load, covered, writeBack]), INNODB),
  shape('decremented in InnoDB at repeatable read', 'guard-false', inside([load, covered, decrement]), INNODB),
  shape('a negative balance that nothing checks', 'silent', [decrement]),
  shape('locked before it is read', 'silent', inside([loadLocked, covered, writeBack])),
  shape('locked before it is read, InnoDB', 'silent', inside([loadLocked, covered, writeBack]), INNODB),
  shape('FOR UPDATE without a transaction', LOST, [loadLocked, covered, writeBack]),
  shape('FOR UPDATE on the pool inside a transaction', LOST, inside([{ ...loadLocked, connection: 'pool' }, covered, writeBack])),
  shape('FOR SHARE, then written back', 'silent', inside([read('a', 'accounts', byId, { lock: 'share' }), covered, writeBack])),
  shape('repeatable read in Postgres', 'silent', inside([load, covered, writeBack]), RR),
  shape('repeatable read asked for by the transaction', 'silent', inside([load, covered, writeBack], 'repeatable-read')),
  shape('serializable in Postgres', 'silent', inside([load, covered, decrement]), SER),
  shape('serializable in InnoDB', 'silent', inside([load, covered, decrement]), { engine: 'innodb', isolation: 'serializable' }),
  shape('serializable without a transaction', LOST, [load, covered, writeBack], SER),
  shape('the check in the WHERE, and the count looked at', 'silent', [conditional, touched]),
  shape('the check in the WHERE, in a transaction', 'silent', inside([conditional, touched]), INNODB),
  shape('the check in the WHERE after an effect', 'effect-repeated', [load, covered, effect('payment'), conditional, touched]),
  shape('the check in the WHERE, nobody looks, money goes out', ['guard-false', 'write-missed'], [load, covered, conditional, effect('payout')]),
  shape('read again under the lock', 'silent', inside([loadLocked, read('b', 'accounts', byId), check(atLeast(field('b', 'balance'), given('amount'))), decrement])),
  shape('read before the lock and used under it', LOST, inside([load, read('b', 'accounts', byId, { lock: 'update' }), covered, writeBack])),
  shape('read before the lock, InnoDB', LOST, inside([load, read('b', 'accounts', byId, { lock: 'update' }), covered, writeBack]), INNODB),
  shape('stale view under the lock, InnoDB', LOST, inside([read('s', 'settings', always), loadLocked, read('b', 'accounts', byId), check(atLeast(field('b', 'balance'), given('amount'))), update('accounts', byId, { balance: minus(field('b', 'balance'), given('amount')) })]), INNODB),
  shape('atomic increment', 'silent', [update('accounts', byId, { balance: plus(column('balance'), given('amount')) })]),
  shape('weak decrement guard', 'silent', [update('accounts', and(byId, more(column('balance'), value(0))), { balance: minus(column('balance'), given('amount')) }), touched]),
  shape('transfer, both rows read first', LOST, inside([
    read('from', 'accounts', where({ id: given('source') })), read('to', 'accounts', where({ id: given('target') })), check(atLeast(field('from', 'balance'), given('amount'))),
    update('accounts', where({ id: given('source') }), { balance: minus(field('from', 'balance'), given('amount')) }),
    update('accounts', where({ id: given('target') }), { balance: plus(field('to', 'balance'), given('amount')) }),
  ])),
  shape('transfer, locked one after the other', 'silent', inside([
    read('from', 'accounts', where({ id: given('source') }), { lock: 'update' }), read('to', 'accounts', where({ id: given('target') }), { lock: 'update' }), check(atLeast(field('from', 'balance'), given('amount'))),
    update('accounts', where({ id: given('source') }), { balance: minus(column('balance'), given('amount')) }),
    update('accounts', where({ id: given('target') }), { balance: plus(column('balance'), given('amount')) }),
  ])),
  shape('another function writes the same column', 'lost-update', [load, update('accounts', byId, { balance: plus(field('a', 'balance'), value(1)) })], {}, [conditional, touched]),
  shape('text appended in memory', 'lost-update', [load, update('accounts', byId, { notes: plus(field('a', 'notes'), me) })]),
];

const named: readonly Shape[] = [
  shape('advisory lock in a transaction, first', 'silent', inside([lock('transaction', given('id')), load, covered, writeBack])),
  shape('advisory lock after the read', LOST, inside([load, lock('transaction', given('id')), covered, writeBack])),
  shape('advisory transaction lock without a transaction', LOST, [lock('transaction', given('id')), load, covered, writeBack]),
  shape('advisory session lock', 'silent', [lock('session', given('id')), load, covered, writeBack, unlock(given('id'))]),
  shape('session lock on another key', LOST, [lock('session', me), load, covered, writeBack, unlock(me)]),
  shape('session lock released before the commit', LOST, [begin(), lock('session', given('id')), load, covered, writeBack, unlock(given('id')), commit]),
  shape('session lock released after the commit', 'silent', [lock('session', given('id')), begin(), load, covered, writeBack, commit, unlock(given('id'))]),
  shape('lock of the whole cluster', 'silent', [lock('cluster', given('id')), load, covered, writeBack, unlock(given('id'))]),
  shape('cluster lock released before the commit', LOST, [begin(), lock('cluster', given('id')), load, covered, writeBack, unlock(given('id')), commit]),
  shape('mutex where there may be several processes', LOST, [lock('process', given('id')), load, covered, writeBack, unlock(given('id'))]),
  shape('mutex in a single process', 'silent', [lock('process', given('id')), load, covered, writeBack, unlock(given('id'))], { singleProcess: true }),
  shape('lock tried, and given up without it', 'silent', [lock('session', given('id'), { tries: true }), check(number('locked')), load, covered, writeBack, unlock(given('id'))]),
  shape('lock tried, and nobody looks', LOST, [lock('session', given('id'), { tries: true }), load, covered, writeBack, unlock(given('id'))]),
];

const mine = where({ team: given('team') });
const places = count('n', 'members', mine);
const room = check(less(number('n'), value(2)));
const joining = insert('members', { team: given('team'), person: me });
const parent = read('t', 'teams', where({ id: given('team') }), { lock: 'update' });

const inserts: readonly Shape[] = [
  shape('looked for, then inserted', 'guard-false', [read('u', 'users', where({ email: given('email') })), check(not(exists('u'))), insert('users', { email: given('email') })]),
  shape('the same in a transaction', 'guard-false', inside([read('u', 'users', where({ email: given('email') })), check(not(exists('u'))), insert('users', { email: given('email') })])),
  shape('the same at repeatable read', 'guard-false', inside([read('u', 'users', where({ email: given('email') })), check(not(exists('u'))), insert('users', { email: given('email') })]), RR),
  shape('the same, serializable', 'silent', inside([read('u', 'users', where({ email: given('email') })), check(not(exists('u'))), insert('users', { email: given('email') })]), SER),
  shape('a unique index refuses the second', 'silent', [read('u', 'users', where({ email: given('email') })), check(not(exists('u'))), insert('users', { email: given('email') })], { unique: [['users', 'email']] }),
  shape('a unique index on something else', 'guard-false', [read('u', 'users', where({ email: given('email') })), check(not(exists('u'))), insert('users', { email: given('email'), name: me })], { unique: [['users', 'name']] }),
  shape('a unique index, after a mail went out', 'effect-repeated', [read('u', 'users', where({ email: given('email') })), check(not(exists('u'))), effect('mail', given('email')), insert('users', { email: given('email') })], { unique: [['users', 'email']] }),
  shape('ON CONFLICT DO NOTHING', 'silent', [insert('users', { email: given('email') }, { conflict: { columns: ['email'], update: null } }), check(equal(affected('insert users'), value(1)))], { unique: [['users', 'email']] }),
  shape('upsert that counts', 'silent', [insert('visits', { page: given('page'), seen: value(1) }, { conflict: { columns: ['page'], update: { seen: plus(column('seen'), value(1)) } } })], { unique: [['visits', 'page']] }),
  shape('FOR UPDATE that finds no row locks nothing', 'guard-false', inside([read('u', 'users', where({ email: given('email') }), { lock: 'update' }), check(not(exists('u'))), insert('users', { email: given('email') })])),
  shape('FOR UPDATE that finds no row, InnoDB', 'silent', inside([read('u', 'users', where({ email: given('email') }), { lock: 'update' }), check(not(exists('u'))), insert('users', { email: given('email') })]), INNODB),
  shape('limit counted, then inserted', 'guard-false', [places, room, joining]),
  shape('limit counted in a transaction', 'guard-false', inside([places, room, joining])),
  shape('limit counted at repeatable read', 'guard-false', inside([places, room, joining]), RR),
  shape('limit counted, serializable', 'silent', inside([places, room, joining]), SER),
  shape('limit counted under a lock of the parent', 'silent', inside([parent, check(exists('t')), places, room, joining])),
  shape('limit counted under a lock of the parent, repeatable read', 'guard-false', inside([parent, check(exists('t')), places, room, joining]), RR),
  shape('limit counted after an advisory lock, read committed', 'silent', inside([lock('transaction', given('team')), places, room, joining])),
  shape('limit counted after an advisory lock, repeatable read', 'guard-false', inside([lock('transaction', given('team')), places, room, joining]), RR),
  shape('limit counted with the parent updated, repeatable read', 'silent', inside([update('teams', where({ id: given('team') }), { changed: now }), check(equal(affected('update teams'), value(1))), places, room, joining]), RR),
  shape('limit counted under a lock of the parent, InnoDB', 'silent', inside([parent, check(exists('t')), places, room, joining]), INNODB),
  shape('a view older than the lock, InnoDB', 'guard-false', inside([read('s', 'settings', always), parent, check(exists('t')), places, room, joining]), INNODB),
  shape('a unique index does not help a limit', 'guard-false', [places, room, joining], { unique: [['members', 'team', 'person']] }),
  shape('next number from the greatest', 'duplicate-number', [read('m', 'invoices', where({ team: given('team') }), { aggregate: 'max', column: 'number' }), insert('invoices', { team: given('team'), number: plus(number('m'), value(1)) })]),
  shape('next number with a unique index', 'silent', [read('m', 'invoices', where({ team: given('team') }), { aggregate: 'max', column: 'number' }), insert('invoices', { team: given('team'), number: plus(number('m'), value(1)) })], { unique: [['invoices', 'team', 'number']] }),
  shape('next number from a locked counter', 'silent', inside([read('k', 'counters', where({ id: given('id') }), { lock: 'update' }), check(exists('k')), insert('invoices', { team: given('id'), number: field('k', 'next') }), update('counters', where({ id: given('id') }), { next: plus(column('next'), value(1)) })])),
  shape('duplicate handled outside the transaction', 'silent', [begin(), insert('users', { email: given('email') }, { handlers: onDuplicate('known') }), commit, answer(), label('known'), read('u', 'users', where({ email: given('email') })), answer()], { unique: [['users', 'email']] }),
  shape('duplicate handled in a savepoint', 'silent', inside([insert('users', { email: given('email') }, { handlers: onDuplicate('known', { keepsTransaction: true, savepoint: true }) }), label('known'), insert('events', { who: me })]), { unique: [['users', 'email']] }),
  shape('duplicate swallowed in a failed transaction', 'silent', inside([insert('events', { who: me }), insert('users', { email: given('email') }, { handlers: onDuplicate('known', { keepsTransaction: true }) }), label('known')]), { unique: [['users', 'email']] }),
];

const pending = where({ id: given('id'), state: value('pending') });
const order = read('o', 'orders', byId);
const isPending = check(equal(field('o', 'state'), value('pending')));
const paid = update('orders', byId, { state: value('paid') });
const open = where({ state: value('ready') });
const claimedById = update('jobs', where({ id: field('j', 'id') }), { state: value('taken'), worker: me });

const states: readonly Shape[] = [
  shape('paid twice', 'guard-false', [order, isPending, effect('charge', given('id')), paid]),
  shape('set twice to the same, nothing behind it', 'silent', [order, isPending, paid]),
  shape('checked, set, then a mail', 'guard-false', [order, isPending, paid, effect('mail', given('id'))]),
  shape('the state in the WHERE, count checked, then a mail', 'silent', [update('orders', pending, { state: value('paid') }), check(equal(affected('update orders'), value(1))), effect('mail', given('id'))]),
  shape('checked, the state in the WHERE, and nobody looks', ['guard-false', 'write-missed'], [order, isPending, update('orders', pending, { state: value('paid') }), effect('mail', given('id'))]),
  shape('paid under a row lock', 'silent', inside([read('o', 'orders', byId, { lock: 'update' }), isPending, effect('charge', given('id')), paid])),
  shape('version compared', 'silent', [load, covered, update('accounts', and(byId, equal(column('version'), field('a', 'version'))), { balance: minus(field('a', 'balance'), given('amount')), version: plus(column('version'), value(1)) }), touched]),
  shape('version compared, nobody looks', ['write-missed', 'lost-update', 'guard-false'], [load, covered, update('accounts', and(byId, equal(column('version'), field('a', 'version'))), { balance: minus(field('a', 'balance'), given('amount')), version: plus(column('version'), value(1)) }), effect('payout')]),
  shape('version raised and never compared', LOST, [load, covered, update('accounts', byId, { balance: minus(field('a', 'balance'), given('amount')), version: plus(column('version'), value(1)) })]),
  shape('job picked, then marked', ['claimed-twice', 'guard-false'], [read('j', 'jobs', open, { limit: 1 }), check(exists('j')), claimedById, effect('work', field('j', 'id'))]),
  shape('job picked in a transaction', ['claimed-twice', 'guard-false'], inside([read('j', 'jobs', open, { limit: 1 }), check(exists('j')), claimedById, effect('work', field('j', 'id'))])),
  shape('job picked FOR UPDATE', 'silent', inside([read('j', 'jobs', open, { limit: 1, lock: 'update' }), check(exists('j')), claimedById, effect('work', field('j', 'id'))])),
  shape('job picked with SKIP LOCKED', 'silent', inside([read('j', 'jobs', open, { limit: 1, lock: 'update', wait: 'skip' }), check(exists('j')), claimedById, effect('work', field('j', 'id'))])),
  shape('SKIP LOCKED without a transaction', ['claimed-twice', 'guard-false'], [read('j', 'jobs', open, { limit: 1, lock: 'update', wait: 'skip' }), check(exists('j')), claimedById, effect('work', field('j', 'id'))]),
  shape('job claimed by one statement', 'silent', [update('jobs', where({ id: field('j', 'id') }), { state: value('taken'), worker: me }, { as: 'w', first: read('j', 'jobs', open, { limit: 1, lock: 'update', wait: 'skip' }) }), check(exists('w')), effect('work', field('w', 'id'))]),
  shape('job claimed by a subquery that locks nothing', ['claimed-twice', 'guard-false'], inside([update('jobs', where({ id: field('j', 'id') }), { state: value('taken'), worker: me }, { as: 'w', first: read('j', 'jobs', open, { limit: 1 }) }), check(exists('w')), effect('work', field('w', 'id'))])),
  shape('invitation used and deleted', 'guard-false', [read('i', 'invitations', where({ token: given('token') })), check(exists('i')), insert('members', { person: me }), remove('invitations', where({ token: given('token') }))]),
  shape('write skew: the last of two leaves', 'guard-false', inside([count('n', 'doctors', where({ call: value(true) })), check(more(number('n'), value(1))), update('doctors', byId, { call: value(false) })]), RR),
  shape('write skew, serializable', 'silent', inside([count('n', 'doctors', where({ call: value(true) })), check(more(number('n'), value(1))), update('doctors', byId, { call: value(false) })]), SER),
  shape('counter in memory across an await', 'memory-overwritten', [recall('n', 'counter'), pause, remember('counter', plus(number('n'), value(1)))], { singleProcess: true }),
  shape('counter in memory without an await', 'silent', [pause, recall('n', 'counter'), remember('counter', plus(number('n'), value(1)))], { singleProcess: true }),
  shape('retried after a duplicate', 'silent', [label('again'), read('m', 'invoices', always, { aggregate: 'max', column: 'number' }), insert('invoices', { number: plus(number('m'), value(1)) }, { handlers: onDuplicate('again') })], { unique: [['invoices', 'number']] }),
  shape('nothing is read', 'not-analysed', [effect('mail')]),
  shape('nothing is written', 'not-analysed', [load, check(exists('a')), answer(field('a', 'balance'))]),
  shape('a guard that no state can meet', 'not-analysed', [load, check(less(field('a', 'balance'), value(0))), writeBack]),
  shape('each has rows of his own', 'not-analysed', [read('a', 'accounts', where({ owner: me })), update('accounts', where({ owner: me }), { balance: plus(field('a', 'balance'), value(1)) })]),
  shape('jumped over', 'silent', [order, check(differs(field('o', 'state'), value('pending')), 'pay'), goTo('end'), label('pay'), paid, label('end')]),
];

export const SHAPES: readonly Shape[] = [...balances, ...named, ...inserts, ...states];
