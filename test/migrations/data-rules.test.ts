/** What the rules on data, downs and whole migrations say beyond the fixtures: sizes of tables, suggestions, bounds. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Change } from '../../src/core/change-set.js';
import type { TableSize } from '../../src/core/config.js';
import type { Sighting } from '../../src/core/finding.js';
import { loadSql } from '../../src/languages/sql.js';
import { judgeWholeMigrations } from '../../src/migrations/judge-migrations.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import type { Rule } from '../../src/rules/define-rule.js';
import { rules } from '../../src/rules/registry.generated.js';
import { rule as withDdl } from '../../src/rules/migrations/backfill-with-ddl.js';
import { rule as unbatched } from '../../src/rules/migrations/backfill-unbatched.js';
import { rule as downLocks } from '../../src/rules/migrations/down-locks.js';
import { rule as reAdded } from '../../src/rules/migrations/drop-and-re-add.js';
import { rule as timeout } from '../../src/rules/migrations/lock-timeout-missing.js';
import { rule as unbounded } from '../../src/rules/migrations/unbounded-write.js';

const HISTORY = 'CREATE TABLE users (id bigint PRIMARY KEY, email text, nick varchar(40), note text NOT NULL); CREATE TABLE orders (id bigint PRIMARY KEY, total bigint);';

interface Options {
  readonly tables?: Readonly<Record<string, TableSize>>;
  readonly down?: string;
  /** Before the statements, in the same file: switches of the framework. */
  readonly head?: string;
}

function run(rule: Rule, sql: string, options: Options = {}): readonly Sighting[] {
  const path = 'migrations/00002_b.sql';
  const after = `${options.head ?? ''}-- +goose Up\n${sql}\n-- +goose Down\n${options.down ?? ''}`;
  const files = new Map([['migrations/00001_a.sql', `-- +goose Up\n${HISTORY}\n-- +goose Down\nDROP TABLE users;`], [path, after]]);
  const [first, second] = readMigrations(files);
  if (first === undefined || second === undefined) throw new Error('two migrations');
  const change: Change = { path, status: 'added', before: null, after, hunks: [], touched: [{ start: 1, end: after.split('\n').length }] };
  const shared = { target: { engine: 'postgres' as const, version: 16, source: 'a test' }, tables: new Map(Object.entries(options.tables ?? {})), changes: new Map([[path, change]]), everyLineNew: false };
  return [...judgeWholeMigrations([first], [second], { target: shared.target, settled: false })].flatMap((judged) => [...(rule.checks.wholeMigration?.({ ...judged, ...shared }) ?? [])]);
}

const BUSY = { users: { rows: 50_000_000, qps: 2000 } };

