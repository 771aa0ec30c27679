import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EMPTY_PULL } from '../../src/core/change-set.js';
import { localHistory } from '../../src/git/local-history.js';
import { pullFromCommits } from '../../src/git/local-pull.js';
import { mergeBase, openRepository } from '../../src/git/open-repository.js';
import { readChangeSet } from '../../src/git/read-change-set.js';
import { verifyRevert } from '../../src/review/verify-revert.js';
import type { RevertFact } from '../../src/rollback/exact-revert.js';
import { makeRepository, type TestRepository } from '../support/make-repository.js';

let repository: TestRepository;
beforeEach(() => {
  repository = makeRepository();
});
afterEach(() => repository.remove());

/** Git's own revert, on a branch of its own. */
function revert(...shas: readonly string[]): void {
  repository.git('checkout', '--quiet', '-b', 'undo');
  for (const sha of shas) repository.git('revert', '--no-edit', ...(repository.git('rev-list', '--parents', '-n1', sha).split(' ').length > 2 ? ['-m', '1'] : []), sha);
}

/** What is said of the branch `undo` against `main`. */
async function verified(words: { readonly title?: string; readonly body?: string; readonly headBranch?: string } = {}): Promise<RevertFact | null> {
  const opened = await openRepository(repository.directory);
  try {
    const [base, head] = [repository.git('rev-parse', 'main'), repository.git('rev-parse', 'undo')];
    const { sha: mergeBaseSha } = await mergeBase(opened, base, head);
    const pull = { ...EMPTY_PULL, ...(await pullFromCommits(opened, { base: null, head: 'undo', from: mergeBaseSha, to: head, defaultBranch: 'main' })), ...words };
    const changeSet = await readChangeSet(opened, { baseSha: base, mergeBaseSha, headSha: head, worktree: false, pull }, opened.objects);
    const base_ = opened.snapshotAt(mergeBaseSha);
    return await verifyRevert({ changeSet, history: localHistory(opened, base), baseText: async (path) => base_.read(path) });
  } finally {
    opened.objects.close();
  }
}

const numbered = (change: Readonly<Record<number, string>> = {}, count = 40): string => Array.from({ length: count }, (_, index) => `${change[index + 1] ?? `line ${index + 1}`}\n`).join('');

