import type { ChangeSet, Pull } from './change-set.js';
import type { Permission } from './config.js';
import type { ObjectChange } from './history.js';
import type { RepositoryName } from './job.js';
import type { Marker } from './marker.js';
import type { Publication, Published, PublishedIssue } from './publication.js';
import type { ReleaseEvidence } from './release-evidence.js';
import type { Snapshot } from './snapshot.js';

/** A pull request as the host shows it at this moment. */
export interface HostPull extends Pull {
  readonly number: number;
  readonly headSha: string;
  /** The tip of the base branch now; never the stale sha in a payload. */
  readonly baseSha: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  /** `owner/name` of the fork or of the repository itself; null when the fork was deleted. */
  readonly headRepository: string | null;
}

/** Bounds of what is read of one change. Beyond them files go to `unread`. */
export interface ReadLimits {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
}

export const DEFAULT_READ_LIMITS: ReadLimits = { files: 3000, fileBytes: 1_000_000, totalBytes: 40_000_000 };

/** Who took part in making a change: nobody among them may confirm its waivers. */
export interface Participants {
  /** Logins of the author and of every commit's author, committer and co-author, lower case. */
  readonly authors: ReadonlySet<string>;
  /** Whether some commit could not be mapped to an account. */
  readonly unknownAuthors: boolean;
}

/** How a pull request was merged. */
export interface MergedPull {
  readonly number: number;
  readonly title: string;
  /** The commit that the base branch got: a merge, a squash, or the last of the rebased ones. */
  readonly sha: string;
  readonly parentShas: readonly string[];
  /** What the base was before all of its commits, where they were rebased one by one; null where it has one commit, or is a merge. */
  readonly beforeAll: string | null;
  /** How many commits it had. */
  readonly commits: number;
  readonly baseBranch: string;
  readonly author: string;
}

/** A deployment that failed where users are served, with nothing newer there that succeeded. */
export interface FailedDeployment {
  readonly environment: string;
  /** The newest commit before it that is known to have succeeded there; null where none of the newest few did. */
  readonly lastGoodSha: string | null;
}

/**
 * One repository on the host, behind a token minted for one job and this repository only. Reads throw the errors of
 * `core/errors.ts`; writes happen in `carryOut` and nowhere else.
 */
export interface Host {
  readonly repo: RepositoryName;
  pull(number: number): Promise<HostPull>;
  /** Open pull requests, or only those whose head is this commit. */
  openPulls(headSha?: string): Promise<readonly HostPull[]>;
  defaultBranch(): Promise<{ readonly name: string; readonly sha: string }>;
  /** All changes between the merge base and the head, with both texts. */
  changeSet(pull: HostPull, limits: ReadLimits, signal: AbortSignal): Promise<ChangeSet>;
  /** The same for two commits: a merge group. */
  compare(baseSha: string, headSha: string, pull: Pull, limits: ReadLimits, signal: AbortSignal): Promise<ChangeSet>;
  /**
   * The full name of a commit and its first parent, where the commit is an ancestor of `baseSha`; null where it is unknown,
   * was never merged, or has no parent.
   */
  mergedParent(sha: string, baseSha: string): Promise<{ readonly sha: string; readonly parentSha: string } | null>;
  /** How a pull request of this repository was merged; null where there is none, or it was not. */
  mergedPull(number: number): Promise<MergedPull | null>;
  /** The pull requests of this repository whose merge made this very commit. */
  mergedAs(sha: string): Promise<readonly number[]>;
  /** Whether this commit failed to deploy where users are served; null where it did not, where something newer succeeded since, or where nobody may look. */
  failedDeployment(sha: string, signal: AbortSignal): Promise<FailedDeployment | null>;
  /** The name of a commit's tree; null where the commit is unknown. */
  tree(sha: string): Promise<string | null>;
  /** What differs between two commits' trees, by path, as names of contents; null where a tree is too large to be listed whole. */
  objects(fromSha: string, toSha: string, signal: AbortSignal): Promise<ReadonlyMap<string, ObjectChange> | null>;
  snapshot(sha: string, signal: AbortSignal): Promise<Snapshot>;
  /** The commit a branch points at now; null where there is no such branch. */
  branchTip(branch: string): Promise<string | null>;
  /** The newest commits after `sinceSha` up to `untilSha` that touched a file, newest first, ten at most. */
  commitsTouching(path: string, sinceSha: string, untilSha: string): Promise<readonly { readonly sha: string; readonly title: string }[]>;
  /** The first hundred paths that a pull request changes. */
  changedPaths(number: number): Promise<readonly string[]>;
  /** A file's text at a ref; null when there is none. */
  file(path: string, ref: string): Promise<string | null>;
  /** `.github/belay.yml` of the organisation's `.github` repository; null when there is none or it is out of reach. */
  organisationFile(path: string): Promise<string | null>;
  participants(number: number): Promise<Participants>;
  permission(login: string): Promise<Permission>;
  teamMember(team: string, login: string): Promise<boolean>;
  /** Who pushed this head, lower case, by the host's activity log; null when it does not say (forks, old pushes). */
  pusher(pull: HostPull): Promise<string | null>;
  /**
   * The people and releases around an open pull request. What the App has no right to read is null: unknown. Costs some ten
   * requests, so it is asked where the answer matters: for a hotfix.
   */
  release(pull: HostPull, signal: AbortSignal): Promise<ReleaseEvidence>;
  /** What we said before: our own comments with valid markers, and our check runs of this head. */
  published(pull: { readonly number: number } | null, headSha: string): Promise<Published>;
  /** Whether we answered in a pull request's conversation under this key. */
  replied(pull: number, key: string): Promise<boolean>;
  /**
   * Carries out the writes in order. Looks for its own marker before repeating one whose answer was lost. A write that the
   * host refuses for good does not keep the others from being carried out; its error is thrown at the end.
   */
  carryOut(publication: Publication, signal: AbortSignal): Promise<void>;
  /** Whether the operator granted issues: write, so that follow-up issues can be opened. */
  mayOpenIssues(): Promise<boolean>;
  /** Our own issue about a pull request with this key; null where there is none, or issues are out of reach. */
  ownIssue(pull: number, key: string): Promise<PublishedIssue | null>;
  /** A signed marker for a comment on this pull request: what `reconcile` and `replyWrite` are handed. */
  sign(marker: Marker, pull: number): string;
}
