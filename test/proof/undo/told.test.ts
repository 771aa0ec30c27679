import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { differingParts } from '../../../src/core/differing-parts.js';
import { loadSql } from '../../../src/languages/sql.js';
import { readMigrations } from '../../../src/migrations/read-migrations.js';
import type { Step } from '../../../src/migrations/step.js';
import type { Engine } from '../../../src/proof/engine.js';
import { isRefusedOnAnyRow } from '../../../src/proof/undo/any-row.js';
import { compareDatabases } from '../../../src/proof/undo/compare.js';
import { compareData, readData } from '../../../src/proof/undo/data.js';
import { describeDatabase } from '../../../src/proof/undo/describe-database.js';
import { toldDifferences, toldLosses } from '../../../src/proof/undo/told.js';
import { openInProcess } from '../../support/proof/in-process-engine.js';

const SETUP = `
  CREATE TYPE mood AS ENUM ('calm', 'cross');
  CREATE TABLE words (id integer PRIMARY KEY, word text NOT NULL);
  CREATE TABLE books (id integer PRIMARY KEY, title text NOT NULL, keywords text, sales integer NOT NULL DEFAULT 0, shown text, written timestamptz);
  CREATE TABLE totals (book_id integer PRIMARY KEY, total integer NOT NULL);
  CREATE FUNCTION show() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.shown := NEW.title || coalesce(NEW.keywords, ''); RETURN NEW; END $$;
  CREATE TRIGGER showing BEFORE INSERT OR UPDATE ON books FOR EACH ROW EXECUTE FUNCTION show();
  INSERT INTO words VALUES (1, 'one'), (2, 'two'), (3, 'three');
  INSERT INTO books VALUES (1, 'first', 'a', 4), (2, 'second', 'b', 5), (3, 'third', 'c', 6);
  INSERT INTO totals VALUES (1, 40), (7, 50), (8, 60)`;

let engine: Engine;

beforeAll(async () => {
  await loadSql();
  engine = await openInProcess();
  expect(await engine.attempt(SETUP)).toBeNull();
});

afterAll(async () => engine.close());

function steps(sql: string): readonly Step[] {
  const [migration] = readMigrations(new Map([['migrations/000001_one.up.sql', sql], ['migrations/000001_one.down.sql', 'SELECT 1']]));
  return migration?.up ?? [];
}

/** What is said of a pair; everything is undone afterwards. */
async function told(up: string, down: string): Promise<readonly string[]> {
  const pair = { up: steps(up), down: steps(down) };
  const [schema, data] = [await describeDatabase(engine), await readData(engine)];
  expect(await engine.attempt('BEGIN')).toBeNull();
  try {
    expect(await engine.attempt(up)).toBeNull();
    expect(await engine.attempt(down)).toBeNull();
    return [
      ...toldDifferences(compareDatabases(schema, await describeDatabase(engine)), pair).map(({ object }) => object),
      ...toldLosses(compareData(data, await readData(engine)), pair).map(({ column, table, rows, of }) => `${column ?? table ?? ''}: ${String(rows)} of ${String(of)}`),
    ];
  } finally {
    await engine.attempt('ROLLBACK');
  }
}

describe('what a down is not to blame for', () => {
  it.each([
    ["ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad'", 'SELECT 1'],
    ['DROP TABLE IF EXISTS of_a_tool', 'CREATE TABLE of_a_tool (id serial PRIMARY KEY)'],
    ['ALTER TABLE books DROP CONSTRAINT IF EXISTS by_hand', 'ALTER TABLE books ADD CONSTRAINT by_hand CHECK (sales >= 0) NOT VALID'],
    ['ALTER TABLE books DROP COLUMN keywords', 'ALTER TABLE books ADD COLUMN keywords text; UPDATE books SET keywords = (SELECT w.word FROM words w WHERE w.id = books.id)'],
    ['DROP TABLE totals', 'CREATE TABLE totals (book_id integer PRIMARY KEY, total integer NOT NULL); INSERT INTO totals SELECT id, sales FROM books'],
    ['DELETE FROM totals USING books WHERE books.id = totals.book_id AND books.sales = 4', 'SELECT 1'],
    ["CREATE OR REPLACE FUNCTION show() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$", "CREATE OR REPLACE FUNCTION show() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN -- as it was\n NEW.shown := NEW.title || coalesce(NEW.keywords, ''); RETURN NEW; END $$"],
  ])('%s', async (up, down) => {
    expect(await told(up, down)).toEqual([]);
  });
});

