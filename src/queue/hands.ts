import { runJob, GOING_DOWN, LEASE_LOST, type Runner } from './run-job.js';
import type { HandedOut } from './start-boss.js';
import { claim, releaseWork, renew } from './work.js';
import { withinTime } from './within-time.js';

/** The jobs in hand in this process: at most `concurrency` of them. */
export interface Hands {
  /** Takes as many jobs as there are free hands. */
  fetch(): Promise<'again' | 'idle'>;
  /** Prolongs the leases; a job whose lease was lost is aborted. */
  renew(): Promise<'idle'>;
  /** Called whenever a job has ended. */
  onFree(listener: () => void): void;
  /** Waits so long, then aborts what is left and gives it back. Nothing is taken any more. */
  empty(timeoutMs: number): Promise<void>;
}

export function createHands(runner: Runner, processName: string, concurrency: number): Hands {
  const { store, boss, log, limits } = runner;
  const inHand = new Map<string, AbortController>();
  const runs = new Set<Promise<void>>();
  let serial = 0;
  let emptying = false;
  let freed: () => void = () => undefined;

  const take = async (job: HandedOut): Promise<void> => {
    const owner = `${processName}:${(serial += 1)}`;
    const claimed = await claim(store, job.key, owner, limits.leaseMs);
    if (claimed === null) return;
    if (emptying) return releaseWork(store, [owner]);
    const control = new AbortController();
    inHand.set(owner, control);
    await runJob(runner, claimed, owner, control).finally(() => inHand.delete(owner));
  };
  const run = async (job: HandedOut): Promise<void> => {
    try {
      await take(job);
      await boss.complete(job.id, 'looked at');
    } catch (error) {
      // The tables still know of the work, and it is handed out again.
      log.error({ err: error, key: job.key }, 'a job could not be taken up');
    }
  };
  const start = (job: HandedOut) => {
    const ended = run(job).finally(() => {
      runs.delete(ended);
      freed();
    });
    runs.add(ended);
  };
  return {
    onFree: (listener) => void (freed = listener),
    async fetch() {
      const free = concurrency - runs.size;
      if (free <= 0) return 'idle';
      const jobs = await boss.fetch(free);
      for (const job of jobs) start(job);
      return 'idle';
    },
    async renew() {
      const owners = [...inHand.keys()];
      const held = await renew(store, owners, limits.leaseMs);
      for (const owner of owners) if (!held.has(owner)) inHand.get(owner)?.abort(LEASE_LOST);
      return 'idle';
    },
    async empty(timeoutMs) {
      emptying = true;
      await withinTime(Promise.all(runs), timeoutMs);
      for (const control of inHand.values()) control.abort(GOING_DOWN);
      await withinTime(Promise.all(runs), limits.graceMs);
      if (inHand.size > 0) await releaseWork(store, [...inHand.keys()]);
    },
  };
}
