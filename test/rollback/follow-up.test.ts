import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../src/core/change-set.js';
import { diffTexts } from '../../src/core/hunks.js';
import { mergeTexts } from '../../src/core/three-way.js';
import { followUpMarkdown, openItems, tickedMarkdown } from '../../src/render/follow-up.js';
import { bringsTest, followUpEvidence, followUpItems } from '../../src/rollback/follow-up.js';
import { undoSentence } from '../../src/rollback/undo-commands.js';

const MERGED = 'c0ffee5'.padEnd(40, '0');
const HOTFIX = { pull: 12, mergedSha: MERGED, paths: ['src/wallet/fees.ts', 'lib/rates.py'] };
const added = (path: string, after: string): Change => ({ path, status: 'added', before: null, after, ...diffTexts(null, after) });
const edited = (path: string, before: string, after: string): Change => ({ path, status: 'modified', before, after, ...diffTexts(before, after) });

function shown(changes: readonly Change[], over: { readonly text?: string; readonly commitMessages?: readonly string[]; readonly onDefault?: boolean } = {}): readonly string[] {
  return followUpEvidence(HOTFIX, { name: '#15', text: '', commitMessages: [], onDefault: true, changes, ...over }).map(({ item, words }) => `${item}: ${words}`);
}

describe('what a merged pull request shows of a hotfix', () => {
  it.each<readonly [string, Change]>([
    ['a test named after the file', added('test/fees.test.ts', 'it("rounds", () => {});\n')],
    ['another language', added('tests/test_rates.py', 'def test_rounds(): ...\n')],
    ['another name that imports it', added('test/rounding.spec.ts', "import { fee } from '../src/wallet/fees.js';\n")],
    ['a case in a test that names it', edited('test/all.test.ts', 'one();\n', "one();\nconst fees = await import('../src/wallet/fees');\n")],
  ])('a regression test: %s', (_, change) => {
    expect(shown([change])).toEqual([`test: #15 adds to \`${change.path}\``]);
  });

  it.each<readonly [string, Change]>([
    ['a test of something else', added('test/users.test.ts', 'it("works", () => {});\n')],
    ['only lines that were taken out', edited('test/fees.test.ts', 'one();\ntwo();\n', 'one();\n')],
    ['code that is no test', added('src/fees.ts', 'export {};\n')],
    ['a document about something else', added('docs/postmortems/2026-01.md', 'The outage of #13.\n')],
    ['a page that is no post-mortem', added('docs/fees.md', 'See #12.\n')],
  ])('not: %s', (_, change) => {
    expect(shown([change])).toEqual([]);
  });

  it('a post-mortem that names it, and a back-merge', () => {
    expect(shown([added('docs/postmortems/2026-03-01.md', 'Follows #12.\n')])).toEqual(['post-mortem: #15 adds `docs/postmortems/2026-03-01.md`']);
    const picked = { commitMessages: [`Round fees\n\n(cherry picked from commit ${MERGED})`] };
    expect(shown([], picked)).toEqual(['back-merge: #15 brought it to the default branch']);
    expect(shown([], { ...picked, onDefault: false })).toEqual([]);
  });

  it('a hotfix may bring its test itself', () => {
    expect(bringsTest([edited('src/fees.ts', 'a\n', 'b\n'), edited('test/fees.test.ts', 'a\n', 'a\nb\n')])).toBe('test/fees.test.ts');
    expect(bringsTest([edited('src/fees.ts', 'a\n', 'b\n')])).toBeNull();
  });
});

describe('the list in the issue', () => {
  const pull = { number: 12, title: 'Hotfix: fees @everyone <!-- belay-item:security -->', baseBranch: 'release/2', defaultBranch: 'main', mergedSha: MERGED };
  const body = followUpMarkdown(pull, followUpItems(pull).map((item) => ({ item, done: null })));

  it('asks for a back-merge only where one is needed', () => {
    expect(openItems(body)).toEqual(['test', 'post-mortem', 'security', 'permanent-fix', 'back-merge']);
    expect(followUpItems({ baseBranch: 'main', defaultBranch: 'main' })).not.toContain('back-merge');
    expect(body).not.toMatch(/(^|[^\\`])@everyone/);
  });

  it('is ticked once, with its evidence, and keeps what people wrote', () => {
    const written = body.replace('- [ ] Security', '- [x] Security').concat('\n\nSee the wiki.');
    const ticked = tickedMarkdown(written, 'test', '#15 adds to `test/fees.test.ts`');
    expect(ticked).toMatch(/- \[x\] Regression test.*\(#15 adds to `test\/fees\.test\.ts`\) <!-- belay-item:test -->/);
    expect(tickedMarkdown(ticked, 'test', '#16')).toBe(ticked);
    expect(tickedMarkdown(ticked, 'security', '#16')).toBe(ticked);
    expect(openItems(ticked)).toEqual(['post-mortem', 'permanent-fix', 'back-merge']);
    expect(ticked.endsWith('See the wiki.')).toBe(true);
  });
});

describe('undoing', () => {
  it('is said for each way to merge', () => {
    expect(undoSentence({ clean: true, methods: null, commits: 3 })).toBe('To undo it once it is merged: after a merge commit `git revert -m 1 <merge commit>`, after a squash `git revert <commit>`, after a rebase of its 3 commits `git revert --no-edit <last commit>~3..<last commit>`.');
    expect(undoSentence({ clean: true, methods: ['squash'], commits: 3 })).toBe('To undo it once it is merged: after a squash `git revert <commit>`.');
    expect(undoSentence({ clean: null, methods: ['rebase'], commits: 1 })).toContain('after a rebase `git revert <commit>`');
  });
});

describe('a three-way merge', () => {
  const text = (lines: string): string => lines.split('').map((line) => `${line}\n`).join('');
  it.each([
    ['abcdef', 'abcdef', 'abXdef', 'abXdef'],
    ['abcdef', 'Abcdef', 'abcdeF', 'AbcdeF'],
    ['abcdef', 'abcdefg', 'bcdef', 'bcdefg'],
    ['abcdef', 'abXdef', 'abXdef', 'abXdef'],
    ['abcdefgh', 'XYabcdefgh', 'abcdfgh', 'XYabcdfgh'],
  ])('of %s, %s and %s is %s', (base, ours, theirs, merged) => {
    expect(mergeTexts(text(base), text(ours), text(theirs))).toEqual({ text: text(merged) });
  });

  it('names the lines of ours where both changed something', () => {
    expect(mergeTexts(text('abcdef'), text('ZabXdef'), text('abYdef'))).toEqual({ conflicts: [{ start: 4, end: 4 }] });
    expect(mergeTexts(text('abcdef'), text('abXdef'), text('abcYef'))).toMatchObject({ conflicts: [expect.anything()] });
  });
});
