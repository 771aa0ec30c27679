/** Whatever stands in a migration's place: nothing throws, and every place named lies in the file. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Span } from '../../src/core/change-set.js';
import { loadSql } from '../../src/languages/sql.js';
import { markersAmong, migrationsAmong } from '../../src/migrations/find-migrations.js';
import type { Migration } from '../../src/migrations/migration.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';

type Files = ReadonlyMap<string, string>;

function isInside(span: Span, text: string): boolean {
  const lines = text.split('\n');
  const first = lines[span.startLine - 1];
  const last = lines[span.endLine - 1];
  if (first === undefined || last === undefined || span.startColumn < 1) return false;
  if (span.endLine < span.startLine || (span.endLine === span.startLine && span.endColumn < span.startColumn)) return false;
  return span.startColumn <= first.length + 1 && span.endColumn <= last.length + 1;
}

/** What is wrong with the places of some migrations. */
function misplaced(all: readonly Migration[], files: Files): string[] {
  return all.flatMap((one) => {
    const text = files.get(one.path);
    const downText = files.get(one.downPath ?? one.path);
    if (text === undefined || downText === undefined) return [`${one.id}: no file ${one.path}`];
    const say = (what: string, span: Span, where: string): string[] => (isInside(span, where) ? [] : [`${one.path} ${what} ${JSON.stringify(span)}`]);
    const down = typeof one.down === 'string' ? [] : one.down;
    return [
      ...say('up', one.spans.up, text),
      ...(one.spans.down === null ? [] : say('down', one.spans.down, downText)),
      ...one.up.flatMap((step) => [...say(step.kind, step.span, text), ...say(`${step.kind} statement`, step.statementSpan, text)]),
      ...down.flatMap((step) => [...say(`down ${step.kind}`, step.span, downText), ...say(`down ${step.kind} statement`, step.statementSpan, downText)]),
      ...(one.broken !== undefined && (one.broken.line < 1 || one.broken.line > text.split('\n').length) ? [`${one.path} broken at ${String(one.broken.line)}`] : []),
    ];
  });
}

const FRAGMENTS = [
  'CREATE TABLE t (a int);', 'ALTER TABLE "T😀" ADD b text,\n  DROP c;', "INSERT INTO t VALUES ('x;y');", '\n', '\r\n', ' ', ';', '-- c\n', '/* ', '*/', '$$', '$x$', "'", '"', '(', ')', '{{ if .mysql }}', '{{ else }}', '{{ end }}', '{{ .x }}', '${y}', ':z', "{% for a in b %}",
  '\\i x\n', '\\gexec', '\\if :a\n', '\\endif\n', 'COPY t FROM stdin;\n1\t2\n\\.\n', 'DO $$ BEGIN EXECUTE \'DROP TABLE t\'; END $$;', '-- +goose Up\n', '-- +goose Down\n', '-- +goose StatementBegin\n', '-- +goose StatementEnd\n', '-- migrate:up\n', '-- migrate:down\n', '-- +migrate Up\n', '-- +migrate Down\n',
  '-- Up Migration\n', '-- Down Migration\n', '---- create above / drop below ----\n', '--liquibase formatted sql\n', '--changeset a:1 endDelimiter:/\n', '--rollback DROP TABLE t;\n', '/* liquibase rollback\n', '--ignoreLines:start\n', '--property name:x value:y\n', '--> statement-breakpoint', '-- atlas:txmode none\n\n', '-- no-transaction\n', '\0', '\uFEFF', '\uD800', 'é',
  '<databaseChangeLog>', '</databaseChangeLog>', '<changeSet id="1" author="a">', '</changeSet>', '<sql>', '</sql>', '<![CDATA[', ']]>', '<addColumn tableName="t">', '<column name="a" type="int"/>', '</addColumn>', '&lt;', '&#x1F600;', '<rollback/>', '<include file="a.xml"/>', '<includeAll path="."/>', '<property name="x" value="y"/>',
  'databaseChangeLog:\n', '  - changeSet:\n', '      id: 1\n', '      changes:\n', '        - sql: |\n            SELECT 1;\n', '        - sql: {sql: "SELECT 1;\\nSELECT \\"x\\""}\n', '        - dropTable: {tableName: t}\n', '      rollback: >\n        DROP TABLE t;\n        SELECT 2;\n', '"', '[', '{', '&a', '*a',
];

