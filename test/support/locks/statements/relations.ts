import { bare, type Maker, type Pick } from './pick.js';

function key(pick: Pick): string {
  const { chance } = pick;
  return chance.one(['id bigint primary key', 'id bigserial', 'id bigint generated always as identity', 'id uuid default gen_random_uuid()']);
}

const createTable: Maker = (pick) => {
  const { chance } = pick;
  const target = pick.table();
  const name = chance.maybe(0.2) ? `app.${pick.fresh()}` : pick.fresh();
  return chance.one([
    `create table ${name} (${key(pick)}, a ${pick.type().sql})`,
    `create table if not exists ${target.name} (${key(pick)})`,
    `create table ${target.name} (id int)`,
    `create table ${name} (${key(pick)}, r bigint references ${target.name}(id))`,
    `create table ${name} (${key(pick)}, r bigint, foreign key (r) references ${target.name} on delete cascade, parent bigint)`,
    `create table ${name} (like ${target.name})`,
    `create table ${name} (like ${target.name} including all)`,
    `create unlogged table ${name} as select * from ${target.name}`,
    `create table ${name} as select count(*) from ${target.name} where id > 3`,
    `create table ${name} as select * from ${target.name} with no data`,
    `create temp table ${name} (like ${target.name} including defaults)`,
    `create temporary table ${name} as table ${target.name}`,
    `select id into ${name} from ${target.name}`,
    `create table ${name} (a int) partition by range (a)`,
    `create table if not exists ${name} (id int, label text check (label <> ''))`,
  ]);
};

const index: Maker = (pick) => {
  const { chance } = pick;
  const table = chance.maybe(0.15) && pick.shape.materializedViews.length > 0 ? chance.one(pick.shape.materializedViews) : pick.table();
  const [one, two] = [pick.column(table).name, pick.column(table).name];
  const name = pick.fresh();
  const existing = table.indexes.length > 0 ? bare(chance.one(table.indexes).name) : name;
  return chance.one([
    `create index ${name} on ${table.name} (${one})`,
    `create index on ${table.name} (${one}, ${two} desc)`,
    `create unique index ${name} on ${table.name} (id, ${one})`,
    `create index ${name} on ${table.name} (${one}) where id > 3`,
    `create index ${name} on ${table.name} (lower(${one}::text))`,
    `create index ${name} on ${table.name} ((id + 1)) include (${one})`,
    `create index if not exists ${existing} on ${table.name} (${one})`,
    `create index ${existing} on ${table.name} (${one})`,
    `create index ${name} on ${table.name} using hash (${one})`,
    `create index ${name} on ${table.name} using gin (to_tsvector('simple', ${one}::text))`,
    `create index ${name} on ${table.name} using brin (${one}) with (pages_per_range = 8)`,
    `create unique index ${name} on ${table.name} (id) nulls not distinct`,
    `create index ${name} on only ${table.name} (${one})`,
  ]);
};

const indexChange: Maker = (pick) => {
  const { chance } = pick;
  const { index: chosen, table } = pick.index();
  return chance.one([
    `drop index ${chosen.name}`, `drop index ${chosen.name}`, `drop index if exists ${chosen.name} cascade`, 'drop index if exists no_such_index',
    `alter index ${chosen.name} rename to ${pick.fresh()}`, `alter index ${chosen.name} set (fillfactor = 70)`, `alter index ${chosen.name} alter column 1 set statistics 100`, `alter index ${chosen.name} set tablespace pg_default`,
    `reindex index ${chosen.name}`, `reindex table ${table.name}`, `comment on index ${chosen.name} is 'x'`, `cluster ${table.name} using ${bare(chosen.name)}`, `drop index ${chosen.name}, ${pick.index().index.name}`, `alter table ${chosen.name} rename to ${pick.fresh()}`,
  ]);
};

