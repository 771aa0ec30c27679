import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { migrationsAmong } from '../../src/migrations/find-migrations.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';

const SQL = 'ALTER TABLE a ADD COLUMN b int;';

beforeAll(loadSql);

function read(files: Readonly<Record<string, string>>): string[] {
  return readMigrations(new Map(Object.entries(files))).map(({ history, id, framework, up }) => `${history} ${id} ${framework}${up[0]?.kind === 'opaque' ? ` ${up[0].reason}` : ''}`);
}

describe('layouts of real repositories', () => {
  it('reads common and Postgres folders of a Flyway location as one history, H2 apart, and callbacks not at all', () => {
    const files = { 'db/migration/common/V1__a.sql': SQL, 'db/migration/postgres/V2__b.sql': SQL, 'db/migration/h2/V2__b.sql': `${SQL} -- ::text`, 'db/migration/dev/afterMigrate.sql': 'UPDATE a SET b = 1;' };
    expect(read(files)).toEqual(['db/migration 1 flyway', 'db/migration 2 flyway', 'db/migration/h2 2 flyway written for another database']);
  });

  it('does not take a journal that nobody keeps for how migrations are run', () => {
    const journal = '{ "dialect": "postgresql", "entries": [{ "idx": 0, "tag": "0000_a" }] }';
    expect(read({ 'drizzle/meta/_journal.json': journal, 'drizzle/0001_b.sql': SQL, 'drizzle/0002_c.sql': SQL })).toEqual(['drizzle 0001_b sql', 'drizzle 0002_c sql']);
    expect(read({ 'drizzle/meta/_journal.json': journal, 'drizzle/0000_a.sql': SQL, 'drizzle/0001_b.sql': SQL })).toEqual(['drizzle 0000_a drizzle', 'drizzle 0001_b drizzle']);
  });

  it('knows diesel by its dates where nothing else says it, and orders them with older ones', () => {
    const names = ['20141001190230_first', '2017-09-23-182408_second', '2026-01-23-094410-0000_third'];
    expect(read(Object.fromEntries(names.toReversed().map((name) => [`migrations/${name}/up.sql`, SQL])))).toEqual(names.map((name) => `migrations ${name} diesel`));
  });

  it('orders Prisma’s folders by name', () => {
    const names = ['20250624101010_a', '20250625101010_c', '20250625_b'];
    expect(read(Object.fromEntries(names.map((name) => [`prisma/migrations/${name}/migration.sql`, SQL])))).toEqual(names.map((name) => `prisma/migrations ${name} prisma`));
  });

  it('leaves out what tests bring along', () => {
    expect(migrationsAmong(['db/migrations/1_a.sql', 'popx/stub/migrations/1_a.sql', 'src/test/resources/db/migration/V1__a.sql'], new Map())).toEqual(['db/migrations/1_a.sql']);
  });
});
