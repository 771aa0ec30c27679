import type { ColumnDef, Constraint as ConstraintNode, Node } from '../../languages/sql.js';
import type { ColumnDefinition, Constraint, Expression, Generated, Identity, IndexElement, ReferentialAction } from '../definition.js';
import { figureColumnName } from './column-name.js';
import { provenNotNull, readExpression, textBehind } from './expression.js';
import { quoteName } from '../quote.js';
import { dottedName, relationName, strings, typeName } from './names.js';
import { foreignOptionText, parameterText, sequenceOptionText, withOptions } from './options.js';
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

/** The elements of an EXCLUDE: each stands in a list with its operator. */
function exclusionElements(statement: Statement, nodes: readonly Node[] | undefined): IndexElement[] {
  return (nodes ?? []).flatMap((node) => ('List' in node ? (node.List.items ?? []).flatMap((item) => readIndexElement(statement, item)) : []));
}

function expressionOf(statement: Statement, node: Node | undefined, keyword: string): Expression {
  return node === undefined ? NOTHING : readExpression(statement, node, keyword);
}

/** What stands behind a constraint, in the constraint itself for a table's and in nodes of their own for a column's. */
interface Attributes {
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly notEnforced: boolean;
}

function attributesOf(node: ConstraintNode, behind: readonly ConstraintNode[]): Attributes {
  const has = (type: ConstraintNode['contype']): boolean => behind.some((each) => each.contype === type);
  const initiallyDeferred = node.initdeferred === true || has('CONSTR_ATTR_DEFERRED');
  return {
    deferrable: node.deferrable === true || has('CONSTR_ATTR_DEFERRABLE') || initiallyDeferred,
    initiallyDeferred,
    notEnforced: has('CONSTR_ATTR_NOT_ENFORCED') || (node.is_enforced !== true && (node.contype === 'CONSTR_CHECK' || node.contype === 'CONSTR_FOREIGN')),
  };
}

function enforcement(node: ConstraintNode, attributes: Attributes): { readonly notValid: boolean; readonly notEnforced?: boolean } {
  return attributes.notEnforced ? { notValid: true, notEnforced: true } : { notValid: node.skip_validation ?? false };
}

function foreignKey(node: ConstraintNode, column: string | null, attributes: Attributes): Constraint {
  return {
    kind: 'foreign-key',
    name: node.conname ?? null,
    columns: column === null ? strings(node.fk_attrs) : [column],
    referenced: relationName(node.pktable),
    referencedColumns: strings(node.pk_attrs),
    onDelete: ACTIONS[node.fk_del_action ?? 'a'] ?? 'no-action',
    onUpdate: ACTIONS[node.fk_upd_action ?? 'a'] ?? 'no-action',
    match: node.fk_matchtype === 'f' ? 'full' : 'simple',
    deferrable: attributes.deferrable,
    initiallyDeferred: attributes.initiallyDeferred,
    ...enforcement(node, attributes),
    ...(node.fk_del_set_cols === undefined ? {} : { setColumns: strings(node.fk_del_set_cols) }),
    ...(node.fk_with_period === true ? { period: true } : {}),
  };
}

function indexOptions(node: ConstraintNode): { readonly options?: string } {
  const parts = [node.options === undefined ? '' : `WITH (${parameterText(node.options)})`, node.indexspace === undefined ? '' : `USING INDEX TABLESPACE ${quoteName(node.indexspace)}`];
  return withOptions(parts.filter((part) => part !== '').join(' '));
}

function unique(node: ConstraintNode, column: string | null, attributes: Attributes): Constraint {
  return {
    kind: node.contype === 'CONSTR_UNIQUE' ? 'unique' : 'primary-key',
    name: node.conname ?? null,
    columns: column === null ? strings(node.keys) : [column],
    include: strings(node.including),
    nullsNotDistinct: node.nulls_not_distinct ?? false,
    usingIndex: node.indexname ?? null,
    deferrable: attributes.deferrable,
    ...(attributes.initiallyDeferred ? { initiallyDeferred: true } : {}),
    ...(node.without_overlaps === true ? { withoutOverlaps: true } : {}),
    ...indexOptions(node),
  };
}

