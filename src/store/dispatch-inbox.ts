import type { Delivery, Translated } from '../core/delivery.js';
import { jobKey } from '../core/job-key.js';
import type { CommandRequest } from '../core/records.js';
import type { Log, Sql, Store } from '../core/store.js';
import { addRequests } from './requests.js';
import { repoColumn, storable } from './storable.js';

/** Small enough that taking in deliveries does not have to wait for long. */
const BATCH_ROWS = 40;
const BATCH_BYTES = 16_000_000;
const MAX_ATTEMPTS = 5;

export interface DispatchOptions {
  readonly store: Store;
  /** Pure and quick: it runs inside the transaction. A delivery on which it throws five times is kept as failed. */
  readonly translate: (delivery: Delivery) => Translated;
  /** Schedules work on these keys as part of the same transaction. */
  readonly enqueue: (sql: Sql, keys: readonly string[]) => Promise<void>;
  readonly log: Log;
}

interface Taken {
  readonly id: string;
  readonly event: string;
  readonly attempts: number;
  readonly bytes: number;
}

type Payloads = ReadonlyMap<string, Uint8Array>;

/**
 * Turns one batch of received deliveries into requests and scheduled work, and marks them dispatched: all in one
 * transaction, so that a kill at any moment leaves each delivery either wholly translated or untouched. Answers how many it
 * took and which keys now have work; call it again until it takes none.
 */
export function dispatchInbox({ store, translate, enqueue, log }: DispatchOptions): Promise<{ readonly taken: number; readonly keys: readonly string[] }> {
  return store.transaction(async (sql) => {
    const batch = await take(sql);
    const payloads = await read(sql, batch);
    const done: { readonly id: string; readonly translated: Translated }[] = [];
    for (const row of batch) {
      const translated = await attempt(sql, row, payloads, translate, log);
      if (translated !== null) done.push({ id: row.id, translated });
    }
    const keys = await record(sql, done.map(({ translated }) => translated));
    if (keys.length > 0) await enqueue(sql, keys);
    if (done.length > 0) {
      await sql.query("UPDATE belay.deliveries SET state = 'dispatched', payload = NULL, error = NULL, finished_at = now() WHERE id = ANY($1::text[])", [
        done.map(({ id }) => id),
      ]);
    }
    return { taken: batch.length, keys };
  });
}

/** The oldest deliveries that nobody else is at, as many as fit into memory comfortably. */
async function take(sql: Sql): Promise<readonly Taken[]> {
  const rows = await sql.query<Taken>(
    `SELECT id, event, attempts, octet_length(payload) AS bytes FROM belay.deliveries
     WHERE state = 'received' AND retry_at <= now() ORDER BY received_at, id LIMIT ${BATCH_ROWS} FOR UPDATE SKIP LOCKED`,
  );
  let bytes = 0;
  return rows.filter((row, index) => (bytes += row.bytes) <= BATCH_BYTES || index === 0);
}

async function read(sql: Sql, batch: readonly Taken[]): Promise<Payloads> {
  if (batch.length === 0) return new Map();
  const rows = await sql.query<{ id: string; payload: Uint8Array }>('SELECT id, payload FROM belay.deliveries WHERE id = ANY($1::text[])', [batch.map(({ id }) => id)]);
  return new Map(rows.map(({ id, payload }) => [id, payload]));
}

async function attempt(sql: Sql, row: Taken, payloads: Payloads, translate: (delivery: Delivery) => Translated, log: Log): Promise<Translated | null> {
  try {
    return translate({ id: row.id, event: row.event, payload: payloads.get(row.id) ?? new Uint8Array() });
  } catch (error) {
    const attempts = row.attempts + 1;
    const failed = attempts >= MAX_ATTEMPTS;
    log.error({ err: error, delivery: row.id, event: row.event, attempts, failed }, 'a delivery could not be understood');
    await sql.query(
      `UPDATE belay.deliveries SET attempts = $2, error = $3, retry_at = now() + $4 * interval '1 second',
         state = CASE WHEN $5 THEN 'failed' ELSE 'received' END, finished_at = CASE WHEN $5 THEN now() END
       WHERE id = $1`,
      [row.id, attempts, storable(String(error)).slice(0, 500), 2 ** attempts, failed],
    );
    return null;
  }
}

async function record(sql: Sql, translated: readonly Translated[]): Promise<readonly string[]> {
  const pushers = translated.flatMap((one) => one.pushers);
  if (pushers.length > 0) {
    const rows = pushers.map(({ repo, pull, headSha, login }) => ({ repo: repoColumn(repo), pull, head_sha: headSha, login: storable(login.toLowerCase()) }));
    await sql.query(
      `INSERT INTO belay.pushers (repo, pull, login, head_sha)
       SELECT repo, pull, login, head_sha FROM jsonb_to_recordset($1::jsonb) AS row (repo text, pull integer, login text, head_sha text)
       ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)],
    );
  }
  return addRequests(sql, { reviews: translated.flatMap(({ reviews }) => reviews), commands: boundCommands(translated) });
}

/** Commands of one batch, each bound to the head that a delivery before it in the batch named. */
function boundCommands(translated: readonly Translated[]): readonly CommandRequest[] {
  const heads = new Map<string, string>();
  const commands: CommandRequest[] = [];
  for (const one of translated) {
    for (const command of one.commands) commands.push({ ...command, headSha: command.headSha ?? heads.get(jobKey(command.repo, command.pull, null)) ?? null });
    for (const { repo, pull, headSha } of one.reviews) if (pull !== null && headSha !== null) heads.set(jobKey(repo, pull, null), headSha);
  }
  return commands;
}
