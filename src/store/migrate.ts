import { BelayError } from '../core/errors.js';
import type { Log, Sql, Store } from '../core/store.js';
import type { SchemaStep } from './schema/schema-step.js';

/** Any number that only we use: it keeps several processes from changing the same database at the same time. */
const MIGRATION_LOCK = 4_231_970_018;

/**
 * Brings Belay's tables (schema `belay`) to the newest of `steps`: all missing steps in one transaction. Throws a
 * BelayError when the database is newer than these steps: an older Belay must not write into a shape it does not know.
 */
export async function migrate(store: Store, steps: readonly SchemaStep[], log: Log): Promise<void> {
  await locked(store, async (sql) => {
    const version = await currentVersion(sql);
    const newest = steps.at(-1)?.number ?? 0;
    if (version > newest) throw newerError(version, newest);
    for (const step of steps.filter(({ number }) => number > version)) {
      await sql.exec(step.up);
      await sql.query('INSERT INTO belay.schema_steps (number, name) VALUES ($1, $2)', [step.number, step.name]);
      log.info({ step: step.number, name: step.name }, 'database brought up one step');
    }
  });
}

/** Takes Belay's tables back to the step `target` (0: none left), the newest first, all in one transaction. */
export async function migrateDown(store: Store, steps: readonly SchemaStep[], target: number, log: Log): Promise<void> {
  await locked(store, async (sql) => {
    const version = await currentVersion(sql);
    const newest = steps.at(-1)?.number ?? 0;
    if (version > newest) throw newerError(version, newest);
    for (const step of steps.filter(({ number }) => number > target && number <= version).reverse()) {
      await sql.exec(step.down);
      await sql.query('DELETE FROM belay.schema_steps WHERE number = $1', [step.number]);
      log.info({ step: step.number, name: step.name }, 'database taken back one step');
    }
  });
}

function locked(store: Store, work: (sql: Sql) => Promise<void>): Promise<void> {
  return store.transaction(async (sql) => {
    await sql.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    // A large table may take longer than any ordinary query; nobody else may wait for us for ever, either.
    await sql.exec(`
      SET LOCAL statement_timeout = 0;
      SET LOCAL lock_timeout = '30s';
      CREATE SCHEMA IF NOT EXISTS belay;
      CREATE TABLE IF NOT EXISTS belay.schema_steps (
        number integer PRIMARY KEY,
        name text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`);
    await work(sql);
  });
}

async function currentVersion(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ version: number }>('SELECT coalesce(max(number), 0) AS version FROM belay.schema_steps');
  return row?.version ?? 0;
}

function newerError(version: number, newest: number): BelayError {
  return new BelayError(
    'global',
    `The database is at step ${version}, this Belay knows steps up to ${newest} only: it was used by a newer version. ` +
      'Start that version again, or restore a backup from before the upgrade.',
  );
}
