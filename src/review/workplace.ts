import type { Config } from '../core/config.js';
import type { Host, HostPull, ReadLimits } from '../core/host.js';
import type { RepositoryName } from '../core/job.js';
import type { Ask } from '../core/model.js';
import type { CommandRequest, Records, ReviewRequest } from '../core/records.js';
import type { Log } from '../core/store.js';
import type { Verdict } from '../core/verdict.js';
import type { Rule } from '../rules/define-rule.js';
import type { KeptCode } from './kept-code.js';
import type { Prove } from './proof-stage.js';

/** Everything a job on one pull request works with. The doors put it together. */
export interface Workplace {
  readonly host: Host;
  readonly records: Records;
  readonly rules: readonly Rule[];
  /** The way to ask the model within its budget, or why there is none. */
  readonly modelFor: (config: Config['llm'], repo: RepositoryName, pull: number | null) => { readonly ask: Ask | null; readonly whyNotAsked: string | null };
  readonly prompts: ReadonlyMap<string, string>;
  readonly homepage: string;
  /** Runs migrations on a database made for them; absent where that is switched off. */
  readonly prove?: Prove;
  /** What was seen in the code of heads that were reviewed before; a restart forgets it. */
  readonly kept: KeptCode;
  readonly limits: ReadLimits;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly now: () => Date;
  /** Called once per concluded review, for the metrics. */
  readonly observe: (verdict: Verdict) => void;
}

/** What waits for one pull request. */
export interface PendingWork {
  readonly reviews: readonly ReviewRequest[];
  readonly commands: readonly CommandRequest[];
}

/** A pull request with the configuration that judges it. */
export interface Case {
  readonly pull: HostPull;
  readonly config: Config;
  readonly notices: readonly string[];
  /** The trusted commit or branch that the configuration is from. */
  readonly ref: string;
}
