/** What the rules about locks say beyond their fixtures: frameworks, versions, sizes, suggestions. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TableSize } from '../../src/core/config.js';
import type { Sighting } from '../../src/core/finding.js';
import { loadSql } from '../../src/languages/sql.js';
import { judgeMigrations } from '../../src/migrations/judge-migrations.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { rules } from '../../src/rules/registry.generated.js';

const HISTORY = [
  "CREATE TABLE users (id bigint PRIMARY KEY, email text, code varchar(20) NOT NULL, org_id bigint);",
  'CREATE TABLE orgs (id bigint PRIMARY KEY, name text, users bigint);',
  'CREATE INDEX users_code ON users (code);',
  'CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);',
  "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
  'CREATE MATERIALIZED VIEW totals AS SELECT org_id, count(*) AS number FROM users GROUP BY 1;',
  'CREATE UNIQUE INDEX totals_org ON totals (org_id);',
].join('\n');

interface Options {
  readonly version?: number;
  readonly tables?: Readonly<Record<string, TableSize>>;
  /** The migrations' files; `§` stands for the history and `¶` for the statement. */
  readonly files?: Readonly<Record<string, string>>;
}

const GOOSE = { 'migrations/1_a.sql': '-- +goose Up\n§', 'migrations/2_b.sql': '-- +goose Up\n¶' };
const OUTSIDE = { 'migrations/1_a.sql': '-- +goose Up\n§', 'migrations/2_b.sql': '-- +goose NO TRANSACTION\n-- +goose Up\n¶' };
const PRISMA = { 'prisma/migrations/1_a/migration.sql': '§', 'prisma/migrations/2_b/migration.sql': '¶' };
const DRIZZLE = { 'drizzle/meta/_journal.json': '{"version":"7","dialect":"postgresql","entries":[{"idx":0,"tag":"0000_a"},{"idx":1,"tag":"0001_b"}]}', 'drizzle/0000_a.sql': '§', 'drizzle/0001_b.sql': '¶' };

function sightings(sql: string, options: Options = {}): ReadonlyMap<string, readonly Sighting[]> {
  const texts = Object.entries(options.files ?? GOOSE).map(([path, text]) => [path, text.replace('§', () => HISTORY).replace('¶', () => sql)] as const);
  const all = [...readMigrations(new Map(texts))].sort((one, other) => (one.path < other.path ? -1 : 1));
  const target = { engine: 'postgres', version: options.version ?? 16, source: 'a test' } as const;
  const tables = new Map(Object.entries(options.tables ?? {}));
  const judged = [...judgeMigrations(all.slice(0, -1), all.slice(-1), { target, settled: false })];
  return new Map(rules.flatMap((rule) => {
    const found = judged.flatMap((one) => [...(rule.checks.migration?.({ ...one, target, tables }) ?? [])]);
    return found.length === 0 ? [] : [[rule.id.replace('migrations/', ''), found] as const];
  }));
}

function only(rule: string, sql: string, options: Options = {}): Sighting {
  const found = sightings(sql, options).get(rule) ?? [];
  expect(found).toHaveLength(1);
  return found[0] as Sighting;
}

beforeAll(loadSql);

