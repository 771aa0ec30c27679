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
// file: src/flights.ts
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { Flight } from './flight.entity';
import type { Flights } from './flights.repository';

export class Seats {
  @InjectRepository(Flight) private readonly others!: Flights;
  constructor(@InjectRepository(Flight) private readonly flights: Repository<Flight>) {}

  async book(id: string, seats: number) {
    const flight = await this.flights.findOneByOrFail({ id });
    if (flight.seatsLeft < seats) throw new Error('full');
    flight.seatsLeft -= seats;
    return this.flights.save(flight); // want `before either .this.flights.save. on line 14 runs`
  }

  async bookOther(id: string, seats: number) {
    const flight = await this.others.findOne({ where: { id } });
    if (flight.seatsLeft < seats) throw new Error('full');
    await this.others.update({ id }, { seatsLeft: flight.seatsLeft - seats }); // want `before either .this.others.update. on line 20 runs`
  }
}
// file: src/invites.ts
import { AppDataSource } from './data-source';
import { Invite } from './invite.entity';
import { Member } from './member.entity';

const invites = AppDataSource.getRepository(Invite);
const members = AppDataSource.getRepository(Member);

export async function accept(token: string, userId: string) {
  const invite = await invites.findOne({ where: { token } });
  if (invite.used) throw new Error('already used');
  await members.insert({ userId, teamId: invite.teamId });
  await invites.update({ token }, { used: true }); // want `.invite.used. check on line 10`
}

// Its own transaction, but nothing is locked.
export async function acceptTogether(token: string) {
  await AppDataSource.transaction(async (manager) => {
    const own = manager.getRepository(Invite);
    const invite = await own.findOne({ where: { token } });
    if (invite.left < 1) throw new Error('all used');
    await own.update({ token }, { left: invite.left - 1 }); // want `The transaction on line 17 does not prevent it`
  });
}
