import { quoteLiteral, quoteName } from '../quote.js';

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function records(value: unknown): Json[] {
  return (Array.isArray(value) ? (value as unknown[]) : isRecord(value) ? Object.values(value) : []).filter(isRecord);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : isRecord(value) ? Object.values(value).filter((each): each is string => typeof each === 'string') : [];
}

function relation(schema: unknown, name: unknown): string {
  return `${quoteName(text(schema) === '' ? 'public' : text(schema))}.${quoteName(text(name))}`;
}

function list(columns: readonly string[]): string {
  return columns.map(quoteName).join(', ');
}

function named(name: unknown): string {
  return text(name) === '' ? '' : `CONSTRAINT ${quoteName(text(name))} `;
}

/** Types of the database's own stand as SQL writes them; enums by their name. */
function typeSql(column: Json, enums: ReadonlySet<string>): string {
  const type = text(column['type']);
  const base = type.replace(/(?:\[\d*\])+$/, '');
  const array = type.length > base.length || Number(column['dimensions'] ?? 0) > 0 ? '[]' : '';
  const schema = text(column['typeSchema']);
  return enums.has(`${schema === '' ? 'public' : schema}.${base}`) ? `${relation(schema, base)}${array}` : `${base}${array}`;
}

function columnSql(column: Json, enums: ReadonlySet<string>): string {
  const identity = isRecord(column['identity']) ? text(column['identity']['type']) : '';
  const generated = isRecord(column['generated']) ? text(column['generated']['as']) : '';
  const fallback = column['default'];
  const written = typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean' ? String(fallback) : '';
  return [
    quoteName(text(column['name'])),
    typeSql(column, enums),
    ...(identity === '' ? [] : [`GENERATED ${identity === 'always' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`]),
    ...(generated === '' ? [] : [`GENERATED ALWAYS AS (${generated}) STORED`]),
    ...(written === '' ? [] : [`DEFAULT ${written}`]),
    ...(column['primaryKey'] === true ? ['PRIMARY KEY'] : []),
    ...(column['notNull'] === true ? ['NOT NULL'] : []),
  ].join(' ');
}

function elementSql(element: unknown): string {
  if (typeof element === 'string') return quoteName(element);
  if (!isRecord(element)) return '';
  const value = text(element['expression']) + text(element['value']);
  const operators = isRecord(element['opclass']) ? (element['opclass']['default'] === true ? '' : text(element['opclass']['name'])) : text(element['opclass']);
  return `${element['isExpression'] === true ? `(${value})` : quoteName(value)}${operators === '' ? '' : ` ${quoteName(operators)}`}${element['asc'] === false ? ' DESC' : ''}`;
}

function indexSql(index: Json, table: string): string {
  const method = text(index['method']);
  const where = text(index['where']);
  const elements = Array.isArray(index['columns']) ? (index['columns'] as unknown[]).map(elementSql) : [];
  return `CREATE ${index['isUnique'] === true ? 'UNIQUE ' : ''}INDEX ${quoteName(text(index['name']))} ON ${table} USING ${quoteName(method === '' ? 'btree' : method)} (${elements.join(', ')})${where === '' ? '' : ` WHERE ${where}`}`;
}

const ACTIONS: ReadonlySet<string> = new Set(['CASCADE', 'RESTRICT', 'SET NULL', 'SET DEFAULT', 'NO ACTION']);

function action(word: string, value: unknown): string {
  const upper = text(value).toUpperCase();
  return ACTIONS.has(upper) ? ` ON ${word} ${upper}` : '';
}

function foreignKeySql(key: Json, table: string): string {
  const columns = texts(key['columnsFrom'] ?? key['columns']);
  return `ALTER TABLE ${table} ADD ${named(key['name'])}FOREIGN KEY (${list(columns)}) REFERENCES ${relation(key['schemaTo'], key['tableTo'])} (${list(texts(key['columnsTo']))})${action('DELETE', key['onDelete'])}${action('UPDATE', key['onUpdate'])}`;
}

function uniqueSql(key: Json, table: string): string {
  return `ALTER TABLE ${table} ADD ${named(key['name'])}UNIQUE${key['nullsNotDistinct'] === true ? ' NULLS NOT DISTINCT' : ''} (${list(texts(key['columns']))})`;
}