const text = fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...FRAGMENTS) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) }), { maxLength: 24 }).map((parts) => parts.join(''));

const PLACES: readonly (readonly string[])[] = [
  ['migrations/1_a.sql'], ['migrations/1_a.up.sql', 'migrations/1_a.down.sql', 'go.mod'], ['db/migration/V1__a.sql', 'db/migration/U1__a.sql', 'db/migration/R__b.sql', 'db/migration/V1__a.sql.conf', 'flyway.conf'],
  ['prisma/migrations/1_a/migration.sql', 'prisma/migrations/1_a/down.sql', 'prisma/migrations/migration_lock.toml', 'prisma/schema.prisma', 'package.json'], ['drizzle/0000_a.sql', 'drizzle/meta/_journal.json', 'drizzle.config.ts'],
  ['migrations/2024-01-01-000000_a/up.sql', 'migrations/2024-01-01-000000_a/down.sql', 'migrations/2024-01-01-000000_a/metadata.toml', 'diesel.toml', 'Cargo.toml', 'Cargo.lock'], ['sqitch.plan', 'sqitch.conf', 'deploy/a.sql', 'revert/a.sql'],
  ['supabase/migrations/1_a.sql', 'supabase/config.toml'], ['migrations/atlas.sum', 'migrations/1.sql', 'atlas.hcl'], ['m/migrations/1_a.postgres.up.sql', 'm/migrations/1_a.mysql.up.sql', 'm/migrations/1_a.down.sql'],
  ['hasura/config.yaml', 'hasura/migrations/default/1_a/up.sql'], ['db/changelog/a.xml', 'db/changelog/b.sql'], ['db/changelog/a.yaml', 'db/changelog/x.json'], ['dbconfig.yml', 'sqlc.yaml', 'migrations/a.sql'], ['.env', 'Makefile', 'db/migrations/1.sql', 'tern.conf'],
];

