/** Which framework, which order, which direction: whole trees in, migrations out. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { markersAmong, migrationsAmong } from '../../src/migrations/find-migrations.js';
import type { Migration } from '../../src/migrations/migration.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';

type Files = Readonly<Record<string, string>>;

function read(files: Files): Migration[] {
  return readMigrations(new Map(Object.entries(files)));
}

function kinds(steps: Migration['down']): string {
  return typeof steps === 'string' ? steps : steps.map((step) => (step.kind === 'opaque' ? `opaque(${step.reason})` : step.kind)).join('+');
}

/** framework id: up / down */
function shown(files: Files): string[] {
  return read(files).map((one) => `${one.framework} ${one.id}: ${kinds(one.up)} / ${kinds(one.down)}`);
}

const A = 'CREATE TABLE a (id int);';
const B = 'ALTER TABLE a ADD b int;';
const DROP = 'DROP TABLE a;';

describe('frameworks', () => {
  beforeAll(loadSql);

  it.each<readonly [string, Files, readonly string[]]>([
    [
      'Flyway: versions with dots, undo, repeatable, subfolders',
      { 'sql/migration/x/V1.2.3__a.sql': A, 'sql/migration/V1.10__b.sql': B, 'sql/migration/V20240101__c.sql': B, 'sql/migration/U1.10__b.sql': DROP, 'sql/migration/R__v.sql': 'CREATE VIEW v AS SELECT 1;', 'sql/migration/V1.2__z.sql': B },
      ['flyway 1.2: add-column / none', 'flyway 1.2.3: create-table / none', 'flyway 1.10: add-column / drop-table', 'flyway 20240101: add-column / none', 'flyway R__v.sql: create-view / none'],
    ],
    ['Flyway: the same version in two folders is two histories', { 'db/migration/one/V1__a.sql': A, 'db/migration/two/V1__a.sql': B }, ['flyway 1: create-table / none', 'flyway 1: add-column / none']],
    ['Flyway: a baseline beside the versions that it stands for', { 'db/migration/V1__a.sql': A, 'db/migration/B1__all.sql': A, 'db/migration/V2__b.sql': B }, ['flyway 1: create-table / none', 'flyway 2: add-column / none', 'flyway 1: create-table / none']],
    ['Flyway: a baseline in their place', { 'db/migration/B5__all.sql': A, 'db/migration/V6__b.sql': B }, ['flyway 5: create-table / none', 'flyway 6: add-column / none']],
    ['Flyway: placeholders', { 'db/migration/V1__a.sql': 'CREATE TABLE ${flyway:defaultSchema}.a (id int);\nALTER TABLE ${table} ADD b ${type};' }, ['flyway 1: create-table+opaque(a template placeholder) / none']],
    ['refinery: U is no undo', { 'Cargo.toml': '[dependencies]\nrefinery = { version = "0.8" }', 'migrations/V1__a.sql': A, 'migrations/U2__b.sql': B }, ['refinery 1: create-table / none', 'refinery 2: add-column / none']],
    ['golang-migrate: numbers by value', { 'go.mod': 'module x', 'db/migrations/10_b.up.sql': B, 'db/migrations/2_a.up.sql': A, 'db/migrations/2_a.down.sql': DROP }, ['golang-migrate 2_a: create-table / drop-table', 'golang-migrate 10_b: add-column / none']],
    ['golang-migrate runs no file without a number', { 'go.mod': 'module x', 'db/migrations/1_a.up.sql': A, 'db/migrations/seed_data.sql': 'INSERT INTO a VALUES (1);' }, ['golang-migrate 1_a: create-table / none']],
    ['dbmate: names by letters, several blocks', { 'db/migrations/9_a.sql': `-- migrate:up\n${A}\n-- migrate:down\n${DROP}\n-- migrate:up\n${B}\n-- migrate:down\n`, 'db/migrations/10_b.sql': `-- migrate:up\n${B}\n-- migrate:down\n` }, ['dbmate 10_b: add-column / ', 'dbmate 9_a: create-table / drop-table', 'dbmate 9_a#2: add-column / ']],
    ['dbmate in a folder of its own name, by its markers', { 'schema/1_a.sql': `-- migrate:up\n${A}\n-- migrate:down\n${DROP}` }, ['dbmate 1_a: create-table / drop-table']],
    ['goose: ENVSUB, several blocks', { 'm/1_a.sql': '-- +goose Up\n-- +goose ENVSUB ON\nCREATE TABLE ${SCHEMA}.a (id int);\n-- +goose ENVSUB OFF\n-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\n-- +goose StatementEnd\n\n-- +goose Down\nDROP TABLE ${SCHEMA}.a;' }, ['goose 1_a: create-table+create-function / drop-table']],
    ['sql-migrate: by its configuration', { 'dbconfig.yml': 'production:\n  dialect: postgres\n  dir: store/changes\n', 'store/changes/1-a.sql': `-- +migrate Up\n${A}\n-- +migrate Down\n${DROP}` }, ['sql-migrate 1-a: create-table / drop-table']],
    ['tern: by its configuration', { 'store/tern.conf': '[database]', 'store/001_a.sql': A, 'store/002_b.sql': `${B}\n---- create above / drop below ----\nALTER TABLE a DROP b;` }, ['tern 001_a: create-table / none', 'tern 002_b: add-column / drop-column']],
    [
      'sqitch: the plan’s order, reworked changes, tags, dependencies',
      {
        'db/sqitch.plan': '%syntax-version=1.0.0\n%project=x\n%uri=https://example.com/\n\nz 2024-01-01T00:00:00Z A <a@b.c> # first\na [z] 2024-01-01T00:00:00Z A <a@b.c> # second\n@v1 2024-01-01T00:00:00Z A <a@b.c> # tag\n\nz [z@v1] 2024-01-02T00:00:00Z A <a@b.c> # again\nusers/more [a !x] 2024-01-02T00:00:00Z A <a@b.c>\n',
        'db/sqitch.conf': '[core]\n\tengine = pg\n',
        'db/deploy/z@v1.sql': `BEGIN;\n${A}\nCOMMIT;`, 'db/revert/z@v1.sql': DROP, 'db/deploy/z.sql': B, 'db/revert/z.sql': 'ALTER TABLE a DROP b;',
        'db/deploy/a.sql': '-- Deploy a', 'db/deploy/users/more.sql': B, 'db/verify/a.sql': 'SELECT 1/0;',
      },
      ['sqitch z@v1: transaction+create-table+transaction / drop-table', 'sqitch a:  / none', 'sqitch z: add-column / drop-column', 'sqitch users/more: add-column / none'],
    ],
    ['sqitch: folders by its configuration', { 'sqitch.conf': '[core]\n  engine = pg\n  top_dir = sql\n[engine "pg"]\n  deploy_dir = sql/up\n', 'sql/sqitch.plan': '%project=x\na 2024-01-01T00:00:00Z A <a@b.c>\n', 'sql/up/a.sql': A, 'sql/revert/a.sql': DROP }, ['sqitch a: create-table / drop-table']],
    ['diesel: a folder by its configuration', { 'api/diesel.toml': '[migrations_directory]\ndir = "schema/steps"\n', 'api/schema/steps/2024-01-01-000000_a/up.sql': A, 'api/schema/steps/2024-01-01-000000_a/down.sql': DROP }, ['diesel 2024-01-01-000000_a: create-table / drop-table']],
    [
      'popx: the file for Postgres before the one for all',
      { 'm/migrations/20240101000000000001_b.up.sql': 'nonsense for all;', 'm/migrations/20240101000000000001_b.postgres.up.sql': B, 'm/migrations/20240101000000000001_b.down.sql': 'ALTER TABLE a DROP b;', 'm/migrations/20240101000000_a.up.sql': A, 'm/migrations/20240101000000_a.mysql.up.sql': 'CREATE TABLE `a`;', 'm/migrations/20240101000000_a.mysql.down.sql': '' },
      ['popx 20240101000000_a: create-table / none', 'popx 20240101000000_a.MySQL: opaque(written for MySQL) / ', 'popx 20240101000000000001_b: add-column / drop-column', 'popx 20240101000000000001_b.all: opaque(written for databases other than Postgres) / opaque(written for databases other than Postgres)'],
    ],
    ['Prisma: a folder of any name, a down.sql by hand', { 'packages/db/history/migration_lock.toml': 'provider = "postgresql"', 'packages/db/history/2_b/migration.sql': B, 'packages/db/history/1_a/migration.sql': A, 'packages/db/history/1_a/down.sql': DROP }, ['prisma 1_a: create-table / drop-table', 'prisma 2_b: add-column / none']],
    ['Prisma: a folder by its configuration', { 'prisma.config.ts': "export default defineConfig({ schema: 'a.prisma', migrations: { path: 'db/steps' } })", 'a.prisma': 'datasource db {\n  provider = "postgresql"\n}', 'db/steps/1_a/migration.sql': A }, ['prisma 1_a: create-table / none']],
    ['Prisma for another database', { 'prisma/schema.prisma': 'datasource db {\n  provider = "mysql"\n}', 'prisma/migrations/1_a/migration.sql': 'CREATE TABLE a (id int);' }, ['prisma 1_a: opaque(written for MySQL) / none']],
    ['Drizzle: the journal’s order', { 'src/db/out/meta/_journal.json': '{"dialect":"postgresql","entries":[{"tag":"0001_z"},{"tag":"0000_a"}]}', 'src/db/out/0000_a.sql': B, 'src/db/out/0001_z.sql': `${A}\n--> statement-breakpoint\n${B}` }, ['drizzle 0001_z: create-table+add-column / none', 'drizzle 0000_a: add-column / none']],
    ['Drizzle: a folder by its configuration', { 'drizzle.config.ts': "export default { dialect: 'postgresql', out: './src/steps' }", 'src/steps/0000_a.sql': A }, ['drizzle 0000_a: create-table / none']],
    ['Drizzle 1: a folder for each', { 'package.json': '{"dependencies":{"drizzle-orm":"1.0.0"}}', 'drizzle/20240102000000_b/migration.sql': B, 'drizzle/20240102000000_b/snapshot.json': '{}', 'drizzle/20240101000000_a/migration.sql': A, 'drizzle/20240101000000_a/snapshot.json': '{}' }, ['drizzle 20240101000000_a: create-table / none', 'drizzle 20240102000000_b: add-column / none']],
    ['Drizzle for another database', { 'drizzle.config.ts': "export default { dialect: 'sqlite', out: './drizzle' }", 'drizzle/0000_a.sql': A }, ['drizzle 0000_a: opaque(written for SQLite) / none']],
    ['Supabase: only what it would run', { 'supabase/config.toml': '', 'supabase/migrations/20240101000000_a.sql': A, 'supabase/migrations/notes.sql': 'nonsense', 'supabase/seed.sql': 'INSERT INTO a VALUES (1);' }, ['supabase 20240101000000_a: create-table / none']],
    ['Hasura: several databases', { 'hasura/config.yaml': 'version: 3\nmetadata_directory: metadata\n', 'hasura/migrations/default/1700000000000_a/up.sql': A, 'hasura/migrations/default/1700000000000_a/down.sql': DROP, 'hasura/migrations/other/1700000000001_b/up.sql': B }, ['hasura 1700000000000_a: create-table / drop-table', 'hasura 1700000000001_b: add-column / none']],
    ['atlas: a folder by its configuration, for another database', { 'atlas.hcl': 'env "x" {\n  dev = "docker://mysql/8/dev"\n  migration {\n    dir = "file://db/steps"\n  }\n}', 'db/steps/20240101.sql': A }, ['atlas 20240101: opaque(written for MySQL) / none']],
    ['atlas: files of another tool', { 'atlas.hcl': 'env "x" {\n  url = "postgres://x"\n  migration {\n    dir = "file://db/steps?format=goose"\n  }\n}', 'db/steps/atlas.sum': 'h1:', 'db/steps/1_a.sql': `-- +goose Up\n${A}\n-- +goose Down\n${DROP}` }, ['goose 1_a: create-table / drop-table']],
    ['node-pg-migrate: a folder by its script; down before up', { 'package.json': '{"scripts":{"m":"node-pg-migrate -m db/steps up"},"devDependencies":{"node-pg-migrate":"7"}}', 'db/steps/1700000000000_a.sql': `-- Down Migration\n${DROP}\n-- Up Migration\n${A}` }, ['node-pg-migrate 1700000000000_a: create-table / drop-table']],
    ['node-pg-migrate: a comment in a file of another tool says nothing', { 'go.mod': 'module x', 'migrations/1_a.up.sql': `-- Up migration\n${A}`, 'migrations/1_a.down.sql': `-- Down migration\n${DROP}` }, ['golang-migrate 1_a: create-table / drop-table']],
    ['plain files: one direction a folder', { 'migrations/up/1_a.sql': A, 'migrations/down/1_a.sql': DROP }, ['sql 1_a: create-table / drop-table']],
    ['plain files: one direction a suffix', { 'migrations/1_a.sql': A, 'migrations/1_a_down.sql': DROP, 'migrations/2_b.sql': B, 'migrations/2_b.undo.sql': 'ALTER TABLE a DROP b;', 'migrations/3_slow_down.sql': B }, ['sql 1_a: create-table / drop-table', 'sql 2_b: add-column / drop-column', 'sql 3_slow_down: add-column / none']],
    ['plain files: lines that say up and down', { 'conf/evolutions/default/1.sql': `# --- !Ups\n\n${A}\n\n# --- !Downs\n\n${DROP}\n` }, ['sql 1: create-table / drop-table']],
    ['plain files: other tools’ markers', { 'priv/migrations/1_a.sql': `--- migration:up:disable_transaction\n${A}\n--- migration:down\n${DROP}\n--- migration:end\n`, 'priv/migrations/2_b.sql': `-- migrate: up\n${B}\n-- migrate: down\nALTER TABLE a DROP b;`, 'priv/migrations/3_c.sql': `-- @up\n${B}\n-- @down\n${DROP}` }, ['sql 1_a: create-table / drop-table', 'sql 2_b: add-column / drop-column', 'sql 3_c: add-column / drop-table']],
    ['plain files: a down that says there is none', { 'migrations/1_a.up.sql': A, 'migrations/1_a.down.sql': '-- This migration is irreversible.\n' }, ['golang-migrate 1_a: create-table / irreversible']],
  ])('%s', (_, files, expected) => {
    expect(shown(files)).toEqual(expected);
  });

  it('keeps the frameworks of one repository apart', () => {
    const files = {
      'apps/web/prisma/schema.prisma': 'datasource db {\n provider = "postgresql"\n}', 'apps/web/prisma/migrations/1_a/migration.sql': A,
      'services/go/go.mod': 'module x', 'services/go/migrations/1_a.up.sql': A, 'services/rust/Cargo.toml': '[dependencies]\nsqlx = "0.8"', 'services/rust/migrations/1_a.sql': A,
      'services/java/src/main/resources/db/migration/V1__a.sql': A, 'services/java/src/main/resources/db/changelog/a.xml': '<databaseChangeLog><changeSet id="1" author="a"><dropTable tableName="a"/></changeSet></databaseChangeLog>',
      'warehouse/dbt_project.yml': 'name: x', 'warehouse/models/migrations/a.sql': 'SELECT * FROM {{ ref("x") }}',
    };
    expect(read(files).map((one) => `${one.framework} ${one.history}`).sort()).toEqual([
      'flyway services/java/src/main/resources/db/migration', 'golang-migrate services/go/migrations', 'liquibase services/java/src/main/resources/db/changelog', 'prisma apps/web/prisma/migrations', 'sqlx services/rust/migrations',
    ]);
  });

  it.each([
    ['seeds', { 'db/migrations/seeds/1.sql': A }],
    ['fixtures', { 'db/migrations/fixtures/1.sql': A }],
    ['queries of sqlc, by their names', { 'db/migrations/users.sql': '-- name: GetUser :one\nSELECT * FROM a WHERE id = $1;' }],
    ['queries of sqlc, by its configuration', { 'sqlc.yaml': 'version: "2"\nsql:\n  - queries: db/migrations\n    schema: db/schema.sql\n', 'db/migrations/users.sql': 'SELECT 1;' }],
    ['models of dbt', { 'migrations/a.sql': "{{ config(materialized='table') }}\nSELECT 1" }],
    ['a schema dump', { 'db/migrations/schema.sql': A, 'db/structure.sql': A }],
    ['a program’s own SQL', { 'tools/migrate/views.sql': 'CREATE VIEW v AS SELECT 1;' }],
    ['other SQL', { 'sql/report.sql': 'SELECT 1;', 'test/queries/1.sql': 'SELECT 1;', 'node_modules/x/migrations/1.sql': A }],
  ])('has nothing to say of %s', (_, files) => {
    expect(shown(files)).toEqual([]);
  });

  it.each<readonly [string, Files, string]>([
    ['words, for the whole history', { 'migrations/1.sql': 'CREATE TABLE a (id int);', 'migrations/2.sql': 'ALTER TABLE a MODIFY id BIGINT UNSIGNED NOT NULL;' }, 'MySQL'],
    ['the folder', { 'migrations/clickhouse/1_a.up.sql': 'CREATE TABLE a (id int);' }, 'ClickHouse'],
    ['the folder, inside a word', { 'driver/riversqlite/migrations/1_a.up.sql': 'CREATE TABLE a (id int);' }, 'SQLite'],
    ['a JDBC URL', { 'src/main/resources/application.properties': 'spring.datasource.url=jdbc:mysql://x/y\nspring.flyway.enabled=true', 'src/main/resources/db/migration/V1__a.sql': 'CREATE TABLE a (id int);' }, 'MySQL'],
    ['T-SQL', { 'migrations/1.sql': 'CREATE TABLE a (id UNIQUEIDENTIFIER, b NVARCHAR(20));\nGO\nALTER TABLE [dbo].[a] ADD c INT;\nGO\n' }, 'SQL Server'],
    ['SQLite', { 'migrations/1.sql': 'CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);' }, 'SQLite'],
  ])('tells other databases by %s', (_, files, expected) => {
    expect(new Set(read(files).flatMap((one) => one.up.map((step) => (step.kind === 'opaque' ? step.reason : step.kind))))).toEqual(new Set([`written for ${expected}`]));
    expect(read(files).some((one) => one.broken !== undefined)).toBe(false);
  });

  it.each<readonly [string, Files]>([
    ['a folder that only mentions one', { 'tools/mysql-import/migrations/1.sql': 'CREATE TABLE a (id bigserial, b jsonb);' }],
    ['a migration about one', { 'migrations/1_drop_mysql_ids.up.sql': 'ALTER TABLE a DROP COLUMN mysql_id;' }],
    ['H2 in the tests', { 'src/main/resources/application.yml': 'url: jdbc:postgresql://x\nflyway: {}', 'src/test/resources/application.yml': 'url: jdbc:h2:mem:x\nflyway: {}', 'src/main/resources/db/migration/V1__a.sql': A }],
  ])('takes no Postgres for another database because of %s', (_, files) => {
    expect(read(files).flatMap((one) => one.up.map((step) => step.kind))).not.toContain('opaque');
  });

  it('says where each direction stands', () => {
    const [one] = read({ 'migrations/1_a.sql': `-- +goose Up\n${A}\n\n-- +goose Down\n${DROP}\n` });
    expect(one?.spans).toEqual({ up: { startLine: 2, startColumn: 1, endLine: 3, endColumn: 1 }, down: { startLine: 5, startColumn: 1, endLine: 6, endColumn: 1 } });
    expect(one?.down).toEqual([expect.objectContaining({ span: { startLine: 5, startColumn: 1, endLine: 5, endColumn: 13 } })]);
  });
});

