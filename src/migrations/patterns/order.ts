import type { Framework, Migration } from '../migration.js';
import type { Step } from '../step.js';

/** Frameworks that know a migration by the number in front, and what becomes of the second one of a number. */
const BY_NUMBER: Partial<Readonly<Record<Framework, string>>> = {
  'golang-migrate': 'golang-migrate refuses to start (“duplicate migration file”)',
  goose: 'goose refuses to start (“duplicate version”)',
  flyway: 'Flyway refuses to start (“Found more than one migration with version”)',
  refinery: 'refinery refuses to start (repeated version)',
  tern: 'tern refuses to start (“Duplicate migration”)',
  sqlx: 'sqlx fails on the second one, which it cannot record under the same version',
  supabase: 'the Supabase CLI fails on the second one (“duplicate key value violates unique constraint "schema_migrations_pkey"”)',
  dbmate: 'dbmate takes the second one for the first and does not run it where that one has run',
  diesel: 'diesel keeps one of them for each version and does not run the other',
  hasura: 'Hasura takes the second one for the first and does not run it where that one has run',
};

/** What becomes of a migration that is older than the newest one that has run; null where the framework runs it late. */
const LATE: Partial<Readonly<Record<Framework, string>>> = {
  'golang-migrate': 'golang-migrate goes on from the version it stands at and never runs this one',
  goose: 'goose stops (“found missing migrations before current version”) unless it is told to allow them',
  flyway: 'Flyway stops (“Detected resolved migration not applied to database”) unless `outOfOrder` is on',
  refinery: 'refinery only runs what is above the version it stands at, and so never this one',
  'node-pg-migrate': 'node-pg-migrate stops (“Not run migration … is preceding already run migration”) unless it is told not to check the order',
  supabase: 'the Supabase CLI stops (“Found local migration files to be inserted before the last migration on remote database”) unless it gets `--include-all`',
  atlas: 'atlas stops (“added out of order”) unless `exec-order` allows it',
  drizzle: 'Drizzle only runs what is newer than the last one it ran, and so never this one',
  tern: 'tern goes on from the version it stands at and never runs this one',
};

/** Frameworks that run a late one after all: databases then differ in the order. */
const RUNS_LATE: Partial<Readonly<Record<Framework, string>>> = { dbmate: 'dbmate', diesel: 'diesel', sqlx: 'sqlx', prisma: 'Prisma', hasura: 'Hasura', 'sql-migrate': 'sql-migrate', popx: 'popx' };

/** What is wrong with a migration's place in its history. */
export interface OrderConflict {
  readonly kind: 'duplicate' | 'late' | 'unrecorded';
  /** The migration it conflicts with; null for `unrecorded`. */
  readonly other: Migration | null;
  /** What the framework does. */
  readonly consequence: string;
}

/** The number in front of a migration's name; null where its framework goes by the whole name. */
export function versionNumber(migration: Migration): string | null {
  if (BY_NUMBER[migration.framework] === undefined) return null;
  // To Flyway 4 and 4.0 are the same.
  if (migration.framework === 'flyway') return isOrdered(migration) ? migration.order : null;
  const name = migration.id.slice(migration.id.lastIndexOf('/') + 1);
  const digits = migration.framework === 'diesel' ? /^[\d-]+/.exec(name)?.[0].replaceAll('-', '') : /^\d+/.exec(name)?.[0];
  return digits === undefined || digits === '' ? null : digits.replace(/^0+(?=\d)/, '');
}

/** Another migration of the history that has the same number. */
export function duplicateOf(migration: Migration, others: readonly Migration[]): OrderConflict | null {
  const number = versionNumber(migration);
  const consequence = BY_NUMBER[migration.framework];
  if (number === null || consequence === undefined || isSection(migration)) return null;
  const other = others.find((each) => each.path !== migration.path && each.framework === migration.framework && !isSection(each) && versionNumber(each) === number);
  return other === undefined ? null : { kind: 'duplicate', other, consequence };
}

/** One of several sections of a file counts as part of it. */
function isSection({ id }: Migration): boolean {
  return id.includes('#');
}

/** The newest merged migration, where the new one is older than it and that matters. */
export function lateBehind(migration: Migration, merged: readonly Migration[]): OrderConflict | null {
  const newer = merged.filter((each) => isOrdered(each) && each.order > migration.order);
  const newest = newer.reduce<Migration | null>((found, each) => (found === null || each.order > found.order ? each : found), null);
  if (newest === null || !isOrdered(migration)) return null;
  const consequence = LATE[migration.framework];
  if (consequence !== undefined) return { kind: 'late', other: newest, consequence };
  const runner = RUNS_LATE[migration.framework];
  const clash = runner === undefined ? undefined : newer.find((each) => clashes(migration, each));
  if (runner === undefined || clash === undefined) return null;
  return { kind: 'late', other: clash, consequence: `${runner} runs this one behind it where that one has run, and before it on new databases: both change \`${sharedName(migration, clash) ?? ''}\`, and the databases end up different` };
}

/** Repeatable migrations and changelogs that could not be read have no place among the others. */
function isOrdered(migration: Migration): boolean {
  return !migration.order.startsWith('~');
}

/** A Drizzle migration that the journal does not name: it is never run. */
export function unrecorded(migration: Migration, others: readonly Migration[]): OrderConflict | null {
  const recorded = (each: Migration): boolean => /^\d{20}$/.test(each.order);
  if (migration.framework !== 'drizzle' || recorded(migration) || !others.some(recorded)) return null;
  return { kind: 'unrecorded', other: null, consequence: '`meta/_journal.json` has no entry for it, and Drizzle runs only what stands there' };
}

/** What each step makes, drops or changes: `users`, `users.email`. */
function touchedNames(migration: Migration): { readonly names: ReadonlySet<string>; readonly tables: ReadonlySet<string> } {
  const names = new Set<string>();
  const tables = new Set<string>();
  for (const step of migration.up) for (const name of namesOf(step, tables)) names.add(name);
  return { names, tables };
}

/** `tables` collects those that are made, dropped or renamed as a whole: everything in them is touched. */
function namesOf(step: Step, tables: Set<string>): readonly string[] {
  switch (step.kind) {
    case 'create-table':
      tables.add(step.table.name);
      return [step.table.name];
    case 'drop-table':
      for (const table of step.tables) tables.add(table.name);
      return step.tables.map((table) => table.name);
    case 'rename-relation':
      tables.add(step.table.name);
      return [step.table.name, step.to];
    case 'add-column':
      return [`${step.table.name}.${step.column.name}`];
    case 'rename-column':
      return [`${step.table.name}.${step.column}`, `${step.table.name}.${step.to}`];
    case 'drop-column':
    case 'set-type':
    case 'set-default':
    case 'drop-default':
    case 'set-not-null':
    case 'drop-not-null':
      return [`${step.table.name}.${step.column}`];
    default:
      return [];
  }
}

function sharedName(one: Migration, other: Migration): string | null {
  const [first, second] = [touchedNames(one), touchedNames(other)];
  const within = (names: ReadonlySet<string>, tables: ReadonlySet<string>): string | undefined => [...names].find((name) => tables.has(name.split('.')[0] ?? ''));
  return [...first.names].find((name) => second.names.has(name)) ?? within(first.names, second.tables) ?? within(second.names, first.tables) ?? null;
}

function clashes(one: Migration, other: Migration): boolean {
  return sharedName(one, other) !== null;
}
