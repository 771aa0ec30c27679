import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../src/core/verdict.js';
import { rules } from '../../src/rules/registry.generated.js';
import { parseFixture } from '../rules/fixture.js';
import { runFixture } from '../rules/run-fixture.js';

async function verdictOf(...lines: readonly string[]): Promise<Verdict> {
  const fixture = parseFixture('migrations/set-not-null/bad.sql', `${lines.join('\n')}\n`);
  return (await runFixture(fixture, rules)).verdict;
}

function evidenceOf(verdict: Verdict): string {
  return verdict.entries.flatMap(({ finding }) => finding.evidence.map((each) => ('text' in each ? each.text : ''))).join('\n');
}

const CHANGE = ['-- file: base/migrations/1.sql', 'CREATE TABLE users (id bigint, email text);', '-- file: migrations/2.sql', 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;'];

describe('the server that a pull request is judged for', () => {
  it('is the one its base names, and the finding says where', async () => {
    expect(evidenceOf(await verdictOf(...CHANGE, '-- file: base/compose.yml', 'services:', '  db:', '    image: postgres:15'))).toContain('Postgres 15 (compose.yml:3) takes AccessExclusiveLock on public.users');
  });

  it('is not what the pull request itself puts there', async () => {
    const edited = await verdictOf(...CHANGE, '-- file: base/compose.yml', 'image: postgres:15', '-- file: compose.yml', 'image: postgres:18');
    expect(evidenceOf(edited)).toContain('Postgres 15 (compose.yml:1)');
    const added = await verdictOf(...CHANGE, '-- file: compose.yml', 'image: mysql:8.0');
    expect(evidenceOf(added)).toContain('Postgres 14 (assumed: set `database.target`)');
  });

  it('is Postgres where the migrations are, whatever else the repository runs', async () => {
    const verdict = await verdictOf('-- file: base/wordpress/compose.yml', 'image: mariadb:10.6', '-- file: base/prisma/migrations/migration_lock.toml', 'provider = "postgresql"', '-- file: base/prisma/migrations/1_a/migration.sql', 'CREATE TABLE users (id int, email text);', '-- file: prisma/migrations/2_b/migration.sql', 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;');
    expect(evidenceOf(verdict)).toContain('Postgres 14 (assumed');
    expect(verdict.unread).toEqual([]);
  });

  it('is said not to be judged where it is another engine', async () => {
    const verdict = await verdictOf('-- file: base/compose.yml', 'image: mysql:8.0', '-- file: migrations/1.sql', 'CREATE TABLE t (id int);');
    expect(verdict.unread.map(({ path, detail }) => `${path}: ${detail}`)).toEqual(['migrations/1.sql: a migration for MySQL 8 (compose.yml:1): this version of Belay judges migrations for Postgres only']);
  });
});
