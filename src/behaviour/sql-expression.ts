import type { Node } from '../languages/sql.js';
import type { BinaryOperator, Expression } from './expression.js';

const OPERATORS: Readonly<Record<string, BinaryOperator>> = {
  '=': 'equal',
  '<>': 'not-equal',
  '!=': 'not-equal',
  '<': 'less',
  '<=': 'less-or-equal',
  '>': 'greater',
  '>=': 'greater-or-equal',
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'remainder',
  '||': 'concatenate',
};

/** An expression of SQL as a tree of ours. `values` fill its parameters. */
export function sqlExpression(node: Node, values: ReadonlyMap<number, Expression>): Expression {
  if ('A_Expr' in node) return operation(node.A_Expr, values);
  if ('BoolExpr' in node) {
    const parts = (node.BoolExpr.args ?? []).map((one) => sqlExpression(one, values));
    const [first] = parts;
    if (first === undefined) return { kind: 'opaque', text: '', uses: [] };
    if (node.BoolExpr.boolop === 'NOT_EXPR') return { kind: 'unary', operator: 'not', operand: first };
    const operator = node.BoolExpr.boolop === 'OR_EXPR' ? 'or' : 'and';
    return parts.slice(1).reduce<Expression>((left, right) => ({ kind: 'binary', operator, left, right }), first);
  }
  if ('ColumnRef' in node) return { kind: 'column', name: targetColumn(node) ?? '*' };
  if ('ParamRef' in node) return values.get(node.ParamRef.number ?? 0) ?? { kind: 'parameter', name: `$${node.ParamRef.number ?? 0}`, outer: true };
  if ('A_Const' in node) return constant(node.A_Const);
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return sqlExpression(node.TypeCast.arg, values);
  if ('NullTest' in node && node.NullTest.arg !== undefined) {
    const operator = node.NullTest.nulltesttype === 'IS_NULL' ? 'equal' : 'not-equal';
    return { kind: 'binary', operator, left: sqlExpression(node.NullTest.arg, values), right: { kind: 'literal', value: null } };
  }
  if ('FuncCall' in node) return call(node.FuncCall, values);
  if ('CoalesceExpr' in node) return { kind: 'call', callee: 'coalesce', receiver: null, arguments: (node.CoalesceExpr.args ?? []).map((one) => sqlExpression(one, values)) };
  return { kind: 'opaque', text: Object.keys(node)[0] ?? '', uses: [] };
}

type Of<K extends string> = Node extends infer N ? (N extends Record<K, infer V> ? V : never) : never;

function operation(node: Of<'A_Expr'>, values: ReadonlyMap<number, Expression>): Expression {
  const [name] = node.name ?? [];
  const text = name !== undefined && 'String' in name ? (name.String.sval ?? '') : '';
  const right: Expression = node.rexpr === undefined ? { kind: 'opaque', text: '', uses: [] } : sqlExpression(node.rexpr, values);
  if (node.lexpr === undefined) return { kind: 'unary', operator: text === '-' ? 'minus' : 'plus', operand: right };
  const left = sqlExpression(node.lexpr, values);
  if (node.kind === 'AEXPR_IN' || node.kind === 'AEXPR_OP_ANY') return { kind: 'binary', operator: text === '<>' ? 'not-equal' : 'in', left, right };
  return { kind: 'binary', operator: OPERATORS[text] ?? 'bit', left, right };
}

function constant(node: Of<'A_Const'>): Expression {
  if (node.isnull === true) return { kind: 'literal', value: null };
  if (node.ival !== undefined) return { kind: 'literal', value: node.ival.ival ?? 0 };
  if (node.fval !== undefined) return { kind: 'literal', value: Number(node.fval.fval) };
  if (node.boolval !== undefined) return { kind: 'literal', value: node.boolval.boolval ?? false };
  return { kind: 'literal', value: node.sval?.sval ?? '' };
}

function call(node: Of<'FuncCall'>, values: ReadonlyMap<number, Expression>): Expression {
  const last = node.funcname?.at(-1);
  const callee = last !== undefined && 'String' in last ? (last.String.sval ?? '') : '';
  if (/^(now|current_timestamp|clock_timestamp)$/i.test(callee)) return { kind: 'now' };
  return { kind: 'call', callee, receiver: null, arguments: (node.args ?? []).map((one) => sqlExpression(one, values)) };
}

/** The column a reference names, without its table; null for anything else. */
export function targetColumn(node: Node): string | null {
  if (!('ColumnRef' in node)) return null;
  const last = node.ColumnRef.fields?.at(-1);
  return last !== undefined && 'String' in last ? (last.String.sval ?? null) : null;
}
