import { apply, settle } from './apply.js';
import { stepsRun } from './called-steps.js';
import { EMPTY_CATALOG, type Catalog } from './catalog.js';
import { openConditions } from './condition.js';
import { begin, endSession } from './fold/session.js';
import type { Migration, TransactionScope } from './migration.js';
import { inServerOrder } from './server-order.js';
import type { Step } from './step.js';

/** The catalog at the start of a migration: inside its framework's transaction, where it has one. */
export function openMigration(catalog: Catalog, migration: Migration): Catalog {
  return migration.transaction.scope === 'none' ? { ...catalog, undo: null } : begin(catalog, migration.transaction.implicit);
}

/** The catalog at the end of a migration: the session's settings and temporary relations are gone, what was created stays fresh. */
export function closeMigration(catalog: Catalog): Catalog {
  return endSession(catalog);
}

/** What a migration's steps made of a catalog, by both: a history that is replayed again is looked up, up to where it differs. */
const KNOWN = new WeakMap<Catalog, WeakMap<readonly Step[], { readonly scope: TransactionScope; readonly implicit: boolean; readonly after: Catalog }>>();

function replaySteps(catalog: Catalog, migration: Migration): Catalog {
  const runs = openConditions();
  const run = (before: Catalog, step: Step): Catalog => (runs(step, before) ? apply(before, step) : before);
  return settle(inServerOrder(migration.up).reduce((before, step) => stepsRun(step, before).reduce(run, before), openMigration(catalog, migration)));
}

/** The catalog after one migration's up direction, its session settings gone. */
export function replayOne(catalog: Catalog, migration: Migration): Catalog {
  const { scope, implicit } = migration.transaction;
  const known = KNOWN.get(catalog) ?? new WeakMap<readonly Step[], { readonly scope: TransactionScope; readonly implicit: boolean; readonly after: Catalog }>();
  KNOWN.set(catalog, known);
  const before = known.get(migration.up);
  if (before?.scope === scope && before.implicit === implicit) return before.after;
  const after = replaySteps(catalog, migration);
  known.set(migration.up, { scope, implicit, after });
  return after;
}

/** The database's shape after some migrations, in the order given. Relations in it count as in use. */
export function replay(history: readonly Migration[], start: Catalog = EMPTY_CATALOG): Catalog {
  return history.reduce(replayOne, start);
}
