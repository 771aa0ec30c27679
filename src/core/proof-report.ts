import type { LockStatement } from './lock-report.js';

/** The server that a proof ran on. */
export interface ProofServer {
  /** As the server tells it: `18.6`. */
  readonly version: string;
  /** `pglite`: embedded, one session; `postgres`: a server that was given. */
  readonly kind: 'pglite' | 'postgres';
}

/** How long a statement keeps others out on tables as large as they really are: computed, never measured there. */
export interface ScaleEstimate {
  /** `schema.name` of the relation whose size decides. */
  readonly relation: string;
  readonly rows: number;
  /** Where the size is from: the configuration, or a dump of the server's statistics. */
  readonly from: 'configuration' | 'statistics';
  /** What the rates behind it were measured on: "calibrated on one machine". */
  readonly calibration: string;
  /** Between these many milliseconds: the calibration's error is in it. */
  readonly milliseconds: readonly [low: number, high: number];
  /** Requests that wait when it is over, where their rate is known. */
  readonly queued?: number;
}

/**
 * A statement as it ran: `source: 'observed'` where its locks, rewrites and scans were read from the server while it held them;
 * else they are the classifier's (`documented`, `measured`).
 */
export interface ProvedStatement extends LockStatement {
  /** Who has to wait, in plain words: "reads and writes of public.users"; empty when nobody has to. */
  readonly blocks: string;
  /** On the small database of the proof; null when it did not run. */
  readonly milliseconds: number | null;
  /** Indexes (`schema.name`) built anew without their table. */
  readonly indexRebuild: readonly string[];
  /** The server's refusal. */
  readonly sqlstate?: string;
  /** Locks of earlier statements of the same transaction that are held on while this one runs: relation to mode. */
  readonly held: Readonly<Record<string, string>>;
  readonly estimate?: ScaleEstimate;
}

/** An object of the schema that is not what it was before: `null` where it is not there. */
export interface SchemaDifference {
  /** `column public.users.plan`, `index public.users_email_key`. */
  readonly object: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Rows, or values of a column, that were there before up and are not (or are others) after down. */
export interface DataLoss {
  /** `public.users.plan`: a column's values. */
  readonly column?: string;
  /** `public.users`: whole rows. */
  readonly table?: string;
  /** How many of `of` are lost. */
  readonly rows: number;
  readonly of: number;
}

/** A statement of the code that is still running, which the new schema refuses. */
export interface OldCodeFailure {
  readonly statement: string;
  readonly error: string;
  /** Where the code says it: a model, a query. */
  readonly path: string | null;
  readonly line: number | null;
}

/** One migration as it ran. */
export interface MigrationProof {
  /** The file of the up direction. */
  readonly path: string;
  readonly downPath: string | null;
  /** Where the migration stands, for files that hold several. */
  readonly id: string;
  /** `proved`: it ran to its end, whatever that showed. */
  readonly status: 'proved' | 'unproven';
  /** Why it is unproven, or could be proved only in part. */
  readonly reason?: string;
  /** Up, then down. */
  readonly statements: readonly ProvedStatement[];
  /** Whether down led back to the schema before, with the data that was there; null where there is no down or it was not tried. */
  readonly reversible: boolean | null;
  /** Why `reversible` is null: `none` (no down), `irreversible` (its author says so), or what stood in the way. */
  readonly notReversed?: string;
  /** Set where the down direction ended with an error: its statement and the server's words. */
  readonly downError?: { readonly statement: string; readonly line: number; readonly error: string; readonly sqlstate: string; /** Whether it runs on empty tables. */ readonly onlyWithRows: boolean };
  /** Set where up fails on tables that hold rows, whatever they are, and not on empty ones. What only the seeded values break is in `reason`. */
  readonly failsOnRows?: { readonly statement: string; readonly line: number; readonly error: string; readonly sqlstate: string };
  /** Between the schema before up and the one after down. */
  readonly differences: readonly SchemaDifference[];
  /** Between the schema after up and the one after down and up again. */
  readonly again: readonly SchemaDifference[];
  /** Set where up fails after down, though it ran before. */
  readonly againError?: { readonly statement: string; readonly line: number; readonly error: string; readonly sqlstate: string };
  readonly dataLoss: readonly DataLoss[];
  readonly oldCode: readonly OldCodeFailure[];
}

/** What stood in the way of replaying the base branch's migrations. */
export interface ReplayProblem {
  readonly path: string;
  readonly line: number;
  readonly statement: string;
  readonly error: string;
}

/** What running migrations on a database showed: the public form (`belay prove --format json`). */
export interface ProofReport {
  readonly schemaVersion: 1;
  readonly server: ProofServer;
  readonly migrations: readonly MigrationProof[];
  /** Where the history did not replay: the proof then ran on the tables that the new migrations name. */
  readonly base: readonly ReplayProblem[];
  /** What was stood in for, and what the reader must know beside: "the extension timescaledb is not there and was left out". */
  readonly notes: readonly string[];
  /** Where the server and the classifier say different things of one statement. */
  readonly disagreements: readonly { readonly path: string; readonly line: number; readonly statement: string; readonly observed: string; readonly classified: string }[];
}
