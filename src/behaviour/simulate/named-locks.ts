import type { Context, LockOperation } from './program.js';
import { startOf } from './statement.js';
import { evaluate } from './terms.js';
import { runOf, type World } from './world.js';

/** Takes a named lock. False: the run waits for it from now on. */
export function acquire(world: World, index: number, operation: LockOperation, context: Context): boolean {
  const run = world.runs[index];
  if (run === undefined) return true;
  const application = operation.scope === 'cluster' || operation.scope === 'process';
  // A lock inside one process keeps nobody out of another one.
  const idle = operation.scope === 'process' && !context.singleProcess;
  const session = operation.connection === 'pool' && run.inTransaction ? index * 2 + 1 : index * 2;
  const key = String(evaluate(operation.key, run, null));
  const open = world.transactions[session];
  if (!application && context.engine === 'postgres' && open != null && open.isolation !== 'read-committed') open.snapshot ??= world.commits;
  const holder = world.named.find((one) => one.key === key && (one.scope === 'application') === application && (application ? runOf(one.session) !== index : one.session !== session));
  if (holder !== undefined && !idle) {
    if (operation.tries) {
      run.variables = { ...run.variables, [operation.as]: { kind: 'value', value: false } };
      return true;
    }
    const blockers = [`${holder.key} of ${String(holder.session)}`];
    run.waiting = { session, on: [holder.session], blockers, since: world.waits, application, progress: startOf(world) };
    world.waits += 1;
    return false;
  }
  run.variables = { ...run.variables, [operation.as]: { kind: 'value', value: true } };
  const ends = operation.scope === 'transaction' && open?.explicit !== true;
  if (!ends && !idle) world.named.push({ key, scope: application ? 'application' : operation.scope === 'transaction' ? 'transaction' : 'session', session });
  return true;
}
