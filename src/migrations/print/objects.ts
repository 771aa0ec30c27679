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
  const collation = step.collation === undefined ? '' : ` COLLATE ${name(step.collation)}`;
  return [`CREATE DOMAIN ${name(step.domain)} AS ${typeText(step.type)}${collation}${fallback}${step.notNull ? ' NOT NULL' : ''}`, ...step.constraints.map((constraint) => constraintText(constraint))].join(' ');
}

const TRANSACTIONS = { begin: 'BEGIN', commit: 'COMMIT', rollback: 'ROLLBACK', savepoint: 'SAVEPOINT', release: 'RELEASE', 'rollback-to': 'ROLLBACK TO' } as const;

function optional(word: string, text: string | undefined): string {
  return text === undefined ? '' : ` ${word}${text}`;
}

function createView(step: StepOf<'create-view'>): string {
  const head = `CREATE ${step.replace ? 'OR REPLACE ' : ''}${step.temporary ? 'TEMPORARY ' : ''}${step.recursive === true ? 'RECURSIVE ' : ''}VIEW ${name(step.view)}`;
  const columnList = step.columns.length === 0 ? '' : ` (${list(step.columns)})`;
  const check = step.checkOption === undefined ? '' : ` WITH ${step.checkOption.toUpperCase()} CHECK OPTION`;
  return `${head}${columnList}${step.options === undefined ? '' : ` WITH (${step.options})`} AS ${step.query.text}${check}`;
}

function createMaterializedView(step: StepOf<'create-materialized-view'>): string {
  const columnList = step.columns === undefined || step.columns.length === 0 ? '' : ` (${list(step.columns)})`;
  return `CREATE MATERIALIZED VIEW ${step.ifNotExists ? 'IF NOT EXISTS ' : ''}${name(step.view)}${columnList}${optional('', step.options)} AS ${step.query.text}${step.withData ? '' : ' WITH NO DATA'}`;
}

const COMMENTED: Readonly<Record<string, string>> = { table: 'TABLE', view: 'VIEW', 'materialized-view': 'MATERIALIZED VIEW', sequence: 'SEQUENCE', index: 'INDEX', 'foreign-table': 'FOREIGN TABLE' };

function comment(step: StepOf<'comment'>): string {
  if (step.on === 'other' || step.table === null || step.text === undefined) return step.statement;
  const text = step.text === null ? 'NULL' : quoteLiteral(step.text);
  if (step.on === 'column') return `COMMENT ON COLUMN ${name(step.table)}.${quoteName(step.name ?? '')} IS ${text}`;
  if (step.on === 'constraint') return `COMMENT ON CONSTRAINT ${quoteName(step.name ?? '')} ON ${name(step.table)} IS ${text}`;
  return `COMMENT ON ${COMMENTED[step.on] ?? ''} ${name(step.table)} IS ${text}`;
}

function dropFunction(step: StepOf<'drop-function'>): string {
  const all = step.functions.map((each, index) => {
    const types = step.arguments?.[index] ?? null;
    return `${name(each)}${types === null ? '' : `(${types.map(typeText).join(', ')})`}`;
  });
  // An aggregate without arguments is written with a star.
  return step.routine === 'aggregate' ? step.statement : drop((step.routine ?? 'function').toUpperCase(), all.join(', '), step);
}

function createExtension(step: StepOf<'create-extension'>): string {
  const schema = step.schema === null ? '' : ` SCHEMA ${quoteName(step.schema)}`;
  const version = step.version === undefined ? '' : ` VERSION ${quoteLiteral(step.version)}`;
  return `CREATE EXTENSION ${step.ifNotExists === true ? 'IF NOT EXISTS ' : ''}${quoteName(step.extension)}${schema}${version}${step.cascade === true ? ' CASCADE' : ''}`;
}

function createSchema(step: StepOf<'create-schema'>): string {
  return `CREATE SCHEMA${step.ifNotExists ? ' IF NOT EXISTS' : ''}${step.schema === '' ? '' : ` ${quoteName(step.schema)}`}${optional('AUTHORIZATION ', step.owner)}`;
}

// Settings whose values are names: each is quoted by itself.
const LISTS = new Set(['search_path', 'temp_tablespaces']);

function setSetting(step: StepOf<'set-setting'>): string {
  if (step.value === null) return step.local ? `SET LOCAL ${step.setting} TO DEFAULT` : `RESET ${step.setting === 'all' ? 'ALL' : step.setting}`;
  const value = LISTS.has(step.setting) && step.value.trim() !== '' ? list(step.value.split(',').map((part) => part.trim())) : quoteLiteral(step.value);
  return `SET ${step.local ? 'LOCAL ' : ''}${step.setting} = ${value}`;
}

function setTrigger(step: StepOf<'set-trigger'>): string {
  const which = step.trigger === null ? (step.user === true ? 'USER' : 'ALL') : quoteName(step.trigger);
  return switchOf(step, `TRIGGER ${which}`);
}

function switchOf(step: StepOf<'set-trigger'> | StepOf<'set-rule'>, what: string): string {
  const fires = step.fires === undefined ? '' : `${step.fires.toUpperCase()} `;
  const word = step.relation === 'foreign-table' ? 'FOREIGN TABLE' : 'TABLE';
  return `ALTER ${word} ${step.ifExists ? 'IF EXISTS ' : ''}${step.only === true ? 'ONLY ' : ''}${name(step.table)} ${step.enabled ? 'ENABLE' : 'DISABLE'} ${fires}${what}`;
}

