import type { Change } from '../core/change-set.js';
import { isChangelogPath } from '../migrations/find-migrations.js';
import { placeOf } from '../migrations/frameworks/layout.js';
import type { Migration } from '../migrations/migration.js';
import { contractNeeds } from './contract-needs.js';
import { editsOfName } from './edits-of-name.js';
import { editsOfSteps } from './edits-of-steps.js';
import { editsOfText } from './edits-of-text.js';
import { needsOfEdits, type MigrationEdits } from './needs-of-edits.js';
import { isProgramPath, readProgram } from './read-program.js';

/** The rows of the table of plans and diffs: what a plain revert of a change is worth. */
export type NeedKind =
  /** A column, table, view or type is dropped; a table is emptied. */
  | 'lost'
  | 'renamed'
  | 'primary-key'
  /** Rows that were there are changed or deleted. */
  | 'rewritten'
  /** Rows of what this change itself adds are filled. */
  | 'filled'
  /** The old code's writes fail on it. */
  | 'stricter'
  | 'migration-edited'
  | 'format'
  | 'search-mapping'
  | 'contract'
  /** Migrations run, or are asked for, when the program is deployed. */
  | 'at-deploy'
  /** A migration of which nothing but a name is known that tells nothing. */
  | 'unknown'
  /** Harmless to a revert: what is added stays. */
  | 'additive';

/** What the down direction of the same migration gives back. */
export type DownGives = 'all' | 'structure' | 'nothing' | 'unknown';

/** One thing in a diff that decides what undoing it takes. */
export interface DiffNeed {
  readonly kind: NeedKind;
  /** What is done, as the end of a sentence that begins with `where`: "drops the column `users.plan`". */
  readonly does: string;
  /** What does it: "migration `0042_drop_plan`", or a file. */
  readonly where: string;
  /** The thing's own name, `users.plan`; null where it is not told. */
  readonly name: string | null;
  readonly path: string;
  readonly down: DownGives;
  /** Tables into which this very change copies rows before. */
  readonly copies: readonly string[];
}

/**
 * What a diff needs of a plan, row by row, in the order of its files. `migrations` are those of this change that were read as
 * SQL; programs are read from the changes, and what has no text from its name. Pure and bounded.
 */
export function diffNeeds(changes: readonly Change[], migrations: readonly Migration[]): readonly DiffNeed[] {
  const all = changes.slice(0, 3000).flatMap((change) => migrationEdits(change, migrations, changes));
  const copies = all.flatMap(({ up }) => up.flatMap((each) => (each.kind === 'copy-table' && each.table !== null ? [each.table] : [])));
  return [...needsOfEdits(all, copies), ...contractNeeds(changes)];
}

function migrationEdits(change: Change, migrations: readonly Migration[], changes: readonly Change[]): readonly MigrationEdits[] {
  const { path, status } = change;
  if (status === 'removed' || (status === 'renamed' && change.before === change.after && (change.after ?? '') !== '')) return [];
  const shared = { path, label: labelOf(path), edited: status === 'modified' };
  if ((change.after ?? '').trim() === '' && isMigration(path)) return [named(shared, path)];
  const read = migrations.filter((one) => one.path === path);
  if (read.length > 0) return read.map((one) => ({ ...shared, up: editsOfSteps(one.up), down: typeof one.down === 'string' ? downOutside(one, changes) : editsOfSteps(one.down) }));
  const program = isProgramPath(path) ? readProgram(path, change.after ?? '') : null;
  if (program !== null) return [{ ...shared, ...program }];
  return isMigration(path) && /\.sql$/i.test(path) ? [{ ...shared, up: editsOfText(change.after ?? ''), down: downBeside(path, changes) ?? 'none' }] : [];
}

function named(shared: Pick<MigrationEdits, 'path' | 'label' | 'edited'>, path: string): MigrationEdits {
  const up = editsOfName(path);
  return up === null ? { ...shared, up: [], down: 'unknown', untold: true } : { ...shared, up, down: 'unknown' };
}

/** The down direction of a script with the same name: `0210_drop.down.sql` beside `0210_drop.up.sql` or `0210_drop.sql`. */
function downBeside(path: string, changes: readonly Change[]): MigrationEdits['down'] | null {
  const stem = path.replace(/(?:[._-](?:up|do))?\.sql$/i, '');
  const beside = changes.find((one) => one.after !== null && one.path !== path && one.path.replace(/[._-](?:down|undo|rollback|revert)\.sql$/i, '') === stem);
  return beside === undefined ? null : editsOfText(beside.after ?? '');
}

/** A down direction that lies in a file of this change that the reader did not join: `down.sql` beside `migration.sql`. */
function downOutside(migration: Migration, changes: readonly Change[]): MigrationEdits['down'] {
  if (migration.down === 'irreversible') return 'none';
  const folder = migration.path.replace(/[^/]*$/, '');
  const beside = changes.find(({ path, after }) => after !== null && path.startsWith(folder) && /(?:^|[/._-])(?:down|undo|rollback|revert)\.sql$/i.test(path) && /(?:^|\/)(?:migration|up)\.sql$/.test(migration.path));
  return beside === undefined ? (downBeside(migration.path, changes) ?? 'none') : editsOfText(beside.after ?? '');
}

/** What may alter a database although no reader of ours understood it. */
const MAY_ALTER = /migrat|schema|(?:^|[/._-])(?:ddl|db|database|models?|entit(?:y|ies)|liquibase|flyway|alembic|changelogs?)(?:$|[/._-])|\.(?:sql|prisma|psql|hql|cql|dump)$|\.sql\./i;

/** Whether a diff was seen whole and has nothing in it that might be more than code and settings: there a revert undoes it. */
export function isPlainDiff(changes: readonly Change[]): boolean {
  return changes.length > 0 && changes.every((change) => (change.hunks.length > 0 || (change.status === 'renamed' && change.before === change.after && change.after !== '')) && !MAY_ALTER.test(change.path));
}

/** Whether a path is a migration's up direction. */
function isMigration(path: string): boolean {
  const place = placeOf(path);
  if (place !== null) return place.direction !== 'down';
  return isChangelogPath(path) || isProgramPath(path) || isLooseScript(path);
}

/** SQL with a number in front that lies in no folder of that name: `sql/0066_chargeback.sql`. */
function isLooseScript(path: string): boolean {
  return /(?:^|\/)[VU]?\d[\d._-]*[_-][^/]*\.sql$/i.test(path) && !/(?:^|\/)(?:seeds?|fixtures?|tests?|testdata|quer(?:y|ies)|docs?|examples?|vendor|node_modules)\/|(?:[._-](?:down|undo|rollback|revert))\.sql$/i.test(path);
}

/** `0042_drop_plan` for `db/migrations/0042_drop_plan.up.sql`; the folder where files have no name of their own. */
function labelOf(path: string): string {
  const parts = path.split('/');
  const file = (parts.at(-1) ?? path).replace(/(?:\.(?:up|down|do|undo))?\.\w+$/i, '');
  return /^(?:migration|up)$/i.test(file) ? (parts.at(-2) ?? file) : file;
}
