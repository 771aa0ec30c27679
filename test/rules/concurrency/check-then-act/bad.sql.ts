import { Pool } from 'pg';

const pool = new Pool();

export async function withdraw(id: string, amount: number) {
  const { rows } = await pool.query('SELECT balance FROM accounts WHERE id = $1', [id]);
  const balance = rows[0].balance;
  if (balance < amount) return false;
  await pool.query('UPDATE accounts SET balance = $1 WHERE id = $2', [balance - amount, id]); // want `.balance < amount. check on line 8, on the row read on line 6, before either .UPDATE accounts. on line 9`
  return true;
}

export async function inTransaction(id: string, amount: number) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await client.query({ text: 'SELECT * FROM accounts WHERE id = $1', values: [id] });
    if (result.rows[0].balance < amount) throw new Error('insufficient funds');
    await client.query('UPDATE accounts SET balance = balance - $1 WHERE id = $2', [amount, id]); // want `The transaction on line 16 does not prevent it`
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

export async function mysql(connection: any, id: number, seats: number) {
  const [rows] = await connection.execute('SELECT * FROM `shows` WHERE id = ?', [id]);
  if (rows[0].seats_left < seats) throw new Error('sold out');
  await connection.execute('UPDATE `shows` SET seats_left = seats_left - ? WHERE id = ?', [seats, id]); // want `both take from .seats_left.`
}
