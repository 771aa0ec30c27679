/**
 * How right Belay is about whole migration histories: every statement is executed on a real Postgres, in its transaction, and
 * labelled by what the server did (locks newly taken, rewrites, scans); then Belay's own answer, its blocking findings and
 * squawk's are compared with that. Prints Markdown.
 *
 *   node --import @swc-node/register/esm-register bench/accuracy.ts FOLDER… [--list N] [--no-squawk]
 *
 * Needs `npm install --no-save squawk-cli@2.66.0`, or --no-squawk. A folder is a checkout or a migrations folder in one. --list prints the first N statements on which Belay and the server differ.
 */
import { readFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listFiles } from '../src/git/folder-snapshot.js';
import { loadSql } from '../src/languages/sql.js';
import { judgeWholeMigrations } from '../src/migrations/judge-migrations.js';
import { lockStatements } from '../src/migrations/lock-statements.js';
import type { Migration } from '../src/migrations/migration.js';
import { isMigrationInput, readMigrations } from '../src/migrations/read-migrations.js';
import type { Target } from '../src/migrations/target.js';
import { startPostgres } from '../test/support/postgres/start-postgres.js';
import { blockingLines, squawkLines, type FlaggedLines } from './accuracy/flagged-lines.js';
import { openHistory, type Label } from './accuracy/label-history.js';
import { table } from './measure.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { list: { type: 'string', default: '0' }, squawk: { type: 'boolean', default: true } }, allowNegative: true });

interface Statement {
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  readonly statement: string;
  readonly label: Label;
  /** Belay's class; null where it says that it could not analyse it. */
  readonly said: string | null;
  readonly locksAgree: boolean;
}

async function readHistory(folder: string): Promise<readonly Migration[]> {
  const root = resolve(folder);
  const files = new Map<string, string>();
  for (const path of await listFiles(root, [root])) {
    const whole = join(root, path).replace(/^\/+/, '');
    if (isMigrationInput(whole)) files.set(whole, await readFile(join(root, path), 'utf8'));
  }
  const own = (path: string): string => relative(root, `/${path}`);
  const migrations = readMigrations(files).map((one) => ({ ...one, path: own(one.path), downPath: one.downPath === null ? null : own(one.downPath) }));
  const largest = [...new Set(migrations.map((one) => one.history))].map((history) => migrations.filter((one) => one.history === history)).sort((one, other) => other.length - one.length)[0];
  return largest ?? [];
}

function sameLocks(said: Readonly<Record<string, string>>, seen: Readonly<Record<string, string>>): boolean {
  const text = (locks: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(locks).sort());
  return text(said) === text(seen);
}

async function compare(migrations: readonly Migration[], url: string): Promise<{ readonly statements: readonly Statement[]; readonly target: Target; readonly refused: number }> {
  const history = await openHistory(url);
  const target: Target = { engine: 'postgres', version: history.major, source: 'measured' };
  const statements: Statement[] = [];
  let refused = 0;
  for (const judged of judgeWholeMigrations([], migrations, { target, settled: true })) {
    const said = lockStatements(judged).filter(({ direction }) => direction === 'up');
    const labels = await history.run(judged.migration, said.map(({ statement }) => statement));
    for (const [index, one] of said.entries()) {
      const label = labels[index];
      if (label === undefined) continue;
      if (label.error !== null) refused += 1;
      const { path, line, endLine, statement } = one;
      statements.push({ path, line, endLine, statement, label, said: one.notAnalysed === undefined ? one.class : null, locksAgree: sameLocks(one.locks, label.locks) });
    }
  }
  await history.close();
  return { statements, target, refused };
}

interface Score {
  readonly heavy: number;
  readonly found: number;
  readonly flagged: number;
  readonly right: number;
}

function score(statements: readonly Statement[], isFlagged: (statement: Statement) => boolean): Score {
  const heavy = statements.filter(({ label }) => label.class === 'heavy');
  const flagged = statements.filter(isFlagged);
  return { heavy: heavy.length, found: heavy.filter(isFlagged).length, flagged: flagged.length, right: flagged.filter(({ label }) => label.class === 'heavy').length };
}

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);

function row(name: string, who: string, { heavy, found, flagged, right }: Score): readonly string[] {
  return [name, who, `${found}/${heavy}`, percent(found, heavy), `${right}/${flagged}`, percent(right, flagged)];
}

const inLines = (lines: FlaggedLines) => (statement: Statement): boolean => (lines.get(statement.path) ?? []).some(({ start, end }) => start <= statement.endLine && end >= statement.line);

async function measure(folder: string, url: string): Promise<readonly (readonly string[])[]> {
  const migrations = await readHistory(folder);
  const { statements, target, refused } = await compare(migrations, url);
  const executed = statements.filter(({ label }) => label.error === null && label.observed);
  const name = basename(resolve(folder));
  const agree = executed.filter((one) => one.said !== null && one.locksAgree && one.said === one.label.class).length;
  process.stdout.write(`${name}: ${migrations.length} migrations, ${statements.length} statements on Postgres ${target.version}; ${executed.length} observed, ${refused} refused by the server; locks and class as observed for ${agree} (${percent(agree, executed.length)})\n`);
  const different = executed.filter((one) => one.said === null || !one.locksAgree || one.said !== one.label.class);
  for (const one of different.slice(0, Number(values.list))) {
    process.stdout.write(`  ${one.path}:${one.line} said ${one.said ?? 'not analysed'}, seen ${one.label.class}${one.locksAgree ? '' : ' (locks differ)'} ${JSON.stringify(one.label)}\n    ${one.statement.replace(/\s+/g, ' ').slice(0, 160)}\n`);
  }
  for (const one of statements.filter(({ label, said }) => (label.error !== null) !== (said === 'error')).slice(0, Number(values.list))) {
    process.stdout.write(`  ${one.path}:${one.line} said ${one.said ?? 'not analysed'}, the server: ${one.label.error ?? 'no error'}\n`);
  }
  const rows = [row(name, '`belay locks`', score(executed, ({ said }) => said === 'heavy')), row(name, '`belay scan`, blocking lock findings', score(executed, inLines(await blockingLines(migrations, folder, target))))];
  if (values.squawk) rows.push(row(name, 'squawk, its lock rules', score(executed, inLines(await squawkLines(folder, executed.map(({ path }) => path), target)))));
  return rows;
}

await loadSql();
const server = await startPostgres();
try {
  const rows = [];
  for (const folder of positionals) rows.push(...(await measure(folder, await server.freshDatabase())));
  process.stdout.write(`\n${table(['history', 'who', 'heavy found', 'recall', 'right', 'precision'], rows)}\n`);
} finally {
  await server.stop();
}
