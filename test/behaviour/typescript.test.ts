/** From TypeScript and JavaScript text to events. */
import { describe, expect, it } from '@jest/globals';
import { behavioursOf, loadLanguage } from '../../src/behaviour/behaviours-of.js';
import { walkExpression } from '../../src/behaviour/expression.js';
import { eventsOf, read, readOne } from './read.js';

describe('reads and writes', () => {
  it('follow a value from the row to the data written', async () => {
    const one = await readOne(`
      export async function pay(id: string, amount: number) {
        const { balance } = await prisma.account.findUnique({ where: { id } });
        const left = balance - amount;
        await prisma.account.update({ where: { id }, data: { balance: left } });
      }`);
    const [read] = eventsOf(one, 'read');
    const [write] = eventsOf(one, 'write');
    expect(read).toMatchObject({ entity: 'account', library: 'prisma', key: [{ column: 'id', value: { kind: 'parameter', name: 'id' } }], lock: 'none', promise: 'awaited' });
    expect(write).toMatchObject({ operation: 'update', entity: 'account', whereColumns: ['id'] });
    expect(write?.data[0]).toMatchObject({
      column: 'balance',
      value: { kind: 'binary', operator: 'subtract', left: { kind: 'field', name: 'balance', of: { kind: 'result', event: read?.id } }, right: { kind: 'parameter', name: 'amount' } },
    });
  });

  it.each([
    ['prisma', `await prisma.account.update({ where: { id }, data: { balance: { decrement: n } } })`],
    ['typeorm', `await getRepository(Account).decrement({ id }, 'balance', n)`],
    ['typeorm', `await getRepository(Account).createQueryBuilder().update(Account).set({ balance: () => 'balance - :n' }).where('id = :id', { id, n }).execute()`],
    ['sequelize', `await Account.decrement('balance', { by: n, where: { id } })`, `import { Account } from './models'; import 'sequelize';`],
    ['knex', `await knex('accounts').where({ id }).decrement('balance', n)`],
    ['knex', `await knex('accounts').where({ id }).update({ balance: knex.raw('balance - ?', [n]) })`],
    ['drizzle', "await db.update(accounts).set({ balance: sql`${accounts.balance} - ${n}` }).where(eq(accounts.id, id))", `import { eq, sql } from 'drizzle-orm';`],
    ['pg', `await pool.query('UPDATE accounts SET balance = balance - $2 WHERE id = $1', [id, n])`, `import { Pool } from 'pg';`],
    ['mysql2', 'await connection.execute("UPDATE `accounts` SET balance = balance - ? WHERE id = ?", [n, id])', `import mysql from 'mysql2/promise';`],
  ])('%s computes on the column itself', async (library, statement, imports = '') => {
    const one = await readOne(`${imports}\nexport async function take(id: string, n: number) { ${statement}; }`);
    const [write] = eventsOf(one, 'write');
    expect(write).toMatchObject({ library, operation: 'update', entity: 'account', whereColumns: ['id'] });
    expect(write?.data[0]).toMatchObject({ column: 'balance', value: { kind: 'binary', operator: 'subtract', left: { kind: 'column', name: 'balance' } } });
  });

  it.each([
    ["await prisma.$queryRaw`SELECT * FROM accounts WHERE id = ${id} FOR UPDATE`", ''],
    [`await client.query('SELECT * FROM accounts WHERE id = $1 FOR UPDATE', [id])`, ''],
    [`await manager.findOne(Account, { where: { id }, lock: { mode: 'pessimistic_write' } })`, ''],
    [`await Account.findByPk(id, { transaction: t, lock: t.LOCK.UPDATE })`, `import { Account } from './models';`],
    [`await trx('accounts').where({ id }).forUpdate().first()`, ''],
    [`await tx.select().from(accounts).where(eq(accounts.id, id)).for('update')`, `import { eq } from 'drizzle-orm';`],
  ])('%s locks the row', async (statement, imports) => {
    const one = await readOne(`${imports}\nexport async function lock(id: string) { const row = ${statement}; return row; }`);
    expect(eventsOf(one, 'read')[0]).toMatchObject({ entity: 'account', lock: 'update' });
  });

  it('skip-locked reads and advisory locks are told apart from plain ones', async () => {
    const one = await readOne(`
      export async function claim(client: any, id: number) {
        await client.query('SELECT pg_advisory_xact_lock($1)', [id]);
        await client.query("SELECT * FROM jobs WHERE state = 'ready' LIMIT 1 FOR UPDATE SKIP LOCKED");
      }`);
    expect(eventsOf(one, 'lock-acquire')[0]).toMatchObject({ name: 'pg_advisory_xact_lock', scope: 'transaction' });
    expect(eventsOf(one, 'read')[0]).toMatchObject({ entity: 'job', lock: 'update', wait: 'skip', limit: { kind: 'literal', value: 1 } });
  });

  it('a changed row that is saved writes what was assigned', async () => {
    const one = await readOne(`
      import mongoose from 'mongoose';
      import { Account } from './models/account';
      export async function spend(id: string, n: number) {
        const account = await Account.findById(id);
        account.balance -= n;
        account.spentAt = new Date();
        await account.save();
      }`);
    const [write] = eventsOf(one, 'write');
    expect(write).toMatchObject({ operation: 'save', target: 0, entity: 'account' });
    expect(write?.data.map((each) => each.column)).toEqual(['balance', 'spentAt']);
  });

  it('things that are only named alike are no rows', async () => {
    const one = await readOne(`
      export async function noise(element: any, seen: Map<string, number>, list: string[]) {
        element.classList.remove('x');
        seen.delete('a');
        Metrics.increment('b');
        list.push('c');
        await list.find((one) => one === 'c');
      }`);
    expect(eventsOf(one, 'write')).toEqual([]);
    expect(eventsOf(one, 'read')).toEqual([]);
  });
});

