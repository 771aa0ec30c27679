// file: base/src/pay.ts
export async function pay(id: string, n: number) {
const account = await prisma.account.findUniqueOrThrow({ where: { id } });
if (account.balance < n) throw new Error('too little');
await prisma.account.update({ where: { id }, data: { balance: account.balance - n } });
}
// file: src/pay.ts
// What stood there all along is not a formatter's matter.
export async function pay(id: string, n: number) {
  const account = await prisma.account.findUniqueOrThrow({
    where: { id },
  });
  if (account.balance < n) throw new Error('too little');
  await prisma.account.update({ where: { id }, data: { balance: account.balance - n } });
}
