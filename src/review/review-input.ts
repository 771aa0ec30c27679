import type { ChangeSet } from '../core/change-set.js';
import type { Config } from '../core/config.js';
import type { Finding } from '../core/finding.js';
import type { History } from '../core/history.js';
import type { Mishap } from '../core/mishap.js';
import type { Ask } from '../core/model.js';
import type { ReleaseEvidence } from '../core/release-evidence.js';
import type { Snapshot } from '../core/snapshot.js';
import type { Override, Verdict } from '../core/verdict.js';
import type { Acceptance } from '../core/waiver.js';
import type { Rule } from '../rules/define-rule.js';
import type { KeptCode } from './kept-code.js';
import type { Prove } from './proof-stage.js';

/** Everything one review is made from. */
export interface ReviewInput {
  readonly changeSet: ChangeSet;
  /** The trees at the merge base and at the head. */
  readonly base: Snapshot;
  readonly head: Snapshot;
  readonly config: Config;
  readonly rules: readonly Rule[];
  /** What is known before the review begins: settings that were ignored, a configuration that is not valid. */
  readonly notices: readonly string[];
  readonly mishaps: readonly Mishap[];
  readonly acceptances: readonly Acceptance[];
  readonly override: Override | null;
  /** Findings that another pull request of a merge group was already let through with: who and why. */
  readonly forgiven?: (finding: Finding) => { readonly by: string; readonly reason: string } | null;
  /** null where the model is not asked; `whyNotAsked` then says why. */
  readonly ask: Ask | null;
  readonly whyNotAsked: string | null;
  /** Prompt texts by question id. */
  readonly prompts: ReadonlyMap<string, string>;
  /** Keeps the model's answer for this very head, so that a review that is repeated says the same and costs nothing. */
  readonly answers?: { readonly read: () => Promise<string | null>; readonly write: (answer: string) => Promise<void> };
  /** The commit or branch that `statistics` are read at. */
  readonly trustedAt?: string;
  /** Keeps what was seen in the code for as long as the process lives, so that a new description alone does not have it judged again. */
  readonly kept?: KeptCode;
  readonly signal: AbortSignal;
  /** What was merged before, to verify a revert; absent where there is no repository to look in. */
  readonly history?: History;
  /** What the host knows of people and releases; asked only where a rule needs it. Absent without a host. */
  readonly release?: () => Promise<ReleaseEvidence>;
  /** A scan: every line counts as new, and a path is judged as production code relative to what the user named. */
  readonly scan?: {
    readonly judgedPath: (path: string) => string;
    /** The path that tells how a file is run as a migration: it says more than a path relative to the current folder; null for a file that is none. */
    readonly migrationPath: (path: string) => string | null;
    /** Files of the repository around what was named, for what names its database; absent where only what was named is known. */
    readonly surroundings?: Snapshot;
    /** The same files under paths as `migrationPath` gives them, for schema dumps beside the migrations. */
    readonly wholePaths?: Snapshot;
  };
  /** The text of the committed dump of a server's statistics, from the trusted base; null without one. Read only where there is a migration to judge. */
  readonly statistics?: () => Promise<string | null>;
  /** Runs the change's migrations on a database made for it; absent where nothing is run (scan, backtest). */
  readonly prove?: Prove;
  /** Called when a stage begins, for a progress line. */
  readonly progress?: (stage: string) => void;
}

/** Counts of one review; the only part of its output that is not deterministic. */
export interface ReviewStats {
  readonly files: number;
  readonly functions: number;
  readonly migrations: number;
  readonly findings: number;
  readonly milliseconds: number;
  readonly modelCalls: number;
  readonly modelDollars: number;
  /** Migrations that were run; absent where none were to be. */
  readonly proof?: { readonly server: string; readonly proved: number; readonly unproven: readonly { readonly path: string; readonly reason: string }[] };
}

export interface Reviewed {
  readonly verdict: Verdict;
  /** Texts at the head of the files that findings speak of, for code frames. */
  readonly texts: ReadonlyMap<string, string>;
  readonly stats: ReviewStats;
}
