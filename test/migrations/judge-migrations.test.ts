import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { uniqueColumnSets } from '../../src/migrations/catalog.js';
import { judgeMigrations } from '../../src/migrations/judge-migrations.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { replay } from '../../src/migrations/replay.js';
import { describeTarget, parseTarget } from '../../src/migrations/target.js';

const TARGET = { engine: 'postgres', version: 16, source: 'test' } as const;

/** class, strongest locks and work of every step of the files that are not history (`base/…`). */
function judge(files: Readonly<Record<string, string>>, settled = false): string[] {
  const all = readMigrations(new Map(Object.entries(files).map(([path, text]) => [path.replace(/^base\//, ''), text])));
  const isHistory = (path: string): boolean => `base/${path}` in files;
  const judged = judgeMigrations(all.filter((one) => isHistory(one.path)), all.filter((one) => !isHistory(one.path)), { target: TARGET, settled });
  return [...judged].map(({ step, effect }) => {
    const locks = Object.entries(effect.locks).map(([key, mode]) => `${key}:${mode}`);
    return [step.kind, effect.class, ...locks, ...effect.rewrite.map((key) => `rewrites ${key}`), ...effect.scan.map((key) => `scans ${key}`), ...(effect.error === undefined ? [] : [effect.error])].join(' ');
  });
}

describe('judgeMigrations', () => {
  beforeAll(loadSql);

  it('counts a lock once per transaction, and work under it as heavy', () => {
    expect(judge({ 'base/migrations/1.sql': 'CREATE TABLE t (id int PRIMARY KEY, a int);', 'migrations/2.sql': '-- +goose Up\nALTER TABLE t ADD b int;\nUPDATE t SET b = a;\nALTER TABLE t ADD c int;' })).toEqual([
      'add-column brief public.t:AccessExclusiveLock',
      'update heavy public.t:RowExclusiveLock scans public.t',
      'add-column safe',
    ]);
  });

  it('lets locks go at COMMIT, and between statements outside a transaction', () => {
    expect(judge({ 'base/migrations/1.sql': 'CREATE TABLE t (id int, a int);', 'migrations/2.sql': '-- +goose NO TRANSACTION\n-- +goose Up\nALTER TABLE t ADD b int;\nUPDATE t SET b = a;\nBEGIN;\nLOCK TABLE t;\nUPDATE t SET b = 1;\nCOMMIT;\nUPDATE t SET b = 2;' })).toEqual([
      'add-column brief public.t:AccessExclusiveLock',
      'update safe public.t:RowExclusiveLock scans public.t',
      'transaction safe',
      'lock-table brief public.t:AccessExclusiveLock',
      'update heavy public.t:RowExclusiveLock scans public.t',
      'transaction safe',
      'update safe public.t:RowExclusiveLock scans public.t',
    ]);
  });

  it('knows what the server refuses inside a transaction', () => {
    expect(judge({ 'base/db/migrations/1.sql': 'CREATE TABLE t (id int);', 'db/migrations/2.sql': '-- migrate:up\nCREATE INDEX CONCURRENTLY i ON t (id);' })).toEqual([
      'create-index error public.t:ShareUpdateExclusiveLock CREATE INDEX CONCURRENTLY … cannot run inside a transaction block',
    ]);
  });

  it('takes no locks on what the same pull request creates, in any of its migrations', () => {
    const files = { 'base/migrations/1.sql': 'CREATE TABLE old (id int);', 'migrations/2.sql': 'CREATE TABLE t (id int);', 'migrations/3.sql': 'CREATE INDEX i ON public.t (id);' };
    expect(judge(files)).toEqual(['create-table safe', 'create-index safe']);
    expect(judge(files, true)).toEqual(['create-table safe', 'create-index heavy public.t:ShareLock scans public.t']);
  });

  it('keeps schemas apart', () => {
    const files = {
      'base/migrations/1.sql': 'CREATE TABLE t (id int);',
      'migrations/2.sql': 'CREATE SCHEMA s; CREATE TABLE s.t (id int); CREATE INDEX a ON s.t (id); SET search_path = s, public; CREATE INDEX b ON t (id); SET search_path = public; CREATE INDEX c ON t (id);',
    };
    expect(judge(files).filter((line) => line.startsWith('create-index'))).toEqual(['create-index safe', 'create-index safe', 'create-index heavy public.t:ShareLock scans public.t']);
  });

  it('treats a table that no history creates as in use', () => {
    expect(judge({ 'migrations/1.sql': 'CREATE INDEX i ON legacy (id);' })).toEqual(['create-index heavy public.legacy:ShareLock scans public.legacy']);
  });

  it('carries locks over when the framework runs all pending migrations in one transaction', () => {
    const journal = '{"dialect":"postgresql","entries":[{"tag":"0000_a"},{"tag":"0001_b"},{"tag":"0002_c"}]}';
    expect(judge({ 'drizzle/meta/_journal.json': journal, 'base/drizzle/0000_a.sql': 'CREATE TABLE t (id int, a int);', 'drizzle/0001_b.sql': 'ALTER TABLE t ADD b int;', 'drizzle/0002_c.sql': 'UPDATE t SET b = a;' })).toEqual([
      'add-column brief public.t:AccessExclusiveLock',
      'update heavy public.t:RowExclusiveLock scans public.t',
    ]);
  });

  it('leaves views, foreign keys and unique columns in the catalog', () => {
    const history = readMigrations(
      new Map([
        ['migrations/1.sql', 'CREATE TABLE users (id bigserial PRIMARY KEY, email text UNIQUE, region text, code text, nick text); CREATE UNIQUE INDEX a ON users (region, code); CREATE UNIQUE INDEX b ON users (lower(nick)); CREATE UNIQUE INDEX c ON users (nick) WHERE nick IS NOT NULL;'],
        ['migrations/2.sql', 'ALTER TABLE users RENAME COLUMN email TO mail; CREATE VIEW v AS SELECT mail FROM users; ALTER TABLE users DROP CONSTRAINT users_pkey; ALTER TABLE users RENAME TO people;'],
      ]),
    );
    const catalog = replay(history);
    expect(uniqueColumnSets(catalog, 'people')).toEqual([['mail'], ['region', 'code']]);
    expect(uniqueColumnSets(catalog, 'public.people')).toHaveLength(2);
    expect(uniqueColumnSets(catalog, 'users')).toEqual([]);
    expect(catalog.views.get('public.v')?.reads).toEqual(['public.people']);
    expect(catalog.tables.get('public.people')?.columns.get('id')?.type.name).toBe('int8');
  });
});

describe('parseTarget', () => {
  it.each([
    ['postgres@16', 'Postgres 16 (a file)'],
    ['postgresql@17.2', 'Postgres 17 (a file)'],
    ['pg@14', 'Postgres 14 (a file)'],
    ['mysql@8.4', 'MySQL 8.4 (a file)'],
    ['mariadb@10.11', 'MariaDB 10.11 (a file)'],
  ])('%s is %s', (text, words) => {
    const target = parseTarget(text, 'a file');
    expect(target === null ? null : describeTarget(target)).toBe(words);
  });

  it.each(['postgres', 'postgres@', 'oracle@19', 'postgres@x', ''])('%j is none', (text) => {
    expect(parseTarget(text, 'a file')).toBeNull();
  });
});

describe('judgeMigrations, in DO blocks and routines', () => {
  beforeAll(loadSql);

  const table = { 'base/migrations/1.sql': "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE FUNCTION touch(target text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN touched int', target); PERFORM fill(); END $$;" };
  const judged = (sql: string): string[] => judge({ ...table, 'migrations/2.sql': sql });

  it('takes a block as one statement', () => {
    expect(judged('-- +goose NO TRANSACTION\n-- +goose Up\nDO $$ BEGIN ALTER TABLE t ADD b int; UPDATE t SET b = a; END $$;\nUPDATE t SET b = 2;')).toEqual([
      'add-column brief public.t:AccessExclusiveLock',
      'update heavy public.t:RowExclusiveLock scans public.t',
      'update safe public.t:RowExclusiveLock scans public.t',
    ]);
  });

  it('knows what the server refuses in a block', () => {
    expect(judged('-- +goose NO TRANSACTION\n-- +goose Up\nDO $$ BEGIN CREATE INDEX CONCURRENTLY i ON t (a); END $$;')).toEqual([
      'create-index error public.t:ShareUpdateExclusiveLock CREATE INDEX CONCURRENTLY … cannot be executed from a function',
    ]);
    expect(judged('-- +goose Up\nDO $$ BEGIN COMMIT; END $$;')).toEqual(['transaction error invalid transaction termination']);
  });

  it('takes a guard for what it is: what the server would refuse is not reached, or caught', () => {
    const guarded = "-- +goose Up\nDO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_tables WHERE tablename = 't') THEN CREATE TABLE t (id int); END IF; BEGIN CREATE TABLE t (id int); EXCEPTION WHEN duplicate_table THEN NULL; END; END $$;";
    expect(judged(guarded)).toEqual(['do-block safe', 'create-table safe']);
    expect(judged('-- +goose Up\nDO $$ BEGIN CREATE TABLE t (id int); END $$;')).toEqual(['create-table error relation "t" already exists']);
  });

  it('lets locks go at a block’s COMMIT', () => {
    expect(judged('-- +goose NO TRANSACTION\n-- +goose Up\nDO $$ BEGIN ALTER TABLE t ADD b int; COMMIT; UPDATE t SET b = a; END $$;')).toEqual([
      'add-column brief public.t:AccessExclusiveLock',
      'transaction safe',
      'update safe public.t:RowExclusiveLock scans public.t',
    ]);
  });

  it('follows calls of routines whose bodies the history shows, with what is passed to them', () => {
    expect(judged("CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS 'UPDATE t SET touched = 1'; SELECT touch('t');")).toEqual([
      'create-function safe public.t:RowExclusiveLock',
      'select safe',
      'add-column brief public.t:AccessExclusiveLock',
      'select safe',
      'update heavy scans public.t',
    ]);
    expect(judged('CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN DROP TABLE t; END $$; CALL p(); CALL elsewhere();')).toEqual(['create-function safe', 'call safe', 'drop-table brief public.t:AccessExclusiveLock', 'call safe']);
  });

  it('keeps what a call did in the history', () => {
    expect(judge({ ...table, 'base/migrations/2.sql': "SELECT touch('t');", 'migrations/3.sql': 'ALTER TABLE t ALTER COLUMN touched SET NOT NULL; DROP TABLE t;' })).toHaveLength(2);
    const history = readMigrations(new Map([['migrations/1.sql', table['base/migrations/1.sql']], ['migrations/2.sql', "SELECT touch('t');"]]));
    expect([...(replay(history).tables.get('public.t')?.columns.keys() ?? [])]).toEqual(['id', 'a', 'touched']);
  });

  it('runs nothing of a function that is only created, or only called by a trigger', () => {
    expect(judged('CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; RETURN NEW; END $$; CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();')).toEqual(['create-function safe', 'create-trigger brief public.t:ShareRowExclusiveLock']);
  });

  it('does not follow routines that call each other for ever', () => {
    const sql = "CREATE FUNCTION a() RETURNS void LANGUAGE sql AS 'SELECT b()'; CREATE FUNCTION b() RETURNS void LANGUAGE sql AS 'SELECT a(); SELECT a(); SELECT a()'; SELECT a();";
    expect(judged(sql).length).toBeLessThan(100);
    const many = `CREATE FUNCTION c() RETURNS void LANGUAGE sql AS '${'SELECT c();'.repeat(400)}'; SELECT c();`;
    expect(judged(many).length).toBeLessThan(50_000);
  });
});
