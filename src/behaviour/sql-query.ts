import type { Node } from '../languages/sql.js';
import { parseSql } from '../languages/sql.js';
import type { Assignment, Isolation, LockScope } from './event.js';
import type { Expression } from './expression.js';
import type { Query } from './query.js';
import { sqlExpression, targetColumn } from './sql-expression.js';
import { assembleSql } from './sql-text.js';

/** What one statement of SQL in a program does. */
export type SqlRecognition =
  | { readonly is: 'query'; readonly query: Query }
  | { readonly is: 'begin'; readonly isolation: Isolation; readonly handle: string }
  | { readonly is: 'end'; readonly outcome: 'commit' | 'rollback' }
  /** `SET TRANSACTION ISOLATION LEVEL …`: of the transaction that runs, or of the next one. */
  | { readonly is: 'isolation'; readonly isolation: Isolation; readonly handle: string }
  | { readonly is: 'lock'; readonly name: string; readonly key: Expression | null; readonly scope: LockScope; readonly tries: boolean };

const VERB = /^\s*(?:--[^\n]*\n\s*)*(select|insert|update|delete|with|begin|start|commit|rollback|end|merge|set)\b/i;

/** Whether a file may hold SQL that `readSqlQuery` has to parse: then `loadSql` comes first. */
export function mayHoldSql(text: string): boolean {
  return /[`'"]\s*(?:--[^\n]*\n\s*)*(select|insert\s+into|update|delete\s+from|with|begin|start transaction|set\s+(?:\w+\s+){0,3}transaction)\b/i.test(text);
}

/**
 * Reads a statement written in a program: a string, a template whose holes are values, or pieces joined by `+`. `values`
 * are its numbered parameters. null when it is no statement about rows. Requires `loadSql`.
 */
export function readSqlQuery(text: Expression, values: readonly Expression[], library: string, handle: string): SqlRecognition | null {
  const assembled = assembleSql(text, values);
  if (assembled === null || !VERB.test(assembled.text)) return null;
  const control = transactionControl(assembled.text, handle);
  if (control !== null) return control;
  const statements = parseSql(assembled.text).statements;
  const [statement] = statements;
  if (statement?.kind !== 'parsed') return roughly(assembled.text, library, handle);
  return readNode(statement.node, { library, handle, values: assembled.values });
}

function transactionControl(text: string, handle: string): SqlRecognition | null {
  if (/^\s*set\s+(?:local\s+|session\s+(?:characteristics\s+as\s+)?)?transaction\b/i.test(text)) return { is: 'isolation', isolation: isolationOf(text), handle };
  const found = /^\s*(begin|start\s+transaction|commit|rollback|end)\b(?!\s+to\b)([^;]*)/i.exec(text);
  if (found === null) return null;
  const verb = (found[1] ?? '').toLowerCase();
  if (verb.startsWith('begin') || verb.startsWith('start')) return { is: 'begin', isolation: isolationOf(found[2] ?? ''), handle };
  return { is: 'end', outcome: verb === 'rollback' ? 'rollback' : 'commit' };
}

/** An isolation level from the words of SQL or of a library's option. */
export function isolationOf(words: string): Isolation {
  const plain = words.toLowerCase().replace(/[^a-z]/g, '');
  if (plain.includes('serializable')) return 'serializable';
  if (plain.includes('repeatableread')) return 'repeatable-read';
  if (plain.includes('readuncommitted')) return 'read-uncommitted';
  if (plain.includes('readcommitted')) return 'read-committed';
  return plain.includes('snapshot') ? 'snapshot' : 'default';
}

interface Context {
  readonly library: string;
  readonly handle: string;
  readonly values: ReadonlyMap<number, Expression>;
}

function readNode(node: Node, context: Context): SqlRecognition | null {
  if ('SelectStmt' in node) return readSelect(node.SelectStmt, context);
  if ('UpdateStmt' in node) return readUpdate(node.UpdateStmt, context);
  if ('DeleteStmt' in node) {
    const { relation, whereClause } = node.DeleteStmt;
    return { is: 'query', query: { kind: 'write', ...baseOf(relation?.relname, whereClause, context), operation: 'delete', data: [], dataKnown: true } };
  }
  return 'InsertStmt' in node ? readInsert(node.InsertStmt, context) : null;
}

type Of<K extends string> = Node extends infer N ? (N extends Record<K, infer V> ? V : never) : never;

function baseOf(table: string | undefined, where: Node | undefined, context: Context): { library: string; handle: string; entityName: string; where: Expression | null; whereKnown: boolean } {
  const condition = where === undefined ? null : sqlExpression(where, context.values);
  return { library: context.library, handle: context.handle, entityName: table ?? '', where: condition, whereKnown: true };
}

function readSelect(select: Of<'SelectStmt'>, context: Context): SqlRecognition | null {
  const targets = select.targetList ?? [];
  const lock = advisory(targets, context);
  if (lock !== null) return lock;
  const inner = (select.withClause?.ctes ?? []).flatMap((one) => ('CommonTableExpr' in one && one.CommonTableExpr.ctequery !== undefined ? [one.CommonTableExpr.ctequery] : []));
  const writing = inner.find((one) => !('SelectStmt' in one));
  if (writing !== undefined) return readNode(writing, context);
  const table = tableOf(select.fromClause?.[0]);
  if (table === null) return null;
  const base = baseOf(table, select.whereClause, context);
  const locking = (select.lockingClause ?? []).flatMap((one) => ('LockingClause' in one ? [one.LockingClause] : []));
  const strength = locking.map((one) => one.strength).find((one) => one !== undefined);
  const lockKind = strength === undefined ? 'none' : /SHARE/.test(strength) ? 'share' : 'update';
  const aggregate = targets.map((one) => aggregateOf(one)).find((one) => one !== null);
  if (aggregate !== undefined && aggregate !== null) return { is: 'query', query: { kind: 'count', ...base, ...aggregate, lock: lockKind } };
  const limit = select.limitCount === undefined ? null : sqlExpression(select.limitCount, context.values);
  const wait = locking.some((one) => one.waitPolicy === 'LockWaitSkip') ? 'skip' : locking.some((one) => one.waitPolicy === 'LockWaitError') ? 'nowait' : 'block';
  return { is: 'query', query: { kind: 'read', ...base, many: true, lock: lockKind, wait, limit } };
}

function tableOf(node: Node | undefined): string | null {
  if (node === undefined) return null;
  if ('RangeVar' in node) return node.RangeVar.relname ?? null;
  return 'JoinExpr' in node ? tableOf(node.JoinExpr.larg) : null;
}

/** `SELECT pg_advisory_xact_lock(…)`, `GET_LOCK(…)`. */
function advisory(targets: readonly Node[], context: Context): SqlRecognition | null {
  for (const target of targets) {
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
    if (value === undefined || !('FuncCall' in value)) continue;
    const last = value.FuncCall.funcname?.at(-1);
    const name = last !== undefined && 'String' in last ? (last.String.sval ?? '') : '';
    if (!/^pg_(try_)?advisory_(xact_)?lock|^get_lock$/i.test(name)) continue;
    const argument = value.FuncCall.args?.[0];
    const key = argument === undefined ? null : sqlExpression(argument, context.values);
    return { is: 'lock', name, key, scope: name.includes('xact') ? 'transaction' : 'session', tries: name.includes('try') };
  }
  return null;
}

function aggregateOf(target: Node): { readonly aggregate: 'count' | 'max' | 'min' | 'sum' | 'average' | 'exists'; readonly column: string | null } | null {
  let value = 'ResTarget' in target ? target.ResTarget.val : undefined;
  while (value !== undefined && 'TypeCast' in value) value = value.TypeCast.arg;
  if (value !== undefined && 'CoalesceExpr' in value) [value] = value.CoalesceExpr.args ?? [];
  if (value !== undefined && 'SubLink' in value && value.SubLink.subLinkType === 'EXISTS_SUBLINK') return { aggregate: 'exists', column: null };
  if (value === undefined || !('FuncCall' in value)) return null;
  const last = value.FuncCall.funcname?.at(-1);
  const name = last !== undefined && 'String' in last ? (last.String.sval ?? '').toLowerCase() : '';
  const known = ({ count: 'count', max: 'max', min: 'min', sum: 'sum', avg: 'average' } as const)[name as 'count'];
  const argument = value.FuncCall.args?.[0];
  return known === undefined ? null : { aggregate: known, column: argument === undefined ? null : targetColumn(argument) };
}

function readUpdate(update: Of<'UpdateStmt'>, context: Context): SqlRecognition {
  const data = (update.targetList ?? []).flatMap((one) => ('ResTarget' in one ? [assignment(one.ResTarget.name, one.ResTarget.val, context)] : []));
  return { is: 'query', query: { kind: 'write', ...baseOf(update.relation?.relname, update.whereClause, context), operation: 'update', data, dataKnown: true } };
}

const NOWHERE = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 };

function assignment(column: string | undefined, value: Node | undefined, context: Context): Assignment {
  const given: Expression = value === undefined ? { kind: 'opaque', text: '', uses: [] } : sqlExpression(value, context.values);
  return { column: column ?? '', value: given, span: NOWHERE };
}

function readInsert(insert: Of<'InsertStmt'>, context: Context): SqlRecognition {
  const columns = (insert.cols ?? []).flatMap((one) => ('ResTarget' in one ? [one.ResTarget.name ?? ''] : []));
  const source = insert.selectStmt;
  const list = source !== undefined && 'SelectStmt' in source ? source.SelectStmt.valuesLists?.[0] : undefined;
  const values = list !== undefined && 'List' in list ? (list.List.items ?? []) : [];
  const data = columns.map((column, place) => assignment(column, values[place], context));
  const conflict = insert.onConflictClause;
  const action = conflict?.action;
  const elements = conflict?.infer?.indexElems ?? [];
  const conflictColumns = elements.flatMap((one) => ('IndexElem' in one && one.IndexElem.name !== undefined ? [one.IndexElem.name] : []));
  const onConflict = action === 'ONCONFLICT_UPDATE' ? 'update' : action === 'ONCONFLICT_NOTHING' ? 'nothing' : 'fail';
  const base = { ...baseOf(insert.relation?.relname, undefined, context), conflictColumns };
  return { is: 'query', query: { kind: 'write', ...base, operation: onConflict === 'update' ? 'upsert' : 'insert', data, dataKnown: true, onConflict } };
}

/** A dialect Postgres' grammar does not know: verb, table, the columns after WHERE, and whether it locks. */
function roughly(text: string, library: string, handle: string): SqlRecognition | null {
  const found = /^\s*(?:(select)\b[\s\S]*?\bfrom|(update)|(delete)\s+from|(insert)\s+(?:ignore\s+)?into)\s+[`"]?([\w.]+)/i.exec(text.slice(0, 10_000));
  if (found === null) return null;
  const condition = /\bwhere\b([\s\S]*)$/i.exec(text.slice(0, 10_000))?.[1] ?? '';
  const columns = [...condition.matchAll(/([A-Za-z_]\w*)["`]?\s*(?:=|<|>|!|\bin\b|\bis\b)/gi)];
  const where: Expression | null = columns.length === 0 ? null : { kind: 'opaque', text: condition.trim().slice(0, 200), uses: columns.map((one) => ({ kind: 'column', name: one[1] ?? '' })) };
  const base = { library, handle, entityName: found[5] ?? '', where, whereKnown: false };
  if (found[1] !== undefined) return { is: 'query', query: { kind: 'read', ...base, many: true, lock: /\bfor\s+(no\s+key\s+)?update\b/i.test(text) ? 'update' : 'none' } };
  const operation = found[2] !== undefined ? 'update' : found[3] !== undefined ? 'delete' : 'insert';
  const onConflict = /on\s+duplicate\s+key\s+update/i.test(text) ? 'update' : /insert\s+ignore/i.test(text) ? 'nothing' : 'fail';
  return { is: 'query', query: { kind: 'write', ...base, operation: onConflict === 'update' ? 'upsert' : operation, data: [], dataKnown: false, onConflict } };
}

