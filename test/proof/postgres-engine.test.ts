import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEFAULT_ENGINE_LIMITS, type Engine, type EngineLimits } from '../../src/proof/engine.js';
import { openPostgres } from '../../src/proof/engine/postgres-engine.js';
import { startPostgres, type TestPostgres } from '../support/postgres/start-postgres.js';

const PATIENT: EngineLimits = { ...DEFAULT_ENGINE_LIMITS, milliseconds: 200_000 };

let server: TestPostgres;
let url: string;

async function open(at: string, limits: EngineLimits = PATIENT, signal: AbortSignal = new AbortController().signal): Promise<Engine> {
  return openPostgres(at)({ limits, extensions: [], signal });
}

async function ask(sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function leftovers(): Promise<readonly unknown[]> {
  return (await ask("SELECT datname FROM pg_database WHERE datname LIKE 'belay\\_proof%'")).map(({ datname }) => datname);
}

beforeAll(async () => {
  server = await startPostgres();
  url = await server.freshDatabase();
  await ask('CREATE TABLE precious (id int)');
});

afterAll(() => server.stop());

describe('an engine on a server that was given', () => {
  it('runs in a database of its own, and leaves none', async () => {
    const engine = await open(url);
    expect(engine.server.kind).toBe('postgres');
    expect(await engine.query("SELECT current_database() LIKE 'belay_proof%' AS own, to_regclass('precious')::text AS precious, $1::text AS given", ['é'])).toEqual([{ own: 't', precious: null, given: 'é' }]);
    expect(await engine.attempt('DROP TABLE IF EXISTS precious; CREATE TABLE one (id int)')).toBeNull();
    expect(await engine.attempt('SELECT * FROM nowhere')).toMatchObject({ code: '42P01' });
    await expect(engine.query('SELECT * FROM nowhere')).rejects.toMatchObject({ name: 'EngineRefused', refusal: { code: '42P01' } });
    expect(await leftovers()).toHaveLength(1);
    await engine.close();
    expect(await leftovers()).toEqual([]);
    expect(await ask('SELECT * FROM precious')).toEqual([]);
  });

  it('goes back to what was saved, and to nothing', async () => {
    const engine = await open(url);
    await engine.attempt('CREATE TABLE kept AS SELECT g FROM generate_series(1, 1000) g');
    const saved = await engine.save();
    await engine.attempt('DROP TABLE kept');
    await engine.restore(saved);
    expect(await engine.query('SELECT count(*) AS count FROM kept')).toEqual([{ count: '1000' }]);
    await engine.restore(null);
    expect(await engine.query("SELECT to_regclass('kept')::text AS kept")).toEqual([{ kept: null }]);
    await engine.restore(saved);
    await engine.attempt('BEGIN');
    await expect(engine.save()).rejects.toMatchObject({ name: 'EngineRefused', refusal: { code: '25001' } });
    await engine.close();
    expect(await leftovers()).toEqual([]);
  });

  it('ends what does not end, and drops its database', async () => {
    const engine = await open(url, { ...PATIENT, milliseconds: 5_000 });
    await expect(engine.attempt('DO $$ BEGIN LOOP END LOOP; END $$')).rejects.toMatchObject({ name: 'EngineLost', message: 'it took more than 5 seconds' });
    await expect(engine.query('SELECT 1')).rejects.toMatchObject({ name: 'EngineLost' });
    await engine.close();
    expect(await leftovers()).toEqual([]);
  });

  it('is stopped in the middle of a statement', async () => {
    const controller = new AbortController();
    const engine = await open(url, PATIENT, controller.signal);
    const pending = engine.attempt('SELECT pg_sleep(1000)');
    controller.abort();
    await expect(pending).rejects.toMatchObject({ name: 'EngineLost' });
    await engine.close();
    expect(await leftovers()).toEqual([]);
  });

  it('says what to change where it cannot work', async () => {
    await ask('CREATE ROLE modest LOGIN');
    const modest = new URL(url);
    modest.searchParams.set('user', 'modest');
    await expect(open(modest.href)).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining('ALTER ROLE "modest" CREATEDB') });
    await expect(open('postgres://nobody@127.0.0.1:1/nothing')).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining('cannot be reached') });
    expect(await leftovers()).toEqual([]);
  });
});
