import type { Node, SelectStmt, SubLinkType, WithClause } from '../../languages/sql.js';
import type { Boundedness } from '../step.js';
import { visitNodes } from './expression.js';
import { strings } from './names.js';

type Constant = string | number | boolean | null;

/** The value of a literal; undefined for anything else. */
function constantOf(node: Node | undefined): Constant | undefined {
  if (node === undefined) return undefined;
  if ('TypeCast' in node) {
    const inner = constantOf(node.TypeCast.arg);
    const type = strings(node.TypeCast.typeName?.names).at(-1);
    return type === 'bool' && typeof inner === 'string' ? ['t', 'true', 'yes', 'on', '1'].includes(inner.toLowerCase()) : inner;
  }
  if (!('A_Const' in node)) return undefined;
  const { isnull, boolval, sval, ival, fval } = node.A_Const;
  if (isnull === true) return null;
  if (boolval !== undefined) return boolval.boolval ?? false;
  if (sval !== undefined) return sval.sval ?? '';
  return fval === undefined ? (ival?.ival ?? 0) : Number(fval.fval);
}

function comparison(operator: string, left: Constant, right: Constant): boolean | null {
  if (left === null || right === null) return null;
  switch (operator) {
    case '=':
      return left === right;
    case '<>':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    default:
      return null;
  }
}

/** What a condition without columns always is; null when that depends on the row or is not known. */
function alwaysIs(node: Node): boolean | null {
  const value = constantOf(node);
  if (typeof value === 'boolean') return value;
  if ('A_Expr' in node) {
    const [left, right] = [constantOf(node.A_Expr.lexpr), constantOf(node.A_Expr.rexpr)];
    return left === undefined || right === undefined ? null : comparison(strings(node.A_Expr.name)[0] ?? '', left, right);
  }
  if ('NullTest' in node) {
    const tested = constantOf(node.NullTest.arg);
    return tested === undefined ? null : (tested === null) === (node.NullTest.nulltesttype === 'IS_NULL');
  }
  if (!('BoolExpr' in node)) return null;
  const parts = (node.BoolExpr.args ?? []).map(alwaysIs);
  if (node.BoolExpr.boolop === 'NOT_EXPR') return parts[0] == null ? null : !parts[0];
  const [decides, rest] = node.BoolExpr.boolop === 'OR_EXPR' ? [true, false] : [false, true];
  if (parts.includes(decides)) return decides;
  return parts.every((part) => part === rest) ? rest : null;
}

function isLimited(select: SelectStmt): boolean {
  return select.limitCount !== undefined && constantOf(select.limitCount) !== null;
}

function selectOf(node: Node | undefined): SelectStmt | undefined {
  return node !== undefined && 'SelectStmt' in node ? node.SelectStmt : undefined;
}

/** Names of WITH queries that give no more rows than a LIMIT allows. */
function limitedNames(clause: WithClause | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of clause?.ctes ?? []) {
    if (!('CommonTableExpr' in node)) continue;
    const select = selectOf(node.CommonTableExpr.ctequery);
    if (select !== undefined && givesFew(select, names)) names.add(node.CommonTableExpr.ctename ?? '');
  }
  return names;
}

/** Whether a query gives no more rows than a LIMIT in it, or in the only thing that it reads, allows. */
function givesFew(select: SelectStmt, names: ReadonlySet<string>, depth = 0): boolean {
  if (isLimited(select)) return true;
  const [only, ...others] = select.fromClause ?? [];
  return only !== undefined && others.length === 0 && depth < 20 && sourceIsFew(only, names, depth + 1);
}

function sourceIsFew(node: Node, names: ReadonlySet<string>, depth: number): boolean {
  if ('RangeVar' in node) return node.RangeVar.schemaname === undefined && names.has(node.RangeVar.relname ?? '');
  if (!('RangeSubselect' in node) || node.RangeSubselect.lateral === true) return false;
  const select = selectOf(node.RangeSubselect.subquery);
  return select !== undefined && givesFew(select, names, depth);
}

const CHOOSING: ReadonlySet<SubLinkType> = new Set(['ANY_SUBLINK', 'ARRAY_SUBLINK', 'EXPR_SUBLINK']);

