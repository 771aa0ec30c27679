import { bare, type Maker } from './pick.js';

/** Foreign keys between partitioned tables, and to themselves. */
const linked: Maker = (pick) => {
  const { chance } = pick;
  return chance.one([
    'alter table shards add foreign key (bucket_id) references buckets(id)',
    'alter table shards add constraint shards_again foreign key (bucket_id) references buckets(id) not valid',
    'alter table shards drop constraint shards_bucket', 'alter table shards drop constraint if exists shards_bucket cascade',
    'alter table tree add column top bigint references tree(id)', 'alter table tree drop column parent', 'alter table tree drop constraint tree_parent',
    'alter table shards validate constraint shards_bucket', 'drop table shards', 'drop table tree', 'truncate tree', 'truncate buckets', 'truncate buckets cascade', 'truncate shards, buckets, buckets_user',
    'alter table shards detach partition shards_1', 'alter table shards attach partition shards_free for values from (200) to (300)', 'create table shards_next partition of shards for values from (300) to (400)',
    'create table shards_rest partition of shards default', 'alter table shards add unique (id)', 'alter table shards add unique (id, bucket_id)', 'alter table shards alter column bucket_id type integer', 'alter table shards alter column bucket_id set not null',
    'alter table buckets drop constraint buckets_pkey', 'alter table buckets drop constraint buckets_pkey cascade', 'alter table buckets alter column id type integer', 'alter table tree alter column parent type integer',
    'create table shard_notes (id bigint, shard bigint references shards(id))', 'create table tree_notes (id bigint, node bigint references tree(id))', 'alter table tree rename to trees', 'alter table shards_0 rename to shards_zero', 'alter table shards_0 set schema app',
    'delete from tree where id = 5', 'update tree set parent = null', 'update shards set bucket_id = 1 where id = 5', 'alter table shards_0 add check (id >= 0)', 'alter table only shards add check (id >= 0)', 'drop table shards_1', 'create index on shards_0 (bucket_id)', 'create index on shards (bucket_id)',
    `alter table shards set (fillfactor = 70)`, 'alter table shards_0 set (fillfactor = 70)', 'alter table shards owner to current_user', 'alter table shards enable row level security', 'alter table shards replica identity full', 'alter table shards set unlogged', 'alter table shards cluster on shards_pkey', 'cluster shards using shards_pkey', 'reindex index shards_bucket_ix', 'reindex table shards_0', 'drop index shards_bucket_ix', 'alter index shards_bucket_ix rename to x', 'comment on table shards is $$x$$', 'alter table shards rename column bucket_id to b',
  ]);
};

/** A default partition whose CHECK rules out the rows of a new one, or does not. */
const fallbacks: Maker = (pick) =>
  pick.chance.one([
    "create table years_2026 partition of years for values from ('2026-01-01') to ('2027-01-01')", "create table years_2040 partition of years for values from ('2040-01-01') to ('2041-01-01')",
    "alter table years attach partition years_free for values from ('2025-01-01') to ('2026-01-01')", "create table kinds_c partition of kinds for values in ('c')", "create table kinds_d partition of kinds for values in ('d', 'e')",
    "alter table kinds attach partition kinds_free for values in ('f')", 'alter table years detach partition years_rest', 'drop table years_rest', 'alter table kinds add column z integer', "create table kinds_null partition of kinds for values in (null)", 'alter table years_rest drop constraint late', 'alter table kinds_rest alter column kind set not null',
    "create table kinds_g partition of kinds for values in ('g') partition by range (id)", 'create table years_hash partition of years default', 'truncate years', "alter table kinds_free add check (kind = 'f')",
  ]);

/** Defaults and checks that call functions of the history. */
const called: Maker = (pick) => {
  const table = pick.plain();
  const call = pick.chance.one(['random_code()', 'stable_code()', 'fixed_code(3)', 'inlined_code()', 'inlined_random()', 'wide_code()', 'strict_code(1)', 'set_code()', 'public.random_code()', 'random_code() + 1', 'coalesce(random_code(), 1)', 'case when true then random_code() else 0 end', 'defined_code()', 'table_code()', 'inlined_twice()', 'stable_sql()', 'with_default()']);
  return pick.chance.one([
    `alter table ${table.name} add column ${pick.fresh()} float8 default ${call}`, `alter table ${table.name} add column ${pick.fresh()} float8 not null default ${call}`, `alter table ${table.name} alter column id set default ${call}`, `alter table ${table.name} add column if not exists ${pick.fresh()} bigint default ${call}`,
  ]);
};

