import type { LocatedText } from '../../../languages/located-text.js';
import type { Node, SelectStmt } from '../../../languages/sql.js';
import type { CatalogTest, TestedObject } from '../../condition.js';
import type { QualifiedName } from '../../definition.js';
import { strings } from '../names.js';
import { evaluate, type Evaluation } from './evaluate.js';
import { asSelect, parseQuery } from './expression.js';
import type { Scope } from './scope.js';
import { CURRENT_SCHEMA } from './value.js';

/** What is known to be so on either way behind a condition. */
export interface Outcomes {
  readonly whenTrue: readonly CatalogTest[];
  readonly whenFalse: readonly CatalogTest[];
}

const UNKNOWN: Outcomes = { whenTrue: [], whenFalse: [] };

/** Deeper conditions are not looked into. */
const MAXIMUM_DEPTH = 50;

/** What a condition says about the database's shape, where it asks the server's catalogs in one of the usual ways. */
export function outcomesOf(scope: Scope, test: LocatedText): Outcomes {
  const query = parseQuery(scope, asSelect(test));
  const [target] = query?.select.targetList ?? [];
  if (query === null || target === undefined || !('ResTarget' in target) || target.ResTarget.val === undefined) return UNKNOWN;
  return read(query.evaluation, target.ResTarget.val, 0);
}

function read(evaluation: Evaluation, node: Node, depth: number): Outcomes {
  if (depth > MAXIMUM_DEPTH) return UNKNOWN;
  if ('BoolExpr' in node) {
    const parts = (node.BoolExpr.args ?? []).map((each) => read(evaluation, each, depth + 1));
    const [first = UNKNOWN] = parts;
    if (node.BoolExpr.boolop === 'NOT_EXPR') return { whenTrue: first.whenFalse, whenFalse: first.whenTrue };
    const all = { whenTrue: parts.flatMap((each) => each.whenTrue), whenFalse: parts.flatMap((each) => each.whenFalse) };
    return node.BoolExpr.boolop === 'AND_EXPR' ? { ...all, whenFalse: [] } : { ...all, whenTrue: [] };
  }
  const asked = asksFor(evaluation, node);
  if (asked === null) return UNKNOWN;
  const { there, ...question } = asked;
  return { whenTrue: [{ question, there }], whenFalse: [{ question, there: !there }] };
}

interface Asked {
  readonly object: TestedObject;
  readonly more: boolean;
  /** Whether the condition holds where it is there. */
  readonly there: boolean;
}

function asksFor(evaluation: Evaluation, node: Node): Asked | null {
  if ('SubLink' in node && node.SubLink.subLinkType === 'EXISTS_SUBLINK') {
    const select = node.SubLink.subselect;
    const found = select !== undefined && 'SelectStmt' in select ? lookedUp(evaluation, select.SelectStmt) : null;
    return found === null ? null : { ...found, there: true };
  }
  if (!('NullTest' in node)) return null;
  const name = node.NullTest.arg === undefined ? null : registered(evaluation, node.NullTest.arg);
  return name === null ? null : { object: { kind: 'relation', name, index: true }, more: false, there: node.NullTest.nulltesttype === 'IS_NOT_NULL' };
}

/** `to_regclass('x')`. */
function registered(evaluation: Evaluation, node: Node): QualifiedName | null {
  const call = 'TypeCast' in node && node.TypeCast.arg !== undefined ? node.TypeCast.arg : node;
  if (!('FuncCall' in call) || strings(call.FuncCall.funcname).at(-1) !== 'to_regclass') return null;
  const [argument] = call.FuncCall.args ?? [];
  const text = argument === undefined ? null : textOf(evaluation, argument);
  return text === null ? null : writtenName(text);
}

function textOf(evaluation: Evaluation, node: Node): string | null {
  const value = evaluate(evaluation, node);
  return value.kind === 'text' ? value.text.text : null;
}

/** A name as it is written in SQL: `users`, `public."User"`. */
function writtenName(text: string): QualifiedName | null {
  const parts = [...text.matchAll(/"((?:[^"]|"")+)"|([^".\s]+)/g)].map((match) => match[1]?.replaceAll('""', '"') ?? (match[2] ?? '').toLowerCase());
  const name = parts.at(-1);
  return name === undefined || parts.length > 2 ? null : qualified(parts.length === 2 ? (parts[0] ?? null) : null, name);
}

function qualified(schema: string | null, name: string): QualifiedName {
  return { schema: schema === CURRENT_SCHEMA ? null : schema, name };
}

/** The parts of a WHERE that are compared with a text, by column, and whether anything else is asked. */
interface Comparisons {
  readonly texts: Map<string, string>;
  more: boolean;
}

/** Conditions that follow from the others, or only say which schema or kind is meant. */
const BESIDE = /^(?:attisdropped|attnum|relkind|contype|constraint_type|typtype|table_type|(?:table|constraint|index|trigger|domain|udt)_(?:schema|catalog)|schemaname|nspname|(?:con|rel|typ)namespace|relispartition)$/;

function columnOf(node: Node | undefined): string | null {
  return node !== undefined && 'ColumnRef' in node ? (strings(node.ColumnRef.fields).at(-1) ?? null) : node !== undefined && 'TypeCast' in node ? columnOf(node.TypeCast.arg) : null;
}

