import type { Node, SelectStmt } from '../../languages/sql.js';
import type { Expression, QualifiedName, TypeName } from '../definition.js';
import type { Query } from '../step.js';
import { functionName, isServerRelation, relationName, strings, typeName } from './names.js';
import type { SqlToken } from '../../languages/sql-token.js';
import { visitRelations } from './scopes.js';
import { closing, textBetween, tokenAt, type Statement } from './statement.js';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Visits every tagged node below (and with) `root`, depth first, without recursion: trees may be thousands deep. */
export function visitNodes(root: unknown, visit: (node: Node) => void): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      for (let at = value.length - 1; at >= 0; at -= 1) pending.push(value[at]);
    } else if (isRecord(value)) {
      const keys = Object.keys(value);
      const first = keys[0];
      if (keys.length === 1 && first !== undefined && /^[A-Z]/.test(first)) visit(value as Node);
      for (let at = keys.length - 1; at >= 0; at -= 1) pending.push(value[keys[at] ?? '']);
    }
  }
}

function leftmost(root: unknown): number {
  let least = Number.POSITIVE_INFINITY;
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) for (const item of value) pending.push(item);
    else if (isRecord(value)) {
      for (const [key, item] of Object.entries(value)) {
        if (key === 'location' && typeof item === 'number' && item >= 0) least = Math.min(least, item);
        else if (isRecord(item)) pending.push(item);
      }
    }
  }
  return least;
}

const NO_STOPS: ReadonlySet<string> = new Set();

// Words that cannot continue an expression behind a keyword.
const STOPS: Readonly<Record<string, ReadonlySet<string>>> = {
  default: new Set(['not', 'null', 'constraint', 'check', 'unique', 'primary', 'references', 'generated', 'deferrable', 'initially', 'collate']),
  where: new Set(['returning']),
};

const OPENING = new Set(['(', '[', 'case']);
const CLOSING = new Set([')', ']', 'end']);

/** The end of an expression that starts at token `from`: a comma or closing parenthesis of the outside, or a word that cannot continue it. */
function expressionEnd(statement: Statement, from: number, stops: ReadonlySet<string>): number {
  let depth = 0;
  let before = '';
  for (let at = from; at < statement.tokens.length; at += 1) {
    const token = statement.tokens[at];
    if (token === undefined) break;
    const word = token.kind === 'symbol' || (stops.size > 0 && token.kind === 'word') ? statement.word(token) : '';
    // IS NOT DISTINCT FROM goes on.
    if (depth === 0 && at > from && (word === ',' || (stops.has(word) && before !== 'is'))) return at;
    if (OPENING.has(word)) depth += 1;
    else if (CLOSING.has(word)) depth -= 1;
    if (depth < 0) return at;
    before = word;
  }
  return statement.tokens.length;
}

/** The end of an index element's expression: one in parentheses, or a call. */
function elementEnd(statement: Statement, from: number): number {
  const [first, ...rest] = statement.tokens.slice(from, from + 12);
  const isSymbol = (token: SqlToken | undefined, symbol: string): boolean => token?.kind === 'symbol' && statement.word(token) === symbol;
  if (isSymbol(first, '(')) return closing(statement, from) + 1;
  let at = 0;
  while (isSymbol(rest[at], '.')) at += 2;
  return isSymbol(rest[at], '(') ? closing(statement, from + 1 + at) + 1 : from + 1 + at;
}

/** As written. `keyword` is the word it stands behind, or `element` for one of an index. */
function expressionText(statement: Statement, node: unknown, keyword: string): string {
  const location = leftmost(node);
  if (!Number.isFinite(location)) return '';
  let from = tokenAt(statement, statement.parsed.offsetOf(location));
  for (let before = statement.tokens[from - 1]; before?.kind === 'symbol' && PREFIXES.has(statement.word(before)); before = statement.tokens[from - 1]) from -= 1;
  const before = statement.tokens[from - 1];
  // The outermost parenthesis is the clause's own, not the expression's.
  const clause = keyword === 'check' || keyword === 'as' || (keyword === 'element' && before !== undefined && statement.word(before) !== ',');
  if (clause) from += 1;
  return textBetween(statement, from, keyword === 'element' ? elementEnd(statement, from) : expressionEnd(statement, from, STOPS[keyword] ?? NO_STOPS));
}

const PREFIXES = new Set(['(', '-', '+']);

/** The text behind a word, from the first such word at or after a location to the end of its clause. */
export function textBehind(statement: Statement, location: number, word: string): string {
  const start = tokenAt(statement, statement.parsed.offsetOf(location));
  const at = statement.tokens.findIndex((token, index) => index >= start && token.kind === 'word' && statement.word(token) === word);
  return at === -1 ? '' : textBetween(statement, at + 1, expressionEnd(statement, at + 1, NO_STOPS));
}

function specialFunction(node: Node): QualifiedName | null {
  if ('SQLValueFunction' in node) return { schema: null, name: (node.SQLValueFunction.op ?? '').replace(/^SVFOP_/, '').replace(/_N$/, '').toLowerCase() };
  if ('FuncCall' in node) return functionName(node.FuncCall.funcname);
  return null;
}

