// file: src/accounts/queries.ts
const QUERIES = {
  read: 'SELECT balance FROM accounts WHERE id = $1',
  debit: 'UPDATE accounts SET balance = balance - $1 WHERE id = $2',
};

export async function named(id: string, amount: number) {
  const { rows } = await pool.query(QUERIES.read, [id]);
  if (rows[0].balance < amount) throw new Error('too little');
  await pool.query(QUERIES.debit, [amount, id]); // want `both take from .balance.`
}

export async function patched(id: string, amount: number) {
  const account = await prisma.account.findUniqueOrThrow({ where: { id } });
  if (account.balance < amount) throw new Error('too little');
  const patch: Record<string, unknown> = {};
  patch.balance = account.balance - amount;
  await prisma.account.update({ where: { id }, data: patch }); // want `only one of the two is counted`
}
// file: src/accounts/methods.js
const { Sequelize } = require('sequelize');
const { Account } = require('./models');

async function gotten(id, amount) {
  const account = await Account.findByPk(id);
  if (account.get('balance') < amount) throw new Error('too little');
  account.set('balance', account.get('balance') - amount);
  await account.save(); // want `only one of the two is counted`
}

async function literal(id, amount) {
  const account = await Account.findByPk(id);
  if (account.balance < amount) throw new Error('too little');
  await Account.update({ balance: Sequelize.literal(`balance - ${Number(amount)}`) }, { where: { id } }); // want `both take from .balance.`
}
// file: src/accounts/accounts.service.ts
import { InjectModel } from '@nestjs/sequelize';
export class Accounts {
  constructor(@InjectModel(Account) private readonly accounts: typeof Account) {}
  async spend(id: string, amount: number) {
    const account = await this.accounts.findOne({ where: { id } });
    if (account.balance < amount) throw new Error('too little');
    await this.accounts.update({ balance: account.balance - amount }, { where: { id } }); // want `only one of the two is counted`
  }
}
// file: src/accounts/builder.service.ts
import { Repository } from 'typeorm';
export class Builder {
  constructor(private readonly accounts: Repository<Account>) {}
  async spend(id: string, amount: number) {
    const account = await this.accounts.createQueryBuilder('a').where('a.id = :id', { id }).getOne();
    if (account.balance < amount) throw new Error('too little');
    await this.accounts.createQueryBuilder().update(Account).set({ balance: () => `balance - ${amount}` }).where('id = :id', { id }).execute(); // want `both take from .balance.`
  }
}
// file: src/accounts/knex.ts
export async function table(id: string, amount: number) {
  const account = await knex.table('accounts').first('balance').where({ id });
  if (account.balance < amount) throw new Error('too little');
  await knex.table('accounts').where({ id }).decrement({ balance: amount }); // want `both take from .balance.`
}
