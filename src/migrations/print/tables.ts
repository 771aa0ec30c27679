import type { QualifiedName } from '../definition.js';
import type { Printers } from '../print.js';
import { quoteName } from '../quote.js';
import type { LockMode, RelationKind, StepOf } from '../step.js';
import { boundText, columns, columnText, constraintText, elementText, name, names, partitionKeyText, typeText } from './definition.js';

const WORDS: Readonly<Record<RelationKind, string>> = { table: 'TABLE', view: 'VIEW', 'materialized-view': 'MATERIALIZED VIEW', sequence: 'SEQUENCE', index: 'INDEX', 'foreign-table': 'FOREIGN TABLE' };

interface Altered {
  readonly table: QualifiedName;
  readonly ifExists: boolean;
}

function alter(step: Altered, what: string, relation: RelationKind = 'table'): string {
  return `ALTER ${WORDS[relation]} ${step.ifExists ? 'IF EXISTS ' : ''}${name(step.table)} ${what}`;
}

function column(step: Altered & { readonly column: string }, what: string): string {
  return alter(step, `ALTER COLUMN ${quoteName(step.column)} ${what}`);
}

function drop(word: string, all: string, step: { readonly ifExists: boolean; readonly cascade: boolean }): string {
  return `DROP ${word} ${step.ifExists ? 'IF EXISTS ' : ''}${all}${step.cascade ? ' CASCADE' : ''}`;
}

function createTable(step: StepOf<'create-table'>): string {
  const kind = { permanent: '', unlogged: 'UNLOGGED ', temporary: 'TEMPORARY ' }[step.persistence];
  const head = `CREATE ${kind}TABLE ${step.ifNotExists ? 'IF NOT EXISTS ' : ''}${name(step.table)}`;
  const likes = step.like.map((each) => `LIKE ${name(each.table)}${each.indexes ? ' INCLUDING INDEXES' : ''}${each.constraints ? ' INCLUDING CONSTRAINTS' : ''}${each.defaults ? ' INCLUDING DEFAULTS' : ''}`);
  const elements = [...step.columns.map(columnText), ...likes, ...step.constraints.map((constraint) => constraintText(constraint))];
  const list = elements.length === 0 ? '' : ` (${elements.join(', ')})`;
  const tail = step.partitionBy === null ? '' : ` ${partitionKeyText(step.partitionBy)}`;
  if (step.partitionOf !== null) return `${head} PARTITION OF ${name(step.partitionOf.parent)}${list} ${boundText(step.partitionOf.bound)}${tail}`;
  const inherits = step.inherits.length === 0 ? '' : ` INHERITS (${names(step.inherits)})`;
  return `${head}${list === '' ? ' ()' : list}${inherits}${tail}`;
}

function createIndex(step: StepOf<'create-index'>): string {
  const head = `CREATE ${step.unique ? 'UNIQUE ' : ''}INDEX ${step.concurrently ? 'CONCURRENTLY ' : ''}${step.ifNotExists ? 'IF NOT EXISTS ' : ''}${step.index === null ? '' : `${quoteName(step.index)} `}`;
  const include = step.include.length === 0 ? '' : ` INCLUDE (${columns(step.include)})`;
  const where = step.predicate === null ? '' : ` WHERE ${step.predicate.text}`;
  return `${head}ON ${step.only ? 'ONLY ' : ''}${name(step.table)} USING ${quoteName(step.method)} (${step.elements.map(elementText).join(', ')})${include}${step.nullsNotDistinct ? ' NULLS NOT DISTINCT' : ''}${where}`;
}

function lockWord(mode: LockMode): string {
  return mode.replace(/Lock$/, '').replace(/(?!^)([A-Z])/g, ' $1').toUpperCase();
}

function written(step: { readonly statement: string }): string {
  return step.statement;
}

const ROW_SECURITY = { enable: 'ENABLE', disable: 'DISABLE', force: 'FORCE', 'no-force': 'NO FORCE' } as const;

