import type { CopyStmt, DeleteStmt, InsertStmt, MergeStmt, Node, SelectStmt, UpdateStmt } from '../../languages/sql.js';
import type { QualifiedName } from '../definition.js';
import type { Boundedness, StepBody } from '../step.js';
import { readExpression, readQuery, relationsIn, visitNodes } from './expression.js';
import { functionName, relationName, strings } from './names.js';
import type { Draft, Statement } from './statement.js';

function isTautology(node: Node): boolean {
  if ('A_Const' in node) return node.A_Const.boolval?.boolval === true;
  if ('A_Expr' in node) {
    const { lexpr, rexpr } = node.A_Expr;
    const equal = strings(node.A_Expr.name)[0] === '=';
    return equal && lexpr !== undefined && rexpr !== undefined && 'A_Const' in lexpr && 'A_Const' in rexpr && constantText(lexpr) === constantText(rexpr);
  }
  if (!('BoolExpr' in node)) return false;
  const parts = node.BoolExpr.args ?? [];
  return node.BoolExpr.boolop === 'AND_EXPR' ? parts.every(isTautology) : node.BoolExpr.boolop === 'OR_EXPR' && parts.some(isTautology);
}

function constantText(node: Node): string {
  return 'A_Const' in node ? JSON.stringify({ ...node.A_Const, location: undefined }) : '';
}

function hasLimit(root: unknown): boolean {
  let limited = false;
  visitNodes(root, (node) => {
    if ('SelectStmt' in node && node.SelectStmt.limitCount !== undefined) limited = true;
  });
  return limited;
}

function boundedness(predicate: Node | undefined, statement: unknown): Boundedness {
  if (hasLimit(statement)) return 'batch';
  return predicate === undefined || isTautology(predicate) ? 'all' : 'some';
}

/** Columns that every touched row has fixed to constants: `a = 1 AND b IN (2, 3)` is [a, b]. */
function equalColumns(predicate: Node | undefined, variables: ReadonlySet<string>): string[] {
  if (predicate === undefined) return [];
  if ('BoolExpr' in predicate) return predicate.BoolExpr.boolop === 'AND_EXPR' ? (predicate.BoolExpr.args ?? []).flatMap((each) => equalColumns(each, variables)) : [];
  if (!('A_Expr' in predicate)) return [];
  const { kind, name, lexpr, rexpr } = predicate.A_Expr;
  if (strings(name)[0] !== '=' || (kind !== 'AEXPR_OP' && kind !== 'AEXPR_IN') || lexpr === undefined || rexpr === undefined) return [];
  const constant = (node: Node): boolean => !mentionsColumn(node, variables);
  if ('ColumnRef' in lexpr && constant(rexpr)) return strings(lexpr.ColumnRef.fields).slice(-1);
  return 'ColumnRef' in rexpr && constant(lexpr) ? strings(rexpr.ColumnRef.fields).slice(-1) : [];
}

function mentionsColumn(root: Node, variables: ReadonlySet<string>): boolean {
  let found = false;
  visitNodes(root, (node) => {
    if ('SubLink' in node || ('ColumnRef' in node && !variables.has(strings(node.ColumnRef.fields)[0] ?? ''))) found = true;
  });
  return found;
}

function without(names: readonly QualifiedName[], target: QualifiedName): QualifiedName[] {
  return names.filter((name) => name.name !== target.name || name.schema !== target.schema);
}

function targetColumns(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ('ResTarget' in node && node.ResTarget.name !== undefined ? [node.ResTarget.name] : []));
}

function nullColumns(columns: readonly string[], rows: readonly Node[] | undefined): string[] {
  const items = (rows ?? []).map((row) => ('List' in row ? (row.List.items ?? []) : []));
  return columns.filter((_, index) => items.length > 0 && items.every((row) => {
    const item = row[index];
    return item !== undefined && 'A_Const' in item && item.A_Const.isnull === true;
  }));
}

function readInsert(statement: Statement, node: InsertStmt): StepBody {
  const table = relationName(node.relation);
  const select = node.selectStmt !== undefined && 'SelectStmt' in node.selectStmt ? node.selectStmt.SelectStmt : undefined;
  const rows = select === undefined ? 1 : select.valuesLists !== undefined ? select.valuesLists.length : null;
  const query = rows === null && node.selectStmt !== undefined ? readQuery(statement, node.selectStmt) : null;
  const fromNothing = select?.fromClause === undefined && select?.larg === undefined;
  return {
    kind: 'insert',
    table,
    columns: targetColumns(node.cols),
    rows,
    nulls: nullColumns(targetColumns(node.cols), select?.valuesLists),
    query,
    onConflict: node.onConflictClause !== undefined,
    boundedness: rows !== null || fromNothing ? 'rows' : boundedness(select?.whereClause, node.selectStmt),
    reads: relationsIn(node),
  };
}

