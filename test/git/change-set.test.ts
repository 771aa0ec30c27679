import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMPTY_PULL, type ChangeSet } from '../../src/core/change-set.js';
import { DEFAULT_READ_LIMITS } from '../../src/core/host.js';
import { commitSnapshot } from '../../src/git/commit-snapshot.js';
import { folderSnapshot } from '../../src/git/folder-snapshot.js';
import { openObjectReader, type ObjectReader } from '../../src/git/object-reader.js';
import { defaultBranch, mergeBase, openRepository, resolveCommit, type LocalRepository } from '../../src/git/open-repository.js';
import { readChangeSet, worktreeFiles } from '../../src/git/read-change-set.js';
import { makeRepository, type TestRepository } from '../support/make-repository.js';

let repository: TestRepository;
let objects: ObjectReader;

beforeEach(() => {
  repository = makeRepository();
  objects = openObjectReader(repository.directory);
});
const opened: LocalRepository[] = [];
async function open(): Promise<LocalRepository> {
  const one = await openRepository(repository.directory);
  opened.push(one);
  return one;
}
afterEach(() => {
  for (const one of opened.splice(0)) one.objects.close();
  objects.close();
  repository.remove();
});

async function changesBetween(base: string, head: string, worktree = false): Promise<ChangeSet> {
  const opened = await open();
  const { sha } = await mergeBase(opened, base, head);
  return readChangeSet(opened, { baseSha: base, mergeBaseSha: sha, headSha: head, worktree, pull: EMPTY_PULL }, objects);
}

const lines = (count: number, word: string): string => Array.from({ length: count }, (_, index) => `${word} ${index}\n`).join('');

describe('reading a change from git', () => {
  it('reads additions, edits, deletions and renames with both texts', async () => {
    const base = repository.commit('base', { 'edited.ts': 'one\ntwo\nthree\n', 'gone.ts': 'gone\n', 'old name.ts': lines(30, 'line') });
    const head = repository.commit('head', { 'edited.ts': 'one\n2\nthree\nfour\n', 'gone.ts': null, 'old name.ts': null, 'new/näme.ts': lines(30, 'line'), 'added.ts': 'new\n' });
    const { changes, unread } = await changesBetween(base, head);
    expect(unread).toEqual([]);
    const byPath = Object.fromEntries(changes.map((change) => [change.path, change]));
    expect(byPath['edited.ts']).toMatchObject({ status: 'modified', before: 'one\ntwo\nthree\n', after: 'one\n2\nthree\nfour\n', touched: [{ start: 2, end: 2 }, { start: 4, end: 4 }] });
    expect(byPath['gone.ts']).toMatchObject({ status: 'removed', before: 'gone\n', after: null, touched: [] });
    expect(byPath['new/näme.ts']).toMatchObject({ status: 'renamed', previousPath: 'old name.ts', touched: [] });
    expect(byPath['added.ts']).toMatchObject({ status: 'added', before: null, touched: [{ start: 1, end: 1 }] });
  });

  it('compares with the merge base, not with the tip of the base', async () => {
    repository.commit('root', { 'a.ts': 'a\n' });
    repository.git('checkout', '--quiet', '-b', 'feature');
    const head = repository.commit('feature', { 'b.ts': 'b\n' });
    repository.git('checkout', '--quiet', 'main');
    const base = repository.commit('meanwhile', { 'c.ts': 'c\n' });
    const { changes } = await changesBetween(base, head);
    expect(changes.map((change) => change.path)).toEqual(['b.ts']);
  });

  it('says what it did not read, and why', async () => {
    const base = repository.commit('base', { 'a.ts': 'a\n' });
    writeFileSync(join(repository.directory, 'binary.png'), Buffer.from([137, 80, 0, 1, 2]));
    symlinkSync('/etc/passwd', join(repository.directory, 'link.ts'));
    const head = repository.commit('head', { 'huge.ts': 'x'.repeat(DEFAULT_READ_LIMITS.fileBytes + 1) });
    repository.git('update-index', '--add', '--cacheinfo', `160000,${base},module`);
    repository.git('commit', '--quiet', '-m', 'submodule');
    const { changes, unread } = await changesBetween(base, repository.git('rev-parse', 'HEAD'));
    expect(head).not.toBe(base);
    expect(changes).toEqual([]);
    expect(Object.fromEntries(unread.map((one) => [one.path, one.reason]))).toEqual({ 'binary.png': 'binary', 'link.ts': 'symlink', 'huge.ts': 'too-large', module: 'submodule' });
  });

  it('stops at the limit of files and names the rest', async () => {
    const base = repository.commit('base', {});
    const head = repository.commit('head', { 'a.ts': '', 'b.ts': '', 'c.ts': '' });
    const opened = await open();
    const set = await readChangeSet(opened, { baseSha: base, mergeBaseSha: base, headSha: head, worktree: false, pull: EMPTY_PULL }, objects, { ...DEFAULT_READ_LIMITS, files: 2 });
    expect(set.changes).toHaveLength(2);
    expect(set.unread).toMatchObject([{ path: 'c.ts', reason: 'over-file-limit' }]);
  });

  it('reads the work tree with untracked files and without ignored ones', async () => {
    const base = repository.commit('base', { 'a.ts': 'a\n', '.gitignore': 'ignored.ts\n' });
    writeFileSync(join(repository.directory, 'a.ts'), 'changed\n');
    writeFileSync(join(repository.directory, 'untracked.ts'), 'new\n');
    writeFileSync(join(repository.directory, 'ignored.ts'), 'no\n');
    const { changes } = await changesBetween(base, base, true);
    expect(changes.map((change) => [change.path, change.after])).toEqual([['a.ts', 'changed\n'], ['untracked.ts', 'new\n']]);
    const snapshot = folderSnapshot(repository.directory, await worktreeFiles(await open()));
    expect(await snapshot.list(['**/*.ts'])).toEqual(['a.ts', 'untracked.ts']);
  });

  it('runs nothing that the repository configures', async () => {
    const base = repository.commit('base', { 'a.ts': 'a\n' });
    const head = repository.commit('head', { 'a.ts': 'b\n', '.gitattributes': '*.ts diff=evil\n' });
    const marker = join(repository.directory, 'executed');
    repository.git('config', 'diff.evil.command', `touch ${marker}`);
    repository.git('config', 'diff.evil.textconv', `touch ${marker}; cat`);
    repository.git('config', 'diff.external', `touch ${marker}`);
    repository.git('config', 'core.fsmonitor', `touch ${marker}`);
    await changesBetween(base, head);
    await changesBetween(base, base, true);
    expect(await folderSnapshot(repository.directory, ['executed']).read('executed')).toBeNull();
  });
});

