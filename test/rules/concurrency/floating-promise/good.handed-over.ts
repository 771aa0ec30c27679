// path: src/orders/handed-over.ts
import { enqueueScan } from './scans';

export async function upload(ids: string[]) {
  // A function of another file: nothing says that it returns a promise.
  enqueueScan({ ids });
  await prisma.upload.createMany({ data: ids.map((id) => ({ id })) });
}

export function stored(order: Order, done: (error?: Error) => void) {
  pool.query('INSERT INTO orders (id) VALUES ($1)', [order.id], done);
}

export async function read(userId: string, callback: (error?: Error) => void) {
  connection.execute('UPDATE users SET seen = 1 WHERE id = ?', [userId], callback);
}
