// path: src/wallet/wrappers.ts
import type { Prisma } from '@prisma/client';

/** Its level is the default one. */
async function inTransaction<T>(work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
  return prisma.$transaction(work);
}

export async function plainly(walletId: string, amount: number) {
  return inTransaction(async (tx) => {
    const wallet = await tx.wallet.findUniqueOrThrow({ where: { id: walletId } });
    if (wallet.balance < amount) throw new Error('too little');
    await tx.wallet.update({ where: { id: walletId }, data: { balance: wallet.balance - amount } }); // want `The transaction on line 6 does not prevent it`
  });
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const result = await work();
  metrics.observe(name, Date.now() - started);
  return result;
}

export async function measured(walletId: string, amount: number) {
  const wallet = await prisma.wallet.findUniqueOrThrow({ where: { id: walletId } });
  await timed('spend', async () => {
    if (wallet.balance < amount) throw new Error('too little');
    await prisma.wallet.update({ where: { id: walletId }, data: { balance: wallet.balance - amount } }); // want `on the row read on line 25`
  });
}

/** A method of something else that is called like a function of the file. */
function includes(text: string) {
  return text.length > 0;
}

export async function refund(orderId: string) {
  const order = await prisma.order.findUniqueOrThrow({ where: { id: orderId } });
  if (!['PAID', 'SHIPPED'].includes(order.status)) throw new Error('not paid');
  await stripe.refunds.create({ payment_intent: order.intent });
  await prisma.order.update({ where: { id: orderId }, data: { status: 'REFUNDED' } }); // want `.stripe.refunds.create. on line 40 is reached twice`
  return includes('refunded');
}