const enforcement: Maker = (pick) => {
  const { chance, shape } = pick;
  const table = chance.one(shape.tables.filter((each) => each.constraints.some((one) => one.type === 'f' || one.type === 'c')));
  const constraint = chance.one(table.constraints.filter((one) => one.type === 'f' || one.type === 'c' || one.type === 'n'));
  return chance.one([
    `alter table ${table.name} alter constraint ${constraint.name} not enforced`, `alter table ${table.name} alter constraint ${constraint.name} enforced`, 'alter table lax alter constraint lax_users enforced', 'alter table lax add constraint lax_more foreign key (user_id) references users(id) not enforced', 'alter table lax add check (id > 5) not enforced', 'alter table lax validate constraint lax_users', 'alter table lax alter constraint lax_check enforced',
    `alter table ${table.name} alter constraint ${constraint.name} no inherit`, `alter table ${table.name} alter constraint ${constraint.name} inherit`, `alter table ${table.name} alter constraint ${constraint.name} deferrable initially deferred`,
  ]);
};

const composites: Maker = (pick) =>
  pick.chance.one([
    'alter table wrapped alter column one type text', 'alter table wrapped alter column many type text[]', 'alter table wrapped alter column moods type text[] using moods::text[]', 'alter table wrapped alter column moods type varchar(10)[]', "alter table wrapped add column z mood[] default '{ok}'", "alter table wrapped add column z positive[] default '{1}'", "alter table wrapped add column z pair default '(1,x)'", 'alter table wrapped add column z positive_pair', "alter table wrapped add column z positive_pair default '(1,1)'",
    'alter domain positive add check (value < 1000000000)', 'alter domain short_text add check (value <> $$q$$)', 'alter type pair add attribute w text', 'alter type pair add attribute w text cascade', 'alter type pair alter attribute x type bigint', 'alter type pair drop attribute y cascade', 'drop type pair', 'drop type positive_pair cascade', 'drop type mood', 'drop type mood cascade', 'drop domain positive', 'drop domain positive cascade', 'alter domain inner_text set not null', 'alter domain outer_text add check (length(value) < 100)', 'alter domain inner_text add check (length(value) < 100)',
    'alter table wrapped alter column texts type outer_text', 'alter table wrapped alter column texts type inner_text', 'alter table wrapped alter column texts type text', 'alter table wrapped add column z outer_text', "alter table wrapped add column z free_text default 'x'", 'alter table wrapped alter column plain type free_text', 'alter table wrapped alter column plain type outer_text', 'alter domain outer_text drop not null', 'alter domain inner_text drop constraint inner_text_check', 'alter table wrapped alter column texts set not null', 'create table typed of pair', 'create table typed of pair (primary key (x))', 'alter table wrapped add constraint one_set check ((one).x > 0)', 'create index on wrapped using gin (many)', 'create index on wrapped (moods)', 'create index on wrapped using gist (span)', 'alter table wrapped add exclude using gist (span with &&)', 'alter table wrapped alter column span type int8range using null',
  ]);

const sessions: Maker = (pick) => {
  const table = pick.plain();
  return pick.chance.one([
    'set local search_path = sales, public', 'set search_path = app', 'set search_path to "$user", public', 'reset search_path', "set timezone = 'America/New_York'", 'savepoint one', 'rollback to savepoint one', 'release savepoint one', 'create temp table scratch (id integer primary key, t text)', 'create index on scratch (t)', 'alter table scratch add column z integer not null default 3', 'insert into scratch values (1)', 'drop table scratch', `create temp table taken as select * from ${table.name}`, 'set constraints all immediate', 'set constraints all deferred', "select set_config('search_path', 'sales', true)",
    'create table newborn (id bigint primary key, t text)', 'create index newborn_t on newborn (t)', 'alter table newborn alter column t set not null', `alter table newborn add foreign key (id) references ${table.name}(id)`, 'alter table newborn rename to grown', 'insert into newborn select g from generate_series(1, 5) g', 'alter table newborn add column z float8 default random()', 'drop table newborn', 'create table app.newborn (id bigint primary key)', 'create index on app.newborn (id)', 'alter table grown alter column id type integer',
    `create table ${table.schema}.copied as select * from ${table.name}`, `create index on ${table.schema}.copied (id)`, 'create schema fresh_schema create table inside (id int primary key)', 'alter table fresh_schema.inside add z int', 'create event trigger watch on ddl_command_end execute procedure watched()', 'drop event trigger if exists watch', 'create extension if not exists pgcrypto', 'alter table if exists newborn set schema app', 'comment on schema sales is $$x$$',
    `alter table ${table.name} set tablespace no_such_space`, `create index concurrently on ${table.name} (id)`, `drop index concurrently if exists no_such_index`, `vacuum ${table.name}`, `reindex table concurrently ${table.name}`, 'begin', 'create database nothing', 'alter system set work_mem = 100',
  ]);
};

