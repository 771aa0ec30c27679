import { bare, type Maker } from './pick.js';

const enums: Maker = (pick) => {
  const { chance, shape } = pick;
  const type = chance.one(shape.enums);
  const value = chance.one(type.values);
  return chance.one([
    `alter type ${type.name} add value 'fresh'`, `alter type ${type.name} add value if not exists '${value}'`, `alter type ${type.name} add value '${value}'`, `alter type ${type.name} add value 'before' before '${value}'`, `alter type ${type.name} add value 'x' after 'no such'`,
    `alter type ${type.name} rename value '${value}' to 'renamed'`, `alter type ${type.name} rename value 'no such' to 'y'`, `alter type ${type.name} rename to ${pick.fresh()}`, `alter type ${type.name} set schema app`, `alter type ${type.name} owner to current_user`, `create type ${pick.fresh()} as enum ('a')`, `comment on type ${type.name} is 'x'`, `create type ${type.name} as enum ('a')`,
    `alter type pair add attribute z integer${pick.often(0.5, 'cascade')}`, 'alter type pair rename attribute x to xx', 'alter type pair drop attribute y', `create type ${pick.fresh()} as (a integer, b ${type.name})`,
  ]);
};

const domains: Maker = (pick) => {
  const { chance, shape } = pick;
  const domain = chance.one(shape.domains);
  return chance.one([
    `alter domain ${domain} add constraint ${pick.fresh()} check (value is not null or value is null)`, `alter domain ${domain} add check (value::text <> 'zzz')`, `alter domain ${domain} add constraint ${pick.fresh()} check (value is null or value is not null) not valid`,
    `alter domain ${domain} set not null`, `alter domain ${domain} drop not null`, `alter domain ${domain} set default null`, `alter domain ${domain} drop default`, `alter domain ${domain} rename to ${pick.fresh()}`, `alter domain ${domain} set schema app`,
    `alter domain positive drop constraint positive_check`, 'alter domain positive validate constraint positive_check', `create domain ${pick.fresh()} as ${domain} check (value is not null)`, `alter domain if exists nothing drop constraint x`.replace(' if exists', ''), `alter domain ${domain} drop constraint if exists nothing`, `comment on domain ${domain} is 'x'`, `alter domain ${domain} owner to current_user`,
  ]);
};

const triggers: Maker = (pick) => {
  const { chance } = pick;
  const table = pick.table();
  const trigger = table.triggers.length > 0 ? chance.one(table.triggers) : 'no_such_trigger';
  return chance.one([
    `create trigger ${pick.fresh()} before insert or update on ${table.name} for each row execute procedure touch()`, `create trigger ${pick.fresh()} after delete on ${table.name} for each statement execute procedure touch()`, `create constraint trigger ${pick.fresh()} after insert on ${table.name} deferrable for each row execute procedure touch()`,
    `create constraint trigger ${pick.fresh()} after insert on ${table.name} from ${pick.plain().name} deferrable for each row execute procedure touch()`, `create or replace trigger ${trigger} before update on ${table.name} for each row execute procedure touch()`, `create trigger ${trigger} before update on ${table.name} for each row execute procedure touch()`,
    `drop trigger ${trigger} on ${table.name}`, `drop trigger if exists ${trigger} on ${table.name}`, 'drop trigger if exists nothing on no_such_table', `drop trigger if exists nothing on ${table.name}`, `comment on trigger ${trigger} on ${table.name} is 'x'`,
    `create trigger ${pick.fresh()} before truncate on ${table.name} execute procedure touch()`,
  ]);
};

const policies: Maker = (pick) => {
  const { chance } = pick;
  const table = pick.table();
  const policy = table.policies.length > 0 ? chance.one(table.policies) : 'no_such_policy';
  const rule = table.rules.length > 0 ? chance.one(table.rules) : 'no_such_rule';
  return chance.one([
    `create policy ${pick.fresh()} on ${table.name} for select using (true)`, `create policy ${pick.fresh()} on ${table.name} using (id in (select id from ${pick.plain().name}))`, `drop policy if exists ${policy} on ${table.name}`, `alter policy ${policy} on ${table.name} rename to ${pick.fresh()}`, `comment on policy ${policy} on ${table.name} is 'x'`,
    `create rule ${pick.fresh()} as on update to ${table.name} do instead nothing`, `create or replace rule ${pick.fresh()} as on insert to ${table.name} do also delete from ${pick.plain().name}`, `drop rule ${rule} on ${table.name}`, `drop rule if exists ${rule} on ${table.name}`, `alter rule ${rule} on ${table.name} rename to ${pick.fresh()}`,
  ]);
};

