import { quoteLiteral, quoteName } from '../quote.js';

interface Block {
  readonly kind: string;
  readonly name: string;
  readonly lines: readonly string[];
}

/** Longer lines are nobody's schema. */
const LONGEST_LINE = 4000;

function blocksOf(source: string): Block[] {
  const blocks: Block[] = [];
  let open: { kind: string; name: string; lines: string[] } | null = null;
  for (const whole of source.split('\n')) {
    const line: string = whole.slice(0, LONGEST_LINE).replace(/("(?:[^"\\]|\\.)*")|\/\/.*$/g, (_, quoted?: string) => quoted ?? '').trim();
    const head: RegExpExecArray | null = open === null ? /^(model|enum|view|type|datasource|generator)\s+(\w+)\s*\{/.exec(line) : null;
    if (head !== null) open = { kind: head[1] ?? '', name: head[2] ?? '', lines: [] };
    else if (line === '}' && open !== null) {
      blocks.push(open);
      open = null;
    } else if (line !== '') open?.lines.push(line);
  }
  return blocks;
}

/** Where an attribute stands as a word of its own: `@id` is not in `@@id`, nor in `@ids`. */
function attributeAt(line: string, name: string): number {
  for (let at = line.indexOf(name); at !== -1; at = line.indexOf(name, at + 1)) {
    if (!/[\w@.]/.test(line[at - 1] ?? ' ') && !/[\w.]/.test(line[at + name.length] ?? ' ')) return at;
  }
  return -1;
}

/** The text in the parentheses of an attribute; null where it is not there, '' where it has none. */
function attribute(line: string, name: string): string | null {
  const at = attributeAt(line, name);
  if (at === -1) return null;
  let from = at + name.length;
  if (line[from] !== '(') return '';
  let depth = 0;
  const start = from + 1;
  for (; from < line.length; from += 1) {
    const character = line[from];
    if (character === '"') from = /"(?:[^"\\]|\\.)*"/y.exec(line.slice(from)) === null ? line.length : from + (/^"(?:[^"\\]|\\.)*"/.exec(line.slice(from))?.[0].length ?? 1) - 1;
    else if (character === '(') depth += 1;
    else if (character === ')' && --depth === 0) return line.slice(start, from);
  }
  return line.slice(start);
}

function quotedIn(text: string | null, key: string | null): string | null {
  if (text === null) return null;
  const pattern = key === null ? /^\s*(?:name\s*:\s*)?"((?:[^"\\]|\\.)*)"/ : new RegExp(`\\b${key}\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`);
  return pattern.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? null;
}

function fieldsIn(text: string | null, key: string | null): string[] {
  const source = text ?? '';
  const inner = (key === null ? /\[([^\]]*)\]/ : new RegExp(`\\b${key}\\s*:\\s*\\[([^\\]]*)\\]`)).exec(source)?.[1] ?? '';
  return [...inner.matchAll(/(?:^|,)\s*(\w+)/g)].map((match) => match[1] ?? '');
}

const SCALARS: Readonly<Record<string, string>> = {
  String: 'text', Boolean: 'boolean', Int: 'integer', BigInt: 'bigint', Float: 'double precision', Decimal: 'numeric(65,30)', DateTime: 'timestamp(3)', Json: 'jsonb', Bytes: 'bytea',
};

const NATIVE: Readonly<Record<string, string>> = {
  VarChar: 'varchar', Char: 'char', Uuid: 'uuid', Text: 'text', Citext: 'citext', Inet: 'inet', Bit: 'bit', VarBit: 'varbit', Xml: 'xml', SmallInt: 'smallint', Integer: 'integer', BigInt: 'bigint', Oid: 'oid',
  Real: 'real', DoublePrecision: 'double precision', Decimal: 'numeric', Money: 'money', Date: 'date', Json: 'json', JsonB: 'jsonb', ByteA: 'bytea', Boolean: 'boolean',
};

const TIMES: Readonly<Record<string, readonly [string, string]>> = { Timestamp: ['timestamp', ''], Timestamptz: ['timestamp', ' with time zone'], Time: ['time', ''], Timetz: ['time', ' with time zone'] };

interface Schema {
  readonly enums: ReadonlyMap<string, string>;
  readonly models: ReadonlyMap<string, Block>;
}

function relationOf(block: Block): string {
  const name = mapOf(block) ?? block.name;
  const schema = block.lines.map((line) => quotedIn(attribute(line, '@@schema'), null)).find((each) => each !== null);
  return schema == null ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}

function mapOf(block: Block): string | null {
  return block.lines.map((line) => quotedIn(attribute(line, '@@map'), null)).find((each) => each !== null) ?? null;
}