/** Kinds of steps that change tables, columns, constraints and indexes. */
export const tablePrinters = {
  'create-table': createTable,
  'create-table-as': written,
  'drop-table': (step) => drop('TABLE', names(step.tables), step),
  'rename-relation': (step) => alter(step, `RENAME TO ${quoteName(step.to)}`, step.relation),
  'set-relation-schema': (step) => alter(step, `SET SCHEMA ${quoteName(step.schema)}`, step.relation),
  'set-persistence': (step) => alter(step, `SET ${step.unlogged ? 'UNLOGGED' : 'LOGGED'}`),
  'set-access-method': (step) => alter(step, `SET ACCESS METHOD ${step.method === null ? 'DEFAULT' : quoteName(step.method)}`),
  'set-tablespace': (step) => alter(step, `SET TABLESPACE ${quoteName(step.tablespace)}`, step.relation),
  'set-storage-parameters': written,
  'set-cluster-index': (step) => alter(step, step.index === null ? 'SET WITHOUT CLUSTER' : `CLUSTER ON ${quoteName(step.index)}`),
  'set-replica-identity': written,
  'set-owner': (step) => alter(step, `OWNER TO ${step.owner === '' ? 'CURRENT_USER' : quoteName(step.owner)}`, step.relation),
  'set-row-security': (step) => alter(step, `${ROW_SECURITY[step.change]} ROW LEVEL SECURITY`),
  'set-inheritance': (step) => alter(step, `${step.inherit ? '' : 'NO '}INHERIT ${name(step.parent)}`),
  'attach-partition': (step) => alter(step, `ATTACH PARTITION ${name(step.partition)} ${boundText(step.bound)}`),
  'detach-partition': (step) => alter(step, `DETACH PARTITION ${name(step.partition)}${step.concurrently ? ' CONCURRENTLY' : ''}${step.finalize ? ' FINALIZE' : ''}`),
  truncate: (step) => `TRUNCATE ${names(step.tables)}${step.restartIdentity ? ' RESTART IDENTITY' : ''}${step.cascade ? ' CASCADE' : ''}`,
  'lock-table': (step) => `LOCK TABLE ${names(step.tables)} IN ${lockWord(step.mode)} MODE`,
  cluster: (step) => `CLUSTER${step.table === null ? '' : ` ${name(step.table)}`}${step.index === null ? '' : ` USING ${quoteName(step.index)}`}`,
  vacuum: (step) => `VACUUM${step.full || step.analyze ? ` (${[...(step.full ? ['FULL'] : []), ...(step.analyze ? ['ANALYZE'] : [])].join(', ')})` : ''}${step.tables.length === 0 ? '' : ` ${names(step.tables)}`}`,
  analyze: (step) => `ANALYZE${step.tables.length === 0 ? '' : ` ${names(step.tables)}`}`,
  'add-column': (step) => alter(step, `ADD COLUMN ${step.ifNotExists ? 'IF NOT EXISTS ' : ''}${columnText(step.column)}`),
  'drop-column': (step) => alter(step, `DROP COLUMN ${step.columnIfExists ? 'IF EXISTS ' : ''}${quoteName(step.column)}${step.cascade ? ' CASCADE' : ''}`),
  'rename-column': (step) => alter(step, `RENAME COLUMN ${quoteName(step.column)} TO ${quoteName(step.to)}`, step.relation),
  'set-type': (step) => column(step, `TYPE ${typeText(step.type)}${step.collation === null ? '' : ` COLLATE ${name(step.collation)}`}${step.using === null ? '' : ` USING ${step.using.text}`}`),
  'set-default': (step) => column(step, `SET DEFAULT ${step.default.text}`),
  'drop-default': (step) => column(step, 'DROP DEFAULT'),
  'set-not-null': (step) => column(step, 'SET NOT NULL'),
  'drop-not-null': (step) => column(step, 'DROP NOT NULL'),
  'add-identity': (step) => column(step, `ADD GENERATED ${step.identity === 'always' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`),
  'set-identity': written,
  'drop-identity': (step) => column(step, 'DROP IDENTITY'),
  'set-expression': (step) => column(step, `SET EXPRESSION AS (${step.expression.text})`),
  'drop-expression': (step) => column(step, 'DROP EXPRESSION'),
  'set-column-option': written,
  'add-constraint': (step) => alter(step, `ADD ${constraintText(step.constraint)}`),
  'drop-constraint': (step) => alter(step, `DROP CONSTRAINT ${step.constraintIfExists ? 'IF EXISTS ' : ''}${quoteName(step.constraint)}${step.cascade ? ' CASCADE' : ''}`),
  'validate-constraint': (step) => alter(step, `VALIDATE CONSTRAINT ${quoteName(step.constraint)}`),
  'rename-constraint': (step) => alter(step, `RENAME CONSTRAINT ${quoteName(step.constraint)} TO ${quoteName(step.to)}`),
  'alter-constraint': (step) => alter(step, `ALTER CONSTRAINT ${quoteName(step.constraint)}${step.deferrable === true ? ' DEFERRABLE' : ' NOT DEFERRABLE'}${step.initiallyDeferred === true ? ' INITIALLY DEFERRED' : ''}`),
  'create-index': createIndex,
  'drop-index': (step) => drop(`INDEX${step.concurrently ? ' CONCURRENTLY' : ''}`, names(step.indexes), step),
  'attach-index': (step) => `ALTER INDEX ${name(step.index)} ATTACH PARTITION ${name(step.partition)}`,
  reindex: (step) => `REINDEX ${step.scope.toUpperCase()}${step.concurrently ? ' CONCURRENTLY' : ''}${step.name === null ? '' : ` ${name(step.name)}`}`,
} satisfies Partial<Printers>;