describe('what a down is to blame for', () => {
  it.each<[string, string, readonly string[]]>([
    ['DROP TABLE totals', 'CREATE TABLE totals (book_id integer PRIMARY KEY, total integer NOT NULL)', ['public.totals: 3 of 3']],
    ['ALTER TABLE books DROP COLUMN keywords', "ALTER TABLE books ADD COLUMN keywords text; UPDATE books SET keywords = 'none'", ['public.books.keywords: 3 of 3']],
    ['CREATE TABLE kept (id integer, word text); INSERT INTO kept SELECT id, left(word, 2) FROM words; DROP TABLE words', 'CREATE TABLE words (id integer PRIMARY KEY, word text NOT NULL); INSERT INTO words SELECT id, word FROM kept; DROP TABLE kept', ['public.words.word: 3 of 3']],
    ['DELETE FROM totals WHERE total > 45', 'SELECT 1', ['public.totals: 2 of 3']],
    ['ALTER TABLE books DROP COLUMN IF EXISTS keywords', 'SELECT 1', ['column public.books.keywords', 'public.books.keywords: 3 of 3']],
    ["ALTER TYPE mood RENAME VALUE 'calm' TO 'still'", 'SELECT 1', ['enum public.mood']],
  ])('%s', async (up, down, expected) => {
    expect(await told(up, down)).toEqual(expected);
  });
});

describe('a refusal on seeded rows', () => {
  it.each<[string, string, string, string, boolean]>([
    ['SELECT 1', 'ALTER TABLE books ADD COLUMN isbn text NOT NULL', '23502', 'column "isbn" of relation "books" contains null values', true],
    ['ALTER TABLE books ADD COLUMN isbn text', 'ALTER TABLE books ALTER COLUMN isbn SET NOT NULL', '23502', 'column "isbn" of relation "books" contains null values', true],
    ["ALTER TABLE books ADD COLUMN isbn text; UPDATE books SET isbn = title", 'ALTER TABLE books ALTER COLUMN isbn SET NOT NULL', '23502', 'column "isbn" of relation "books" contains null values', false],
    ['SET lock_timeout = 1000', 'ALTER TABLE books ALTER COLUMN keywords SET NOT NULL', '23502', 'column "keywords" of relation "books" contains null values', false],
    ['SET lock_timeout = 1000', 'ALTER TABLE books ALTER COLUMN keywords TYPE jsonb USING keywords::jsonb', '22P02', 'invalid input syntax for type json', false],
    ['SET lock_timeout = 1000', 'ALTER TABLE books ADD PRIMARY KEY (title)', '23505', 'could not create unique index "books_pkey"', false],
    ['SET lock_timeout = 1000', "ALTER TABLE books ADD COLUMN slug text NOT NULL DEFAULT '' UNIQUE", '23505', 'could not create unique index "books_slug_key"', true],
  ])('%s; %s: %s', (before, failed, code, message, expected) => {
    expect(isRefusedOnAnyRow(before === 'SELECT 1' ? [] : steps(before), steps(failed), { code, message })).toBe(expected);
  });
});

it('shows where two long texts part', () => {
  const [one, other] = differingParts(`${'the same words '.repeat(20)}ends here`, `${'the same words '.repeat(20)}stops there`);
  expect([one.slice(-9), other.slice(-11), one.length < 60]).toEqual(['ends here', 'stops there', true]);
});
