import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/core/store.js';
import { migrate, migrateDown } from '../../src/store/migrate.js';
import { SCHEMA_STEPS } from '../../src/store/schema/schema-steps.js';
import { memoryLog } from './memory-log.js';
import { KINDS, testStores, type TestStores } from './test-stores.js';

/** Every table, column, constraint and index of ours, as text. */
async function shape(store: Store): Promise<readonly string[]> {
  const rows = await store.query<{ line: string }>(`
    SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS line
      FROM information_schema.columns WHERE table_schema = 'belay' AND table_name <> 'schema_steps'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'belay' AND tablename <> 'schema_steps'
    UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'belay'::regnamespace AND conrelid <> 'belay.schema_steps'::regclass
    ORDER BY 1`);
  return rows.map(({ line }) => line);
}

describe.each(KINDS)('a store on %s', (kind) => {
  let stores: TestStores;
  let store: Store;
  let place: string;

  beforeAll(async () => {
    stores = await testStores(kind);
    ({ store, place } = await stores.open());
    await store.exec('CREATE TABLE public.notes (id bigint PRIMARY KEY, text text)');
  });
  afterAll(() => stores.close());

  it('answers with the same types on either database', async () => {
    const [row] = await store.query(
      `SELECT 5::bigint AS big, count(*) AS counted, '{"a":1}'::jsonb AS json, $1::bytea AS bytes, $2::text[] AS list, now() AS at, 1.5::numeric AS exact, NULL AS nothing
       FROM (VALUES (1), (2)) AS two`,
      [new Uint8Array([0, 92, 255]), ['a', 'b,"c']],
    );
    expect(row).toMatchObject({ big: 5, counted: 2, json: { a: 1 }, list: ['a', 'b,"c'], exact: '1.5', nothing: null });
    expect([...(row?.['bytes'] as Uint8Array)]).toEqual([0, 92, 255]);
    expect(row?.['at']).toBeInstanceOf(Date);
  });

  it('rolls a failed transaction back and goes on', async () => {
    await expect(
      store.transaction(async (sql) => {
        await sql.query('INSERT INTO public.notes VALUES (1, $1)', ['half']);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await store.query('SELECT * FROM public.notes WHERE id = 1')).toEqual([]);
  });

  it('keeps others out of an open transaction', async () => {
    let inside: () => void = () => undefined;
    const entered = new Promise<void>((resolve) => (inside = resolve));
    const transaction = store.transaction(async (sql) => {
      await sql.query("INSERT INTO public.notes VALUES (2, 'first')");
      inside();
      await new Promise((resolve) => setTimeout(resolve, 50));
      await sql.query("UPDATE public.notes SET text = 'second' WHERE id = 2");
    });
    await entered;
    const seen = store.query<{ text: string }>('SELECT text FROM public.notes WHERE id = 2');
    const other = store.query("INSERT INTO public.notes VALUES (3, 'other')");
    await Promise.all([transaction, other]);
    expect((await seen)[0]?.text).not.toBe('first');
    expect(await store.query('SELECT id FROM public.notes WHERE id IN (2, 3) ORDER BY id')).toEqual([{ id: 2 }, { id: 3 }]);
  });

  it('refuses the store inside its own transaction instead of waiting for itself', async () => {
    await expect(store.transaction(async () => void (await store.query('SELECT 1')))).rejects.toThrow(/use the sql that the transaction hands over/);
    await expect(store.transaction(() => store.transaction(() => Promise.resolve()))).rejects.toThrow(/inside one of its own transactions/);
  });

  it('never reports a commit that was none', async () => {
    const spoilt = store.transaction(async (sql) => {
      await sql.query("INSERT INTO public.notes VALUES (4, 'lost')");
      await sql.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(spoilt).rejects.toThrow();
    expect(await store.query('SELECT 1 FROM public.notes WHERE id = 4')).toEqual([]);
  });

  it('rolls back a script that brings its own transaction', async () => {
    await expect(store.exec("BEGIN; INSERT INTO public.notes VALUES (5, 'lost'); SELECT 1 / 0; COMMIT;")).rejects.toThrow(/division by zero/);
    expect(await store.query('SELECT count(*) AS n FROM public.notes WHERE id = 5')).toEqual([{ n: 0 }]);
  });

  it('keeps what was committed over a restart', async () => {
    await store.query("INSERT INTO public.notes VALUES (6, 'kept')");
    await store.close();
    await expect(store.query('SELECT 1')).rejects.toThrow();
    ({ store } = await stores.open(place));
    expect(await store.query('SELECT text FROM public.notes WHERE id = 6')).toEqual([{ text: 'kept' }]);
    await store.ping();
  });

  it('takes every step back and forth to the same shape, one by one', async () => {
    const log = memoryLog();
    const complete = await shape(store);
    expect(complete.length).toBeGreaterThan(50);
    for (const { number } of [...SCHEMA_STEPS].reverse()) {
      await migrateDown(store, SCHEMA_STEPS, number - 1, log);
      const reached = await shape(store);
      await migrate(store, SCHEMA_STEPS.slice(0, number), log);
      await migrateDown(store, SCHEMA_STEPS, number - 1, log);
      expect(await shape(store)).toEqual(reached);
    }
    expect(await shape(store)).toEqual([]);
    await migrate(store, SCHEMA_STEPS, log);
    expect(await shape(store)).toEqual(complete);
  });

  it('leaves a database alone that belongs to a newer version', async () => {
    await store.query("INSERT INTO belay.schema_steps (number, name) VALUES (999, 'from the future')");
    await expect(migrate(store, SCHEMA_STEPS, memoryLog())).rejects.toThrow(/at step 999, this Belay knows steps up to \d+ only/);
    await store.query('DELETE FROM belay.schema_steps WHERE number = 999');
  });

  it('applies a step wholly or not at all', async () => {
    const number = SCHEMA_STEPS.length + 1;
    const broken = { number, name: 'broken', up: 'CREATE TABLE belay.half (id int); SELECT 1 / 0', down: 'DROP TABLE belay.half' };
    await expect(migrate(store, [...SCHEMA_STEPS, broken], memoryLog())).rejects.toThrow(/division by zero/);
    expect((await shape(store)).filter((line) => line.startsWith('half'))).toEqual([]);
  });
});

describe('several processes on one Postgres', () => {
  let stores: TestStores;
  beforeAll(async () => {
    stores = await testStores('postgres');
  });
  afterAll(() => stores.close());

  it('bring an empty database up only once', async () => {
    const { store, place } = await stores.open();
    await migrateDown(store, SCHEMA_STEPS, 0, memoryLog());
    await store.exec('DROP SCHEMA belay CASCADE');
    await Promise.all(Array.from({ length: 4 }, () => stores.open(place)));
    expect(await store.query('SELECT number FROM belay.schema_steps ORDER BY number')).toEqual(SCHEMA_STEPS.map(({ number }) => ({ number })));
  });
});
