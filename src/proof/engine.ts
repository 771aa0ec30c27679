import type { ProofServer } from '../core/proof-report.js';

/** A row as our own queries read it: every value as text, NULL as null. Queries cast what is no plain value (arrays, JSON) to text. */
export type TextRow = Readonly<Record<string, string | null>>;

/** The server's refusal of a statement. */
export interface Refusal {
  /** SQLSTATE: `42P01`. */
  readonly code: string;
  readonly message: string;
}

/** A whole database put aside: opens again as it was. What is in it is the engine's own business. */
export interface SavedDatabase {
  readonly kind: ProofServer['kind'];
  /** For `pglite`: an archive of the data directory. For `postgres`: the name of a template database. */
  readonly bytes: Uint8Array | null;
  readonly name: string | null;
}

/**
 * One session on a throw-away database. Every call rejects with `EngineLost` once the database is gone: killed at its deadline
 * or memory limit, crashed, or aborted. Calls run one after the other, in the order they were made.
 */
export interface Engine {
  readonly server: ProofServer;
  /** The server's major version. */
  readonly major: number;
  /** One query of our own. Rejects with `EngineRefused` for what the server refuses. `params` are $1, $2 … as text. */
  query(sql: string, params?: readonly (string | null)[]): Promise<readonly TextRow[]>;
  /** One statement (or several, then as one implicit transaction) of a migration; its rows are thrown away unread. null when it ran. */
  attempt(sql: string): Promise<Refusal | null>;
  /** Puts the database aside. Outside a transaction only. */
  save(): Promise<SavedDatabase>;
  /** Throws the current database away and goes on in a copy of a saved one (null: an empty one), as another session. */
  restore(saved: SavedDatabase | null): Promise<void>;
  close(): Promise<void>;
}

/** A query of our own that the server refused. */
export class EngineRefused extends Error {
  override readonly name = 'EngineRefused';
  constructor(readonly refusal: Refusal) {
    super(`${refusal.message} (SQLSTATE ${refusal.code})`);
  }
}

/** The database is gone; `message` says why, in words for the report: "it took more than 20 seconds". */
export class EngineLost extends Error {
  override readonly name = 'EngineLost';
}

export interface EngineLimits {
  /** For the whole proof. */
  readonly milliseconds: number;
  /** Resident bytes above the idle process. */
  readonly bytes: number;
}

export const DEFAULT_ENGINE_LIMITS: EngineLimits = { milliseconds: 20_000, bytes: 1_000_000_000 };

/** Opens a fresh, empty database. Rejects with `EngineLost` where none can be had. Extensions are those that the server has. */
export type OpenEngine = (options: { readonly limits: EngineLimits; readonly extensions: readonly string[]; readonly signal: AbortSignal }) => Promise<Engine>;
