import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Log, Sql, Store } from '../core/store.js';
import { classifyError, type Classified } from './classify-error.js';
import { createHands } from './hands.js';
import { holdBack, letGo } from './holds.js';
import type { Limits, Runner, Work } from './run-job.js';
import { startBoss, type Boss } from './start-boss.js';
import { startLoop } from './start-loop.js';
import { createTimetable, type Timetable } from './timetable.js';
import { withinTime } from './within-time.js';
import { countWork, releaseOrphans, takeDue, unpark, want, type Wish, type WorkCounts } from './work.js';

export interface QueueOptions {
  readonly store: Store;
  readonly work: Work;
  /** How many keys are worked on at the same time in this process. */
  readonly concurrency: number;
  readonly log: Log;
  readonly classify?: (error: unknown) => Classified;
  readonly limits?: Partial<Limits>;
}

export interface Queue {
  /** Schedules work on a key (`jobKey` of core). Asking again while it waits changes nothing; while it is in hand, it is done once more. */
  send(key: string, wish?: Wish): Promise<void>;
  /** The same for several keys as part of a transaction of the caller's. Call `wake` after it has committed. */
  enqueue(sql: Sql, keys: readonly string[], wish?: Wish): Promise<void>;
  /** Looks for jobs at once. */
  wake(): void;
  /** Keys that wait or are in hand. */
  depth(): Promise<number>;
  /** Seconds since the longest waiting key could have been taken up. */
  age(): Promise<number>;
  counts(): Promise<WorkCounts>;
  /** Holds back every key of an account for so many milliseconds. */
  pauseInstallation(account: string, milliseconds: number, reason: string): Promise<void>;
  resumeInstallation(account: string): Promise<void>;
  readonly every: Timetable['every'];
  /** Whether jobs are being fetched: false once draining. */
  readonly running: boolean;
  /** Takes no new job, waits for those in hand, aborts what is not done in time and gives it back. Then everything has stopped. */
  drain(timeoutMs: number): Promise<void>;
  /** The same without waiting. */
  stop(): Promise<void>;
}

const DEFAULT_LIMITS: Limits = {
  leaseMs: 20_000,
  jobMs: 900_000,
  graceMs: 10_000,
  maxAttempts: 8,
  parkedMs: 1_800_000,
  requestBackoff: { first: 1_000, most: 60_000 },
  pullBackoff: { first: 4_000, most: 600_000 },
};

/** Keys that are looked after in one pass. */
const SWEEP = 200;

/**
 * Starts working through the queue. At most one job per key runs at a time, over all processes on one database; a key whose
 * process died is taken up again within 30 seconds (at once in the embedded database, where nobody else can have it).
 */
export async function startQueue({ store, work, concurrency, log, classify = classifyError, limits = {} }: QueueOptions): Promise<Queue> {
  const settings = { ...DEFAULT_LIMITS, ...limits };
  const boss = await startBoss(store, log);
  if (store.kind === 'embedded') {
    const orphans = await releaseOrphans(store, 'all');
    if (orphans.length > 0) log.warn({ keys: orphans }, 'taking up work that was interrupted');
  }
  const processName = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const dueIn = (milliseconds: number) => void setTimeout(() => looking.wake(), Math.min(milliseconds, 3_600_000) + 5).unref();
  const runner: Runner = { store, boss, log, work, classify, limits: settings, random: Math.random, dueIn };
  const hands = createHands(runner, processName, concurrency);
  const timetable = createTimetable(store, processName, log);

  const fetching = startLoop({ name: 'fetch', every: 1_000, pass: () => hands.fetch(), log });
  hands.onFree(() => fetching.wake());
  const lookAround = async () => {
    // First of all our own: after a long computation they may be overdue, but nobody is gone.
    await hands.renew();
    return lookAfter(store, boss, settings, () => fetching.wake(), log);
  };
  const looking = startLoop({ name: 'look after jobs', every: 2_000, pass: () => lookAround(), log });
  const renewing = startLoop({ name: 'renew leases', every: settings.leaseMs / 4, pass: () => hands.renew(), log });

  const enqueue = async (sql: Sql, keys: readonly string[], wish: Wish = {}) => boss.insert(sql, await want(sql, keys, wish));
  let draining: Promise<void> | null = null;
  const shutDown = async (timeoutMs: number) => {
    await withinTime(Promise.all([fetching.stop(), looking.stop(), timetable.stop()]), settings.graceMs);
    await hands.empty(timeoutMs);
    await renewing.stop();
    await boss.stop();
  };
  return {
    async send(key, wish) {
      await store.transaction((sql) => enqueue(sql, [key], wish));
      if (wish?.after === undefined) fetching.wake();
      else dueIn(wish.after);
    },
    enqueue,
    wake: () => fetching.wake(),
    depth: async () => (await countWork(store)).depth,
    age: async () => (await countWork(store)).age,
    counts: () => countWork(store),
    pauseInstallation: async (account, waitMs, reason) =>
      void (await store.transaction((sql) => holdBack(sql, { account: account.toLowerCase(), reason, waitMs, random: 0 }))),
    async resumeInstallation(account) {
      await letGo(store, account);
      looking.wake();
    },
    every: (milliseconds, name, task) => timetable.every(milliseconds, name, task),
    get running() {
      return draining === null;
    },
    drain: (timeoutMs) => (draining ??= shutDown(timeoutMs)),
    stop: () => (draining ??= shutDown(0)),
  };
}

/** One pass over what may have been forgotten: leases of dead processes, parked keys, due keys without a job. */
async function lookAfter(store: Store, boss: Boss, limits: Limits, wake: () => void, log: Log): Promise<'again' | 'idle'> {
  const orphans = await releaseOrphans(store, 'expired');
  if (orphans.length > 0) log.warn({ keys: orphans }, 'taking up work whose process is gone');
  await unpark(store, limits.parkedMs);
  const due = await store.transaction(async (sql) => {
    const keys = await takeDue(sql, SWEEP);
    await boss.insert(sql, keys);
    return keys;
  });
  if (due.length > 0) wake();
  return due.length === SWEEP ? 'again' : 'idle';
}
