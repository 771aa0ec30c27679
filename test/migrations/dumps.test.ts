import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { dumpsFor, isDumpPath, readDump } from '../../src/migrations/dumps/find-dumps.js';
import { rules } from '../../src/rules/registry.generated.js';
import { describeCatalog } from '../support/catalog/describe-catalog.js';
import { parseFixture } from '../rules/fixture.js';
import { runFixture } from '../rules/run-fixture.js';

/** What the dump at a path says, one line an object. */
function said(path: string, text: string, history: string): string[] {
  const [dump] = dumpsFor([path], history);
  if (dump === undefined) throw new Error(`${path} is no dump of ${history}`);
  return [...describeCatalog(readDump(dump, new Map([[path, text]])))].map(([key, what]) => `${key}: ${what}`).filter((line) => !line.startsWith('schema public')).sort();
}

beforeAll(loadSql);

describe('pg_dump', () => {
  it('is read with its own settings, types and owned sequences', () => {
    const text = [
      '\\restrict abc', "SET statement_timeout = 0;", "SELECT pg_catalog.set_config('search_path', '', false);", 'CREATE TYPE public.mood AS ENUM (', "    'ok',", "    'sad'", ');',
      'CREATE TABLE public.users (', '    id bigint NOT NULL,', '    mood public.mood DEFAULT \'ok\'::public.mood,', '    email character varying(120)', ');',
      'CREATE SEQUENCE public.users_id_seq', '    START WITH 1;', 'ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;',
      "ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);", 'ALTER TABLE ONLY public.users\n    ADD CONSTRAINT users_pkey PRIMARY KEY (id);',
      'CREATE UNIQUE INDEX users_email ON public.users USING btree (email);', 'COPY public.schema_migrations (version) FROM stdin;', '1', '\\.', "INSERT INTO \"schema_migrations\" (version) VALUES ('1');",
    ].join('\n');
    expect(said('db/structure.sql', text, 'db/migrate')).toEqual([
      'column public.users.email: #3 varchar(120)',
      'column public.users.id: #1 int8 not null default',
      'column public.users.mood: #2 mood default',
      'constraint public.users users_pkey: primary-key (id)',
      'enum public.mood: ok,sad',
      'index public.users_email: on public.users btree (email) unique',
      'index public.users_pkey: on public.users btree (id) unique constraint users_pkey',
      'sequence public.users_id_seq: of public.users.id',
      'table public.users: permanent',
    ]);
  });
});

const RAILS = `# This file is auto-generated from the current state of the database.
ActiveRecord::Schema[7.1].define(version: 2024_05_01_120000) do
  # These are extensions that must be enabled in order to support this database
  enable_extension "plpgsql"

  create_enum "state", ["draft", "it's \\"done\\""]

  create_table "companies", id: :uuid, default: -> { "gen_random_uuid()" }, force: :cascade do |t|
    t.string "name", limit: 80, default: "x", null: false
    t.datetime "created_at", null: false
    t.datetime "updated_at", precision: nil
    t.index "lower((name)::text)", name: "index_companies_on_lower_name", unique: true
  end

  create_table "people", force: :cascade do |t|
    t.uuid "company_id", null: false
    t.integer "age", limit: 2
    t.integer "big", limit: 8
    t.decimal "wage", precision: 10, scale: 2
    t.string "tags", default: [], array: true
    t.jsonb "settings", default: {}, null: false
    t.enum "state", default: "draft", null: false, enum_type: "state"
    t.virtual "upper_name", type: :string, as: "upper('x'::text)", stored: true
    t.timestamptz "seen_at"
    t.index ["company_id", "age"], name: "index_people_on_company", where: "(age > 3)", order: { age: :desc }, include: ["big"]
    t.check_constraint "age > 0", name: "age_positive", validate: false
    t.unique_constraint ["big"], deferrable: :deferred, name: "big_once"
  end

  create_table "memberships", primary_key: ["company_id", "person_id"], force: :cascade do |t|
    t.uuid "company_id", null: false
    t.bigint "person_id", null: false
  end

  create_table "links", id: false, force: :cascade do |t|
    t.bigint "person_id"
  end

  create_view "grown_ups", sql_definition: <<-SQL
      SELECT people.id FROM people WHERE people.age > 17;
  SQL
  add_foreign_key "memberships", "people"
  add_foreign_key "people", "companies", on_delete: :cascade, validate: false
  add_foreign_key "links", "people", column: "person_id", name: "links_fk"
end
`;