describe('decisions', () => {
  it('say how each side leaves, and what stands on which side', async () => {
    const one = await readOne(`
      export async function f(id: string) {
        const order = await prisma.order.findUnique({ where: { id } });
        if (!order || order.status !== 'PENDING') throw new Error();
        if (order.total > 100) { await prisma.order.update({ where: { id }, data: { big: true } }); } else return;
      }`);
    const [first, second] = eventsOf(one, 'guard');
    expect([first?.whenTrue, first?.whenFalse, second?.whenTrue, second?.whenFalse]).toEqual(['throw', null, null, 'return']);
    expect(eventsOf(one, 'write')[0]?.frames).toEqual([{ kind: 'branch', id: second?.branch, arm: 'then' }]);
  });

  it('every arm of a switch has its own', async () => {
    const one = await readOne(`
      export async function f(id: string) {
        const order = await prisma.order.findUnique({ where: { id } });
        switch (order.state) {
          case 'a': case 'b': await prisma.order.update({ where: { id }, data: { state: 'c' } }); break;
          default: throw new Error();
        }
      }`);
    const [labels, rest] = eventsOf(one, 'guard');
    expect(labels?.condition).toMatchObject({ kind: 'binary', operator: 'in', right: { elements: [{ value: 'a' }, { value: 'b' }] } });
    expect(rest).toMatchObject({ whenTrue: 'throw', condition: { kind: 'unary', operator: 'not' } });
  });

  it('those of a helper in the same file are shown where it is called, wherever it is written', async () => {
    const text = (helper: string, caller: string): string => `${helper}\n${caller}`;
    const helper = `function assertCovered(wallet: any, n: number) { if (wallet.credits < n) throw new Error(); }`;
    const caller = `export async function spend(id: string, n: number) { const w = await prisma.wallet.findUnique({ where: { id } }); assertCovered(w, n); }`;
    for (const source of [text(helper, caller), text(caller, helper)]) {
      const one = await readOne(source, 'spend');
      const [guard] = eventsOf(one, 'guard');
      expect(guard?.condition).toMatchObject({ operator: 'less', left: { kind: 'field', name: 'credits', of: { kind: 'result', event: 0 } } });
      expect(guard?.frames[0]).toMatchObject({ kind: 'inlined', name: 'assertCovered' });
    }
  });
});

