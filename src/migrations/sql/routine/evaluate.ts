import { literalText, placeOf, textFor, type LocatedText } from '../../../languages/located-text.js';
import type { A_Expr, Node } from '../../../languages/sql.js';
import { nextSqlToken } from '../../../languages/sql-token.js';
import { strings } from '../names.js';
import { asList, KNOWN_FUNCTIONS } from './functions.js';
import { asText, concatenate, list, NULL_VALUE, text, unknown, type Value } from './value.js';

/** An expression on its way to a value. */
export interface Evaluation {
  /** The parsed text. */
  readonly located: LocatedText;
  offsetOf(location: number): number;
  /** The value of a variable, or null when there is no such variable. */
  lookup(name: string): Value | null;
}

/** Deeper trees are not looked into. */
const MAXIMUM_DEPTH = 500;

function literal(evaluation: Evaluation, value: string, location: number | undefined): Value {
  const offset = evaluation.offsetOf(location ?? 0);
  const token = nextSqlToken(evaluation.located.text, offset);
  const read = token?.kind === 'string' && token.start === offset ? literalText(evaluation.located, token.start, token.end) : null;
  return text(read !== null && read.text === value ? read : textFor(value, placeOf(evaluation.located, offset)));
}

function place(evaluation: Evaluation, location: number | undefined): number {
  return placeOf(evaluation.located, evaluation.offsetOf(location ?? 0));
}

function columnReference(evaluation: Evaluation, names: readonly string[]): Value {
  const [first = '', second] = names;
  const value = evaluation.lookup(first);
  if (second === undefined) return value ?? unknown(`\`${first}\``);
  if (value?.kind === 'record') return value.fields.get(second) ?? unknown(`\`${first}.${second}\`, ${value.because}`);
  // `label.variable`, or a field of a row that is not known.
  return value === null ? (evaluation.lookup(second) ?? unknown(`\`${names.join('.')}\``)) : unknown(value.kind === 'unknown' ? value.because.replace(`\`${first}\``, `\`${first}.${second}\``) : `\`${first}.${second}\``);
}

function arithmetic(operator: string, left: Value, right: Value, at: number): Value {
  const known = (value: Value): number | null => (value.kind === 'text' && /^-?\d{1,12}$/.test(value.text.text) ? Number(value.text.text) : null);
  const one = known(left);
  const other = known(right);
  if (one === null || other === null) {
    const reason = [left, right].find((each) => each.kind === 'unknown');
    return unknown(reason?.kind === 'unknown' ? reason.because : 'a number', [left, right].every((each) => known(each) !== null || (each.kind === 'unknown' && each.numeric === true)));
  }
  const result = operator === '+' ? one + other : operator === '-' ? one - other : operator === '*' ? one * other : null;
  return result === null ? unknown('a number', true) : text(textFor(String(result), at));
}

function join(left: Value, right: Value, at: number): Value {
  if (left.kind === 'list' && right.kind === 'list') return list([...left.items, ...right.items]);
  if (left.kind === 'list' && right.kind !== 'unknown') return list([...left.items, right]);
  if (right.kind === 'list' && left.kind !== 'unknown') return list([left, ...right.items]);
  return concatenate([left, right], at);
}

function operation(evaluation: Evaluation, expression: A_Expr, depth: number): Value {
  const operator = strings(expression.name).at(-1) ?? '';
  const { lexpr, rexpr } = expression;
  if (rexpr === undefined) return unknown('an expression');
  const right = evaluate(evaluation, rexpr, depth + 1);
  const at = place(evaluation, expression.location);
  if (lexpr === undefined) return operator === '-' ? arithmetic('-', text(textFor('0', at)), right, at) : unknown('an expression');
  const left = evaluate(evaluation, lexpr, depth + 1);
  if (operator === '||') return join(left, right, at);
  return '+-*/%'.includes(operator) ? arithmetic(operator, left, right, at) : unknown('a comparison');
}

function indexed(evaluation: Evaluation, node: Node, depth: number): Value {
  if (!('A_Indirection' in node)) return unknown('an expression');
  const { arg, indirection } = node.A_Indirection;
  const [only] = indirection ?? [];
  if (arg === undefined || only === undefined || indirection?.length !== 1) return unknown('an element of a list');
  const value = evaluate(evaluation, arg, depth + 1);
  if ('String' in only) return value.kind === 'record' ? (value.fields.get(only.String.sval ?? '') ?? unknown(value.because)) : unknown('a field of a row');
  if (!('A_Indices' in only) || only.A_Indices.is_slice === true || only.A_Indices.uidx === undefined) return unknown('an element of a list');
  const index = evaluate(evaluation, only.A_Indices.uidx, depth + 1);
  if (value.kind !== 'list') return value.kind === 'unknown' ? value : unknown('an element of a list');
  if (index.kind !== 'text') return unknown('an element of a list');
  return value.items[Number(index.text.text) - 1] ?? NULL_VALUE;
}

