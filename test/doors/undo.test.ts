import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { makeRepository, type TestRepository } from '../support/make-repository.js';

const CLI = fileURLToPath(new URL('../../dist/doors/cli.js', import.meta.url));

const FEES = ['export const percent = 3;', 'export const least = 1;', 'export const most = 90;', 'export const round = false;', ''].join('\n');

describe('belay undo', () => {
  let repository: TestRepository;
  let round: string;
  let percent: string;

  const undo = (...args: readonly string[]) => {
    const run = spawnSync(process.execPath, [CLI, 'undo', ...args], { cwd: repository.directory, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', HOME: repository.directory } });
    return { code: run.status, out: run.stdout, err: run.stderr };
  };
  const tip = (): string => repository.git('rev-parse', 'HEAD').trim();

  beforeAll(() => {
    repository = makeRepository();
    repository.commit('Start', { 'src/fees.ts': FEES });
    repository.commit('Round fees (#7)', { 'src/fees.ts': FEES.replace('round = false', 'round = true'), 'db/migrations/0007_fees.sql': 'ALTER TABLE fees ADD COLUMN rounded boolean;\n' });
    round = tip();
    repository.commit('Four percent (#8)', { 'src/fees.ts': FEES.replace('round = false', 'round = true').replace('percent = 3', 'percent = 4') });
    percent = tip();
    repository.commit('Five percent (#9)', { 'src/fees.ts': FEES.replace('round = false', 'round = true').replace('percent = 3', 'percent = 5') });
  });
  afterAll(() => repository.remove());

  it('says that undoing still applies beside later work, with the command and what stays behind', () => {
    const run = undo(round);
    expect(run.code).toBe(0);
    expect(run.out).toContain(`Undoing ${round.slice(0, 7)} still applies`);
    expect(run.out).toContain(`git revert ${round.slice(0, 12)}`);
    expect(run.out).toMatch(/stay behind[^]*db\/migrations\/0007_fees\.sql/);
  });

  it('names the file, the line and the later commit that stand in the way', () => {
    const run = undo(percent, '--format', 'json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.out)).toMatchObject({ sha: percent, conflicts: [{ path: 'src/fees.ts', lines: [{ start: 1 }], commits: [{ title: 'Five percent (#9)' }] }], migrations: [] });
    const git = repository.git('status', '--porcelain').trim();
    expect(git).toBe('');
  });

  it('agrees with what git revert does', () => {
    for (const [sha, code] of [[round, 0], [percent, 1]] as const) {
      const reverted = spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', 'revert', '--no-edit', '--no-commit', sha], { cwd: repository.directory });
      expect([sha, reverted.status]).toEqual([sha, code]);
      repository.git('revert', '--abort');
      expect(undo(sha).code).toBe(code);
    }
  });

  it('takes a pull request’s number, and says what it cannot undo', () => {
    expect(undo('#7').out).toContain(`Undoing ${round.slice(0, 7)}`);
    expect(undo('#70')).toMatchObject({ code: 2, err: expect.stringContaining('#70: no commit on the default branch') as unknown });
    expect(undo('nowhere').code).toBe(2);
    const first = repository.git('rev-list', '--max-parents=0', 'HEAD').trim();
    expect(undo(first)).toMatchObject({ code: 2, err: expect.stringContaining('nothing to undo') as unknown });
  });
});