describe('transactions and locks', () => {
  it('a handle that is passed on keeps its transaction', async () => {
    const one = await readOne(
      `
      async function take(db: any, id: string) { await db.account.update({ where: { id }, data: { n: 1 } }); }
      export async function f(id: string) {
        await prisma.$transaction(async (tx) => { await take(tx, id); await prisma.audit.create({ data: {} }); }, { isolationLevel: 'Serializable' });
      }`,
      'f',
    );
    const [begin] = eventsOf(one, 'tx-begin');
    expect(begin).toMatchObject({ handle: 'tx', isolation: 'serializable', style: 'callback' });
    expect(eventsOf(one, 'write').map((write) => write.handle)).toEqual([
      { name: 'db', transaction: begin?.transaction },
      { name: 'prisma', transaction: null },
    ]);
  });

  it('BEGIN and COMMIT on a client are a transaction', async () => {
    const one = await readOne(`
      export async function f(client: any) {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        await client.query('UPDATE a SET x = 1 WHERE id = 2');
        await client.query('COMMIT');
        await client.query('UPDATE a SET x = 1 WHERE id = 2');
      }`);
    const [begin] = eventsOf(one, 'tx-begin');
    expect(begin).toMatchObject({ isolation: 'repeatable-read', style: 'statements', handle: 'client' });
    expect(eventsOf(one, 'tx-end')[0]).toMatchObject({ outcome: 'commit', transaction: begin?.transaction });
    expect(eventsOf(one, 'write')[0]?.handle.transaction).toBe(begin?.transaction);
  });

  it('wrappers are known by name, by their package, and from the configuration', async () => {
    const body = `async () => { await prisma.a.update({ where: { id: 1 }, data: { n: 1 } }); }`;
    const text = `import { Mutex } from 'async-mutex';
      export async function one() { await withLock('k', ${body}); }
      export async function two() { await new Mutex().runExclusive(${body}); }
      export async function three() { await Customers.LockService.call('k', ${body}); }
      export async function four() { await blockUser('k', ${body}); }`;
    const functions = await read(text, 'src/a.ts', ['Customers::LockService.call']);
    const held = functions.map((each) => [each.name, eventsOf(each, 'lock-acquire').map((lock) => lock.scope)]);
    expect(held).toEqual([['one', ['process']], ['two', ['process']], ['three', ['process']], ['four', []]]);
    expect(eventsOf(functions[0]!, 'write')[0]?.frames[0]).toMatchObject({ kind: 'lock' });
  });

  it('a private method that is only called under a lock has it too', async () => {
    const text = (visibility: string): string => `export class W {
      async take(id: string) { return redlock.using([id], 1000, () => this.inner(id)); }
      ${visibility} async inner(id: string) { await prisma.a.update({ where: { id }, data: { n: 1 } }); }
    }`;
    expect(eventsOf(await readOne(text('private'), 'W.inner'), 'lock-acquire')).toHaveLength(1);
    expect(eventsOf(await readOne(text('public'), 'W.inner'), 'lock-acquire')).toHaveLength(0);
  });
});

describe('promises', () => {
  it.each([
    ['await sendEmail({})', 'awaited'],
    ['return sendEmail({})', 'returned'],
    ['const mail = sendEmail({})', 'stored'],
    ['await Promise.all([sendEmail({})])', 'collected'],
    ['sendEmail({}).catch(report)', 'handled'],
    ['void sendEmail({})', 'voided'],
    ['sendEmail({})', 'dropped'],
    ['ready && sendEmail({})', 'dropped'],
  ])('%s is %s', async (statement, use) => {
    const one = await readOne(`export async function f(ready: boolean, report: any) { ${statement}; }`);
    expect(eventsOf(one, 'side-effect')[0]?.promise).toBe(use);
  });
});

