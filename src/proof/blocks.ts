import { blocksReads, blocksWrites } from '../migrations/effects/lock-mode.js';
import type { LockMode } from '../migrations/step.js';

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Who has to wait for these locks, in plain words: `reads and writes of public.users`; empty when nobody has to. */
export function blockedBy(locks: Readonly<Record<string, string>>): string {
  const all = Object.entries(locks) as [string, LockMode][];
  const reads = all.filter(([, mode]) => blocksReads(mode)).map(([key]) => key);
  const writes = all.filter(([, mode]) => blocksWrites(mode) && !blocksReads(mode)).map(([key]) => key);
  return [...(reads.length === 0 ? [] : [`reads and writes of ${listed(reads)}`]), ...(writes.length === 0 ? [] : [`writes of ${listed(writes)}`])].join('; ');
}