describe('readMigrations on anything', () => {
  beforeAll(loadSql);

  it.each(PLACES.map((paths) => [paths.join(' '), paths] as const))('%s', (_, paths) => {
    fc.assert(
      fc.property(fc.tuple(...paths.map(() => text)), (texts) => {
        const files = new Map(paths.map((path, index) => [path, texts[index] ?? '']));
        expect(misplaced(readMigrations(files), files)).toEqual([]);
        expect(() => migrationsAmong([...files.keys()], files)).not.toThrow();
      }),
      { numRuns: 1500 },
    );
  });

  const CHANGELOGS: readonly (readonly [string, string])[] = [
    ['a.xml', '<?xml version="1.0"?>\n<databaseChangeLog>\n  <property name="t" value="users"/>\n  <changeSet id="1" author="é😀">\n    <createTable tableName="${t}"><column name="a" type="int"><constraints nullable="false"/></column></createTable>\n    <sql splitStatements="true"><!-- c -->\n      UPDATE t SET a = 1 WHERE a &lt;&gt; 2; <![CDATA[DELETE FROM t WHERE a > 1;]]>\n    </sql>\n    <rollback>\n      DROP TABLE t; DROP TABLE u\n    </rollback>\n  </changeSet>\n</databaseChangeLog>\n'],
    ['a.yaml', 'databaseChangeLog:\n- changeSet:\n    id: 1\n    author: me\n    changes:\n    - addColumn: {tableName: t, columns: [{column: {name: a, type: int}}]}\n    - sql:\n        sql: >-\n          UPDATE t\n            SET a = \'it\'\'s\';\n\n          DELETE FROM t\n    - sql: \'SELECT \'\'x\'\'; SELECT 2\'\n    rollback: "DROP TABLE \\"T\\";\\\n      SELECT \\u00e9"\n'],
    ['a.json', '{"databaseChangeLog":[{"changeSet":{"id":1,"author":"a","changes":[{"sql":{"sql":"SELECT 1;\\n\\tDROP TABLE \\"t\\""}}],"rollback":[{"dropTable":{"tableName":"t"}}]}}]}'],
    ['a.sql', '--liquibase formatted sql\n\n--changeset a:1 splitStatements:false\nCREATE TABLE t (a int);\n--rollback DROP TABLE t;\n--rollback SELECT 1;\n--changeset a:2\nSELECT ${x};\n/* liquibase rollback\n SELECT 2;\n*/\n'],
  ];

  it.each(CHANGELOGS)('changelogs that somebody damaged: %s', (name, whole) => {
    const edit = fc.tuple(fc.nat(whole.length), fc.nat(30), fc.constantFrom('', ...FRAGMENTS));
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 3 }), (edits) => {
        const damaged = edits.reduce((so, [at, length, by]) => so.slice(0, at) + by + so.slice(at + length), whole);
        const files = new Map([[`db/changelog/${name}`, damaged]]);
        expect(misplaced(readMigrations(files), files)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('readMigrations on much', () => {
  beforeAll(loadSql);

  it.each([
    ['statements', 'ALTER TABLE t ADD COLUMN a int DEFAULT 1 NOT NULL;\n'],
    ['rows', "INSERT INTO t (a, b) VALUES (1, 'some text'), (2, 'more text');\n"],
    ['comments', '-- nothing to see here\n'],
    ['empty lines', '\n'],
    ['spaces', '                                  '],
    ['markers', '-- migrate:up\n-- migrate:down\n'],
    ['opened placeholders', '{{ if .x }}'],
    ['opened quotes', "'\n"],
    ['opened parentheses', '('],
    ['backslashes', '\\'],
    ['one line of text', 'x'],
  ])('five megabytes of %s are read within bounds', (_, piece) => {
    const big = piece.repeat(Math.ceil(5_000_000 / piece.length));
    const files = new Map([['migrations/1_a.sql', big], ['db/changelog/a.xml', `<databaseChangeLog>${big}`], ['db/changelog/b.yaml', `databaseChangeLog:\n${big}`], ['migrations/2_b.sql', '-- +goose Up\nSELECT 1;']]);
    const all = readMigrations(files);
    expect(all.find((one) => one.path === 'migrations/2_b.sql')?.up.map((step) => step.kind)).toEqual(['select']);
    expect(Math.max(...all.map((one) => one.up.length))).toBeLessThanOrEqual(10_001);
  });

  it('a file of many statements is parsed, and bounded by their number', () => {
    const [one] = readMigrations(new Map([['migrations/1_a.sql', 'ALTER TABLE t ADD COLUMN a int DEFAULT 1 NOT NULL;\n'.repeat(12_000)]]));
    expect(one?.up).toHaveLength(10_001);
    expect(one?.up.at(-1)?.kind).toBe('opaque');
  });

  it('a tree of ten thousand migrations is read, behind a bound not statement by statement', () => {
    const sql = 'CREATE TABLE t (a int);\nCREATE INDEX i ON t (a);\nALTER TABLE t ADD b int;\nALTER TABLE t ADD c int;\nALTER TABLE t ADD d int;\nSELECT 1;\n';
    const files = new Map(Array.from({ length: 10_000 }, (_, index) => [`db/migrations/${String(index)}_a.up.sql`, sql]));
    const all = readMigrations(files);
    expect(all).toHaveLength(10_000);
    expect(all.map((one) => one.id).slice(0, 3)).toEqual(['0_a', '1_a', '2_a']);
    expect(all.reduce((sum, one) => sum + one.up.length, 0)).toBeLessThan(60_000);
    expect(all.at(-1)?.up.map((step) => (step.kind === 'opaque' ? step.reason : step.kind))).toEqual(['behind the first 50000 steps of the repository']);
  });

  it('a tree of ten thousand folders with their own histories is found', () => {
    const paths = Array.from({ length: 10_000 }, (_, index) => `services/s${String(index)}/migrations/1_a.up.sql`);
    const files = new Map(paths.flatMap((path, index) => [[path, 'SELECT 1;'], [`services/s${String(index)}/package.json`, '{}']] as const));
    expect(readMigrations(files)).toHaveLength(10_000);
    expect(migrationsAmong([...files.keys()], files)).toHaveLength(10_000);
    expect(markersAmong([...files.keys()]).length).toBeGreaterThan(0);
  });
});
