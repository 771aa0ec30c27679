// file: src/wallet/own.ts
import { Prisma } from '@prisma/client';

/** What it promises stands in its body. */
async function inTransaction<T>(work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
  return prisma.$transaction(work, { isolationLevel: Prisma.TransactionIsolationLevel.Serializable });
}

export async function strictly(walletId: string, amount: number) {
  return inTransaction(async (tx) => {
    const wallet = await tx.wallet.findUniqueOrThrow({ where: { id: walletId } });
    if (wallet.balance < amount) throw new Error('too little');
    await tx.wallet.update({ where: { id: walletId }, data: { balance: wallet.balance - amount } });
  });
}

async function owning<T>(walletId: string, work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
  return prisma.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM "Wallet" WHERE id = ${walletId} FOR UPDATE`;
    return work(tx);
  });
}

export async function owned(walletId: string, amount: number) {
  await owning(walletId, async (tx) => {
    const wallet = await tx.wallet.findUniqueOrThrow({ where: { id: walletId } });
    if (wallet.balance < amount) throw new Error('too little');
    await tx.wallet.update({ where: { id: walletId }, data: { balance: wallet.balance - amount } });
  });
}
// file: src/wallet/levels.ts
import { Prisma } from '@prisma/client';
const STRICT = { isolationLevel: Prisma.TransactionIsolationLevel.Serializable, timeout: 5_000 } as const;

export async function constant(walletId: string, amount: number) {
  await prisma.$transaction(async (tx) => {
    const wallet = await tx.wallet.findUniqueOrThrow({ where: { id: walletId } });
    if (wallet.balance < amount) throw new Error('too little');
    await tx.wallet.update({ where: { id: walletId }, data: { balance: wallet.balance - amount } });
  }, STRICT);
}

export async function setByStatement(walletId: string, amount: number) {
  await prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SET TRANSACTION ISOLATION LEVEL SERIALIZABLE`;
    const wallet = await tx.wallet.findUniqueOrThrow({ where: { id: walletId } });
    if (wallet.balance < amount) throw new Error('too little');
    await tx.wallet.update({ where: { id: walletId }, data: { balance: wallet.balance - amount } });
  });
}

export async function setBehindBegin(id: string, amount: number) {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
  const { rows } = await client.query('SELECT balance FROM accounts WHERE id = $1', [id]);
  if (rows[0].balance < amount) throw new Error('too little');
  await client.query('UPDATE accounts SET balance = balance - $1 WHERE id = $2', [amount, id]);
  await client.query('COMMIT');
}

export async function setBeforeBegin(connection: Connection, id: number, amount: number) {
  await connection.query('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
  await connection.beginTransaction();
  const [rows] = await connection.execute('SELECT balance FROM accounts WHERE id = ?', [id]);
  if (rows[0].balance < amount) throw new Error('too little');
  await connection.execute('UPDATE accounts SET balance = balance - ? WHERE id = ?', [amount, id]);
  await connection.commit();
}

export async function byKysely(db: Kysely<Database>, id: string, amount: number) {
  await db.transaction().setIsolationLevel('serializable').execute(async (trx) => {
    const account = await trx.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    if (account.balance < amount) throw new Error('too little');
    await trx.updateTable('accounts').set({ balance: account.balance - amount }).where('id', '=', id).execute();
  });
}

export async function byName(id: string, amount: number) {
  return runSerializable(async (tx) => {
    const account = await tx.account.findUniqueOrThrow({ where: { id } });
    if (account.balance < amount) throw new Error('too little');
    await tx.account.update({ where: { id }, data: { balance: account.balance - amount } });
  });
}
