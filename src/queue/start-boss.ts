import { setTimeout as delay } from 'node:timers/promises';
import PgBoss from 'pg-boss';
import type { Log, Sql, SqlValue, Store } from '../core/store.js';
import type { Due } from './work.js';

const QUEUE = 'pulls';
const PARKED = 'pulls-parked';

/** A job that was handed out. */
export interface HandedOut {
  readonly id: string;
  readonly key: string;
}

/** The few things the queue asks of pg-boss. */
export interface Boss {
  /** Adds a job per key, unless one is waiting already, as part of the caller's transaction. */
  insert(sql: Sql, due: readonly Due[]): Promise<void>;
  fetch(limit: number): Promise<readonly HandedOut[]>;
  complete(id: string, outcome: string): Promise<void>;
  /** Puts a key where an operator looks for what was given up: the queue `pulls-parked`. */
  park(key: string, error: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * pg-boss on our store, whichever it is: its own tables in the schema `belay_jobs`, no connection of its own, no LISTEN.
 * Jobs only say "somebody look at this key now"; what is to be done, and who is at it, is in our own tables. The policy is
 * `short` (one waiting job per key): with `stately` a waiting job whose key is in hand makes every fetch fail, for all keys.
 */
export async function startBoss(store: Store, log: Log): Promise<Boss> {
  const boss = await started(store, log);
  return {
    async insert(sql, due) {
      if (due.length === 0) return;
      const jobs = due.map(({ key, priority }) => ({ name: QUEUE, data: { key }, singletonKey: key, priority }));
      await boss.insert(jobs, { db: { executeSql: (text: string, values?: unknown[]) => execute(sql, text, values) } });
    },
    async fetch(limit) {
      const jobs = await boss.fetch<{ key: string }>(QUEUE, { batchSize: limit });
      return jobs.map(({ id, data }) => ({ id, key: data.key }));
    },
    complete: (id, outcome) => boss.complete(QUEUE, id, { outcome }),
    park: async (key, error) => void (await boss.send(PARKED, { key, error }, { singletonKey: key })),
    stop: () => boss.stop({ graceful: false }),
  };
}

/** Two processes that start on an empty database at once may both try to make pg-boss's tables; the second attempt finds them. */
const START_ATTEMPTS = 5;

async function started(store: Store, log: Log): Promise<PgBoss> {
  for (let attempt = 1; ; attempt += 1) {
    const boss = new PgBoss({
      db: { executeSql: (text: string, values?: unknown[]) => execute(store, text, values) },
      schema: 'belay_jobs',
      supervise: true,
      maintenanceIntervalSeconds: 300,
      archiveCompletedAfterSeconds: 3_600,
      deleteAfterDays: 2,
      schedule: false,
    });
    boss.on('error', (error) => log.error({ err: error }, 'the job queue reported an error'));
    try {
      await boss.start();
      await boss.createQueue(PARKED, { name: PARKED, policy: 'short', retryLimit: 0 });
      await boss.createQueue(QUEUE, { name: QUEUE, policy: 'short', retryLimit: 0, expireInSeconds: 900 });
      return boss;
    } catch (error) {
      await boss.stop({ graceful: false });
      if (attempt === START_ATTEMPTS) throw error;
      await delay(100 * attempt);
    }
  }
}

/** pg-boss sends its own transactions as one text with BEGIN and COMMIT, and everything else as one statement. */
async function execute(sql: Sql, text: string, values: readonly unknown[] | undefined): Promise<{ rows: object[] }> {
  if (values !== undefined && values.length > 0) return { rows: [...(await sql.query(text, values.map(parameter)))] };
  if (!text.trimStart().startsWith('BEGIN')) return { rows: [...(await sql.query(text))] };
  await sql.exec(text);
  return { rows: [] };
}

function parameter(value: unknown): SqlValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((one): one is string => typeof one === 'string')) return value;
  return JSON.stringify(value);
}
