import { SAMPLE_TYPES, USER_TYPES, type SampleType } from './types.js';

// Types beside the sample ones that only matter as what a column is changed from or to.
const MORE = ['varchar(10)', 'varchar(100)', 'char(1)', 'bpchar', '"char"', 'numeric(12,4)', 'numeric(10,2)', 'numeric(8,0)', 'numeric(14,2)', 'numeric(5,-2)', 'bit(4)', 'bit varying(32)', 'interval day to second(3)', 'interval(6)', 'interval hour', 'time(6)', 'timetz(4)', 'timestamptz(6)', 'timestamptz(0)', 'regclass', 'regtype', 'macaddr', 'varchar(30)[]', 'varchar[]', 'numeric(14,2)[]', 'text collate "C"', 'varchar(50) collate "C"', 'float(10)', 'int8range', 'xml', 'citext', 'varchar(20)[][]', 'timestamp[]', 'timestamptz[]', '"Level"[]', 'plain_int[]'];

export const PAIR_TYPES: readonly string[] = [...new Set([...SAMPLE_TYPES.map((type: SampleType) => type.sql), ...MORE])];

/** One table for each type, its column once plain and once with indexes; rows hold NULL, so that every cast succeeds. */
export function pairWorld(): string[] {
  const tables = PAIR_TYPES.flatMap((type, at) => [
    `create table pair_${String(at)} (id integer, c ${type}, d ${type}, e ${type})`,
    `insert into pair_${String(at)} (id) select g from generate_series(1, 20) g`,
    `create index pair_${String(at)}_d on pair_${String(at)} (d)`,
    `create index pair_${String(at)}_ed on pair_${String(at)} (id, e)`,
    `create index pair_${String(at)}_e on pair_${String(at)} (id) where e is not null`,
  ]);
  return ['create extension if not exists citext', ...USER_TYPES, ...tables];
}

/** Every change of type, of a column without (c) and with (d) an index, with and without USING. */
export function pairStatements(): string[] {
  return PAIR_TYPES.flatMap((_, at) =>
    PAIR_TYPES.flatMap((target) => {
      const type = target.replace(/ collate .*/, '');
      return [`alter table pair_${String(at)} alter c type ${target}`, `alter table pair_${String(at)} alter d type ${target} using d::${type}`, `alter table pair_${String(at)} alter e type ${target}`];
    }),
  );
}