interface Field {
  readonly name: string;
  readonly column: string;
  readonly type: string;
  readonly list: boolean;
  readonly optional: boolean;
  readonly line: string;
}

function fieldsOf(block: Block): Field[] {
  return block.lines.flatMap((line): Field[] => {
    const match = /^(\w+)\s+(\w+)(?:\("((?:[^"\\]|\\.)*)"\))?(\[\])?(\?)?/.exec(line);
    if (match === null || line.startsWith('@@')) return [];
    const name = match[1] ?? '';
    return [{ name, column: quotedIn(attribute(line, '@map'), null) ?? name, type: match[3] === undefined ? (match[2] ?? '') : `Unsupported:${match[3]}`, list: match[4] !== undefined, optional: match[5] !== undefined, line }];
  });
}

function typeOf(field: Field, schema: Schema): string | null {
  const native = /@db\.(\w+)(?:\(([\d, ]*)\))?/.exec(field.line);
  const modifiers = native?.[2] === undefined || native[2] === '' ? '' : `(${native[2]})`;
  const time = TIMES[native?.[1] ?? ''];
  if (time !== undefined) return `${time[0]}${modifiers}${time[1]}`;
  const named = NATIVE[native?.[1] ?? ''];
  if (named !== undefined) return `${named}${modifiers}`;
  if (field.type.startsWith('Unsupported:')) return field.type.slice('Unsupported:'.length);
  return SCALARS[field.type] ?? schema.enums.get(field.type) ?? null;
}

const SERIAL: Readonly<Record<string, string>> = { 'integer': 'serial', 'bigint': 'bigserial', 'smallint': 'smallserial' };

function defaultOf(field: Field, schema: Schema): string | null {
  const written = attribute(field.line, '@default')?.trim() ?? null;
  if (written === null) return null;
  if (written === 'now()') return 'CURRENT_TIMESTAMP';
  const generated = /^dbgenerated\((?:"((?:[^"\\]|\\.)*)")?\)$/.exec(written);
  if (generated !== null) return generated[1]?.replace(/\\(.)/g, '$1') ?? null;
  if (/^\w+\(.*\)$/s.test(written)) return null;
  if (written.startsWith('[')) return quoteLiteral('{}');
  if (written.startsWith('"')) return quoteLiteral(written.slice(1, -1).replace(/\\(.)/g, '$1'));
  return schema.enums.has(field.type) ? quoteLiteral(written) : written;
}

function columnSql(field: Field, schema: Schema): string | null {
  const type = typeOf(field, schema);
  if (type === null) return null;
  const increments = /@default\(\s*autoincrement\(\s*\)\s*\)/.test(field.line);
  const fallback = defaultOf(field, schema);
  return [quoteName(field.column), increments ? (SERIAL[type] ?? type) : `${type}${field.list ? '[]' : ''}`, ...(fallback === null ? [] : [`DEFAULT ${fallback}`]), ...(field.optional || field.list ? [] : ['NOT NULL'])].join(' ');
}

function columnsBy(fields: readonly Field[], names: readonly string[]): string[] {
  return names.map((name) => fields.find((field) => field.name === name)?.column ?? name);
}

/** Prisma cuts what stands before the label at its end. */
function defaultName(table: string, columns: readonly string[], label: string): string {
  return `${[table, ...columns].join('_').slice(0, 62 - label.length)}_${label}`;
}

function list(columns: readonly string[]): string {
  return columns.map(quoteName).join(', ');
}

const METHODS: Readonly<Record<string, string>> = { Hash: 'hash', Gist: 'gist', Gin: 'gin', SpGist: 'spgist', Brin: 'brin', BTree: 'btree' };

/** Prisma makes indexes of what it calls unique, not constraints. */
function keysOf(block: Block, fields: readonly Field[], table: string): string[] {
  const name = mapOf(block) ?? block.name;
  const found: string[] = [];
  for (const field of fields) {
    const unique = attribute(field.line, '@unique');
    if (unique !== null) found.push(`CREATE UNIQUE INDEX ${quoteName(quotedIn(unique, 'map') ?? defaultName(name, [field.column], 'key'))} ON ${table} (${quoteName(field.column)})`);
  }
  for (const line of block.lines) {
    for (const [word, label] of [['@@unique', 'key'], ['@@index', 'idx']] as const) {
      const written = attribute(line, word);
      if (written === null) continue;
      const columns = columnsBy(fields, fieldsIn(written, written.includes('fields') ? 'fields' : null));
      const method = METHODS[/\btype\s*:\s*(\w+)/.exec(written)?.[1] ?? ''] ?? 'btree';
      found.push(`CREATE ${label === 'key' ? 'UNIQUE ' : ''}INDEX ${quoteName(quotedIn(written, 'map') ?? defaultName(name, columns, label))} ON ${table} USING ${method} (${list(columns)})`);
    }
  }
  return found;
}

