import type { Printers } from '../print.js';
import { quoteLiteral, quoteName } from '../quote.js';
import type { StepOf } from '../step.js';
import { columnText, constraintText, name, names, typeText } from './definition.js';

function written(step: { readonly statement: string }): string {
  return step.statement;
}

function list(all: readonly string[]): string {
  return all.map(quoteName).join(', ');
}

function drop(word: string, all: string, step: { readonly ifExists?: boolean; readonly cascade?: boolean }): string {
  return `DROP ${word} ${step.ifExists === true ? 'IF EXISTS ' : ''}${all}${step.cascade === true ? ' CASCADE' : ''}`;
}

function addEnumValue(step: StepOf<'add-enum-value'>): string {
  const place = step.neighbour === null ? '' : ` ${step.after ? 'AFTER' : 'BEFORE'} ${quoteLiteral(step.neighbour)}`;
  return `ALTER TYPE ${name(step.type)} ADD VALUE ${step.ifNotExists ? 'IF NOT EXISTS ' : ''}${quoteLiteral(step.value)}${place}`;
}

function createDomain(step: StepOf<'create-domain'>): string {
  const fallback = step.default === null ? '' : ` DEFAULT ${step.default.text}`;
  return [`CREATE DOMAIN ${name(step.domain)} AS ${typeText(step.type)}${fallback}${step.notNull ? ' NOT NULL' : ''}`, ...step.constraints.map((constraint) => constraintText(constraint))].join(' ');
}

const TRANSACTIONS = { begin: 'BEGIN', commit: 'COMMIT', rollback: 'ROLLBACK' } as const;

function setSetting(step: StepOf<'set-setting'>): string {
  if (step.value === null) return `RESET ${step.setting === 'all' ? 'ALL' : step.setting}`;
  const value = step.setting === 'search_path' && step.value.trim() !== '' ? list(step.value.split(',').map((part) => part.trim())) : quoteLiteral(step.value);
  return `SET ${step.local ? 'LOCAL ' : ''}${step.setting} = ${value}`;
}

function setTrigger(step: StepOf<'set-trigger'>): string {
  const which = step.trigger === null ? 'ALL' : quoteName(step.trigger);
  return `ALTER TABLE ${step.ifExists ? 'IF EXISTS ' : ''}${name(step.table)} ${step.enabled ? 'ENABLE' : 'DISABLE'} TRIGGER ${which}`;
}

function sequence(word: 'CREATE' | 'ALTER', step: StepOf<'create-sequence'> | StepOf<'alter-sequence'>): string {
  const guard = step.kind === 'create-sequence' ? (step.ifNotExists ? 'IF NOT EXISTS ' : '') : step.ifExists ? 'IF EXISTS ' : '';
  const owner = step.ownedBy === null ? '' : ` OWNED BY ${name(step.ownedBy.table)}.${quoteName(step.ownedBy.column)}`;
  return `${word} SEQUENCE ${guard}${name(step.sequence)}${owner}`;
}

