import type { LoadedFiles } from '../../core/snapshot.js';
import { parseSql } from '../../languages/sql.js';
import type { Catalog, Table } from '../../migrations/catalog.js';
import type { Engine, Refusal } from '../engine.js';
import { identifier } from './names.js';
import { prismaStatements } from './prisma-statements.js';
import { sqlLiterals, withNumberedHoles, type SqlLiteral } from './sql-literals.js';
import { triedInsert } from './tried-insert.js';

/** A statement that the running code sends. */
export interface OldStatement {
  readonly statement: string;
  /** Where the code says it; null where it follows from the tables alone. */
  readonly path: string | null;
  readonly line: number | null;
}

const MOST_STATEMENTS = 300;
const LARGEST_FILE = 1_000_000;
const CODE = /\.(?:[cm]?[jt]sx?|go|py|rb|java|kt|kts|scala|php|rs|cs|exs?|vue|svelte)$/i;
const ASIDE = /(^|\/)(?:tests?|__tests__|specs?|e2e|fixtures?|node_modules|vendor|dist|examples?|seeds?)\/|\.(?:test|spec|e2e)\.|_test\.\w+$|_spec\.rb$|(^|\/)test_\w+\.py$/i;
const TAGS = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt']);

/**
 * What the base's code asks of the tables that a change touches (`schema.name`): models of a Prisma schema, statements in
 * literals of code and in files of queries; where none of them speaks of a table, the INSERT that its columns ask for.
 * `loadSql()` has been awaited.
 */
export function findOldCode(baseCode: LoadedFiles, before: Catalog, touched: ReadonlySet<string>): readonly OldStatement[] {
  const found: OldStatement[] = [];
  for (const [path, text] of baseCode) {
    if (found.length >= MOST_STATEMENTS) break;
    if (text.length > LARGEST_FILE || ASIDE.test(path)) continue;
    if (path.endsWith('.prisma')) found.push(...prismaStatements(path, text, touched));
    else if (path.endsWith('.sql')) found.push(...read(path, queriesIn(text), touched));
    else if (CODE.test(path)) found.push(...read(path, sqlLiterals(text), touched));
  }
  const spoken = found.map(({ statement }) => statement).join('\n');
  const silent = [...touched].sort().flatMap((key) => {
    const table = before.tables.get(key);
    return table?.complete === true && !words(spoken).has(table.name) ? shapesOf(table) : [];
  });
  return [...found.slice(0, MOST_STATEMENTS), ...silent];
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.match(/\w+/g));
}

/** Named queries of a file (`-- name: ListUsers :many`); a file without names is a script of its own. */
function queriesIn(text: string): readonly SqlLiteral[] {
  if (!/^--\s*name:\s*\w+/m.test(text)) return [];
  return parseSql(withNumberedHoles(text)).statements.flatMap((one) => (one.kind === 'parsed' ? [{ text: one.text, line: one.span.startLine }] : []));
}

function read(path: string, literals: readonly SqlLiteral[], touched: ReadonlySet<string>): OldStatement[] {
  const names = new Set([...touched].map((key) => key.slice(key.indexOf('.') + 1)));
  return literals.flatMap(({ text, line }): OldStatement[] => {
    if (![...words(text)].some((word) => names.has(word))) return [];
    const { statements } = parseSql(text);
    const [only] = statements;
    return statements.length === 1 && only?.kind === 'parsed' && TAGS.has(only.tag) ? [{ statement: only.text.trim(), path, line }] : [];
  });
}

function shapesOf(table: Table): OldStatement[] {
  const needed = [...table.columns.values()].filter((column) => column.notNull && column.default === null && column.identity === null && column.generated === null);
  if (needed.length === 0) return [];
  const [columns, values] = [needed.map(({ name }) => identifier(name)).join(', '), needed.map((_, index) => `$${String(index + 1)}`).join(', ')];
  return [{ statement: `INSERT INTO ${identifier(table.schema, table.name)} (${columns}) VALUES (${values})`, path: null, line: null }];
}

/**
 * What the server refuses of them, never run: each is prepared, and an INSERT is refused too where it leaves out a column that
 * must not be null. Outside of a failed transaction only.
 */
export async function tryOldCode(engine: Engine, statements: readonly OldStatement[]): Promise<ReadonlyMap<OldStatement, Refusal>> {
  const refused = new Map<OldStatement, Refusal>();
  for (const one of statements) {
    const refusal = await prepared(engine, one.statement) ?? await triedInsert(engine, one.statement);
    if (refusal !== null) refused.set(one, refusal);
  }
  return refused;
}

/** One cause in one place is told once; that a table is gone says nothing of code that nobody has read. */
export function distinctRefusals(refused: ReadonlyMap<OldStatement, Refusal>): readonly (readonly [OldStatement, Refusal])[] {
  const said = new Set<string>();
  return [...refused].filter(([{ path, line }, { code, message }]) => {
    const cause = `${path ?? ''}:${String(line)} ${message}`;
    if (said.has(cause) || (path === null && code === '42P01')) return false;
    said.add(cause);
    return true;
  });
}

async function prepared(engine: Engine, statement: string): Promise<Refusal | null> {
  const refusal = await engine.attempt(`PREPARE belay_old_code AS ${statement}`);
  if (refusal === null) await engine.attempt('DEALLOCATE belay_old_code');
  return refusal;
}
