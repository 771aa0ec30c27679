import type { Permission } from './config.js';

/** One review of a pull request, as the host keeps it. */
export interface PullReview {
  /** Lower case; empty where the account is gone. */
  readonly login: string;
  readonly bot: boolean;
  readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
  /** The commit that was looked at; null where the host no longer says. */
  readonly sha: string | null;
  /** When it was submitted: ISO 8601, UTC. */
  readonly at: string;
  /** What its author may do in the repository; null or absent where it was not asked. */
  readonly permission?: Permission | null;
}

/** One deployment that the host recorded, with its last known state. */
export interface Deployment {
  readonly sha: string;
  readonly environment: string;
  readonly state: 'success' | 'failure' | 'pending' | 'inactive' | 'unknown';
  readonly at: string;
  /** It succeeded once, whatever its state is now: the host calls it inactive when the next one succeeds. */
  readonly succeeded?: boolean;
  /** Its commit is another one than the head and has the very tree of the head. */
  readonly sameTree?: boolean;
}

/** A tag or release. */
export interface ReleasedVersion {
  readonly name: string;
  /** The commit it stands for; null where it was not asked. */
  readonly sha: string | null;
}

/** How a repository lets pull requests be merged. */
export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** How this pull request would be merged. */
export interface MergeOutlook {
  /** Whether it merges without a conflict; null while the host is finding out. */
  readonly clean: boolean | null;
  /** null where the host does not say which methods it allows. */
  readonly methods: readonly MergeMethod[] | null;
  readonly commits: number;
}

/**
 * What the host knows of the people and the releases around one pull request. Everything that was not asked for, or that the
 * host does not say, is null: unknown, which is never taken for "none".
 */
export interface ReleaseEvidence {
  readonly reviews: readonly PullReview[] | null;
  /** Who pushed the head and when; null parts are unknown. */
  readonly lastPush: { readonly by: string | null; readonly at: string | null };
  /** Everybody who is known to have pushed to the head branch, lower case; empty where nobody is known. */
  readonly pushers: ReadonlySet<string>;
  /** Authors, committers and co-authors of the commits, lower case; null where they were not asked for. */
  readonly authors: ReadonlySet<string> | null;
  /** Whether some commit could not be mapped to an account. */
  readonly unknownAuthors: boolean;
  /** When the base branch was last changed; null where that is not known; absent where it never was, or where no approval makes it matter. */
  readonly baseChangedAt?: string | null;
  /** The repository's recent deployments, newest first. */
  readonly deployments: readonly Deployment[] | null;
  /** The repository's tags and releases, newest first. */
  readonly versions: readonly ReleasedVersion[] | null;
  readonly outlook: MergeOutlook | null;
  /** How long the repository's own deploy workflow took lately: the median of its last successful runs. */
  readonly deployTime: { readonly workflow: string; readonly minutes: number; readonly runs: number } | null;
}

/** Nothing was asked for. */
export const NO_RELEASE_EVIDENCE: ReleaseEvidence = {
  reviews: null,
  lastPush: { by: null, at: null },
  pushers: new Set(),
  authors: null,
  unknownAuthors: false,
  deployments: null,
  versions: null,
  outlook: null,
  deployTime: null,
};
