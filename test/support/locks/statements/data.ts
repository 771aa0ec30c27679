import type { ShapeColumn } from '../shape.js';
import type { Maker } from './pick.js';

function writable(column: ShapeColumn): boolean {
  return !column.generated && !column.identity && column.name !== 'id';
}

const update: Maker = (pick) => {
  const { chance } = pick;
  const table = pick.table();
  const column = chance.one(table.columns.filter(writable));
  const other = pick.table();
  return `update ${chance.maybe(0.06) ? 'only ' : ''}${table.name} ${chance.one([
    `set ${column.name} = ${column.name}`, `set ${column.name} = default`, `set ${column.name} = ${column.name} where id = 5`, `set ${column.name} = ${column.name} where ${column.name} is not null`, `set ${column.name} = ${column.name} where id in (1, 2, 3)`, `set ${column.name} = ${column.name} where id > 10 and id <= 20`,
    `set ${column.name} = ${column.name} where true`, `set ${column.name} = ${column.name} where id in (select id from ${other.name} limit 10)`, `as t set ${column.name} = t.${column.name} from ${other.name} o where o.id = t.id`, `set ${column.name} = (select ${column.name} from ${table.name} limit 1)`, `set id = id where id = 7`,
  ])}`;
};

const remove: Maker = (pick) => {
  const { chance } = pick;
  const table = pick.table();
  const other = pick.table();
  return `delete from ${table.name} ${chance.one(['', 'where id = 3', 'where id > 100', `using ${other.name} o where o.id = ${table.name}.id`, `where not exists (select 1 from ${other.name} o where o.id = ${table.name}.id)`, 'where id in (select 4)', 'where 1 = 1', 'where id between 3 and 4 returning id'])}`;
};

const insert: Maker = (pick) => {
  const { chance } = pick;
  const table = pick.table();
  const column = chance.one(table.columns.filter(writable));
  const other = pick.table();
  return chance.one([
    `insert into ${table.name} default values`, `insert into ${table.name} (id) values (100001)`, `insert into ${table.name} (id, ${column.name}) values (100001, null)`, `insert into ${table.name} (id, ${column.name}) select id + 100000, ${column.name} from ${table.name}`, `insert into ${table.name} (id) select id + 200000 from ${other.name} where id < 5`, `insert into ${table.name} (id) values (1) on conflict do nothing`, `insert into ${table.name} (id) overriding system value values (300000)`,
    `with moved as (delete from ${other.name} returning id) insert into ${table.name} (id) select id + 400000 from moved`, `with changed as (update ${table.name} set ${column.name} = ${column.name} returning id) select count(*) from changed`, `insert into ${table.name} (id) select g from generate_series(500000, 500010) g`, `insert into ${table.name} (id) values (1) on conflict (id) do update set ${column.name} = excluded.${column.name}`,
  ]);
};

const read: Maker = (pick) => {
  const { chance, shape } = pick;
  const table = pick.table();
  const view = chance.maybe(0.4) && shape.views.length > 0 ? chance.one(shape.views) : table;
  return chance.one([
    `select count(*) from ${view.name}`, `select * from ${view.name} where id = 3`, `select * from ${table.name} for update`, `select * from ${table.name} limit 1`, `select 1 from ${table.name} a, ${pick.table().name} b where a.id = b.id for share of a`, `table ${view.name}`, `select exists (select 1 from ${table.name})`,
    `merge into ${table.name} t using ${pick.table().name} s on t.id = s.id when matched then delete`, `merge into ${table.name} t using (values (1)) s(id) on t.id = s.id when matched then do nothing`, `merge into ${table.name} t using ${pick.table().name} s on t.id = s.id when not matched then insert (id) values (s.id + 700000)`,
  ]);
};

export const DATA: readonly (readonly [number, Maker])[] = [
  [5, update],
  [4, remove],
  [5, insert],
  [3, read],
];