describe('snapshots', () => {
  it('list by globs and read whole texts', async () => {
    const head = repository.commit('head', { 'src/a.ts': 'a', 'src/b.sql': 'b', 'c.ts': 'c' });
    const snapshot = commitSnapshot(repository.directory, head, objects);
    expect(await snapshot.list(['**/*.ts'])).toEqual(['c.ts', 'src/a.ts']);
    expect(await snapshot.read('src/b.sql')).toBe('b');
    expect(await snapshot.read('nowhere')).toBeNull();
  });

  it('of a folder never leave it', async () => {
    symlinkSync('/etc/hostname', join(repository.directory, 'link'));
    const snapshot = folderSnapshot(repository.directory, ['link', '../outside']);
    expect(await snapshot.read('link')).toBeNull();
    expect(await snapshot.read('../outside')).toBeNull();
  });

  it('read thousands of objects in one process, in the order asked', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}.txt`, `text ${index}\n`.repeat(index)]));
    const head = repository.commit('many', files);
    const snapshot = commitSnapshot(repository.directory, head, objects);
    const texts = await Promise.all(Object.keys(files).map(async (path) => snapshot.read(path)));
    expect(texts).toEqual(Object.values(files));
  });
});

describe('opening a repository', () => {
  it('finds the default branch, and says so when there is none', async () => {
    repository.commit('one', {});
    expect(await defaultBranch(await open())).toMatchObject({ ref: 'main', branch: 'main' });
    repository.git('branch', '-m', 'trunk');
    await expect(defaultBranch(await open())).rejects.toThrow('--base REF');
  });

  it('prefers origin/HEAD', async () => {
    const sha = repository.commit('one', {});
    repository.git('update-ref', 'refs/remotes/origin/develop', sha);
    repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/develop');
    expect(await defaultBranch(await open())).toEqual({ ref: 'origin/HEAD', branch: 'develop', sha });
  });

  it('names a ref that does not exist, and refuses one that is an option', async () => {
    repository.commit('one', {});
    const opened = await open();
    await expect(resolveCommit(opened, 'nowhere', '--base')).rejects.toThrow('--base nowhere: no such commit');
    await expect(resolveCommit(opened, '--upload-pack=x', '--base')).rejects.toThrow('cannot start with a dash');
  });

  it('says when a folder is in no repository', async () => {
    await expect(openRepository('/')).rejects.toThrow('is not in a git repository');
  });
});
