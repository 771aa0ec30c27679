// path: src/wallet/assertions.ts
import assert from 'node:assert/strict';
import invariant from 'tiny-invariant';

export async function asserted(walletId: string, amount: number) {
  const wallet = await prisma.wallet.findUniqueOrThrow({ where: { id: walletId } });
  assert(wallet.cents >= amount, 'too little');
  await prisma.wallet.update({ where: { id: walletId }, data: { cents: { decrement: amount } } }); // want `.wallet.cents >= amount. check on line 7`
}

export async function invariantly(walletId: string, amount: number) {
  const wallet = await prisma.wallet.findUniqueOrThrow({ where: { id: walletId } });
  invariant(wallet.cents >= amount);
  await prisma.wallet.update({ where: { id: walletId }, data: { cents: wallet.cents - amount } }); // want `only one of the two is counted`
}

export async function equal(orderId: string) {
  const order = await prisma.order.findUniqueOrThrow({ where: { id: orderId } });
  assert.equal(order.state, 'open');
  await stripe.paymentIntents.create({ amount: order.total, currency: 'eur' });
  await prisma.order.update({ where: { id: orderId }, data: { state: 'paid' } }); // want `both leave the same .state.`
}
