import { Pool } from 'pg';

const pool = new Pool();

export async function conditional(id: string, amount: number) {
  const { rows: [account] } = await pool.query('SELECT * FROM accounts WHERE id = $1', [id]);
  if (account.balance < amount) return false;
  const result = await pool.query('UPDATE accounts SET balance = balance - $1 WHERE id = $2 AND balance >= $1', [amount, id]);
  return result.rowCount === 1;
}

export async function locked(id: string, amount: number) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query('SELECT balance FROM accounts WHERE id = $1 FOR UPDATE', [id]);
    if (rows[0].balance < amount) throw new Error('insufficient funds');
    await client.query('UPDATE accounts SET balance = balance - $1 WHERE id = $2', [amount, id]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

export async function serializable(id: string, amount: number) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
    const { rows } = await client.query(`SELECT balance FROM accounts WHERE id = $1`, [id]);
    if (rows[0].balance < amount) throw new Error('insufficient funds');
    await client.query(`UPDATE accounts SET balance = ${'$1'} WHERE id = $2`, [rows[0].balance - amount, id]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

export async function advisory(id: number, amount: number) {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock($1)', [id]);
  const { rows } = await client.query('SELECT balance FROM accounts WHERE id = $1', [id]);
  if (rows[0].balance < amount) throw new Error('insufficient funds');
  await client.query('UPDATE accounts SET balance = balance - $1 WHERE id = $2', [amount, id]);
  await client.query('COMMIT');
}
