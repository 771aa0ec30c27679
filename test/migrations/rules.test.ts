/** What the rules say beyond the fixtures: sizes of tables, versions of the server, suggestions. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TableSize } from '../../src/core/config.js';
import type { Sighting } from '../../src/core/finding.js';
import { loadSql } from '../../src/languages/sql.js';
import { judgeMigrations } from '../../src/migrations/judge-migrations.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { assumedTarget, type Target } from '../../src/migrations/target.js';
import type { Rule } from '../../src/rules/define-rule.js';
import { rule as foreignKey } from '../../src/rules/migrations/foreign-key-not-deferred.js';
import { rule as index } from '../../src/rules/migrations/index-not-concurrent.js';
import { rule as setNotNull } from '../../src/rules/migrations/set-not-null.js';
import { rule as volatileDefault } from '../../src/rules/migrations/volatile-default.js';

const HISTORY = 'CREATE TABLE users (id bigint PRIMARY KEY, email text, parent_id bigint);';

interface Options {
  readonly tables?: Readonly<Record<string, TableSize>>;
  readonly version?: number;
  readonly target?: Target;
  /** Before the statement, in the same file: switches of the framework. */
  readonly head?: string;
  readonly history?: string;
}

function run(rule: Rule, sql: string, options: Options = {}): readonly Sighting[] {
  const files = new Map([
    ['migrations/1_a.sql', `-- +goose Up\n${HISTORY}\n${options.history ?? ''}`],
    ['migrations/2_b.sql', `${options.head ?? ''}-- +goose Up\n${sql}`],
  ]);
  const [first, second] = readMigrations(files);
  if (first === undefined || second === undefined) throw new Error('two migrations');
  const target = options.target ?? { engine: 'postgres' as const, version: options.version ?? 16, source: 'a test' };
  const tables = new Map(Object.entries(options.tables ?? {}));
  return [...judgeMigrations([first], [second], { target, settled: false })].flatMap((judged) => [...(rule.checks.migration?.({ ...judged, target, tables }) ?? [])]);
}

const OUTSIDE = '-- +goose NO TRANSACTION\n';
const SET_NOT_NULL = 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;';

describe('rules about migrations', () => {
  beforeAll(loadSql);

  it('say how large a table is', () => {
    const [one] = run(setNotNull, SET_NOT_NULL, { tables: { users: { rows: 50_000_000, qps: 2000 } } });
    expect(one?.message).toContain('`users` (50,000,000 rows, 2,000 queries a second)');
  });

  it.each<readonly [string, TableSize, number]>([
    ['small', { small: true }, 0],
    ['few rows', { rows: 200 }, 0],
    ['many rows', { rows: 200_000 }, 1],
    ['small, but hot', { small: true, hot: true }, 1],
  ])('are quiet about small tables: %s', (_, size, expected) => {
    expect(run(setNotNull, SET_NOT_NULL, { tables: { 'public.users': size } })).toHaveLength(expected);
    expect(run(index, 'CREATE INDEX i ON users (email);', { tables: { users: size } })).toHaveLength(expected);
    expect(run(volatileDefault, 'ALTER TABLE users ADD COLUMN t uuid DEFAULT gen_random_uuid();', { tables: { users: size } })).toHaveLength(expected);
    expect(run(foreignKey, 'ALTER TABLE users ADD FOREIGN KEY (parent_id) REFERENCES users (id);', { tables: { users: size } })).toHaveLength(expected);
  });

  it('know from which version on a validated check spares the scan', () => {
    const history = 'ALTER TABLE users ADD CONSTRAINT present CHECK (email IS NOT NULL);';
    expect(run(setNotNull, SET_NOT_NULL, { version: 11, history })).toHaveLength(1);
    expect(run(setNotNull, SET_NOT_NULL, { version: 12, history })).toHaveLength(0);
  });

  it('know that Postgres 10 rewrites for every default', () => {
    const sql = 'ALTER TABLE users ADD COLUMN active boolean NOT NULL DEFAULT true;';
    expect(run(volatileDefault, sql, { version: 10 })[0]?.message).toContain('since Postgres 10 does so for every default');
    expect(run(volatileDefault, sql, { version: 11 })).toEqual([]);
  });

  it('say which server was only assumed', () => {
    const [one] = run(setNotNull, SET_NOT_NULL, { target: assumedTarget() });
    expect(one?.evidence[0]?.text).toContain('Postgres 14 (assumed');
  });

  it('suggest CONCURRENTLY only where it can run', () => {
    const sql = '  create unique index users_email on users (email);';
    expect(run(index, sql, { head: OUTSIDE })[0]?.suggestion).toEqual({ startLine: 3, endLine: 3, text: '  create unique index concurrently users_email on users (email);' });
    const [inside] = run(index, sql);
    expect(inside?.suggestion).toBeUndefined();
    expect(inside?.remedy).toContain('goose runs each migration in a transaction; give it a migration of its own and add `-- +goose NO TRANSACTION` to the file');
  });

  it('suggest nothing where the line holds something else', () => {
    expect(run(index, 'SELECT 1; CREATE INDEX i ON users (email);', { head: OUTSIDE })[0]?.suggestion).toBeUndefined();
    expect(run(foreignKey, 'ALTER TABLE users ADD FOREIGN KEY (parent_id) REFERENCES users (id); SELECT 1;')[0]?.suggestion).toBeUndefined();
  });

  it('suggest the four statements of SET NOT NULL where each runs by itself', () => {
    expect(run(setNotNull, SET_NOT_NULL, { head: OUTSIDE })[0]?.suggestion?.text.split('\n')).toEqual([
      'ALTER TABLE users ADD CONSTRAINT users_email_not_null CHECK (email IS NOT NULL) NOT VALID;',
      'ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;',
      SET_NOT_NULL,
      'ALTER TABLE users DROP CONSTRAINT users_email_not_null;',
    ]);
    expect(run(setNotNull, SET_NOT_NULL)[0]?.suggestion).toBeUndefined();
  });

  it('make suggestions that they are content with themselves', () => {
    const cases = [
      [setNotNull, SET_NOT_NULL],
      [index, 'CREATE INDEX i ON users (email);'],
      [foreignKey, 'ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES users (id) ON DELETE CASCADE;'],
      [volatileDefault, 'ALTER TABLE users ADD COLUMN t uuid DEFAULT gen_random_uuid();'],
    ] as const;
    for (const [rule, sql] of cases) {
      const text = run(rule, sql, { head: OUTSIDE })[0]?.suggestion?.text ?? '';
      expect(text).not.toBe('');
      for (const each of [setNotNull, index, foreignKey, volatileDefault]) expect(run(each, text, { head: OUTSIDE })).toEqual([]);
    }
  });
});
