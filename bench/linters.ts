/**
 * Belay beside squawk over the same migrations: the whole process, and what each further file adds. Both run in turn, so that a
 * noisy machine is noisy for both; figures are medians of wall time, to be read as ratios. Needs `npm run build`
 * and `npm install --no-save squawk-cli@2.66.0`.
 *
 *   node --import @swc-node/register/esm-register bench/linters.ts FOLDER [--runs 5]
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listFiles } from '../src/git/folder-snapshot.js';
import { isMigrationPath } from '../src/migrations/read-migrations.js';
import { findSquawk } from './accuracy/find-squawk.js';
import { quantile, table } from './measure.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { runs: { type: 'string', default: '5' } } });

const CLI = join(import.meta.dirname, '..', 'dist', 'doors', 'cli.js');
const SQUAWK = findSquawk();

/** Milliseconds of one run over some files. Findings make either exit with 1, which is no failure here. */
function timeOf(args: readonly string[], files: readonly string[], directory: string): number {
  const started = performance.now();
  const run = spawnSync(process.execPath, [...args, ...files], { cwd: directory, encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 });
  if (run.status !== 0 && run.status !== 1) throw new Error(`${args.join(' ')} ended with ${String(run.status)}: ${run.stderr.slice(0, 500)}`);
  return performance.now() - started;
}

const root = resolve(positionals[0] ?? '.');
const files = (await listFiles(root, [root])).filter((path) => path.endsWith('.sql') && isMigrationPath(join(root, path).replace(/^\/+/, ''))).sort();
if (files.length < 4) throw new Error(`${root}: fewer than four migrations.`);
const half = files.slice(0, Math.floor(files.length / 2));
const tools = { belay: [CLI, 'scan', '--format', 'json'], squawk: [SQUAWK, '--reporter', 'json'] };
const times = { belay: { all: [] as number[], half: [] as number[] }, squawk: { all: [] as number[], half: [] as number[] } };

for (let run = 0; run <= Number(values.runs); run += 1) {
  for (const name of ['belay', 'squawk'] as const) {
    const all = timeOf(tools[name], files, root);
    const some = timeOf(tools[name], half, root);
    // The first round only warms the caches of the disk.
    if (run === 0) continue;
    times[name].all.push(all);
    times[name].half.push(some);
  }
}

const median = (of: readonly number[]): number => quantile(of, 0.5);
const rows = (['belay', 'squawk'] as const).map((name) => {
  const whole = median(times[name].all);
  const further = (whole - median(times[name].half)) / (files.length - half.length);
  return [name, files.length, whole, (1000 * files.length) / whole, further, 1000 / further];
});
process.stdout.write(`${table(['tool', 'files', 'whole process, ms', 'files/s', 'ms for each further file', 'further files/s'], rows)}\n`);
process.stdout.write(`Belay / squawk, whole process: ${(median(times.belay.all) / median(times.squawk.all)).toFixed(2)}\n`);
