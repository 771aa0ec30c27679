import { randomUUID } from 'node:crypto';
import { prisma } from './prisma.js';

export class InsufficientFunds extends Error {}

/** Takes money out of an account. */
export async function withdraw(accountId: string, amount: number): Promise<void> {
  const account = await prisma.account.findUniqueOrThrow({ where: { id: accountId } });
  if (account.balance < amount) {
    throw new InsufficientFunds(`account ${accountId} has less than ${amount}`);
  }
  await prisma.account.update({
    where: { id: accountId },
    data: { balance: account.balance - amount },
  });
  await prisma.transfer.create({ data: { id: randomUUID(), accountId, amount: -amount } });
}

/** The same for a hold, guarded: the condition is part of the write, and the number of rows says whether it was met. */
export async function hold(accountId: string, amount: number): Promise<void> {
  const { count } = await prisma.account.updateMany({
    where: { id: accountId, balance: { gte: amount } },
    data: { balance: { decrement: amount } },
  });
  if (count === 0) {
    throw new InsufficientFunds(`account ${accountId} has less than ${amount}`);
  }
}
