import { prisma } from './prisma.js';

/** One atomic statement: the database adds, so two deposits at the same moment both count. */
export async function deposit(accountId: string, amount: number): Promise<void> {
  await prisma.account.update({ where: { id: accountId }, data: { balance: { increment: amount } } });
}
