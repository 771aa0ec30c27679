import type { Span } from './change-set.js';

/** How much a finding weighs in a verdict. Findings themselves have no level (docs/architecture.md, invariant 3). */
export type Level = 'block' | 'warn' | 'note';
export type LevelSetting = Level | 'off';

/** One row of a two-column timeline: what request A or B does, in the author's own line. */
export interface ScheduleStep {
  readonly actor: 'A' | 'B';
  readonly line: number | null;
  readonly text: string;
}

/** Why we say so. Every finding has at least one. */
export type Evidence =
  | { readonly kind: 'schedule'; readonly text: string; readonly steps: readonly ScheduleStep[] }
  | { readonly kind: 'observation'; readonly text: string; readonly server: string }
  | { readonly kind: 'reader'; readonly text: string; readonly path: string; readonly line: number }
  | { readonly kind: 'quote'; readonly text: string; readonly path: string | null; readonly line: number | null }
  | {
      readonly kind: 'fact';
      readonly text: string;
      readonly source: string;
      /** Markdown of ours to paste into the description, as it stands. */
      readonly paste?: string;
    };

/** Whole lines of the head's version and what to put there instead, ready for a one-click suggestion. */
export interface Suggestion {
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
}

/** What a rule saw: a fact in the author's own names. Plain text; backticks mark code. */
export interface Sighting {
  /** null for a sighting about the pull request as a whole. */
  readonly path: string | null;
  /** The line to comment on, in the head's version. */
  readonly span: Span | null;
  /** Other places that belong to the story: the read and the check of a race. Used to decide whether this change touches it. */
  readonly related?: readonly Span[];
  /** The enclosing function, statement or object: part of the fingerprint. */
  readonly symbol: string | null;
  /** Sightings of one rule in one function that tell the same story are one finding. Without it each stands for itself. */
  readonly story?: string;
  /** The code the fingerprint is made of; by default the text of the span's lines. */
  readonly code?: string;
  /** One sentence: what goes wrong, with the author's names and lines. */
  readonly message: string;
  /** What to do instead. */
  readonly remedy: string;
  readonly evidence: readonly Evidence[];
  readonly suggestion?: Suggestion;
}

/** A sighting that got a name. It states a fact and has no severity. */
export interface Finding {
  readonly ruleId: string;
  readonly title: string;
  readonly path: string | null;
  readonly span: Span | null;
  /** Other places of its story: a waiver may stand on any of them. */
  readonly related?: readonly Span[];
  readonly symbol: string | null;
  readonly message: string;
  readonly remedy: string;
  readonly evidence: readonly Evidence[];
  readonly suggestion: Suggestion | null;
  readonly source: 'rule' | 'model';
  /**
   * For findings of the model only: whether a second, separate question confirmed it with a quote and a way to break it.
   * Says nothing of how bad it is. Unverified ones are folded in the summary, never shown inline.
   */
  readonly certainty?: 'verified' | 'unverified';
  /** 32 hex digits: hash of rule, path, symbol and normalised code; no line numbers, no prose. Survives a rebase. */
  readonly fingerprint: string;
}

/** The short name of a finding that a person can type in a command: the fingerprint's first seven digits. */
export function shortId(finding: { readonly fingerprint: string }): string {
  return finding.fingerprint.slice(0, 7);
}
