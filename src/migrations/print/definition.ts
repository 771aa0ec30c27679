import type { ColumnDefinition, Constraint, Identity, IndexElement, PartitionBound, PartitionKey, QualifiedName, ReferentialAction, TypeName } from '../definition.js';
import { quoteName } from '../quote.js';

export function name(qualified: QualifiedName): string {
  return qualified.schema === null ? quoteName(qualified.name) : `${quoteName(qualified.schema)}.${quoteName(qualified.name)}`;
}

export function names(all: readonly QualifiedName[]): string {
  return all.map((each) => `${each.only === true ? 'ONLY ' : ''}${name(each)}`).join(', ');
}

export function columns(all: readonly string[]): string {
  return all.map(quoteName).join(', ');
}

// Types whose modifiers stand inside their name.
const MIDDLE: Readonly<Record<string, readonly [string, string]>> = { timestamptz: ['timestamp', ' with time zone'], timetz: ['time', ' with time zone'] };

// The names that people write, for those that the server uses.
const STANDARD: Readonly<Record<string, string>> = { int2: 'smallint', int4: 'integer', int8: 'bigint', float4: 'real', float8: 'double precision', bool: 'boolean', varbit: 'bit varying' };

function plainName(type: TypeName): string {
  if (type.schema !== null) return name({ schema: type.schema, name: type.name });
  const standard = STANDARD[type.name];
  if (standard !== undefined) return standard;
  if (type.name === 'bpchar' && type.modifiers.length > 0) return 'char';
  // Without quotes it is the standard's type, which the server calls bpchar.
  return type.name === 'char' ? '"char"' : quoteName(type.name);
}

// Bits of the server's interval masks, in the order in which the fields are written.
const FIELDS = [
  [1 << 2, 'year'],
  [1 << 1, 'month'],
  [1 << 3, 'day'],
  [1 << 10, 'hour'],
  [1 << 11, 'minute'],
  [1 << 12, 'second'],
] as const;

function fieldText(mask: number): string {
  const fields = FIELDS.flatMap(([bit, word]) => ((mask & bit) === 0 ? [] : [word]));
  const [first = '', last = first] = [fields[0], fields.at(-1)];
  return first === last ? ` ${first}` : ` ${first} to ${last}`;
}

function dimensionText(type: TypeName): string {
  if (type.dimensions !== undefined) return type.dimensions.map((size) => `[${size === null ? '' : String(size)}]`).join('');
  return type.array ? '[]' : '';
}

export function typeText(type: TypeName): string {
  const inside = type.detail ?? type.modifiers.join(', ');
  const modifiers = inside === '' ? '' : `(${inside})`;
  const middle = type.schema === null && modifiers !== '' ? MIDDLE[type.name] : undefined;
  const fields = type.fields === undefined ? '' : fieldText(type.fields);
  const text = middle === undefined ? `${plainName(type)}${fields}${modifiers}` : `${middle[0]}${modifiers}${middle[1]}`;
  return `${text}${dimensionText(type)}`;
}

const ACTIONS: Readonly<Record<ReferentialAction, string>> = { 'no-action': '', restrict: 'RESTRICT', cascade: 'CASCADE', 'set-null': 'SET NULL', 'set-default': 'SET DEFAULT' };

function action(on: 'DELETE' | 'UPDATE', what: ReferentialAction): string {
  return what === 'no-action' ? '' : ` ON ${on} ${ACTIONS[what]}`;
}

function deferral(constraint: { readonly deferrable: boolean; readonly initiallyDeferred?: boolean }): string {
  return `${constraint.deferrable ? ' DEFERRABLE' : ''}${constraint.initiallyDeferred === true ? ' INITIALLY DEFERRED' : ''}`;
}

function periodColumns(all: readonly string[], period: boolean): string {
  return period ? [...all.slice(0, -1).map(quoteName), `PERIOD ${quoteName(all.at(-1) ?? '')}`].join(', ') : columns(all);
}

function references(constraint: Extract<Constraint, { kind: 'foreign-key' }>): string {
  const target = constraint.referencedColumns.length === 0 ? '' : ` (${periodColumns(constraint.referencedColumns, constraint.period === true)})`;
  const match = constraint.match === 'full' ? ' MATCH FULL' : '';
  const set = constraint.setColumns === undefined ? '' : ` (${columns(constraint.setColumns)})`;
  return `REFERENCES ${name(constraint.referenced)}${target}${match}${action('DELETE', constraint.onDelete)}${set}${action('UPDATE', constraint.onUpdate)}${deferral(constraint)}`;
}