const counted: Maker = (pick) => {
  const table = pick.table();
  const column = pick.column(table).name;
  return pick.chance.one([
    `select max(id) from ${table.name}`, `select min(id), max(id) from ${table.name}`, `select ${column} from ${table.name} order by id limit 5`, `select coalesce(max(id), 0) + 1 from ${table.name}`, `select setval('loose_seq', (select max(id) from ${table.name}))`, `select setval('loose_seq', coalesce(max(id), 1)) from ${table.name}`, `select max(${column}) from ${table.name}`, `select 1 from ${table.name} where id = 3 for update`, `select id from ${table.name} where id = 4`, `select id from ${table.name} where id in (1, 2)`, `select id from ${table.name} where id between 3 and 5`, `select count(*) from ${table.name} where id < 3`,
    `insert into ${table.name} select * from ${table.name} where false`, `update ${table.name} set ${column} = ${column} where id = 5 and ${column} is null`, `update ${table.name} set ${column} = null where id = any (array[1, 2])`, `delete from ${table.name} where id = (select 3)`, `delete from only ${table.name} where id = 1 or id = 2`, `copy ${table.name} to '/dev/null'`, `copy (select 1 from ${table.name}) to '/dev/null'`,
  ]);
};

const leftovers: Maker = (pick) => {
  const { chance, shape } = pick;
  const table = pick.table();
  const plain = pick.plain();
  const index = table.indexes.length > 0 ? bare(chance.one(table.indexes).name) : 'no_such_index';
  const statistics = shape.statistics.length > 0 ? chance.one(shape.statistics) : 'app.no_such_statistics';
  return chance.one([
    `drop statistics ${statistics}`, `drop statistics if exists app.nothing`, `alter statistics ${statistics} set schema app`, `alter statistics ${statistics} owner to current_user`, `comment on statistics ${statistics} is 'x'`,
    `alter table ${table.name} rename constraint nowhere to x`, `alter table ${table.name} cluster on ${index}`, `alter table ${table.name} replica identity using index ${index}`, `alter index if exists nothing rename to x`, `alter table ${plain.name} inherit vehicles`, `create table ${pick.fresh()} () inherits (${plain.name})`, `create table ${pick.fresh()} (extra integer) inherits (${plain.name})`, `alter table ${table.name} of pair`, `alter table ${plain.name} not of`,
    `create view ${pick.fresh()} as select * from ${plain.name}`, `create or replace view ${pick.fresh()} with (security_barrier) as select id from ${plain.name} with check option`, `create materialized view ${pick.fresh()} as select id, count(*) from ${plain.name} group by id with no data`, `create recursive view ${pick.fresh()} (n) as values (1) union all select n + 1 from ${pick.fresh()} where n < 3`,
    `alter sequence loose_seq rename to other_seq`, `create sequence ${pick.fresh()} start 5 owned by ${plain.name}.id`, `alter table ${plain.name} alter column id drop default`, `alter table ${plain.name} alter column id add generated always as identity`, `alter table ${plain.name} alter column id drop identity`, `alter table ${plain.name} alter column id set generated by default restart 100`,
    `create trigger ${pick.fresh()} after update of id on ${plain.name} for each row when (old.id is distinct from new.id) execute procedure touch()`, `create trigger ${pick.fresh()} after insert on ${plain.name} referencing new table as added for each statement execute procedure touch()`, `alter trigger no_such on ${plain.name} rename to x`, `alter function touch() rename to touched`, `drop function touch() cascade`, `drop function touch()`, `create or replace function touch() returns trigger language plpgsql as $$ begin return null; end $$`,
    `create policy ${pick.fresh()} on ${plain.name} for insert to public with check (id > 0)`, `alter table ${plain.name} force row level security, enable row level security`, `grant all on all tables in schema public to public`, `revoke select on ${plain.name} from public`, `alter default privileges grant select on tables to public`, `security label on table ${plain.name} is 'x'`,
    `alter table ${plain.name} drop constraint if exists nothing, drop column if exists nothing, add column ${pick.fresh()} text`, `alter table ${plain.name} alter column id set not null, add unique (id)`, `alter table ${plain.name} drop column if exists id cascade, add column id bigserial`, `alter table ${plain.name} add column ${pick.fresh()} text, alter column id set statistics 100, add check (id > -5) not valid`,
    `alter publication some_tables set table ${plain.name}`, `alter publication some_tables rename to others`, `alter publication some_tables owner to current_user`, `create publication ${pick.fresh()} for table ${plain.name} where (id > 5)`, `create publication ${pick.fresh()} for table ${plain.name} (id)`,
    `create unlogged table ${pick.fresh()} (like ${plain.name} including indexes)`, `create table ${pick.fresh()} (like ${plain.name} including constraints including defaults)`, `select * into ${pick.fresh()} from ${plain.name} where id < 5`, `create foreign table ${pick.fresh()} (id int) server nowhere`, `import foreign schema x from server nowhere into app`,
  ]);
};

export const ELSEWHERE: readonly (readonly [number, Maker])[] = [
  [7, linked],
  [4, fallbacks],
  [4, called],
  [3, enforcement],
  [6, composites],
  [8, sessions],
  [5, counted],
  [8, leftovers],
];