const sequences: Maker = (pick) => {
  const { chance, shape } = pick;
  const sequence = chance.one(shape.sequences);
  const table = pick.plain();
  return chance.one([
    `create sequence ${pick.fresh()}`, `create sequence ${pick.fresh()} owned by ${table.name}.${pick.column(table).name}`, `create sequence if not exists ${sequence}`, `alter sequence ${sequence} restart`, `alter sequence ${sequence} increment 2`, `alter sequence ${sequence} owned by none`, `alter sequence loose_seq owned by ${chance.one(shape.tables.filter((each) => each.schema === 'public' && each.kind === 'r')).name}.id`,
    `alter sequence ${sequence} rename to ${pick.fresh()}`, `alter sequence ${sequence} set schema app`, `alter sequence ${sequence} as bigint`, `select setval('${sequence}', 50)`, `select nextval('${sequence}')`, `comment on sequence ${sequence} is 'x'`, `alter sequence if exists nothing restart`, `alter sequence ${sequence} owner to current_user`, `grant usage on sequence ${sequence} to public`,
    `alter sequence ${sequence} set logged`,
  ]);
};

const functions: Maker = (pick) => {
  const { chance } = pick;
  const name = pick.fresh();
  return chance.one([
    `create function ${name}() returns integer language sql as 'select 1'`, `create or replace function stable_code() returns integer language plpgsql stable as $$ begin return 8; end $$`, `create function ${name}() returns bigint language sql as $$ select count(*) from ${pick.plain().name} $$`, `alter function touch() owner to current_user`, `alter function stable_code() immutable`, `comment on function touch() is 'x'`, `alter function stable_code() rename to ${name}`, 'drop function if exists nothing()', `create procedure ${name}() language sql as 'select 1'`,
    `create extension if not exists pg_trgm`, `create schema ${name}`, 'create schema if not exists app', 'alter schema app rename to apps', 'comment on schema app is $$x$$', 'grant usage on schema app to public', 'grant select on all tables in schema app to public', 'set search_path = app, public', "set lock_timeout = '5s'", 'reset all', 'create role r_fresh', 'alter default privileges in schema app grant select on tables to public', 'discard plans', 'select 1', 'show search_path', "select set_config('a.b', 'c', true)",
  ]);
};

const misc: Maker = (pick) => {
  const { chance, shape } = pick;
  const table = pick.table();
  const column = pick.column(table);
  const statistics = shape.statistics.length > 0 ? chance.one(shape.statistics) : 'no_such_statistics';
  return chance.one([
    `comment on table ${table.name} is 'x'`, `comment on column ${table.name}.${column.name} is 'y'`, ...(table.constraints.length > 0 ? [`comment on constraint ${chance.one(table.constraints).name} on ${table.name} is 'z'`] : []),
    `grant select, insert on ${table.name} to public`, `revoke all on table ${table.name} from public`, `grant select (${column.name}) on ${table.name} to public`, `analyze ${table.name}`, `analyze ${table.name} (${column.name})`, `lock table ${table.name} in ${chance.one(['share', 'row exclusive', 'access exclusive', 'share update exclusive', 'exclusive', 'share row exclusive'])} mode`, `lock ${table.name}`, `cluster ${table.name}`,
    `create statistics ${pick.fresh()} on ${column.name}, ${pick.column(table).name} from ${table.name}`, `alter statistics ${statistics} rename to ${bare(pick.fresh())}`, `alter statistics ${statistics} set statistics 10`,
    `alter publication some_tables add table ${table.name}`, `alter publication some_tables drop table pairs`, `create publication ${pick.fresh()} for table ${table.name}, ${pick.plain().name}`, `create publication ${pick.fresh()} for all tables`, 'drop publication some_tables', `alter publication some_tables set (publish = 'insert')`, `create publication ${pick.fresh()} for tables in schema app`,
    `alter table ${table.name} alter column nowhere set not null`, 'alter table no_such_table add column x integer', `insert into no_such_table values (1)`, `create index on no_such_table (id)`, `alter table if exists no_such_table add x integer`, `alter table ${table.name} add column id integer`, `alter table ${table.name} add column if not exists id integer`, `create index on ${table.name} (nowhere)`, `alter table ${table.name} drop constraint no_such_constraint`, `alter table ${table.name} rename column nowhere to x`, `alter table ${table.name} rename to ${bare(pick.table().name)}`,
  ]);
};

export const PROGRAMS: readonly (readonly [number, Maker])[] = [
  [4, enums],
  [5, domains],
  [5, triggers],
  [4, policies],
  [4, sequences],
  [3, functions],
  [9, misc],
];