const drops: Maker = (pick) => {
  const { chance, shape } = pick;
  const table = pick.table();
  return chance.one([
    `drop table ${table.name}`, `drop table ${table.name} cascade`, `drop table if exists ${table.name}`, 'drop table if exists no_such_table', `drop table ${table.name}, ${pick.table().name} cascade`,
    `truncate ${table.name}`, `truncate table ${table.name} cascade`, `truncate ${table.name}, ${pick.table().name} restart identity cascade`, `truncate only ${table.name} restart identity`,
    `drop schema ${chance.one(['sales', 'app'])} cascade`, 'drop schema app', 'drop schema if exists nowhere cascade',
    `drop sequence ${chance.one(shape.sequences)}${pick.often(0.5, 'cascade')}`,
    `drop function ${chance.one(shape.functions).name}${pick.often(0.5, 'cascade')}`,
    `drop type ${chance.one(shape.enums).name}${pick.often(0.6, 'cascade')}`,
    `drop domain ${chance.one(shape.domains)}${pick.often(0.6, 'cascade')}`,
    'drop type pair cascade', 'drop owned by nobody_here', `drop table ${table.name} restrict`,
  ]);
};

const views: Maker = (pick) => {
  const { chance, shape } = pick;
  const table = pick.table();
  const view = chance.one(shape.views);
  const names = view.columns.map((column) => column.name).join(', ');
  return chance.one([
    `create view ${pick.fresh()} as select id from ${table.name}`,
    `create or replace view ${view.name} as select ${names} from ${view.name.replace(/_(?:view|outer)\b/, '_view')} where id > 1`,
    `create or replace view ${pick.fresh()} as select a.id from ${table.name} a join ${view.name} b on a.id = b.id`,
    `create view ${pick.fresh()} as with x as (select id from ${table.name}) select * from x`,
    `create temp view ${pick.fresh()} as select 1 from ${view.name}`,
    `drop view ${view.name}`, `drop view ${view.name} cascade`, `drop view if exists ${view.name}, no_such_view`, `alter view ${view.name} rename to ${pick.fresh()}`, `alter view ${view.name} set schema app`,
    `alter view ${view.name} rename column id to ${pick.fresh()}`, `alter view ${view.name} alter column id set default 3`, `alter view ${view.name} set (security_barrier = true)`, `comment on view ${view.name} is 'x'`, `alter view ${view.name} owner to current_user`,
    `lock table ${view.name} in access share mode`, `create trigger ${pick.fresh()} instead of insert on ${view.name} for each row execute procedure touch()`, `grant select on ${view.name} to public`,
  ]);
};

const materializedViews: Maker = (pick) => {
  const { chance, shape } = pick;
  const view = chance.one(shape.materializedViews);
  return chance.one([
    `create materialized view ${pick.fresh()} as select id from ${pick.table().name}`,
    `create materialized view ${pick.fresh()} as select id from ${chance.one(shape.views).name} with no data`,
    `create materialized view if not exists ${view.name} as select 1 as one`,
    `refresh materialized view ${view.name}`, `refresh materialized view concurrently ${view.name}`, `refresh materialized view ${view.name} with no data`,
    `drop materialized view ${view.name}${pick.often(0.4, 'cascade')}`, `alter materialized view ${view.name} rename to ${pick.fresh()}`, `alter materialized view ${view.name} rename column n to ${pick.fresh()}`, `alter materialized view ${view.name} set schema app`, `comment on materialized view ${view.name} is 'x'`,
    `alter materialized view ${view.name} set (fillfactor = 80)`, `alter materialized view ${view.name} cluster on ${bare(view.name)}_id`, `cluster ${view.name} using ${bare(view.name)}_id`, `reindex table ${view.name}`, `analyze ${view.name}`, `alter materialized view ${view.name} alter column id set statistics 10`, `alter materialized view ${view.name} set tablespace pg_default`,
  ]);
};

export const RELATIONS: readonly (readonly [number, Maker])[] = [
  [7, createTable],
  [8, index],
  [6, indexChange],
  [9, drops],
  [6, views],
  [5, materializedViews],
];
