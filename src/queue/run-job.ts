import { setTimeout as delay } from 'node:timers/promises';
import { BelayError, type ErrorScope } from '../core/errors.js';
import type { Log, Sql, Store } from '../core/store.js';
import { backoffAfter, type Backoff } from './backoff.js';
import type { Classified } from './classify-error.js';
import { holdBack } from './holds.js';
import type { Boss } from './start-boss.js';
import { finishWork, postponeWork, releaseWork, type Claim, type Due, type Postponed } from './work.js';

/** What a worker may want to know of the attempt it is making. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** When this one fails, too, the key is parked: the moment to tell the pull request that Belay could not finish. */
  readonly last: boolean;
}

/** Does everything that is pending on a key. Rejects when it should be tried again. */
export type Work = (key: string, signal: AbortSignal, attempt: Attempt) => Promise<void>;

export interface Limits {
  /** How long a lease lasts; it is renewed four times in that time. */
  readonly leaseMs: number;
  /** A job that runs longer is aborted. */
  readonly jobMs: number;
  /** How long an aborted job may take to end. */
  readonly graceMs: number;
  readonly maxAttempts: number;
  /** A parked key gets another attempt after so long. */
  readonly parkedMs: number;
  readonly requestBackoff: Backoff;
  readonly pullBackoff: Backoff;
}

export interface Runner {
  readonly store: Store;
  readonly boss: Boss;
  readonly log: Log;
  readonly work: Work;
  readonly classify: (error: unknown) => Classified;
  readonly limits: Limits;
  readonly random: () => number;
  /** Told that something becomes due in so many milliseconds. */
  readonly dueIn: (milliseconds: number) => void;
}

/** The reason with which a job is aborted when the process goes down. */
export const GOING_DOWN = new BelayError('request', 'The process is going down.');

/** The reason when another process took the key over, because this one had not renewed its lease in time. */
export const LEASE_LOST = new BelayError('pull', 'The lease on a job was lost; whoever took it over does the work.');

/** Does the work of one claim, and records how it went. Never rejects. `control` may abort it from outside. */
export async function runJob(runner: Runner, claimed: Claim, owner: string, control: AbortController): Promise<void> {
  const { log, limits, work } = runner;
  const number = claimed.attempts + 1;
  const failure = await withDeadline(
    () => work(claimed.key, control.signal, { number, last: number >= limits.maxAttempts }),
    control,
    limits,
  );
  try {
    await persistently(() => record(runner, claimed, owner, control, failure));
  } catch (error) {
    // The lease runs out, and the work is done again.
    log.error({ err: error, key: claimed.key }, 'the outcome of a job could not be recorded');
  }
}

type Failure = { readonly error: unknown } | null;

/** Runs the work under its deadline. A job that does not even end when it is aborted is given up. */
async function withDeadline(work: () => Promise<void>, control: AbortController, { jobMs, graceMs }: Limits): Promise<Failure> {
  const timeUp = setTimeout(
    () => control.abort(new BelayError('pull', `The work took longer than ${Math.round(jobMs / 1000)} seconds.`, { retryAfter: 0 })),
    jobMs,
  );
  const given = new AbortController();
  const abandoned = new Promise<Failure>((resolve) => {
    control.signal.addEventListener('abort', () => {
      void delay(graceMs, undefined, { signal: given.signal }).then(() => resolve({ error: control.signal.reason }), () => undefined);
    });
  });
  try {
    return await Promise.race([ended(work, control.signal), abandoned]);
  } finally {
    clearTimeout(timeUp);
    given.abort();
  }
}

/** What made the work fail; after an abort that is the reason of the abort, whatever the work threw then. */
async function ended(work: () => Promise<void>, signal: AbortSignal): Promise<Failure> {
  try {
    await work();
    return null;
  } catch (error) {
    return { error: signal.aborted ? signal.reason : error };
  }
}

/** The database may be away for a moment; our lease lasts a while. */
async function persistently(record: () => Promise<void>): Promise<void> {
  for (const wait of [100, 500, 2_000]) {
    try {
      return await record();
    } catch {
      await delay(wait);
    }
  }
  return record();
}

async function record(runner: Runner, claimed: Claim, owner: string, control: AbortController, failure: Failure): Promise<void> {
  const { store, boss, log } = runner;
  if (failure === null) {
    await store.transaction(async (sql) => boss.insert(sql, onlyDue(await finishWork(sql, claimed.key, owner))));
    return;
  }
  if (control.signal.reason === GOING_DOWN) return releaseWork(store, [owner]);
  if (control.signal.reason === LEASE_LOST) return log.warn({ key: claimed.key }, LEASE_LOST.message);
  const { postponed, scope } = await store.transaction(async (sql) => {
    const decided = await decide(runner, sql, claimed, failure.error);
    await boss.insert(sql, onlyDue(await postponeWork(sql, claimed.key, owner, decided.postponed)));
    return decided;
  });
  const fields = { err: failure.error, key: claimed.key, scope, attempt: claimed.attempts + 1 };
  if (!postponed.park) {
    runner.dueIn(postponed.delayMs);
    return log.warn({ ...fields, retryInMs: Math.round(postponed.delayMs) }, 'a job failed and will be tried again');
  }
  await boss.park(claimed.key, postponed.error);
  log.error(fields, 'a job failed too often, or for good, and is parked');
}

/** What a failure means for this key, its account, or everybody. */
async function decide(runner: Runner, sql: Sql, claimed: Claim, thrown: unknown): Promise<{ readonly postponed: Postponed; readonly scope: ErrorScope }> {
  const { scope, retryAfter } = runner.classify(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const error = message.replaceAll('\0', '').slice(0, 500);
  const random = runner.random();
  if (scope === 'request' || scope === 'pull') return { scope, postponed: ownTrouble(runner.limits, claimed, scope, retryAfter, error, random) };
  const account = scope === 'global' ? null : claimed.account;
  const delayMs = await holdBack(sql, { account, reason: error, waitMs: retryAfter ?? null, random });
  return { scope, postponed: { delayMs, error, counts: false, park: false } };
}

/** Trouble of this key alone: waits longer each time, and is parked when trying again is pointless. */
function ownTrouble(limits: Limits, claimed: Claim, scope: 'request' | 'pull', retryAfter: number | null | undefined, error: string, random: number): Postponed {
  const failures = claimed.attempts + 1;
  const usual = backoffAfter(failures, scope === 'request' ? limits.requestBackoff : limits.pullBackoff, random);
  // A little more than asked for, so that not everybody comes back in the same second.
  const delayMs = Math.max(usual, (retryAfter ?? 0) * (1 + random / 10));
  return { delayMs, error, counts: true, park: retryAfter === null || failures >= limits.maxAttempts };
}

function onlyDue(due: Due | null): readonly Due[] {
  return due === null ? [] : [due];
}