function sequence(step: StepOf<'create-sequence'> | StepOf<'alter-sequence'>): string {
  const owner = step.ownedBy === null ? '' : ` OWNED BY ${name(step.ownedBy.table)}.${quoteName(step.ownedBy.column)}`;
  const tail = `${name(step.sequence)}${optional('', step.options)}${owner}`;
  if (step.kind === 'alter-sequence') return `ALTER SEQUENCE ${step.ifExists ? 'IF EXISTS ' : ''}${tail}${step.released === true ? ' OWNED BY NONE' : ''}`;
  return `CREATE ${step.persistence === undefined ? '' : `${step.persistence.toUpperCase()} `}SEQUENCE ${step.ifNotExists ? 'IF NOT EXISTS ' : ''}${tail}`;
}

/** Kinds of steps about types, views, programs, schemas, data and the session. */
export const blockPrinters = {
  'create-enum': (step) => `CREATE TYPE ${name(step.type)} AS ENUM (${step.values.map(quoteLiteral).join(', ')})`,
  'add-enum-value': addEnumValue,
  'rename-enum-value': (step) => `ALTER TYPE ${name(step.type)} RENAME VALUE ${quoteLiteral(step.value)} TO ${quoteLiteral(step.to)}`,
  'create-domain': createDomain,
  'add-domain-constraint': (step) => `ALTER DOMAIN ${name(step.domain)} ADD ${constraintText(step.constraint)}`,
  'drop-domain-constraint': (step) => `ALTER DOMAIN ${name(step.domain)} DROP CONSTRAINT ${step.ifExists === true ? 'IF EXISTS ' : ''}${quoteName(step.constraint)}${step.cascade === true ? ' CASCADE' : ''}`,
  'validate-domain-constraint': (step) => `ALTER DOMAIN ${name(step.domain)} VALIDATE CONSTRAINT ${quoteName(step.constraint)}`,
  'set-domain-not-null': (step) => `ALTER DOMAIN ${name(step.domain)} ${step.notNull ? 'SET' : 'DROP'} NOT NULL`,
  'set-domain-default': (step) => `ALTER DOMAIN ${name(step.domain)} ${step.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${step.default.text}`}`,
  'create-composite': (step) => `CREATE TYPE ${name(step.type)} AS (${step.columns.map(columnText).join(', ')})`,
  'create-type': written,
  'rename-type': (step) => `ALTER ${step.domain === true ? 'DOMAIN' : 'TYPE'} ${name(step.type)} RENAME TO ${quoteName(step.to)}`,
  'set-type-schema': (step) => `ALTER ${step.domain === true ? 'DOMAIN' : 'TYPE'} ${name(step.type)} SET SCHEMA ${quoteName(step.schema)}`,
  'drop-type': (step) => drop(step.domain === true ? 'DOMAIN' : 'TYPE', names(step.types), step),
  'create-view': createView,
  'create-materialized-view': createMaterializedView,
  'drop-view': (step) => drop(`${step.materialized ? 'MATERIALIZED ' : ''}VIEW`, names(step.views), step),
  'refresh-materialized-view': (step) => `REFRESH MATERIALIZED VIEW ${step.concurrently ? 'CONCURRENTLY ' : ''}${name(step.view)}${step.withData ? '' : ' WITH NO DATA'}`,
  'create-trigger': written,
  'drop-trigger': (step) => `DROP TRIGGER ${step.ifExists ? 'IF EXISTS ' : ''}${quoteName(step.trigger)} ON ${name(step.table)}${step.cascade ? ' CASCADE' : ''}`,
  'set-trigger': setTrigger,
  'rename-trigger': (step) => `ALTER TRIGGER ${quoteName(step.trigger)} ON ${name(step.table)} RENAME TO ${quoteName(step.to)}`,
  'create-policy': written,
  'alter-policy': written,
  'drop-policy': (step) => `DROP POLICY ${step.ifExists ? 'IF EXISTS ' : ''}${quoteName(step.policy)} ON ${name(step.table)}${step.cascade === true ? ' CASCADE' : ''}`,
  'create-rule': written,
  'drop-rule': (step) => `DROP RULE ${step.ifExists ? 'IF EXISTS ' : ''}${quoteName(step.rule)} ON ${name(step.table)}${step.cascade === true ? ' CASCADE' : ''}`,
  'set-rule': (step) => switchOf(step, `RULE ${quoteName(step.rule)}`),
  'create-function': written,
  'drop-function': dropFunction,
  'create-sequence': sequence,
  'alter-sequence': sequence,
  'drop-sequence': (step) => drop('SEQUENCE', names(step.sequences), step),
  'create-statistics': written,
  'set-publication-tables': written,
  'create-schema': createSchema,
  'drop-schema': (step) => drop('SCHEMA', list(step.schemas), step),
  'rename-schema': (step) => `ALTER SCHEMA ${quoteName(step.schema)} RENAME TO ${quoteName(step.to)}`,
  'create-extension': createExtension,
  'drop-extension': (step) => drop('EXTENSION', list(step.extensions), step),
  'drop-database': (step) => `DROP DATABASE ${step.ifExists === true ? 'IF EXISTS ' : ''}${quoteName(step.database)}${step.force === true ? ' WITH (FORCE)' : ''}`,
  comment,
  grant: written,
  insert: written,
  update: written,
  delete: written,
  merge: written,
  copy: written,
  select: written,
  'set-setting': setSetting,
  transaction: (step) => (step.statement === '' ? `${TRANSACTIONS[step.action]}${step.savepoint === undefined ? '' : ` ${quoteName(step.savepoint)}`}` : step.statement),
  'do-block': (step) => (step.statement === '' ? `DO ${quoteLiteral(step.body)} LANGUAGE ${quoteName(step.language)}` : step.statement),
  call: written,
  raw: written,
  opaque: written,
} satisfies Partial<Printers>;
