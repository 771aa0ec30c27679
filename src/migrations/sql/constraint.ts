import type { ColumnDef, Constraint as ConstraintNode, Node } from '../../languages/sql.js';
import type { ColumnDefinition, Constraint, Expression, Generated, Identity, IndexElement, ReferentialAction } from '../definition.js';
import { provenNotNull, readExpression, textBehind } from './expression.js';
import { dottedName, relationName, strings, typeName } from './names.js';
import type { Statement } from './statement.js';

const ACTIONS: Readonly<Record<string, ReferentialAction>> = { a: 'no-action', r: 'restrict', c: 'cascade', n: 'set-null', d: 'set-default' };

/** An expression where the parser gave none: cannot happen in what it accepts, and is no constant. */
const NOTHING: Expression = { text: '', functions: [], columns: [], casts: [], subquery: false, column: null, constant: false };

function elementColumns(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => {
    if ('IndexElem' in node) return node.IndexElem.name === undefined ? [] : [node.IndexElem.name];
    if ('List' in node) return elementColumns(node.List.items);
    return [];
  });
}

function expressionOf(statement: Statement, node: Node | undefined, keyword: string): Expression {
  return node === undefined ? NOTHING : readExpression(statement, node, keyword);
}

function foreignKey(node: ConstraintNode, column: string | null): Constraint {
  return {
    kind: 'foreign-key',
    name: node.conname ?? null,
    columns: column === null ? strings(node.fk_attrs) : [column],
    referenced: relationName(node.pktable),
    referencedColumns: strings(node.pk_attrs),
    onDelete: ACTIONS[node.fk_del_action ?? 'a'] ?? 'no-action',
    onUpdate: ACTIONS[node.fk_upd_action ?? 'a'] ?? 'no-action',
    match: node.fk_matchtype === 'f' ? 'full' : 'simple',
    deferrable: node.deferrable ?? false,
    initiallyDeferred: node.initdeferred ?? false,
    notValid: node.skip_validation ?? false,
  };
}

/** Reads a constraint of a table, or of `column` where it is written inline; null for what is an attribute of the column. */
export function readConstraint(statement: Statement, node: ConstraintNode, column: string | null): Constraint | null {
  const name = node.conname ?? null;
  switch (node.contype) {
    case 'CONSTR_CHECK':
      return {
        kind: 'check',
        name,
        expression: expressionOf(statement, node.raw_expr, 'check'),
        provesNotNull: node.raw_expr === undefined ? [] : provenNotNull(node.raw_expr),
        notValid: node.skip_validation ?? false,
      };
    case 'CONSTR_FOREIGN':
      return foreignKey(node, column);
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
      return {
        kind: node.contype === 'CONSTR_UNIQUE' ? 'unique' : 'primary-key',
        name,
        columns: column === null ? strings(node.keys) : [column],
        include: strings(node.including),
        nullsNotDistinct: node.nulls_not_distinct ?? false,
        usingIndex: node.indexname ?? null,
        deferrable: node.deferrable ?? false,
      };
    case 'CONSTR_EXCLUSION':
      return { kind: 'exclude', name, method: node.access_method ?? 'btree', columns: elementColumns(node.exclusions), text: textBehind(statement, node.location ?? 0, 'exclude') };
    case 'CONSTR_NOTNULL':
      return column === null ? { kind: 'not-null', name, column: strings(node.keys)[0] ?? '', notValid: node.skip_validation ?? false } : null;
    default:
      return null;
  }
}

function constraintNodes(column: ColumnDef): ConstraintNode[] {
  return (column.constraints ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
}

function identityOf(node: ConstraintNode | undefined): Identity | null {
  if (node === undefined) return null;
  return node.generated_when === 'a' ? 'always' : 'by-default';
}

function generatedOf(statement: Statement, node: ConstraintNode | undefined): Generated | null {
  if (node === undefined) return null;
  return { expression: expressionOf(statement, node.raw_expr, 'as'), kind: node.generated_kind === 'v' ? 'virtual' : 'stored' };
}

/** Whether the grammar's default for `GENERATED ALWAYS AS (…)` without a word is meant cannot be told from 17 and older, which require STORED. */
export function readColumn(statement: Statement, column: ColumnDef): ColumnDefinition {
  const nodes = constraintNodes(column);
  const find = (type: ConstraintNode['contype']): ConstraintNode | undefined => nodes.find((node) => node.contype === type);
  const name = column.colname ?? '';
  const fallback = find('CONSTR_DEFAULT');
  return {
    name,
    type: typeName(column.typeName),
    notNull: column.is_not_null === true || find('CONSTR_NOTNULL') !== undefined || find('CONSTR_PRIMARY') !== undefined,
    default: fallback?.raw_expr === undefined ? null : readExpression(statement, fallback.raw_expr, 'default'),
    identity: identityOf(find('CONSTR_IDENTITY')),
    generated: generatedOf(statement, find('CONSTR_GENERATED')),
    collation: column.collClause === undefined ? null : dottedName(column.collClause.collname),
    constraints: nodes.flatMap((node) => readConstraint(statement, node, name) ?? []),
  };
}

export function readIndexElement(statement: Statement, node: Node): IndexElement[] {
  if (!('IndexElem' in node)) return [];
  const element = node.IndexElem;
  return [
    {
      column: element.name ?? null,
      expression: element.expr === undefined ? null : readExpression(statement, element.expr, 'element'),
      collation: element.collation === undefined ? null : dottedName(element.collation),
      operatorClass: element.opclass === undefined ? null : dottedName(element.opclass),
      order: element.ordering === 'SORTBY_ASC' ? 'asc' : element.ordering === 'SORTBY_DESC' ? 'desc' : null,
      nulls: element.nulls_ordering === 'SORTBY_NULLS_FIRST' ? 'first' : element.nulls_ordering === 'SORTBY_NULLS_LAST' ? 'last' : null,
    },
  ];
}
