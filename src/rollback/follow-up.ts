import type { Change } from '../core/change-set.js';

/** What is left to do once a hotfix is in production. */
export type FollowUpItem = 'test' | 'post-mortem' | 'security' | 'permanent-fix' | 'back-merge';

/** What a merged pull request shows of a hotfix's follow-up: the item and the evidence in words. */
export interface FollowUpEvidence {
  readonly item: FollowUpItem;
  readonly words: string;
}

/** The hotfix that is followed up. */
export interface FollowedHotfix {
  readonly pull: number;
  readonly mergedSha: string;
  readonly paths: readonly string[];
}

/** What is to be done after a hotfix: a back-merge only where it did not go to the default branch. */
export function followUpItems({ baseBranch, defaultBranch }: { readonly baseBranch: string; readonly defaultBranch: string }): readonly FollowUpItem[] {
  return ['test', 'post-mortem', 'security', 'permanent-fix', ...(baseBranch === defaultBranch ? [] : (['back-merge'] as const))];
}

const TEST_PATH = /(?:^|\/)(?:tests?|specs?|__tests__|e2e|integration-tests?)\/|(?:[._-](?:test|spec|e2e)|_test|_spec|Tests?|Spec|IT)\.[a-z]{1,4}$/;
const DOCUMENT = /(?:post-?mortems?|incidents?|retros?(?:pectives?)?|rca)[^/]*(?:\/[^/]+)*\.(?:md|mdx|adoc|rst|txt)$/i;

/** What a merged change proves: a test of the hotfix's files, a document about it, or its commit on its way to the default branch. */
export function followUpEvidence(hotfix: FollowedHotfix, merged: { readonly name: string; readonly text: string; readonly changes: readonly Change[]; readonly commitMessages: readonly string[]; readonly onDefault: boolean }): readonly FollowUpEvidence[] {
  const found: FollowUpEvidence[] = [];
  const test = merged.changes.find((change) => testsOneOf(change, hotfix.paths));
  if (test !== undefined) found.push({ item: 'test', words: `${merged.name} adds to \`${test.path}\`` });
  const names = new RegExp(`#${hotfix.pull}\\b|\\b${hotfix.mergedSha.slice(0, 7)}[0-9a-f]*\\b`);
  const document = merged.changes.find((change) => change.after !== null && DOCUMENT.test(change.path) && (names.test(change.after) || names.test(merged.text)));
  if (document !== undefined) found.push({ item: 'post-mortem', words: `${merged.name} adds \`${document.path}\`` });
  const picked = merged.commitMessages.some((message) => [...message.matchAll(/^\(cherry picked from commit ([0-9a-f]{7,40})\)$/gm)].some(([, sha = '']) => hotfix.mergedSha.startsWith(sha)));
  if (merged.onDefault && picked) found.push({ item: 'back-merge', words: `${merged.name} brought it to the default branch` });
  return found;
}

/** Whether a change adds something to a test that is named after one of these files, or names it. */
function testsOneOf(change: Change, paths: readonly string[]): boolean {
  if (change.after === null || change.touched.length === 0 || !TEST_PATH.test(change.path)) return false;
  const subject = stemOf(change.path);
  const after = change.after.split('\n');
  const added = change.touched.flatMap(({ start, end }) => after.slice(start - 1, end)).join('\n');
  return paths.some((path) => {
    if (TEST_PATH.test(path)) return path === change.path;
    const stem = stemOf(path);
    const name = (path.split('/').at(-1) ?? '').replace(/\.[^.]+$/, '');
    return stem.length > 2 && (stem === subject || namesModule(added, name) || (change.status === 'added' && namesModule(change.after ?? '', name)));
  });
}

/** A file's name without its ending and without what says that it is a test: `wallet.test.ts`, `test_wallet.py` and `WalletTest.java` are all `wallet`. */
function stemOf(path: string): string {
  const name = (path.split('/').at(-1) ?? '').replace(/\.[^.]+$/, '');
  return name.replace(/(?:[._-](?:test|spec|e2e)|_test|_spec|Tests?|Spec|IT)$/, '').replace(/^test_/, '').replace(/[^A-Za-z0-9]/g, '').toLowerCase();
}

/** Whether a text imports or names a module: the name stands between quotes, slashes or dots. */
function namesModule(text: string, name: string): boolean {
  const escaped = name.replace(/[^A-Za-z0-9_]/g, '\\$&');
  return new RegExp(`['"/.\\\\]${escaped}(?:\\.[a-z]{1,4})?['";.]`).test(text);
}

/** Whether a hotfix brings its own test. */
export function bringsTest(changes: readonly Change[]): string | null {
  const paths = changes.map((change) => change.path).filter((path) => !TEST_PATH.test(path));
  return changes.find((change) => testsOneOf(change, paths))?.path ?? null;
}