describe('suggestions', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['drop-index-not-concurrent', 'drop index users_code;', ['drop index concurrently users_code;']],
    ['reindex-not-concurrent', 'REINDEX (VERBOSE) TABLE users;', ['REINDEX (VERBOSE) TABLE CONCURRENTLY users;']],
    ['refresh-not-concurrent', 'REFRESH MATERIALIZED VIEW totals;', ['REFRESH MATERIALIZED VIEW CONCURRENTLY totals;']],
    ['detach-not-concurrent', 'ALTER TABLE events DETACH PARTITION events_1;', ['ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY;']],
    ['check-not-deferred', "ALTER TABLE users ADD CONSTRAINT short CHECK (length(email) < 9);", ['ALTER TABLE users ADD CONSTRAINT short CHECK (length(email) < 9) NOT VALID;', 'ALTER TABLE users VALIDATE CONSTRAINT short;']],
    ['inline-check', 'ALTER TABLE users ADD COLUMN age int CHECK (age > 0);', ['ALTER TABLE users ADD COLUMN age integer;', 'ALTER TABLE users ADD CONSTRAINT users_age_check CHECK (age > 0) NOT VALID;', 'ALTER TABLE users VALIDATE CONSTRAINT users_age_check;']],
    ['unique-not-using-index', 'ALTER TABLE "public"."users" ADD CONSTRAINT "Email" UNIQUE (email);', ['CREATE UNIQUE INDEX CONCURRENTLY "Email" ON public.users (email);', 'ALTER TABLE public.users ADD CONSTRAINT "Email" UNIQUE USING INDEX "Email";']],
    ['foreign-key-not-deferred', 'ALTER TABLE users ADD CONSTRAINT org FOREIGN KEY (org_id) REFERENCES orgs (id);', ['ALTER TABLE users ADD CONSTRAINT org FOREIGN KEY (org_id) REFERENCES orgs (id) NOT VALID;', 'ALTER TABLE users VALIDATE CONSTRAINT org;']],
  ])('of %s can be taken as they are, and satisfy every rule about locks', (rule, sql, expected) => {
    const { suggestion } = only(rule, sql, { files: OUTSIDE, tables: { users: { hot: true } } });
    expect(suggestion?.text.split('\n')).toEqual(expected);
    expect([...sightings(suggestion?.text ?? '', { files: OUTSIDE, tables: { users: { hot: true } } }).keys()]).toEqual([]);
  });

  it('leave the second half to a later migration where a file is one transaction, and where a second statement makes it one', () => {
    const sql = 'ALTER TABLE users ADD CONSTRAINT short CHECK (length(email) < 9);';
    expect(only('check-not-deferred', sql).suggestion?.text).toBe(sql.replace(';', ' NOT VALID;'));
    expect(only('check-not-deferred', sql, { files: PRISMA }).suggestion?.text).toBe(sql.replace(';', ' NOT VALID;'));
    expect(only('set-not-null', 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;', { files: PRISMA }).suggestion).toBeUndefined();
    expect(only('unique-not-using-index', 'ALTER TABLE users ADD UNIQUE (email);', { files: PRISMA }).suggestion).toBeUndefined();
  });

  it('are not made inside a DO block', () => {
    expect(only('index-not-concurrent', 'DO $$\nBEGIN\nCREATE INDEX i ON users (email);\nEND $$;', { files: OUTSIDE }).suggestion).toBeUndefined();
  });
});

describe('remedies', () => {
  it('name the framework’s way out of its transaction', () => {
    const sql = 'CREATE INDEX CONCURRENTLY i ON users (email);\nSELECT 1;';
    expect(only('concurrently-in-transaction', sql).remedy).toContain('-- +goose NO TRANSACTION');
    expect(only('concurrently-in-transaction', sql, { files: PRISMA }).remedy).toContain('let it hold that one statement only');
    expect(only('concurrently-in-transaction', sql, { files: DRIZZLE }).remedy).toMatch(/Drizzle runs all pending migrations in one transaction, and there is no switch for it, so build the index by hand/);
  });

  it('know that pending migrations may be one transaction', () => {
    const sql = 'ALTER TABLE users ADD CONSTRAINT short CHECK (length(email) < 9);';
    expect(only('check-not-deferred', sql).remedy).toContain('Then, in a later migration');
    expect(only('check-not-deferred', sql, { files: DRIZZLE }).remedy).toContain('with a later deployment, since Drizzle runs all pending migrations in one transaction');
    expect(only('check-not-deferred', sql, { files: OUTSIDE }).remedy).toContain('as a statement of its own');
  });

  it('build a replacement beside an index whose name is taken', () => {
    const { remedy } = only('primary-key-not-using-index', 'ALTER TABLE users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_pkey PRIMARY KEY (code);');
    expect(remedy).toContain('CREATE UNIQUE INDEX CONCURRENTLY users_pkey_new ON users (code);');
    expect(remedy).toContain('ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_pkey_new;');
  });

  it('know from which version on there is a gentler way', () => {
    expect(only('reindex-not-concurrent', 'REINDEX TABLE users;', { version: 11 }).remedy).toContain('Postgres 11 has no REINDEX CONCURRENTLY');
    expect(only('detach-not-concurrent', 'ALTER TABLE events DETACH PARTITION events_1;', { version: 13 }).remedy).toContain('lock_timeout');
    expect(only('stored-generated-column', 'ALTER TABLE users ADD COLUMN low text GENERATED ALWAYS AS (lower(email)) STORED;', { version: 18 }).remedy).toContain('VIRTUAL');
    expect(sightings('ALTER TABLE users ADD COLUMN low text GENERATED ALWAYS AS (lower(email)) VIRTUAL;', { version: 18 }).size).toBe(0);
  });
});

