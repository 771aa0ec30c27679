/** A type for columns of generated tables. */
export interface SampleType {
  readonly sql: string;
  /** An expression of this type from an integer `g`, other values for other integers where the type has them. */
  readonly value: string;
  /** A constant of it. */
  readonly constant: string;
  readonly family: 'number' | 'text' | 'time' | 'json' | 'bits' | 'network' | 'other' | 'user';
  /** Whether it has a default btree operator class. */
  readonly ordered: boolean;
}

function of(family: SampleType['family'], value: string, constant: string, names: readonly string[], ordered = true): SampleType[] {
  return names.map((sql) => ({ sql, value: `(${value})::${sql}`, constant, family, ordered }));
}

/** The server's own types. */
export const BUILT_IN: readonly SampleType[] = [
  ...of('number', 'g % 30000', '1', ['smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric', 'numeric(12,2)', 'numeric(10)', 'numeric(14,4)']),
  ...of('number', 'g', '1', ['oid'], true),
  ...of('number', 'g', "'1'", ['money']),
  ...of('text', 'g', "'x'", ['text', 'varchar', 'varchar(20)', 'varchar(50)', 'varchar(255)', 'char(10)', 'char(12)', 'name']),
  ...of('time', "timestamp '2024-01-01' + g * interval '1 minute'", "'2024-01-01 10:00'", ['date', 'timestamp', 'timestamp(0)', 'timestamp(3)', 'timestamp(6)', 'timestamptz', 'timestamptz(3)']),
  ...of('time', "time '00:00' + g * interval '1 second'", "'10:00'", ['time', 'time(3)', 'timetz', 'timetz(2)', 'interval', 'interval(3)']),
  ...of('other', 'g % 2 = 0', 'true', ['boolean']),
  ...of('other', 'md5(g::text)', "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", ['uuid']),
  ...of('json', "'{\"a\":' || g || '}'", "'{}'", ['jsonb']),
  ...of('json', "'{\"a\":' || g || '}'", "'{}'", ['json'], false),
  ...of('bits', 'g', "B'101'", ['bit(8)']),
  ...of('bits', 'g::bit(8)', "B'101'", ['bit varying', 'bit varying(16)']),
  ...of('network', "'10.0.' || (g / 250) || '.' || (g % 250)", "'10.0.0.1'", ['inet', 'cidr']),
  ...of('other', 'g::text', "'x'", ['bytea']),
  ...of('other', 'array[g]', "'{1}'", ['int[]', 'bigint[]']),
  ...of('other', 'array[g]', "'{x}'", ['text[]', 'varchar(20)[]']),
  ...of('other', 'array[g]', "'{1}'", ['numeric(12,2)[]']),
  ...of('other', "'(' || g || ',1)'", "'(1,2)'", ['point'], false),
  ...of('other', "'[' || g || ',' || (g + 10) || ')'", "'[1,2)'", ['int4range']),
  ...of('other', 'g::text', "'x'", ['tsvector']),
];

/** Types that every generated database declares, under these names in schema public. */
export const USER_TYPES: readonly string[] = [
  "create type mood as enum ('sad', 'ok', 'happy')",
  "create type \"Level\" as enum ('low', 'high')",
  'create domain plain_int as integer',
  'create domain short_text as varchar(40)',
  'create domain positive as integer check (value > 0)',
  'create domain required_text as text not null',
  'create domain small_positive as positive check (value < 1000000)',
  'create domain int_list as integer[]',
  "create domain email as text check (value ~ '@')",
  'create domain price as numeric(12,2)',
  'create type pair as (x integer, y text)',
];

export const USER: readonly SampleType[] = [
  ...of('user', "case g % 2 when 0 then 'sad' else 'ok' end", "'ok'", ['mood']),
  ...of('user', "case g % 2 when 0 then 'low' else 'high' end", "'low'", ['"Level"']),
  ...of('user', 'g', '1', ['plain_int', 'positive', 'small_positive', 'price']),
  ...of('user', 'g', "'x'", ['short_text', 'required_text']),
  ...of('user', "g || '@x'", "'a@b'", ['email']),
  ...of('user', 'array[g]', "'{1}'", ['int_list', 'positive[]'], false),
  ...of('user', "array['ok']", "'{ok}'", ['mood[]']),
  ...of('user', 'row(g, g)', "'(1,x)'", ['pair'], false),
];

export const SAMPLE_TYPES: readonly SampleType[] = [...BUILT_IN, ...USER];
