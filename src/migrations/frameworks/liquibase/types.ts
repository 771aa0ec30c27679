/** What Liquibase makes of its type names on Postgres; types that are not here are sent as they are written. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^blob\b/, 'oid'],
  [/^(?:longblob|longvarbinary|varbinary|binary|image|tinyblob|mediumblob|long binary|long varbinary)\b/, 'bytea'],
  [/^(?:clob|longvarchar|text|longtext|nclob|longnvarchar|ntext|tinytext|mediumtext|long varchar|long nvarchar)\b/, 'text'],
  [/^(?:datetimeoffset|timestamp_with_timezone)\b/, 'timestamp$1 with time zone'],
  [/^(?:datetime2?|smalldatetime)\b/, 'timestamp$1'],
  [/^tinyint\b/, 'smallint'],
  [/^mediumint\b/, 'integer'],
  [/^(?:int|integer|int4)\b/, 'integer'],
  [/^(?:bigint|integer8|int8)\b/, 'bigint'],
  [/^(?:smallint|int2)\b/, 'smallint'],
  [/^(?:boolean|bool)\b/, 'boolean'],
  [/^double\b(?! precision)/, 'double precision'],
  [/^(?:currency|smallmoney)\b/, 'decimal'],
  [/^number\b/, 'numeric$1'],
  [/^(?:nvarchar2?|national|varchar2|varchar)\b/, 'varchar$1'],
  [/^nchar\b/, 'char$1'],
  [/^(?:uniqueidentifier|uuid)\b/, 'uuid'],
  [/^timestamp(?=.*timezone)/, 'timestamp$1 with time zone'],
  [/^(?:xmltype|sqlxml)\b/, 'xml'],
];

const JAVA = /^java\.(?:sql\.types|lang|math|util|sql)\./i;
const JAVA_NAMES: Readonly<Record<string, string>> = { string: 'varchar', long: 'bigint', biginteger: 'bigint', bigdecimal: 'decimal', date: 'datetime' };

/** The numbers in parentheses, without what only other databases know: `(255 char)`. */
function sizeOf(type: string): string {
  const size = /\(([^)]*)\)/.exec(type)?.[1]?.replace(/\s*\b(?:char|byte)\b/i, '').trim();
  return size === undefined || size === '' || size === '2147483647' || /^max$/i.test(size) ? '' : `(${size})`;
}

/** A column's type as Liquibase sends it to Postgres. */
export function postgresType(written: string): string {
  const java = JAVA.test(written);
  const plain = written.trim().replace(JAVA, '').replace(/\s+(?:not\s+)?null$/i, '');
  const name = plain.toLowerCase();
  const mapped = java ? (JAVA_NAMES[/^\w+/.exec(name)?.[0] ?? ''] ?? name) : name;
  const found = TYPES.find(([pattern]) => pattern.test(mapped));
  if (found === undefined) return java ? mapped : plain;
  const [pattern, replacement] = found;
  const size = replacement === 'numeric$1' && Number.parseInt(sizeOf(mapped).slice(1), 10) > 1000 ? '' : sizeOf(mapped);
  const rest = mapped.replace(pattern, '').replace(/\([^)]*\)/, '').replace(/with(?:out)? ?timezone/, '').trim();
  // `time zone`, `collate` and arrays are kept.
  return `${replacement.replace('$1', size)}${rest === '' || /^(?:unsigned|zerofill)$/.test(rest) ? '' : rest.startsWith('[') ? rest : ` ${rest}`}`;
}