function call(evaluation: Evaluation, node: Node, depth: number): Value {
  if (!('FuncCall' in node)) return unknown('an expression');
  const name = strings(node.FuncCall.funcname).at(-1) ?? '';
  const known = KNOWN_FUNCTIONS.get(name);
  const values = (node.FuncCall.args ?? []).map((each) => evaluate(evaluation, each, depth + 1));
  if (known === undefined) {
    const cause = values.find((value) => value.kind === 'unknown');
    return unknown(cause?.kind === 'unknown' ? cause.because : `\`${name}()\`, which is known only at run time`);
  }
  const spread = node.FuncCall.func_variadic === true ? values.at(-1) : undefined;
  if (spread !== undefined && spread.kind !== 'list') return spread;
  return known(spread === undefined ? values : [...values.slice(0, -1), ...spread.items], place(evaluation, node.FuncCall.location));
}

function constant(evaluation: Evaluation, node: Node): Value | null {
  if (!('A_Const' in node)) return null;
  const { isnull, sval, ival, fval, boolval, location } = node.A_Const;
  if (isnull === true) return NULL_VALUE;
  if (sval !== undefined) return literal(evaluation, sval.sval ?? '', location);
  const plain = fval !== undefined ? (fval.fval ?? '') : boolval !== undefined ? (boolval.boolval === true ? 't' : 'f') : String(ival?.ival ?? 0);
  return text(textFor(plain, place(evaluation, location)));
}

/** Whatever a cast makes of a text, it stays the same text, but for lists. */
function cast(evaluation: Evaluation, node: Node, depth: number): Value {
  if (!('TypeCast' in node) || node.TypeCast.arg === undefined) return unknown('an expression');
  const value = evaluate(evaluation, node.TypeCast.arg, depth + 1);
  const isList = (node.TypeCast.typeName?.arrayBounds?.length ?? 0) > 0;
  return isList ? asList(value) : value;
}

/** What an expression is worth before anything runs. Never throws. */
export function evaluate(evaluation: Evaluation, node: Node, depth = 0): Value {
  if (depth > MAXIMUM_DEPTH) return unknown('an expression that is nested too deeply');
  const known = constant(evaluation, node);
  if (known !== null) return known;
  if ('TypeCast' in node) return cast(evaluation, node, depth);
  if ('A_ArrayExpr' in node) return list((node.A_ArrayExpr.elements ?? []).map((each) => evaluate(evaluation, each, depth + 1)));
  if ('ColumnRef' in node) return columnReference(evaluation, strings(node.ColumnRef.fields));
  if ('ParamRef' in node) return evaluation.lookup(`$${String(node.ParamRef.number ?? 0)}`) ?? unknown('a parameter');
  if ('A_Expr' in node) return operation(evaluation, node.A_Expr, depth);
  if ('FuncCall' in node) return call(evaluation, node, depth);
  if ('A_Indirection' in node) return indexed(evaluation, node, depth);
  if ('CollateClause' in node && node.CollateClause.arg !== undefined) return evaluate(evaluation, node.CollateClause.arg, depth + 1);
  if ('SQLValueFunction' in node) return sqlValue(evaluation, node.SQLValueFunction.op ?? '', node.SQLValueFunction.location);
  if ('CoalesceExpr' in node) return coalesce(evaluation, node.CoalesceExpr.args ?? [], depth);
  if ('SubLink' in node) return unknown('the result of a query');
  return unknown('a value that is known only at run time');
}

function coalesce(evaluation: Evaluation, nodes: readonly Node[], depth: number): Value {
  for (const node of nodes) {
    const value = evaluate(evaluation, node, depth + 1);
    if (value.kind !== 'null') return value;
  }
  return NULL_VALUE;
}

function sqlValue(evaluation: Evaluation, operator: string, location: number | undefined): Value {
  const name = operator.replace(/^SVFOP_/, '').toLowerCase();
  const known = KNOWN_FUNCTIONS.get(name);
  return known === undefined ? unknown(`\`${name}\`, which is known only at run time`) : asText(known([], place(evaluation, location)), place(evaluation, location));
}
