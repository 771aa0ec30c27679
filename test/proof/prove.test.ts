import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProofReport } from '../../src/core/proof-report.js';
import { loadSql } from '../../src/languages/sql.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { DEFAULT_ENGINE_LIMITS, type EngineLimits } from '../../src/proof/engine.js';
import { openPool, type EnginePool } from '../../src/proof/engine/pglite-engine.js';
import { openFolderCache } from '../../src/proof/folder-cache.js';
import { prove, type ProveOptions } from '../../src/proof/prove.js';

const PATIENT: EngineLimits = { ...DEFAULT_ENGINE_LIMITS, milliseconds: 200_000 };

const HISTORY = {
  '0001_shops.up.sql': 'CREATE TABLE shops (id bigint PRIMARY KEY, name text NOT NULL);',
  '0001_shops.down.sql': 'DROP TABLE shops;',
  '0002_orders.up.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, shop_id bigint NOT NULL REFERENCES shops (id), total int NOT NULL, note text);',
  '0002_orders.down.sql': 'DROP TABLE orders;',
  '0003_orders_by_shop.up.sql': 'CREATE INDEX orders_shop_id_idx ON orders (shop_id);',
  '0003_orders_by_shop.down.sql': 'DROP INDEX orders_shop_id_idx;',
};

type Files = Readonly<Record<string, string>>;

let pool: EnginePool;

beforeAll(async () => {
  await loadSql();
  pool = openPool();
});

afterAll(() => pool.close());

/** Proves `changed` on top of `history`, both file by file in one folder. `sent`: told of what the server is sent. */
function proven(history: Files, changed: Files, { sent = () => undefined, ...options }: Partial<ProveOptions> & { readonly sent?: (sql: string) => void } = {}): Promise<ProofReport> {
  const all = readMigrations(new Map(Object.entries({ ...history, ...changed }).map(([name, text]) => [`db/migrations/${name}`, text])));
  const isChanged = (path: string): boolean => path.replace('db/migrations/', '') in changed;
  return prove(
    { history: all.filter(({ path }) => !isChanged(path)), changed: all.filter(({ path }) => isChanged(path)), starts: new Map(), target: { engine: 'postgres', version: 18, source: 'the test' }, settled: true, tables: new Map(), baseCode: new Map() },
    {
      async open(how) {
        const engine = await pool.open(how);
        return { ...engine, server: engine.server, major: engine.major, attempt: (sql) => (sent(sql), engine.attempt(sql)) };
      },
      cache: null,
      limits: PATIENT,
      signal: new AbortController().signal,
      ...options,
    },
  );
}

