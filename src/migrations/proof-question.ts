import type { TableSize } from '../core/config.js';
import type { LoadedFiles } from '../core/snapshot.js';
import type { Catalog } from './catalog.js';
import type { Migration } from './migration.js';
import type { Target } from './target.js';

/** What a proof is asked: which migrations to run, and on what. */
export interface ProofQuestion {
  /** The base's migrations in the order they run, several histories (folders) among them. */
  readonly history: readonly Migration[];
  /** The migrations to prove, in the order they run. */
  readonly changed: readonly Migration[];
  /** What histories start on, by their folders, where they do not begin with an empty database (a schema dump). */
  readonly starts: ReadonlyMap<string, Catalog>;
  readonly target: Target;
  /** Whether each migration counts as deployed before the next one is proved. As in `JudgeOptions`. */
  readonly settled: boolean;
  readonly tables: ReadonlyMap<string, TableSize>;
  /** Files of the base that say what the running code asks of the database: models, schema files, code with queries. */
  readonly baseCode: LoadedFiles;
}
