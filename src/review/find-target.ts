import type { Snapshot } from '../core/snapshot.js';
import { engineOf } from '../migrations/target/engine-of.js';
import { findTargetEvidence, isTargetPath, MOST_TARGET_FILES, targetFrom } from '../migrations/target/find-target.js';
import { assumedTarget, parseTarget, type Target } from '../migrations/target.js';
import { loadFiles } from './load-files.js';
import type { SplitMigrations } from './migration-stage.js';
import type { ReviewInput } from './review-input.js';

/** The files of a tree that may name the database server, so many at most. */
export async function loadTargetFiles(tree: Snapshot): Promise<ReadonlyMap<string, string>> {
  let accepted = 0;
  const { files } = await loadFiles(tree, ['**/*'], (path) => isTargetPath(path) && ++accepted <= MOST_TARGET_FILES);
  return files;
}

/**
 * The server that migrations are judged for: the configuration's, else what the repository runs on, as its base says it: a
 * pull request cannot loosen its own judgement. Only looked for where there is a migration to judge.
 */
export async function findTarget(input: Pick<ReviewInput, 'config' | 'scan' | 'base' | 'head'>, { history, changed }: SplitMigrations, notices: string[]): Promise<Target> {
  const configured = input.config.database.target;
  if (configured !== null) {
    const target = parseTarget(configured, '`database.target` in .github/belay.yml');
    if (target !== null) return target;
    notices.push(`\`database.target: ${configured}\` is not a target Belay knows; it was looked for in the repository.`);
  }
  if (changed.length === 0) return assumedTarget();
  const evidence = findTargetEvidence(await loadTargetFiles(input.scan === undefined ? input.base : (input.scan.surroundings ?? input.head)));
  const histories = new Set(changed.map((migration) => migration.history));
  return targetFrom(evidence, engineOf([...changed, ...history.filter((migration) => histories.has(migration.history))]));
}
