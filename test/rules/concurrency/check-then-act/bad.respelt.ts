import { pool } from './pool';

export async function payGas(id: string, fee: bigint) {
  const { rows } = await pool.query('SELECT wei FROM wallets WHERE id = $1', [id]);
  const current = BigInt(rows[0].wei);
  if (current < fee) throw new RangeError('not enough');
  await pool.query('UPDATE wallets SET wei = $2 WHERE id = $1', [id, (current - fee).toString()]); // want `check on line 6.*only one of the two is counted`
}

export async function charge(id: string, fee: number) {
  const { rows } = await pool.query('SELECT units FROM wallets WHERE id = $1', [id]);
  const current = parseFloat(rows[0].units);
  if (current < fee) throw new RangeError('not enough');
  await pool.query('UPDATE wallets SET units = $2 WHERE id = $1', [id, (current - fee).toFixed(2)]); // want `check on line 13.*only one of the two is counted`
}
