import { Prisma, PrismaClient } from '@prisma/client';

const prisma = new PrismaClient();

// The write carries the check, and its count is looked at.
export async function conditional(id: string, amount: number) {
  const account = await prisma.account.findUniqueOrThrow({ where: { id } });
  if (account.balance < amount) throw new Error('insufficient funds');
  const { count } = await prisma.account.updateMany({ where: { id, balance: { gte: amount } }, data: { balance: { decrement: amount } } });
  if (count === 0) throw new Error('insufficient funds');
}

// The unique key with a further condition: throws when it no longer holds.
export async function furtherCondition(id: string) {
  const order = await prisma.order.findUniqueOrThrow({ where: { id } });
  if (order.status !== 'PENDING') throw new Error('not pending');
  await prisma.order.update({ where: { id, status: 'PENDING' }, data: { status: 'PAID' } });
  await prisma.payment.create({ data: { orderId: id } });
}

// The row is locked before it is read.
export async function locked(id: string, amount: number) {
  await prisma.$transaction(async (tx) => {
    const [account] = await tx.$queryRaw<{ balance: number }[]>`SELECT balance FROM "Account" WHERE id = ${id} FOR UPDATE`;
    if (account === undefined || account.balance < amount) throw new Error('insufficient funds');
    await tx.account.update({ where: { id }, data: { balance: { decrement: amount } } });
  });
}

// Locked, then read again through the model.
export async function lockedFirst(id: string, amount: number) {
  await prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "Account" WHERE id = ${id} FOR UPDATE`;
    const account = await tx.account.findUniqueOrThrow({ where: { id } });
    if (account.balance < amount) throw new Error('insufficient funds');
    await tx.account.update({ where: { id }, data: { balance: account.balance - amount } });
  });
}

export async function serializable(id: string, amount: number) {
  await prisma.$transaction(
    async (tx) => {
      const account = await tx.account.findUniqueOrThrow({ where: { id } });
      if (account.balance < amount) throw new Error('insufficient funds');
      await tx.account.update({ where: { id }, data: { balance: account.balance - amount } });
    },
    { isolationLevel: Prisma.TransactionIsolationLevel.Serializable },
  );
}

export async function optimistic(id: string, amount: number) {
  const account = await prisma.account.findUniqueOrThrow({ where: { id } });
  if (account.balance < amount) throw new Error('insufficient funds');
  const { count } = await prisma.account.updateMany({
    where: { id, version: account.version },
    data: { balance: account.balance - amount, version: { increment: 1 } },
  });
  if (count !== 1) throw new Error('try again');
}

export async function advisory(id: number, amount: number) {
  await prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${id})`;
    const account = await tx.account.findUniqueOrThrow({ where: { id } });
    if (account.balance < amount) throw new Error('insufficient funds');
    await tx.account.update({ where: { id }, data: { balance: { decrement: amount } } });
  });
}

// Another row: what is checked is not what is written.
export async function otherRow(fromId: string, toId: string) {
  const from = await prisma.account.findUniqueOrThrow({ where: { id: fromId } });
  if (from.balance < 100) throw new Error('too little to be a sponsor');
  await prisma.account.update({ where: { id: toId }, data: { balance: { increment: 5 } } });
}

// Setting the same state twice does no harm.
export async function markRead(id: string) {
  const message = await prisma.message.findUniqueOrThrow({ where: { id } });
  if (message.read) return;
  await prisma.message.update({ where: { id }, data: { read: true } });
}

// Only asks whether there is anything to change.
export async function rename(id: string, name: string) {
  const team = await prisma.team.findUniqueOrThrow({ where: { id } });
  if (team.name === name) return team;
  await prisma.teamRename.create({ data: { teamId: id, name } });
  return prisma.team.update({ where: { id }, data: { name } });
}

// The check still holds after the write: it is there for somebody else.
export async function changePassword(id: string, hash: string) {
  const user = await prisma.user.findUniqueOrThrow({ where: { id } });
  if (!user.passwordHash) throw new Error('set a password first');
  await prisma.user.update({ where: { id }, data: { passwordHash: hash } });
  await prisma.passwordChange.create({ data: { userId: id } });
}

// Whether the caller may is not what is written.
export async function archive(id: string, userId: string) {
  const project = await prisma.project.findUniqueOrThrow({ where: { id } });
  if (project.ownerId !== userId) throw new Error('forbidden');
  await prisma.project.update({ where: { id }, data: { archivedAt: new Date() } });
  await prisma.archiveRequest.create({ data: { projectId: id } });
}

// A failure is noted: the check was not for that.
export async function pay(partnerId: string, stripe: { transfers: { create(amount: object): Promise<void> } }) {
  const partner = await prisma.partner.findUniqueOrThrow({ where: { id: partnerId } });
  if (!partner.payoutsEnabledAt) return;
  try {
    await stripe.transfers.create({ destination: partner.accountId });
  } catch (error) {
    await prisma.partner.update({ where: { id: partnerId }, data: { payoutsEnabledAt: null } });
    throw error;
  }
}
