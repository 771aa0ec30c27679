import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../../src/languages/sql.js';
import { EMPTY_CATALOG } from '../../../src/migrations/catalog.js';
import type { Engine } from '../../../src/proof/engine.js';
import { compareDatabases } from '../../../src/proof/undo/compare.js';
import { compareData, readData } from '../../../src/proof/undo/data.js';
import { describeDatabase } from '../../../src/proof/undo/describe-database.js';
import { findOldCode, tryOldCode } from '../../../src/proof/undo/old-code.js';
import { seed } from '../../../src/proof/undo/seed.js';
import { openInProcess } from '../../support/proof/in-process-engine.js';

const SETUP = `
  CREATE TYPE mood AS ENUM ('calm', 'cross');
  CREATE TABLE teams (id serial PRIMARY KEY, title varchar(40) NOT NULL UNIQUE);
  CREATE TABLE members (id serial PRIMARY KEY, team_id integer NOT NULL REFERENCES teams ON DELETE CASCADE, email text NOT NULL UNIQUE CHECK (email ~ '^[^@]+@[^@]+$'),
    plan text NOT NULL DEFAULT 'free' CHECK (plan IN ('free', 'pro')), age integer CHECK (age BETWEEN 18 AND 99), feeling mood, price numeric(8,2), tags text[], starts date, ends date, CHECK (starts < ends));
  CREATE INDEX members_age ON members (age);
  CREATE VIEW grown AS SELECT id, email FROM members WHERE age > 20;
  COMMENT ON COLUMN members.plan IS 'what is paid';
  CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'`;

let engine: Engine;

beforeAll(async () => {
  await loadSql();
  engine = await openInProcess();
  expect(await engine.attempt(SETUP)).toBeNull();
  const { seeded, failed } = await seed(engine, ['public.members']);
  expect([[...seeded.values()], [...failed]]).toEqual([[3, 3], []]);
});

afterAll(async () => engine.close());

/** What up and down leave behind, in words; everything is undone afterwards. */
async function left(up: string, down: string): Promise<readonly string[]> {
  const [schema, data] = [await describeDatabase(engine), await readData(engine)];
  expect(await engine.attempt('BEGIN')).toBeNull();
  try {
    expect(await engine.attempt(up)).toBeNull();
    expect(await engine.attempt(down)).toBeNull();
    return [
      ...compareDatabases(schema, await describeDatabase(engine)).map(({ object }) => object),
      ...compareData(data, await readData(engine)).map(({ column, table, rows, of }) => `${column ?? table ?? ''}: ${String(rows)} of ${String(of)}`),
    ];
  } finally {
    await engine.attempt('ROLLBACK');
  }
}

describe('what down does not bring back', () => {
  it.each<[string, string, readonly string[]]>([
    ['ALTER TABLE members DROP COLUMN tags', 'ALTER TABLE members ADD COLUMN tags text[]', ['public.members.tags: 3 of 3']],
    ['ALTER TABLE members DROP COLUMN price', 'ALTER TABLE members ADD COLUMN price numeric(8,3)', ['column public.members.price', 'public.members.price: 3 of 3']],
    ['DROP INDEX members_age', 'SELECT 1', ['index public.members_age']],
    ['DROP INDEX members_age', 'CREATE INDEX members_age ON members (age DESC)', ['index public.members_age']],
    ['ALTER TABLE members DROP CONSTRAINT members_team_id_fkey', 'SELECT 1', ['constraint public.members.members_team_id_fkey']],
    ['ALTER TABLE members DROP CONSTRAINT members_team_id_fkey', 'ALTER TABLE members ADD FOREIGN KEY (team_id) REFERENCES teams', ['constraint public.members.members_team_id_fkey']],
    ['ALTER TABLE members ALTER age SET NOT NULL', 'SELECT 1', ['column public.members.age']],
    ['ALTER TABLE members ALTER plan DROP DEFAULT', 'SELECT 1', ['column public.members.plan']],
    ['DROP VIEW grown', 'CREATE VIEW grown AS SELECT id FROM members', ['view public.grown']],
    ['DROP VIEW grown', 'SELECT 1', ['view public.grown']],
    ["ALTER TYPE mood RENAME VALUE 'cross' TO 'angry'", 'SELECT 1', ['enum public.mood', 'public.members.feeling: 1 of 3']],
    ["CREATE OR REPLACE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 2'", 'SELECT 1', ['function public.one()']],
    ['COMMENT ON COLUMN members.plan IS NULL', 'SELECT 1', ['comment on column public.members.plan']],
    ['CREATE TABLE extra (id integer PRIMARY KEY)', 'SELECT 1', ['table public.extra']],
    ['DELETE FROM members WHERE id = 1', 'SELECT 1', ['public.members: 1 of 3']],
    ['TRUNCATE members', 'SELECT 1', ['public.members: 3 of 3']],
    ['ALTER TABLE members ALTER price TYPE integer', 'ALTER TABLE members ALTER price TYPE numeric(8,2)', ['public.members.price: 3 of 3']],
    ["UPDATE teams SET title = 'team ' || id", 'SELECT 1', ['public.teams.title: 3 of 3']],
    ['GRANT SELECT ON teams TO PUBLIC', 'SELECT 1', ['grants on table public.teams']],
    ['ALTER TABLE teams ENABLE ROW LEVEL SECURITY', 'SELECT 1', ['table public.teams']],
  ])('%s', async (up, down, expected) => {
    expect(await left(up, down)).toEqual(expected);
  });
});