describe('handlers', () => {
  it.each([
    ['', 'empty', null],
    ['console.error(error);', 'log-only', null],
    ['logger.error(error); return;', 'log-only', 'return'],
    ['throw new Error("x");', 'rethrows', 'throw'],
    ['return null;', 'default', 'return'],
    ['return { success: true };', 'success', 'return'],
    ['return { success: false, error };', 'records', 'return'],
    ['await retry.add(error);', 'handles', null],
  ])('catch { %s } is %s', async (body, outcome, exit) => {
    const one = await readOne(`export async function f() { try { await prisma.a.create({ data: {} }); } catch (error) { ${body} } }`);
    expect(eventsOf(one, 'try-catch')[0]?.handler).toMatchObject({ outcome, exit });
  });

  it('a comment explains, a linter directive does not; kinds of errors are told apart', async () => {
    const handler = async (body: string): Promise<unknown> => eventsOf(await readOne(`export async function f() { try { await prisma.a.create({ data: {} }); } catch (error) {\n${body}\n} }`), 'try-catch')[0]?.handler;
    expect(await handler('// The row exists already, which is fine.')).toMatchObject({ explained: true });
    expect(await handler('// eslint-disable-next-line no-empty')).toMatchObject({ explained: false });
    expect(await handler(`if (error.code === 'P2002') return; throw error;`)).toMatchObject({ recognises: ['duplicate'] });
  });
});

describe('functions', () => {
  it('are named as a reader would look for them, with how they are reached', async () => {
    const entries = async (text: string, path: string): Promise<unknown> => (await read(text, path)).map((one) => [one.symbol, one.entry]);
    const body = 'await prisma.a.create({ data: {} });';
    expect(await entries(`router.post('/pay', async (req, res) => { ${body} });`, 'src/a.js')).toEqual([['router.post("/pay")', 'request']]);
    expect(await entries(`export async function POST() { ${body} }`, 'app/api/webhooks/route.ts')).toEqual([['POST', 'webhook']]);
    expect(await entries(`export const POST = withAuth(async () => { ${body} });`, 'app/api/tags/route.ts')).toEqual([['POST', 'request']]);
    expect(await entries(`export class Jobs { @Cron('* * * * *') async tidy() { ${body} } @Process() async run() { ${body} } }`, 'src/jobs.ts')).toEqual([['Jobs.tidy', 'schedule'], ['Jobs.run', 'job']]);
    expect(await entries(`export const tags = router({ create: procedure.mutation(async () => { ${body} }) });`, 'src/tags.ts')).toEqual([['create', 'request']]);
  });

  it('components run in a browser', async () => {
    const one = await readOne(`'use client';\nexport function B() { const f = async () => { await fetch('/x'); }; return <b onClick={f} />; }`, undefined, 'src/b.tsx');
    expect(one.runsIn).toBe('browser');
  });
});

describe('texts that are no code to read', () => {
  const open = async (text: string, path = 'src/a.ts'): Promise<unknown> => {
    await loadLanguage(path, text);
    const { status, ...rest } = behavioursOf(path, text, { lockWrappers: [] });
    return status === 'read' ? status : { status, ...rest };
  };

  it('a syntax error is a value with its line', async () => {
    expect(await open('const a = 1;\nfunction ( {')).toMatchObject({ status: 'syntax', line: 2 });
  });

  it('huge, minified and bottomless files are refused with the reason', async () => {
    expect(await open(`const a = '${'x'.repeat(1_100_000)}';`)).toMatchObject({ status: 'too-large' });
    expect(await open(`f(${'1,'.repeat(20_000)}1);`)).toMatchObject({ status: 'minified' });
    expect(await open(`const a =\n${'('.repeat(50_000)}\n1${')\n'.repeat(50_000)};`)).toMatchObject({ status: 'too-large' });
  });

  it('declarations of types do nothing', async () => {
    expect(await open('export declare function f(): void;', 'src/a.d.ts')).toBe('read');
  });

  it('values that double, and functions without end, stay bounded', async () => {
    const doubling = Array.from({ length: 200 }, () => 's = s + s;').join('\n');
    const calls = Array.from({ length: 5_000 }, (_, place) => `if (row.n > ${place}) await prisma.a.update({ where: { id }, data: { n: row.n - 1 } });`).join('\n');
    const one = await readOne(`export async function f(id: string) { let s: any = id;\n${doubling}\nconst row = await prisma.a.findUnique({ where: { id: s } });\n${calls} }`);
    expect(one.events.length).toBeLessThanOrEqual(1_000);
    const value = eventsOf(one, 'read')[0]?.key[0]?.value;
    expect(value === undefined ? 0 : [...walkExpression(value)].length).toBeLessThan(1_000);
  });
});