describe('finding migrations in a tree', () => {
  const TREE = {
    'sqitch.plan': '%project=x\na 2024-01-01T00:00:00Z A <a@b.c>\n', 'deploy/a.sql': A, 'revert/a.sql': DROP, 'api/diesel.toml': '[migrations_directory]\ndir = "steps"', 'api/steps/1_a/up.sql': A, 'api/src/queries.sql': 'SELECT 1',
    'app/db.changelog.xml': '<databaseChangeLog><include file="more/first.xml" relativeToChangelogFile="true"/><changeSet id="1" author="a"><sqlFile path="app/more/x.sql"/></changeSet></databaseChangeLog>', 'app/more/first.xml': '<databaseChangeLog/>', 'app/more/x.sql': A,
    'internal/testdata/migrations/1_a.up.sql': A, 'web/package.json': '{}', 'README.md': '',
  };

  it('asks for configuration first, and then knows the others', () => {
    const paths = Object.keys(TREE);
    const markers = markersAmong(paths);
    expect(markers).toEqual(expect.arrayContaining(['sqitch.plan', 'api/diesel.toml', 'app/db.changelog.xml']));
    const texts = new Map(Object.entries(TREE).filter(([path]) => markers.includes(path)));
    expect(migrationsAmong(paths, texts).sort()).toEqual(['api/steps/1_a/up.sql', 'app/db.changelog.xml', 'app/more/first.xml', 'app/more/x.sql', 'deploy/a.sql', 'revert/a.sql']);
    expect(migrationsAmong(paths, texts, true)).toContain('internal/testdata/migrations/1_a.up.sql');
  });

  it('takes a folder for one of migrations when a changed file in it says so', () => {
    expect(migrationsAmong(['store/1_a.sql', 'store/2_b.sql', 'other/x.sql'], new Map([['store/2_b.sql', '-- +goose Up\nSELECT 1;']]))).toEqual(['store/1_a.sql', 'store/2_b.sql']);
  });
});
