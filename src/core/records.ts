import type { Acceptance } from './waiver.js';
import type { Override } from './verdict.js';
import type { RepositoryName, Trigger } from './job.js';

/** A `/ai-review …` comment waiting to be carried out, bound to the head at its receipt. */
export interface CommandRequest {
  readonly id: string;
  readonly repo: RepositoryName;
  readonly pull: number;
  readonly commentId: number;
  readonly author: string;
  readonly authorIsBot: boolean;
  readonly body: string;
  /** null when the payload did not name it: the head at the first look counts. */
  readonly headSha: string | null;
  readonly delivery: string;
}

/** A review somebody asked for, or an event that needs one. */
export interface ReviewRequest {
  readonly id: string;
  readonly repo: RepositoryName;
  /** null for a merge group. */
  readonly pull: number | null;
  readonly headSha: string | null;
  readonly trigger: Trigger;
  readonly delivery: string;
  /** For a merge group: what it is built on. */
  readonly baseSha?: string;
  readonly baseBranch?: string;
}

/** An issue that follows up a merged hotfix. */
export interface FollowUp {
  readonly pull: number;
  readonly issue: number;
  /** What the base branch got. */
  readonly mergedSha: string;
  /** Files the hotfix changed. */
  readonly paths: readonly string[];
  readonly open: boolean;
}

/** What Belay remembers beside what the host shows. Everything here can be lost without a wrong verdict becoming green. */
export interface Records {
  dismissals(repo: RepositoryName, pull: number): Promise<ReadonlySet<string>>;
  dismiss(repo: RepositoryName, pull: number, fingerprint: string, by: string, reason: string): Promise<void>;
  acceptances(repo: RepositoryName, pull: number, headSha: string): Promise<readonly Acceptance[]>;
  accept(repo: RepositoryName, pull: number, acceptance: Acceptance): Promise<void>;
  override(repo: RepositoryName, pull: number, headSha: string): Promise<Override | null>;
  recordOverride(repo: RepositoryName, pull: number, override: Override): Promise<void>;
  paused(repo: RepositoryName, pull: number): Promise<boolean>;
  setPaused(repo: RepositoryName, pull: number, paused: boolean, by: string): Promise<void>;
  /** Logins seen pushing to this pull request (`synchronize` senders), lower case. */
  pushers(repo: RepositoryName, pull: number): Promise<ReadonlySet<string>>;
  /** The newest push to this pull request that was seen: who, which head, and when it was noted. */
  lastPush(repo: RepositoryName, pull: number): Promise<{ readonly login: string; readonly headSha: string; readonly at: string } | null>;
  recordPusher(repo: RepositoryName, pull: number, headSha: string, login: string): Promise<void>;
  /** The last configuration that was valid on this branch, as text. */
  lastValidConfig(repo: RepositoryName, branch: string): Promise<string | null>;
  recordValidConfig(repo: RepositoryName, branch: string, text: string): Promise<void>;
  /** Follow-up issues that wait for evidence, newest first, ten at most. */
  openFollowUps(repo: RepositoryName): Promise<readonly FollowUp[]>;
  recordFollowUp(repo: RepositoryName, followUp: FollowUp): Promise<void>;
  /** Key/value cache with no promise of keeping anything. */
  cached(key: string): Promise<string | null>;
  cache(key: string, value: string): Promise<void>;
}
