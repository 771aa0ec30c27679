// path: src/wallet/runner.ts
import { DataSource, Repository } from 'typeorm';
import { Account } from './account.entity';

export class Accounts {
  constructor(private readonly accounts: Repository<Account>, private readonly dataSource: DataSource) {}

  async runner(id: string, amount: number) {
    const queryRunner = this.dataSource.createQueryRunner();
    await queryRunner.startTransaction();
    try {
      const account = await queryRunner.manager.findOne(Account, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (account.balance < amount) throw new Error('insufficient funds');
      account.balance -= amount;
      await queryRunner.manager.save(account);
      await queryRunner.commitTransaction();
    } catch (error) {
      await queryRunner.rollbackTransaction();
      throw error;
    } finally {
      await queryRunner.release();
    }
  }

  async builder(id: string, amount: number) {
    await this.dataSource.transaction(async (manager) => {
      const account = await manager.getRepository(Account).createQueryBuilder('a').setLock('pessimistic_write').where('a.id = :id', { id }).getOne();
      if (account.balance < amount) throw new Error('insufficient funds');
      await manager.getRepository(Account).update(id, { balance: account.balance - amount });
    });
  }
}
// file: src/wallet/postgres.ts
import postgres from 'postgres';

const sql = postgres();

export async function withdraw(id: string, amount: number) {
  await sql.begin(async (tx) => {
    const [account] = await tx`select balance from accounts where id = ${id} for update`;
    if (account.balance < amount) throw new Error('insufficient funds');
    await tx`update accounts set balance = balance - ${amount} where id = ${id}`;
  });
}
// file: src/wallet/kysely.ts
import { Kysely } from 'kysely';

export async function withdraw(db: Kysely<any>, id: string, amount: number) {
  await db.transaction().execute(async (trx) => {
    const account = await trx.selectFrom('accounts').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
    if (account.balance < amount) throw new Error('insufficient funds');
    await trx.updateTable('accounts').set({ balance: account.balance - amount }).where('id', '=', id).execute();
  });
}
// file: src/wallet/mikro.ts
import { EntityManager, LockMode } from '@mikro-orm/core';
import { Account } from './account.entity';

export async function withdraw(em: EntityManager, id: string, amount: number) {
  await em.transactional(async (em) => {
    const account = await em.findOneOrFail(Account, id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (account.balance < amount) throw new Error('insufficient funds');
    account.balance -= amount;
    await em.flush();
  });
}
// file: src/wallet/sequelize.ts
import { Op } from 'sequelize';
import { Wallet } from './models';

export async function withdraw(userId: string, amount: number) {
  const wallet = await Wallet.findOne({ where: { userId } });
  if (wallet.balance < amount) throw new Error('insufficient funds');
  const [touched] = await Wallet.update({ balance: wallet.balance - amount }, { where: { userId, balance: { [Op.gte]: amount } } });
  if (touched === 0) throw new Error('insufficient funds');
}