describe('a real revert is exact', () => {
  it('of the newest commit', async () => {
    repository.commit('start', { 'a.ts': numbered() });
    const bad = repository.commit('bad', { 'a.ts': numbered({ 5: 'five' }), 'new.ts': 'new\n' });
    revert(bad);
    expect(await verified()).toEqual({ of: [bad], claimed: true, exact: true, differences: [] });
  });

  it('where the same file was changed elsewhere since, and named by a few digits', async () => {
    repository.commit('start', { 'a.ts': numbered() });
    const bad = repository.commit('bad', { 'a.ts': numbered({ 5: 'five' }) });
    repository.commit('later', { 'a.ts': numbered({ 5: 'five', 7: 'seven', 30: 'thirty' }), 'other.ts': 'x\n' });
    repository.git('checkout', '--quiet', '-b', 'undo');
    repository.commit(`Undo\n\nThis reverts commit ${bad.slice(0, 9)}.`, { 'a.ts': numbered({ 7: 'seven', 30: 'thirty' }) });
    expect(await verified()).toMatchObject({ of: [bad], exact: true });
  });

  it('of a merge commit', async () => {
    repository.commit('start', { 'a.ts': numbered() });
    repository.git('checkout', '--quiet', '-b', 'feature');
    repository.commit('one', { 'a.ts': numbered({ 5: 'five' }) });
    repository.commit('two', { 'b.ts': 'b\n' });
    repository.git('checkout', '--quiet', 'main');
    repository.commit('meanwhile', { 'c.ts': 'c\n' });
    repository.git('merge', '--quiet', '--no-ff', '-m', 'Merge pull request #7 from acme/feature', 'feature');
    const merge = repository.git('rev-parse', 'HEAD');
    repository.commit('later', { 'c.ts': 'cc\n' });
    revert(merge);
    expect(await verified()).toMatchObject({ of: [merge], exact: true });
    expect(await verified({ title: 'Back to what it was', body: 'Reverts acme/shop#7' })).toMatchObject({ of: [merge], exact: true });
  });

  it('of a squash, by the number of its pull request or by the branch alone', async () => {
    repository.commit('start', { 'a.ts': numbered() });
    const squash = repository.commit('Feature (#12)', { 'a.ts': numbered({ 5: 'five' }), 'b.ts': 'b\n' });
    repository.commit('Other (#112)', { 'c.ts': 'c\n' });
    repository.git('checkout', '--quiet', '-b', 'undo');
    repository.commit('Put it back', { 'a.ts': numbered(), 'b.ts': null });
    expect(await verified({ body: 'Reverts #12' })).toMatchObject({ of: [squash], exact: true });
    expect(await verified({ headBranch: 'revert-12-feature' })).toMatchObject({ of: [squash], exact: true });
  });

  it('of several commits, overlapping ones too, in whatever order they are listed', async () => {
    repository.commit('start', { 'a.ts': numbered() });
    const first = repository.commit('first', { 'a.ts': numbered({ 5: 'five' }) });
    const second = repository.commit('second', { 'a.ts': numbered({ 5: 'FIVE' }), 'b.ts': 'b\n' });
    repository.commit('later', { 'a.ts': numbered({ 5: 'FIVE', 30: 'x' }) });
    revert(second, first);
    expect(await verified()).toMatchObject({ of: [second, first], exact: true });
    repository.git('checkout', '--quiet', 'main');
    repository.git('branch', '-D', 'undo');
    repository.git('checkout', '--quiet', '-b', 'undo');
    repository.commit('All back', { 'a.ts': numbered({ 30: 'x' }), 'b.ts': null });
    expect(await verified({ body: `This reverts commits ${first} and ${second}.` })).toMatchObject({ exact: true });
  });

  it('of a revert', async () => {
    repository.commit('start', { 'a.ts': numbered() });
    const bad = repository.commit('feature', { 'a.ts': numbered({ 5: 'five' }) });
    repository.git('revert', '--no-edit', bad);
    const undone = repository.git('rev-parse', 'HEAD');
    repository.commit('later', { 'b.ts': 'b\n' });
    revert(undone);
    expect(await verified()).toMatchObject({ of: [undone], exact: true });
  });

  it('with renames, deletions, binary files, and the base moved on', async () => {
    const binary = (byte: number): Uint8Array => Uint8Array.from([0, 1, 2, byte]);
    repository.commit('start', { 'a.ts': numbered(), 'old.ts': numbered(), 'picture.png': binary(1), 'gone.ts': 'gone\n' });
    const bad = repository.commit('bad', { 'old.ts': null, 'moved/new.ts': numbered({ 9: 'nine' }), 'picture.png': binary(2), 'gone.ts': null, 'added.png': binary(3) });
    repository.commit('later', { 'moved/new.ts': numbered({ 9: 'nine', 30: 'thirty' }), 'a.ts': 'a\n' });
    revert(bad);
    expect(await verified()).toMatchObject({ of: [bad], exact: true });
  });

  it('whatever was changed, and wherever the base went since', async () => {
    // A small generator of our own: the same histories each time.
    let state = 7;
    const below = (limit: number): number => Math.floor((state = (state * 16807) % 2147483647) / 977) % limit;
    const edited = (lines: readonly string[], word: string): readonly string[] => {
      const at = below(lines.length - 3);
      const fresh = Array.from({ length: 1 + below(3) }, (_, index) => (below(3) === 0 ? '}' : `${word} ${index}`));
      return [...lines.slice(0, at), ...fresh, ...lines.slice(at + below(4))];
    };
    let lines: readonly string[] = Array.from({ length: 120 }, (_, index) => (index % 5 === 4 ? '}' : `line ${index}`));
    repository.commit('start', { 'a.ts': `${lines.join('\n')}\n` });
    const wrong: string[] = [];
    let tried = 0;
    for (let round = 0; round < 14; round += 1) {
      repository.git('checkout', '--quiet', 'main');
      lines = edited(lines, `bad ${round}`);
      const bad = repository.commit(`bad ${round}`, { 'a.ts': `${lines.join('\n')}\n` });
      lines = edited(lines, `later ${round}`);
      repository.commit(`later ${round}`, { 'a.ts': `${lines.join('\n')}\n` });
      repository.git('checkout', '--quiet', '-B', 'undo');
      try {
        repository.git('revert', '--no-edit', bad);
      } catch {
        repository.git('reset', '--quiet', '--hard');
        continue;
      }
      tried += 1;
      if ((await verified())?.exact !== true) wrong.push(`round ${round}`);
    }
    expect(tried).toBeGreaterThan(5);
    expect(wrong).toEqual([]);
  });
});

