/** Which migrations of a tree a review sees, and which of them it takes for the change's. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Change } from '../../src/core/change-set.js';
import { matchesAny } from '../../src/core/globs.js';
import type { Snapshot } from '../../src/core/snapshot.js';
import { loadSql } from '../../src/languages/sql.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { loadMigrations } from '../../src/review/load-migrations.js';
import { splitMigrations } from '../../src/review/migration-stage.js';

type Files = Readonly<Record<string, string>>;

function snapshotOf(files: Files): Snapshot {
  const paths = Object.keys(files).sort();
  return { ref: 'a test', list: async (globs) => Promise.resolve(paths.filter(matchesAny(globs))), read: async (path) => Promise.resolve(files[path] ?? null) };
}

function modified(path: string, after: string, touched: Change['touched']): [string, Change] {
  return [path, { path, status: 'modified', before: '', after, hunks: [], touched }];
}

const A = 'CREATE TABLE a (id int);';

describe('loadMigrations', () => {
  it('loads migrations and what tells how they are run, and nothing else', async () => {
    const { files, left } = await loadMigrations(
      snapshotOf({ 'sqitch.plan': '%project=x\na 2024-01-01T00:00:00Z A <a@b.c>\n', 'deploy/a.sql': A, 'go.mod': 'module x', 'docs/a.sql': 'SELECT 1;', 'api/db/migrations/1_a.up.sql': A, 'api/testdata/migrations/1_b.up.sql': A, 'src/main.go': 'package main' }),
      new Map(),
    );
    expect([...files.keys()].sort()).toEqual(['api/db/migrations/1_a.up.sql', 'deploy/a.sql', 'go.mod', 'sqitch.plan']);
    expect(left).toBe(0);
  });

  it('follows changelogs to files of any name', async () => {
    const include = (file: string): string => `<databaseChangeLog><include file="${file}" relativeToChangelogFile="true"/></databaseChangeLog>`;
    const { files } = await loadMigrations(snapshotOf({ 'db/changelog.xml': include('one/a.xml'), 'db/one/a.xml': include('b.xml'), 'db/one/b.xml': '<databaseChangeLog><changeSet id="1" author="a"><sqlFile path="c.txt.sql" relativeToChangelogFile="true"/></changeSet></databaseChangeLog>', 'db/one/c.txt.sql': A }), new Map());
    expect([...files.keys()].sort()).toEqual(['db/changelog.xml', 'db/one/a.xml', 'db/one/b.xml', 'db/one/c.txt.sql']);
  });

  it('reads the whole folder of a changed file that says itself that it is a migration', async () => {
    const goose = `-- +goose Up\n${A}\n`;
    const { files } = await loadMigrations(snapshotOf({ 'store/1_a.sql': goose, 'store/2_b.sql': goose, 'other/1.sql': A }), new Map([['store/2_b.sql', goose]]));
    expect([...files.keys()].sort()).toEqual(['store/1_a.sql', 'store/2_b.sql']);
  });
});

describe('splitMigrations', () => {
  beforeAll(loadSql);

  it('takes of a changelog the changesets whose lines were touched', () => {
    const path = 'db/changelog/a.sql';
    const text = `--liquibase formatted sql\n--changeset me:1\n${A}\n\n--changeset me:2\nCREATE INDEX i ON a (id);\n`;
    const all = readMigrations(new Map([[path, text]]));
    const split = splitMigrations(all, new Map([modified(path, text, [{ start: 5, end: 6 }])]), false);
    expect(split.history.map((one) => one.id)).toEqual(['me:1']);
    expect(split.changed.map((one) => one.id)).toEqual(['me:2']);
  });

  it('takes the whole of a file that is one migration', () => {
    const path = 'migrations/1_a.sql';
    const all = readMigrations(new Map([[path, `${A}\n\nSELECT 1;\n`]]));
    expect(splitMigrations(all, new Map([modified(path, A, [])]), false).changed).toHaveLength(1);
  });
});