/** `id IN (SELECT … LIMIT)`, `ctid = ANY (ARRAY (SELECT … LIMIT))`, `id = (SELECT … LIMIT 1)`, alone or with AND. */
function chooses(condition: Node | undefined, names: ReadonlySet<string>): boolean {
  if (condition === undefined) return false;
  if ('BoolExpr' in condition) return condition.BoolExpr.boolop === 'AND_EXPR' && (condition.BoolExpr.args ?? []).some((each) => chooses(each, names));
  const candidate = 'SubLink' in condition ? condition : 'A_Expr' in condition && strings(condition.A_Expr.name)[0] === '=' ? condition.A_Expr.rexpr : undefined;
  if (candidate === undefined || !('SubLink' in candidate)) return false;
  const select = selectOf(candidate.SubLink.subselect);
  return CHOOSING.has(candidate.SubLink.subLinkType ?? 'EXISTS_SUBLINK') && select !== undefined && givesFew(select, names);
}

/** Rows between two ids count as a batch up to this many. */
const LARGEST_RANGE = 100_000;

interface Bound {
  readonly column: string;
  readonly low?: number;
  readonly high?: number;
}

function idColumn(node: Node | undefined): string | null {
  if (node === undefined || !('ColumnRef' in node)) return null;
  const column = strings(node.ColumnRef.fields).at(-1) ?? '';
  return column === 'id' || column === 'ctid' ? column : null;
}

function boundsOf(condition: Node): Bound[] {
  if ('BoolExpr' in condition) return condition.BoolExpr.boolop === 'AND_EXPR' ? (condition.BoolExpr.args ?? []).flatMap(boundsOf) : [];
  if (!('A_Expr' in condition)) return [];
  const { kind, name, lexpr, rexpr } = condition.A_Expr;
  const column = idColumn(lexpr);
  if (column === null) return [];
  if (kind === 'AEXPR_BETWEEN' && rexpr !== undefined && 'List' in rexpr) {
    const [low, high] = (rexpr.List.items ?? []).map(constantOf);
    return typeof low === 'number' && typeof high === 'number' ? [{ column, low, high }] : [];
  }
  const value = constantOf(rexpr);
  const operator = strings(name)[0];
  if (typeof value !== 'number') return [];
  return operator === '<' || operator === '<=' ? [{ column, high: value }] : operator === '>' || operator === '>=' ? [{ column, low: value }] : [];
}

/** `id BETWEEN 1 AND 10000`: no more rows than ids. */
function isRange(condition: Node | undefined): boolean {
  const bounds = condition === undefined ? [] : boundsOf(condition);
  const low = Math.max(...bounds.flatMap((bound) => bound.low ?? []));
  const high = Math.min(...bounds.flatMap((bound) => bound.high ?? []));
  return Number.isFinite(low) && Number.isFinite(high) && high - low <= LARGEST_RANGE;
}

/** How many rows a condition leaves of a table, with the other tables (FROM, USING) that it is joined with. */
export function boundednessOf(condition: Node | undefined, others: readonly Node[] | undefined, clause: WithClause | undefined): Boundedness {
  const names = limitedNames(clause);
  const always = condition === undefined ? true : alwaysIs(condition);
  const joined = (others ?? []).some((each) => sourceIsFew(each, names, 0));
  if (always === false) return 'rows';
  if (joined || chooses(condition, names) || isRange(condition)) return 'batch';
  return always === true ? 'all' : 'some';
}

/** How many rows a query gives. */
export function rowsOf(select: SelectStmt): Boundedness {
  if (select.valuesLists !== undefined) return 'rows';
  const fromNothing = select.fromClause === undefined && select.larg === undefined;
  if (fromNothing && !callsSets(select)) return 'rows';
  if (givesFew(select, limitedNames(select.withClause))) return 'batch';
  if (onlyValues(select)) return 'rows';
  return select.whereClause === undefined || alwaysIs(select.whereClause) === true ? 'all' : 'some';
}

// A SELECT without FROM gives one row, unless what it selects gives many.
function callsSets(select: SelectStmt): boolean {
  let found = false;
  visitNodes(select.targetList ?? [], (node) => {
    if ('FuncCall' in node && /^(?:generate_series|unnest|regexp_|json|string_to_table)/.test(strings(node.FuncCall.funcname).at(-1) ?? '')) found = true;
  });
  return found;
}

function onlyValues(select: SelectStmt): boolean {
  const sources = select.fromClause ?? [];
  return sources.length > 0 && sources.every((node) => 'RangeSubselect' in node && selectOf(node.RangeSubselect.subquery)?.valuesLists !== undefined);
}