describe('schema.rb', () => {
  it('is read without Ruby: keys, types, defaults, indexes, constraints, views', () => {
    expect(said('db/schema.rb', RAILS, 'db/migrate')).toEqual([
      'column public.companies.created_at: #3 timestamp(6) not null',
      'column public.companies.id: #1 uuid not null default',
      'column public.companies.name: #2 varchar(80) not null default',
      'column public.companies.updated_at: #4 timestamp',
      'column public.links.person_id: #1 int8',
      'column public.memberships.company_id: #1 uuid not null',
      'column public.memberships.person_id: #2 int8 not null',
      'column public.people.age: #3 int2',
      'column public.people.big: #4 int8',
      'column public.people.company_id: #2 uuid not null',
      'column public.people.id: #1 int8 not null default',
      'column public.people.seen_at: #10 timestamptz(6)',
      'column public.people.settings: #7 jsonb not null default',
      'column public.people.state: #8 state not null default',
      'column public.people.tags: #6 varchar[] default',
      'column public.people.upper_name: #9 varchar generated stored',
      'column public.people.wage: #5 numeric(10,2)',
      'constraint public.companies companies_pkey: primary-key (id)',
      'constraint public.links links_fk: foreign-key (person_id) -> public.people (id) no-action no-action simple',
      'constraint public.memberships fk_rails_092b9b8356: foreign-key (person_id) -> public.people (id) no-action no-action simple',
      'constraint public.memberships memberships_pkey: primary-key (company_id,person_id)',
      'constraint public.people age_positive: check (age) not valid',
      'constraint public.people big_once: unique (big) deferrable',
      'constraint public.people fk_rails_3f14afd23d: foreign-key (company_id) -> public.companies (id) cascade no-action simple not valid',
      'constraint public.people people_pkey: primary-key (id)',
      'enum public.state: draft,it\'s "done"',
      'index public.big_once: on public.people btree (big) unique constraint big_once',
      'index public.companies_pkey: on public.companies btree (id) unique constraint companies_pkey',
      'index public.index_companies_on_lower_name: on public.companies btree (*) unique',
      'index public.index_people_on_company: on public.people btree (company_id,age) include (big) partial',
      'index public.memberships_pkey: on public.memberships btree (company_id,person_id) unique constraint memberships_pkey',
      'index public.people_pkey: on public.people btree (id) unique constraint people_pkey',
      'output public.grown_ups.id: int8',
      'outputs public.grown_ups: id',
      'sequence public.people_id_seq: of public.people.id',
      'table public.companies: permanent',
      'table public.links: permanent',
      'table public.memberships: permanent',
      'table public.people: permanent',
      'uses public.grown_ups: public.people.age,public.people.id',
      'view public.grown_ups: reads public.people',
    ]);
  });
});

const PRISMA = `
datasource db {
  provider = "postgresql" // the database
  url      = env("DATABASE_URL")
}

enum Role {
  ADMIN
  USER  @map("user")
  @@map("roles")
}

model User {
  id        Int      @id @default(autoincrement())
  email     String   @unique @db.VarChar(120)
  role      Role     @default(USER)
  note      String?  @map("remark") // "quoted
  balance   Decimal  @default(0) @db.Decimal(10, 2)
  createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(6)
  tags      String[]
  point     Unsupported("point")?
  posts     Post[]

  @@index([role, createdAt(sort: Desc)])
  @@map("users")
}

model Post {
  id       String @id(map: "post_key") @default(uuid()) @db.Uuid
  author   User?  @relation(fields: [authorId], references: [id], onDelete: Cascade)
  authorId Int?   @map("author_id")
  slug     String
  @@unique([authorId, slug], map: "one_slug")
}
`;