describe('proving migrations', () => {
  it('reads the locks and the rewrite of a statement from the server, and what the ones behind it meet', async () => {
    const report = await proven(HISTORY, {
      '0004_total.up.sql': 'ALTER TABLE orders ALTER COLUMN total TYPE bigint;\nCREATE INDEX orders_total_idx ON orders (total);',
      '0004_total.down.sql': 'DROP INDEX orders_total_idx;\nALTER TABLE orders ALTER COLUMN total TYPE int;',
    });
    expect(report).toMatchObject({ server: { kind: 'pglite' }, base: [], disagreements: [], notes: [] });
    const [migration] = report.migrations;
    expect(migration).toMatchObject({ path: 'db/migrations/0004_total.up.sql', status: 'proved', reversible: true, differences: [], again: [], dataLoss: [] });
    expect(migration?.statements[0]).toMatchObject({ direction: 'up', line: 1, source: 'observed', locks: { 'public.orders': 'AccessExclusiveLock' }, rewrite: ['public.orders'], class: 'heavy', held: {}, blocks: 'reads and writes of public.orders' });
    // A rewrite takes SHARE too, for the indexes: the index behind it takes no lock that its transaction does not hold.
    expect(migration?.statements[1]).toMatchObject({ direction: 'up', line: 2, source: 'observed', locks: {}, scan: ['public.orders'], held: { 'public.orders': 'AccessExclusiveLock' }, blocks: 'reads and writes of public.orders' });
    expect(migration?.statements.map(({ direction }) => direction)).toEqual(['up', 'up', 'down', 'down']);
  });

  it('tells what down does not bring back', async () => {
    const report = await proven(HISTORY, {
      '0004_note.up.sql': 'ALTER TABLE orders DROP COLUMN note;',
      '0004_note.down.sql': 'ALTER TABLE orders ADD COLUMN note text;',
      '0005_shop.up.sql': 'DROP INDEX orders_shop_id_idx;',
      '0005_shop.down.sql': 'SELECT 1;',
    });
    const [note, shop] = report.migrations;
    expect(note).toMatchObject({ status: 'proved', reversible: false, differences: [], dataLoss: [{ column: 'public.orders.note' }] });
    expect(shop).toMatchObject({ status: 'proved', reversible: false, differences: [{ object: expect.stringContaining('orders_shop_id_idx') as unknown, after: null }], dataLoss: [] });
  });

  it('runs a statement outside of transactions where it must be, and tells its locks as they are documented', async () => {
    const report = await proven(HISTORY, {
      '0004_names.up.sql': 'CREATE INDEX CONCURRENTLY shops_name_idx ON shops (name);',
      '0004_names.down.sql': 'DROP INDEX CONCURRENTLY shops_name_idx;',
    });
    expect(report.migrations).toMatchObject([{ status: 'proved', reversible: true }]);
    expect(report.migrations[0]?.statements).toMatchObject([
      { direction: 'up', source: 'documented', inTransaction: false, locks: { 'public.shops': 'ShareUpdateExclusiveLock' }, class: 'safe', blocks: '' },
      { direction: 'down', source: 'documented', inTransaction: false },
    ]);
  });

  it('names the statement of the base that does not run, and goes on where the rest allows it', async () => {
    const report = await proven(
      { ...HISTORY, '0003_orders_by_shop.up.sql': 'CREATE INDEX orders_shop_id_idx ON orders (shop_id);\nALTER TABLE customers ADD COLUMN mail text;' },
      { '0004_name.up.sql': "ALTER TABLE shops ADD COLUMN slug text NOT NULL DEFAULT '';", '0004_name.down.sql': 'ALTER TABLE shops DROP COLUMN slug;' },
    );
    expect(report.base).toEqual([{ path: 'db/migrations/0003_orders_by_shop.up.sql', line: 2, statement: expect.stringContaining('ALTER TABLE customers') as unknown, error: expect.stringContaining('"customers" does not exist') as unknown }]);
    expect(report.migrations).toMatchObject([{ status: 'proved', reversible: true }]);
  });

  it('leaves unproven what takes longer than it may, what was seen until then kept', async () => {
    const report = await proven(
      {},
      {
        '0001_shops.up.sql': 'CREATE TABLE shops (id bigint);\nDO $$ BEGIN LOOP NULL; END LOOP; END $$;',
        '0002_more.up.sql': 'ALTER TABLE shops ADD COLUMN name text;',
      },
      { limits: { ...PATIENT, milliseconds: 10_000 } },
    );
    const [endless, next] = report.migrations;
    expect(endless).toMatchObject({ status: 'unproven', reason: 'it took more than 10 seconds, at line 2', statements: [{ line: 1, source: 'observed' }] });
    expect(next).toMatchObject({ status: 'unproven', reason: 'it took more than 10 seconds', statements: [] });
  });

  it('replays a history once: the next proof on top of it opens what was kept', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'belay-prove-'));
    try {
      const rows = { ...HISTORY, '0002_rows.up.sql': "INSERT INTO shops SELECT n, repeat(md5(n::text), 8) FROM generate_series(1, 100000) n;" };
      const change = { '0004_slug.up.sql': 'ALTER TABLE shops ADD COLUMN slug text;', '0004_slug.down.sql': 'ALTER TABLE shops DROP COLUMN slug;' };
      const runs = [];
      for (let time = 0; time < 2; time += 1) {
        const sent: string[] = [];
        runs.push({ sent, report: await proven(rows, change, { cache: openFolderCache(folder), sent: (sql) => sent.push(sql) }) });
      }
      const [cold, warm] = runs;
      expect(cold?.sent.join('\n')).toContain('INSERT INTO shops SELECT');
      expect(warm?.sent.join('\n')).not.toContain('INSERT INTO shops SELECT');
      expect(warm?.sent.join('\n')).toContain('ADD COLUMN slug');
      const told = ({ migrations }: ProofReport): unknown => migrations.map(({ statements, ...rest }) => ({ ...rest, statements: statements.map((statement) => ({ ...statement, milliseconds: null })) }));
      expect(warm === undefined ? null : told(warm.report)).toEqual(cold === undefined ? null : told(cold.report));
      expect(cold?.report.migrations).toMatchObject([{ status: 'proved', reversible: true }]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
