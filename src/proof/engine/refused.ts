import type { ProofServer } from '../../core/proof-report.js';
import { parseRoutine, parseSql, type ParsedStatement } from '../../languages/sql.js';
import type { LoopSource, RoutineStatement } from '../../languages/plpgsql.js';

type Json = Readonly<Record<string, unknown>>;

const OUTSIDE = 'concerns the whole server, not the database of the proof';
const FILES = 'reaches for files of the server';
const NETWORK = 'reaches for another server';

/** Statements by the parser's name. */
const STATEMENTS: Readonly<Record<string, string>> = {
  ListenStmt: 'LISTEN waits for other sessions, and a proof has none',
  LoadStmt: 'LOAD loads a library of the server',
  AlterSystemStmt: `ALTER SYSTEM ${OUTSIDE}`,
  CreatedbStmt: `CREATE DATABASE ${OUTSIDE}`,
  DropdbStmt: `DROP DATABASE ${OUTSIDE}`,
  AlterDatabaseStmt: 'ALTER DATABASE names a database by its name in production',
  AlterDatabaseSetStmt: 'ALTER DATABASE names a database by its name in production',
  AlterDatabaseRefreshCollStmt: 'ALTER DATABASE names a database by its name in production',
  CreateTableSpaceStmt: `CREATE TABLESPACE ${FILES}`,
  DropTableSpaceStmt: `DROP TABLESPACE ${FILES}`,
  AlterTableSpaceOptionsStmt: `ALTER TABLESPACE ${OUTSIDE}`,
  CreateSubscriptionStmt: `CREATE SUBSCRIPTION ${NETWORK}`,
  AlterSubscriptionStmt: `ALTER SUBSCRIPTION ${NETWORK}`,
  DropSubscriptionStmt: `DROP SUBSCRIPTION ${NETWORK}`,
};

/** Roles outlive the throw-away database of a server that was given. */
const ROLE_STATEMENTS: Readonly<Record<string, string>> = {
  CreateRoleStmt: `CREATE ROLE ${OUTSIDE}`,
  AlterRoleStmt: `ALTER ROLE ${OUTSIDE}`,
  AlterRoleSetStmt: `ALTER ROLE ${OUTSIDE}`,
  DropRoleStmt: `DROP ROLE ${OUTSIDE}`,
  GrantRoleStmt: `granting or revoking a role ${OUTSIDE}`,
};

const FUNCTIONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^(?:pg_read_file|pg_read_binary_file|pg_stat_file|pg_ls_\w+|pg_file_\w+|pg_logdir_ls|pg_current_logfile|pg_rotate_logfile\w*|pg_logfile_rotate|lo_import|lo_export|pg_read_server_files)$/, FILES],
  [/^pg_sleep(?:_for|_until)?$/, 'only waits'],
  [/^dblink\w*$/, NETWORK],
  [/^(?:pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_promote|pg_switch_wal|pg_switch_xlog|pg_create_restore_point|pg_(?:backup_)?(?:start|stop)(?:_backup)?|pg_wal_replay_\w+|pg_(?:create|drop|copy)_(?:logical|physical)?_?replication_slot|pg_replication_\w+|pg_log_backend_memory_contexts|pg_execute_server_program)$/, OUTSIDE],
];

/** Longer routines are not looked into: their parser's time grows with the square. In UTF-16 units. */
const MAXIMUM_ROUTINE = 100_000;

/** Routines in routines, statements in strings. */
const MAXIMUM_DEPTH = 4;

/** What is not parsed is told by its first word. */
const FIRST_WORDS = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(copy|listen|load)\b/i;

/**
 * Why a migration's statement must not be sent to a server, in words; null where it may. Read from the parse tree, into the bodies of
 * DO blocks: what a statement makes up while it runs is seen by nobody, and only the engine's limits hold it. The body of a function that
 * is created does not run. Needs `loadSql()`.
 */
export function refusedBeforeRun(text: string, kind: ProofServer['kind'] = 'pglite'): string | null {
  return refusedIn(text, kind, 0);
}

function refusedIn(text: string, kind: ProofServer['kind'], depth: number): string | null {
  for (const statement of parseSql(text).statements) {
    const reason = statement.kind === 'parsed' ? inStatement(statement, kind, depth) : byFirstWord(statement.text);
    if (reason !== null) return reason;
  }
  return null;
}

function byFirstWord(text: string): string | null {
  const word = FIRST_WORDS.exec(text)?.[1]?.toUpperCase();
  if (word === undefined) return null;
  return word === 'COPY' ? COPY_STDIN : (STATEMENTS[word === 'LOAD' ? 'LoadStmt' : 'ListenStmt'] ?? null);
}

const COPY_STDIN = 'COPY takes its rows from outside the statement';

function inStatement(statement: ParsedStatement, kind: ProofServer['kind'], depth: number): string | null {
  const body = field(statement.node, statement.tag);
  const own = STATEMENTS[statement.tag] ?? (kind === 'postgres' ? ROLE_STATEMENTS[statement.tag] : undefined) ?? special(statement.tag, body);
  if (own !== undefined) return own;
  if (statement.tag === 'DoStmt') return inRoutine(statement.text, kind, depth);
  return statement.tag === 'CreateFunctionStmt' ? null : inTree(statement.node);
}

