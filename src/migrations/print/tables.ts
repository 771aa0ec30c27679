import type { QualifiedName } from '../definition.js';
import type { Printers } from '../print.js';
import { quoteName } from '../quote.js';
import type { LockMode, RelationKind, StepOf, TableLike } from '../step.js';
import { boundText, columns, columnText, constraintText, elementText, identityText, name, names, partitionKeyText, typeText } from './definition.js';

const WORDS: Readonly<Record<RelationKind, string>> = { table: 'TABLE', view: 'VIEW', 'materialized-view': 'MATERIALIZED VIEW', sequence: 'SEQUENCE', index: 'INDEX', 'foreign-table': 'FOREIGN TABLE' };

interface Altered {
  readonly table: QualifiedName;
  readonly ifExists: boolean;
  readonly only?: boolean;
  readonly relation?: RelationKind;
}

function alter(step: Altered, what: string): string {
  return `ALTER ${WORDS[step.relation ?? 'table']} ${step.ifExists ? 'IF EXISTS ' : ''}${step.only === true ? 'ONLY ' : ''}${name(step.table)} ${what}`;
}

function column(step: Altered & { readonly column: string }, what: string): string {
  return alter(step, `ALTER COLUMN ${quoteName(step.column)} ${what}`);
}

function drop(word: string, all: string, step: { readonly ifExists: boolean; readonly cascade: boolean }): string {
  return `DROP ${word} ${step.ifExists ? 'IF EXISTS ' : ''}${all}${step.cascade ? ' CASCADE' : ''}`;
}

const LIKE_WORDS = ['comments', 'compression', 'constraints', 'defaults', 'generated', 'identity', 'indexes', 'statistics', 'storage'] as const;

function likeText(like: TableLike): string {
  return `LIKE ${name(like.table)}${LIKE_WORDS.map((word) => (like[word] === true ? ` INCLUDING ${word.toUpperCase()}` : '')).join('')}`;
}

function createTableAs(step: StepOf<'create-table-as'>): string {
  const kind = step.temporary ? 'TEMPORARY ' : step.unlogged === true ? 'UNLOGGED ' : '';
  const list = step.columns.length === 0 ? '' : ` (${columns(step.columns)})`;
  return `CREATE ${kind}TABLE ${step.ifNotExists ? 'IF NOT EXISTS ' : ''}${name(step.table)}${list}${step.options === undefined ? '' : ` ${step.options}`} AS ${step.query.text}${step.withData ? '' : ' WITH NO DATA'}`;
}

function createTable(step: StepOf<'create-table'>): string {
  const kind = step.foreign === undefined ? { permanent: '', unlogged: 'UNLOGGED ', temporary: 'TEMPORARY ' }[step.persistence] : 'FOREIGN ';
  const head = `CREATE ${kind}TABLE ${step.ifNotExists ? 'IF NOT EXISTS ' : ''}${name(step.table)}`;
  const elements = [...step.columns.map(columnText), ...step.like.map(likeText), ...step.constraints.map((constraint) => constraintText(constraint))];
  const list = elements.length === 0 ? '' : ` (${elements.join(', ')})`;
  const server = step.foreign === undefined ? '' : ` SERVER ${quoteName(step.foreign.server)}${step.foreign.options === '' ? '' : ` OPTIONS (${step.foreign.options})`}`;
  const tail = `${step.partitionBy === null ? '' : ` ${partitionKeyText(step.partitionBy)}`}${step.options === undefined ? '' : ` ${step.options}`}${server}`;
  if (step.partitionOf !== null) return `${head} PARTITION OF ${name(step.partitionOf.parent)}${list} ${boundText(step.partitionOf.bound)}${tail}`;
  if (step.ofType !== undefined) return `${head} OF ${typeText(step.ofType)}${list}${tail}`;
  const inherits = step.inherits.length === 0 ? '' : ` INHERITS (${names(step.inherits)})`;
  return `${head}${list === '' ? ' ()' : list}${inherits}${tail}`;
}

