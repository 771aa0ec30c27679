import type { Node, SelectStmt } from '../../../languages/sql.js';
import { strings } from '../names.js';
import { evaluate, type Evaluation } from './evaluate.js';
import { unknown, type Value } from './value.js';

/** One row of a query: its columns in order, and what the others are. */
export interface Row {
  readonly columns: readonly { readonly name: string; readonly value: Value }[];
}

/** A query with more rows, or more combinations, is not followed row by row. */
export const MAXIMUM_ROWS = 100;

function columnNames(alias: readonly Node[] | undefined, count: number): string[] {
  const named = strings(alias);
  return Array.from({ length: count }, (_, index) => named[index] ?? `column${String(index + 1)}`);
}

function valuesRows(evaluation: Evaluation, lists: readonly Node[], alias: readonly Node[] | undefined): Row[] | null {
  if (lists.length > MAXIMUM_ROWS) return null;
  return lists.map((each) => {
    const items = 'List' in each ? (each.List.items ?? []) : [];
    const names = columnNames(alias, items.length);
    return { columns: items.map((item, index) => ({ name: names[index] ?? '', value: evaluate(evaluation, item) })) };
  });
}

/** `unnest(ARRAY[…])` as a table. */
function unnestRows(evaluation: Evaluation, call: Node | undefined, names: readonly string[]): Row[] | null {
  if (call === undefined || !('FuncCall' in call) || strings(call.FuncCall.funcname).at(-1) !== 'unnest') return null;
  const lists = (call.FuncCall.args ?? []).map((each) => evaluate(evaluation, each));
  const longest = Math.max(0, ...lists.map((each) => (each.kind === 'list' ? each.items.length : MAXIMUM_ROWS + 1)));
  if (lists.length === 0 || longest > MAXIMUM_ROWS) return null;
  return Array.from({ length: longest }, (_, row) => ({
    columns: lists.map((each, index) => ({ name: names[index] ?? 'unnest', value: each.kind === 'list' ? (each.items[row] ?? ({ kind: 'null' } as const)) : unknown('a list') })),
  }));
}

function fromRows(evaluation: Evaluation, from: Node): Row[] | null {
  if ('RangeSubselect' in from) {
    const { subquery, alias } = from.RangeSubselect;
    const select = subquery !== undefined && 'SelectStmt' in subquery ? subquery.SelectStmt : undefined;
    if (select === undefined) return null;
    if (select.valuesLists !== undefined) return valuesRows(evaluation, select.valuesLists, alias?.colnames);
    const rows = knownRows(evaluation, select);
    const names = strings(alias?.colnames);
    return rows === null || names.length === 0 ? rows : rows.map((row) => ({ columns: row.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name })) }));
  }
  if (!('RangeFunction' in from)) return null;
  const { functions, alias, ordinality } = from.RangeFunction;
  const [only] = functions ?? [];
  if (only === undefined || !('List' in only) || ordinality === true) return null;
  const names = strings(alias?.colnames);
  return unnestRows(evaluation, only.List.items?.[0], names.length > 0 ? names : alias?.aliasname === undefined ? [] : [alias.aliasname]);
}

interface Target {
  readonly name: string;
  readonly node: Node;
}

function targetName(node: Node): string {
  if ('ColumnRef' in node) return strings(node.ColumnRef.fields).at(-1) ?? '*';
  if ('FuncCall' in node) return strings(node.FuncCall.funcname).at(-1) ?? '';
  return 'TypeCast' in node && node.TypeCast.arg !== undefined ? targetName(node.TypeCast.arg) : '?column?';
}

function targetsOf(select: SelectStmt): Target[] {
  return (select.targetList ?? []).flatMap((each) => {
    if (!('ResTarget' in each) || each.ResTarget.val === undefined) return [];
    return [{ name: each.ResTarget.name ?? targetName(each.ResTarget.val), node: each.ResTarget.val }];
  });
}

/** The rows a target list makes of the rows of its FROM. */
function project(evaluation: Evaluation, targets: readonly Target[], rows: readonly Row[]): Row[] {
  return rows.map((row) => {
    const inner: Evaluation = { ...evaluation, lookup: (name) => row.columns.find((column) => column.name === name)?.value ?? evaluation.lookup(name) };
    return {
      columns: targets.flatMap((target) => {
        if (target.name === '*' && 'ColumnRef' in target.node) return row.columns;
        return [{ name: target.name, value: evaluate(inner, target.node) }];
      }),
    };
  });
}

