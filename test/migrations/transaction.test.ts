/** How a migration runs: framework × version × switch × number of statements. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { judgeMigrations } from '../../src/migrations/judge-migrations.js';
import type { Migration } from '../../src/migrations/migration.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';

type Files = Readonly<Record<string, string>>;

function read(files: Files): Migration[] {
  return readMigrations(new Map(Object.entries(files)));
}

/** `per-file`, `per-file implicit`, `none`, `none [0-1]` (batches), `all-pending` of the last migration. */
function shown(files: Files): string {
  const { transaction } = read(files).at(-1) ?? { transaction: null };
  if (transaction === null) return 'no migration';
  const batches = transaction.batches?.map(([first, last]) => ` [${String(first)}-${String(last)}]`).join('') ?? '';
  return `${transaction.scope}${transaction.implicit ? ' implicit' : ''}${batches}`;
}

const ALTER = 'ALTER TABLE t ADD a int;';
const INDEX = 'CREATE INDEX CONCURRENTLY i ON t (a);';
const OTHER = 'CREATE INDEX CONCURRENTLY j ON t (b);';
const DROP = 'DROP INDEX CONCURRENTLY i;';
const TIMEOUT = "SET lock_timeout = '5s';";
const lines = (...statements: readonly string[]): string => statements.join('\n');

const GOOSE = (sql: string, head = ''): Files => ({ 'migrations/1_a.sql': `${head}-- +goose Up\n${sql}\n-- +goose Down\n` });
const OUTSIDE = '-- +goose NO TRANSACTION\n';
const BLOCK = (...statements: readonly string[]): string => `-- +goose StatementBegin\n${lines(...statements)}\n-- +goose StatementEnd`;
const SQL_MIGRATE = (sql: string, options = ''): Files => ({ 'migrations/1.sql': `-- +migrate Up${options}\n${sql}\n-- +migrate Down\n` });
const DBMATE = (sql: string, options = ''): Files => ({ 'db/migrations/1_a.sql': `-- migrate:up${options}\n${sql}\n-- migrate:down\n` });
const TERN = (sql: string): Files => ({ 'migrations/001_a.sql': `${sql}\n---- create above / drop below ----\nDROP TABLE t;` });
const ATLAS = (sql: string): Files => ({ 'migrations/atlas.sum': 'h1:x', 'migrations/20240101.sql': sql });
const SQLX = (sql: string, version = '0.8'): Files => ({ 'Cargo.toml': `[dependencies]\nsqlx = "${version}"`, 'migrations/1_a.sql': sql });
const DIESEL = (sql: string, metadata: string | null = null, version = '2.2'): Files => ({
  'Cargo.toml': `[dependencies]\ndiesel = { version = "${version}", features = ["postgres"] }`,
  'migrations/2024-01-01-000000_a/up.sql': sql,
  'migrations/2024-01-01-000000_a/down.sql': '',
  ...(metadata === null ? {} : { 'migrations/2024-01-01-000000_a/metadata.toml': metadata }),
});
const FLYWAY = (sql: string, more: Files = {}): Files => ({ 'app/src/main/resources/db/migration/V1__a.sql': sql, ...more });
const CONF = 'app/src/main/resources/db/migration/V1__a.sql.conf';
const GOLANG = (sql: string, more: Files = {}): Files => ({ 'go.mod': 'module x', 'migrations/1_a.up.sql': sql, 'migrations/1_a.down.sql': '', ...more });
const POPX = (sql: string, kind = ''): Files => ({ [`migrations/20240101000000_a.postgres${kind}.up.sql`]: sql });
const PRISMA = (sql: string, version: string | null = null, more: Files = {}): Files => ({
  'prisma/migrations/migration_lock.toml': 'provider = "postgresql"',
  'prisma/migrations/20240101_a/migration.sql': sql,
  ...(version === null ? {} : { 'package.json': `{"devDependencies":{"prisma":"${version}"}}` }),
  ...more,
});
const DRIZZLE = (sql: string): Files => ({ 'drizzle/meta/_journal.json': '{"dialect":"postgresql","entries":[{"tag":"0000_a"}]}', 'drizzle/0000_a.sql': sql });
const NODE = (sql: string, script = 'node-pg-migrate up'): Files => ({ 'package.json': `{"scripts":{"migrate":"${script}"},"dependencies":{"node-pg-migrate":"^8"}}`, 'migrations/1_a.sql': `-- Up Migration\n${sql}\n-- Down Migration\n` });
const SUPABASE = (sql: string, version: string | null = null): Files => ({ 'supabase/config.toml': '', 'supabase/migrations/20240101000000_a.sql': sql, ...(version === null ? {} : { 'package.json': `{"devDependencies":{"supabase":"${version}"}}` }) });
const HASURA = (sql: string): Files => ({ 'hasura/config.yaml': 'version: 3\nmetadata_directory: metadata', 'hasura/migrations/default/1700000000000_a/up.sql': sql });
const SQITCH = (sql: string): Files => ({ 'sqitch.plan': '%syntax-version=1.0.0\n%project=x\n\na 2024-01-01T00:00:00Z A <a@b.c> # a\n', 'deploy/a.sql': sql, 'revert/a.sql': '' });
const LIQUIBASE = (sql: string, options = ''): Files => ({ 'db/changelog/a.sql': `--liquibase formatted sql\n--changeset me:1${options}\n${sql}` });
const XML = (changeSet: string): Files => ({ 'db/changelog/a.xml': `<databaseChangeLog>${changeSet}</databaseChangeLog>` });
const PLAIN = (sql: string): Files => ({ 'sql/migrations/1.sql': sql });

