import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Prove } from '../review/proof-stage.js';
import { proofLimits } from './proof-limits.js';

/**
 * Where a command keeps replayed histories: below BELAY_DATA_DIR where that is set, else in the user's cache folder; null where
 * BELAY_PROOF_CACHE is `off`.
 */
export function proofFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string | null {
  if (environment.BELAY_PROOF_CACHE === 'off') return null;
  const set = (name: string): string | null => ((environment[name] ?? '') === '' ? null : (environment[name] ?? null));
  const data = set('BELAY_DATA_DIR');
  if (data !== null) return join(data, 'proofs');
  if (platform === 'win32') return join(set('LOCALAPPDATA') ?? join(homedir(), 'AppData', 'Local'), 'belay', 'Cache', 'proofs');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'belay', 'proofs');
  const cache = set('XDG_CACHE_HOME');
  // The specification has relative paths ignored.
  return join(cache?.startsWith('/') === true ? cache : join(homedir(), '.cache'), 'belay', 'proofs');
}

/** Proves on the embedded server, for a command. Nothing is loaded before the first migration. Throws `UsageError` where the environment's limits are none. */
export function localProver(environment: NodeJS.ProcessEnv = process.env): Prove {
  const limits = proofLimits(environment);
  return async (question, signal, progress) => {
    const [{ prove }, { openPglite }, { openFolderCache }] = await Promise.all([import('../proof/prove.js'), import('../proof/engine/pglite-engine.js'), import('../proof/folder-cache.js')]);
    const folder = proofFolder(environment);
    return prove(question, { open: openPglite, cache: folder === null ? null : openFolderCache(folder), limits, signal, ...(progress === undefined ? {} : { progress }) });
  };
}

/** Proves on a server that was given, in databases of its own that are dropped afterwards. Rejects with `UsageError` where that will not do. */
export function databaseProver(url: string, environment: NodeJS.ProcessEnv = process.env): Prove {
  const limits = proofLimits(environment);
  return async (question, signal, progress) => {
    const [{ prove }, { openPostgres }] = await Promise.all([import('../proof/prove.js'), import('../proof/engine/postgres-engine.js')]);
    return prove(question, { open: openPostgres(url), cache: null, limits, signal, ...(progress === undefined ? {} : { progress }) });
  };
}
