import { rollback } from './transactions.js';
import type { Outcome, World } from './world.js';

/** A run has ended: what is left open is rolled back, what it holds is given free, and what its end says about others is noted. */
export function finish(world: World, index: number, outcome: Outcome): void {
  const run = world.runs[index];
  if (run === undefined || run.outcome !== null) return;
  run.outcome = outcome;
  run.waiting = null;
  if (outcome.kind === 'hung') return;
  for (const session of [index * 2, index * 2 + 1]) if (world.transactions[session] != null) rollback(world, session);
  run.inTransaction = false;
  world.named = world.named.filter((one) => one.session >> 1 !== index);
  const aborted = outcome.kind === 'refused' || (outcome.kind === 'failed' && outcome.onAffected);
  if (aborted && run.effects.length > 0) world.breaks.push({ kind: 'effect-repeated', run: index, at: outcome.at });
  if (outcome.kind === 'returned') for (const at of run.missed) world.breaks.push({ kind: 'write-missed', run: index, at });
}
