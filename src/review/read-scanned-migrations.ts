import type { Snapshot } from '../core/snapshot.js';
import { loadSql } from '../languages/sql.js';
import type { Migration } from '../migrations/migration.js';
import { readMigrations } from '../migrations/read-migrations.js';
import { loadFiles } from './load-files.js';

/**
 * The migrations among files that lie on a disk, read under the paths that tell how they are run (`migrationPath`; null for
 * a file that is no migration), and named by their own.
 */
export async function readScannedMigrations(head: Snapshot, migrationPath: (path: string) => string | null): Promise<readonly Migration[]> {
  const own = new Map<string, string>();
  const { files } = await loadFiles(head, ['**/*'], (path) => {
    const told = migrationPath(path);
    if (told !== null) own.set(told, path);
    return told !== null;
  });
  if (files.size === 0) return [];
  await loadSql();
  const told = new Map([...own].flatMap(([path, file]) => (files.has(file) ? [[path, files.get(file) ?? ''] as const] : [])));
  const nameOf = (path: string): string => own.get(path) ?? path;
  return readMigrations(told).map((one) => ({ ...one, path: nameOf(one.path), downPath: one.downPath === null ? null : nameOf(one.downPath) }));
}
