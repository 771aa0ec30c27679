import type { Log } from '../core/store.js';

export interface LoopOptions {
  readonly name: string;
  /** The longest pause between two passes, in milliseconds. */
  readonly every: number;
  /** One pass. `again`: there is more to do at once. */
  readonly pass: () => Promise<'again' | 'idle'>;
  readonly log: Log;
}

export interface Loop {
  /** The next pass comes now, or right after the present one. */
  wake(): void;
  /** Resolves when the present pass is over; there is no other after it. */
  stop(): Promise<void>;
}

/** The longest pause after failures in a row. */
const FAILING_MS = 15_000;

/**
 * Passes one after the other until it is stopped: when woken, else every so often. A pass that throws is logged the first
 * time and tried again with growing pauses, so that a database that is away for a while is no reason to end.
 */
export function startLoop({ name, every, pass, log }: LoopOptions): Loop {
  let stopping = false;
  let woken = false;
  let rouse: () => void = () => undefined;
  let failures = 0;

  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
      if (stopping || (woken && failures === 0)) rouse();
    });

  const once = async (): Promise<'again' | 'idle'> => {
    try {
      const next = await pass();
      if (failures > 0) log.info({ loop: name, failures }, 'working again');
      failures = 0;
      return next;
    } catch (error) {
      failures += 1;
      if (failures === 1) log.error({ err: error, loop: name }, 'a background pass failed; it is tried again');
      return 'idle';
    }
  };

  const run = async () => {
    while (!stopping) {
      woken = false;
      const next = await once();
      if (next === 'idle') await pause(failures > 0 ? Math.min(FAILING_MS, 250 * 2 ** failures) : every);
    }
  };
  const ended = run();
  return {
    wake() {
      woken = true;
      if (failures === 0) rouse();
    },
    stop() {
      stopping = true;
      rouse();
      return ended;
    },
  };
}
