import { UsageError } from '../core/errors.js';
import { DEFAULT_ENGINE_LIMITS, type EngineLimits } from '../proof/engine.js';

/** The limits of one proof: BELAY_PROOF_SECONDS and BELAY_PROOF_MEMORY_MB, else the defaults. Throws `UsageError` for what is no number within reason. */
export function proofLimits(environment: NodeJS.ProcessEnv): EngineLimits {
  const seconds = whole(environment, 'BELAY_PROOF_SECONDS', 1, 3600);
  const megabytes = whole(environment, 'BELAY_PROOF_MEMORY_MB', 64, 65_536);
  return {
    milliseconds: seconds === null ? DEFAULT_ENGINE_LIMITS.milliseconds : seconds * 1000,
    bytes: megabytes === null ? DEFAULT_ENGINE_LIMITS.bytes : megabytes * 1_000_000,
  };
}

function whole(environment: NodeJS.ProcessEnv, name: string, least: number, most: number): number | null {
  const text = environment[name]?.trim() ?? '';
  if (text === '') return null;
  const value = Number(text);
  if (!/^\d{1,6}$/.test(text) || value < least || value > most) throw new UsageError(`${name} must be a whole number from ${String(least)} to ${String(most)}, not ${text}.`);
  return value;
}