const ACTIONS: Readonly<Record<string, string>> = { Cascade: 'CASCADE', Restrict: 'RESTRICT', NoAction: 'NO ACTION', SetNull: 'SET NULL', SetDefault: 'SET DEFAULT' };

function relationsOf(block: Block, fields: readonly Field[], schema: Schema): string[] {
  const name = mapOf(block) ?? block.name;
  return fields.flatMap((field): string[] => {
    const target = schema.models.get(field.type);
    const written = attribute(field.line, '@relation');
    const own = fieldsIn(written, 'fields');
    if (target === undefined || written === null || own.length === 0) return [];
    const columns = columnsBy(fields, own);
    const referenced = columnsBy(fieldsOf(target), fieldsIn(written, 'references'));
    const required = own.every((each) => fields.find((one) => one.name === each)?.optional === false);
    const action = (key: string, fallback: string): string => ACTIONS[new RegExp(`\\b${key}\\s*:\\s*(\\w+)`).exec(written)?.[1] ?? ''] ?? fallback;
    return [
      `ALTER TABLE ${relationOf(block)} ADD CONSTRAINT ${quoteName(quotedIn(written, 'map') ?? defaultName(name, columns, 'fkey'))} FOREIGN KEY (${list(columns)}) REFERENCES ${relationOf(target)} (${list(referenced)}) ON DELETE ${action('onDelete', required ? 'RESTRICT' : 'SET NULL')} ON UPDATE ${action('onUpdate', 'CASCADE')}`,
    ];
  });
}

function tableSql(block: Block, schema: Schema): string {
  const fields = fieldsOf(block);
  const name = mapOf(block) ?? block.name;
  const single = fields.find((field) => attribute(field.line, '@id') !== null);
  const whole = block.lines.map((line) => attribute(line, '@@id')).find((each) => each !== null) ?? null;
  const key = single === undefined ? columnsBy(fields, fieldsIn(whole, whole?.includes('fields') === true ? 'fields' : null)) : [single.column];
  const keyName = quotedIn(single === undefined ? whole : attribute(single.line, '@id'), 'map') ?? defaultName(name, [], 'pkey');
  const parts = [...fields.flatMap((field) => columnSql(field, schema) ?? []), ...(key.length === 0 ? [] : [`CONSTRAINT ${quoteName(keyName)} PRIMARY KEY (${list(key)})`])];
  return `CREATE TABLE ${relationOf(block)} (${parts.join(', ')})`;
}

/** schema.prisma as SQL, statement by statement; empty when its database is not Postgres. Several files of one schema are read as one text. */
export function readPrismaSchema(source: string): readonly string[] {
  const blocks = blocksOf(source);
  const database = blocks.find((block) => block.kind === 'datasource');
  if (!(database?.lines.some((line) => /^provider\s*=\s*"(?:postgresql|postgres)"/.test(line)) ?? false)) return [];
  const enums = blocks.filter((block) => block.kind === 'enum');
  const models = blocks.filter((block) => block.kind === 'model' && !block.lines.some((line) => line.startsWith('@@ignore')));
  const schema: Schema = { enums: new Map(enums.map((block) => [block.name, relationOf(block)])), models: new Map(models.map((block) => [block.name, block])) };
  const emulated = database?.lines.some((line) => /^relationMode\s*=\s*"prisma"/.test(line)) ?? false;
  const values = (block: Block): string[] => block.lines.flatMap((line) => (line.startsWith('@@') ? [] : [quotedIn(attribute(line, '@map'), null) ?? /^\w+/.exec(line)?.[0] ?? '']));
  return [
    ...[...new Set(blocks.flatMap((block) => block.lines.flatMap((line) => quotedIn(attribute(line, '@@schema'), null) ?? [])))].map((each) => `CREATE SCHEMA IF NOT EXISTS ${quoteName(each)}`),
    ...enums.map((block) => `CREATE TYPE ${relationOf(block)} AS ENUM (${values(block).map(quoteLiteral).join(', ')})`),
    ...models.map((block) => tableSql(block, schema)),
    ...models.flatMap((block) => keysOf(block, fieldsOf(block), relationOf(block))),
    ...(emulated ? [] : models.flatMap((block) => relationsOf(block, fieldsOf(block), schema))),
  ];
}