describe('one statement has one cause', () => {
  it.each<readonly [string, string]>([
    ['ALTER TABLE users ADD COLUMN seq bigserial UNIQUE;', 'identity-or-serial-column'],
    ['ALTER TABLE users ADD COLUMN n uuid DEFAULT gen_random_uuid() CHECK (n IS NOT NULL);', 'volatile-default'],
    ['ALTER TABLE users ADD COLUMN n uuid PRIMARY KEY;', 'not-null-without-default'],
    ['ALTER TABLE users ADD COLUMN seq serial, ADD CONSTRAINT s UNIQUE (seq);', 'identity-or-serial-column'],
    ['ALTER TABLE users ADD CONSTRAINT s UNIQUE (seq), ADD COLUMN seq serial;', 'identity-or-serial-column'],
    ['ALTER TABLE users ALTER COLUMN org_id TYPE int, ALTER COLUMN org_id SET NOT NULL;', 'type-narrowing'],
    ['ALTER TABLE users ADD COLUMN o bigint DEFAULT 1 REFERENCES orgs (id);', 'foreign-key-not-deferred'],
    ['DROP INDEX users_code;\nCREATE INDEX users_code ON users (code);', 'index-not-concurrent'],
  ])('%s', (sql, rule) => {
    expect([...sightings(sql).keys()]).toEqual([rule]);
    expect(sightings(sql).get(rule)).toHaveLength(1);
  });

  it('leaves an enum that is made anew to its own rule, and no other change of type', () => {
    const history = "CREATE TYPE mood AS ENUM ('ok', 'sad');\nCREATE TABLE people (id bigint PRIMARY KEY, mood mood);";
    const files = { 'migrations/1_a.sql': `-- +goose Up\n${history}`, 'migrations/2_b.sql': GOOSE['migrations/2_b.sql'] };
    const anew = "CREATE TYPE mood_new AS ENUM ('ok');\nALTER TABLE people ALTER COLUMN mood TYPE mood_new USING (mood::text::mood_new);\nDROP TYPE mood;\nALTER TYPE mood_new RENAME TO mood;";
    const byText = "ALTER TABLE people ALTER COLUMN mood TYPE text;\nDROP TYPE mood;\nCREATE TYPE mood AS ENUM ('ok');\nALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::mood;";
    const other = "CREATE TYPE feeling AS ENUM ('ok', 'sad');\nALTER TABLE people ALTER COLUMN mood TYPE feeling USING mood::text::feeling;";
    expect(sightings(anew, { files }).has('type-rewrite')).toBe(false);
    expect(sightings(byText, { files }).has('type-rewrite')).toBe(false);
    expect(sightings(other, { files }).get('type-rewrite')).toHaveLength(1);
    expect(sightings('ALTER TABLE people ALTER COLUMN mood TYPE text;', { files }).get('type-rewrite')).toHaveLength(1);
  });

  it('names the lock that is really held', () => {
    expect(only('index-not-concurrent', 'DROP INDEX users_code;\nCREATE INDEX users_code ON users (code);').message).toContain('ACCESS EXCLUSIVE');
    expect(only('index-not-concurrent', 'ALTER TABLE users RENAME TO members;\nCREATE INDEX i ON members (code);').message).toContain('ACCESS EXCLUSIVE');
    expect(only('work-while-locked', 'DROP TABLE orgs;\nALTER TABLE users RENAME TO members;\nUPDATE members SET email = lower(email);').message).toContain('taken on line 3 (`ALTER TABLE users …`)');
  });
});

