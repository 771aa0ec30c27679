import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import type { Migration } from '../../src/migrations/migration.js';
import { isMigrationInput, isMigrationPath, readMigrations } from '../../src/migrations/read-migrations.js';

function read(files: Readonly<Record<string, string>>): Migration[] {
  return readMigrations(new Map(Object.entries(files)));
}

/** framework, scope, id: up kinds / down kinds */
function shown(files: Readonly<Record<string, string>>): string[] {
  return read(files).map((one) => {
    const down = typeof one.down === 'string' ? one.down : one.down.map((step) => step.kind).join('+');
    return `${one.framework} ${one.transaction.scope} ${one.id}: ${one.up.map((step) => step.kind).join('+')} / ${down}`;
  });
}

const CREATE = 'CREATE TABLE t (id int);';
const DROP = 'DROP TABLE t;';
const TWO = 'CREATE TABLE t (id int);\nCREATE INDEX i ON t (id);';
const CONCURRENT = 'CREATE INDEX CONCURRENTLY i ON t (id);';

describe('readMigrations', () => {
  beforeAll(loadSql);

  it('puts up and down together and orders numbers by value', () => {
    expect(shown({ 'db/migrations/10_b.up.sql': DROP, 'db/migrations/10_b.down.sql': CREATE, 'db/migrations/9_a.up.sql': TWO, 'db/migrations/9_a.down.sql': '' })).toEqual([
      'golang-migrate per-file 9_a: create-table+create-index / ',
      'golang-migrate none 10_b: drop-table / create-table',
    ]);
  });

  it.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
    ['goose', { 'migrations/1_a.sql': `-- +goose Up\n${CREATE}\n-- +goose Down\n${DROP}` }, ['goose per-file 1_a: create-table / drop-table']],
    ['goose outside a transaction', { 'migrations/1_a.sql': `-- +goose NO TRANSACTION\n-- +goose Up\n${CONCURRENT}\n-- +goose Down\n${DROP}` }, ['goose none 1_a: create-index / drop-table']],
    ['goose without a down', { 'migrations/1_a.sql': `-- +goose Up\n-- +goose StatementBegin\n${CREATE}\n-- +goose StatementEnd` }, ['goose per-file 1_a: create-table / none']],
    ['dbmate', { 'db/migrations/1_a.sql': `-- migrate:up\n${CREATE}\n\n-- migrate:down\n${DROP}` }, ['dbmate per-file 1_a: create-table / drop-table']],
    ['dbmate outside a transaction', { 'db/migrations/1_a.sql': `-- migrate:up transaction:false\n${CONCURRENT}\n-- migrate:down transaction:false\n` }, ['dbmate none 1_a: create-index / ']],
    ['sql-migrate', { 'migrations/1.sql': `-- +migrate Up notransaction\n${CONCURRENT}\n-- +migrate Down\n${DROP}` }, ['sql-migrate none 1: create-index / drop-table']],
    ['tern', { 'migrations/001_a.sql': `${CREATE}\n---- create above / drop below ----\n${DROP}` }, ['tern per-file 001_a: create-table / drop-table']],
    ['node-pg-migrate', { 'migrations/1_a.sql': `-- Up Migration\n${CREATE}\n-- Down Migration\n${DROP}` }, ['node-pg-migrate all-pending 1_a: create-table / drop-table']],
    ['diesel', { 'diesel.toml': '', 'migrations/2020-01-01-000000_a/up.sql': CREATE, 'migrations/2020-01-01-000000_a/down.sql': DROP }, ['diesel per-file 2020-01-01-000000_a: create-table / drop-table']],
    [
      'diesel outside a transaction',
      { 'migrations/2020-01-01-000000_a/up.sql': CONCURRENT, 'migrations/2020-01-01-000000_a/down.sql': DROP, 'migrations/2020-01-01-000000_a/metadata.toml': 'run_in_transaction = false\n' },
      ['diesel none 2020-01-01-000000_a: create-index / drop-table'],
    ],
    ['diesel, old and new names of versions', { 'migrations/2017-09-01-000000_new/up.sql': DROP, 'migrations/20170801000000_old/up.sql': CREATE, 'diesel.toml': '' }, ['diesel per-file 20170801000000_old: create-table / none', 'diesel per-file 2017-09-01-000000_new: drop-table / none']],
    ['Prisma', { 'prisma/migrations/migration_lock.toml': 'provider = "postgresql"', 'prisma/migrations/20230101_a/migration.sql': TWO }, ['prisma per-file 20230101_a: create-table+create-index / none']],
    ['Prisma, one statement', { 'prisma/migrations/20230101_a/migration.sql': CONCURRENT, 'prisma/migrations/20230101_a/down.sql': DROP }, ['prisma none 20230101_a: create-index / drop-table']],
    ['Drizzle', { 'drizzle/meta/_journal.json': '{"dialect":"postgresql","entries":[{"tag":"0000_z"},{"tag":"0001_a"}]}', 'drizzle/0001_a.sql': DROP, 'drizzle/0000_z.sql': `${CREATE}\n--> statement-breakpoint\n${DROP}` }, ['drizzle all-pending 0000_z: create-table+drop-table / none', 'drizzle all-pending 0001_a: drop-table / none']],
    ['Supabase', { 'supabase/migrations/20230101000000_a.sql': TWO }, ['supabase per-file 20230101000000_a: create-table+create-index / none']],
    [
      'Flyway',
      { 'src/main/resources/db/migration/V1_10__b.sql': DROP, 'src/main/resources/db/migration/V1_9__a.sql': CREATE, 'src/main/resources/db/migration/U1_9__a.sql': DROP, 'src/main/resources/db/migration/R__view.sql': 'CREATE VIEW v AS SELECT 1;', 'src/main/resources/db/migration/V2__c.sql': CONCURRENT },
      ['flyway per-file 1.9: create-table / drop-table', 'flyway per-file 1.10: drop-table / none', 'flyway none 2: create-index / none', 'flyway per-file R__view.sql: create-view / none'],
    ],
    ['sqlx', { 'Cargo.toml': '', 'migrations/1_a.up.sql': CREATE, 'migrations/1_a.down.sql': DROP, 'migrations/2_b.up.sql': `-- no-transaction\n${CONCURRENT}` }, ['sqlx per-file 1_a: create-table / drop-table', 'sqlx none 2_b: create-index / none']],
    ['atlas', { 'migrations/atlas.sum': '', 'migrations/1.sql': `-- atlas:txmode none\n\n${CONCURRENT}`, 'migrations/2.sql': CREATE }, ['atlas none 1: create-index / none', 'atlas per-file 2: create-table / none']],
    ['plain files', { 'sql/migrations/001 with spaces.sql': CREATE, 'sql/migrations/002.sql': TWO }, ['sql none 001 with spaces: create-table / none', 'sql per-file 002: create-table+create-index / none']],
  ])('reads %s', (_, files, expected) => {
    expect(shown(files)).toEqual(expected);
  });

  it('keeps the lines of sections', () => {
    const [one] = read({ 'migrations/1_a.sql': `-- +goose Up\n\n${CREATE}\n-- +goose Down\n${DROP}` });
    expect(one?.up[0]?.span.startLine).toBe(3);
    expect(one?.down).toEqual([expect.objectContaining({ span: expect.objectContaining({ startLine: 5 }) })]);
  });

  it('takes SQL of another database for what it is, never for broken', () => {
    const all = read({
      'clickhouse/migrations/1_a.up.sql': 'CREATE TABLE t (id UInt64) ENGINE = MergeTree ORDER BY id;',
      'migrations/1_b.sql': 'CREATE TABLE `t` (`id` int AUTO_INCREMENT);',
      'prisma/migrations/migration_lock.toml': 'provider = "sqlite"',
      'prisma/migrations/1_c/migration.sql': 'PRAGMA foreign_keys=OFF;',
    });
    expect(all.map((one) => one.broken)).toEqual([undefined, undefined, undefined]);
    expect(all.map((one) => one.up.map((step) => (step.kind === 'opaque' ? step.reason : step.kind)))).toEqual([['written for ClickHouse'], ['written for MySQL'], ['written for SQLite']]);
  });

  it('says where a migration that does not parse is broken', () => {
    const [one] = read({ 'migrations/1.sql': 'CREATE TABLE t (id int);\nALTER TABEL t ADD a int;' });
    expect(one?.broken?.line).toBe(2);
    expect(one?.broken?.message).toContain('TABEL');
    expect(one?.up.map((step) => step.kind)).toEqual(['create-table', 'opaque']);
  });

  it('accepts empty and comment-only files', () => {
    expect(shown({ 'migrations/1.sql': '', 'migrations/2.sql': '-- nothing to do\n' })).toEqual(['sql none 1:  / none', 'sql none 2:  / none']);
  });

  it.each([
    ['db/migrate/001.sql', true],
    ['packages/database/migration/20230101_x/migration.sql', true],
    ['V1__init.sql', true],
    ['src/main/resources/db/changelog/x.sql', true],
    ['db/structure.sql', false],
    ['queries/users.sql', false],
    ['node_modules/x/migrations/1.sql', false],
    ['migrations/1.ts', false],
    ['docs/migrations.sql', false],
  ])('%s is a migration: %s', (path, expected) => {
    expect(isMigrationPath(path)).toBe(expected);
  });

  it('wants the files that tell frameworks apart', () => {
    expect(['a/migration_lock.toml', 'drizzle/meta/_journal.json', 'go.mod', 'm/1_x/metadata.toml', 'readme.md'].map(isMigrationInput)).toEqual([true, true, true, true, false]);
  });
});
