import type { Engine, TextRow } from '../engine.js';
import { descriptionQueries } from './description-queries.js';

/** Put back after reading: definitions are printed under settings of our own, so that what a migration SET cannot change their text. */
const SETTINGS: Readonly<Record<string, string>> = { search_path: 'pg_catalog', timezone: 'UTC', datestyle: 'ISO, YMD', intervalstyle: 'postgres', quote_all_identifiers: 'off', bytea_output: 'hex' };

/**
 * Runs our own reading under fixed settings and puts the session's own back. The search path stays the session's where functions
 * of the schema may run, which name what they use without its schema. Outside of a failed transaction only.
 */
export async function underFixedSettings<T>(engine: Engine, read: () => Promise<T>, searchPath: 'fixed' | 'of the session' = 'fixed'): Promise<T> {
  const fixed = Object.fromEntries(Object.entries(SETTINGS).filter(([name]) => searchPath === 'fixed' || name !== 'search_path'));
  const names = Object.keys(fixed);
  const [before] = await engine.query(`SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join(', ')}`);
  await setAll(engine, fixed);
  try {
    return await read();
  } finally {
    if (before !== undefined) await setAll(engine, before);
  }
}

async function setAll(engine: Engine, values: TextRow): Promise<void> {
  const entries = Object.entries(values);
  await engine.query(`SELECT ${entries.map(([name], index) => `set_config('${name}', $${String(index + 1)}, false)`).join(', ')}`, entries.map(([, value]) => value ?? ''));
}

/**
 * Every object of the database by its kind and name (`column public.users.plan`) with its definition. Behind a tab, a key tells
 * the object that it belongs to and goes with. Names are as in `pg_class`, unquoted; column order is in none of it.
 */
export async function describeDatabase(engine: Engine): Promise<ReadonlyMap<string, string>> {
  return underFixedSettings(engine, async () => {
    const found = new Map<string, string>();
    for (const sql of descriptionQueries(engine.major)) {
      for (const { object, owner, definition } of await engine.query(sql)) {
        if (object !== null && object !== undefined) found.set(owner === null || owner === undefined ? object : `${object}\t${owner}`, definition ?? '');
      }
    }
    return found;
  });
}
