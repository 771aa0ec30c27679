// path: src/wallet/knex.ts
import knexFactory from 'knex';

const knex = knexFactory({ client: 'pg' });

export async function withdraw(id: string, amount: number) {
  const account = await knex('accounts').where({ id }).first();
  if (account.balance < amount) throw new Error('insufficient funds');
  await knex('accounts').where({ id }).update({ balance: account.balance - amount }); // want `.knex\(…\)\.where\(…\)\.update. on line 9`
}

export async function raw(id: string, amount: number) {
  const account = await knex('accounts').where('id', id).first();
  if (account.balance < amount) throw new Error('insufficient funds');
  await knex('accounts').where('id', id).update({ balance: knex.raw('balance - ?', [amount]) }); // want `both take from .balance.`
}
// file: src/wallet/drizzle.ts
import { eq, sql } from 'drizzle-orm';
import { db } from './db';
import { accounts } from './schema';

export async function withdraw(id: string, amount: number) {
  const [account] = await db.select().from(accounts).where(eq(accounts.id, id));
  if (account.balance < amount) throw new Error('insufficient funds');
  await db.update(accounts).set({ balance: account.balance - amount }).where(eq(accounts.id, id)); // want `only one of the two is counted`
}

export async function atomic(id: string, amount: number) {
  const account = await db.query.accounts.findFirst({ where: eq(accounts.id, id) });
  if (!account || account.balance < amount) throw new Error('insufficient funds');
  await db.update(accounts).set({ balance: sql`${accounts.balance} - ${amount}` }).where(eq(accounts.id, id)); // want `both take from .balance.`
}
// file: src/wallet/mongoose.ts
import mongoose from 'mongoose';
import { Account } from './models/account';

export async function withdraw(id: string, amount: number) {
  const account = await Account.findById(id);
  if (account.balance < amount) throw new Error('insufficient funds');
  account.balance -= amount;
  await account.save(); // want `only one of the two is counted`
}

export async function operator(id: string, amount: number) {
  const account = await Account.findOne({ _id: id }).lean();
  if (account.balance < amount) throw new Error('insufficient funds');
  await Account.updateOne({ _id: id }, { $inc: { balance: -amount } }); // want `both take from .balance.`
}