function enumSql(each: Json): string {
  return `CREATE TYPE ${relation(each['schema'], each['name'])} AS ENUM (${texts(each['values']).map(quoteLiteral).join(', ')})`;
}

function enumKey(each: Json): string {
  return `${text(each['schema']) === '' ? 'public' : text(each['schema'])}.${text(each['name'])}`;
}

function viewSql(view: Json): string[] {
  const query = text(view['definition']);
  return query === '' || view['isExisting'] === true ? [] : [`CREATE ${view['materialized'] === true ? 'MATERIALIZED ' : ''}VIEW ${relation(view['schema'], view['name'])} AS ${query}`];
}

/** Snapshots with one record for each table, as drizzle-kit writes them up to version 7. */
function byTables(snapshot: Json): string[] {
  const enums = records(snapshot['enums']);
  const keys = new Set(enums.map(enumKey));
  const tables = records(snapshot['tables']);
  const created = tables.map((table) => {
    const checks = records(table['checkConstraints']).map((each) => `${named(each['name'])}CHECK (${text(each['value'])})`);
    const primary = records(table['compositePrimaryKeys']).map((each) => `${named(each['name'])}PRIMARY KEY (${list(texts(each['columns']))})`);
    return `CREATE TABLE ${relation(table['schema'], table['name'])} (${[...records(table['columns']).map((column) => columnSql(column, keys)), ...primary, ...checks].join(', ')})`;
  });
  const behind = tables.flatMap((table) => {
    const name = relation(table['schema'], table['name']);
    return [...records(table['uniqueConstraints']).map((key) => uniqueSql(key, name)), ...records(table['indexes']).map((index) => indexSql(index, name))];
  });
  const references = tables.flatMap((table) => records(table['foreignKeys']).map((key) => foreignKeySql(key, relation(table['schema'], table['name']))));
  const schemas = texts(snapshot['schemas']).map((schema) => `CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)}`);
  const sequences = records(snapshot['sequences']).map((each) => `CREATE SEQUENCE ${relation(each['schema'], each['name'])}`);
  return [...schemas, ...enums.map(enumSql), ...sequences, ...created, ...behind, ...references, ...records(snapshot['views']).flatMap(viewSql)];
}

/** Snapshots with one list of all there is, as drizzle-kit writes them from 1.0 on. */
function byEntities(entities: readonly Json[]): string[] {
  const of = (type: string): Json[] => entities.filter((each) => each['entityType'] === type);
  const within = (type: string, table: Json): Json[] => of(type).filter((each) => each['table'] === table['name'] && text(each['schema']) === text(table['schema']));
  const keys = new Set(of('enums').map(enumKey));
  const owner = (each: Json): string => relation(each['schema'], each['table']);
  const created = of('tables').map((table) => {
    const primary = within('pks', table).map((each) => `${named(each['name'])}PRIMARY KEY (${list(texts(each['columns']))})`);
    const checks = within('checks', table).map((each) => `${named(each['name'])}CHECK (${text(each['value'])})`);
    return `CREATE TABLE ${relation(table['schema'], table['name'])} (${[...within('columns', table).map((column) => columnSql(column, keys)), ...primary, ...checks].join(', ')})`;
  });
  return [
    ...of('schemas').map((each) => `CREATE SCHEMA IF NOT EXISTS ${quoteName(text(each['name']))}`),
    ...of('enums').map(enumSql),
    ...of('sequences').map((each) => `CREATE SEQUENCE ${relation(each['schema'], each['name'])}`),
    ...created,
    ...of('uniques').map((each) => uniqueSql(each, owner(each))),
    ...of('indexes').map((each) => indexSql(each, owner(each))),
    ...of('fks').map((each) => foreignKeySql(each, owner(each))),
    ...of('views').flatMap(viewSql),
  ];
}

/** A snapshot of drizzle-kit as SQL, statement by statement; empty when it is none of Postgres. */
export function readDrizzleSnapshot(source: string): readonly string[] {
  let snapshot: unknown;
  try {
    snapshot = JSON.parse(source);
  } catch {
    return [];
  }
  if (!isRecord(snapshot) || !/^(?:postgresql|postgres|pg)$/.test(text(snapshot['dialect']))) return [];
  return Array.isArray(snapshot['ddl']) ? byEntities(records(snapshot['ddl'])) : byTables(snapshot);
}