/**
 * Reads a constraint of a table, or of `column` where it is written inline, with the nodes behind it that may be its
 * attributes; null for what is an attribute of the column.
 */
export function readConstraint(statement: Statement, node: ConstraintNode, column: string | null, behind: readonly ConstraintNode[] = []): Constraint | null {
  const name = node.conname ?? null;
  const attributes = attributesOf(node, behind);
  switch (node.contype) {
    case 'CONSTR_CHECK':
      return {
        kind: 'check',
        name,
        expression: expressionOf(statement, node.raw_expr, 'check'),
        provesNotNull: node.raw_expr === undefined ? [] : provenNotNull(node.raw_expr),
        ...enforcement(node, attributes),
        ...(node.is_no_inherit === true ? { noInherit: true } : {}),
      };
    case 'CONSTR_FOREIGN':
      return foreignKey(node, column, attributes);
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
      return unique(node, column, attributes);
    case 'CONSTR_EXCLUSION':
      return { kind: 'exclude', name, method: node.access_method ?? 'btree', columns: elementColumns(node.exclusions), elements: exclusionElements(statement, node.exclusions), predicate: node.where_clause === undefined ? null : expressionOf(statement, node.where_clause, 'where'), text: textBehind(statement, node.location ?? 0, 'exclude') };
    case 'CONSTR_NOTNULL':
      return column === null ? { kind: 'not-null', name, column: strings(node.keys)[0] ?? '', notValid: node.skip_validation ?? false, ...(node.is_no_inherit === true ? { noInherit: true } : {}) } : null;
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

const ATTRIBUTE = /^CONSTR_ATTR_/;

/** The attributes that stand behind a column's constraint. */
function attributesBehind(nodes: readonly ConstraintNode[], index: number): readonly ConstraintNode[] {
  const rest = nodes.slice(index + 1);
  const end = rest.findIndex((node) => !ATTRIBUTE.test(node.contype ?? ''));
  return end === -1 ? rest : rest.slice(0, end);
}

/** What a column may say beside its type, default and constraints. */
function columnExtras(column: ColumnDef, nodes: readonly ConstraintNode[]): Partial<ColumnDefinition> {
  const notNull = nodes.find((node) => node.contype === 'CONSTR_NOTNULL');
  const identity = sequenceOptionText(nodes.find((node) => node.contype === 'CONSTR_IDENTITY')?.options, 'with owner');
  return {
    ...(notNull?.conname === undefined ? {} : { notNullName: notNull.conname }),
    ...(notNull?.is_no_inherit === true ? { notNullNoInherit: true } : {}),
    ...(identity === '' ? {} : { identityOptions: identity }),
    ...(column.storage_name === undefined ? {} : { storage: column.storage_name }),
    ...(column.compression === undefined ? {} : { compression: column.compression }),
    ...(column.fdwoptions === undefined ? {} : { foreignOptions: foreignOptionText(column.fdwoptions) }),
  };
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
    constraints: nodes.flatMap((node, index) => readConstraint(statement, node, name, attributesBehind(nodes, index)) ?? []),
    ...columnExtras(column, nodes),
  };
}

export function readIndexElement(statement: Statement, node: Node): IndexElement[] {
  if (!('IndexElem' in node)) return [];
  const element = node.IndexElem;
  const label = element.expr === undefined ? null : figureColumnName(element.expr);
  return [
    {
      column: element.name ?? null,
      ...(label === null ? {} : { label }),
      expression: element.expr === undefined ? null : readExpression(statement, element.expr, 'element'),
      collation: element.collation === undefined ? null : dottedName(element.collation),
      operatorClass: element.opclass === undefined ? null : dottedName(element.opclass),
      ...(element.opclassopts === undefined ? {} : { operatorClassOptions: parameterText(element.opclassopts) }),
      order: element.ordering === 'SORTBY_ASC' ? 'asc' : element.ordering === 'SORTBY_DESC' ? 'desc' : null,
      nulls: element.nulls_ordering === 'SORTBY_NULLS_FIRST' ? 'first' : element.nulls_ordering === 'SORTBY_NULLS_LAST' ? 'last' : null,
    },
  ];
}
