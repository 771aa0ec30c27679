/**
 * How far a failure reaches. `request`: this one call, try again. `pull`: this pull request only. `installation`: one
 * account (suspended, permissions not granted). `global`: all of it (bad credentials, host or database down).
 */
export type ErrorScope = 'request' | 'pull' | 'installation' | 'global';

/** A failure that was expected, with what to do about it. `message` is one plain sentence without secrets. */
export class BelayError extends Error {
  override readonly name = 'BelayError';
  readonly scope: ErrorScope;
  /** Milliseconds to wait before the job is tried again; null when trying again is pointless. */
  readonly retryAfter: number | null;

  constructor(scope: ErrorScope, message: string, options: { readonly retryAfter?: number | null; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.scope = scope;
    this.retryAfter = options.retryAfter ?? null;
  }
}

/** Bad arguments or configuration on the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
