import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { BelayError } from '../core/errors.js';
import type { Log, Sql, SqlValue, Store } from '../core/store.js';
import { createTransactionScope, type TransactionScope } from './transaction-scope.js';

const PING_MS = 5_000;

/** The type id of `bigint`, which is answered as number, as the embedded database does. */
const BIGINT: number = 20;

const types = {
  getTypeParser: (id: number, format?: 'text' | 'binary'): ((value: string) => unknown) =>
    id === BIGINT ? Number : (pg.types.getTypeParser(id, format) as (value: string) => unknown),
};

/**
 * A Postgres server, shared with other Belay processes. Its own `synchronous_commit` decides what survives a power failure.
 * One that is still starting is waited for, `patienceMs` at most.
 */
export async function openPostgres(databaseUrl: string, patienceMs: number, log: Log): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'belay',
    max: 10,
    connectionTimeoutMillis: PING_MS,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    types,
  });
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'));
  try {
    await firstAnswer(pool, Date.now() + patienceMs, log);
  } catch (error) {
    await pool.end();
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new BelayError('global', `The database in DATABASE_URL cannot be reached: ${reason}.`, { cause: error });
  }
  return storeOn(pool);
}

/** Refused, unknown host, no answer, or "the database system is starting up". */
const STARTING = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P03']);

async function firstAnswer(pool: pg.Pool, until: number, log: Log): Promise<void> {
  for (;;) {
    try {
      await pool.query('SELECT 1');
      return;
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
      if (!STARTING.has(code) || Date.now() >= until) throw error;
      log.info({ code }, 'waiting for the database');
      await delay(500);
    }
  }
}

function storeOn(pool: pg.Pool): Store {
  const scope = createTransactionScope();
  const onPool = sqlOn(pool);
  const direct: Sql = {
    async query<Row extends object>(sql: string, params?: readonly SqlValue[]) {
      scope.assertOutside();
      return onPool.query<Row>(sql, params);
    },
    async exec(sql) {
      scope.assertOutside();
      await withClient(pool, (client) => undoing(client, () => sqlOn(client).exec(sql)));
    },
  };
  return {
    kind: 'postgres',
    ...direct,
    urgent: direct,
    transaction: (work) => runTransaction(pool, scope, work),
    ping: async () => void (await withDeadline(pool.query('SELECT 1'), PING_MS)),
    close: () => (pool.ended || pool.ending ? Promise.resolve() : pool.end()),
  };
}

async function runTransaction<Result>(pool: pg.Pool, scope: TransactionScope, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  scope.assertOutside();
  return withClient(pool, (client) =>
    undoing(client, async () => {
      await client.query('BEGIN');
      const result = await scope.enter(() => work(sqlOn(client)));
      const { command } = await client.query('COMMIT');
      // A transaction that a swallowed error has spoilt answers COMMIT with ROLLBACK, and without an error of its own.
      if (command !== 'COMMIT') throw new BelayError('request', 'The transaction was rolled back: one of its statements had failed.');
      return result;
    }),
  );
}

async function withClient<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken = false;
  const noticed = () => (broken = true);
  client.on('error', noticed);
  try {
    return await work(client);
  } finally {
    client.off('error', noticed);
    client.release(broken);
  }
}

async function undoing<Result>(client: pg.PoolClient, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function sqlOn(connection: pg.Pool | pg.PoolClient): Sql {
  return {
    async query<Row extends object>(sql: string, params: readonly SqlValue[] = []) {
      const { rows } = await connection.query<Row>(sql, params.map(parameter));
      return rows;
    },
    exec: async (sql) => void (await connection.query(sql)),
  };
}

/** pg sends a Buffer as bytea, and any other byte array only as one, too, when it is wrapped. */
function parameter(value: SqlValue): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

async function withDeadline<Result>(work: Promise<Result>, milliseconds: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BelayError('global', `The database did not answer within ${milliseconds / 1000} seconds.`)), milliseconds);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
