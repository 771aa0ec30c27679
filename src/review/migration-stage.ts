import type { Change } from '../core/change-set.js';
import type { TableSize } from '../core/config.js';
import type { Sighting } from '../core/finding.js';
import type { Mishap } from '../core/mishap.js';
import { inScope } from '../core/scope.js';
import type { Catalog } from '../migrations/catalog.js';
import { judgeMigrations } from '../migrations/judge-migrations.js';
import type { Migration } from '../migrations/migration.js';
import type { Target } from '../migrations/target.js';
import type { Rule } from '../rules/define-rule.js';
import type { SightingsByRule } from './behaviour-stage.js';
import { runCheck } from './run-rule.js';

/** What the migration rules are handed beside the steps. */
export interface MigrationContext {
  readonly rules: readonly Rule[];
  readonly target: Target;
  readonly tables: ReadonlyMap<string, TableSize>;
  readonly mishaps: Mishap[];
}

/** The migrations of a tree, split into those that this change brings and those that were there. */
export interface SplitMigrations {
  readonly history: readonly Migration[];
  readonly changed: readonly Migration[];
}

/**
 * Splits the migrations of the head's tree. A migration is this change's when the file of its up direction was added or
 * edited. In a scan it is when its file was named; the others of its folder are its history.
 */
export function splitMigrations(all: readonly Migration[], changes: ReadonlyMap<string, Change>, everyLineNew: boolean): SplitMigrations {
  if (everyLineNew) return { history: all.filter((one) => !changes.has(one.path)), changed: all.filter((one) => changes.has(one.path)) };
  const isChanged = (one: Migration): boolean => {
    const change = changes.get(one.path);
    return change !== undefined && change.after !== null && (change.status !== 'renamed' || change.before !== change.after);
  };
  return { history: all.filter((one) => !isChanged(one)), changed: all.filter(isChanged) };
}

/** Runs the migration rules over every step that this change brings, each one on the database that the steps before it left. */
export function migrationStage(migrations: SplitMigrations, changes: ReadonlyMap<string, Change>, context: MigrationContext, into: SightingsByRule, everyLineNew: boolean): void {
  const judged = judgeMigrations(migrations.history, migrations.changed, { target: context.target, settled: everyLineNew });
  for (const one of judged) {
    const change = changes.get(one.migration.path);
    if (change === undefined) continue;
    for (const rule of context.rules) {
      const check = rule.checks.migration;
      if (check === undefined) continue;
      const input = { ...one, target: context.target, tables: context.tables };
      const sightings = runCheck(rule, one.migration.path, () => check(input), context.mishaps);
      const kept = sightings.filter((sighting) => everyLineNew || inScope(sighting, change, { beforeFingerprints: null }));
      if (kept.length > 0) into.set(rule, [...(into.get(rule) ?? []), ...kept]);
    }
  }
}

export type { Catalog, Sighting };