const CASES: readonly (readonly [string, Files, string])[] = [
  ['goose', GOOSE(ALTER), 'per-file'],
  ['goose, CONCURRENTLY', GOOSE(INDEX), 'per-file'],
  ['goose, NO TRANSACTION', GOOSE(INDEX, OUTSIDE), 'none'],
  ['goose, NO TRANSACTION, several', GOOSE(lines(INDEX, OTHER), OUTSIDE), 'none'],
  ['goose, NO TRANSACTION, a block of one', GOOSE(BLOCK(INDEX), OUTSIDE), 'none'],
  ['goose, NO TRANSACTION, a block of two is one string', GOOSE(BLOCK(INDEX, OTHER), OUTSIDE), 'per-file implicit'],
  ['goose, NO TRANSACTION, a block among others', GOOSE(lines(ALTER, BLOCK(INDEX, OTHER), DROP), OUTSIDE), 'none [1-2]'],
  ['goose, NO TRANSACTION, two statements on a line', GOOSE(`${ALTER} ${INDEX}\n${OTHER}`, OUTSIDE), 'none [0-1]'],
  ['goose, a switch in small letters', GOOSE(INDEX, '-- +goose no transaction\n'), 'none'],
  ['sql-migrate', SQL_MIGRATE(ALTER), 'per-file'],
  ['sql-migrate, notransaction', SQL_MIGRATE(lines(INDEX, OTHER), ' notransaction'), 'none'],
  ['dbmate', DBMATE(ALTER), 'per-file'],
  ['dbmate, transaction:false', DBMATE(INDEX, ' transaction:false'), 'none'],
  ['dbmate, transaction:false, several are one string', DBMATE(lines(INDEX, OTHER), ' transaction:false'), 'per-file implicit'],
  ['dbmate, transaction:true', DBMATE(ALTER, ' transaction:true'), 'per-file'],
  ['tern', TERN(ALTER), 'per-file'],
  ['tern, disable-tx', TERN(lines('---- tern: disable-tx ----', INDEX, OTHER)), 'none'],
  ['atlas', ATLAS(ALTER), 'per-file'],
  ['atlas, txmode none', ATLAS(lines('-- atlas:txmode none', '', INDEX, OTHER)), 'none'],
  ['atlas, txmode none without the empty line does not count', ATLAS(lines('-- atlas:txmode none', INDEX)), 'per-file'],
  ['atlas, txmode file', ATLAS(lines('-- atlas:txmode file', '', ALTER)), 'per-file'],
  ['atlas, --tx-mode all', { ...ATLAS(ALTER), Makefile: 'migrate:\n\tatlas migrate apply --tx-mode all' }, 'all-pending'],
  ['atlas, --tx-mode none', { ...ATLAS(ALTER), Makefile: 'migrate:\n\tatlas migrate apply --tx-mode none' }, 'none'],
  ['sqlx', SQLX(ALTER), 'per-file'],
  ['sqlx, no-transaction', SQLX(lines('-- no-transaction', INDEX)), 'none'],
  ['sqlx, no-transaction, several are one string', SQLX(lines('-- no-transaction', INDEX, OTHER)), 'per-file implicit'],
  ['sqlx, no-transaction not on the first line', SQLX(lines('', '-- no-transaction', INDEX)), 'per-file'],
  ['sqlx before 0.8', SQLX(lines('-- no-transaction', INDEX), '0.7.4'), 'per-file'],
  ['sqlx, the lock file says 0.7', { ...SQLX(lines('-- no-transaction', INDEX), '*'), 'Cargo.lock': '[[package]]\nname = "sqlx"\nversion = "0.7.3"\n' }, 'per-file'],
  ['refinery', { 'Cargo.toml': '[dependencies]\nrefinery = "0.8"', 'migrations/V1__a.sql': INDEX }, 'per-file'],
  ['diesel', DIESEL(ALTER), 'per-file'],
  ['diesel, run_in_transaction = false', DIESEL(INDEX, 'run_in_transaction = false\n'), 'none'],
  ['diesel, run_in_transaction = false, several are one string', DIESEL(lines(INDEX, OTHER), 'run_in_transaction = false\n'), 'per-file implicit'],
  ['diesel, run_in_transaction = true', DIESEL(ALTER, 'run_in_transaction = true\n'), 'per-file'],
  ['diesel 1 has no switch', DIESEL(INDEX, 'run_in_transaction = false\n', '1.4.8'), 'per-file'],
  ['Flyway', FLYWAY(ALTER), 'per-file'],
  ['Flyway, CONCURRENTLY alone', FLYWAY(lines(INDEX, DROP)), 'none'],
  ['Flyway, mixed although it may not be', FLYWAY(lines(ALTER, INDEX)), 'per-file'],
  ['Flyway, mixed=true', FLYWAY(lines(ALTER, INDEX), { 'app/flyway.conf': 'flyway.mixed=true' }), 'none'],
  ['Flyway, mixed in Spring', FLYWAY(lines(ALTER, INDEX), { 'app/src/main/resources/application.yml': 'spring:\n  flyway:\n    mixed: true\n' }), 'none'],
  ['Flyway, mixed in TOML', FLYWAY(lines(ALTER, INDEX), { 'flyway.toml': '[flyway]\nmixed = true\n' }), 'none'],
  ['Flyway, mixed in Maven', FLYWAY(lines(ALTER, INDEX), { 'app/pom.xml': '<plugin><artifactId>flyway-maven-plugin</artifactId><configuration><mixed>true</mixed></configuration></plugin>' }), 'none'],
  ['Flyway, mixed in another module', FLYWAY(lines(ALTER, INDEX), { 'app/flyway.conf': 'flyway.mixed=false', 'other/flyway.conf': 'flyway.mixed=true' }), 'per-file'],
  ['Flyway, group=true', FLYWAY(ALTER, { 'app/flyway.conf': 'flyway.group=true' }), 'all-pending'],
  ['Flyway, executeInTransaction=false beside it', FLYWAY(lines(ALTER, INDEX), { [CONF]: 'executeInTransaction=false\n' }), 'none'],
  ['Flyway, executeInTransaction=true beside it', FLYWAY(INDEX, { [CONF]: 'executeInTransaction=true\n' }), 'per-file'],
  ['Flyway, executeInTransaction=false for all', FLYWAY(ALTER, { 'app/flyway.conf': 'flyway.executeInTransaction=false' }), 'none'],
  ['Flyway does not know REINDEX TABLE CONCURRENTLY', FLYWAY('REINDEX TABLE CONCURRENTLY t;'), 'per-file'],
  ['Flyway, VACUUM', FLYWAY('VACUUM t;'), 'none'],
  ['golang-migrate, one statement', GOLANG(INDEX), 'none'],
  ['golang-migrate, several statements', GOLANG(lines(ALTER, INDEX)), 'per-file implicit'],
  ['golang-migrate, x-multi-statement', GOLANG(lines(ALTER, INDEX), { Makefile: 'up:\n\tmigrate -database "$(DB)?x-multi-statement=true" up' }), 'none'],
  ['golang-migrate, a file with atlas.sum beside it', GOLANG(lines(ALTER, INDEX), { 'migrations/atlas.sum': 'h1:x' }), 'per-file implicit'],
  ['golang-migrate, nothing but a comment', GOLANG('-- nothing\n'), 'none'],
  ['golang-migrate, its own transaction', GOLANG(lines('BEGIN;', ALTER, 'COMMIT;')), 'per-file implicit'],
  ['popx', POPX(ALTER), 'per-file'],
  ['popx, autocommit', POPX(INDEX, '.autocommit'), 'none'],
  ['popx, autocommit, several are one string', POPX(lines(INDEX, OTHER), '.autocommit'), 'per-file implicit'],
  ['Prisma, one statement', PRISMA(INDEX), 'none'],
  ['Prisma, several statements', PRISMA(lines(ALTER, INDEX)), 'per-file implicit'],
  ['Prisma 6', PRISMA(lines(ALTER, INDEX), '^6.19.0'), 'per-file implicit'],
  ['Prisma 7.7', PRISMA(lines(INDEX, OTHER), '7.7.0'), 'per-file implicit'],
  ['Prisma 7.8 splits where CONCURRENTLY parses', PRISMA(lines(ALTER, INDEX, OTHER), '7.8.0'), 'none'],
  ['Prisma 7.8, nothing concurrent', PRISMA(lines(ALTER, ALTER), '7.8.0'), 'per-file implicit'],
  ['Prisma 7.8 cannot split at DROP INDEX CONCURRENTLY', PRISMA(lines(INDEX, DROP), '7.9.1'), 'per-file implicit'],
  ['Prisma, a range whose lock file is newer', PRISMA(lines(ALTER, INDEX), '^7.0.0', { 'pnpm-lock.yaml': 'packages:\n\n  prisma@7.9.1:\n    resolution: {}\n' }), 'none'],
  ['Prisma, package-lock.json', PRISMA(lines(ALTER, INDEX), '^7.0.0', { 'package-lock.json': '{"packages":{"node_modules/prisma":{"version":"7.8.2"}}}' }), 'none'],
  ['Prisma, yarn.lock', PRISMA(lines(ALTER, INDEX), '^7.0.0', { 'yarn.lock': 'prisma@^7.0.0:\n  version "7.1.0"\n' }), 'per-file implicit'],
  ['Drizzle', DRIZZLE(lines(ALTER, '--> statement-breakpoint', INDEX)), 'all-pending'],
  ['Drizzle, one statement', DRIZZLE(INDEX), 'all-pending'],
  ['node-pg-migrate', NODE(ALTER), 'all-pending'],
  ['node-pg-migrate, --no-single-transaction', NODE(INDEX, 'node-pg-migrate up --no-single-transaction'), 'per-file'],
  ['Supabase, one statement', SUPABASE(INDEX), 'none'],
  ['Supabase, several statements', SUPABASE(lines(ALTER, ALTER)), 'per-file implicit'],
  ['Supabase, CONCURRENTLY behind another statement', SUPABASE(lines(TIMEOUT, INDEX)), 'per-file implicit'],
  ['Supabase, CONCURRENTLY at the head commits at once', SUPABASE(lines(INDEX, OTHER)), 'none'],
  ['Supabase, CONCURRENTLY at the head, others behind', SUPABASE(lines(INDEX, ALTER, ALTER)), 'none [1-2]'],
  ['Supabase 2.109 sends CONCURRENTLY by itself', SUPABASE(lines(TIMEOUT, ALTER, INDEX), '2.109.0'), 'none [0-1]'],
  ['Supabase 2.109 does not know DROP INDEX CONCURRENTLY', SUPABASE(lines(TIMEOUT, DROP), '2.110.0'), 'per-file implicit'],
  ['Supabase, the newest in the workflow', { ...SUPABASE(lines(TIMEOUT, INDEX)), '.github/workflows/a.yml': 'steps:\n  - uses: supabase/setup-cli@v1\n    with:\n      version: latest\n' }, 'none'],
  ['Hasura', HASURA(lines(ALTER, ALTER)), 'per-file'],
  ['Hasura, one statement', HASURA(INDEX), 'per-file'],
  ['sqitch', SQITCH(lines(ALTER, INDEX)), 'none'],
  ['Liquibase', LIQUIBASE(lines(ALTER, ALTER)), 'per-file'],
  ['Liquibase, runInTransaction:false', LIQUIBASE(lines(ALTER, INDEX), ' runInTransaction:false'), 'none'],
  ['Liquibase, one string', LIQUIBASE(lines(INDEX, OTHER), ' runInTransaction:false splitStatements:false'), 'per-file implicit'],
  ['Liquibase, XML', XML('<changeSet id="1" author="a"><sql>SELECT 1</sql></changeSet>'), 'per-file'],
  ['Liquibase, XML, runInTransaction="false"', XML(`<changeSet id="1" author="a" runInTransaction="false"><sql>${INDEX}</sql><sql>${OTHER}</sql></changeSet>`), 'none'],
  ['Liquibase, XML, one string among others', XML(`<changeSet id="1" author="a" runInTransaction="false"><sql>${ALTER}</sql><sql splitStatements="false">${INDEX} ${OTHER}</sql></changeSet>`), 'none [1-2]'],
  ['plain files, one statement', PLAIN(ALTER), 'none'],
  ['plain files, several', PLAIN(lines(ALTER, ALTER)), 'per-file'],
  ['plain files, CONCURRENTLY', PLAIN(lines(ALTER, INDEX)), 'none'],
  ['plain files, a marker that says so', { 'priv/migrations/1_a.sql': lines('--- migration:up:disable_transaction', ALTER, ALTER, '--- migration:down', DROP) }, 'none'],
  ['plain files, their own transaction', PLAIN(lines('BEGIN;', ALTER, ALTER, 'COMMIT;')), 'none'],
];