/** Kinds of steps about types, views, programs, schemas, data and the session. */
export const blockPrinters = {
  'create-enum': (step) => `CREATE TYPE ${name(step.type)} AS ENUM (${step.values.map(quoteLiteral).join(', ')})`,
  'add-enum-value': addEnumValue,
  'rename-enum-value': (step) => `ALTER TYPE ${name(step.type)} RENAME VALUE ${quoteLiteral(step.value)} TO ${quoteLiteral(step.to)}`,
  'create-domain': createDomain,
  'add-domain-constraint': (step) => `ALTER DOMAIN ${name(step.domain)} ADD ${constraintText(step.constraint)}`,
  'drop-domain-constraint': (step) => `ALTER DOMAIN ${name(step.domain)} DROP CONSTRAINT ${quoteName(step.constraint)}`,
  'validate-domain-constraint': (step) => `ALTER DOMAIN ${name(step.domain)} VALIDATE CONSTRAINT ${quoteName(step.constraint)}`,
  'set-domain-not-null': (step) => `ALTER DOMAIN ${name(step.domain)} ${step.notNull ? 'SET' : 'DROP'} NOT NULL`,
  'set-domain-default': (step) => `ALTER DOMAIN ${name(step.domain)} ${step.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${step.default.text}`}`,
  'create-composite': (step) => `CREATE TYPE ${name(step.type)} AS (${step.columns.map(columnText).join(', ')})`,
  'create-type': written,
  'rename-type': (step) => `ALTER TYPE ${name(step.type)} RENAME TO ${quoteName(step.to)}`,
  'set-type-schema': (step) => `ALTER TYPE ${name(step.type)} SET SCHEMA ${quoteName(step.schema)}`,
  'drop-type': (step) => drop('TYPE', names(step.types), step),
  'create-view': written,
  'create-materialized-view': written,
  'drop-view': (step) => drop(`${step.materialized ? 'MATERIALIZED ' : ''}VIEW`, names(step.views), step),
  'refresh-materialized-view': (step) => `REFRESH MATERIALIZED VIEW ${step.concurrently ? 'CONCURRENTLY ' : ''}${name(step.view)}${step.withData ? '' : ' WITH NO DATA'}`,
  'create-trigger': written,
  'drop-trigger': (step) => `DROP TRIGGER ${step.ifExists ? 'IF EXISTS ' : ''}${quoteName(step.trigger)} ON ${name(step.table)}${step.cascade ? ' CASCADE' : ''}`,
  'set-trigger': setTrigger,
  'rename-trigger': (step) => `ALTER TRIGGER ${quoteName(step.trigger)} ON ${name(step.table)} RENAME TO ${quoteName(step.to)}`,
  'create-policy': written,
  'alter-policy': written,
  'drop-policy': (step) => `DROP POLICY ${step.ifExists ? 'IF EXISTS ' : ''}${quoteName(step.policy)} ON ${name(step.table)}`,
  'create-rule': written,
  'drop-rule': (step) => `DROP RULE ${step.ifExists ? 'IF EXISTS ' : ''}${quoteName(step.rule)} ON ${name(step.table)}`,
  'set-rule': (step) => `ALTER TABLE ${name(step.table)} ${step.enabled ? 'ENABLE' : 'DISABLE'} RULE ${quoteName(step.rule)}`,
  'create-function': written,
  'drop-function': written,
  'create-sequence': (step) => sequence('CREATE', step),
  'alter-sequence': (step) => (step.ownedBy === null ? step.statement : sequence('ALTER', step)),
  'drop-sequence': (step) => drop('SEQUENCE', names(step.sequences), step),
  'create-statistics': written,
  'set-publication-tables': written,
  'create-schema': (step) => `CREATE SCHEMA ${step.ifNotExists ? 'IF NOT EXISTS ' : ''}${quoteName(step.schema)}`,
  'drop-schema': (step) => drop('SCHEMA', list(step.schemas), step),
  'rename-schema': (step) => `ALTER SCHEMA ${quoteName(step.schema)} RENAME TO ${quoteName(step.to)}`,
  'create-extension': written,
  'drop-extension': written,
  'drop-database': (step) => `DROP DATABASE ${quoteName(step.database)}`,
  comment: written,
  grant: written,
  insert: written,
  update: written,
  delete: written,
  merge: written,
  copy: written,
  select: written,
  'set-setting': setSetting,
  transaction: (step) => (step.action === 'begin' || step.action === 'commit' || step.action === 'rollback' ? TRANSACTIONS[step.action] : step.statement),
  'do-block': (step) => (step.statement === '' ? `DO ${quoteLiteral(step.body)} LANGUAGE ${quoteName(step.language)}` : step.statement),
  call: written,
  raw: written,
  opaque: written,
} satisfies Partial<Printers>;
