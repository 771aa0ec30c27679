import type { Finding, Level } from './finding.js';
import type { Mishap } from './mishap.js';
import type { ProofReport } from './proof-report.js';
import type { Unread } from './change-set.js';

/** The conclusions a check run of ours can have; what each one means is in docs/architecture.md. */
export type Conclusion = 'success' | 'failure' | 'neutral' | 'action_required';

/** One finding and how much it weighs here. */
export interface Entry {
  readonly finding: Finding;
  readonly level: Level;
  /** A waiver stands in the same pull request that does not count yet, or not at all: why. */
  readonly unconfirmedWaiver?: { readonly reason: string; readonly line: number };
  /** Findings of the same rule in the same file that this one stands for: their lines are in its message. */
  readonly others?: readonly Finding[];
}

/** A finding that was accepted: by a comment on the base branch, by a confirmed comment, or by `/ai-review accept`. */
export interface Waived {
  readonly finding: Finding;
  readonly level: Level;
  readonly reason: string;
  /** Who accepted it: a login, or `path:line` of the comment. */
  readonly by: string;
}

/** `/ai-review override`: turns this one head green and is always shown. */
export interface Override {
  readonly headSha: string;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

/** Our opinion of a change: levels, what was waived, what went wrong, what was not read. Entries are sorted, most severe first. */
export interface Verdict {
  readonly conclusion: Conclusion;
  /** How many entries block. */
  readonly blocking: number;
  /** Plain sentences, the most important first: why this conclusion. */
  readonly reasons: readonly string[];
  readonly entries: readonly Entry[];
  readonly waived: readonly Waived[];
  readonly mishaps: readonly Mishap[];
  readonly unread: readonly Unread[];
  /** Things a reader should know that are no finding: an assumption, a question not asked, a setting ignored. */
  readonly notices: readonly string[];
  /** In `mode: observe`: what the conclusion would have been. */
  readonly wouldHaveBeen?: Conclusion;
  readonly override?: Override;
  /** What the model said and could not prove: shown folded away, never inline, and of no weight. */
  readonly unverified?: readonly Finding[];
  /** Why nothing was reviewed on purpose: a draft or a bot, as configured. */
  readonly notReviewed?: string;
  /** What running the change's migrations showed. It weighs nothing by itself: what is wrong with them is a finding. */
  readonly proof?: ProofReport;
}
