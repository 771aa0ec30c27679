// file: src/http/spend.ts
import type { Wallet } from './types';

export async function spend(wallet: Wallet, amount: number) {
  if (wallet.balance < amount) throw new Error('too little');
  await prisma.wallet.update({ where: { id: wallet.id }, data: { balance: wallet.balance - amount } }); // want `on a .wallet. that was read before the call`
}

app.post('/draw', async (req, res) => {
  if (req.user.credits < 10) return res.status(402).end();
  await prisma.user.update({ where: { id: req.user.id }, data: { credits: { decrement: 10 } } }); // want `on a .req.user. that was read before the call`
  res.end();
});
// file: src/http/callbacks.js
const { pool } = require('./pool');
const Account = require('./models/account');

function withdraw(id, amount, done) {
  pool.query('SELECT balance FROM accounts WHERE id = $1', [id], (error, result) => {
    if (error) return done(error);
    if (result.rows[0].balance < amount) return done(new Error('too little'));
    pool.query('UPDATE accounts SET balance = balance - $1 WHERE id = $2', [amount, id], done); // want `both take from .balance.`
  });
}

function withdrawDocument(id, amount, done) {
  Account.findById(id, (error, account) => {
    if (error) return done(error);
    if (account.balance < amount) return done(new Error('too little'));
    account.balance -= amount;
    account.save(done); // want `only one of the two is counted`
  });
}
