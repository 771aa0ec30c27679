import { PrismaClient } from '@prisma/client';

const prisma = new PrismaClient();

export async function withdraw(accountId: string, amount: number) {
  const account = await prisma.account.findUnique({ where: { id: accountId } });
  if (!account) throw new Error('no such account');
  if (account.balance < amount) {
    throw new Error('insufficient funds');
  }
  await prisma.account.update({ // want `check on line 8, on the row read on line 6, before either .prisma.account.update. on line 11 runs, so both go through and the later one writes over the earlier one.s .balance.`
    where: { id: accountId },
    data: { balance: account.balance - amount },
  });
}

// An atomic decrement does not carry the check.
export async function reserve(productId: string, quantity: number) {
  const product = await prisma.product.findUniqueOrThrow({ where: { id: productId } });
  if (product.stock >= quantity) {
    await prisma.product.update({ where: { id: product.id }, data: { stock: { decrement: quantity } } }); // want `both take from .stock. and it ends below`
    return true;
  }
  return false;
}

// A transaction alone does not help.
export async function redeem(code: string, userId: string) {
  await prisma.$transaction(async (tx) => {
    const coupon = await tx.coupon.findUnique({ where: { code } });
    if (!coupon || coupon.used >= coupon.maxUses) throw new Error('coupon is used up');
    await tx.coupon.update({ where: { code }, data: { used: { increment: 1 } } }); // want `both add to .used. and it ends beyond what the check allows. The transaction on line 29 does not prevent it`
    await tx.redemption.create({ data: { code, userId } });
  });
}

// The check stands in a helper.
export async function spend(walletId: string, credits: number) {
  const wallet = await prisma.wallet.findUniqueOrThrow({ where: { id: walletId } });
  assertCovered(wallet, credits);
  const left = wallet.credits - credits;
  await prisma.wallet.update({ where: { id: wallet.id }, data: { credits: left } }); // want `.wallet.credits < credits. check on line 46, on the row read on line 39`
}

function assertCovered(wallet: { credits: number }, credits: number) {
  if (wallet.credits < credits) throw new Error('not enough credits');
}

// Decimal columns are compared by methods.
export async function settle(id: string, total: number) {
  const account = await prisma.account.findUniqueOrThrow({ where: { id } });
  if (account.balance.lessThan(total)) throw new Error('insufficient funds');
  await prisma.account.update({ where: { id }, data: { balance: account.balance.minus(total) } }); // want `only one of the two is counted`
}
