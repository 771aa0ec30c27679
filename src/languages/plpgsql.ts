// Text of a routine → a small tree. Texts are as written (blanks where INTO stood); lines count from the body's first, 1-based.

/** Where the rows of a loop come from. */
export type LoopSource =
  | { readonly kind: 'integers'; readonly lower: string; readonly upper: string; readonly step: string | null; readonly reverse: boolean }
  /** `slice`: each turn gets a list, not an element. */
  | { readonly kind: 'array'; readonly expression: string; readonly slice: boolean }
  | { readonly kind: 'query'; readonly text: string }
  | { readonly kind: 'execute'; readonly query: string; readonly parameters: readonly string[] }
  | { readonly kind: 'cursor'; readonly cursor: string }
  /** WHILE, or LOOP when `test` is null. */
  | { readonly kind: 'test'; readonly test: string | null };

export type RoutineStatement = { readonly line: number } & (
  | { readonly kind: 'block'; readonly body: readonly RoutineStatement[]; readonly handlers: readonly (readonly RoutineStatement[])[] }
  /** IF and CASE. `complete`: one of the arms runs in any case. */
  | { readonly kind: 'branch'; readonly tests: readonly string[]; readonly arms: readonly (readonly RoutineStatement[])[]; readonly complete: boolean }
  /** `record`: its one variable gets whole rows. */
  | { readonly kind: 'loop'; readonly source: LoopSource; readonly variables: readonly string[]; readonly record: boolean; readonly body: readonly RoutineStatement[] }
  /** A statement of SQL, PERFORM (as SELECT) and CALL included; `into` names the variables it sets. */
  | { readonly kind: 'sql'; readonly text: string; readonly into: readonly string[]; readonly perform: boolean }
  | { readonly kind: 'execute'; readonly query: string; readonly parameters: readonly string[]; readonly into: readonly string[] }
  /** `variable := expression`, whole. */
  | { readonly kind: 'assign'; readonly variable: string; readonly text: string }
  | { readonly kind: 'transaction'; readonly action: 'commit' | 'rollback' }
  /** `test`: only when it is true. */
  | { readonly kind: 'leave'; readonly what: 'return' | 'exit' | 'continue'; readonly test: string | null; readonly value: string | null }
  | { readonly kind: 'raise' }
  /** Anything else that only reads: expressions, and the variables it sets. */
  | { readonly kind: 'other'; readonly expressions: readonly string[]; readonly queries: readonly string[]; readonly into: readonly string[] }
);

export interface RoutineVariable {
  readonly name: string;
  readonly line: number;
  /** As written; null when it starts as NULL. */
  readonly default: string | null;
  /** A declared cursor's query. */
  readonly query: string | null;
  /** Whether DECLARE or a parameter list names it: not a loop's own. */
  readonly declared: boolean;
  /** As written, or as the parser calls it. */
  readonly type: string;
}

export interface Routine {
  readonly variables: readonly RoutineVariable[];
  readonly body: readonly RoutineStatement[];
}

type Json = Readonly<Record<string, unknown>>;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function field(node: unknown, name: string): unknown {
  return isJson(node) ? node[name] : undefined;
}

function list(node: unknown, name: string): readonly unknown[] {
  const value = field(node, name);
  return Array.isArray(value) ? value : [];
}

function text(node: unknown, name: string): string | null {
  const value = field(node, name);
  return typeof value === 'string' ? value : null;
}

function number(node: unknown, name: string): number {
  const value = field(node, name);
  return typeof value === 'number' ? value : 0;
}

/** The one tagged node in `{ PLpgSQL_stmt_if: … }`. */
function tagged(node: unknown): { readonly tag: string; readonly inner: unknown } {
  const [entry] = isJson(node) ? Object.entries(node) : [];
  return entry === undefined ? { tag: '', inner: null } : { tag: entry[0].replace(/^PLpgSQL_/, ''), inner: entry[1] };
}

/** The text of an expression that is a field of a node. */
function query(node: unknown, name: string): string | null {
  return text(field(field(node, name), 'PLpgSQL_expr'), 'query');
}

function queries(node: unknown, name: string): string[] {
  return list(node, name).flatMap((each) => text(field(each, 'PLpgSQL_expr'), 'query') ?? []);
}

interface Datums {
  readonly all: readonly unknown[];
}

