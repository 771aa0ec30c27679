// path: src/wallet/service.ts
export class WalletService {
  constructor(private readonly db: PrismaService) {}

  async computedFirst(userId: string, amount: number) {
    const wallet = await this.db.wallet.findFirst({ where: { userId } });
    const left = wallet!.balance - amount;
    if (left < 0) throw new Error('insufficient funds');
    return this.db.wallet.update({ where: { id: wallet!.id }, data: { balance: left } }); // want `so both .*.balance.`
  }

  async named(userId: string, amount: number) {
    const wallet = await this.db.wallet.findUnique({ where: { userId } });
    const enough = wallet.balance >= amount;
    if (!enough) return null;
    await this.db.wallet.update({ where: { userId }, data: { balance: { decrement: amount } } }); // want `so both .*.balance.`
  }

  async asked(userId: string, amount: number) {
    const wallet = await this.db.wallet.findUnique({ where: { userId } });
    if (!this.covers(wallet, amount)) throw new Error('insufficient funds');
    await this.db.wallet.update({ where: { userId }, data: { balance: wallet.balance - amount } }); // want `so both .*.balance.`
  }

  private covers(wallet: { balance: number }, amount: number) {
    return wallet.balance >= amount;
  }

  async transfer(fromId: string, toId: string, amount: number) {
    const [from, to] = await Promise.all([this.db.account.findUnique({ where: { id: fromId } }), this.db.account.findUnique({ where: { id: toId } })]);
    if (from.balance < amount) throw new Error('insufficient funds');
    await this.db.$transaction([
      this.db.account.update({ where: { id: from.id }, data: { balance: from.balance - amount } }), // want `so both .*.balance.`
      this.db.account.update({ where: { id: to.id }, data: { balance: to.balance + amount } }), // want concurrency/lost-update `lose one of the two changes`
    ]);
  }

  async basket(items: { id: string; quantity: number }[]) {
    const products = await this.db.product.findMany({ where: { id: { in: items.map((item) => item.id) } } });
    for (const item of items) {
      const product = products.find((one) => one.id === item.id);
      if (!product || product.stock < item.quantity) throw new Error('out of stock');
      await this.db.product.update({ where: { id: product.id }, data: { stock: product.stock - item.quantity } }); // want `so both .*.stock.`
    }
  }
}

type PrismaService = any;
// file: src/wallet/repositories.ts
import { DataSource, Repository } from 'typeorm';
import { Account } from './account.entity';

export class Accounts {
  constructor(private readonly accounts: Repository<Account>, private readonly dataSource: DataSource) {}

  async withdraw(id: string, amount: number) {
    const account = await this.accounts.findOneBy({ id });
    if (account.balance < amount) throw new Error('insufficient funds');
    account.balance -= amount;
    return this.accounts.save(account); // want `so both .*.balance.`
  }

  async runner(id: string, amount: number) {
    const queryRunner = this.dataSource.createQueryRunner();
    await queryRunner.startTransaction();
    try {
      const account = await queryRunner.manager.findOne(Account, { where: { id } });
      if (account.balance < amount) throw new Error('insufficient funds');
      await queryRunner.manager.update(Account, { id }, { balance: account.balance - amount }); // want `The transaction on line 16 does not prevent it`
      await queryRunner.commitTransaction();
    } catch (error) {
      await queryRunner.rollbackTransaction();
      throw error;
    }
  }
}
// file: src/wallet/postgres.ts
import postgres from 'postgres';

const sql = postgres();

export async function withdraw(id: string, amount: number) {
  await sql.begin(async (tx) => {
    const [account] = await tx`select balance from accounts where id = ${id}`;
    if (account.balance < amount) throw new Error('insufficient funds');
    await tx`update accounts set balance = balance - ${amount} where id = ${id}`; // want `so both .*.balance.`
  });
}
// file: src/wallet/kysely.ts
import { Kysely } from 'kysely';

export async function withdraw(db: Kysely<any>, id: string, amount: number) {
  const account = await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  if (account.balance < amount) throw new Error('insufficient funds');
  await db.updateTable('accounts').set({ balance: account.balance - amount }).where('id', '=', id).execute(); // want `so both .*.balance.`
}
// file: src/wallet/mikro.ts
import { EntityManager } from '@mikro-orm/core';
import { Account } from './account.entity';

export async function withdraw(em: EntityManager, id: string, amount: number) {
  const account = await em.findOneOrFail(Account, id);
  if (account.balance < amount) throw new Error('insufficient funds');
  account.balance -= amount;
  await em.flush(); // want `so both .*.balance.`
}
// file: src/wallet/mongodb.ts
import { Db } from 'mongodb';

export async function withdraw(db: Db, id: string, amount: number) {
  const accounts = db.collection('accounts');
  const account = await accounts.findOne({ _id: id });
  if (account.balance < amount) throw new Error('insufficient funds');
  await accounts.updateOne({ _id: id }, { $inc: { balance: -amount } }); // want `so both .*.balance.`
}