function columnOf(node: Node): string | null {
  if (!('ColumnRef' in node)) return null;
  return strings(node.ColumnRef.fields).at(-1) ?? null;
}

function uncast(node: Node): Node {
  let inner = node;
  for (let depth = 0; depth < 20; depth += 1) {
    if ('TypeCast' in inner && inner.TypeCast.arg !== undefined) inner = inner.TypeCast.arg;
    else if ('CollateClause' in inner && inner.CollateClause.arg !== undefined) inner = inner.CollateClause.arg;
    else break;
  }
  return inner;
}

function isConstant(node: Node): boolean {
  const inner = uncast(node);
  if ('A_Const' in inner) return true;
  if ('A_ArrayExpr' in inner) return (inner.A_ArrayExpr.elements ?? []).every(isConstant);
  return 'A_Expr' in inner && inner.A_Expr.lexpr === undefined && inner.A_Expr.rexpr !== undefined && isConstant(inner.A_Expr.rexpr);
}

/** Reads an expression. `keyword` is the word it stands behind: default (of a column), value (SET DEFAULT), check, using, where, as; or element. */
export function readExpression(statement: Statement, node: Node, keyword: string): Expression {
  const functions: QualifiedName[] = [];
  const columns = new Set<string>();
  const casts: TypeName[] = [];
  let subquery = false;
  visitNodes(node, (each) => {
    const called = specialFunction(each);
    if (called !== null) functions.push(called);
    const column = columnOf(each);
    if (column !== null) columns.add(column);
    if ('TypeCast' in each) casts.push(typeName(each.TypeCast.typeName));
    if ('SubLink' in each) subquery = true;
  });
  return { text: expressionText(statement, node, keyword), functions, columns: [...columns], casts, subquery, column: columnOf(uncast(node)), constant: isConstant(node) };
}

/** Columns that are not null wherever the condition is true. */
export function provenNotNull(node: Node): string[] {
  if ('NullTest' in node) {
    const column = node.NullTest.nulltesttype === 'IS_NOT_NULL' && node.NullTest.arg !== undefined ? columnOf(node.NullTest.arg) : null;
    return column === null ? [] : [column];
  }
  if (!('BoolExpr' in node)) return [];
  const parts = (node.BoolExpr.args ?? []).map(provenNotNull);
  if (node.BoolExpr.boolop === 'AND_EXPR') return [...new Set(parts.flat())];
  const [first, ...others] = parts;
  return node.BoolExpr.boolop === 'OR_EXPR' ? (first ?? []).filter((column) => others.every((part) => part.includes(column))) : [];
}

/** Every relation mentioned below `root`, WITH names and the server's own catalogs left out; each once. */
export function relationsIn(root: unknown): QualifiedName[] {
  const found = new Map<string, QualifiedName>();
  visitRelations(root, (relation) => found.set(`${relation.schemaname ?? ''}.${relation.relname ?? ''}`, relationName(relation)));
  return [...found.values()].filter((name) => !isServerRelation(name));
}

function lockedBy(select: SelectStmt, reads: readonly QualifiedName[]): QualifiedName[] {
  const clauses = select.lockingClause ?? [];
  const aliases = new Map<string, QualifiedName>();
  if (clauses.length > 0) visitNodes(select.fromClause, (node) => {
    if ('RangeVar' in node) aliases.set(node.RangeVar.alias?.aliasname ?? node.RangeVar.relname ?? '', relationName(node.RangeVar));
  });
  return clauses.flatMap((node) => {
    if (!('LockingClause' in node)) return [];
    const named = node.LockingClause.lockedRels ?? [];
    return named.length === 0 ? [...reads] : named.flatMap((each) => ('RangeVar' in each ? [aliases.get(each.RangeVar.relname ?? '') ?? relationName(each.RangeVar)] : []));
  });
}

function mentionedColumns(root: Node): string[] {
  const found = new Set<string>();
  visitNodes(root, (node) => {
    if (!('ColumnRef' in node)) return;
    const last = node.ColumnRef.fields?.at(-1);
    found.add(last !== undefined && 'String' in last ? (last.String.sval ?? '') : '*');
  });
  return [...found];
}

export function readQuery(statement: Statement, node: Node | undefined): Query {
  if (node === undefined) return { text: '', reads: [], locks: [], columns: [], limited: false };
  const select = 'SelectStmt' in node ? node.SelectStmt : undefined;
  const reads = relationsIn(node);
  const start = tokenAt(statement, statement.parsed.offsetOf(leftmost(node)));
  let from = start;
  for (let at = start; at >= 0; at -= 1) {
    const token = statement.tokens[at];
    if (token?.kind === 'word' && ['select', 'with', 'values', 'table'].includes(statement.word(token))) {
      from = at;
      break;
    }
  }
  return {
    text: textBetween(statement, from, statement.tokens.length),
    reads,
    locks: select === undefined ? [] : lockedBy(select, reads),
    columns: mentionedColumns(node),
    limited: select?.limitCount !== undefined,
  };
}