describe('transactionOf', () => {
  beforeAll(loadSql);

  it.each(CASES)('%s', (_, files, expected) => {
    expect(shown(files)).toBe(expected);
  });

  it('has a way out in words, or none', () => {
    const ways = [GOOSE(ALTER), DIESEL(ALTER), DIESEL(ALTER, null, '1.4.8'), DRIZZLE(ALTER), HASURA(ALTER), PRISMA(lines(ALTER, INDEX)), GOOSE(INDEX, OUTSIDE)].map((files) => read(files).at(-1)?.transaction.switchOff ?? null);
    expect(ways).toEqual(['add `-- +goose NO TRANSACTION` to the file', 'put `run_in_transaction = false` into a `metadata.toml` beside it', null, null, null, 'let it hold that one statement only', null]);
  });

  it('tells how the down direction runs where that is not how the up does', () => {
    const [pair] = read({ ...GOLANG(lines(ALTER, ALTER)), 'migrations/1_a.down.sql': DROP });
    expect(pair?.transaction.scope).toBe('per-file');
    expect(pair?.downTransaction?.scope).toBe('none');
    const [section] = read({ 'db/migrations/1_a.sql': `-- migrate:up\n${ALTER}\n-- migrate:down transaction:false\n${DROP}` });
    expect(section?.downTransaction?.scope).toBe('none');
    const [both] = read(GOOSE(ALTER));
    expect(both?.downTransaction).toBeUndefined();
  });
});