function special(tag: string, body: unknown): string | undefined {
  switch (tag) {
    case 'CopyStmt':
      return copyReason(body);
    case 'CreatePLangStmt':
      return /^(?:plpgsql|sql)$/.test(text(body, 'plname')) ? undefined : 'CREATE LANGUAGE loads a library of the server';
    case 'CreateFunctionStmt':
      return optionsOf(body, 'language').some((one) => one.toLowerCase() === 'c') ? 'a function in C loads a library of the server' : undefined;
    case 'TransactionStmt':
      return /PREPARED?$/.test(text(body, 'kind')) ? 'two-phase commit is switched off in a proof' : undefined;
    case 'GrantStmt':
    case 'CommentStmt':
      return [text(body, 'objtype')].some((one) => one === 'OBJECT_DATABASE' || one === 'OBJECT_TABLESPACE') ? `${tag === 'GrantStmt' ? 'GRANT ON' : 'COMMENT ON'} DATABASE names a database by its name in production` : undefined;
    default:
      return undefined;
  }
}

function copyReason(body: unknown): string {
  if (field(body, 'is_program') === true) return 'COPY … PROGRAM starts a program on the server';
  if (text(body, 'filename') !== '') return `COPY ${FILES}`;
  return field(body, 'is_from') === true ? COPY_STDIN : 'COPY sends its rows outside the database';
}

/** Anything below a node: functions that are called, COPY in the places a tree can hold it. */
function inTree(root: unknown): string | null {
  const open: unknown[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (Array.isArray(node)) open.push(...(node as readonly unknown[]));
    else if (isJson(node)) {
      const reason = calledIn(node);
      if (reason !== null) return reason;
      open.push(...Object.values(node).filter((one) => typeof one === 'object' && one !== null));
    }
  }
  return null;
}

function calledIn(node: Json): string | null {
  const parts = list(field(node['FuncCall'], 'funcname')).map((part) => text(field(part, 'String'), 'sval'));
  const name = parts.at(-1);
  if (name === undefined || (parts.length > 1 && !/^(?:pg_catalog|public|extensions)$/.test(parts[0] ?? ''))) return null;
  const reason = FUNCTIONS.find(([pattern]) => pattern.test(name))?.[1];
  return reason === undefined ? null : `${name}() ${reason}`;
}

function inRoutine(statement: string, kind: ProofServer['kind'], depth: number): string | null {
  if (statement.length > MAXIMUM_ROUTINE || depth >= MAXIMUM_DEPTH) return null;
  const routine = parseRoutine(statement);
  if (typeof routine === 'string') return null;
  const texts = [...routine.variables.flatMap(({ default: value, query }) => [...expression(value), ...(query === null ? [] : [query])]), ...routine.body.flatMap(textsOf)];
  for (const one of texts) {
    const reason = refusedIn(one, kind, depth + 1);
    if (reason !== null) return reason;
  }
  return null;
}

function expression(value: string | null): readonly string[] {
  return value === null ? [] : [`SELECT (${value})`];
}

/** A statement in a plain string is read like one that is written out; one that is put together is only looked into for calls. */
function executed(query: string): readonly string[] {
  const literal = /^\s*(?:SELECT\s+)?(?:'((?:[^']|'')*)'|\$(\w*)\$([\s\S]*)\$\2\$)\s*$/i.exec(query);
  const plain = literal?.[1]?.replaceAll("''", "'") ?? literal?.[3];
  return plain === undefined ? expression(query) : [plain];
}

function textsOf(statement: RoutineStatement): readonly string[] {
  switch (statement.kind) {
    case 'block':
      return [...statement.body, ...statement.handlers.flat()].flatMap(textsOf);
    case 'branch':
      return [...statement.tests.flatMap(expression), ...statement.arms.flat().flatMap(textsOf)];
    case 'loop':
      return [...sourceTexts(statement.source), ...statement.body.flatMap(textsOf)];
    case 'sql':
      return [statement.text];
    case 'execute':
      return executed(statement.query);
    case 'assign':
      return expression(statement.text.replace(/^[^:=]*:?=/, ''));
    case 'leave':
      return [...expression(statement.test), ...expression(statement.value)];
    case 'other':
      return [...statement.expressions.flatMap(expression), ...statement.queries];
    case 'transaction':
    case 'raise':
      return [];
  }
}

function sourceTexts(source: LoopSource): readonly string[] {
  switch (source.kind) {
    case 'integers':
      return [source.lower, source.upper].flatMap(expression);
    case 'array':
      return expression(source.expression);
    case 'query':
      return [source.text];
    case 'execute':
      return executed(source.query);
    case 'test':
      return expression(source.test);
    case 'cursor':
      return [];
  }
}

function optionsOf(body: unknown, name: string): readonly string[] {
  return list(field(body, 'options')).flatMap((option) => {
    const element = field(option, 'DefElem');
    return text(element, 'defname') === name ? [text(field(field(element, 'arg'), 'String'), 'sval')] : [];
  });
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function field(node: unknown, name: string): unknown {
  return isJson(node) ? node[name] : undefined;
}

function text(node: unknown, name: string): string {
  const value = field(node, name);
  return typeof value === 'string' ? value : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