function createIndex(step: StepOf<'create-index'>): string {
  const head = `CREATE ${step.unique ? 'UNIQUE ' : ''}INDEX ${step.concurrently ? 'CONCURRENTLY ' : ''}${step.ifNotExists ? 'IF NOT EXISTS ' : ''}${step.index === null ? '' : `${quoteName(step.index)} `}`;
  const include = step.include.length === 0 ? '' : ` INCLUDE (${columns(step.include)})`;
  const where = step.predicate === null ? '' : ` WHERE ${step.predicate.text}`;
  return `${head}ON ${step.only ? 'ONLY ' : ''}${name(step.table)} USING ${quoteName(step.method)} (${step.elements.map(elementText).join(', ')})${include}${step.nullsNotDistinct ? ' NULLS NOT DISTINCT' : ''}${step.options === undefined ? '' : ` ${step.options}`}${where}`;
}

function lockWord(mode: LockMode): string {
  return mode.replace(/Lock$/, '').replace(/(?!^)([A-Z])/g, ' $1').toUpperCase();
}

const IDENTITIES: Readonly<Record<string, string>> = { d: 'DEFAULT', f: 'FULL', n: 'NOTHING' };

function setReplicaIdentity(step: StepOf<'set-replica-identity'>): string {
  return alter(step, `REPLICA IDENTITY ${IDENTITIES[step.identity] ?? `USING INDEX ${quoteName(step.index ?? '')}`}`);
}

function setColumnOption(step: StepOf<'set-column-option'>): string {
  // An index's columns go by number.
  const which = `ALTER COLUMN ${step.relation === 'index' && /^\d+$/.test(step.column) ? step.column : quoteName(step.column)}`;
  if (step.option === 'options') return alter(step, `${which} ${step.reset === true ? 'RESET' : 'SET'} (${step.value})`);
  return alter(step, `${which} SET ${step.option.toUpperCase()} ${step.option === 'compression' && step.value !== 'default' ? quoteName(step.value) : step.value}`);
}

function alterConstraint(step: StepOf<'alter-constraint'>): string {
  const parts = [
    step.deferrable === null ? '' : step.deferrable ? ' DEFERRABLE' : ' NOT DEFERRABLE',
    step.initiallyDeferred === true ? ' INITIALLY DEFERRED' : '',
    step.enforced === undefined ? '' : step.enforced ? ' ENFORCED' : ' NOT ENFORCED',
    step.inherit === undefined ? '' : step.inherit ? ' INHERIT' : ' NO INHERIT',
  ];
  return alter(step, `ALTER CONSTRAINT ${quoteName(step.constraint)}${parts.join('')}`);
}

function reindex(step: StepOf<'reindex'>): string {
  const options = step.tablespace === undefined ? '' : ` (TABLESPACE ${quoteName(step.tablespace)})`;
  return `REINDEX${options} ${step.scope.toUpperCase()}${step.concurrently ? ' CONCURRENTLY' : ''}${step.name === null ? '' : ` ${name(step.name)}`}`;
}

const ROW_SECURITY = { enable: 'ENABLE', disable: 'DISABLE', force: 'FORCE', 'no-force': 'NO FORCE' } as const;

