import type { Log, Store } from '../core/store.js';
import { startLoop, type Loop } from './start-loop.js';

/** How long a process may be silent before another one takes its turn over. */
const LEASE_MS = 20_000;

export interface Timetable {
  /**
   * Calls `task` when it is started and then every so many milliseconds, in one process at a time. The pause is counted from
   * the end of one run to the start of the next. A task that throws is logged and has its next turn as usual.
   */
  every(milliseconds: number, name: string, task: (signal: AbortSignal) => Promise<void>): void;
  /** Aborts running tasks and resolves when they have ended. */
  stop(): Promise<void>;
}

export function createTimetable(store: Store, owner: string, log: Log): Timetable {
  const control = new AbortController();
  const loops: Loop[] = [];
  return {
    every(milliseconds, name, task) {
      // Whoever starts looks at once: what was missed while nobody ran is the first thing to catch up with.
      let first = true;
      const pass = async (): Promise<'idle'> => {
        const mine = await takeTurn(store, name, owner, first);
        first = false;
        if (mine && !control.signal.aborted) await turn(store, { name, owner, milliseconds, task, signal: control.signal, log });
        return 'idle';
      };
      loops.push(startLoop({ name, every: Math.min(milliseconds, 5_000), pass, log }));
    },
    async stop() {
      control.abort();
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

async function takeTurn(store: Store, name: string, owner: string, atOnce: boolean): Promise<boolean> {
  // Embedded, a lease can only be that of a process which is gone.
  const free = store.kind === 'embedded' ? 'true' : '(timetable.owner IS NULL OR timetable.lease_until < now())';
  const rows = await store.query(
    `INSERT INTO belay.timetable (name, owner, lease_until) VALUES ($1, $2, now() + $3::float8 * interval '1 millisecond')
     ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until
       WHERE ${free} AND ($4::boolean OR timetable.next_at <= now())
     RETURNING 1`,
    [name, owner, LEASE_MS, atOnce],
  );
  return rows.length > 0;
}

interface Turn {
  readonly name: string;
  readonly owner: string;
  readonly milliseconds: number;
  readonly task: (signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  readonly log: Log;
}

async function turn(store: Store, { name, owner, milliseconds, task, signal, log }: Turn): Promise<void> {
  const renewal = setInterval(() => {
    const renewed = store.query("UPDATE belay.timetable SET lease_until = now() + $3::float8 * interval '1 millisecond' WHERE name = $1 AND owner = $2", [name, owner, LEASE_MS]);
    void renewed.catch((error: unknown) => log.warn({ err: error, task: name }, 'could not prolong a turn'));
  }, LEASE_MS / 4);
  try {
    await task(signal);
  } catch (error) {
    if (!signal.aborted) log.error({ err: error, task: name }, 'a regular task failed');
  } finally {
    clearInterval(renewal);
    await store.query(
      "UPDATE belay.timetable SET owner = NULL, lease_until = NULL, next_at = now() + $3::float8 * interval '1 millisecond' WHERE name = $1 AND owner = $2",
      [name, owner, milliseconds],
    );
  }
}
