import type { Node } from '../../languages/sql.js';
import { strings } from './names.js';

/** How sure the server is of a name: a type's name (`x::int` of something nameless) gives way to any other. */
interface Figured {
  readonly name: string;
  readonly weak: boolean;
}

function sure(name: string | undefined): Figured | null {
  return name === undefined ? null : { name, weak: false };
}

function lastString(nodes: readonly Node[] | undefined): string | undefined {
  return strings(nodes).at(-1);
}

function sublinkName(type: string | undefined, select: Node | undefined): Figured | null {
  if (type === 'EXISTS_SUBLINK') return sure('exists');
  if (type === 'ARRAY_SUBLINK') return sure('array');
  if (type !== 'EXPR_SUBLINK' || select === undefined || !('SelectStmt' in select)) return null;
  const first = select.SelectStmt.targetList?.[0];
  if (first === undefined || !('ResTarget' in first)) return null;
  return first.ResTarget.name === undefined ? figure(first.ResTarget.val, 1) : sure(first.ResTarget.name);
}

// Expressions that are named by their own word.
const WORDS: Readonly<Record<string, string>> = { GroupingFunc: 'grouping', A_ArrayExpr: 'array', RowExpr: 'row', CoalesceExpr: 'coalesce', XmlSerialize: 'xmlserialize' };

const JSON_WORDS: Readonly<Record<string, string>> = {
  JsonParseExpr: 'json', JsonScalarExpr: 'json_scalar', JsonSerializeExpr: 'json_serialize', JsonObjectConstructor: 'json_object',
  JsonArrayConstructor: 'json_array', JsonArrayQueryConstructor: 'json_array', JsonObjectAgg: 'json_objectagg', JsonArrayAgg: 'json_arrayagg',
};

function castName(node: Extract<Node, { TypeCast: unknown }>['TypeCast'], depth: number): Figured | null {
  const inner = figure(node.arg, depth + 1);
  if (inner !== null && !inner.weak) return inner;
  const type = lastString(node.typeName?.names);
  return type === undefined ? inner : { name: type, weak: true };
}

function caseName(node: Extract<Node, { CaseExpr: unknown }>['CaseExpr'], depth: number): Figured {
  const inner = figure(node.defresult, depth + 1);
  return inner !== null && !inner.weak ? inner : { name: 'case', weak: true };
}

/** The server's FigureColname. */
function figure(node: Node | undefined, depth: number): Figured | null {
  if (node === undefined || depth > 50) return null;
  if ('ColumnRef' in node) return sure(lastString(node.ColumnRef.fields));
  if ('A_Indirection' in node) return sure(lastString(node.A_Indirection.indirection)) ?? figure(node.A_Indirection.arg, depth + 1);
  if ('FuncCall' in node) return sure(lastString(node.FuncCall.funcname));
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? sure('nullif') : null;
  if ('TypeCast' in node) return castName(node.TypeCast, depth);
  if ('CollateClause' in node) return figure(node.CollateClause.arg, depth + 1);
  if ('SubLink' in node) return sublinkName(node.SubLink.subLinkType, node.SubLink.subselect);
  if ('CaseExpr' in node) return caseName(node.CaseExpr, depth);
  if ('MinMaxExpr' in node) return sure(node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest');
  if ('SQLValueFunction' in node) return sure((node.SQLValueFunction.op ?? '').replace(/^SVFOP_/, '').replace(/_N$/, '').toLowerCase());
  const tag = Object.keys(node)[0] ?? '';
  return sure(WORDS[tag] ?? JSON_WORDS[tag]);
}

/** The name that the server gives a column of a query or an index; null where it has none of its own (`?column?`, `expr`). */
export function figureColumnName(node: Node | undefined): string | null {
  return figure(node, 0)?.name ?? null;
}
