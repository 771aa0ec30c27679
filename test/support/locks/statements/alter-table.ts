import type { ShapeTable } from '../shape.js';
import { oneOf, type Maker, type Pick } from './pick.js';
import { addCheck, addColumn, addForeignKey, addKey, addSpecialColumn, columnChange, constraintChange, dropColumn, setType, setZoned, tableChange, validateInvalid, type Subcommand } from './subcommands.js';

const ANY: readonly Subcommand[] = [addColumn, addColumn, addColumn, addSpecialColumn, dropColumn, setType, setType, setType, setZoned, columnChange, columnChange, addCheck, addForeignKey, addForeignKey, addKey, addKey, constraintChange, validateInvalid, tableChange];

function target(pick: Pick): ShapeTable {
  return pick.chance.maybe(0.75) ? pick.plain() : pick.table();
}

/** ALTER TABLE with one subcommand of a kind. */
export function alterTable(subcommand: Subcommand): Maker {
  return (pick) => {
    const table = target(pick);
    const only = pick.chance.maybe(0.05) ? 'only ' : '';
    return `alter table ${pick.chance.maybe(0.08) ? 'if exists ' : ''}${only}${table.name} ${subcommand(pick, table)}`;
  };
}

/** ALTER TABLE with two to four of them. */
export const alterTableCombined: Maker = (pick) => {
  const table = target(pick);
  const parts = Array.from({ length: 2 + pick.chance.below(3) }, () => pick.chance.one(ANY)(pick, table));
  return `alter table ${table.name} ${parts.join(', ')}`;
};

const rename: Maker = (pick) => {
  const table = pick.table();
  const { chance } = pick;
  return chance.one([
    `alter table ${table.name} rename to ${pick.fresh()}`,
    `alter table ${table.name} rename column ${pick.column(table).name} to ${pick.fresh()}`,
    `alter table ${table.name} rename ${pick.column(table).name} to ${pick.fresh()}`,
    ...(table.constraints.length > 0 ? [`alter table ${table.name} rename constraint ${chance.one(table.constraints).name} to ${pick.fresh()}`] : []),
    `alter table if exists no_such_table rename to ${pick.fresh()}`,
    `alter table ${table.name} set schema ${chance.one(['app', 'sales', 'public'])}`,
    ...(table.triggers.length > 0 ? [`alter trigger ${chance.one(table.triggers)} on ${table.name} rename to ${pick.fresh()}`] : []),
    ...(table.policies.length > 0 ? [`alter policy ${chance.one(table.policies)} on ${table.name} using (id > 1)`, `drop policy ${chance.one(table.policies)} on ${table.name}`] : []),
  ]);
};

const partitions: Maker = (pick) => {
  const { chance, shape } = pick;
  const child = chance.one(shape.tables.filter((table) => table.isPartition));
  const parent = child.parent ?? '';
  return chance.one([
    `alter table ${parent} detach partition ${child.name}`,
    'alter table logs attach partition logs_new for values from (\'2025-01-01\') to (\'2026-01-01\')',
    'alter table logs attach partition "Logs_checked" for values from (\'2025-01-01\') to (\'2026-01-01\')',
    "create table logs_c partition of logs for values from ('2026-01-01') to ('2027-01-01')",
    'create table logs_d partition of logs default',
    "create table sales.regions_asia partition of sales.regions for values in ('asia')",
    `drop table ${child.name}`,
    `drop table ${parent}`,
    `truncate ${parent}`,
    `truncate ${child.name}`,
    `create index on ${parent} (id)`,
    `create index ${pick.fresh()} on only ${parent} (id)`,
    `create unique index on ${parent} (id, ${chance.one(['day', 'region'])})`,
    `create index on ${child.name} (id)`,
    `alter table ${parent} add column ${pick.fresh()} text default 'x'`,
    `alter table ${parent} add column ${pick.fresh()} float8 default random()`,
    `alter table ${parent} alter column id type numeric`,
    `alter table ${parent} add check (id > 0)`,
    `alter table ${parent} add foreign key (id) references users(id)${pick.often(0.4, 'not valid')}`,
    `alter table ${chance.one(['pairs', 'stays', 'empty_one', 'users'])} add column ${pick.fresh()} bigint references buckets(id)`,
    `alter table pairs add foreign key (x) references buckets(id)${pick.often(0.4, 'not valid')}`,
    `alter table ${parent} drop column ${chance.one(['amount', 'note', 'who', 'a'])}`,
    `alter table ${parent} alter column id drop not null`,
    `alter table ${parent} alter column ${chance.one(['amount', 'who', 'a', 'note'])} set not null`,
    `update ${parent} set id = id + 1`,
    `delete from ${parent} where id = 3`,
    `delete from ${child.name}`,
    'drop table buckets cascade', 'drop table logs, buckets_user', 'truncate buckets cascade', 'truncate buckets, buckets_user',
    `alter table ${parent} rename column id to ${pick.fresh()}`,
    `lock table ${parent} in ${chance.one(['share', 'access share', 'exclusive'])} mode`,
    `lock table only ${parent} in access exclusive mode`,
    `analyze ${parent}`,
    `create trigger ${pick.fresh()} after insert on ${parent} for each row execute procedure touch()`,
    `alter table ${parent} disable trigger all`,
  ]);
};

