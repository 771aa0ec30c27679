/**
 * What Belay says of whole migration folders with the default configuration: findings for each migration file, by rule. Files
 * for other databases, and data of tests, do not count. Prints Markdown. Needs `npm run build`.
 *
 *   node --import @swc-node/register/esm-register bench/noise.ts FOLDER… [--sample 8] [--seed 1]
 *
 * `--sample` prints findings to read besides (see draw in sample.ts).
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listFiles } from '../src/git/folder-snapshot.js';
import { loadSql } from '../src/languages/sql.js';
import { isTestData } from '../src/migrations/frameworks/layout.js';
import type { Migration } from '../src/migrations/migration.js';
import { isMigrationInput, readMigrations } from '../src/migrations/read-migrations.js';
import { table } from './measure.js';
import { draw, type Drawable } from './sample.js';

const CLI = join(import.meta.dirname, '..', 'dist', 'doors', 'cli.js');

interface Scan {
  readonly findings: readonly (Omit<Drawable, 'folder'> & { readonly level: 'block' | 'warn' | 'note' })[];
  readonly mishaps: readonly unknown[];
}

function scan(root: string): Scan {
  const run = spawnSync(process.execPath, [CLI, 'scan', '.', '--format', 'json'], { cwd: root, encoding: 'utf8', maxBuffer: 1024 * 1024 * 1024 });
  if (run.status !== 0 && run.status !== 1) throw new Error(`belay scan ended with ${String(run.status)}: ${run.stderr.slice(0, 500)}`);
  return JSON.parse(run.stdout) as Scan;
}

function isForeign({ up }: Migration): boolean {
  return up.some((step) => step.kind === 'opaque' && step.reason.startsWith('written for '));
}

/** Files of migrations for Postgres, both directions. */
async function migrationFiles(root: string): Promise<number> {
  const texts = new Map<string, string>();
  for (const path of await listFiles(root, [root])) {
    const whole = join(root, path).replace(/^\/+/, '');
    if (isMigrationInput(whole) && !isTestData(path)) texts.set(whole, await readFile(join(root, path), 'utf8').catch(() => ''));
  }
  return new Set(readMigrations(texts).filter((one) => !isForeign(one)).flatMap(({ path, downPath }) => (downPath === null ? [path] : [path, downPath]))).size;
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' } } });
await loadSql();
const rows: (string | number)[][] = [];
const byRule = new Map<string, number>();
const every: Drawable[] = [];
let files = 0;
for (const folder of positionals) {
  const root = resolve(folder);
  const migrations = await migrationFiles(root);
  const { findings: all, mishaps } = scan(root);
  const own = all.filter(({ rule }) => rule.startsWith('migrations/'));
  const count = (level: string): number => own.filter((one) => one.level === level).length;
  for (const { rule, path, line, message } of own) {
    byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
    every.push({ rule, path, line, message, folder: basename(root) });
  }
  rows.push([basename(root), migrations, count('block'), count('warn'), count('note'), own.length / migrations, mishaps.length]);
  files += migrations;
}
rows.push(['all', files, '', '', '', every.length / files, '']);
process.stdout.write(`${table(['folder', 'migration files', 'block', 'warn', 'note', 'findings for each file', 'mishaps'], rows)}\n\n`);
process.stdout.write(`${table(['rule', 'findings', 'for each file'], [...byRule].sort(([, one], [, other]) => other - one).map(([rule, count]) => [rule, count, count / files]))}\n`);
if (values.sample !== undefined) {
  for (const { rule, folder, path, line, message } of draw(every, Number(values.sample), values.seed)) process.stdout.write(`\n- ${rule}, ${folder} ${path}:${String(line)}: ${message}`);
  process.stdout.write('\n');
}
