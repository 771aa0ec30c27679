// Real histories on the embedded server: replayed, and their last migrations proved: `npm run bench:proof -- <checkout>…
// [--last 20] [--history part/of/its/path] [--show]`. Needs `npm run build`, since the database's process is started from it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { MigrationProof, ProofReport } from '../src/core/proof-report.js';
import { folderSnapshot, listShallow } from '../src/git/folder-snapshot.js';
import { loadSql } from '../src/languages/sql.js';
import type { Migration } from '../src/migrations/migration.js';
import { readMigrations } from '../src/migrations/read-migrations.js';
import { openFolderCache } from '../src/proof/folder-cache.js';
import { openPool } from '../src/proof/engine/pglite-engine.js';
import { prove } from '../src/proof/prove.js';
import { loadMigrations } from '../src/review/load-migrations.js';
import { startingBeside } from '../src/review/starting-catalogs.js';
import { table } from './measure.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { last: { type: 'string', default: '20' }, history: { type: 'string', default: '' }, show: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});

/** A proof of twenty migrations takes longer than that of a pull request. */
const LIMITS = { milliseconds: 600_000, bytes: 2_000_000_000 };

const pool = openPool();

interface Measured {
  readonly report: ProofReport;
  readonly seconds: number;
}

async function proved(history: readonly Migration[], changed: readonly Migration[], snapshot: ReturnType<typeof folderSnapshot>, folder: string | null): Promise<Measured> {
  const starts = await startingBeside(snapshot, { history, changed });
  const start = performance.now();
  const report = await prove(
    { history, changed, starts, target: { engine: 'postgres', version: 18, source: 'the bench' }, settled: true, tables: new Map(), baseCode: new Map() },
    { open: pool.open, cache: folder === null ? null : openFolderCache(folder), limits: LIMITS, signal: new AbortController().signal },
  );
  return { report, seconds: (performance.now() - start) / 1000 };
}

function outcome({ status, reason, reversible, notReversed, differences, dataLoss, downError, failsOnRows, again, againError }: MigrationProof): string {
  if (status === 'unproven') return `unproven: ${reason ?? ''}`;
  const parts = [
    reversible === null ? `not reversed: ${notReversed ?? ''}` : reversible ? 'up, down, up: identical' : 'not reversible',
    ...differences.map(({ object, before, after }) => `${object}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`),
    ...dataLoss.map(({ column, table: rows, rows: lost, of }) => `${column ?? rows ?? ''} loses ${String(lost)} of ${String(of)}`),
    ...(downError === undefined ? [] : [`down fails at line ${String(downError.line)}: ${downError.error}${downError.onlyWithRows ? ' (with rows)' : ''}`]),
    ...(failsOnRows === undefined ? [] : [`fails on rows at line ${String(failsOnRows.line)}: ${failsOnRows.error}`]),
    ...again.map(({ object }) => `again: ${object}`),
    ...(againError === undefined ? [] : [`up again fails at line ${String(againError.line)}: ${againError.error}`]),
    ...(reason === undefined ? [] : [`(${reason})`]),
  ];
  return parts.join('; ');
}

function show(report: ProofReport): void {
  for (const { path, line, error } of report.base) console.log(`  base ${path}:${String(line)}: ${error}`);
  for (const note of report.notes) console.log(`  note ${note}`);
  for (const migration of report.migrations) {
    console.log(`  ${migration.path}: ${outcome(migration)}`);
    for (const { line, direction, class: weight, locks, rewrite, scan, source, milliseconds } of migration.statements) console.log(`      ${direction} ${String(line)} ${weight} ${source} ${JSON.stringify(locks)} ${JSON.stringify({ rewrite, scan })} ${String(milliseconds)} ms`);
  }
  for (const one of report.disagreements) console.log(`  DISAGREE ${one.path}:${String(one.line)} ${one.statement.replace(/\s+/g, ' ').slice(0, 200)}\n     observed   ${one.observed}\n     classified ${one.classified}`);
}

async function measureHistory(name: string, all: readonly Migration[], snapshot: ReturnType<typeof folderSnapshot>): Promise<readonly (string | number)[]> {
  const last = all.slice(-Number(values.last));
  const folder = await mkdtemp(join(tmpdir(), 'belay-bench-proof-'));
  try {
    const many = await proved(all.filter((one) => !last.includes(one)), last, snapshot, null);
    if (values.show) show(many.report);
    if (values.json) console.log(JSON.stringify(many.report, null, 1));
    const one = all.slice(-1);
    const cold = await proved(all.slice(0, -1), one, snapshot, folder);
    const warm = await proved(all.slice(0, -1), one, snapshot, folder);
    const { migrations, base, disagreements, notes } = many.report;
    const isInPart = notes.some((note) => note.includes(' was left out: '));
    const withDown = migrations.filter(({ reversible }) => reversible !== null);
    return [
      name,
      all.length,
      base.length === 0 ? (isInPart ? 'in part' : 'whole') : `${String(base.length)} stopped`,
      `${String(migrations.filter(({ status }) => status === 'proved').length)}/${String(migrations.length)}`,
      `${String(withDown.filter(({ reversible }) => reversible === true).length)}/${String(withDown.length)}`,
      migrations.flatMap(({ statements }) => statements.filter(({ source }) => source === 'observed')).length,
      disagreements.length,
      many.seconds,
      cold.seconds,
      warm.seconds,
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await loadSql();
const rows: (readonly (string | number)[])[] = [];
for (const checkout of positionals) {
  const snapshot = folderSnapshot(checkout, await listShallow(checkout, 12, 60_000));
  const { files } = await loadMigrations(snapshot, new Map());
  const histories = new Map<string, Migration[]>();
  for (const migration of readMigrations(files)) histories.set(migration.history, [...(histories.get(migration.history) ?? []), migration]);
  for (const [history, all] of histories) {
    if (!history.includes(values.history) || all.length < 5) continue;
    console.log(`${basename(checkout)} ${history}: ${String(all.length)} migrations`);
    rows.push(await measureHistory(`${basename(checkout)} ${history}`, all, snapshot));
  }
}
await pool.close();
console.log(table(['history', 'migrations', 'replayed', 'last ones proved', 'reversible of those with down', 'statements observed', 'disagreements', 'all of the last, s', 'one more, cold, s', 'one more, warm, s'], rows));
process.exit(0);