describe('schema.prisma', () => {
  it('is read with its names in the database, defaults and relations', () => {
    expect(said('prisma/schema.prisma', PRISMA, 'prisma/migrations')).toEqual([
      'column public.Post.author_id: #2 int4',
      'column public.Post.id: #1 uuid not null',
      'column public.Post.slug: #3 text not null',
      'column public.users.balance: #5 numeric(10,2) not null default',
      'column public.users.created_at: #6 timestamptz(6) not null default',
      'column public.users.email: #2 varchar(120) not null',
      'column public.users.id: #1 int4 not null default',
      'column public.users.point: #8 point',
      'column public.users.remark: #4 text',
      'column public.users.role: #3 roles not null default',
      'column public.users.tags: #7 text[]',
      'constraint public.Post Post_author_id_fkey: foreign-key (author_id) -> public.users (id) cascade cascade simple',
      'constraint public.Post post_key: primary-key (id)',
      'constraint public.users users_pkey: primary-key (id)',
      'enum public.roles: ADMIN,user',
      'index public.one_slug: on public.Post btree (author_id,slug) unique',
      'index public.post_key: on public.Post btree (id) unique constraint post_key',
      'index public.users_email_key: on public.users btree (email) unique',
      'index public.users_pkey: on public.users btree (id) unique constraint users_pkey',
      'index public.users_role_created_at_idx: on public.users btree (role,created_at)',
      'sequence public.users_id_seq: of public.users.id',
      'table public.Post: permanent',
      'table public.users: permanent',
    ]);
  });

  it('says nothing where the database is another', () => {
    expect(said('prisma/schema.prisma', PRISMA.replace('postgresql', 'mysql'), 'prisma/migrations')).toEqual([]);
  });
});

const DRIZZLE_7 = {
  version: '7', dialect: 'postgresql', schemas: { app: 'app' }, enums: { 'public.mood': { name: 'mood', schema: 'public', values: ['ok', 'sad'] } },
  tables: {
    'public.users': {
      name: 'users', schema: '',
      columns: { id: { name: 'id', type: 'integer', primaryKey: true, notNull: true, identity: { type: 'always' } }, mood: { name: 'mood', type: 'mood', typeSchema: 'public', primaryKey: false, notNull: true, default: "'ok'" }, tags: { name: 'tags', type: 'text[]', primaryKey: false, notNull: false } },
      indexes: { by_mood: { name: 'by_mood', columns: [{ expression: 'mood', isExpression: false, asc: false, nulls: 'last' }, { expression: 'lower("tags"[1])', isExpression: true, asc: true }], isUnique: false, method: 'btree', where: '"users"."id" > 3' } },
      foreignKeys: {}, compositePrimaryKeys: {}, uniqueConstraints: { users_tags_unique: { name: 'users_tags_unique', nullsNotDistinct: false, columns: ['tags'] } }, checkConstraints: { positive: { name: 'positive', value: '"users"."id" > 0' } },
    },
    'app.posts': {
      name: 'posts', schema: 'app', columns: { a: { name: 'a', type: 'integer', primaryKey: false, notNull: true }, b: { name: 'b', type: 'integer', primaryKey: false, notNull: true } }, indexes: {}, uniqueConstraints: {}, checkConstraints: {},
      foreignKeys: { fk: { name: 'posts_a_users_id_fk', tableFrom: 'posts', tableTo: 'users', columnsFrom: ['a'], columnsTo: ['id'], onDelete: 'cascade', onUpdate: 'no action' } }, compositePrimaryKeys: { pk: { name: 'posts_pk', columns: ['a', 'b'] } },
    },
  },
};

