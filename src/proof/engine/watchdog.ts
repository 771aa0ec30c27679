// A thread of its own in the child: while the engine computes, the child's main thread hears nothing.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { CEILING, LAST_MOMENT, MEMORY_MARK } from './messages.js';

const BUSY_MILLISECONDS = 20;
const IDLE_MILLISECONDS = 1_000;

function end(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}

/** Ends the process when it grows beyond its ceiling, when its parent is gone, or when its parent failed to end it in time. */
function watch(limits: BigInt64Array): never {
  const parent = process.ppid;
  for (;;) {
    const ceiling = Atomics.load(limits, CEILING);
    Atomics.wait(limits, CEILING, ceiling, ceiling === 0n ? IDLE_MILLISECONDS : BUSY_MILLISECONDS);
    if (ceiling !== 0n && process.memoryUsage.rss() > Number(ceiling)) {
      writeSync(2, `${MEMORY_MARK}\n`);
      end();
    }
    const last = Atomics.load(limits, LAST_MOMENT);
    if (process.ppid !== parent || (last !== 0n && Date.now() > Number(last))) end();
  }
}

if (workerData instanceof SharedArrayBuffer) watch(new BigInt64Array(workerData));
