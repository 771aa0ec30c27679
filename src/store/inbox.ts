import type { Delivery } from '../core/delivery.js';
import type { Sql, SqlValue, Store } from '../core/store.js';

const BATCH_ROWS = 200;
const BATCH_BYTES = 8_000_000;

export interface Inbox {
  /**
   * Stores a delivery. Resolves once it is committed, `duplicate` when its id is there already; rejects when it could not
   * be stored. A delivery that failed for good is taken up again when the host delivers it again.
   */
  accept(delivery: Delivery): Promise<'stored' | 'duplicate'>;
}

interface Waiting {
  readonly delivery: Delivery;
  readonly resolve: (outcome: 'stored' | 'duplicate') => void;
  readonly reject: (error: unknown) => void;
}

/** The inbox on a store. Deliveries that arrive while one insert is under way share the next one. */
export function openInbox(store: Store): Inbox {
  const waiting: Waiting[] = [];
  const lanes = store.kind === 'embedded' ? 1 : 4;
  let busy = 0;

  const flush = async () => {
    for (let batch = nextBatch(waiting); batch.length > 0; batch = nextBatch(waiting)) await settle(store, batch);
  };
  return {
    accept: (delivery) =>
      new Promise((resolve, reject) => {
        waiting.push({ delivery, resolve, reject });
        if (busy >= lanes) return;
        busy += 1;
        // Those that arrive in the same turn of the event loop come along.
        setImmediate(() => void flush().finally(() => (busy -= 1)));
      }),
  };
}

function nextBatch(waiting: Waiting[]): readonly Waiting[] {
  let bytes = 0;
  let rows = 0;
  for (const { delivery } of waiting) {
    bytes += delivery.payload.byteLength;
    if (rows > 0 && (rows >= BATCH_ROWS || bytes > BATCH_BYTES)) break;
    rows += 1;
  }
  return waiting.splice(0, rows);
}

/** Never throws. When a shared insert fails, each delivery gets an insert of its own: one bad row fails nobody else. */
async function settle(store: Store, batch: readonly Waiting[]): Promise<void> {
  try {
    const stored = await insert(store, batch.map(({ delivery }) => delivery));
    for (const { delivery, resolve } of batch) resolve(stored.delete(delivery.id) ? 'stored' : 'duplicate');
  } catch (error) {
    if (batch.length === 1 || !isDataError(error)) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const one of batch) await settle(store, [one]);
  }
}

/** Answers the ids that were new. */
async function insert(store: Store, deliveries: readonly Delivery[]): Promise<Set<string>> {
  const unique = [...new Map(deliveries.map((delivery) => [delivery.id, delivery])).values()];
  const params: SqlValue[] = unique.flatMap(({ id, event, payload }) => [id, event, payload]);
  const values = unique.map((_, row) => `($${row * 3 + 1}, $${row * 3 + 2}, $${row * 3 + 3}::bytea)`);
  const rows = await store.urgent.query<{ id: string }>(
    `INSERT INTO belay.deliveries (id, event, payload) VALUES ${values.join(', ')}
     ON CONFLICT (id) DO UPDATE
       SET state = 'received', payload = excluded.payload, attempts = 0, retry_at = now(), error = NULL, finished_at = NULL
       WHERE deliveries.state = 'failed'
     RETURNING id`,
    params,
  );
  return new Set(rows.map(({ id }) => id));
}

/** SQLSTATE classes 22 (data exception) and 54 (limits): the fault of a row, not of the database. */
function isDataError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && /^(?:22|54)/.test(error.code);
}

/** Deliveries that were stored and not yet turned into work. */
export async function inboxDepth(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ depth: number }>("SELECT count(*) AS depth FROM belay.deliveries WHERE state = 'received'");
  return row?.depth ?? 0;
}

/** Which of these deliveries were stored, whatever became of them. */
export async function knownDeliveries(sql: Sql, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>("SELECT id FROM belay.deliveries WHERE id = ANY($1::text[]) AND state <> 'failed'", [ids]);
  return new Set(rows.map((row) => row.id));
}
