import type { Change, ChangeSet } from '../core/change-set.js';
import type { Config } from '../core/config.js';
import type { Snapshot } from '../core/snapshot.js';
import { loadSql } from '../languages/sql.js';
import { mayBeMigration } from '../migrations/find-migrations.js';
import type { ProofQuestion } from '../migrations/proof-question.js';
import { readMigrations } from '../migrations/read-migrations.js';
import type { Target } from '../migrations/target.js';
import { findTarget } from './find-target.js';
import { knownTables } from './known-tables.js';
import { loadMigrations } from './load-migrations.js';
import { splitMigrations } from './migration-stage.js';
import { loadBaseCode } from './proof-code.js';
import { readScannedMigrations } from './read-scanned-migrations.js';
import type { ReviewInput } from './review-input.js';
import { startingBeside, startingCatalogs } from './starting-catalogs.js';

/** A question for a proof, the changes that its migrations are part of, and what the reader should know of how it came about. */
export interface AskedProof {
  readonly question: ProofQuestion;
  readonly changes: ReadonlyMap<string, Change>;
  readonly notices: readonly string[];
}

export interface ChangeToProve extends Pick<ReviewInput, 'base' | 'head' | 'statistics'> {
  readonly changeSet: ChangeSet;
  readonly config: Config;
}

/** The migrations that a change brings, on top of the base's: as a review would have them proved. */
export async function questionOfChange(input: ChangeToProve): Promise<AskedProof> {
  const notices: string[] = [];
  const changes = new Map(input.changeSet.changes.map((change) => [change.path, change]));
  const changed = new Map([...changes].flatMap(([path, { after }]) => (after !== null && mayBeMigration(path) ? [[path, after] as const] : [])));
  const { files, left } = await loadMigrations(input.head, changed);
  if (left > 0) notices.push(`${String(left)} files of the history were beyond the limit and not read.`);
  await loadSql();
  const split = splitMigrations(readMigrations(files), changes, false);
  const question = {
    ...split,
    starts: await startingCatalogs(input.base, split),
    target: await findTarget(input, split, notices),
    settled: false,
    tables: await knownTables(input, notices),
    baseCode: await loadBaseCode(input.base, split.changed, (path) => files.has(path) || mayBeMigration(path)),
  };
  return { question, changes, notices };
}

export interface FilesToProve {
  readonly snapshot: Snapshot;
  readonly migrationPath: (path: string) => string | null;
  readonly named: ReadonlySet<string>;
  readonly target: Target;
  readonly wholePaths: Snapshot;
  readonly config: Config;
}

/** The named migrations, each on top of those before it in its folder. A pair of files is one migration, whichever of them is named. */
export async function questionOfFiles({ snapshot, migrationPath, named, target, wholePaths, config }: FilesToProve): Promise<AskedProof> {
  const all = await readScannedMigrations(snapshot, migrationPath);
  const isNamed = (path: string | null): boolean => path !== null && named.has(path);
  const changed = all.filter((one) => isNamed(one.path) || isNamed(one.downPath));
  const history = all.filter((one) => !changed.includes(one));
  const changes = new Map<string, Change>();
  for (const path of new Set(changed.flatMap((one) => [one.path, one.downPath ?? one.path]))) {
    const after = await snapshot.read(path);
    if (after !== null) changes.set(path, { path, status: 'added', before: null, after, hunks: [], touched: [{ start: 1, end: after.split('\n').length }] });
  }
  const starts = await startingBeside(wholePaths, { history, changed });
  return { question: { history, changed, starts, target, settled: true, tables: config.tables, baseCode: new Map() }, changes, notices: [] };
}
