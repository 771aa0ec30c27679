import { isProductionPath } from '../behaviour/production-path.js';
import type { LoadedFiles, Snapshot } from '../core/snapshot.js';
import { isVendored } from '../core/scope.js';
import type { Migration } from '../migrations/migration.js';
import type { Step } from '../migrations/step.js';
import { loadFiles } from './load-files.js';

/** Where code says what it asks of a database. */
const CODE_GLOBS = ['**/*.{prisma,sql,ts,js,mts,cts,mjs,cjs,tsx,jsx,go,py,rb,php,java,kt,rs}'] as const;

/** Enough for a large application, bounded for a hostile one. */
const MOST_FILES = 2500;
const LARGEST_FILE = 400_000;

/** Files of the base whose text names a table that the migrations touch: models, schema files, code with queries. Migrations are none of them. */
export async function loadBaseCode(base: Snapshot, changed: readonly Migration[], isMigration: (path: string) => boolean): Promise<LoadedFiles> {
  const names = tableNames(changed);
  if (names.length === 0) return new Map();
  let taken = 0;
  const accept = (path: string): boolean => !isMigration(path) && !isVendored(path) && (isProductionPath(path) || /\.(?:prisma|sql)$/.test(path)) && ++taken <= MOST_FILES;
  const { files } = await loadFiles(base, CODE_GLOBS, accept);
  return new Map([...files].filter(([, text]) => text.length <= LARGEST_FILE && names.some((name) => text.includes(name))));
}

/** Names of the tables that the up directions speak of, without their schemas. */
export function tableNames(migrations: readonly Migration[]): readonly string[] {
  const names = new Set<string>();
  for (const step of migrations.flatMap((migration) => migration.up)) for (const name of namesIn(step)) names.add(name);
  return [...names].filter((name) => name.length > 1).sort();
}

function namesIn(step: Step): readonly string[] {
  const one = 'table' in step && step.table !== null ? [step.table.name] : [];
  const several = 'tables' in step ? step.tables.map((table) => table.name) : [];
  return [...one, ...several];
}
