// file: src/documents/sessions.js
const mongoose = require('mongoose');
const Account = require('./models/account');

async function withTransaction(id, amount) {
  const session = await mongoose.startSession();
  await session.withTransaction(async () => {
    const account = await Account.findById(id).session(session);
    if (account.balance < amount) throw new Error('too little');
    account.balance -= amount;
    await account.save({ session });
  });
}

async function byHand(id, amount) {
  const session = await mongoose.startSession();
  session.startTransaction();
  const account = await Account.findById(id).session(session);
  if (account.balance < amount) throw new Error('too little');
  account.balance -= amount;
  await account.save();
  await session.commitTransaction();
}
// file: src/documents/purse.schema.js
const mongoose = require('mongoose');
const purseSchema = new mongoose.Schema({ coins: Number }, { timestamps: true, optimisticConcurrency: true });
module.exports = mongoose.model('Purse', purseSchema);
// file: src/documents/purses.js
const mongoose = require('mongoose');
const Purse = require('./models/purse');
async function spend(id, amount) {
  const purse = await Purse.findById(id);
  if (purse.coins < amount) throw new Error('too little');
  purse.coins -= amount;
  await purse.save();
}
// file: src/rows/models/ledger.js
const { DataTypes } = require('sequelize');
module.exports = (sequelize) => sequelize.define('Ledger', { total: DataTypes.INTEGER }, { version: true, paranoid: true });
// file: src/rows/ledgers.js
const { Ledger } = require('./models');
async function book(id, amount) {
  const ledger = await Ledger.findByPk(id);
  if (ledger.total < amount) throw new Error('too little');
  ledger.total -= amount;
  await ledger.save();
}
// file: src/rows/optimistic.ts
import { Repository } from 'typeorm';
export class Optimistic {
  constructor(private readonly accounts: Repository<Account>) {}
  async spend(id: string, version: number, amount: number) {
    const account = await this.accounts.findOne({ where: { id }, lock: { mode: 'optimistic', version } });
    if (account.balance < amount) throw new Error('too little');
    account.balance -= amount;
    await this.accounts.save(account);
  }
}
// file: src/rows/hosted.ts
import { createClient } from '@supabase/supabase-js';
export async function spend(client: ReturnType<typeof createClient>, userId: string, amount: number) {
  const { data: purse } = await client.from('purses').select('coins').eq('user_id', userId).single();
  if (purse.coins < amount) return false;
  const { data } = await client.from('purses').update({ coins: purse.coins - amount }).eq('user_id', userId).gte('coins', amount).select();
  return data.length === 1;
}
export async function locked(id: string, amount: number) {
  await Account.transaction(async (trx) => {
    const account = await Account.query(trx).findById(id).forUpdate();
    if (account.balance < amount) throw new Error('too little');
    await account.$query(trx).patch({ balance: account.balance - amount });
  });
}
