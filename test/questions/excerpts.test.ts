import { describe, expect, it } from '@jest/globals';
import { renderShown } from '../../src/questions/anchors.js';
import { chooseExcerpts } from '../../src/questions/excerpts.js';
import type { Excerpts } from '../../src/questions/excerpts.js';
import { createRedactor } from '../../src/questions/redact.js';
import { makeChangeSet } from './make-change-set.js';
import type { FileVersions } from './make-change-set.js';

const choose = (files: Readonly<Record<string, FileVersions>>, over: Partial<Parameters<typeof chooseExcerpts>[1]> = {}): Excerpts =>
  chooseExcerpts(makeChangeSet(files), { exclude: [], characters: 60_000, files: 40, ...over }, createRedactor());
/** The excerpts without hashes: `+12 code`. */
const shown = (excerpts: Excerpts): string => excerpts.files.map(renderShown).join('').replace(/^([+ ]\d+)#[0-9a-f]{4}:/gm, '$1').replace(/[^\S\n]+$/gm, '');
const added = (after: string): FileVersions => ({ before: null, after });

const WALLET = ['import { db } from "./db";', '', 'export function unrelated() {', '  return 1;', '}', '', 'export async function withdraw(id, amount) {', '  const wallet = await db.find(id);', '  if (wallet.balance < amount) throw new Error("poor");', '  await db.update(id, wallet.balance - amount);', '  return wallet;', '}', '', 'export function other() {', '  return 2;', '}', ''].join('\n');

describe('what is shown of a file', () => {
  it('is the whole function around a change, and what was removed from it', () => {
    const after = WALLET.replace('  if (wallet.balance < amount) throw new Error("poor");\n', '');
    expect(shown(choose({ 'src/wallet.ts': { before: WALLET, after } }))).toBe(
      ['=== "src/wallet.ts" (modified)', ' 7 export async function withdraw(id, amount) {', ' 8   const wallet = await db.find(id);', '-:   if (wallet.balance < amount) throw new Error("poor");', ' 9   await db.update(id, wallet.balance - amount);', ' 10   return wallet;', ' 11 }', ''].join('\n'),
    );
  });

  it('is the head of a long function and the lines around a change', () => {
    const body = Array.from({ length: 150 }, (_, index) => `    step_${index}()`);
    const before = ['class Job:', '  def run(self):', ...body, ''].join('\n');
    const text = shown(choose({ 'job.py': { before, after: before.replace('step_100()', 'step_100(retry=True)') } }));
    expect(text).toContain(' 2   def run(self):\n...\n');
    expect(text).toContain('-:     step_100()\n+103     step_100(retry=True)');
    expect(text.split('\n').length).toBeLessThan(25);
  });

  it('says where a renamed file was, and shows what a deleted one held', () => {
    const text = shown(choose({ 'src/new.ts': { before: 'a();\n', after: 'b();\n', previousPath: 'src/old.ts' }, 'src/guard.ts': { before: 'export const guard = () => lock();\n', after: null } }));
    expect(text).toContain('=== "src/new.ts" (renamed from "src/old.ts")\n-: a();\n+1 b();');
    expect(text).toContain('=== "src/guard.ts" (removed)\n-: export const guard = () => lock();');
  });

  it('shows lines removed at the end of a file and from an emptied one', () => {
    expect(shown(choose({ 'a.ts': { before: 'keep();\nunlock();\n', after: 'keep();\n' } }))).toContain(' 1 keep();\n-: unlock();');
    expect(shown(choose({ 'b.ts': { before: 'unlock();\n', after: '' } }))).toContain('-: unlock();');
  });
});

describe('which files are shown', () => {
  it('the riskiest first: migrations, then code, then the rest, tests last', () => {
    const files = {
      'test/pay.test.ts': added('expect(await transaction.delete()).toBe(1);\n'.repeat(20)),
      'config/app.json': added('{"retry": 3}\n'),
      'src/plain.ts': added('export const a = 1;\n'),
      'src/pay.ts': added('await transaction.update(balance);\n'.repeat(5)),
      'db/migrations/1.sql': added('ALTER TABLE users ADD COLUMN a int;\n'),
    };
    expect(choose(files).files.map((file) => file.path)).toEqual(['db/migrations/1.sql', 'src/pay.ts', 'src/plain.ts', 'config/app.json', 'test/pay.test.ts']);
  });

  it('and why the others are not', () => {
    const files = {
      'package-lock.json': added('{}\n'),
      'dist/app.min.js': added('x\n'),
      'README.md': added('x\n'),
      'private/a.ts': added('x\n'),
      'moved/here.ts': { before: 'x\n', after: 'y\n', previousPath: 'private/b.ts' },
      'config/.env.production': added('A=1\n'),
      'certs/server.pem': added('x\n'),
      'src/huge.ts': added(`${'a();\n'.repeat(150_000)}`),
      'src/mode-only.ts': { before: 'x\n', after: 'x\n' },
    };
    const { files: chosen, notShown } = choose(files, { exclude: ['private/**'] });
    expect(chosen).toEqual([]);
    expect(Object.fromEntries(notShown.map((each) => [each.path, each.reason]))).toEqual({
      'package-lock.json': 'lock',
      'dist/app.min.js': 'generated',
      'README.md': 'prose',
      'private/a.ts': 'excluded',
      'moved/here.ts': 'excluded',
      'config/.env.production': 'secret',
      'certs/server.pem': 'secret',
      'src/huge.ts': 'long',
      'src/mode-only.ts': 'unchanged',
    });
  });

  it('a head that calls itself generated is shown all the same', () => {
    expect(choose({ 'src/a.ts': added('// @generated, do not edit\nawait pay();\n') }).files).toHaveLength(1);
  });

  it('within the room there is, never more than half of it for one file', () => {
    const long = added(Array.from({ length: 2000 }, (_, index) => `await save(${index});`).join('\n'));
    const excerpts = choose({ 'src/a.ts': long, 'src/b.ts': long, 'src/c.ts': long }, { characters: 10_000 });
    expect(excerpts.files.map(renderShown).join('').length).toBeLessThanOrEqual(10_000);
    expect(excerpts.files.map((file) => file.path)).toEqual(['src/a.ts', 'src/b.ts']);
    expect(excerpts.partly).toEqual(['src/a.ts', 'src/b.ts']);
    expect(excerpts.notShown).toEqual([{ path: 'src/c.ts', reason: 'budget' }]);
  });
});
