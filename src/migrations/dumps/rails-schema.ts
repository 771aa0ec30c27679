import { createHash } from 'node:crypto';
import { quoteLiteral, quoteName } from '../quote.js';
import { readArguments, type RubyArguments, type RubyValue } from './ruby-values.js';

/** Rails' words for types that Postgres calls otherwise. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'character varying', binary: 'bytea', float: 'double precision', decimal: 'numeric', datetime: 'timestamp', bit_varying: 'bit varying', primary_key: 'bigserial', virtual: 'text', references: 'bigint', belongs_to: 'bigint', blob: 'bytea',
};

function text(value: RubyValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function names(value: RubyValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function isRecord(value: RubyValue | undefined): value is Readonly<Record<string, RubyValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `public.users` is a table of a schema. */
function relation(name: string): string {
  return name.split('.').map(quoteName).join('.');
}

function list(all: readonly string[]): string {
  return all.map(quoteName).join(', ');
}

function number(value: RubyValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function typeSql(type: string, options: Readonly<Record<string, RubyValue>>): string {
  const limit = number(options['limit']);
  const precision = number(options['precision']);
  const scale = number(options['scale']);
  const array = options['array'] === true ? '[]' : '';
  if (type === 'enum') return `${relation(text(options['enum_type']) ?? 'text')}${array}`;
  if (type === 'integer') return `${limit === 8 ? 'bigint' : limit === 2 ? 'smallint' : 'integer'}${array}`;
  if (type === 'datetime' || type === 'timestamp' || type === 'timestamptz') {
    const digits = 'precision' in options ? (precision === null ? '' : `(${String(precision)})`) : '(6)';
    return `timestamp${digits}${type === 'timestamptz' ? ' with time zone' : ''}${array}`;
  }
  const name = TYPES[type] ?? type;
  if (type === 'decimal') return `${name}${precision === null ? '' : scale === null ? `(${String(precision)})` : `(${String(precision)}, ${String(scale)})`}${array}`;
  const modifier = limit !== null && /^(?:string|bit|bit_varying|vector|halfvec|sparsevec|char)$/.test(type) ? `(${String(limit)})` : '';
  return `${name}${modifier}${array}`;
}

function literal(value: RubyValue): string | null {
  if (isRecord(value)) return 'expression' in value ? text(value['expression']) : quoteLiteral('{}');
  if (Array.isArray(value)) return quoteLiteral('{}');
  if (typeof value === 'string') return quoteLiteral(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function columnSql(name: string, type: string, options: Readonly<Record<string, RubyValue>>): string {
  const generated = text(options['as']);
  const kind = type === 'virtual' ? (text(options['type']) ?? 'text') : type;
  const fallback = options['default'] === undefined ? null : literal(options['default']);
  return [
    quoteName(name),
    typeSql(kind, options),
    ...(generated === null ? [] : [`GENERATED ALWAYS AS (${generated}) STORED`]),
    ...(fallback === null ? [] : [`DEFAULT ${fallback}`]),
    ...(options['null'] === false ? ['NOT NULL'] : []),
  ].join(' ');
}

/** `[:a, :b]`, or an expression as one text: `"lower(email)"`. */
function indexSql(table: string, { positional, named }: RubyArguments): string {
  const [columns] = positional;
  const orders = named['order'];
  const classes = named['opclass'];
  const parts = Array.isArray(columns)
    ? names(columns).map((column) => {
        const order = text(isRecord(orders) ? orders[column] : orders);
        const operators = text(isRecord(classes) ? classes[column] : classes);
        return `${quoteName(column)}${operators === null ? '' : ` ${operators}`}${order === null ? '' : ` ${order}`}`;
      })
    : [/^\w+$/.test(text(columns) ?? '') ? quoteName(text(columns) ?? '') : (text(columns) ?? '')];
  const include = names(named['include']);
  const where = text(named['where']);
  const name = text(named['name']);
  return `CREATE ${named['unique'] === true ? 'UNIQUE ' : ''}INDEX ${name === null ? '' : `${quoteName(name)} `}ON ${relation(table)} USING ${text(named['using']) ?? 'btree'} (${parts.join(', ')})${include.length === 0 ? '' : ` INCLUDE (${list(include)})`}${named['nulls_not_distinct'] === true ? ' NULLS NOT DISTINCT' : ''}${where === null ? '' : ` WHERE ${where}`}`;
}

/** Rails' own names for what has none: a hash of what it is. */
function hashedName(prefix: string, identifier: string): string {
  return `${prefix}_rails_${createHash('sha256').update(identifier).digest('hex').slice(0, 10)}`;
}

function checkSql(table: string, { positional, named }: RubyArguments): string {
  const expression = text(positional[0]) ?? 'true';
  const name = text(named['name']) ?? hashedName('chk', `${table}_${expression}_chk`);
  return `ALTER TABLE ${relation(table)} ADD CONSTRAINT ${quoteName(name)} CHECK (${expression})${named['validate'] === false ? ' NOT VALID' : ''}`;
}

function uniqueSql(table: string, { positional, named }: RubyArguments): string {
  const name = text(named['name']);
  const deferrable = named['deferrable'] === undefined || named['deferrable'] === false ? '' : ' DEFERRABLE';
  return `ALTER TABLE ${relation(table)} ADD ${name === null ? '' : `CONSTRAINT ${quoteName(name)} `}UNIQUE${named['nulls_not_distinct'] === true ? ' NULLS NOT DISTINCT' : ''} (${list(names(positional[0]))})${deferrable}`;
}

function exclusionSql(table: string, { positional, named }: RubyArguments): string {
  const where = text(named['where']);
  const name = text(named['name']);
  return `ALTER TABLE ${relation(table)} ADD ${name === null ? '' : `CONSTRAINT ${quoteName(name)} `}EXCLUDE USING ${text(named['using']) ?? 'gist'} (${text(positional[0]) ?? ''})${where === null ? '' : ` WHERE (${where})`}`;
}

const ACTIONS: Readonly<Record<string, string>> = { cascade: 'CASCADE', nullify: 'SET NULL', restrict: 'RESTRICT' };

/** The column that points to a table by Rails' habit: of the table's columns, the one that fits. */
function foreignColumn(to: string, columns: readonly string[]): string {
  const plain = to.split('.').at(-1) ?? to;
  const guesses = [plain.replace(/ies$/, 'y'), plain.replace(/(s|x|ch|sh|z)es$/, '$1'), plain.replace(/ves$/, 'f'), plain.replace(/s$/, ''), plain.replace(/people$/, 'person'), plain.replace(/children$/, 'child'), plain].map((each) => `${each}_id`);
  return guesses.find((each) => columns.includes(each)) ?? `${plain.replace(/s$/, '')}_id`;
}

function foreignKeySql({ positional, named }: RubyArguments, columnsOf: ReadonlyMap<string, readonly string[]>): string | null {
  const [from, to] = [text(positional[0]), text(positional[1])];
  if (from === null || to === null) return null;
  const columns = 'column' in named ? names(named['column']) : [foreignColumn(to, columnsOf.get(from) ?? [])];
  const target = 'primary_key' in named ? names(named['primary_key']) : ['id'];
  const name = text(named['name']) ?? hashedName('fk', `${from}_${columns.join('_')}_fk`);
  const action = (word: string, key: string): string => {
    const chosen = ACTIONS[text(named[key]) ?? ''];
    return chosen === undefined ? '' : ` ON ${word} ${chosen}`;
  };
  return `ALTER TABLE ${relation(from)} ADD CONSTRAINT ${quoteName(name)} FOREIGN KEY (${list(columns)}) REFERENCES ${relation(to)} (${list(target)})${action('DELETE', 'on_delete')}${action('UPDATE', 'on_update')}${named['validate'] === false ? ' NOT VALID' : ''}`;
}

interface OpenTable {
  readonly name: string;
  readonly options: Readonly<Record<string, RubyValue>>;
  readonly columns: string[];
  readonly names: string[];
  readonly behind: string[];
}

/** The primary key's column, which schema.rb does not list. */
function keyColumns(table: OpenTable): readonly string[] {
  const { id, primary_key: key } = table.options;
  if (Array.isArray(key)) return [];
  if (id === false) return [];
  const options = isRecord(id) ? id : table.options;
  const type = isRecord(id) ? (text(id['type']) ?? 'bigint') : (text(id) ?? 'bigint');
  const name = text(key) ?? 'id';
  const fallback = options['default'] === undefined ? null : literal(options['default']);
  if (type === 'uuid') return [`${quoteName(name)} uuid DEFAULT ${fallback ?? 'gen_random_uuid()'} NOT NULL PRIMARY KEY`];
  if (type === 'integer' || type === 'serial') return [`${quoteName(name)} serial NOT NULL PRIMARY KEY`];
  if (type === 'bigint' || type === 'bigserial') return [`${quoteName(name)} bigserial NOT NULL PRIMARY KEY`];
  return [`${quoteName(name)} ${typeSql(type, { ...options, array: false })}${fallback === null ? '' : ` DEFAULT ${fallback}`} NOT NULL PRIMARY KEY`];
}

function tableSql(table: OpenTable): string[] {
  const composite = names(Array.isArray(table.options['primary_key']) ? table.options['primary_key'] : []);
  const parts = [...keyColumns(table), ...table.columns, ...(composite.length === 0 ? [] : [`PRIMARY KEY (${list(composite)})`])];
  const partition = /\bPARTITION BY .*$/i.exec(text(table.options['options']) ?? '')?.[0] ?? '';
  return [`CREATE TABLE ${relation(table.name)} (${parts.join(', ')}) ${partition}`, ...table.behind];
}

/** One line of a create_table block. */
function readTableLine(table: OpenTable, method: string, rest: RubyArguments): void {
  if (method === 'index') table.behind.push(indexSql(table.name, rest));
  else if (method === 'check_constraint') table.behind.push(checkSql(table.name, rest));
  else if (method === 'unique_constraint' || method === 'unique_key') table.behind.push(uniqueSql(table.name, rest));
  else if (method === 'exclusion_constraint') table.behind.push(exclusionSql(table.name, rest));
  else if (method === 'timestamps') table.columns.push('created_at timestamp(6) NOT NULL', 'updated_at timestamp(6) NOT NULL');
  else {
    // `t.column "name", "type"` is for types that Rails has no word for.
    const type = method === 'column' ? (text(rest.positional[1]) ?? 'text') : method;
    const own = method === 'column' ? rest.positional.slice(0, 1) : rest.positional;
    for (const name of names(own)) {
      table.columns.push(columnSql(name, type, rest.named));
      table.names.push(name);
    }
  }
}

function readTopLine(method: string, rest: RubyArguments, columnsOf: ReadonlyMap<string, readonly string[]>): string | null {
  const first = text(rest.positional[0]);
  if (first === null) return null;
  const others: RubyArguments = { positional: rest.positional.slice(1), named: rest.named };
  switch (method) {
    case 'create_schema':
      return `CREATE SCHEMA IF NOT EXISTS ${quoteName(first)}`;
    case 'enable_extension':
      return `CREATE EXTENSION IF NOT EXISTS ${quoteName(first)}`;
    case 'create_enum':
      return `CREATE TYPE ${relation(first)} AS ENUM (${names(rest.positional[1]).map(quoteLiteral).join(', ')})`;
    case 'add_index':
      return indexSql(first, others);
    case 'add_foreign_key':
      return foreignKeySql(rest, columnsOf);
    case 'add_check_constraint':
      return checkSql(first, others);
    case 'add_unique_constraint':
      return uniqueSql(first, others);
    case 'add_exclusion_constraint':
      return exclusionSql(first, others);
    default:
      return null;
  }
}

/** `create_view "name", sql_definition: <<-SQL` of scenic: the query is the lines up to the word. */
function readHeredoc(lines: readonly string[], at: number): { readonly body: string; readonly end: number } | null {
  const word = /<<[-~]?["']?(\w+)["']?/.exec(lines[at] ?? '')?.[1];
  if (word === undefined) return null;
  const end = lines.findIndex((line, index) => index > at && line.trim() === word);
  return end === -1 ? null : { body: lines.slice(at + 1, end).join('\n'), end };
}

/** Whether a text is a Rails schema. */
export function isRailsSchema(source: string): boolean {
  return /^\s*ActiveRecord::Schema(?:\[[\d.]+\])?\.define\b/m.test(source);
}

/** schema.rb as SQL, statement by statement. It is generated and regular, so that lines tell all; what is not known is left out. */
export function readRailsSchema(source: string): readonly string[] {
  const statements: string[] = [];
  const columnsOf = new Map<string, readonly string[]>();
  let table: OpenTable | null = null;
  const lines = source.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const call = /^\s*(t\.)?(\w+)[ (]+(.*)$/.exec(line);
    if (table !== null && /^\s*end\b/.test(line)) {
      statements.push(...tableSql(table));
      columnsOf.set(table.name, table.names);
      table = null;
    } else if (call === null) continue;
    else if (call[1] !== undefined) {
      if (table !== null) readTableLine(table, call[2] ?? '', readArguments(call[3] ?? ''));
    } else if (call[2] === 'create_table') {
      const { positional, named } = readArguments(call[3] ?? '');
      table = { name: text(positional[0]) ?? '', options: named, columns: [], names: [], behind: [] };
    } else if (call[2] === 'create_view') {
      const heredoc = readHeredoc(lines, at);
      const { positional, named } = readArguments(call[3] ?? '');
      if (heredoc !== null) statements.push(`CREATE ${named['materialized'] === true ? 'MATERIALIZED ' : ''}VIEW ${relation(text(positional[0]) ?? '')} AS ${heredoc.body.trim().replace(/;$/, '')}`);
      at = heredoc?.end ?? at;
    } else {
      const statement = readTopLine(call[2] ?? '', readArguments(call[3] ?? ''), columnsOf);
      if (statement !== null) statements.push(statement);
    }
  }
  return statements;
}
