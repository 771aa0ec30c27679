import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import { BelayError } from '../core/errors.js';
import type { Log, Sql, SqlValue, Store } from '../core/store.js';
import { createExclusive } from './exclusive.js';
import { takeLockFile } from './lock-file.js';
import { createTransactionScope } from './transaction-scope.js';

/**
 * Postgres inside this process, in `<dataDirectory>/database`. A commit survives a kill of the process, not a power
 * failure: the engine does not flush the disk's own cache. One process at a time, guarded by a lock file beside it.
 */
export async function openEmbedded(dataDirectory: string, log: Log): Promise<Store> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const lock = await takeLockFile(join(dataDirectory, 'database.lock'), log);
  try {
    const engine = await openEngine(dataDirectory);
    const store = storeOn(engine, () => lock.release());
    lock.onLost(() => void store.close().catch((error: unknown) => log.error({ err: error }, 'closing the database failed')));
    return store;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The engine's own conversion of bytes walks through them one by one. */
const CONVERSIONS = {
  serializers: { [types.BYTEA]: (value: Uint8Array) => `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}` },
  parsers: { [types.BYTEA]: (text: string) => new Uint8Array(Buffer.from(text.slice(2), 'hex')), [types.INT8]: Number },
};

/** A first start fills a draft folder and renames it, so that a kill in the middle leaves nothing half made behind. */
async function openEngine(dataDirectory: string): Promise<PGlite> {
  const folder = join(dataDirectory, 'database');
  try {
    if (!existsSync(folder)) {
      const draft = `${folder}.new`;
      await rm(draft, { recursive: true, force: true });
      await (await PGlite.create(draft)).close();
      await rename(draft, folder);
    }
    return await PGlite.create(folder, CONVERSIONS);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BelayError(
      'global',
      `The embedded database in ${folder} cannot be opened: ${reason}. Restore it from a backup, or move the folder away: ` +
        'Belay then starts with an empty one and learns the open pull requests anew from the host.',
      { cause: error },
    );
  }
}

function storeOn(engine: PGlite, released: () => Promise<void>): Store {
  const exclusive = createExclusive();
  const scope = createTransactionScope();
  let closing: Promise<void> | null = null;
  const guarded = <Result>(work: () => Promise<Result>, urgent = false): Promise<Result> => {
    scope.assertOutside();
    if (closing !== null) throw new BelayError('global', 'The store is closed.');
    return exclusive.run(work, urgent);
  };
  const raw = sqlOn(engine);
  return {
    kind: 'embedded',
    query: async (sql, params) => guarded(() => raw.query(sql, params)),
    exec: async (sql) => guarded(() => undoing(engine, () => raw.exec(sql))),
    urgent: {
      query: async (sql, params) => guarded(() => raw.query(sql, params), true),
      exec: async (sql) => guarded(() => undoing(engine, () => raw.exec(sql)), true),
    },
    transaction: async (work) =>
      guarded(() =>
        undoing(engine, async () => {
          await engine.exec('BEGIN');
          const result = await scope.enter(() => work(raw));
          // In a transaction that a swallowed error has spoilt, COMMIT alone would quietly mean ROLLBACK.
          await engine.exec('SELECT 1; COMMIT');
          return result;
        }),
      ),
    ping: async () => guarded(async () => void (await engine.query('SELECT 1')), true),
    close: () => (closing ??= exclusive.run(() => engine.close()).finally(released)),
  };
}

/** Leaves no transaction open behind a failure. */
async function undoing<Result>(engine: PGlite, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await engine.exec('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function sqlOn(engine: PGlite): Sql {
  return {
    query: async <Row extends object>(sql: string, params: readonly SqlValue[] = []) => (await engine.query<Row>(sql, [...params])).rows,
    exec: async (sql) => void (await engine.exec(sql)),
  };
}