/** Variables that a row, record or variable stands for. */
function targets(node: unknown): string[] {
  const { tag, inner } = tagged(node);
  if (tag === 'row') return list(inner, 'fields').flatMap((each) => text(each, 'name') ?? []);
  return tag === 'rec' || tag === 'var' ? [text(inner, 'refname') ?? ''] : [];
}

function datumName(datums: Datums, at: number): string {
  const { tag, inner } = tagged(datums.all[at]);
  if (tag === 'recfield') return datumName({ all: datums.all.slice(0, at) }, number(inner, 'recparentno'));
  return text(inner, 'refname') ?? '';
}

function statements(datums: Datums, nodes: readonly unknown[]): RoutineStatement[] {
  return nodes.flatMap((node) => statement(datums, node));
}

function loop(datums: Datums, tag: string, node: unknown): RoutineStatement {
  const record = tagged(field(node, 'var')).tag === 'rec';
  const own = { kind: 'loop' as const, line: number(node, 'lineno'), record, body: statements(datums, list(node, 'body')) };
  const variables = targets(field(node, 'var'));
  switch (tag) {
    case 'stmt_fori':
      return { ...own, variables, source: { kind: 'integers', lower: query(node, 'lower') ?? '', upper: query(node, 'upper') ?? '', step: query(node, 'step'), reverse: field(node, 'reverse') === true } };
    case 'stmt_foreach_a':
      return { ...own, variables: [datumName(datums, number(node, 'varno'))], source: { kind: 'array', expression: query(node, 'expr') ?? '', slice: number(node, 'slice') > 0 } };
    case 'stmt_fors':
      return { ...own, variables, source: { kind: 'query', text: query(node, 'query') ?? '' } };
    case 'stmt_dynfors':
      return { ...own, variables, source: { kind: 'execute', query: query(node, 'query') ?? '', parameters: queries(node, 'params') } };
    case 'stmt_forc':
      return { ...own, variables, source: { kind: 'cursor', cursor: datumName(datums, number(node, 'curvar')) } };
    default:
      return { ...own, variables: [], source: { kind: 'test', test: query(node, 'cond') } };
  }
}

function branch(datums: Datums, node: unknown, first: readonly unknown[], others: readonly { readonly test: string; readonly body: readonly unknown[] }[], last: readonly unknown[] | null): RoutineStatement {
  const test = query(node, 'cond') ?? query(node, 't_expr');
  const arms = [...(first.length > 0 || field(node, 'cond') !== undefined ? [statements(datums, first)] : []), ...others.map((each) => statements(datums, each.body)), ...(last === null ? [] : [statements(datums, last)])];
  return { kind: 'branch', line: number(node, 'lineno'), tests: [...(test === null ? [] : [test]), ...others.map((each) => each.test)], arms, complete: last !== null };
}

function ifStatement(datums: Datums, node: unknown): RoutineStatement {
  const others = list(node, 'elsif_list').map((each) => {
    const inner = field(each, 'PLpgSQL_if_elsif');
    return { test: query(inner, 'cond') ?? '', body: list(inner, 'stmts') };
  });
  return branch(datums, node, list(node, 'then_body'), others, field(node, 'else_body') === undefined ? null : list(node, 'else_body'));
}

function caseStatement(datums: Datums, node: unknown): RoutineStatement {
  const others = list(node, 'case_when_list').map((each) => {
    const inner = field(each, 'PLpgSQL_case_when');
    return { test: query(inner, 'expr') ?? '', body: list(inner, 'stmts') };
  });
  // Without ELSE a CASE that matches nothing is an error: one arm runs in any case.
  return branch(datums, node, [], others, list(node, 'else_stmts'));
}

function block(datums: Datums, node: unknown): RoutineStatement {
  const handlers = list(field(field(node, 'exceptions'), 'PLpgSQL_exception_block'), 'exc_list').map((each) => statements(datums, list(field(each, 'PLpgSQL_exception'), 'action')));
  return { kind: 'block', line: number(node, 'lineno'), body: statements(datums, list(node, 'body')), handlers };
}

const LOOPS = new Set(['stmt_fori', 'stmt_foreach_a', 'stmt_fors', 'stmt_dynfors', 'stmt_forc', 'stmt_while', 'stmt_loop']);

/** RAISE at level ERROR ends the routine, and what it did is undone. */
const ERROR_LEVEL = 21;

