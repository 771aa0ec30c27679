import { pool } from './pool';

export async function payGas(id: string, fee: bigint) {
  const { rowCount } = await pool.query('UPDATE wallets SET wei = wei - $2 WHERE id = $1 AND wei >= $2', [id, fee.toString()]);
  if (rowCount === 0) throw new RangeError('not enough');
}

export async function rename(id: string, name: string) {
  const { rows } = await pool.query('SELECT name FROM wallets WHERE id = $1', [id]);
  if (rows[0].name === name) return;
  await pool.query('UPDATE wallets SET name = $2 WHERE id = $1', [id, name.toString()]);
}
