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
 * wait. No process is started before the first one. Replayed histories are kept below the data directory.
 */
export function openServerProof(dataDirectory: string, log: Log, environment: NodeJS.ProcessEnv = process.env): ServerProof {
  const limits = proofLimits(environment);
  const cache = openFolderCache(join(dataDirectory, 'proofs'));
  let pool: EnginePool | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const run: Prove = async (question, signal) => {
    signal.throwIfAborted();
    pool ??= openPool();
    const report = await prove(question, { open: pool.open, cache, limits, signal });
    if (report.disagreements.length > 0) log.warn({ disagreements: report.disagreements.slice(0, 20) }, 'a proof showed something else than was expected');
    return report;
  };
  return {
    prove: (question, signal, progress) => {
      const turn = last.then(async () => run(question, signal, progress));
      last = turn.catch(() => undefined);
      return turn;
    },
    close: async () => pool?.close(),
  };
}