function leaf(datums: Datums, tag: string, node: unknown): RoutineStatement {
  const line = number(node, 'lineno');
  switch (tag) {
    case 'stmt_execsql':
      return { kind: 'sql', line, text: query(node, 'sqlstmt') ?? '', into: targets(field(node, 'target')), perform: false };
    case 'stmt_perform':
    case 'stmt_call':
      return { kind: 'sql', line, text: query(node, 'expr') ?? '', into: targets(field(node, 'target')), perform: tag === 'stmt_perform' };
    case 'stmt_dynexecute':
      return { kind: 'execute', line, query: query(node, 'query') ?? '', parameters: queries(node, 'params'), into: targets(field(node, 'target')) };
    case 'stmt_assign':
      return { kind: 'assign', line, variable: datumName(datums, number(node, 'varno')), text: query(node, 'expr') ?? '' };
    case 'stmt_commit':
    case 'stmt_rollback':
      return { kind: 'transaction', line, action: tag === 'stmt_commit' ? 'commit' : 'rollback' };
    case 'stmt_exit':
      return { kind: 'leave', line, what: field(node, 'is_exit') === true ? 'exit' : 'continue', test: query(node, 'cond'), value: null };
    case 'stmt_return':
      return { kind: 'leave', line, what: 'return', test: null, value: query(node, 'expr') };
    case 'stmt_raise':
      return number(node, 'elog_level') === ERROR_LEVEL ? { kind: 'raise', line } : { kind: 'other', line, expressions: queries(node, 'params'), queries: [], into: [] };
    case 'stmt_getdiag':
      return { kind: 'other', line, expressions: [], queries: [], into: list(node, 'diag_items').map((each) => datumName(datums, number(field(each, 'PLpgSQL_diag_item'), 'target'))) };
    case 'stmt_return_query':
      return query(node, 'dynquery') === null
        ? { kind: 'sql', line, text: query(node, 'query') ?? '', into: [], perform: false }
        : { kind: 'execute', line, query: query(node, 'dynquery') ?? '', parameters: queries(node, 'params'), into: [] };
    case 'stmt_open':
      return query(node, 'dynquery') === null
        ? { kind: 'other', line, expressions: [], queries: [query(node, 'query') ?? ''].filter((each) => each !== ''), into: [] }
        : { kind: 'execute', line, query: query(node, 'dynquery') ?? '', parameters: queries(node, 'params'), into: [] };
    case 'stmt_assert':
      return { kind: 'other', line, expressions: [query(node, 'cond'), query(node, 'message')].flatMap((each) => each ?? []), queries: [], into: [] };
    default:
      return { kind: 'other', line, expressions: [query(node, 'expr')].flatMap((each) => each ?? []), queries: [], into: targets(field(node, 'target')) };
  }
}

function statement(datums: Datums, node: unknown): RoutineStatement[] {
  const { tag, inner } = tagged(node);
  // RETURN that the parser adds at the end has no line.
  if (tag === 'stmt_return' && number(inner, 'lineno') === 0) return [];
  if (tag === 'stmt_block') return [block(datums, inner)];
  if (tag === 'stmt_if') return [ifStatement(datums, inner)];
  if (tag === 'stmt_case') return [caseStatement(datums, inner)];
  return [LOOPS.has(tag) ? loop(datums, tag, inner) : leaf(datums, tag, inner)];
}

// Set by the server in exception handlers; everything else that DECLARE names has a type of its own.
const OF_HANDLERS = new Set(['sqlstate', 'sqlerrm']);

function variables(datums: Datums): RoutineVariable[] {
  return datums.all.flatMap((datum) => {
    const { tag, inner } = tagged(datum);
    const name = text(inner, 'refname');
    if (name === null || (tag !== 'var' && tag !== 'rec')) return [];
    const type = text(field(field(inner, 'datatype'), 'PLpgSQL_type'), 'typname');
    const line = number(inner, 'lineno');
    return [{ name, line, type: type ?? '', default: query(inner, 'default_val'), query: query(inner, 'cursor_explicit_expr'), declared: line > 0 && type !== null && !OF_HANDLERS.has(name) }];
  });
}

/** The parser's answer as a tree; null when it holds no routine in PL/pgSQL. */
export function routineOf(answer: unknown): Routine | null {
  const routine = field(list(answer, 'plpgsql_funcs')[0], 'PLpgSQL_function');
  const action = field(field(routine, 'action'), 'PLpgSQL_stmt_block');
  if (action === undefined) return null;
  const datums = { all: list(routine, 'datums') };
  return { variables: variables(datums), body: [block(datums, action)] };
}
