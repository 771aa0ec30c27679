import type { KeyObject } from 'node:crypto';
import type { Side } from './diff.js';
import type { Fault } from './faults.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

export type Access = 'read' | 'write' | 'admin';
export type Permissions = Readonly<Record<string, Access>>;
export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read';

/** A user, bot or organisation. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
  readonly name: string;
  readonly email: string;
}

export interface Team {
  readonly id: number;
  readonly organisation: string;
  readonly slug: string;
  /** Logins, lower case. */
  readonly members: Map<string, 'member' | 'maintainer'>;
}

export interface Installation {
  readonly id: number;
  readonly account: Account;
  permissions: Permissions;
  events: readonly string[];
  suspended: boolean;
  readonly createdAt: string;
  /** Requests counted against the limit since it was last reset. */
  used: number;
  resetAt: number;
}

export interface Token {
  readonly token: string;
  readonly installation: Installation;
  readonly permissions: Permissions;
  /** Repository ids the token is good for; null means all of the installation. */
  readonly repositories: readonly number[] | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface Repository {
  readonly id: number;
  readonly owner: Account;
  readonly name: string;
  readonly private: boolean;
  /** Whether the App is installed on it. */
  installed: boolean;
  readonly defaultBranch: string;
  /** The bare git repository. */
  readonly directory: string;
  readonly parent: Repository | null;
  readonly createdAt: string;
  pushedAt: string;
  nextNumber: number;
  /** Commits made here so far; their dates are counted from it. */
  commits: number;
  readonly collaborators: Map<string, Role>;
  readonly pulls: Map<number, Pull>;
  readonly issues: Map<number, Issue>;
  readonly comments: Map<number, IssueComment>;
  readonly reviews: Map<number, Review>;
  readonly reviewComments: Map<number, ReviewComment>;
  readonly checkSuites: Map<number, CheckSuite>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly labels: Map<string, Label>;
  readonly deployments: Map<number, Deployment>;
  readonly activities: Activity[];
  /** Branch → names of the checks it requires. */
  readonly requiredChecks: Map<string, readonly string[]>;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

/** What issues and pull requests have in common; a plain issue has nothing more. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly user: Account;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  readonly labels: Set<string>;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
}

export interface Pull extends Issue {
  draft: boolean;
  merged: boolean;
  mergedAt: string | null;
  mergedBy: Account | null;
  mergeCommitSha: string | null;
  readonly headRepository: Repository;
  headRepositoryDeleted: boolean;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  /** The tip of the base branch when the pull request was opened or pushed to: stale by design. */
  baseSha: string;
  /** When its base was changed. */
  readonly baseChanges: string[];
  /** Every head it ever had. */
  readonly heads: string[];
  readonly assignees: readonly Account[];
}

export interface IssueComment {
  readonly id: number;
  readonly number: number;
  readonly user: Account;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  readonly byApp: boolean;
  readonly reactions: Reaction[];
  minimized: string | null;
}

export interface Reaction {
  readonly id: number;
  readonly user: Account;
  readonly content: string;
  readonly createdAt: string;
}

export interface Review {
  readonly id: number;
  readonly number: number;
  readonly user: Account;
  body: string;
  state: 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED';
  readonly commitId: string;
  submittedAt: string | null;
}

export interface ReviewComment {
  readonly id: number;
  readonly number: number;
  readonly reviewId: number;
  readonly inReplyTo: number | null;
  readonly user: Account;
  body: string;
  readonly path: string;
  readonly subject: 'line' | 'file';
  readonly side: Side;
  readonly startSide: Side | null;
  /** Line in the version it was written on. */
  readonly originalLine: number | null;
  readonly originalStartLine: number | null;
  readonly originalPosition: number | null;
  readonly originalCommitId: string;
  readonly diffHunk: string;
  readonly createdAt: string;
  updatedAt: string;
  readonly reactions: Reaction[];
  minimized: string | null;
  resolved: boolean;
}

export interface CheckSuite {
  readonly id: number;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly before: string | null;
  readonly createdAt: string;
  updatedAt: string;
  appId: number;
}

export type CheckStatus = 'queued' | 'in_progress' | 'completed';
export type CheckConclusion = 'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required';

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number | null;
  readonly end_column: number | null;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title: string | null;
  readonly raw_details: string | null;
}

export interface CheckRun {
  readonly id: number;
  readonly suite: CheckSuite;
  readonly appId: number;
  readonly headSha: string;
  name: string;
  externalId: string;
  detailsUrl: string | null;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  startedAt: string;
  completedAt: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  readonly annotations: Annotation[];
  actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[];
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly environment: string;
  readonly creator: Account;
  readonly createdAt: string;
  readonly statuses: { readonly id: number; readonly state: string; readonly createdAt: string }[];
}

export interface Activity {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly ref: string;
  readonly timestamp: string;
  readonly type: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion' | 'pr_merge' | 'merge_queue_merge';
  readonly actor: Account;
}

/** One attempt to deliver a webhook. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly body: string;
  readonly redelivery: boolean;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly deliveredAt: number;
  duration: number;
  /** GitHub's words: "OK", "failed to connect", "Invalid HTTP Response: 503" …; "pending" while it is under way. */
  status: string;
  statusCode: number;
  response: string;
}

/** A request the stand-in was asked, kept for assertions. */
export interface RequestRecord {
  readonly at: number;
  readonly method: string;
  /** Path below the API's root, with its query. */
  readonly path: string;
  readonly body: Json;
  authorization: 'none' | 'app' | 'installation' | 'invalid';
  /** The repositories its token is good for. */
  repositories: readonly number[] | null;
  status: number;
  /** The fault that was played on it. */
  fault: string | null;
}

/** A request GitHub's documentation does not allow, whatever we answered. */
export interface Violation {
  readonly method: string;
  readonly path: string;
  readonly problem: string;
  readonly body: Json;
}

export interface AppRegistration {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly webhookSecret: string;
  readonly owner: Account;
  readonly bot: Account;
  permissions: Permissions;
  events: readonly string[];
  readonly createdAt: string;
}

/** Everything the stand-in knows. Tests may read all of it. */
export interface World {
  /** `http://127.0.0.1:port`. */
  url: string;
  /** `${url}/api/v3`. */
  api: string;
  readonly directory: string;
  readonly app: AppRegistration;
  readonly accounts: Map<string, Account>;
  readonly teams: Team[];
  readonly installations: Installation[];
  /** By full name, lower case. */
  readonly repositories: Map<string, Repository>;
  readonly tokens: Map<string, Token>;
  readonly deliveries: Delivery[];
  /** Where the App takes webhooks; null until it is connected. */
  hookUrl: string | null;
  readonly requests: RequestRecord[];
  readonly violations: Violation[];
  readonly faults: Fault[];
  rateLimit: number;
  tokenLifetime: number;
  now: () => number;
  nextId: () => number;
  /** Work that goes on after a request was answered. */
  readonly background: Set<Promise<void>>;
  /** Errors of the stand-in itself, thrown in the background. Always empty in a healthy test. */
  readonly accidents: unknown[];
  /** Set by the deliveries; sends a webhook to the App when it is subscribed and may see it. */
  emit: (event: string, action: string | null, payload: JsonObject, repository: Repository | null) => Promise<void>;
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}
