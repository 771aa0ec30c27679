import type { LockReport, LockStatement } from '../core/lock-report.js';
import type { Snapshot } from '../core/snapshot.js';
import { judgeWholeMigrations } from '../migrations/judge-migrations.js';
import { lockStatements } from '../migrations/lock-statements.js';
import type { Target } from '../migrations/target.js';
import { readScannedMigrations } from './read-scanned-migrations.js';
import { startingBeside } from './starting-catalogs.js';

/** What is asked about: files on a disk, as `readScannedMigrations` takes them, and which of them the answer is about. */
export interface LockQuestion {
  readonly snapshot: Snapshot;
  readonly migrationPath: (path: string) => string | null;
  readonly named: ReadonlySet<string>;
  readonly target: Target;
  /** Files around what was named, under paths as `migrationPath` gives them, for schema dumps. */
  readonly wholePaths: Snapshot;
}

/**
 * What each statement of the named migrations locks, every migration judged on top of those before it in its folder. A file
 * is named for itself: of a pair of files for up and down only the named one is in the answer.
 */
export async function judgeLocks({ snapshot, migrationPath, named, target, wholePaths }: LockQuestion): Promise<LockReport> {
  const all = await readScannedMigrations(snapshot, migrationPath);
  const isNamed = (path: string | null): boolean => path !== null && named.has(path);
  const changed = all.filter((one) => isNamed(one.path) || isNamed(one.downPath));
  const history = all.filter((one) => !changed.includes(one));
  const starts = await startingBeside(wholePaths, { history, changed });
  const statements: LockStatement[] = [];
  for (const judged of judgeWholeMigrations(history, changed, { target, settled: true, starts })) {
    statements.push(...lockStatements(judged).filter(({ path }) => named.has(path)));
  }
  return { schemaVersion: 1, target: `${target.engine}@${String(target.version)}`, statements };
}
