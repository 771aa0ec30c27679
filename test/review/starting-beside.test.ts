import { beforeAll, describe, expect, it } from '@jest/globals';
import { matchesAny } from '../../src/core/globs.js';
import type { Snapshot } from '../../src/core/snapshot.js';
import { loadSql } from '../../src/languages/sql.js';
import type { Table } from '../../src/migrations/catalog.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { startingBeside } from '../../src/review/starting-catalogs.js';

const DUMP = 'CREATE TABLE public.users (id bigint NOT NULL, email text NOT NULL, age integer, note text, added int, CONSTRAINT given CHECK (age > 0));\nCREATE INDEX users_age ON public.users USING btree (age);\nCREATE TABLE public.made (a int);';

beforeAll(loadSql);

function beside(text: string): Snapshot {
  const files = new Map([['srv/shop/db/structure.sql', text]]);
  return { ref: 'folder', list: (globs) => Promise.resolve([...files.keys()].filter(matchesAny(globs))), read: (path) => Promise.resolve(files.get(path) ?? null) };
}

async function usersBefore(migration: string): Promise<Table | undefined> {
  const changed = readMigrations(new Map([['srv/shop/db/migrations/1_change.sql', migration]]));
  const starts = await startingBeside(beside(DUMP), { history: [], changed });
  return starts.get('srv/shop/db/migrations')?.tables.get('public.users');
}

describe('a schema dump beside migrations that are scanned', () => {
  it('tells what the history does not show', async () => {
    expect((await usersBefore('ALTER TABLE users ALTER COLUMN age TYPE bigint;'))?.columns.get('age')?.type.name).toBe('int4');
  });

  it.each([
    ['a column that the migration adds', 'ALTER TABLE users ADD COLUMN added int;', ['id', 'email', 'age', 'note']],
    ['a column whose type it has changed already', 'ALTER TABLE users ALTER COLUMN note TYPE text;', ['id', 'email', 'age', 'added']],
    ['a new name that it has seen', 'ALTER TABLE users RENAME COLUMN remark TO note;', ['id', 'email', 'age', 'remark', 'added']],
  ])('does not take from it %s', async (_, migration, columns) => {
    expect([...((await usersBefore(migration))?.columns.keys() ?? [])]).toEqual(columns);
  });

  it('does not take from it what the migration sets', async () => {
    const users = await usersBefore('ALTER TABLE users ALTER COLUMN email SET NOT NULL, ADD CONSTRAINT given CHECK (age > 0);');
    expect([users?.columns.get('email')?.notNull, users?.constraints.has('given')]).toEqual([false, false]);
  });

  it('does not know all columns when one is gone that the migration drops', async () => {
    expect((await usersBefore('ALTER TABLE users DROP COLUMN legacy;'))?.complete).toBe(false);
    expect((await usersBefore('ALTER TABLE users DROP COLUMN note;'))?.complete).toBe(true);
  });

  it('is not asked where the history shows everything', async () => {
    expect(await usersBefore('CREATE TABLE a (id int);')).toBeUndefined();
  });
});