const of = (entityType: string, rest: object): object => ({ entityType, schema: 'public', ...rest });
const DRIZZLE_8 = {
  version: '8', dialect: 'postgres',
  ddl: [
    of('enums', { name: 'mood', values: ['ok'] }), of('tables', { name: 'users', isRlsEnabled: false }), of('tables', { name: 'posts' }),
    of('columns', { table: 'users', name: 'id', type: 'serial', typeSchema: null, notNull: true, dimensions: 0, default: null }), of('columns', { table: 'users', name: 'mood', type: 'mood', typeSchema: 'public', notNull: false, dimensions: 1, default: null }),
    of('columns', { table: 'posts', name: 'user', type: 'integer', notNull: true, dimensions: 0, default: '1' }), of('pks', { table: 'users', name: 'users_pkey', columns: ['id'] }), of('uniques', { table: 'posts', name: 'one', columns: ['user'] }),
    of('fks', { table: 'posts', name: 'posts_fk', columns: ['user'], schemaTo: 'public', tableTo: 'users', columnsTo: ['id'], onDelete: 'SET NULL', onUpdate: 'NO ACTION' }), of('checks', { table: 'posts', name: 'c', value: '"user" > 0' }),
    of('indexes', { table: 'posts', name: 'i', columns: [{ value: 'user', isExpression: false, asc: true }], isUnique: true, method: 'btree', where: null }),
  ],
};

describe('drizzle snapshots', () => {
  it('are read table by table', () => {
    expect(said('drizzle/meta/0003_snapshot.json', JSON.stringify(DRIZZLE_7), 'drizzle')).toEqual([
      'column app.posts.a: #1 int4 not null',
      'column app.posts.b: #2 int4 not null',
      'column public.users.id: #1 int4 not null identity always',
      'column public.users.mood: #2 mood not null default',
      'column public.users.tags: #3 text[]',
      'constraint app.posts posts_a_users_id_fk: foreign-key (a) -> public.users (id) cascade no-action simple',
      'constraint app.posts posts_pk: primary-key (a,b)',
      'constraint public.users positive: check (id)',
      'constraint public.users users_pkey: primary-key (id)',
      'constraint public.users users_tags_unique: unique (tags)',
      'enum public.mood: ok,sad',
      'index app.posts_pk: on app.posts btree (a,b) unique constraint posts_pk',
      'index public.by_mood: on public.users btree (mood,*) partial',
      'index public.users_pkey: on public.users btree (id) unique constraint users_pkey',
      'index public.users_tags_unique: on public.users btree (tags) unique constraint users_tags_unique',
      'schema app: ',
      'sequence public.users_id_seq: of public.users.id',
      'table app.posts: permanent',
      'table public.users: permanent',
    ]);
  });

  it('are read as a list of all there is', () => {
    expect(said('drizzle/20250101_x/snapshot.json', JSON.stringify(DRIZZLE_8), 'drizzle')).toEqual([
      'column public.posts.user: #1 int4 not null default',
      'column public.users.id: #1 int4 not null default',
      'column public.users.mood: #2 mood[]',
      'constraint public.posts c: check (user)',
      'constraint public.posts one: unique (user)',
      'constraint public.posts posts_fk: foreign-key (user) -> public.users (id) set-null no-action simple',
      'constraint public.users users_pkey: primary-key (id)',
      'enum public.mood: ok',
      'index public.i: on public.posts btree (user) unique',
      'index public.one: on public.posts btree (user) unique constraint one',
      'index public.users_pkey: on public.users btree (id) unique constraint users_pkey',
      'sequence public.users_id_seq: of public.users.id',
      'table public.posts: permanent',
      'table public.users: permanent',
    ]);
  });
});

