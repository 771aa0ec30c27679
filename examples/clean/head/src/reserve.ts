import { pool } from './pool.js';

export class SoldOut extends Error {}

/** Takes units out of stock. The row is locked from the read to the commit, so two requests come one after the other. */
export async function reserve(stockId: number, units: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query('SELECT available FROM stock WHERE id = $1 FOR UPDATE', [stockId]);
    if (rows[0].available < units) {
      throw new SoldOut(`stock ${stockId} has less than ${units}`);
    }
    await client.query('UPDATE stock SET available = available - $2 WHERE id = $1', [stockId, units]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/** Lists a customer's newest orders, a page at a time. */
export async function listOrders(customerId: number, before: number, limit = 50): Promise<unknown[]> {
  const { rows } = await pool.query('SELECT id, status, note FROM orders WHERE customer_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3', [
    customerId,
    before,
    Math.min(limit, 200),
  ]);
  return rows;
}
