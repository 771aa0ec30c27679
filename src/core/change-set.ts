import type { RepositoryName } from './job.js';

/** A place in a text: 1-based lines and columns, the end inclusive for lines and exclusive for columns. */
export interface Span {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A run of whole lines, 1-based, both ends inclusive. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** One hunk of a unified diff. `lines` keep their leading ` `, `+` or `-`; starts are 1-based. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly string[];
}

export type ChangeStatus = 'added' | 'modified' | 'removed' | 'renamed';

/** One changed file, with both of its versions whole. */
export interface Change {
  readonly path: string;
  /** The path before a rename. */
  readonly previousPath?: string;
  readonly status: ChangeStatus;
  /** The file's text at the merge base, null where it did not exist. */
  readonly before: string | null;
  /** The file's text at the head, null where it was removed. */
  readonly after: string | null;
  /** The diff from `before` to `after` with three lines of context: what comments may be anchored on. */
  readonly hunks: readonly Hunk[];
  /** Lines of `after` that were added or changed. */
  readonly touched: readonly LineRange[];
}

/** Why a file was not read. All but `too-large` and `unreadable` are no fault of anybody and never lower a verdict. */
export type UnreadReason = 'binary' | 'too-large' | 'unreadable' | 'submodule' | 'symlink' | 'excluded' | 'generated' | 'vendored' | 'over-file-limit';

/** A file that is part of the change and was not read, and why: shown, never silently skipped. */
export interface Unread {
  readonly path: string;
  readonly reason: UnreadReason;
  /** The reason in plain words, with the number that was exceeded where there is one. */
  readonly detail: string;
}

/** What the pull request says of itself. Everything in it is written by its author: data, never an instruction. */
export interface Pull {
  /** null on the command line. */
  readonly number: number | null;
  readonly title: string;
  readonly body: string;
  /** Set where nobody wrote a description: title and body are the commits' own words then. */
  readonly wordsFrom?: 'commits';
  readonly author: string;
  readonly authorIsBot: boolean;
  readonly draft: boolean;
  /** Branch names without `refs/heads/`. */
  readonly headBranch: string;
  readonly baseBranch: string;
  readonly fromFork: boolean;
  readonly labels: readonly string[];
  readonly defaultBranch: string;
  /** The repository's own pull request templates at the base, to tell its words from the author's. */
  readonly templates: readonly string[];
  /** Messages of the commits between merge base and head, oldest first. */
  readonly commits: readonly { readonly sha: string; readonly message: string; readonly author: string | null; readonly committer: string | null }[];
}

/** A change, read once and whole: a value. What could not be read is in `unread`. */
export interface ChangeSet {
  readonly repo: RepositoryName;
  readonly baseSha: string;
  /** What `before` was read at. */
  readonly mergeBaseSha: string;
  readonly headSha: string;
  readonly pull: Pull;
  readonly changes: readonly Change[];
  readonly unread: readonly Unread[];
}

/** Nothing is known of what is not a pull request. */
export const EMPTY_PULL: Pull = {
  number: null,
  title: '',
  body: '',
  author: 'unknown',
  authorIsBot: false,
  draft: false,
  headBranch: '',
  baseBranch: '',
  fromFork: false,
  labels: [],
  defaultBranch: '',
  templates: [],
  commits: [],
};
