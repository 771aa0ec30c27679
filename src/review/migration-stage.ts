import type { Change } from '../core/change-set.js';
import type { TableSize } from '../core/config.js';
import type { Sighting } from '../core/finding.js';
import type { Mishap } from '../core/mishap.js';
import { inScope, touchedLines } from '../core/scope.js';
import { judgeWholeMigrations } from '../migrations/judge-migrations.js';
import type { Catalog } from '../migrations/catalog.js';
import type { Migration } from '../migrations/migration.js';
import type { Target } from '../migrations/target.js';
import type { Rule, WholeMigrationInput } from '../rules/define-rule.js';
import type { SightingsByRule } from './behaviour-stage.js';
import { runCheck } from './run-rule.js';

/** What the migration rules are handed beside the steps. */
export interface MigrationContext {
  readonly rules: readonly Rule[];
  readonly target: Target;
  /** What histories start on; see `JudgeOptions`. */
  readonly starts?: ReadonlyMap<string, Catalog>;
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
 * edited; where a file holds several (a changelog), when a line of it was. In a scan it is when its file was named; the
 * others of its folder are its history.
 */
export function splitMigrations(all: readonly Migration[], changes: ReadonlyMap<string, Change>, everyLineNew: boolean): SplitMigrations {
  if (everyLineNew) return { history: all.filter((one) => !changes.has(one.path)), changed: all.filter((one) => changes.has(one.path)) };
  const inFile = new Map<string, number>();
  for (const { path } of all) inFile.set(path, (inFile.get(path) ?? 0) + 1);
  const isChanged = (one: Migration): boolean => {
    const change = changes.get(one.path);
    if (change === undefined || change.after === null || (change.status === 'renamed' && change.before === change.after)) return false;
    return change.status === 'added' || inFile.get(one.path) === 1 || touchedLines(change.touched, one.spans.up) > 0;
  };
  return { history: all.filter((one) => !isChanged(one)), changed: all.filter(isChanged) };
}

/** Runs the migration rules over all that this change brings, each step on the database that the steps before it left. */
export function migrationStage(migrations: SplitMigrations, changes: ReadonlyMap<string, Change>, context: MigrationContext, into: SightingsByRule, everyLineNew: boolean): void {
  const judgedOnes = judgeWholeMigrations(migrations.history, migrations.changed, { target: context.target, settled: everyLineNew, ...(context.starts === undefined ? {} : { starts: context.starts }) });
  for (const judged of judgedOnes) {
    const { path, downPath } = judged.migration;
    if (!changes.has(path)) continue;
    const own = new Map([path, downPath ?? path].flatMap((each) => (changes.has(each) ? [[each, changes.get(each) as Change] as const] : [])));
    const input = { ...judged, target: context.target, tables: context.tables, changes: own, everyLineNew };
    for (const rule of context.rules) {
      const kept = sightingsOf(rule, input, context.mishaps).filter((sighting) => everyLineNew || isOwn(sighting, changes));
      if (kept.length > 0) into.set(rule, [...(into.get(rule) ?? []), ...kept]);
    }
  }
}

function sightingsOf(rule: Rule, input: WholeMigrationInput, mishaps: Mishap[]): readonly Sighting[] {
  const { migration: step, wholeMigration } = rule.checks;
  const { target, tables } = input;
  const ofSteps = step === undefined ? [] : input.steps.flatMap((one) => runCheck(rule, input.migration.path, () => step({ ...one, target, tables }), mishaps));
  const ofWhole = wholeMigration === undefined ? [] : runCheck(rule, input.migration.path, () => wholeMigration(input), mishaps);
  return [...ofSteps, ...ofWhole];
}

/** Whether this change is what a sighting is about. One in a file that it does not touch is not. */
function isOwn(sighting: Sighting, changes: ReadonlyMap<string, Change>): boolean {
  if (sighting.path === null) return true;
  const change = changes.get(sighting.path);
  return change !== undefined && inScope(sighting, change, { beforeFingerprints: null });
}