function compare(evaluation: Evaluation, node: Node, into: Comparisons, depth: number): void {
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR' && depth < MAXIMUM_DEPTH) {
    for (const each of node.BoolExpr.args ?? []) compare(evaluation, each, into, depth + 1);
    return;
  }
  const negated = 'BoolExpr' in node && node.BoolExpr.boolop === 'NOT_EXPR' ? columnOf(node.BoolExpr.args?.[0]) : null;
  if (negated === 'attisdropped') return;
  const { lexpr, rexpr, name } = 'A_Expr' in node ? node.A_Expr : {};
  const [column, value] = columnOf(lexpr) === null ? [columnOf(rexpr), lexpr] : [columnOf(lexpr), rexpr];
  const plain = 'A_Expr' in node && node.A_Expr.kind === 'AEXPR_OP' && strings(name).at(-1) === '=';
  const text = plain && value !== undefined ? textOf(evaluation, value) : null;
  if (column !== null && text !== null) into.texts.set(column, text);
  else if (column === null || !BESIDE.test(column)) into.more = true;
}

type Reader = (texts: ReadonlyMap<string, string>) => TestedObject | null;

/** A part that is found by its name, on a table that may be named too. */
function part(kind: 'constraint' | 'trigger' | 'policy', named: string, table: (texts: ReadonlyMap<string, string>) => QualifiedName | null): Reader {
  return (texts) => {
    const name = texts.get(named);
    return name === undefined ? null : { kind, name, table: table(texts) };
  };
}

function tableBy(column: string, schema: string): (texts: ReadonlyMap<string, string>) => QualifiedName | null {
  return (texts) => {
    const name = texts.get(column);
    return name === undefined ? null : qualified(texts.get(schema) ?? null, name);
  };
}

function writtenBy(column: string): (texts: ReadonlyMap<string, string>) => QualifiedName | null {
  return (texts) => writtenName(texts.get(column) ?? '');
}

function relation(column: string, schema: string, index = false): Reader {
  return (texts) => {
    const name = tableBy(column, schema)(texts);
    return name === null ? null : { kind: 'relation', name, index };
  };
}

function column(named: string, table: (texts: ReadonlyMap<string, string>) => QualifiedName | null): Reader {
  return (texts) => {
    const [name, owner] = [texts.get(named), table(texts)];
    return name === undefined || owner === null ? null : { kind: 'column', table: owner, column: name };
  };
}

const READERS: Readonly<Record<string, Reader>> = {
  columns: column('column_name', tableBy('table_name', 'table_schema')),
  pg_attribute: column('attname', writtenBy('attrelid')),
  tables: relation('table_name', 'table_schema'),
  views: relation('table_name', 'table_schema'),
  pg_tables: relation('tablename', 'schemaname'),
  pg_views: relation('viewname', 'schemaname'),
  pg_matviews: relation('matviewname', 'schemaname'),
  pg_class: relation('relname', 'nspname', true),
  table_constraints: part('constraint', 'constraint_name', tableBy('table_name', 'table_schema')),
  pg_constraint: part('constraint', 'conname', writtenBy('conrelid')),
  triggers: part('trigger', 'trigger_name', tableBy('event_object_table', 'event_object_schema')),
  pg_trigger: part('trigger', 'tgname', writtenBy('tgrelid')),
  pg_policies: part('policy', 'policyname', tableBy('tablename', 'schemaname')),
  pg_policy: part('policy', 'polname', writtenBy('polrelid')),
  pg_indexes: (texts) => {
    const name = tableBy('indexname', 'schemaname')(texts);
    return name === null ? null : { kind: 'index', name, table: tableBy('tablename', 'schemaname')(texts) };
  },
  pg_type: (texts) => {
    const name = tableBy('typname', 'nspname')(texts);
    return name === null ? null : { kind: 'type', name };
  },
};

/** The columns that say which object is meant: a comparison of any other asks for more. */
const NAMES = /^(?:column_name|table_name|attname|attrelid|tablename|viewname|matviewname|relname|constraint_name|conname|conrelid|trigger_name|event_object_table|tgname|tgrelid|policyname|polname|polrelid|indexname|typname)$/;

/** What `SELECT … FROM information_schema.columns WHERE …` looks for. */
function lookedUp(evaluation: Evaluation, select: SelectStmt): { readonly object: TestedObject; readonly more: boolean } | null {
  const [from, ...others] = select.fromClause ?? [];
  if (from === undefined || others.length > 0 || !('RangeVar' in from) || select.whereClause === undefined || select.larg !== undefined || select.groupClause !== undefined || select.havingClause !== undefined) return null;
  const { schemaname, relname = '' } = from.RangeVar;
  if (schemaname === undefined ? !relname.startsWith('pg_') : schemaname !== 'information_schema' && schemaname !== 'pg_catalog') return null;
  const comparisons: Comparisons = { texts: new Map(), more: false };
  compare(evaluation, select.whereClause, comparisons, 0);
  const object = READERS[relname]?.(comparisons.texts) ?? null;
  const more = comparisons.more || [...comparisons.texts.keys()].some((each) => !NAMES.test(each) && !BESIDE.test(each));
  return object === null ? null : { object, more };
}
