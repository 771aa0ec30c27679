import { apply, settle } from './apply.js';
import { stepsRun } from './called-steps.js';
import { EMPTY_CATALOG, type Catalog } from './catalog.js';
import type { Migration } from './migration.js';

/** The catalog after one migration's up direction, its session settings gone. */
export function replayOne(catalog: Catalog, migration: Migration): Catalog {
  return settle(migration.up.reduce((before, step) => stepsRun(step, before).reduce(apply, before), catalog));
}

/** The database's shape after some migrations, in the order given. Relations in it count as in use. */
export function replay(history: readonly Migration[]): Catalog {
  return history.reduce(replayOne, EMPTY_CATALOG);
}
