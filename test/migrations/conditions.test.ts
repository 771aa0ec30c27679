import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { judgeWholeMigrations } from '../../src/migrations/judge-migrations.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';

const START = 'CREATE TABLE users (id bigint PRIMARY KEY, email text, CONSTRAINT email_given CHECK (email <> \'\'));\nCREATE INDEX users_email ON users (email);\nCREATE TYPE mood AS ENUM (\'ok\');';

beforeAll(loadSql);

function judge(block: string, more = ''): { readonly classes: readonly string[]; readonly columns: readonly string[] } {
  const all = readMigrations(new Map([
    ['migrations/001_start.up.sql', `${START}\n${more}`],
    ['migrations/002_next.up.sql', `DO $$ BEGIN\n${block}\nEND $$;`],
  ]));
  const [judged] = judgeWholeMigrations(all.slice(0, 1), all.slice(1), { target: { engine: 'postgres', version: 15, source: 'the test' }, settled: true });
  return { classes: judged?.steps.map(({ effect }) => effect.class) ?? [], columns: [...(judged?.after.tables.get('public.users')?.columns.keys() ?? [])] };
}

const ADD = 'ALTER TABLE users ADD COLUMN extra int;';
const column = (name: string, more = ''): string => `SELECT 1 FROM information_schema.columns WHERE table_name = 'users' AND column_name = '${name}'${more}`;

describe('a step under a condition that the history decides', () => {
  it.each([
    ['a column that is missing', `IF NOT EXISTS (${column('extra')}) THEN ${ADD} END IF;`],
    ['a column that is there', `IF EXISTS (${column('email')}) THEN ${ADD} END IF;`],
    ['a table in a schema', `IF EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tablename = 'users') THEN ${ADD} END IF;`],
    ['a registered name', `IF to_regclass('public.users') IS NOT NULL THEN ${ADD} END IF;`],
    ['an index that is missing', `IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'other') THEN ${ADD} END IF;`],
    ['ELSE', `IF NOT EXISTS (${column('email')}) THEN NULL; ELSE ${ADD} END IF;`],
    ['what an earlier RETURN lets through', `IF NOT EXISTS (${column('email')}) THEN RETURN; END IF; ${ADD}`],
    ['more than whether it is there', `IF EXISTS (${column('email', " AND data_type = 'text'")}) THEN ${ADD} END IF;`],
    ['one of two', `IF EXISTS (${column('nothing')}) OR EXISTS (${column('email')}) THEN ${ADD} END IF;`],
    ['a table that nobody knows', "IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'elsewhere' AND column_name = 'a') THEN ALTER TABLE users ADD COLUMN extra int; END IF;"],
    ['what the condition itself makes', `IF NOT EXISTS (${column('extra')}) THEN ${ADD} ALTER TABLE users ALTER COLUMN extra SET DEFAULT 1; END IF;`],
  ])('runs: %s', (_, block) => {
    const { classes, columns } = judge(block);
    expect(columns).toEqual(['id', 'email', 'extra']);
    expect(classes[0]).toBe('brief');
  });

  it.each([
    ['a column that is there', `IF NOT EXISTS (${column('email')}) THEN ${ADD} END IF;`],
    ['a column that is missing', `IF EXISTS (${column('gone')}) THEN ${ADD} END IF;`],
    ['a constraint', `IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'email_given') THEN ${ADD} END IF;`],
    ['a constraint of a table', `IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'email_given' AND conrelid = 'users'::regclass) THEN ${ADD} END IF;`],
    ['a constraint by the standard view', `IF NOT EXISTS (SELECT 1 FROM information_schema.table_constraints WHERE constraint_name = 'email_given' AND constraint_type = 'CHECK') THEN ${ADD} END IF;`],
    ['an index', `IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'users_email') THEN ${ADD} END IF;`],
    ['a type', `IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN ${ADD} END IF;`],
    ['an attribute', `IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'public.users'::regclass AND attname = 'email' AND NOT attisdropped) THEN ${ADD} END IF;`],
    ['an earlier RETURN', `IF EXISTS (${column('email')}) THEN RETURN; END IF; ${ADD}`],
    ['ELSE', `IF EXISTS (${column('email')}) THEN NULL; ELSE ${ADD} END IF;`],
    ['ELSIF', `IF EXISTS (${column('email')}) THEN NULL; ELSIF TRUE THEN ${ADD} END IF;`],
    ['both of two', `IF EXISTS (${column('email')}) AND EXISTS (${column('gone')}) THEN ${ADD} END IF;`],
    ['a variable', `DECLARE wanted text := 'email'; BEGIN IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'users' AND column_name = wanted) THEN ${ADD} END IF; END;`],
  ])('does not run: %s', (_, block) => {
    const { classes, columns } = judge(block);
    expect(columns).toEqual(['id', 'email']);
    expect(new Set(classes)).toEqual(new Set(['safe']));
  });

  it('decides nothing by a history that starts later', () => {
    expect(judge(`IF NOT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = 'others') THEN NULL; ELSE ${ADD} END IF;`, 'ALTER TABLE before ADD COLUMN a int;').columns).toContain('extra');
  });
});
