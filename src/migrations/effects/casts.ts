import { findDomain, resolveIn, type Catalog } from '../catalog.js';
import type { TypeName } from '../definition.js';

// pg_cast of Postgres 10 to 18 for the types that tables are made of. `!`: only where the cast is written out; a number: from that version.
const CASTS = `
bit varbit int4! int8!
bool bpchar text varchar int4!
box point! circle! lseg! polygon
bpchar char name text varchar xml!
bytea int2!18 int4!18 int8!18
char bpchar text varchar int4!
cidr bpchar inet text varchar
circle box! point! polygon!
date timestamp timestamptz
float4 float8 int2 int4 int8 numeric
float8 float4 int2 int4 int8 numeric
inet bpchar cidr text varchar
int2 float4 float8 int4 int8 numeric oid reg bytea!18
int4 float4 float8 int2 int8 money numeric oid reg bit! bool! char! bytea!18
int8 float4 float8 int2 int4 money numeric oid reg bit! bytea!18
interval time
json jsonb
jsonb json bool!11 float4!11 float8!11 int2!11 int4!11 int8!11 numeric!11
lseg point!
macaddr macaddr8
macaddr8 macaddr
money numeric
name bpchar text varchar
numeric float4 float8 int2 int4 int8 money
oid int4 int8 reg
reg oid int4 int8
path polygon point!11
point box
polygon box! circle! path point!
text bpchar char name varchar reg xml!
time interval timetz
timestamp date time timestamptz
timestamptz date time timestamp timetz
timetz time
tsquery
tsvector
uuid
varbit bit
varchar bpchar char name text reg xml!
xml bpchar text varchar
line
int4range int4multirange!14
int8range int8multirange!14
numrange nummultirange!14
tsrange tsmultirange!14
tstzrange tstzmultirange!14
daterange datemultirange!14
`;

interface Cast {
  readonly written: boolean;
  readonly since: number;
}

const KNOWN: ReadonlyMap<string, ReadonlyMap<string, Cast>> = new Map(
  CASTS.trim().split('\n').map((line) => {
    const [source = '', ...targets] = line.split(' ');
    const casts = targets.map((target): [string, Cast] => {
      const [name = '', since] = target.split('!');
      return [name, { written: target.includes('!'), since: Number(since ?? 0) }];
    });
    return [source, new Map(casts)];
  }),
);

const STRINGS = new Set(['text', 'varchar', 'bpchar', 'name']);

/** The type beneath domains; the type itself otherwise. */
export function baseType(catalog: Catalog, type: TypeName): TypeName {
  let base = type;
  for (let depth = 0; depth < 20; depth += 1) {
    const domain = findDomain(catalog, base);
    if (domain === undefined) return base;
    base = domain.type;
  }
  return base;
}

/** `reg` for all of regclass, regtype …, the key of a user's enum or composite type, the name of a built-in type; null for what is not known. */
function identify(catalog: Catalog, arrayOrNot: TypeName): string | null {
  const type = baseType(catalog, { ...arrayOrNot, array: false });
  const key = resolveIn(catalog, type, ['enums', 'composites']);
  if (catalog.enums.has(key) || catalog.composites.has(key)) return key;
  if (type.schema !== null) return null;
  if (/^reg[a-z]+$/.test(type.name)) return 'reg';
  return KNOWN.has(type.name) ? type.name : null;
}

// What the server does by itself where types meet in a comparison: the implicit casts, and families whose members compare as they are.
const IMPLICIT: Readonly<Record<string, string>> = {
  int2: 'int4 int8 float4 float8 numeric oid reg',
  int4: 'int2 int8 float4 float8 numeric oid reg',
  int8: 'int2 int4 float4 float8 numeric oid reg',
  float4: 'float8',
  float8: 'float4',
  numeric: 'float4 float8',
  oid: 'reg',
  reg: 'oid',
  text: 'varchar bpchar name reg citext',
  varchar: 'text bpchar name reg citext',
  bpchar: 'text varchar name',
  name: 'text varchar bpchar',
  date: 'timestamp timestamptz',
  timestamp: 'timestamptz date',
  timestamptz: 'timestamp date',
  time: 'timetz interval',
  cidr: 'inet',
  bit: 'varbit',
  varbit: 'bit',
  macaddr: 'macaddr8',
  macaddr8: 'macaddr',
};

/** Whether a foreign key can compare columns of two types. */
export function isComparable(catalog: Catalog, from: TypeName, to: TypeName): Castable {
  const [source, target] = [baseType(catalog, from), baseType(catalog, to)];
  const [one, other] = [identify(catalog, source), identify(catalog, target)];
  if (one === null || other === null) return 'unknown';
  if (source.array !== target.array) return 'no';
  return one === other || (!source.array && IMPLICIT[one]?.split(' ').includes(other) === true) ? 'yes' : 'no';
}

export type Castable = 'yes' | 'no' | 'unknown';

/** Whether the server turns values of one type into another: by itself, or (`written`) where the cast is written out. */
export function isCastable(catalog: Catalog, from: TypeName, to: TypeName, written: boolean, version: number): Castable {
  const [source, target] = [baseType(catalog, from), baseType(catalog, to)];
  const string = (type: TypeName): boolean => !type.array && type.schema === null && STRINGS.has(type.name);
  const [one, other] = [identify(catalog, source), identify(catalog, target)];
  if (one === null || other === null) return 'unknown';
  if (string(target) || (written && string(source))) return 'yes';
  if (source.array !== target.array) return 'no';
  if (one === other) return 'yes';
  const cast = KNOWN.get(one)?.get(other);
  if (cast !== undefined && cast.since <= version && (written || !cast.written)) return 'yes';
  const elements = STRINGS.has(other) || (written && STRINGS.has(one));
  return source.array && elements ? 'yes' : 'no';
}
