import type { CreateForeignTableStmt, CreateStmt, CreateTableAsStmt, Node, PartitionBoundSpec, PartitionSpec, TableLikeClause } from '../../languages/sql.js';
import type { ColumnDefinition, Constraint, PartitionBound, PartitionKey, QualifiedName } from '../definition.js';
import type { StepBody, TableLike } from '../step.js';
import { readColumn, readConstraint } from './constraint.js';
import { readQuery } from './expression.js';
import { queryBehindAs } from './query-text.js';
import { relationName, strings, typeName } from './names.js';
import { foreignOptionText, storageText, withOptions } from './options.js';
import { closing, textBetween, type Statement } from './statement.js';
import { queryDetails } from './query-shape.js';

// Bits of the grammar's TableLikeOption.
const LIKE_COMMENTS = 1 << 0;
const LIKE_COMPRESSION = 1 << 1;
const LIKE_CONSTRAINTS = 1 << 2;
const LIKE_DEFAULTS = 1 << 3;
const LIKE_GENERATED = 1 << 4;
const LIKE_IDENTITY = 1 << 5;
const LIKE_INDEXES = 1 << 6;
const LIKE_STATISTICS = 1 << 7;
const LIKE_STORAGE = 1 << 8;

function readLike(node: TableLikeClause): TableLike {
  const has = (bit: number): boolean => ((node.options ?? 0) & bit) !== 0;
  return {
    table: relationName(node.relation),
    indexes: has(LIKE_INDEXES),
    constraints: has(LIKE_CONSTRAINTS),
    defaults: has(LIKE_DEFAULTS),
    ...(has(LIKE_IDENTITY) ? { identity: true } : {}),
    ...(has(LIKE_GENERATED) ? { generated: true } : {}),
    ...(has(LIKE_COMMENTS) ? { comments: true } : {}),
    ...(has(LIKE_COMPRESSION) ? { compression: true } : {}),
    ...(has(LIKE_STATISTICS) ? { statistics: true } : {}),
    ...(has(LIKE_STORAGE) ? { storage: true } : {}),
  };
}

/** A partition's bound: where the words FOR VALUES or DEFAULT stand, as written. */
export function readBound(statement: Statement, bound: PartitionBoundSpec | undefined): PartitionBound {
  if (bound?.is_default === true) return { default: true, text: 'DEFAULT' };
  const from = statement.tokens.findIndex((token, index) => {
    const next = statement.tokens[index + 1];
    return statement.word(token) === 'for' && next !== undefined && statement.word(next) === 'values';
  });
  if (from === -1) return { default: false, text: '' };
  const opened = statement.tokens.findIndex((token, index) => index > from && statement.word(token) === '(');
  const first = closing(statement, opened);
  const to = statement.tokens[first + 1];
  // FROM (…) TO (…) has a second list.
  const end = to !== undefined && statement.word(to) === 'to' ? closing(statement, first + 2) : first;
  return { default: false, text: textBetween(statement, from, end + 1) };
}

function readPartitionKey(statement: Statement, spec: PartitionSpec | undefined): PartitionKey | null {
  if (spec === undefined) return null;
  const strategies = { PARTITION_STRATEGY_LIST: 'list', PARTITION_STRATEGY_RANGE: 'range', PARTITION_STRATEGY_HASH: 'hash' } as const;
  const from = statement.tokens.findLastIndex((token) => token.kind === 'word' && statement.word(token) === 'partition');
  return {
    strategy: strategies[spec.strategy ?? 'PARTITION_STRATEGY_RANGE'],
    columns: (spec.partParams ?? []).map((node) => ('PartitionElem' in node ? (node.PartitionElem.name ?? null) : null)),
    text: from === -1 ? '' : textBetween(statement, from, closing(statement, statement.tokens.findIndex((token, index) => index > from && statement.word(token) === '(')) + 1),
  };
}

interface Elements {
  readonly columns: ColumnDefinition[];
  readonly constraints: Constraint[];
  readonly like: TableLike[];
}

function readElements(statement: Statement, nodes: readonly Node[]): Elements {
  const elements: Elements = { columns: [], constraints: [], like: [] };
  for (const node of nodes) {
    if ('ColumnDef' in node) elements.columns.push(readColumn(statement, node.ColumnDef));
    else if ('Constraint' in node) {
      const constraint = readConstraint(statement, node.Constraint, null);
      if (constraint !== null) elements.constraints.push(constraint);
    } else if ('TableLikeClause' in node) elements.like.push(readLike(node.TableLikeClause));
  }
  return elements;
}

function relations(nodes: readonly Node[] | undefined): QualifiedName[] {
  return (nodes ?? []).flatMap((node) => ('RangeVar' in node ? [relationName(node.RangeVar)] : []));
}

type CreateTable = Extract<StepBody, { readonly kind: 'create-table' }>;

export function readCreateTable(statement: Statement, node: CreateStmt): CreateTable {
  const { columns, constraints, like } = readElements(statement, node.tableElts ?? []);
  const persistence = node.relation?.relpersistence;
  const [parent] = relations(node.inhRelations);
  return {
    kind: 'create-table',
    table: relationName(node.relation),
    columns,
    constraints: [...constraints, ...(node.constraints ?? []).flatMap((each) => ('Constraint' in each ? (readConstraint(statement, each.Constraint, null) ?? []) : []))],
    ifNotExists: node.if_not_exists ?? false,
    persistence: persistence === 't' ? 'temporary' : persistence === 'u' ? 'unlogged' : 'permanent',
    partitionBy: readPartitionKey(statement, node.partspec),
    partitionOf: node.partbound === undefined || parent === undefined ? null : { parent, bound: readBound(statement, node.partbound) },
    inherits: node.partbound === undefined ? relations(node.inhRelations) : [],
    like,
    ...(node.ofTypename === undefined ? {} : { ofType: typeName(node.ofTypename) }),
    ...withOptions(storageText({ method: node.accessMethod, parameters: node.options, onCommit: node.oncommit, tablespace: node.tablespacename })),
  };
}

export function readCreateForeignTable(statement: Statement, node: CreateForeignTableStmt): StepBody | null {
  if (node.base === undefined) return null;
  return { ...readCreateTable(statement, node.base), foreign: { server: node.servername ?? '', options: foreignOptionText(node.options) } };
}

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW. */
export function readCreateTableAs(statement: Statement, node: CreateTableAsStmt): StepBody {
  const target = relationName(node.into?.rel);
  const query = { ...readQuery(statement, node.query), ...queryDetails(node.query), text: queryBehindAs(statement) };
  const withData = node.into?.skipData !== true;
  const ifNotExists = node.if_not_exists ?? false;
  const columns = strings(node.into?.colNames);
  const options = withOptions(storageText({ method: node.into?.accessMethod, parameters: node.into?.options, onCommit: node.into?.onCommit, tablespace: node.into?.tableSpaceName }));
  if (node.objtype === 'OBJECT_MATVIEW') return { kind: 'create-materialized-view', view: target, ifNotExists, withData, query, columns, ...options };
  const persistence = node.into?.rel?.relpersistence;
  return { kind: 'create-table-as', table: target, ifNotExists, temporary: persistence === 't', withData, columns, query, ...(persistence === 'u' ? { unlogged: true } : {}), ...options };
}
