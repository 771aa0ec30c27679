import { indexesOf, type Catalog, type Column, type Table, type TableConstraint } from '../migrations/catalog.js';
import type { ColumnDefinition, Constraint } from '../migrations/definition.js';
import { splitKey } from '../migrations/fold/edit.js';
import { print } from '../migrations/print.js';
import { quoteLiteral, quoteName } from '../migrations/quote.js';
import type { StepBody } from '../migrations/step.js';

const NOWHERE = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };

/** A step that stands in no file. */
function sql(body: StepBody): string {
  return print({ ...body, span: NOWHERE, statement: '', statementSpan: NOWHERE, wholeLines: false, statementIndex: 0 });
}

const SERIALS: Readonly<Record<string, string>> = { int2: 'smallserial', int4: 'serial', int8: 'bigserial' };

/** A column as it would be declared. */
export function columnDefinition(column: Column): ColumnDefinition {
  // The sequence of a serial column is not spelt out in a catalog.
  const serial = column.default?.text === 'nextval(…)' ? SERIALS[column.type.name] : undefined;
  const { name, type, notNull, identity, generated, collation } = column;
  return { name, type: serial === undefined ? type : { ...type, schema: null, name: serial }, notNull, default: serial === undefined ? column.default : null, identity, generated, collation, constraints: [] };
}

function named({ name, definition }: TableConstraint): Constraint {
  const own = { ...definition, name };
  return 'usingIndex' in own ? { ...own, usingIndex: null } : own;
}

function createTable(table: Table): string {
  const { schema, name } = table;
  const own = [...table.constraints.values()].filter((constraint) => !constraint.inherited && constraint.referenced === null && constraint.definition.kind !== 'foreign-key' && constraint.definition.kind !== 'not-null');
  const partitionOf = table.partitionOf === null ? null : { parent: splitKey(table.partitionOf.parent), bound: table.partitionOf.bound };
  return sql({
    kind: 'create-table',
    table: { schema, name },
    columns: partitionOf === null ? [...table.columns.values()].filter((column) => !column.inherited).map(columnDefinition) : [],
    constraints: partitionOf === null ? own.filter(({ valid }) => valid).map(named) : [],
    ifNotExists: false,
    persistence: table.persistence,
    partitionBy: table.partitionBy,
    partitionOf,
    inherits: table.inherits.map(splitKey),
    like: [],
  });
}

function addConstraint(table: Table, constraint: TableConstraint): string {
  return sql({ kind: 'add-constraint', table: { schema: table.schema, name: table.name }, ifExists: false, constraint: named(constraint) });
}

/** A table with its keys, checks and indexes; what leads to other tables stands apart. */
export function tableStatements(catalog: Catalog, table: Table): readonly string[] {
  const indexes = indexesOf(catalog, table.key).filter((index) => index.constraint === null && index.parent === null);
  return [
    createTable(table),
    ...[...table.constraints.values()].filter(({ valid, inherited, definition }) => !valid && !inherited && definition.kind === 'check').map((constraint) => addConstraint(table, constraint)),
    ...indexes.map((index) => sql({ kind: 'create-index', index: index.name, table: splitKey(index.table), method: index.method, elements: index.elements, include: index.include, unique: index.unique, nullsNotDistinct: index.nullsNotDistinct, concurrently: false, ifNotExists: false, only: !index.valid, predicate: index.predicate })),
    ...(table.rowSecurity === 'off' ? [] : [sql({ kind: 'set-row-security', table: { schema: table.schema, name: table.name }, ifExists: false, change: 'enable' })]),
  ];
}

export function foreignKeyStatements(table: Table): readonly string[] {
  return [...table.constraints.values()].filter(({ definition, inherited }) => definition.kind === 'foreign-key' && !inherited).map((constraint) => addConstraint(table, constraint));
}

/** Schemas, types and free sequences: what tables are made of. */
export function typeStatements(catalog: Catalog): readonly string[] {
  const name = (key: string): string => {
    const { schema, name: own } = splitKey(key);
    return `${quoteName(schema)}.${quoteName(own)}`;
  };
  const schemas = new Set([...catalog.schemas, ...[...catalog.tables.values()].map((table) => table.schema)]);
  return [
    ...[...schemas].map((schema) => `CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)}`),
    ...[...catalog.enums].map(([key, values]) => `CREATE TYPE ${name(key)} AS ENUM (${values.map(quoteLiteral).join(', ')})`),
    ...[...catalog.domains].map(([key, domain]) => sql({ kind: 'create-domain', domain: splitKey(key), type: domain.type, notNull: domain.notNull, default: domain.default, constraints: [] })),
    ...[...catalog.composites].map(([key, columns]) => sql({ kind: 'create-composite', type: splitKey(key), columns })),
    ...[...catalog.sequences.values()].filter(({ ownedBy }) => ownedBy === null).map(({ key }) => `CREATE SEQUENCE IF NOT EXISTS ${name(key)}`),
  ];
}

/** Functions and views, whose texts are kept as they were written. */
export function programStatements(catalog: Catalog): readonly string[] {
  const functions = [...catalog.functions.values()].flatMap(({ definition }) => (definition === undefined ? [] : [definition.statement]));
  const views = [...catalog.views.values()].map((view) => `CREATE ${view.materialized ? 'MATERIALIZED ' : ''}VIEW ${quoteName(view.schema)}.${quoteName(view.name)} AS ${view.query}`);
  return [...functions, ...views];
}
