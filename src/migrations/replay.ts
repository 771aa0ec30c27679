import { apply, settle } from './apply.js';
import { stepsRun } from './called-steps.js';
import { EMPTY_CATALOG, type Catalog } from './catalog.js';
import { begin, endSession } from './fold/session.js';
import type { Migration } from './migration.js';
import { inServerOrder } from './server-order.js';

/** The catalog at the start of a migration: inside its framework's transaction, where it has one. */
export function openMigration(catalog: Catalog, migration: Migration): Catalog {
  return migration.transaction.scope === 'none' ? { ...catalog, undo: null } : begin(catalog, migration.transaction.implicit);
}

/** The catalog at the end of a migration: the session's settings and temporary relations are gone, what was created stays fresh. */
export function closeMigration(catalog: Catalog): Catalog {
  return endSession(catalog);
}

/** The catalog after one migration's up direction, its session settings gone. */
export function replayOne(catalog: Catalog, migration: Migration): Catalog {
  return settle(inServerOrder(migration.up).reduce((before, step) => stepsRun(step, before).reduce(apply, before), openMigration(catalog, migration)));
}

/** The database's shape after some migrations, in the order given. Relations in it count as in use. */
export function replay(history: readonly Migration[], start: Catalog = EMPTY_CATALOG): Catalog {
  return history.reduce(replayOne, start);
}
