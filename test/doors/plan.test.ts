import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlanDocument } from '../../src/render/plan.js';

const CLI = fileURLToPath(new URL('../../dist/doors/cli.js', import.meta.url));

const PLANNED = {
  title: 'Hotfix: round fees',
  head: 'hotfix/round-fees',
  base: 'main',
  author: 'mona',
  body: '## Rollback plan\n\n`helm rollback wallet 41` brings back v2.8.1. No migration and no data is touched.',
  files: [{ path: 'src/wallet.ts', status: 'modified', patch: '@@ -1,2 +1,2 @@\n export const fee = 3;\n-export const round = false;\n+export const round = true;' }],
};
const UNPLANNED = { ...PLANNED, body: 'Fees are booked with fractions of a cent.' };
const REVERT = { ...UNPLANNED, title: 'Revert "Round fees"', body: `This reverts commit ${'a1b2c3d4'.repeat(5)}.` };

describe('belay plan', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'belay-plan-'));
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
    write('planned.json', JSON.stringify(PLANNED));
    write('unplanned.json', JSON.stringify(UNPLANNED));
    write('revert.json', JSON.stringify(REVERT));
    write('broken.json', '{ "title": ');
    write('odd.json', JSON.stringify({ ...PLANNED, files: [{ status: 'added' }] }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const belay = (...args: readonly string[]) => {
    const run = spawnSync(process.execPath, [CLI, 'plan', ...args], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', HOME: folder } });
    return { code: run.status, out: run.stdout, err: run.stderr };
  };
  const document = (...args: readonly string[]): PlanDocument => JSON.parse(belay(...args, '--format', 'json').out) as PlanDocument;

  it('says what a description has and whether it blocks', () => {
    const { findings, ...said } = document('--pr', 'planned.json');
    expect(said).toMatchObject({ file: 'planned.json', hotfix: true, revert: null, blocking: false, plan: { status: 'present', validForDiff: true } });
    expect(findings.filter(({ level }) => level === 'block')).toEqual([]);
    expect(belay('--pr', 'planned.json').code).toBe(0);
    expect(document('--pr', 'unplanned.json')).toMatchObject({ hotfix: true, blocking: true, plan: { status: 'missing', score: 0, elements: [], validForDiff: null } });
    expect(belay('--pr', 'unplanned.json').code).toBe(1);
  });

  it('blocks no revert', () => {
    expect(document('--pr', 'revert.json')).toMatchObject({ revert: { of: 'a1b2c3d4'.repeat(5), exact: null }, blocking: false });
    expect(belay('--pr', 'revert.json').code).toBe(0);
  });

  it('judges many files in one run, in the order given', () => {
    const run = belay('--pr', 'planned.json', 'unplanned.json', '--format', 'jsonl');
    expect(run.out.trimEnd().split('\n').map((line) => (JSON.parse(line) as PlanDocument).file)).toEqual(['planned.json', 'unplanned.json']);
    expect(run.code).toBe(1);
    expect(JSON.parse(belay('--pr', 'planned.json', '--pr', 'unplanned.json', '--format', 'json').out)).toHaveLength(2);
  });

  it('judges the others where one file cannot be read, names it, and ends in 2', () => {
    const run = belay('--pr', 'broken.json', 'odd.json', 'planned.json', 'nowhere.json', '--format', 'jsonl');
    expect(run.out.trimEnd().split('\n')).toHaveLength(1);
    expect(run.err).toMatch(/broken\.json: not valid JSON[^]*odd\.json: files\.0: a file needs a `path`[^]*nowhere\.json: no such file/);
    expect(run.code).toBe(2);
  });

  it('is read by a person too', () => {
    const run = belay('--pr', 'unplanned.json');
    expect(run.out).toMatch(/unplanned\.json: blocked\n {2}hotfix: head branch `hotfix\/round-fees`/);
    expect(run.out).toContain('[rollback/plan-missing]');
  });
});