describe('rules on data', () => {
  beforeAll(loadSql);

  it.each<readonly [string, Rule, string, Readonly<Record<string, TableSize>>, number]>([
    ['every row of a small table', unbounded, 'UPDATE users SET email = lower(email);', { users: { small: true } }, 0],
    ['every row of any other', unbounded, 'UPDATE users SET email = lower(email);', {}, 1],
    ['a constant of no key, nothing known', unbatched, 'UPDATE users SET email = NULL WHERE nick = \'x\';', {}, 0],
    ['a constant of no key, on a busy table', unbatched, 'UPDATE users SET email = NULL WHERE nick = \'x\';', BUSY, 1],
    ['one row by its key, on a busy table', unbatched, 'UPDATE users SET email = NULL WHERE id = 7;', BUSY, 0],
    ['dirty rows, nothing known', unbatched, 'DELETE FROM users WHERE email IS NULL;', {}, 0],
    ['dirty rows of a busy table', unbatched, 'DELETE FROM users WHERE email IS NULL;', BUSY, 1],
    ['a copy, nothing known', unbatched, 'INSERT INTO orders (id) SELECT id FROM users;', {}, 0],
    ['a copy of a busy table', unbatched, 'INSERT INTO orders (id) SELECT id FROM users;', BUSY, 1],
    ['ahead of SET NOT NULL, nothing known', withDdl, 'UPDATE users SET email = \'\' WHERE email IS NULL; ALTER TABLE users ALTER COLUMN email SET NOT NULL;', {}, 0],
    ['ahead of SET NOT NULL, on a busy table', withDdl, 'UPDATE users SET email = \'\' WHERE email IS NULL; ALTER TABLE users ALTER COLUMN email SET NOT NULL;', BUSY, 1],
    ['a brief lock on a table of which nothing is known', timeout, 'ALTER TABLE users ADD COLUMN a int;', {}, 0],
    ['a lock that another rule asks a timeout for', timeout, 'ALTER TABLE users ENABLE ROW LEVEL SECURITY;', BUSY, 0],
    ['statement_timeout bounds the wait too', timeout, 'SET statement_timeout = \'5s\'; ALTER TABLE users ADD COLUMN a int;', BUSY, 0],
  ])('%s', (_, rule, sql, tables, expected) => {
    expect(run(rule, sql, { tables })).toHaveLength(expected);
  });

  it('say each write once: of rules on writes at most one speaks of a statement', () => {
    const writing = rules.filter(({ id }) => ['migrations/unbounded-write', 'migrations/backfill-with-ddl', 'migrations/backfill-unbatched'].includes(id));
    const cases = ['UPDATE users SET email = \'\';', 'UPDATE users SET email = \'\' WHERE email IS NULL;', 'ALTER TABLE orders ADD COLUMN a int; UPDATE users SET email = \'\' WHERE email IS NULL;', 'UPDATE users SET email = \'\' WHERE email IS NULL; ALTER TABLE users ADD COLUMN a int;'];
    for (const sql of cases) expect(writing.flatMap((rule) => run(rule, sql, { tables: BUSY }))).toHaveLength(1);
  });

  it('leave work under a lock on the same table to its own rule', () => {
    const sql = 'ALTER TABLE users ADD COLUMN a int; UPDATE users SET a = 1;';
    for (const rule of [unbounded, withDdl, unbatched]) expect(run(rule, sql, { tables: BUSY })).toEqual([]);
  });

  it('put the timeout before the statement', () => {
    const [one] = run(timeout, '  ALTER TABLE users\n    ADD COLUMN a int;', { tables: BUSY });
    expect(one?.suggestion).toEqual({ startLine: 2, endLine: 3, text: '  SET LOCAL lock_timeout = \'2s\';\n  ALTER TABLE users\n    ADD COLUMN a int;' });
    const [outside] = run(timeout, 'ALTER TABLE users ADD COLUMN a int;', { tables: BUSY, head: '-- +goose NO TRANSACTION\n' });
    expect(outside?.suggestion?.text).toBe('SET lock_timeout = \'2s\';\nALTER TABLE users ADD COLUMN a int;');
  });

  it('change a type in its place where that is free, and only there', () => {
    expect(run(reAdded, 'ALTER TABLE users DROP COLUMN nick, ADD COLUMN nick varchar(80);')[0]?.suggestion?.text).toBe('ALTER TABLE users ALTER COLUMN nick TYPE varchar(80);');
    expect(run(reAdded, 'ALTER TABLE users DROP COLUMN nick, ADD COLUMN nick integer;')[0]?.suggestion).toBeUndefined();
    expect(run(reAdded, 'ALTER TABLE users DROP COLUMN nick, ADD COLUMN nick varchar(80) NOT NULL DEFAULT \'\';')[0]?.suggestion).toBeUndefined();
    expect(run(reAdded, 'ALTER TABLE users DROP COLUMN nick, ADD COLUMN nick varchar(80), ADD COLUMN a int;')[0]?.suggestion).toBeUndefined();
  });

  it('say of a heavy down that it is the down, and once where the up is as heavy', () => {
    const [light] = run(downLocks, 'ALTER TABLE users ALTER COLUMN note DROP NOT NULL;', { down: 'ALTER TABLE users ALTER COLUMN note SET NOT NULL;' });
    expect(light?.message).toMatch(/^The down direction works through `users`/);
    const both = { up: 'CREATE INDEX a ON users (email);', down: 'DROP INDEX a; CREATE INDEX b ON users (nick);' };
    expect(run(downLocks, both.up, { down: both.down })).toEqual([]);
    expect(run(downLocks, both.up, { down: both.down, tables: BUSY })).toHaveLength(1);
  });

  it('keep their words short however many statements there are', () => {
    const lines = Array.from({ length: 500 }, (_, at) => `ALTER TABLE users DROP COLUMN c${String(at)}; ALTER TABLE users ADD COLUMN c${String(at)} int; UPDATE users SET c${String(at)} = 1 WHERE c${String(at)} IS NULL;`);
    const whole = rules.filter(({ id, checks }) => id.startsWith('migrations/') && checks.wholeMigration !== undefined);
    for (const rule of whole) for (const one of run(rule, lines.join('\n'))) expect(one.message.length).toBeLessThan(20_000);
  });
});