describe('a revert that is more or less than that', () => {
  it('says what else it changes, and what it leaves', async () => {
    repository.commit('start', { 'a.ts': numbered(), 'b.ts': 'b\n', 'c.ts': 'c\n' });
    const bad = repository.commit('bad', { 'a.ts': numbered({ 5: 'five' }), 'b.ts': 'bb\n' });
    repository.git('checkout', '--quiet', '-b', 'undo');
    repository.commit(`Revert "bad"\n\nThis reverts commit ${bad}.`, { 'a.ts': numbered({ 20: 'twenty' }), 'c.ts': 'cc\n' });
    expect(await verified()).toEqual({
      of: [bad], claimed: true, exact: false,
      differences: [{ path: 'a.ts', what: 'otherwise', lines: [{ start: 20, end: 20 }] }, { path: 'b.ts', what: 'left', lines: [{ start: 1, end: 1 }] }, { path: 'c.ts', what: 'also', lines: [{ start: 1, end: 1 }] }],
    });
  });

  it('a binary file that goes to something new', async () => {
    repository.commit('start', { 'picture.png': Uint8Array.from([0, 1]), 'a.ts': 'a\n' });
    const bad = repository.commit('bad', { 'picture.png': Uint8Array.from([0, 2]), 'a.ts': 'aa\n' });
    repository.git('checkout', '--quiet', '-b', 'undo');
    repository.commit(`Revert "bad"\n\nThis reverts commit ${bad}.`, { 'picture.png': Uint8Array.from([0, 3]), 'a.ts': 'a\n' });
    expect(await verified()).toMatchObject({ exact: false, differences: [{ path: 'picture.png', what: 'otherwise' }] });
  });

  it('a conflict that somebody resolved', async () => {
    repository.commit('start', { 'a.ts': numbered() });
    const bad = repository.commit('bad', { 'a.ts': numbered({ 5: 'five' }) });
    repository.commit('later', { 'a.ts': numbered({ 5: 'FIVE' }) });
    repository.git('checkout', '--quiet', '-b', 'undo');
    repository.commit(`Revert "bad"\n\nThis reverts commit ${bad}.`, { 'a.ts': numbered() });
    expect(await verified()).toMatchObject({ exact: false, differences: [{ path: 'a.ts', what: 'otherwise', lines: [{ start: 5, end: 5 }] }] });
  });
});

describe('what is no revert of merged work', () => {
  it('names a commit made for the purpose', async () => {
    repository.commit('start', { 'a.ts': numbered() });
    repository.git('checkout', '--quiet', '-b', 'aside');
    const aside = repository.commit('aside', { 'a.ts': numbered({ 5: 'five' }) });
    repository.git('checkout', '--quiet', 'main');
    repository.commit('same text', { 'a.ts': numbered({ 5: 'five' }) });
    repository.git('checkout', '--quiet', '-b', 'undo');
    repository.commit(`Revert "aside"\n\nThis reverts commit ${aside}.`, { 'a.ts': numbered() });
    expect(await verified()).toEqual({ of: [aside], claimed: true, exact: null, differences: [] });
  });

  it('names a commit of its own, another repository, or nothing', async () => {
    repository.git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');
    repository.commit('start', { 'a.ts': numbered() });
    repository.commit('Feature (#12)', { 'a.ts': numbered({ 5: 'five' }) });
    repository.git('checkout', '--quiet', '-b', 'undo');
    const own = repository.commit('try', { 'b.ts': 'b\n' });
    repository.commit(`Never mind\n\nThis reverts commit ${own}.`, { 'b.ts': null, 'a.ts': numbered() });
    expect(await verified()).toBeNull();
    expect(await verified({ title: 'Undo', body: 'Reverts other/shop#12' })).toBeNull();
    expect(await verified({ body: 'Reverts ACME/Shop#12' })).toMatchObject({ exact: true });
  });
});
