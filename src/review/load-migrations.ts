import type { LoadedFiles, Snapshot } from '../core/snapshot.js';
import { MIGRATION_TREE_GLOBS, markersAmong, migrationsAmong } from '../migrations/find-migrations.js';
import { loadPaths } from './load-files.js';

/** A history is only of use when it is whole: more files than for other rules. */
const LIMITS = { files: 20_000, bytes: 120_000_000 };

/** Changelogs lead to others, which lead to others. */
const ROUNDS = 5;

/** What `readMigrations` takes, out of a tree: migrations, and the files that tell how they are laid out and run. */
export interface MigrationFiles {
  readonly files: LoadedFiles;
  /** Migrations that were beyond the limits. */
  readonly left: number;
}

/**
 * Finds and loads the migrations of a tree. `changed` are texts that are known already, of files that this change is about:
 * they are never left out, and one that says itself that it is a migration makes its folder a migrations folder.
 */
export async function loadMigrations(snapshot: Snapshot, changed: ReadonlyMap<string, string>): Promise<MigrationFiles> {
  const paths = await snapshot.list(MIGRATION_TREE_GLOBS);
  const markers = await loadPaths(snapshot, markersAmong(paths));
  const here = new Set(paths);
  let files: ReadonlyMap<string, string> = new Map([...markers.files, ...[...changed].filter(([path]) => here.has(path))]);
  let left = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const known = files;
    const wanted = migrationsAmong(paths, known).filter((path) => !known.has(path));
    if (wanted.length === 0) break;
    const more = await loadPaths(snapshot, wanted, { files: Math.max(0, LIMITS.files - known.size), bytes: LIMITS.bytes });
    left = more.left;
    files = new Map([...known, ...more.files]);
    if (more.files.size === 0) break;
  }
  return { files, left };
}