describe('what down does bring back', () => {
  it.each([
    ['ALTER TABLE members ADD COLUMN nick text', 'ALTER TABLE members DROP COLUMN nick'],
    ['ALTER TABLE members RENAME plan TO tier', 'ALTER TABLE members RENAME tier TO plan'],
    ['ALTER TABLE members RENAME TO people', 'ALTER TABLE people RENAME TO members'],
    ['DROP INDEX members_age', 'CREATE INDEX members_age ON members (age)'],
    ['ALTER TABLE members DROP CONSTRAINT members_team_id_fkey', 'ALTER TABLE members ADD FOREIGN KEY (team_id) REFERENCES teams ON DELETE CASCADE'],
    ['ALTER TABLE members DROP CONSTRAINT members_email_key', 'ALTER TABLE members ADD UNIQUE (email)'],
    ['CREATE TABLE extra (id serial PRIMARY KEY, team_id integer REFERENCES teams)', 'DROP TABLE extra'],
    ['DROP VIEW grown', 'CREATE VIEW grown AS SELECT id, email FROM members WHERE age > 20'],
    ["CREATE TYPE size AS ENUM ('s')", 'DROP TYPE size'],
    ['ALTER TABLE members ALTER starts TYPE timestamptz', 'ALTER TABLE members ALTER starts TYPE date'],
    ['ALTER TABLE members ALTER price TYPE numeric(10,4)', 'ALTER TABLE members ALTER price TYPE numeric(8,2)'],
    ['ALTER TABLE members ALTER plan DROP NOT NULL', 'ALTER TABLE members ALTER plan SET NOT NULL'],
    ["ALTER TABLE members ALTER plan SET DEFAULT 'pro'", "ALTER TABLE members ALTER plan SET DEFAULT 'free'"],
    ['CREATE OR REPLACE FUNCTION one() RETURNS integer LANGUAGE sql AS \'SELECT 2\'', "CREATE OR REPLACE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT  1'"],
    ['CREATE SCHEMA apart', 'DROP SCHEMA apart'],
    ['GRANT SELECT ON teams TO PUBLIC', 'REVOKE SELECT ON teams FROM PUBLIC'],
    ["INSERT INTO teams (title) VALUES ('the last')", 'SELECT 1'],
    ['ALTER TABLE members ADD CONSTRAINT priced CHECK (price > 0)', 'ALTER TABLE members DROP CONSTRAINT priced'],
    ['ALTER TABLE teams ENABLE ROW LEVEL SECURITY', 'ALTER TABLE teams DISABLE ROW LEVEL SECURITY'],
    ['CREATE TEMPORARY TABLE kept AS SELECT id, tags FROM members; ALTER TABLE members DROP COLUMN tags', 'ALTER TABLE members ADD COLUMN tags text[]; UPDATE members SET tags = kept.tags FROM kept WHERE kept.id = members.id'],
  ])('%s', async (up, down) => {
    expect(await left(up, down)).toEqual([]);
  });
});

describe('code that is still running', () => {
  const CODE = new Map([
    ['prisma/schema.prisma', 'model Team {\n  id Int @id @default(autoincrement())\n  title String\n  members Member[]\n  @@map("teams")\n}\n'],
    ['src/teams.ts', 'const one = await sql.query(\n  `SELECT id, title FROM teams WHERE id = ${id}`,\n);\n'],
    ['app/teams.py', 'cursor.execute("INSERT INTO teams (title) "\n               "VALUES (%s)", [title])\n'],
    ['db/queries.sql', '-- name: TeamIds :many\nSELECT id FROM teams WHERE id > @least;\n'],
  ]);

  it('is asked of the new schema, and names where it stands', async () => {
    const found = findOldCode(CODE, EMPTY_CATALOG, new Set(['public.teams']));
    expect(await tryOldCode(engine, found)).toEqual(new Map());
    await engine.attempt('BEGIN');
    await engine.attempt('ALTER TABLE teams RENAME title TO name');
    await engine.attempt('SAVEPOINT here');
    const refused: string[] = [];
    for (const one of found) {
      for (const [{ path, line }, { code }] of await tryOldCode(engine, [one])) refused.push(`${path ?? ''}:${String(line)} ${code}`);
      await engine.attempt('ROLLBACK TO SAVEPOINT here');
    }
    await engine.attempt('ROLLBACK');
    expect(refused).toEqual(['prisma/schema.prisma:1 42703', 'prisma/schema.prisma:1 42703', 'src/teams.ts:2 42703', 'app/teams.py:1 42703']);
  });

  it('leaves out a column that has become required', async () => {
    const found = findOldCode(CODE, EMPTY_CATALOG, new Set(['public.teams']));
    await engine.attempt('BEGIN');
    await engine.attempt("ALTER TABLE teams ADD COLUMN region text NOT NULL DEFAULT 'eu'; ALTER TABLE teams ALTER region DROP DEFAULT");
    const refused = await tryOldCode(engine, found);
    await engine.attempt('ROLLBACK');
    expect([...refused].map(([{ path }, { message }]) => `${path ?? ''}: ${message}`)).toEqual([
      'prisma/schema.prisma: null value in column "region" of relation "teams" violates not-null constraint',
      'app/teams.py: null value in column "region" of relation "teams" violates not-null constraint',
    ]);
  });
});
