// file: src/hosted/supabase.ts
import { createClient } from '@supabase/supabase-js';

export async function spend(client: ReturnType<typeof createClient>, userId: string, amount: number) {
  const { data: purse, error } = await client.from('purses').select('coins').eq('user_id', userId).single();
  if (error) throw error;
  if (purse.coins < amount) return { ok: false };
  await client.from('purses').update({ coins: purse.coins - amount }).eq('user_id', userId); // want `only one of the two is counted`
  return { ok: true };
}
// file: src/hosted/objection.ts
export async function byQuery(id: string, amount: number) {
  const account = await Account.query().findById(id);
  if (account.balance < amount) throw new Error('too little');
  await Account.query().findById(id).patch({ balance: account.balance - amount }); // want `only one of the two is counted`
}

export async function byRow(id: string, amount: number) {
  const account = await Account.query().findById(id);
  if (account.balance < amount) throw new Error('too little');
  await account.$query().patch({ balance: account.balance - amount }); // want `only one of the two is counted`
}
// file: src/hosted/kysely.ts
export async function built(db: Kysely<Database>, id: string, amount: number) {
  const account = await db.selectFrom('accounts').select(['balance']).where('id', '=', id).executeTakeFirst();
  if (!account || account.balance < amount) throw new Error('too little');
  await db.updateTable('accounts').set((eb) => ({ balance: eb('balance', '-', amount) })).where('id', '=', id).execute(); // want `both take from .balance.`
}
// file: src/hosted/other-client.ts
export async function anyClient(id: string, seats: number) {
  const tour = await dbRead.tour.findUnique({ where: { id } });
  if (tour.seatsLeft < seats) throw new Error('full');
  await dbWrite.tour.update({ where: { id }, data: { seatsLeft: { decrement: seats } } }); // want `both take from .seatsLeft.`
}
