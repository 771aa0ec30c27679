// path: src/wallet/handed.ts
import type { EntityManager } from 'typeorm';

/** The row may have been locked in the transaction it came with. */
export async function spend(tx: Prisma.TransactionClient, wallet: Wallet, amount: number) {
  if (wallet.balance < amount) throw new Error('too little');
  await tx.wallet.update({ where: { id: wallet.id }, data: { balance: wallet.balance - amount } });
}

export async function spendLocked(wallet: Wallet, amount: number) {
  if (wallet.balance < amount) throw new Error('too little');
  await prisma.wallet.update({ where: { id: wallet.id }, data: { balance: wallet.balance - amount } });
}

/** What came from outside is no row. */
export async function change(dto: UpdateWalletDto) {
  if (dto.balance < 0) throw new Error('negative');
  await prisma.wallet.update({ where: { id: dto.id }, data: { balance: dto.balance } });
}

/** A job belongs to who works on it. */
export async function failed(job: Job, error: Error) {
  await prisma.job.update({ where: { id: job.id }, data: { attempts: job.attempts + 1, position: job.position + 1, lastError: error.message } });
}

/** A state may have been claimed by who handed it over. */
export async function ship(order: Order) {
  if (order.status !== 'PAID') throw new Error('not paid');
  await shipments.create({ orderId: order.id });
  await prisma.order.update({ where: { id: order.id }, data: { status: 'SHIPPED' } });
}
