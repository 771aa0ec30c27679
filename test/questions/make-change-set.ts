import type { Change, ChangeSet, Pull } from '../../src/core/change-set.js';
import { diffTexts } from '../../src/core/hunks.js';

/** A file before and after, null where there is none. */
export interface FileVersions {
  readonly before: string | null;
  readonly after: string | null;
  readonly previousPath?: string;
}

export function makeChange(path: string, { before, after, previousPath }: FileVersions): Change {
  const status = before === null ? 'added' : after === null ? 'removed' : previousPath === undefined ? 'modified' : 'renamed';
  return { path, ...(previousPath === undefined ? {} : { previousPath }), status, before, after, ...diffTexts(before, after) };
}

export function makeChangeSet(files: Readonly<Record<string, FileVersions>>, pull: Partial<Pull> = {}): ChangeSet {
  return {
    repo: { owner: 'acme', name: 'shop' },
    baseSha: 'b'.repeat(40),
    mergeBaseSha: 'b'.repeat(40),
    headSha: 'a'.repeat(40),
    pull: {
      number: 7,
      title: 'Pay out vouchers',
      body: 'Adds payouts.',
      author: 'sam',
      authorIsBot: false,
      draft: false,
      headBranch: 'payouts',
      baseBranch: 'main',
      fromFork: false,
      labels: [],
      defaultBranch: 'main',
      templates: [],
      commits: [],
      ...pull,
    },
    changes: Object.entries(files).map(([path, versions]) => makeChange(path, versions)),
    unread: [],
  };
}
