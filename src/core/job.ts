/** A repository on the host, `owner/name`. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** What set a review off. Only used for logs, metrics and to decide whether an unchanged head is reviewed again. */
export type Trigger = 'merged' | 'pushed' | 'edited' | 'requested' | 'rerun' | 'base-changed' | 'merge-group' | 'alert' | 'swept' | 'command-line';

/**
 * One piece of work on one pull request. It carries names, never content: whoever works on it reads the newest state of
 * the pull request from the host, because deliveries arrive late, twice and in any order.
 */
export interface Job {
  readonly kind: 'review' | 'command' | 'merge-group';
  readonly repo: RepositoryName;
  /** The pull request's number; null for a merge group, which is named by its head alone. */
  readonly pull: number | null;
  /** The head at the time of the event: 40 hex digits. A command is bound to it. */
  readonly headSha: string;
  readonly trigger: Trigger;
  /** `X-GitHub-Delivery` of the event behind it, for the logs. */
  readonly delivery: string;
}