describe('what the server refuses, statement by statement', () => {
  beforeAll(loadSql);

  /** error or the class of every step of the last migration, on a table that exists. */
  function classes(files: Files): string[] {
    const all = read(files);
    const history = read({ 'migrations/0_t.sql': 'CREATE TABLE t (id int, a int, b int); CREATE INDEX i ON t (a);' }).map((one) => ({ ...one, history: all.at(-1)?.history ?? '' }));
    return [...judgeMigrations(history, all.slice(-1), { target: { engine: 'postgres', version: 16, source: 'a test' }, settled: false })].map(({ effect, inTransaction }) => `${effect.class}${inTransaction ? ' in' : ''}`);
  }

  it.each<readonly [string, Files, readonly string[]]>([
    ['a batch in between', GOOSE(lines('DROP INDEX CONCURRENTLY i;', BLOCK('ALTER TABLE t ADD c int;', OTHER), 'CREATE INDEX CONCURRENTLY k ON t (b);'), OUTSIDE), ['safe', 'brief in', 'error in', 'safe']],
    ['a transaction in the file', SQITCH(lines('BEGIN;', ALTER.replace('a int', 'c int'), OTHER, 'COMMIT;', 'CREATE INDEX CONCURRENTLY k ON t (b);')), ['safe in', 'brief in', 'error in', 'safe', 'safe']],
    ['one string with a transaction in it', GOLANG(lines('BEGIN;', 'ALTER TABLE t ADD c int;', 'COMMIT;', OTHER)), ['safe in', 'brief in', 'safe in', 'error in']],
    ['Supabase behind a CONCURRENTLY', SUPABASE(lines(OTHER, 'ALTER TABLE t ADD c int;', 'ALTER TABLE t ADD d int;')), ['safe', 'brief in', 'safe in']],
  ])('%s', (_, files, expected) => {
    expect(classes(files)).toEqual(expected);
  });
});