describe('which dump belongs to which migrations', () => {
  const chosen = (history: string, ...paths: readonly string[]): readonly string[] => dumpsFor(paths, history).flatMap((dump) => dump.paths);

  it('is the nearest of each kind', () => {
    expect(chosen('db/migrate', 'db/structure.sql', 'services/a/db/structure.sql')).toEqual(['db/structure.sql']);
    expect(chosen('services/a/db/migrate', 'db/structure.sql', 'services/a/db/schema.rb', 'services/b/db/schema.rb')).toEqual(['services/a/db/schema.rb']);
    expect(chosen('migrations', 'schema.sql')).toEqual(['schema.sql']);
    expect(chosen('supabase/migrations', 'supabase/schemas/a.sql', 'supabase/schemas/b.sql')).toEqual(['supabase/schemas/a.sql', 'supabase/schemas/b.sql']);
    expect(chosen('database/migrations', 'database/schema/pgsql-schema.sql')).toEqual(['database/schema/pgsql-schema.sql']);
    expect(chosen('prisma/migrations', 'prisma/schema/a.prisma', 'prisma/schema/b.prisma')).toEqual(['prisma/schema/a.prisma', 'prisma/schema/b.prisma']);
  });

  it('is the newest snapshot, and one database’s own', () => {
    expect(chosen('drizzle', 'drizzle/meta/0001_snapshot.json', 'drizzle/meta/0010_snapshot.json', 'other/meta/0099_snapshot.json')).toEqual(['drizzle/meta/0010_snapshot.json']);
    expect(chosen('db/animals_migrate', 'db/structure.sql', 'db/animals_structure.sql')).toEqual(['db/animals_structure.sql']);
    expect(chosen('db/migrate', 'db/structure.sql', 'db/animals_structure.sql')).toEqual(['db/structure.sql']);
    expect(chosen('a/migrations', 'b/schema.sql')).toEqual([]);
  });

  it('is no migration and nothing of somebody else’s', () => {
    expect(['migrations/0001_schema.sql', 'node_modules/x/schema.prisma', 'test/fixtures/schema.sql', 'src/schema.ts'].filter(isDumpPath)).toEqual([]);
  });
});

describe('a review where the history does not show all', () => {
  const found = async (...lines: readonly string[]): Promise<string[]> => {
    const { verdict } = await runFixture(parseFixture('migrations/set-not-null/bad.sql', `${lines.join('\n')}\n`), rules);
    expect(verdict.mishaps).toEqual([]);
    return verdict.entries.map(({ finding }) => `${finding.ruleId} ${finding.message}`).filter((each) => each.startsWith('migrations/set-not-null'));
  };
  const CHANGE = ['-- file: base/db/migrations/0100.sql', 'ALTER TABLE users ADD COLUMN nick text;', '-- file: db/migrations/0101.sql', 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;'];

  it('knows from the base’s dump what the history does not tell', async () => {
    expect(await found(...CHANGE)).toHaveLength(1);
    const proven = 'CREATE TABLE users (id bigint, email text, CONSTRAINT e CHECK (email IS NOT NULL));';
    expect(await found(...CHANGE, '-- file: base/db/structure.sql', proven)).toEqual([]);
  });

  it('does not believe the dump that the change itself brings', async () => {
    expect(await found(...CHANGE, '-- file: base/db/structure.sql', 'CREATE TABLE users (id bigint, email text);', '-- file: db/structure.sql', 'CREATE TABLE users (id bigint, email text NOT NULL);')).toHaveLength(1);
    expect(await found(...CHANGE, '-- file: db/structure.sql', 'CREATE TABLE users (id bigint, email text NOT NULL);')).toHaveLength(1);
  });

  it('replays the history on top of a dump that is older', async () => {
    const dropped = ['-- file: base/db/migrations/0100.sql', 'ALTER TABLE users DROP CONSTRAINT e;', '-- file: db/migrations/0101.sql', 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;'];
    expect(await found(...dropped, '-- file: base/db/structure.sql', 'CREATE TABLE users (id bigint, email text, CONSTRAINT e CHECK (email IS NOT NULL));')).toHaveLength(1);
  });

  it('takes what nobody tells of to exist', async () => {
    expect(await found('-- file: base/db/structure.sql', 'CREATE TABLE others (id bigint);', '-- file: db/migrations/0101.sql', 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;')).toHaveLength(1);
  });
});
