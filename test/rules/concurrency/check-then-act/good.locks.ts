import { Mutex } from 'async-mutex';
import { prisma } from './database';
import { redlock } from './redlock';
import { withLock } from './lock';

export async function wrapper(id: string, amount: number) {
  return withLock(`account:${id}`, async () => {
    const account = await prisma.account.findUniqueOrThrow({ where: { id } });
    if (account.balance < amount) throw new Error('insufficient funds');
    await prisma.account.update({ where: { id }, data: { balance: account.balance - amount } });
  });
}

export async function distributed(id: string, amount: number) {
  const lock = await redlock.acquire([`account:${id}`], 5000);
  try {
    const account = await prisma.account.findUniqueOrThrow({ where: { id } });
    if (account.balance < amount) throw new Error('insufficient funds');
    await prisma.account.update({ where: { id }, data: { balance: account.balance - amount } });
  } finally {
    await lock.release();
  }
}

const mutex = new Mutex();

// Holds as long as there is one process, which is the author's to know.
export async function inProcess(id: string, amount: number) {
  await mutex.runExclusive(async () => {
    const account = await prisma.account.findUniqueOrThrow({ where: { id } });
    if (account.balance < amount) throw new Error('insufficient funds');
    await prisma.account.update({ where: { id }, data: { balance: account.balance - amount } });
  });
}

export class Wallet {
  // The private part runs under the lock its only caller takes.
  async withdraw(id: string, amount: number) {
    return redlock.using([`account:${id}`], 5000, () => this.take(id, amount));
  }

  private async take(id: string, amount: number) {
    const account = await prisma.account.findUniqueOrThrow({ where: { id } });
    if (account.balance < amount) throw new Error('insufficient funds');
    await prisma.account.update({ where: { id }, data: { balance: account.balance - amount } });
  }

  @Synchronized('wallet')
  async decorated(id: string, amount: number) {
    const account = await prisma.account.findUniqueOrThrow({ where: { id } });
    if (account.balance < amount) throw new Error('insufficient funds');
    await prisma.account.update({ where: { id }, data: { balance: account.balance - amount } });
  }
}

declare function Synchronized(key: string): MethodDecorator;
