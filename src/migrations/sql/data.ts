import type { CopyStmt, DeleteStmt, InsertStmt, MergeStmt, Node, SelectStmt, UpdateStmt } from '../../languages/sql.js';
import type { QualifiedName } from '../definition.js';
import type { StepBody } from '../step.js';
import { boundednessOf, rowsOf } from './boundedness.js';
import { readExpression, readQuery, relationsIn, visitNodes } from './expression.js';
import { functionName, relationName, strings } from './names.js';
import { textBetween, tokenAt, type Draft, type Statement } from './statement.js';
import { queryDetails } from './query-shape.js';

function columnName(node: Node | undefined): string | null {
  return node !== undefined && 'ColumnRef' in node ? (strings(node.ColumnRef.fields).at(-1) ?? null) : null;
}

/** Columns that every touched row has fixed to constants: `a = 1 AND b IN (2, 3)` is [a, b], `a = 1 OR a = 2` is [a]. */
function equalColumns(predicate: Node | undefined, variables: ReadonlySet<string>): string[] {
  if (predicate === undefined) return [];
  if ('BoolExpr' in predicate) {
    const parts = (predicate.BoolExpr.args ?? []).map((each) => equalColumns(each, variables));
    if (predicate.BoolExpr.boolop === 'AND_EXPR') return [...new Set(parts.flat())];
    return predicate.BoolExpr.boolop === 'OR_EXPR' ? (parts[0] ?? []).filter((column) => parts.every((part) => part.includes(column))) : [];
  }
  if (!('A_Expr' in predicate)) return [];
  const { kind, name, lexpr, rexpr } = predicate.A_Expr;
  if (strings(name)[0] !== '=' || !EQUALITIES.has(kind ?? '') || lexpr === undefined || rexpr === undefined) return [];
  // `(a, b) = (1, 2)` and `(a, b) IN ((1, 2), (3, 4))`.
  if ('RowExpr' in lexpr) return mentionsColumn(rexpr, variables) ? [] : (lexpr.RowExpr.args ?? []).flatMap((each) => columnName(each) ?? []);
  const left = columnName(lexpr);
  if (left !== null && !mentionsColumn(rexpr, variables)) return [left];
  const right = kind === 'AEXPR_OP' ? columnName(rexpr) : null;
  return right !== null && !mentionsColumn(lexpr, variables) ? [right] : [];
}

const EQUALITIES = new Set(['AEXPR_OP', 'AEXPR_IN', 'AEXPR_OP_ANY']);

function mentionsColumn(root: Node, variables: ReadonlySet<string>): boolean {
  let found = false;
  visitNodes(root, (node) => {
    if ('SubLink' in node || ('ColumnRef' in node && !variables.has(strings(node.ColumnRef.fields)[0] ?? ''))) found = true;
  });
  return found;
}

/** What a write reads beside the rows of its own table. */
function readsOf<Written extends { readonly relation?: unknown }>(node: Written): QualifiedName[] {
  return relationsIn({ ...node, relation: undefined });
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
  return {
    kind: 'insert',
    table,
    columns: targetColumns(node.cols),
    rows,
    nulls: nullColumns(targetColumns(node.cols), select?.valuesLists),
    query,
    onConflict: node.onConflictClause !== undefined,
    boundedness: select === undefined ? 'rows' : rowsOf(select),
    reads: readsOf(node),
  };
}

/** Targets of UPDATE that get NULL, or what they have. */
function keptColumns(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => {
    if (!('ResTarget' in node) || node.ResTarget.name === undefined || node.ResTarget.val === undefined) return [];
    const { name, val } = node.ResTarget;
    const isNull = 'A_Const' in val && val.A_Const.isnull === true;
    return isNull || 'SetToDefault' in val || ('ColumnRef' in val && strings(val.ColumnRef.fields).at(-1) === name) ? [name] : [];
  });
}

function readUpdate(statement: Statement, node: UpdateStmt): StepBody {
  const table = relationName(node.relation);
  const keeps = keptColumns(node.targetList);
  return {
    kind: 'update',
    table,
    columns: targetColumns(node.targetList),
    ...(keeps.length === 0 ? {} : { keeps }),
    predicate: node.whereClause === undefined ? null : readExpression(statement, node.whereClause, 'where'),
    equals: equalColumns(node.whereClause, statement.context.variables),
    boundedness: boundednessOf(node.whereClause, node.fromClause, node.withClause),
    reads: readsOf(node),
  };
}

function readDelete(statement: Statement, node: DeleteStmt): StepBody {
  const table = relationName(node.relation);
  return {
    kind: 'delete',
    table,
    predicate: node.whereClause === undefined ? null : readExpression(statement, node.whereClause, 'where'),
    equals: equalColumns(node.whereClause, statement.context.variables),
    boundedness: boundednessOf(node.whereClause, node.usingClause, node.withClause),
    reads: readsOf(node),
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
  return { kind: 'create-table-as', table: relationName(into), ifNotExists: false, temporary: into?.relpersistence === 't', withData: true, columns: [], query: { ...query, ...queryDetails(whole), text: withoutInto(statement, node) }, ...(into?.relpersistence === 'u' ? { unlogged: true } : {}) };
}

/** SELECT … INTO without its INTO: what CREATE TABLE AS would take. */
function withoutInto(statement: Statement, node: SelectStmt): string {
  const name = tokenAt(statement, statement.parsed.offsetOf(node.intoClause?.rel?.location ?? 0));
  const into = statement.tokens.findLastIndex((token, index) => index < name && token.kind === 'word' && statement.word(token) === 'into');
  let end = name + 1;
  while (statement.tokens[end]?.kind === 'symbol' && textBetween(statement, end, end + 1) === '.') end += 2;
  return into === -1 ? '' : `${textBetween(statement, 0, into)} ${textBetween(statement, end, statement.tokens.length)}`.trim();
}

function readMerge(node: MergeStmt): StepBody {
  return { kind: 'merge', table: relationName(node.relation), reads: readsOf(node) };
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
