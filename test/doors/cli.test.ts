import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRepository, type TestRepository } from '../support/make-repository.js';

const CLI = fileURLToPath(new URL('../../dist/doors/cli.js', import.meta.url));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command line as a user would, from a folder of its own. */
function belay(cwd: string, ...args: readonly string[]): Run {
  const run = spawnSync(process.execPath, [CLI, ...args], { cwd, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent' } });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

const INIT = 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n';
const LOCKING = 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;\n';
const RACE = `import { prisma } from './db.js';
export async function withdraw(id: string, amount: number) {
  const account = await prisma.account.findUniqueOrThrow({ where: { id } });
  if (account.balance < amount) throw new Error('too little');
  await prisma.account.update({ where: { id }, data: { balance: { decrement: amount } } });
}
`;

describe('belay on the command line', () => {
  let repository: TestRepository;
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'belay-cli-'));
    repository = makeRepository();
    repository.commit('base', { 'db/migrations/0001_init.sql': INIT, 'README.md': 'shop\n' });
    repository.git('checkout', '--quiet', '-b', 'feature/wallet');
    repository.commit('Withdraw money', { 'db/migrations/0002_email.sql': LOCKING, 'src/wallet.ts': RACE });
  });
  afterAll(() => {
    repository.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows help with examples for itself and every command, and its version', () => {
    expect(belay(folder, '--help')).toMatchObject({ code: 0, out: expect.stringContaining('Exit codes') as unknown });
    for (const command of ['review', 'scan', 'locks', 'backtest', 'rules', 'serve']) {
      expect(belay(folder, command, '--help')).toMatchObject({ code: 0, out: expect.stringContaining('Examples:') as unknown });
    }
    expect(belay(folder, '--version').out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['nonsense'], 'unknown command'],
    [['prove'], 'not in a git repository'],
    [['feedback'], '`belay feedback` is not part of version'],
    [['stats', 'dump'], 'Name a server with --database URL'],
    [['review', '--nonsense'], 'unknown option'],
    [['review', '--format', 'xml'], 'Allowed choices'],
    [['scan'], 'missing required argument'],
    [['scan', 'nowhere'], 'nowhere: no such file or folder'],
    [['review'], 'not in a git repository'],
    [['backtest', '--last', '0'], 'whole number'],
    [['rules', 'migrations/set-not-nul'], 'Did you mean migrations/set-not-null?'],
    [[], 'Usage: belay'],
  ])('answers wrong usage %j with 2 and what to change', (args, words) => {
    const run = belay(folder, ...args);
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toContain(words);
  });

  it('reviews a branch against the default branch: findings on their lines, exit code 1', () => {
    const run = belay(repository.directory, 'review', '--format', 'json');
    expect(run.code).toBe(1);
    const document = JSON.parse(run.out) as { verdict: { conclusion: string }; findings: { rule: string; path: string; line: number }[] };
    expect(document.verdict.conclusion).toBe('failure');
    expect(document.findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ rule: 'migrations/set-not-null', path: 'db/migrations/0002_email.sql', line: 1 }),
        expect.objectContaining({ rule: 'concurrency/check-then-act', path: 'src/wallet.ts', line: 5 }),
      ]),
    );
  });

  it('says of a repository without a commit that there is none', () => {
    const empty = makeRepository();
    const runs = [['review', '--worktree'], ['review'], ['backtest']].map((args) => belay(empty.directory, ...args));
    empty.remove();
    for (const run of runs) {
      expect(run).toMatchObject({ code: 2, out: '' });
      expect(run.err).toContain('has no commit yet');
    }
  });

  it('says the same every time', () => {
    const strip = (text: string): string => text.replace(/"stats": \{[^}]*\}/, '');
    const [first, second] = [1, 2].map(() => strip(belay(folder, 'review', '--repo', repository.directory, '--format', 'json').out));
    expect(first).toBe(second);
  });

  it('reads the base branch’s configuration, and never the branch’s own', () => {
    repository.git('checkout', '--quiet', '-b', 'feature/own-rules');
    repository.commit('Own rules', { '.github/belay.yml': 'version: 1\nrules: { migrations/set-not-null: off }\n' });
    const own = belay(repository.directory, 'review', '--format', 'json');
    expect(own.code).toBe(1);
    expect(own.out).toContain('review/configuration-changed');
    const file = join(folder, 'belay.yml');
    writeFileSync(file, 'version: 1\nrules: { migrations/set-not-null: off }\n');
    expect(belay(repository.directory, 'review', '--config', file).code).toBe(0);
    repository.git('checkout', '--quiet', 'feature/wallet');
  });

  it('names file, line and the nearest key of a configuration that is not valid', () => {
    const file = join(folder, 'wrong.yml');
    writeFileSync(file, 'version: 1\nexlude: []\n');
    const run = belay(repository.directory, 'review', '--config', file);
    expect(run.code).toBe(2);
    expect(run.err).toMatch(/wrong\.yml:2:1.*exclude/);
  });

  it('asks for no plan where nobody could have written one: without --pr', () => {
    repository.git('checkout', '--quiet', '-b', 'hotfix/no-description');
    const run = belay(repository.directory, 'review');
    repository.git('checkout', '--quiet', 'feature/wallet');
    expect(run.out).toContain('no rollback plan was looked for');
    expect(run.out).not.toContain('rollback/');
  });

  it('asks for a plan where --pr says that it is a hotfix', () => {
    const file = join(folder, 'pull.json');
    writeFileSync(file, JSON.stringify({ title: 'Hotfix: totals', body: 'Production is down.', head: 'hotfix/totals', base: 'production', labels: [], author: 'ada' }));
    const run = belay(repository.directory, 'review', '--pr', file, '--format', 'json');
    const document = JSON.parse(run.out) as { findings: { rule: string; path: string | null; line: number | null }[] };
    expect(document.findings).toContainEqual(expect.objectContaining({ rule: 'rollback/plan-missing', path: null, line: null }));
    writeFileSync(file, '{ "title": 3 }');
    expect(belay(repository.directory, 'review', '--pr', file)).toMatchObject({ code: 2, err: expect.stringContaining('title') as unknown });
  });

  it('reviews the work tree as it lies on the disk', () => {
    writeFileSync(join(repository.directory, 'db/migrations/0003_index.sql'), 'CREATE INDEX users_email ON users (email);\n');
    const run = belay(repository.directory, 'review', '--worktree', '--format', 'json');
    expect(run.out).toContain('db/migrations/0003_index.sql');
    expect(belay(repository.directory, 'review', '--format', 'json').out).not.toContain('0003_index.sql');
    rmSync(join(repository.directory, 'db/migrations/0003_index.sql'));
  });

  it('passes an exact revert without any other word, and not an inexact one', () => {
    repository.git('checkout', '--quiet', 'main');
    const bad = repository.commit('Drop the column', { 'db/migrations/0002_drop.sql': 'ALTER TABLE users DROP COLUMN email;\n' });
    repository.git('checkout', '--quiet', '-b', 'hotfix/revert');
    repository.git('revert', '--no-edit', bad);
    expect(belay(repository.directory, 'review')).toMatchObject({ code: 0, out: expect.stringContaining(bad.slice(0, 7)) as unknown });
    repository.commit('and more', { 'src/more.ts': 'export {};\n' });
    expect(belay(repository.directory, 'review').code).toBe(1);
    repository.git('checkout', '--quiet', 'feature/wallet');
  });

  it('scans files and folders, wherever they lie, each migration on those before it', () => {
    const migrations = join(folder, 'db', 'migrations');
    mkdirSync(migrations, { recursive: true });
    writeFileSync(join(migrations, '0001_init.sql'), INIT);
    writeFileSync(join(migrations, '0002_email.sql'), LOCKING);
    const found = (run: Run): readonly string[] => (JSON.parse(run.out) as { findings: { path: string; line: number }[] }).findings.map(({ path, line }) => `${path}:${line}`);
    expect(found(belay(folder, 'scan', 'db', '--format', 'json'))).toEqual(['db/migrations/0002_email.sql:1']);
    expect(found(belay(migrations, 'scan', '0002_email.sql', '--format', 'json'))).toEqual(['0002_email.sql:1']);
    expect(found(belay('/', 'scan', folder, '--format', 'json')).map((place) => place.split('/').at(-1))).toEqual(['0002_email.sql:1']);
  });

  it('writes SARIF that names its rules', () => {
    const run = belay(repository.directory, 'review', '--format', 'sarif');
    expect(JSON.parse(run.out)).toMatchObject({ version: '2.1.0' });
    expect(run.out).toContain('migrations/set-not-null');
  });

  it('prints what would be posted', () => {
    const run = belay(repository.directory, 'review', '--format', 'publication');
    const { writes } = JSON.parse(run.out) as { writes: { kind: string }[] };
    expect(writes.map((write) => write.kind)).toEqual(['review', 'check-run']);
  });

  it('looks back over merged changes and tables what it would have said', () => {
    repository.git('checkout', '--quiet', 'main');
    const run = belay(repository.directory, 'backtest', '--last', '5', '--format', 'json');
    expect(run.code).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({ changes: 1, findings: 1, byRule: { 'migrations/drop-column': 1 } });
    repository.git('checkout', '--quiet', 'feature/wallet');
  });

  it('accepts a waiver only with a reason, and only from the base for what blocks', () => {
    repository.git('checkout', '--quiet', '-b', 'feature/waived');
    repository.commit('waived', { 'db/migrations/0002_email.sql': `-- belay-accept: migrations/set-not-null -- forty rows\n${LOCKING}` });
    const run = belay(repository.directory, 'review', '--format', 'json');
    expect(run.code).toBe(1);
    expect(belay(repository.directory, 'scan', 'db', '--format', 'json').code).toBe(0);
    repository.commit('no reason', { 'db/migrations/0002_email.sql': `-- belay-accept: migrations/set-not-null\n${LOCKING}` });
    expect(belay(repository.directory, 'scan', 'db', '--format', 'json').code).toBe(1);
    repository.git('checkout', '--quiet', 'feature/wallet');
  });
});
