import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { loadSql } from '../../src/languages/sql.js';
import type { Catalog } from '../../src/migrations/catalog.js';
import { EMPTY_CATALOG } from '../../src/migrations/catalog.js';
import type { Migration } from '../../src/migrations/migration.js';
import { readSql } from '../../src/migrations/read-sql.js';
import { replayOne } from '../../src/migrations/replay.js';
import { describeCatalog, differences } from '../support/catalog/describe-catalog.js';
import { describeDatabase } from '../support/catalog/describe-database.js';
import { startPostgres, type TestPostgres } from '../support/postgres/start-postgres.js';

interface Piece {
  readonly name: string;
  readonly inTransaction: boolean;
  readonly text: string;
}

function pieces(): readonly Piece[] {
  const [, ...parts] = readFileSync(new URL('./catalog-differential.sql', import.meta.url), 'utf8').split(/^-- migration: /m);
  return parts.map((part) => {
    const [title = ''] = part.split('\n', 1);
    return { name: title.replace(' (none)', ''), inTransaction: !title.endsWith('(none)'), text: part.slice(title.length) };
  });
}

function migrationOf({ name, inTransaction, text }: Piece): Migration {
  const transaction = { scope: inTransaction ? 'per-file' : 'none', implicit: false, reason: '', switchOff: null } as const;
  return { id: name, order: name, history: '', path: name, downPath: null, up: readSql(text).steps, down: 'none', spans: { up: { startLine: 1, startColumn: 1, endLine: text.split('\n').length, endColumn: 1 }, down: null }, framework: 'sql', transaction };
}

function statementsOf(migration: Migration): readonly string[] {
  return [...new Map(migration.up.map((step) => [step.statementIndex, step.block?.statement ?? step.statement])).values()];
}

/** Runs a migration as its framework would, in a session of its own. */
async function run(url: string, migration: Migration): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    if (migration.transaction.scope !== 'none') await client.query('BEGIN');
    for (const statement of statementsOf(migration)) await client.query(statement).catch((error: unknown) => Promise.reject(new Error(`${migration.id}: ${statement}`, { cause: error })));
    if (migration.transaction.scope !== 'none') await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

describe('the catalog, against a real server', () => {
  let server: TestPostgres;
  let url: string;

  beforeAll(async () => {
    await loadSql();
    server = await startPostgres();
    url = await server.freshDatabase();
  }, 60_000);

  afterAll(async () => server.stop());

  it('says the same of every object after every migration, over more than 150 statements', async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    let catalog: Catalog = EMPTY_CATALOG;
    let statements = 0;
    const found: string[] = [];
    try {
      for (const piece of pieces()) {
        const migration = migrationOf(piece);
        statements += statementsOf(migration).length;
        catalog = replayOne(catalog, migration);
        await run(url, migration);
        const now = differences(await describeDatabase(client), describeCatalog(catalog)).map((line) => `after ${piece.name}: ${line}`);
        found.push(...now.filter((line) => !found.some((before) => before.slice(before.indexOf(': ')) === line.slice(line.indexOf(': ')))));
      }
    } finally {
      await client.end();
    }
    expect(found).toEqual([]);
    expect(statements).toBeGreaterThan(150);
  }, 120_000);
});
