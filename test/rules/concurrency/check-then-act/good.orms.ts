// path: src/wallet/typeorm.ts
import { DataSource, Repository } from 'typeorm';
import { Account } from './account.entity';

export class Wallet {
  constructor(private readonly accountRepository: Repository<Account>, private readonly dataSource: DataSource) {}

  async locked(id: string, amount: number) {
    await this.dataSource.transaction(async (manager) => {
      const account = await manager.findOne(Account, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (account.balance < amount) throw new Error('insufficient funds');
      account.balance -= amount;
      await manager.save(account);
    });
  }

  async conditional(id: string, amount: number) {
    const account = await this.accountRepository.findOneBy({ id });
    if (account.balance < amount) throw new Error('insufficient funds');
    const result = await this.accountRepository
      .createQueryBuilder()
      .update(Account)
      .set({ balance: () => 'balance - :amount' })
      .where('id = :id AND balance >= :amount', { id, amount })
      .execute();
    if (result.affected === 0) throw new Error('insufficient funds');
  }

  async serializable(id: string, amount: number) {
    await this.dataSource.transaction('SERIALIZABLE', async (manager) => {
      const account = await manager.findOneBy(Account, { id });
      if (account.balance < amount) throw new Error('insufficient funds');
      account.balance -= amount;
      await manager.save(account);
    });
  }
}
// file: src/wallet/sequelize.ts
import { sequelize } from './sequelize';
import { Account } from './models';

export async function locked(id: string, amount: number) {
  await sequelize.transaction(async (t) => {
    const account = await Account.findByPk(id, { transaction: t, lock: t.LOCK.UPDATE });
    if (account.balance < amount) throw new Error('insufficient funds');
    await account.update({ balance: account.balance - amount }, { transaction: t });
  });
}
// file: src/wallet/knex.ts
import knexFactory from 'knex';

const knex = knexFactory({ client: 'pg' });

export async function locked(id: string, amount: number) {
  await knex.transaction(async (trx) => {
    const account = await trx('accounts').where({ id }).forUpdate().first();
    if (account.balance < amount) throw new Error('insufficient funds');
    await trx('accounts').where({ id }).decrement('balance', amount);
  });
}

export async function conditional(id: string, amount: number) {
  const account = await knex('accounts').where({ id }).first();
  if (account.balance < amount) throw new Error('insufficient funds');
  const touched = await knex('accounts').where({ id }).andWhere('balance', '>=', amount).decrement('balance', amount);
  if (touched === 0) throw new Error('insufficient funds');
}
// file: src/wallet/drizzle.ts
import { and, eq, gte, sql } from 'drizzle-orm';
import { db } from './db';
import { accounts } from './schema';

export async function locked(id: string, amount: number) {
  await db.transaction(async (tx) => {
    const [account] = await tx.select().from(accounts).where(eq(accounts.id, id)).for('update');
    if (account.balance < amount) throw new Error('insufficient funds');
    await tx.update(accounts).set({ balance: sql`${accounts.balance} - ${amount}` }).where(eq(accounts.id, id));
  });
}

export async function conditional(id: string, amount: number) {
  const account = await db.query.accounts.findFirst({ where: eq(accounts.id, id) });
  if (account.balance < amount) throw new Error('insufficient funds');
  const rows = await db.update(accounts).set({ balance: sql`${accounts.balance} - ${amount}` }).where(and(eq(accounts.id, id), gte(accounts.balance, amount))).returning();
  if (rows.length === 0) throw new Error('insufficient funds');
}
// file: src/wallet/mongoose.ts
import mongoose from 'mongoose';
import { Account } from './models/account';

export async function conditional(id: string, amount: number) {
  const account = await Account.findOneAndUpdate({ _id: id, balance: { $gte: amount } }, { $inc: { balance: -amount } }, { new: true });
  if (!account) throw new Error('insufficient funds');
}

export async function checkedTwice(id: string, amount: number) {
  const account = await Account.findById(id);
  if (account.balance < amount) throw new Error('insufficient funds');
  const result = await Account.updateOne({ _id: id, balance: { $gte: amount } }, { $inc: { balance: -amount } });
  if (result.modifiedCount === 0) throw new Error('insufficient funds');
}
// file: src/seats.ts
import { InjectRepository } from '@nestjs/typeorm';
import type { DataSource, Repository } from 'typeorm';
import { Flight } from './flight.entity';

export class LockedSeats {
  constructor(@InjectRepository(Flight) private readonly flights: Repository<Flight>, private readonly dataSource: DataSource) {}

  async locked(id: string, seats: number) {
    await this.dataSource.transaction(async (manager) => {
      const own = manager.withRepository(this.flights);
      const flight = await own.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      if (flight.seatsLeft < seats) throw new Error('full');
      flight.seatsLeft -= seats;
      await own.save(flight);
    });
  }

  async asked(id: string, seats: number) {
    await this.dataSource.transaction(async (manager) => {
      const own = manager.getRepository(Flight);
      const flight = await own.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      if (flight.seatsLeft < seats) throw new Error('full');
      await own.update({ id }, { seatsLeft: flight.seatsLeft - seats });
    });
  }

  async atomic(id: string, seats: number) {
    const result = await this.flights.createQueryBuilder().update().set({ seatsLeft: () => '"seatsLeft" - :seats' }).where('id = :id AND "seatsLeft" >= :seats', { id, seats }).execute();
    if (result.affected === 0) throw new Error('full');
  }

  // A list and a map of the same name are no repository.
  pick(flights: Map<string, { seatsLeft: number }> & { find(id: string): { seatsLeft: number }; save(flight: object): void; update(where: object, data: object): void }, id: string, seats: number) {
    const flight = flights.find(id);
    if (flight.seatsLeft < seats) throw new Error('full');
    flights.update({ id }, { seatsLeft: flight.seatsLeft - seats });
  }
}
