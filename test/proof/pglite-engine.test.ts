import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pathToFileURL } from 'node:url';
import { DEFAULT_ENGINE_LIMITS, type Engine, type EngineLimits } from '../../src/proof/engine.js';
import { openPglite, openPool, type EnginePool } from '../../src/proof/engine/pglite-engine.js';

const PATIENT: EngineLimits = { ...DEFAULT_ENGINE_LIMITS, milliseconds: 200_000 };

let pool: EnginePool;
let engine: Engine;

beforeAll(async () => {
  pool = openPool();
  engine = await pool.open({ limits: PATIENT, extensions: ['pg_trgm', 'earthdistance', 'moddatetime', 'not-there'], signal: new AbortController().signal });
});

afterAll(() => pool.close());

describe('the embedded engine', () => {
  it('says which server it is', () => {
    expect(engine.server.kind).toBe('pglite');
    expect(engine.server.version).toMatch(/^18\.\d+$/);
    expect(engine.major).toBe(18);
  });

  it('answers every value as text, with parameters', async () => {
    expect(await engine.query("SELECT 1 AS number, NULL AS nothing, $1::text || 'ü' AS given, ARRAY[1, 2]::text AS list, $2::int IS NULL AS none", ['é', null])).toEqual([
      { number: '1', nothing: null, given: 'éü', list: '{1,2}', none: 't' },
    ]);
  });

  it('tells a refusal by its code, in a query and in a migration', async () => {
    await expect(engine.query('SELECT * FROM nowhere')).rejects.toMatchObject({ name: 'EngineRefused', refusal: { code: '42P01' } });
    expect(await engine.attempt('CREATE TABLE one (id int); SELEC')).toMatchObject({ code: '42601' });
    expect(await engine.attempt('CREATE TABLE one (id int); SELECT * FROM nowhere')).toMatchObject({ code: '42P01' });
    // Several statements are one transaction.
    expect(await engine.query("SELECT to_regclass('one')::text AS one")).toEqual([{ one: null }]);
  });

  it('keeps a transaction open between calls', async () => {
    await engine.attempt('BEGIN');
    await engine.attempt('CREATE TABLE passing (id int)');
    expect(await engine.query("SELECT mode::text AS mode FROM pg_locks WHERE relation = 'passing'::regclass")).toEqual([{ mode: 'AccessExclusiveLock' }]);
    await engine.attempt('ROLLBACK');
  });

  it('refuses an answer that is too large, and goes on', async () => {
    await expect(engine.query("SELECT repeat('x', 1000) FROM generate_series(1, 50000)")).rejects.toMatchObject({ refusal: { code: '54000' } });
    expect(await engine.query('SELECT 2 AS two')).toEqual([{ two: '2' }]);
  });

  it('has the extensions that were asked for, and no others', async () => {
    expect(await engine.attempt('CREATE EXTENSION pg_trgm; CREATE EXTENSION earthdistance CASCADE; CREATE EXTENSION moddatetime')).toBeNull();
    expect(await engine.attempt('CREATE EXTENSION "not-there"')).not.toBeNull();
  });

  it('goes back to what was saved, and to nothing', async () => {
    await engine.attempt("CREATE TABLE kept (name text); INSERT INTO kept SELECT 'a' FROM generate_series(1, 1000); CREATE INDEX ON kept USING gin (name gin_trgm_ops)");
    const saved = await engine.save();
    await engine.attempt('DROP TABLE kept');
    await engine.restore(saved);
    expect(await engine.query('SELECT count(*) AS count FROM kept')).toEqual([{ count: '1000' }]);
    await engine.restore(null);
    expect(await engine.query("SELECT to_regclass('kept')::text AS kept")).toEqual([{ kept: null }]);
    await expect(engine.restore({ kind: 'pglite', name: null, bytes: new Uint8Array([1, 2, 3]) })).rejects.toMatchObject({ name: 'EngineRefused' });
    expect(await engine.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
  });

  it('is lost when it is aborted, for good', async () => {
    const controller = new AbortController();
    const other = await openPglite({ limits: PATIENT, extensions: [], signal: controller.signal });
    const pending = other.attempt('DO $$ BEGIN LOOP END LOOP; END $$');
    controller.abort();
    await expect(pending).rejects.toMatchObject({ name: 'EngineLost' });
    await expect(other.query('SELECT 1')).rejects.toMatchObject({ name: 'EngineLost' });
    await other.close();
  });

  it('says what it could not start', async () => {
    const broken = openPool(pathToFileURL('/nowhere/child.js'));
    await expect(broken.open({ limits: PATIENT, extensions: [], signal: new AbortController().signal })).rejects.toMatchObject({ name: 'EngineLost', message: expect.stringContaining('could not be started') });
    await broken.close();
  });

  it('is lost with its pool', async () => {
    await pool.close();
    await expect(engine.query('SELECT 1')).rejects.toMatchObject({ name: 'EngineLost' });
  });
});
