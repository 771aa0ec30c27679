import type { CreateStmt, CreateTableAsStmt, Node, PartitionBoundSpec, PartitionSpec } from '../../languages/sql.js';
import type { ColumnDefinition, Constraint, PartitionBound, PartitionKey, QualifiedName } from '../definition.js';
import type { StepBody, StepOf } from '../step.js';
import { readColumn, readConstraint } from './constraint.js';
import { readQuery } from './expression.js';
import { relationName, strings } from './names.js';
import { textBetween, type Statement } from './statement.js';

// Bits of the grammar's TableLikeOption.
const LIKE_CONSTRAINTS = 1 << 2;
const LIKE_DEFAULTS = 1 << 3;
const LIKE_INDEXES = 1 << 6;

/** A partition's bound: where the words FOR VALUES or DEFAULT stand, as written. */
export function readBound(statement: Statement, bound: PartitionBoundSpec | undefined): PartitionBound {
  if (bound?.is_default === true) return { default: true, text: 'DEFAULT' };
  const from = statement.tokens.findIndex((token, index) => {
    const next = statement.tokens[index + 1];
    return statement.word(token) === 'for' && next !== undefined && statement.word(next) === 'values';
  });
  if (from === -1) return { default: false, text: '' };
  const rest = statement.tokens.findIndex((token, index) => index > from && statement.word(token) === 'partition');
  return { default: false, text: textBetween(statement, from, rest === -1 ? statement.tokens.length : rest) };
}

function readPartitionKey(statement: Statement, spec: PartitionSpec | undefined): PartitionKey | null {
  if (spec === undefined) return null;
  const strategies = { PARTITION_STRATEGY_LIST: 'list', PARTITION_STRATEGY_RANGE: 'range', PARTITION_STRATEGY_HASH: 'hash' } as const;
  const from = statement.tokens.findLastIndex((token) => token.kind === 'word' && statement.word(token) === 'partition');
  return {
    strategy: strategies[spec.strategy ?? 'PARTITION_STRATEGY_RANGE'],
    columns: (spec.partParams ?? []).map((node) => ('PartitionElem' in node ? (node.PartitionElem.name ?? null) : null)),
    text: from === -1 ? '' : textBetween(statement, from, statement.tokens.length),
  };
}

interface Elements {
  readonly columns: ColumnDefinition[];
  readonly constraints: Constraint[];
  readonly like: StepOf<'create-table'>['like'][number][];
}

function readElements(statement: Statement, nodes: readonly Node[]): Elements {
  const elements: Elements = { columns: [], constraints: [], like: [] };
  for (const node of nodes) {
    if ('ColumnDef' in node) elements.columns.push(readColumn(statement, node.ColumnDef));
    else if ('Constraint' in node) {
      const constraint = readConstraint(statement, node.Constraint, null);
      if (constraint !== null) elements.constraints.push(constraint);
    } else if ('TableLikeClause' in node) {
      const options = node.TableLikeClause.options ?? 0;
      elements.like.push({
        table: relationName(node.TableLikeClause.relation),
        indexes: (options & LIKE_INDEXES) !== 0,
        constraints: (options & LIKE_CONSTRAINTS) !== 0,
        defaults: (options & LIKE_DEFAULTS) !== 0,
      });
    }
  }
  return elements;
}

function relations(nodes: readonly Node[] | undefined): QualifiedName[] {
  return (nodes ?? []).flatMap((node) => ('RangeVar' in node ? [relationName(node.RangeVar)] : []));
}

export function readCreateTable(statement: Statement, node: CreateStmt): StepBody {
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
  };
}

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW. */
export function readCreateTableAs(statement: Statement, node: CreateTableAsStmt): StepBody {
  const target = relationName(node.into?.rel);
  const query = readQuery(statement, node.query);
  const withData = node.into?.skipData !== true;
  const ifNotExists = node.if_not_exists ?? false;
  if (node.objtype === 'OBJECT_MATVIEW') return { kind: 'create-materialized-view', view: target, ifNotExists, withData, query };
  return { kind: 'create-table-as', table: target, ifNotExists, temporary: node.into?.rel?.relpersistence === 't', withData, columns: strings(node.into?.colNames), query };
}