function conjuncts(node: Node | undefined): Node[] {
  if (node === undefined) return [];
  return 'BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR' ? (node.BoolExpr.args ?? []).flatMap(conjuncts) : [node];
}

/** The texts that a condition leaves for a column: `c = 'a'`, `c IN ('a', 'b')`, `c = ANY (ARRAY['a'])`. */
function choices(evaluation: Evaluation, condition: Node): { readonly column: readonly string[]; readonly values: readonly Value[] } | null {
  if (!('A_Expr' in condition)) return null;
  const { kind, name, lexpr, rexpr } = condition.A_Expr;
  if (strings(name)[0] !== '=' || lexpr === undefined || rexpr === undefined || !('ColumnRef' in lexpr)) return null;
  const column = strings(lexpr.ColumnRef.fields);
  const value = 'List' in rexpr ? null : evaluate(evaluation, rexpr);
  const values = 'List' in rexpr ? (rexpr.List.items ?? []).map((each) => evaluate(evaluation, each)) : kind === 'AEXPR_OP_ANY' ? (value?.kind === 'list' ? value.items : []) : value === null ? [] : [value];
  return values.length > 0 && values.every((each) => each.kind === 'text') ? { column, values } : null;
}

function hasJoin(select: SelectStmt): boolean {
  return (select.fromClause ?? []).some((node) => 'JoinExpr' in node);
}

/** Whether two mentions are of one column; one with and one without a table's name only where there is but one table. */
function isSameColumn(one: readonly string[], other: readonly string[], alone: boolean): boolean {
  if (one.length === 0 || one.at(-1) !== other.at(-1)) return false;
  return one.length === other.length ? one.join('.') === other.join('.') : alone;
}

/**
 * A query on a table whose WHERE names the values that some of its columns can have: one row for each combination, which are
 * the rows there can be; the other columns are unknown.
 */
function chosenRows(evaluation: Evaluation, select: SelectStmt, targets: readonly Target[]): Row[] | null {
  const known = conjuncts(select.whereClause).flatMap((each) => choices(evaluation, each) ?? []);
  const chosen = targets.flatMap((target, index) => {
    const column = 'ColumnRef' in target.node ? strings(target.node.ColumnRef.fields) : [];
    const values = known.find((each) => isSameColumn(column, each.column, (select.fromClause ?? []).length === 1 && !hasJoin(select)))?.values;
    return values === undefined ? [] : [{ index, values }];
  });
  if (chosen.length === 0) return null;
  let rows: Value[][] = [targets.map((target) => unknown(`\`${target.name}\``))];
  for (const { index, values } of chosen) {
    rows = rows.flatMap((row) => values.map((value) => row.map((each, at) => (at === index ? value : each))));
    if (rows.length > MAXIMUM_ROWS) return null;
  }
  return rows.map((row) => ({ columns: targets.flatMap((target, index) => (target.name === '*' || row[index]?.kind === 'unknown' ? [] : [{ name: target.name, value: row[index] ?? unknown('') }])) }));
}

/** The rows that a query can give, where its text says so: VALUES, unnest() of a list, texts without a table, or those chosen by WHERE. */
export function knownRows(evaluation: Evaluation, select: SelectStmt, depth = 0): Row[] | null {
  if (depth > 20) return null;
  if (select.op === 'SETOP_UNION' && select.larg !== undefined && select.rarg !== undefined) {
    const first = knownRows(evaluation, select.larg, depth + 1);
    const second = knownRows(evaluation, select.rarg, depth + 1);
    return first === null || second === null || first.length + second.length > MAXIMUM_ROWS ? null : [...first, ...second.map((row) => ({ columns: row.columns.map((column, index) => ({ ...column, name: first[0]?.columns[index]?.name ?? column.name })) }))];
  }
  if (select.valuesLists !== undefined) return valuesRows(evaluation, select.valuesLists, undefined);
  if (select.groupClause !== undefined || select.withClause !== undefined) return null;
  const targets = targetsOf(select);
  const sources = select.fromClause ?? [];
  const [only] = sources;
  if (only === undefined) {
    const [target] = targets;
    const unnested = target === undefined || targets.length > 1 ? null : unnestRows(evaluation, target.node, [target.name]);
    return unnested ?? (targets.some((each) => 'FuncCall' in each.node) ? null : project(evaluation, targets, [{ columns: [] }]));
  }
  const rows = sources.length === 1 ? fromRows(evaluation, only) : null;
  return rows === null ? chosenRows(evaluation, select, targets) : project(evaluation, targets, rows);
}