function readUpdate(statement: Statement, node: UpdateStmt): StepBody {
  const table = relationName(node.relation);
  return {
    kind: 'update',
    table,
    columns: targetColumns(node.targetList),
    predicate: node.whereClause === undefined ? null : readExpression(statement, node.whereClause, 'where'),
    equals: equalColumns(node.whereClause, statement.context.variables),
    boundedness: boundedness(node.whereClause, node),
    reads: without(relationsIn(node), table),
  };
}

function readDelete(statement: Statement, node: DeleteStmt): StepBody {
  const table = relationName(node.relation);
  return {
    kind: 'delete',
    table,
    predicate: node.whereClause === undefined ? null : readExpression(statement, node.whereClause, 'where'),
    equals: equalColumns(node.whereClause, statement.context.variables),
    boundedness: boundedness(node.whereClause, node),
    reads: without(relationsIn(node), table),
  };
}

function constantArgument(node: Node | undefined): string | null {
  if (node === undefined || !('A_Const' in node)) return null;
  const { sval, boolval } = node.A_Const;
  return sval !== undefined ? (sval.sval ?? '') : boolval !== undefined ? String(boolval.boolval ?? false) : null;
}

/** `SELECT set_config('lock_timeout', '2s', true)` is SET. */
function settingOf(node: SelectStmt): StepBody | null {
  const [target, ...others] = node.targetList ?? [];
  if (target === undefined || others.length > 0 || node.fromClause !== undefined || node.whereClause !== undefined) return null;
  const call = 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (call === undefined || !('FuncCall' in call) || functionName(call.FuncCall.funcname).name !== 'set_config') return null;
  const [setting, value, local] = (call.FuncCall.args ?? []).map(constantArgument);
  if (setting == null || value == null || local == null) return null;
  return { kind: 'set-setting', setting: setting.toLowerCase(), value, local: ['true', 't', '1', 'on', 'yes'].includes(local.toLowerCase()) };
}

function readSelect(statement: Statement, node: SelectStmt, whole: Node): StepBody {
  const setting = settingOf(node);
  if (setting !== null) return setting;
  const functions: QualifiedName[] = [];
  visitNodes(whole, (each) => {
    if ('FuncCall' in each) functions.push(functionName(each.FuncCall.funcname));
  });
  const query = readQuery(statement, whole);
  if (node.intoClause === undefined) return { kind: 'select', query, functions };
  const into = node.intoClause.rel;
  return { kind: 'create-table-as', table: relationName(into), ifNotExists: false, temporary: into?.relpersistence === 't', withData: true, columns: [], query };
}

function readMerge(node: MergeStmt): StepBody {
  return { kind: 'merge', table: relationName(node.relation), reads: relationsIn(node) };
}

function writesInWith(statement: Statement, whole: Node): StepBody[] {
  const found: StepBody[] = [];
  visitNodes(whole, (node) => {
    if (!('CommonTableExpr' in node)) return;
    const query = node.CommonTableExpr.ctequery;
    if (query !== undefined && !('SelectStmt' in query)) found.push(...bodies(statement, query));
  });
  const own = withNames(whole);
  return found.map((body) => ('reads' in body ? { ...body, reads: body.reads.filter((name) => name.schema !== null || !own.has(name.name)) } : body));
}

function withNames(whole: Node): ReadonlySet<string> {
  const names = new Set<string>();
  visitNodes(whole, (node) => {
    if ('CommonTableExpr' in node) names.add(node.CommonTableExpr.ctename ?? '');
  });
  return names;
}

function bodies(statement: Statement, node: Node): StepBody[] {
  if ('InsertStmt' in node) return [readInsert(statement, node.InsertStmt)];
  if ('UpdateStmt' in node) return [readUpdate(statement, node.UpdateStmt)];
  if ('DeleteStmt' in node) return [readDelete(statement, node.DeleteStmt)];
  if ('MergeStmt' in node) return [readMerge(node.MergeStmt)];
  if ('SelectStmt' in node) return [readSelect(statement, node.SelectStmt, node)];
  return [];
}

/** SELECT, INSERT, UPDATE, DELETE, MERGE; the writes inside WITH clauses are steps of their own. Empty for anything else. */
export function readData(statement: Statement, node: Node): Draft[] {
  const own = bodies(statement, node);
  return own.length === 0 ? [] : [...writesInWith(statement, node), ...own].map((body) => ({ body }));
}

export function readCopy(node: CopyStmt): StepBody {
  return { kind: 'copy', table: node.relation === undefined ? null : relationName(node.relation), from: node.is_from ?? false, reads: node.query === undefined ? [] : relationsIn(node.query) };
}
