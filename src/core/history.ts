import type { Change, Unread } from './change-set.js';

/** A stretch of merged history that a revert may name: a commit with its first parent, or several commits in a row. */
export interface MergedRange {
  readonly sha: string;
  readonly parentSha: string;
}

/** A file's two versions by the names of their contents and modes; null where there is none. */
export interface ObjectChange {
  readonly before: string | null;
  readonly after: string | null;
}

/** What was merged before, to verify a revert against. */
export interface History {
  /** A commit that was merged to the base or the default branch; null for any other, or anybody could revert what they made for the purpose. */
  merged(sha: string): Promise<MergedRange | null>;
  /** What merging a pull request brought, the likeliest reading first: one commit, or as many as it had. Empty when it was not merged. */
  mergedPull(number: number): Promise<readonly MergedRange[]>;
  /** What a range changed. */
  changes(range: MergedRange): Promise<{ readonly changes: readonly Change[]; readonly unread: readonly Unread[] }>;
  /** The name of a commit's tree; null when it is not known. */
  tree(sha: string): Promise<string | null>;
  /** What differs between two trees, by path; null when they cannot be read whole. */
  objects(fromSha: string, toSha: string): Promise<ReadonlyMap<string, ObjectChange> | null>;
}
