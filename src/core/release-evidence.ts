/** One review of a pull request, as the host keeps it. */
export interface PullReview {
  /** Lower case. */
  readonly login: string;
  readonly bot: boolean;
  readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
  /** The commit that was looked at; null where the host no longer says. */
  readonly sha: string | null;
  /** When it was submitted: ISO 8601, UTC. */
  readonly at: string;
}

/** One deployment that the host recorded, with its last known state. */
export interface Deployment {
  readonly sha: string;
  readonly environment: string;
  readonly state: 'success' | 'failure' | 'pending' | 'inactive' | 'unknown';
  readonly at: string;
}

/** A tag or release. */
export interface ReleasedVersion {
  readonly name: string;
  /** The commit it stands for; null where it was not asked. */
  readonly sha: string | null;
}

/**
 * What the host knows of the people and the releases around one pull request. Everything that was not asked for, or that the
 * host does not say, is null: unknown, which is never taken for "none".
 */
export interface ReleaseEvidence {
  readonly reviews: readonly PullReview[] | null;
  /** Who pushed the head and when; null parts are unknown. */
  readonly lastPush: { readonly by: string | null; readonly at: string | null };
  /** Authors, committers and co-authors of the commits, lower case; null where they were not asked for. */
  readonly authors: ReadonlySet<string> | null;
  /** Whether some commit could not be mapped to an account. */
  readonly unknownAuthors: boolean;
  /** The repository's recent deployments, newest first. */
  readonly deployments: readonly Deployment[] | null;
  /** The repository's tags and releases, newest first. */
  readonly versions: readonly ReleasedVersion[] | null;
  /** How long the repository's own deploy workflow took lately: the median of its last successful runs. */
  readonly deployTime: { readonly workflow: string; readonly minutes: number; readonly runs: number } | null;
}

/** Nothing was asked for. */
export const NO_RELEASE_EVIDENCE: ReleaseEvidence = {
  reviews: null,
  lastPush: { by: null, at: null },
  authors: null,
  unknownAuthors: false,
  deployments: null,
  versions: null,
  deployTime: null,
};