describe('busy tables', () => {
  const BRIEF: readonly (readonly [string, string])[] = [
    ['DROP INDEX users_code;', 'drop-index-not-concurrent'],
    ['CREATE TABLE notes (user_id bigint REFERENCES users (id));', 'locks-referenced-table'],
    ['ALTER TABLE orgs ADD COLUMN owner bigint REFERENCES users (id);', 'inline-foreign-key'],
    ["CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');", 'partition-of-locks-parent'],
    ['ALTER TABLE users ENABLE ROW LEVEL SECURITY;', 'access-exclusive-ddl'],
    ['LOCK TABLE users;', 'access-exclusive-ddl'],
  ];

  it.each(BRIEF)('%s', (sql, rule) => {
    const hot = { users: { hot: true }, events: { qps: 500 } };
    expect([...sightings(sql).keys()]).toEqual([]);
    expect([...sightings(sql, { tables: hot }).keys()]).toEqual([rule]);
    expect([...sightings(`SET lock_timeout = '5s';\n${sql}`, { tables: hot }).keys()]).toEqual([]);
    expect([...sightings(`SET lock_timeout = 0;\n${sql}`, { tables: hot }).keys()]).toEqual([rule]);
    expect([...sightings(sql, { tables: { users: { rows: 20_000 }, events: { hot: false, rows: 5_000_000 } } }).keys()]).toEqual([]);
  });
});

describe('the measured statements', () => {
  const setup = readFileSync(new URL('./lock-matrix-setup.sql', import.meta.url), 'utf8');
  const statements = readFileSync(new URL('./lock-matrix.tsv', import.meta.url), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t')[2] ?? '');
  const silent = (sql: string, options: Options): readonly string[] => [...sightings(sql, options).entries()].flatMap(([rule, found]) => (found[0]?.message.includes(' lock') === true ? [`${sql}: ${rule}`] : []));

  it('lock nothing that matters on small tables', () => {
    const tables = Object.fromEntries(['t', 'ref', 'child', 'dt', 'part', 'p2', 'p3', 'mv'].map((name) => [name, { small: true }]));
    const files = { 'migrations/1_a.sql': `-- +goose Up\n${setup}`, 'migrations/2_b.sql': OUTSIDE['migrations/2_b.sql'] };
    expect(statements.flatMap((sql) => silent(`${sql};`, { tables, files }))).toEqual([]);
  });

  it('lock nothing that matters on tables that came with them', () => {
    const files = { 'migrations/2_b.sql': `-- +goose NO TRANSACTION\n-- +goose Up\n${setup}\n¶` };
    expect(statements.flatMap((sql) => silent(`${sql};`, { files }))).toEqual([]);
  });
});

describe('CREATE INDEX ON ONLY', () => {
  const INDEX = 'CREATE INDEX events_id ON ONLY events (id);';

  it('builds nothing on a partitioned table', () => {
    expect(sightings(INDEX).has('index-not-concurrent')).toBe(false);
  });

  it('is taken at its word where the statement that made the table was not seen', () => {
    // The table comes back under its name in a way that nobody can read; all that is known of it is its trigger.
    const again = "DROP TABLE events CASCADE;\nDO $$ BEGIN EXECUTE format('ALTER TABLE %I RENAME TO events', 'events_new'); END $$;\nCREATE TRIGGER kept AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION keep();";
    const files = { 'migrations/1_a.sql': `-- +goose Up\n§\n-- +goose StatementBegin\n${again}\n-- +goose StatementEnd`, 'migrations/2_b.sql': '-- +goose Up\n¶' };
    expect(sightings(INDEX, { files }).has('index-not-concurrent')).toBe(false);
  });

  it('builds an index on a table that has no partitions', () => {
    only('index-not-concurrent', 'CREATE INDEX i ON ONLY users (email);');
  });
});
