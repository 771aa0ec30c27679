/** `belay-accept: <rule> -- <reason>` found in a comment. Without a reason it is not a waiver and is reported as a notice. */
export interface Waiver {
  readonly ruleId: string;
  readonly reason: string;
  readonly path: string;
  /** The line of the comment, 1-based. */
  readonly line: number;
  /** The line it speaks of: its own when code stands before it, else the next line of code. */
  readonly appliesTo: number;
  /** Whether this very change brought it: then a blocking rule waits for a second person. */
  readonly addedHere: boolean;
}

/** `/ai-review accept <rule> <reason>`, checked for rights already: bound to one head. */
export interface Acceptance {
  readonly ruleId: string;
  readonly headSha: string;
  readonly by: string;
  readonly reason: string;
}