const inheritance: Maker = (pick) => {
  const child = pick.chance.one(['cars', 'trucks', 'old_cars']);
  return pick.chance.one([
    `alter table ${child} no inherit ${child === 'old_cars' ? 'cars' : 'vehicles'}`,
    'alter table bikes inherit vehicles',
    `create table ${pick.fresh()} () inherits (vehicles)`,
    `create table ${pick.fresh()} (x integer) inherits (cars, bikes)`,
    'drop table vehicles', 'drop table vehicles cascade', 'drop table cars cascade', `drop table ${child}`,
    'alter table only vehicles add check (id > 0) no inherit',
    'alter table vehicles add check (id > 0)',
    'alter table vehicles alter column weight type numeric(10,2)',
    'alter table vehicles alter column wheels type bigint',
    'alter table vehicles alter column name set not null',
    'alter table vehicles add column color text default random()::text',
    'alter table only vehicles alter column name set not null',
    'alter table vehicles drop column wheels', 'alter table vehicles drop constraint wheeled', 'alter table only vehicles drop column weight',
    'truncate vehicles', 'truncate only vehicles', 'update vehicles set wheels = 3', 'delete from only cars', 'create index on vehicles (name)', 'create index on cars (name)',
    'alter table vehicles rename column wheels to w', 'alter table vehicles set (fillfactor = 70)', 'alter table cars add column wheels integer', 'create trigger tv before insert on vehicles for each row execute procedure touch()',
    'reindex table vehicles', 'cluster cars using cars_doors', 'alter table vehicles enable row level security', 'create statistics on id, wheels from vehicles', 'select * from vehicles for update', 'insert into vehicles (id) values (1)',
    'alter table vehicles add unique (id)', 'alter table cars add foreign key (id) references users(id)', 'alter table vehicles alter column wheels set default 4', 'alter table vehicles alter wheels set statistics 5', 'alter table vehicles disable trigger all', 'comment on column vehicles.wheels is $$x$$', 'grant select on vehicles to public', 'lock table vehicles',
  ]);
};

/** Makers of ALTER TABLE, with how often each is used. */
export const ALTER_TABLE: readonly (readonly [number, Maker])[] = [
  [8, alterTable(addColumn)],
  [5, alterTable(addSpecialColumn)],
  [5, alterTable(dropColumn)],
  [14, alterTable(setType)],
  [3, alterTable(setZoned)],
  [8, alterTable(columnChange)],
  [5, alterTable(addCheck)],
  [7, alterTable(addForeignKey)],
  [7, alterTable(addKey)],
  [5, alterTable(constraintChange)],
  [2, alterTable(validateInvalid)],
  [6, alterTable(tableChange)],
  [14, alterTableCombined],
  [5, oneOf(rename)],
  [9, partitions],
  [5, inheritance],
];