function keyText(constraint: Extract<Constraint, { kind: 'unique' | 'primary-key' }>, inline: boolean): string {
  const word = `${constraint.kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY'}${constraint.nullsNotDistinct ? ' NULLS NOT DISTINCT' : ''}`;
  const overlaps = constraint.withoutOverlaps === true ? ' WITHOUT OVERLAPS' : '';
  const what = constraint.usingIndex !== null ? ` USING INDEX ${quoteName(constraint.usingIndex)}` : inline ? '' : ` (${columns(constraint.columns)}${overlaps})`;
  const include = constraint.include.length === 0 ? '' : ` INCLUDE (${columns(constraint.include)})`;
  const options = constraint.options === undefined ? '' : ` ${constraint.options}`;
  return `${word}${what}${include}${options}${deferral(constraint)}`;
}

function validity(constraint: { readonly notValid: boolean; readonly notEnforced?: boolean }): string {
  return constraint.notEnforced === true ? ' NOT ENFORCED' : constraint.notValid ? ' NOT VALID' : '';
}

function inheritance(constraint: { readonly noInherit?: boolean }): string {
  return constraint.noInherit === true ? ' NO INHERIT' : '';
}

function body(constraint: Constraint, inline: boolean): string {
  switch (constraint.kind) {
    case 'check':
      return `CHECK (${constraint.expression.text})${inheritance(constraint)}${validity(constraint)}`;
    case 'foreign-key': {
      const own = inline ? '' : `FOREIGN KEY (${periodColumns(constraint.columns, constraint.period === true)}) `;
      return `${own}${references(constraint)}${validity(constraint)}`;
    }
    case 'unique':
    case 'primary-key':
      return keyText(constraint, inline);
    case 'exclude':
      return `EXCLUDE ${constraint.text}`;
    case 'not-null':
      return `NOT NULL ${quoteName(constraint.column)}${inheritance(constraint)}${validity(constraint)}`;
  }
}

/** A constraint as it stands in CREATE TABLE or behind ADD; `inline`: behind its column. */
export function constraintText(constraint: Constraint, inline = false): string {
  return `${constraint.name === null ? '' : `CONSTRAINT ${quoteName(constraint.name)} `}${body(constraint, inline)}`;
}

export function identityText(identity: Identity, options: string | undefined): string {
  return `GENERATED ${identity === 'always' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${options === undefined ? '' : ` (${options})`}`;
}

function notNullText(column: ColumnDefinition): string {
  const own = column.notNullName !== undefined || column.notNullNoInherit === true;
  // A primary key says it already.
  if (!column.notNull || (!own && column.constraints.some((constraint) => constraint.kind === 'primary-key'))) return '';
  return `${column.notNullName === undefined ? '' : `CONSTRAINT ${quoteName(column.notNullName)} `}NOT NULL${column.notNullNoInherit === true ? ' NO INHERIT' : ''}`;
}

export function columnText(column: ColumnDefinition): string {
  const parts = [quoteName(column.name), column.type.name === '' ? '' : typeText(column.type)];
  if (column.storage !== undefined) parts.push(`STORAGE ${column.storage.toUpperCase()}`);
  if (column.compression !== undefined) parts.push(`COMPRESSION ${quoteName(column.compression)}`);
  if (column.foreignOptions !== undefined) parts.push(`OPTIONS (${column.foreignOptions})`);
  if (column.collation !== null) parts.push(`COLLATE ${name(column.collation)}`);
  if (column.generated !== null) parts.push(`GENERATED ALWAYS AS (${column.generated.expression.text}) ${column.generated.kind.toUpperCase()}`);
  if (column.identity !== null) parts.push(identityText(column.identity, column.identityOptions));
  if (column.default !== null) parts.push(`DEFAULT ${column.default.text}`);
  parts.push(notNullText(column));
  return [...parts, ...column.constraints.map((constraint) => constraintText(constraint, true))].filter((part) => part !== '').join(' ');
}

export function elementText(element: IndexElement): string {
  const parts = [element.column === null ? (element.expression?.text ?? '') : quoteName(element.column)];
  if (element.collation !== null) parts.push(`COLLATE ${name(element.collation)}`);
  if (element.operatorClass !== null) parts.push(`${name(element.operatorClass)}${element.operatorClassOptions === undefined ? '' : ` (${element.operatorClassOptions})`}`);
  if (element.order !== null) parts.push(element.order.toUpperCase());
  if (element.nulls !== null) parts.push(`NULLS ${element.nulls.toUpperCase()}`);
  return parts.join(' ');
}

export function boundText(bound: PartitionBound): string {
  return bound.default ? 'DEFAULT' : bound.text;
}

export function partitionKeyText(key: PartitionKey): string {
  return key.text === '' ? `PARTITION BY ${key.strategy.toUpperCase()} (${key.columns.map((column) => quoteName(column ?? '')).join(', ')})` : key.text;
}
