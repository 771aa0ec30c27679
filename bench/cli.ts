/**
 * The command line as a user meets it: a fresh process for each run, wall time to the first word on stdout and to the end,
 * CPU and peak memory, beside an empty Node process in the same round: `npm run bench:cli -- [rounds]` after a build.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { medianPull } from './median-pull.js';
import { quantile, table } from './measure.js';

const CLI = fileURLToPath(new URL('../dist/doors/cli.js', import.meta.url));
const rounds = Number(process.argv[2] ?? 10);

/** Tells at the end of the process, on a pipe of its own, what it has used. */
const METER = `data:text/javascript,${encodeURIComponent("import { writeSync } from 'node:fs'; process.on('exit', () => { const u = process.resourceUsage(); writeSync(3, JSON.stringify([(u.userCPUTime + u.systemCPUTime) / 1000, u.maxRSS / 1024])); });")}`;

interface Run {
  readonly firstWord: number;
  readonly end: number;
  readonly cpu: number;
  readonly peak: number;
}

function measure(args: readonly string[], expectedCodes: readonly number[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let firstWord = Number.NaN;
    let usage = '';
    let errors = '';
    const child = spawn(process.execPath, ['--import', METER, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    child.stdout?.on('data', () => {
      if (Number.isNaN(firstWord)) firstWord = performance.now() - started;
    });
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => (usage += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === null || !expectedCodes.includes(code)) {
        reject(new Error(`${args.join(' ')} ended with ${code ?? 'a signal'}: ${errors}`));
        return;
      }
      const [cpu = Number.NaN, peak = Number.NaN] = JSON.parse(usage) as number[];
      resolve({ firstWord, end: performance.now() - started, cpu, peak });
    });
  });
}

function git(directory: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', '-c', 'init.defaultBranch=main', '-C', directory, ...args], { stdio: 'ignore' });
}

function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/** A repository with one branch for each kind of change. */
async function makeRepository(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'belay-bench-'));
  git(directory, 'init', '--quiet');
  const median = medianPull(1);
  for (const path of await median.base.list(['**'])) write(directory, { [path]: (await median.base.read(path)) ?? '' });
  write(directory, { 'README.md': '# Shop\n', 'db/migrations/0000_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n' });
  git(directory, 'add', '.');
  git(directory, 'commit', '--quiet', '-m', 'Start');
  const branch = (name: string, files: Readonly<Record<string, string>>): void => {
    git(directory, 'checkout', '--quiet', '-b', name, 'main');
    write(directory, files);
    git(directory, 'add', '.');
    git(directory, 'commit', '--quiet', '-m', name);
  };
  branch('words', { 'README.md': '# Shop\n\nOpen all day.\n' });
  branch('migration', { 'db/migrations/0002_email.sql': 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;\n' });
  branch('code', { 'src/wallet.ts': WALLET });
  branch('median', Object.fromEntries(median.changeSet.changes.flatMap(({ path, after }) => (after === null ? [] : [[path, after]]))));
  return directory;
}

const WALLET = `import { prisma } from './prisma';

export async function withdraw(id: string, amount: number) {
  const account = await prisma.account.findUnique({ where: { id } });
  if (account.balance < amount) throw new Error('not enough');
  await prisma.account.update({ where: { id }, data: { balance: account.balance - amount } });
}
`;

async function main(): Promise<void> {
  if (!existsSync(CLI)) throw new Error('dist/doors/cli.js is missing: run `npm run build` first');
  const repository = await makeRepository();
  const reviewOf = (branch: string): readonly string[] => [CLI, 'review', '--repo', repository, '--base', 'main', '--head', branch, '--llm', 'off', '--format', 'json'];
  const cases: readonly (readonly [string, readonly string[], readonly number[]])[] = [
    ['node, nothing else', ['-e', 'process.stdout.write("x")'], [0]],
    ['belay --version', [CLI, '--version'], [0]],
    ['belay rules', [CLI, 'rules'], [0]],
    ['review: words only', reviewOf('words'), [0]],
    ['review: a migration', reviewOf('migration'), [1]],
    ['review: a race', reviewOf('code'), [0, 1]],
    ['review: median pull request', reviewOf('median'), [0, 1]],
  ];
  try {
    const runs = new Map<string, Run[]>(cases.map(([name]) => [name, []]));
    // Round by round, so that whatever else the machine does falls on all of them alike. The first round warms the disk's cache.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, args, codes] of cases) {
        const run = await measure(args, codes);
        if (round > 0) runs.get(name)?.push(run);
      }
    }
    const median = (name: string, field: keyof Run): number => quantile((runs.get(name) ?? []).map((run) => run[field]), 0.5);
    const empty = median('node, nothing else', 'end');
    console.log(`${rounds} rounds, medians; Node ${process.version}\n`);
    console.log(table(['run', 'first word (ms)', 'p95 (ms)', 'end (ms)', 'CPU (ms)', 'peak (MB)', '× empty node'], cases.map(([name]) => [
      name, median(name, 'firstWord'), quantile((runs.get(name) ?? []).map((run) => run.firstWord), 0.95), median(name, 'end'), median(name, 'cpu'), median(name, 'peak'), median(name, 'end') / empty,
    ])));
  } finally {
    rmSync(repository, { recursive: true, force: true });
  }
}

await main();
