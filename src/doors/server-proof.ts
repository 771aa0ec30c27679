import { join } from 'node:path';
import type { Log } from '../core/store.js';
import { openFolderCache } from '../proof/folder-cache.js';
import { openPool, type EnginePool } from '../proof/engine/pglite-engine.js';
import { prove } from '../proof/prove.js';
import type { Prove } from '../review/proof-stage.js';
import { proofLimits } from './proof-limits.js';

/** How the server proves migrations. */
export interface ServerProof {
  readonly prove: Prove;
  /** Ends the databases that are open. */
  close(): Promise<void>;
}

/**
 * One proof at a time, each within its limits, so that proofs neither fill the memory nor hold reviews up for long; the others
 * wait, and let go at once when their review is aborted. No process is started before the first one. Replayed histories are
 * kept below the data directory. Throws `UsageError` where the environment's limits are none.
 */
export function openServerProof(dataDirectory: string, log: Log, environment: NodeJS.ProcessEnv = process.env): ServerProof {
  const limits = proofLimits(environment);
  const cache = openFolderCache(join(dataDirectory, 'proofs'));
  let pool: EnginePool | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  const run: Prove = async (question, signal) => {
    signal.throwIfAborted();
    if (closed) throw new Error('the server is ending');
    pool ??= openPool();
    const report = await prove(question, { open: pool.open, cache, limits, signal });
    if (report.disagreements.length > 0) log.warn({ disagreements: report.disagreements.slice(0, 20) }, 'a proof showed something else than was expected');
    return report;
  };
  return {
    prove: (question, signal, progress) => {
      const turn = last.then(async () => run(question, signal, progress));
      last = turn.catch(() => undefined);
      return unlessAborted(turn, signal);
    },
    close: async () => {
      closed = true;
      await pool?.close();
    },
  };
}

/** Rejects as soon as the signal is aborted; what is under way is stopped by the signal it was given. */
async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', abort));
}
