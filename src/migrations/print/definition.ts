import type { ColumnDefinition, Constraint, IndexElement, PartitionBound, PartitionKey, QualifiedName, ReferentialAction, TypeName } from '../definition.js';
import { quoteName } from '../quote.js';

export function name(qualified: QualifiedName): string {
  return qualified.schema === null ? quoteName(qualified.name) : `${quoteName(qualified.schema)}.${quoteName(qualified.name)}`;
}

export function names(all: readonly QualifiedName[]): string {
  return all.map(name).join(', ');
}

export function columns(all: readonly string[]): string {
  return all.map(quoteName).join(', ');
}

// Types whose modifiers stand inside their name.
const MIDDLE: Readonly<Record<string, readonly [string, string]>> = { timestamptz: ['timestamp', ' with time zone'], timetz: ['time', ' with time zone'] };

export function typeText(type: TypeName): string {
  const modifiers = type.modifiers.length === 0 ? '' : `(${type.modifiers.join(', ')})`;
  const middle = type.schema === null && modifiers !== '' ? MIDDLE[type.name] : undefined;
  const plain = type.schema === null ? (/^[a-z][a-z0-9_]*$/.test(type.name) ? type.name : quoteName(type.name)) : name({ schema: type.schema, name: type.name });
  const text = middle === undefined ? `${plain}${modifiers}` : `${middle[0]}${modifiers}${middle[1]}`;
  return `${text}${type.array ? '[]' : ''}`;
}

const ACTIONS: Readonly<Record<ReferentialAction, string>> = { 'no-action': '', restrict: 'RESTRICT', cascade: 'CASCADE', 'set-null': 'SET NULL', 'set-default': 'SET DEFAULT' };

function action(on: 'DELETE' | 'UPDATE', what: ReferentialAction): string {
  return what === 'no-action' ? '' : ` ON ${on} ${ACTIONS[what]}`;
}

function deferral(constraint: { readonly deferrable: boolean; readonly initiallyDeferred?: boolean }): string {
  return `${constraint.deferrable ? ' DEFERRABLE' : ''}${constraint.initiallyDeferred === true ? ' INITIALLY DEFERRED' : ''}`;
}

function references(constraint: Extract<Constraint, { kind: 'foreign-key' }>): string {
  const target = constraint.referencedColumns.length === 0 ? '' : ` (${columns(constraint.referencedColumns)})`;
  const match = constraint.match === 'full' ? ' MATCH FULL' : '';
  return `REFERENCES ${name(constraint.referenced)}${target}${match}${action('DELETE', constraint.onDelete)}${action('UPDATE', constraint.onUpdate)}${deferral(constraint)}`;
}

function keyText(constraint: Extract<Constraint, { kind: 'unique' | 'primary-key' }>, inline: boolean): string {
  const word = `${constraint.kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY'}${constraint.nullsNotDistinct ? ' NULLS NOT DISTINCT' : ''}`;
  const what = constraint.usingIndex !== null ? ` USING INDEX ${quoteName(constraint.usingIndex)}` : inline ? '' : ` (${columns(constraint.columns)})`;
  const include = constraint.include.length === 0 ? '' : ` INCLUDE (${columns(constraint.include)})`;
  return `${word}${what}${include}${deferral(constraint)}`;
}

function body(constraint: Constraint, inline: boolean): string {
  switch (constraint.kind) {
    case 'check':
      return `CHECK (${constraint.expression.text})${constraint.notValid ? ' NOT VALID' : ''}`;
    case 'foreign-key': {
      const own = inline ? '' : `FOREIGN KEY (${columns(constraint.columns)}) `;
      return `${own}${references(constraint)}${constraint.notValid ? ' NOT VALID' : ''}`;
    }
    case 'unique':
    case 'primary-key':
      return keyText(constraint, inline);
    case 'exclude':
      return `EXCLUDE ${constraint.text}`;
    case 'not-null':
      return `NOT NULL ${quoteName(constraint.column)}${constraint.notValid ? ' NOT VALID' : ''}`;
  }
}

/** A constraint as it stands in CREATE TABLE or behind ADD; `inline`: behind its column. */
export function constraintText(constraint: Constraint, inline = false): string {
  return `${constraint.name === null ? '' : `CONSTRAINT ${quoteName(constraint.name)} `}${body(constraint, inline)}`;
}

export function columnText(column: ColumnDefinition): string {
  const parts = [quoteName(column.name), typeText(column.type)];
  if (column.collation !== null) parts.push(`COLLATE ${name(column.collation)}`);
  if (column.generated !== null) parts.push(`GENERATED ALWAYS AS (${column.generated.expression.text}) ${column.generated.kind.toUpperCase()}`);
  if (column.identity !== null) parts.push(`GENERATED ${column.identity === 'always' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`);
  if (column.default !== null) parts.push(`DEFAULT ${column.default.text}`);
  if (column.notNull && !column.constraints.some((constraint) => constraint.kind === 'primary-key')) parts.push('NOT NULL');
  return [...parts, ...column.constraints.map((constraint) => constraintText(constraint, true))].join(' ');
}

export function elementText(element: IndexElement): string {
  const parts = [element.column === null ? (element.expression?.text ?? '') : quoteName(element.column)];
  if (element.collation !== null) parts.push(`COLLATE ${name(element.collation)}`);
  if (element.operatorClass !== null) parts.push(name(element.operatorClass));
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
