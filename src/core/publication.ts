import type { Conclusion } from './verdict.js';

/** The name of the one check run; static, so that any ruleset can require it. */
export const CHECK_NAME = 'Belay';

/** What a hidden marker says of the comment that carries it. */
export type CommentState = 'open' | 'fixed' | 'accepted' | 'dismissed';

/** A line of a file that a check run points at. Lines are of the head's version, 1-based, both ends inclusive. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'failure' | 'warning' | 'notice';
  /** At most 255 characters. */
  readonly title: string;
  /** At most 64 KB. Plain text: GitHub renders no Markdown here. */
  readonly message: string;
}

/** A button on the check run. GitHub's limits: label 20 characters, description 40, identifier 20. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

/** The words of a check run. `summary` and `text` are Markdown of at most 65,535 characters each. */
export interface CheckOutput {
  readonly title: string;
  readonly summary: string;
  readonly text: string;
}

/**
 * Brings the check run with this external id into the given state: created where there is none yet. One write is one
 * request and carries at most 50 annotations, which GitHub appends to those that are there.
 */
export interface CheckRunWrite {
  readonly kind: 'check-run';
  /** The run's id where it is known; else it is looked up by `externalId`. */
  readonly id: number | null;
  readonly externalId: string;
  /**
   * Whether somebody asked for a new run, known by its external id alone. Otherwise any run of ours with this name on
   * this head is the one meant: there is one per name and head.
   */
  readonly rerun: boolean;
  readonly name: string;
  readonly headSha: string;
  readonly status: 'in_progress' | 'completed';
  /** Set exactly when completed. */
  readonly conclusion: Conclusion | null;
  readonly output: CheckOutput;
  readonly annotations: readonly Annotation[];
  readonly actions: readonly CheckAction[];
}

/** An inline comment on lines of the head's version (RIGHT side). `startLine` is null for a single line. */
export interface ReviewComment {
  readonly fingerprint: string;
  readonly path: string;
  readonly startLine: number | null;
  readonly line: number;
  /** Ends with the signed marker. */
  readonly body: string;
}

/** One review (event COMMENT) with all new inline comments, recognised by the markers in its comments. */
export interface ReviewWrite {
  readonly kind: 'review';
  readonly pull: number;
  readonly headSha: string;
  readonly body: string;
  readonly comments: readonly ReviewComment[];
}

/** A comment on a whole file, for a finding outside every hunk. Recognised by its marker. */
export interface FileCommentWrite {
  readonly kind: 'file-comment';
  readonly pull: number;
  readonly headSha: string;
  readonly fingerprint: string;
  readonly path: string;
  readonly body: string;
}

/** Replaces the text of one of our own review comments. Doing it twice is harmless. */
export interface EditCommentWrite {
  readonly kind: 'edit-comment';
  readonly pull: number;
  readonly commentId: number;
  readonly fingerprint: string;
  readonly state: CommentState;
  readonly body: string;
}

/** An answer in the pull request's conversation. `key` is in the marker that ends its body: the same key is never posted twice. */
export interface ReplyWrite {
  readonly kind: 'reply';
  readonly pull: number;
  readonly key: string;
  readonly body: string;
}

/** A reaction to a comment in the conversation. GitHub keeps one per content and account, so twice is harmless. */
export interface ReactionWrite {
  readonly kind: 'reaction';
  readonly commentId: number;
  readonly content: '+1' | '-1' | 'eyes' | 'rocket' | 'confused';
}

/**
 * A new issue that follows up a pull request. `key` is in the marker that ends its body: the same key is never opened twice. Needs
 * issues: write, an operator's choice; where that is missing, or the repository has no issues, nothing happens.
 */
export interface IssueWrite {
  readonly kind: 'issue';
  readonly pull: number;
  readonly key: string;
  readonly title: string;
  /** Ends with the signed marker. */
  readonly body: string;
}

/** Replaces the text of one of our own issues. Doing it twice is harmless. */
export interface EditIssueWrite {
  readonly kind: 'edit-issue';
  readonly issue: number;
  readonly body: string;
}

/** One of our own issues, known by a marker whose signature was verified. */
export interface PublishedIssue {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly body: string;
}

export type Write = CheckRunWrite | ReviewWrite | FileCommentWrite | EditCommentWrite | ReplyWrite | ReactionWrite | IssueWrite | EditIssueWrite;

/** Everything that will be said, in order; `pull` is 0 where there is none (the command line). Plain data; carrying it out twice changes nothing the second time. */
export interface Publication {
  readonly writes: readonly Write[];
}

/** One of our own review comments, known by a marker whose signature was verified. */
export interface PublishedComment {
  readonly id: number;
  readonly fingerprint: string;
  readonly ruleId: string;
  readonly state: CommentState;
  readonly path: string;
  /** The line at the newest head; null for a comment on a file, or when the code under it has changed since. */
  readonly line: number | null;
  readonly onFile: boolean;
  readonly body: string;
}

/** One of our own check runs of the head in question. */
export interface PublishedCheckRun {
  readonly id: number;
  readonly externalId: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: string | null;
  readonly output: CheckOutput;
  readonly annotations: readonly Annotation[];
}

/** What we said before, as the host shows it now. */
export interface Published {
  readonly comments: readonly PublishedComment[];
  /** Newest first. */
  readonly checkRuns: readonly PublishedCheckRun[];
}

export const NOTHING_PUBLISHED: Published = { comments: [], checkRuns: [] };
