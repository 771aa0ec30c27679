import { DataSource, Repository } from 'typeorm';
import { Account } from './account.entity';

export class Wallet {
  constructor(private readonly accountRepository: Repository<Account>, private readonly dataSource: DataSource) {}

  async withdraw(id: string, amount: number) {
    const account = await this.accountRepository.findOne({ where: { id } });
    if (!account || account.balance < amount) throw new Error('insufficient funds');
    account.balance -= amount;
    await this.accountRepository.save(account); // want `.this.accountRepository.save. on line 11 runs, so both go through and the later one writes over the earlier one.s .balance.`
  }

  async inTransaction(id: string, amount: number) {
    await this.dataSource.transaction(async (manager) => {
      const account = await manager.findOneBy(Account, { id });
      if (account.balance < amount) throw new Error('insufficient funds');
      account.balance = account.balance - amount;
      await manager.save(Account, account); // want `The transaction on line 15 does not prevent it`
    });
  }

  async byCriteria(id: string, amount: number) {
    const account = await this.accountRepository.findOneByOrFail({ id });
    if (account.balance < amount) throw new Error('insufficient funds');
    await this.accountRepository.decrement({ id }, 'balance', amount); // want `both take from .balance.`
  }
}