/** Kinds of steps that change tables, columns, constraints and indexes. */
export const tablePrinters = {
  'create-table': createTable,
  'create-table-as': createTableAs,
  'drop-table': (step) => drop(step.foreign === true ? 'FOREIGN TABLE' : 'TABLE', names(step.tables), step),
  'rename-relation': (step) => alter(step, `RENAME TO ${quoteName(step.to)}`),
  'set-relation-schema': (step) => alter(step, `SET SCHEMA ${quoteName(step.schema)}`),
  'alter-relation': (step) => alter(step, step.text),
  'set-persistence': (step) => alter(step, `SET ${step.unlogged ? 'UNLOGGED' : 'LOGGED'}`),
  'set-access-method': (step) => alter(step, `SET ACCESS METHOD ${step.method === null ? 'DEFAULT' : quoteName(step.method)}`),
  'set-tablespace': (step) => alter(step, `SET TABLESPACE ${quoteName(step.tablespace)}`),
  'set-storage-parameters': (step) => alter(step, `${step.reset ? 'RESET' : 'SET'} (${step.text ?? step.parameters.map(quoteName).join(', ')})`),
  'set-cluster-index': (step) => alter(step, step.index === null ? 'SET WITHOUT CLUSTER' : `CLUSTER ON ${quoteName(step.index)}`),
  'set-replica-identity': setReplicaIdentity,
  'set-owner': (step) => alter(step, `OWNER TO ${step.owner === '' ? 'CURRENT_USER' : step.owner}`),
  'set-row-security': (step) => alter(step, `${ROW_SECURITY[step.change]} ROW LEVEL SECURITY`),
  'set-inheritance': (step) => alter(step, `${step.inherit ? '' : 'NO '}INHERIT ${name(step.parent)}`),
  'attach-partition': (step) => alter(step, `ATTACH PARTITION ${name(step.partition)} ${boundText(step.bound)}`),
  'detach-partition': (step) => alter(step, `DETACH PARTITION ${name(step.partition)}${step.concurrently ? ' CONCURRENTLY' : ''}${step.finalize ? ' FINALIZE' : ''}`),
  truncate: (step) => `TRUNCATE ${names(step.tables)}${step.restartIdentity ? ' RESTART IDENTITY' : ''}${step.cascade ? ' CASCADE' : ''}`,
  'lock-table': (step) => `LOCK TABLE ${names(step.tables)} IN ${lockWord(step.mode)} MODE${step.nowait === true ? ' NOWAIT' : ''}`,
  cluster: (step) => `CLUSTER${step.table === null ? '' : ` ${name(step.table)}`}${step.index === null ? '' : ` USING ${quoteName(step.index)}`}`,
  vacuum: (step) => `VACUUM${step.full || step.analyze ? ` (${[...(step.full ? ['FULL'] : []), ...(step.analyze ? ['ANALYZE'] : [])].join(', ')})` : ''}${step.tables.length === 0 ? '' : ` ${names(step.tables)}`}`,
  analyze: (step) => `ANALYZE${step.tables.length === 0 ? '' : ` ${names(step.tables)}`}`,
  'add-column': (step) => alter(step, `ADD COLUMN ${step.ifNotExists ? 'IF NOT EXISTS ' : ''}${columnText(step.column)}`),
  'drop-column': (step) => alter(step, `DROP COLUMN ${step.columnIfExists ? 'IF EXISTS ' : ''}${quoteName(step.column)}${step.cascade ? ' CASCADE' : ''}`),
  'rename-column': (step) => alter(step, `RENAME COLUMN ${quoteName(step.column)} TO ${quoteName(step.to)}`),
  'set-type': (step) => column(step, `TYPE ${typeText(step.type)}${step.collation === null ? '' : ` COLLATE ${name(step.collation)}`}${step.using === null ? '' : ` USING ${step.using.text}`}`),
  'set-default': (step) => column(step, `SET DEFAULT ${step.default.text}`),
  'drop-default': (step) => column(step, 'DROP DEFAULT'),
  'set-not-null': (step) => column(step, 'SET NOT NULL'),
  'drop-not-null': (step) => column(step, 'DROP NOT NULL'),
  'add-identity': (step) => column(step, `ADD ${identityText(step.identity, step.options)}`),
  'set-identity': (step) => column(step, step.options ?? ''),
  'drop-identity': (step) => column(step, `DROP IDENTITY${step.identityIfExists === true ? ' IF EXISTS' : ''}`),
  'set-expression': (step) => column(step, `SET EXPRESSION AS (${step.expression.text})`),
  'drop-expression': (step) => column(step, `DROP EXPRESSION${step.expressionIfExists === true ? ' IF EXISTS' : ''}`),
  'set-column-option': setColumnOption,
  'add-constraint': (step) => alter(step, `ADD ${constraintText(step.constraint)}`),
  'drop-constraint': (step) => alter(step, `DROP CONSTRAINT ${step.constraintIfExists ? 'IF EXISTS ' : ''}${quoteName(step.constraint)}${step.cascade ? ' CASCADE' : ''}`),
  'validate-constraint': (step) => alter(step, `VALIDATE CONSTRAINT ${quoteName(step.constraint)}`),
  'rename-constraint': (step) => alter(step, `RENAME CONSTRAINT ${quoteName(step.constraint)} TO ${quoteName(step.to)}`),
  'alter-constraint': alterConstraint,
  'create-index': createIndex,
  'drop-index': (step) => drop(`INDEX${step.concurrently ? ' CONCURRENTLY' : ''}`, names(step.indexes), step),
  'attach-index': (step) => `ALTER INDEX ${name(step.index)} ATTACH PARTITION ${name(step.partition)}`,
  reindex,
} satisfies Partial<Printers>;
