import type { Log, Store } from '../core/store.js';
import { openEmbedded } from './embedded.js';
import { migrate } from './migrate.js';
import { openPostgres } from './postgres.js';
import { SCHEMA_STEPS } from './schema/schema-steps.js';

export interface StoreOptions {
  /** Where the embedded database and its lock file live; made when missing. */
  readonly dataDirectory: string;
  /** `postgres://…`: use this server instead of the embedded database. */
  readonly databaseUrl?: string | undefined;
  /** How long to wait for a server that is still starting, in milliseconds (15,000). */
  readonly patienceMs?: number;
  readonly log: Log;
}

/**
 * Opens Belay's database and brings its tables up to date. Throws a BelayError that says what to do when another process
 * uses the data directory, the server cannot be reached, or the database belongs to a newer Belay.
 */
export async function openStore({ dataDirectory, databaseUrl, patienceMs = 15_000, log }: StoreOptions): Promise<Store> {
  const store = databaseUrl ? await openPostgres(databaseUrl, patienceMs, log) : await openEmbedded(dataDirectory, log);
  try {
    await migrate(store, SCHEMA_STEPS, log);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
