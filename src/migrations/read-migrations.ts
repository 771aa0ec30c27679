import { CHANGELOG_GLOBS, isChangelogPath, isMarkerPath, MARKER_GLOBS } from './find-migrations.js';
import { readClaims } from './frameworks/claims.js';
import { dialectOfFolder, dialectOfText, isPostgresText } from './frameworks/dialect.js';
import { isKept, journalOf, type Journal } from './frameworks/drizzle.js';
import { historyFacts, isDashedDate, type HistoryFacts, type Repository } from './frameworks/history.js';
import { placeOf } from './frameworks/layout.js';
import { openProject } from './frameworks/manifests.js';
import { readLiquibase } from './frameworks/liquibase/read-liquibase.js';
import { folderOf, nameOf } from './frameworks/paths.js';
import { readScript, type ReadContext } from './frameworks/read-script.js';
import { findScripts, type Script } from './frameworks/scripts.js';
import { readSections, type Section } from './frameworks/sections.js';
import { readSqitch } from './frameworks/sqitch.js';
import { findSwitches } from './frameworks/switches.js';
import type { Framework, Migration } from './migration.js';
import { readSql } from './read-sql.js';

/** What must be loaded of a tree before `readMigrations`, by paths alone: migrations and the files that tell how they are run. */
export const MIGRATION_GLOBS: readonly string[] = [
  '**/*migrations*/**/*.sql',
  '**/*migration/**/*.sql',
  '**/*migrate*/**/*.sql',
  '**/*drizzle*/**/*.sql',
  '**/*changelog*/**/*.sql',
  '**/*evolution*/**/*.sql',
  '**/{V,U,B}[0-9]*__*.sql',
  ...CHANGELOG_GLOBS,
  ...MARKER_GLOBS,
];

/** Whether a path is a migration, up or down, or a changelog. What configuration and texts say more, `migrationFinder` knows. */
export function isMigrationPath(path: string): boolean {
  return placeOf(path) !== null || isChangelogPath(path);
}

/** Whether `readMigrations` wants a file: a migration, or one that tells how migrations are run. */
export function isMigrationInput(path: string): boolean {
  return isMigrationPath(path) || isMarkerPath(path);
}

/** Steps of all migrations together; what comes after is one opaque step a file. Several times the largest history known. */
const MAXIMUM_STEPS = 50_000;
const TOO_MANY = `behind the first ${String(MAXIMUM_STEPS)} steps of the repository`;

/** One history: its migrations' files, with what is told once for all of them. */
interface History {
  readonly scripts: Script[];
  readonly sections: ReadonlyMap<Script, readonly Section[] | null>;
  readonly facts: HistoryFacts;
  /** Whether the folder above is a history too: this one then holds what is for one database only. */
  readonly isVariant: boolean;
}

function groupHistories(repository: Repository, scripts: readonly Script[]): History[] {
  const byFolder = new Map<string, Script[]>();
  for (const script of scripts) {
    const known = byFolder.get(script.place.history);
    if (known === undefined) byFolder.set(script.place.history, [script]);
    else known.push(script);
  }
  return [...byFolder].map(([folder, own]) => {
    const sections = new Map(own.map((script) => [script, sectionsOf(repository, script)]));
    const told = own.map((script) => script.planned?.framework ?? sections.get(script)?.[0]?.framework).filter((each) => each !== undefined && each !== 'sql');
    // A single file with another tool's markers says nothing of the others.
    const framework = 2 * told.length >= own.length ? told[0] : undefined;
    const facts = factsOf(repository, own, framework ?? null);
    const isVariant = own.every(({ place }) => place.layout.startsWith('flyway')) && byFolder.has(folderOf(folder));
    return { scripts: own.filter((script) => isRun(script, sections.get(script) ?? null, facts)), sections, facts, isVariant };
  });
}

function factsOf(repository: Repository, scripts: readonly Script[], framework: Framework | null): HistoryFacts {
  const dashed = scripts.find(({ place }) => place.layout === 'folder' && isDashedDate(place.id));
  const first = dashed ?? scripts.find((script) => script.place.layout !== 'file') ?? scripts.find((script) => script.up !== null && /^\d/.test(nameOf(script.place.id))) ?? scripts[0];
  if (first === undefined) throw new Error('a history has a migration');
  return historyFacts(repository, first.place, framework);
}

/** Only a file that does not say its direction by its name may hold both. */
function sectionsOf(repository: Repository, script: Script): readonly Section[] | null {
  return script.place.direction === 'both' && script.up !== null ? readSections(repository.files.get(script.up) ?? '') : null;
}

/** Files of a history that are looked at to tell which database it is for. */
const SAMPLE = 100;

/** The database other than Postgres that a whole history is written for: by configuration, by its folder, by words. */
function dialectOfHistory(repository: Repository, { scripts, facts, isVariant }: History): string | null {
  if (isVariant && dialectOfFolder(nameOf(facts.folder)) !== null) return dialectOfFolder(nameOf(facts.folder));
  if (facts.database !== undefined) return facts.database;
  const texts = scripts.slice(-SAMPLE).flatMap((script) => (script.up === null || script.dialect !== null ? [] : [repository.files.get(script.up) ?? '']));
  const folder = dialectOfFolder(facts.folder);
  // Words alone are not enough: the server must refuse the text too.
  const foreign = texts.filter((text) => dialectOfText(text) !== null && text.length < 200_000).slice(0, 10);
  const refused = foreign.find((text) => readSql(text).broken !== undefined);
  const postgres = texts.some(isPostgresText);
  if (folder !== null) return refused !== undefined || !postgres ? folder : null;
  return refused === undefined || postgres ? null : dialectOfText(refused);
}

/** Frameworks that run files with a number in front only. */
const NUMBERED = new Set<Framework>(['golang-migrate', 'sqlx', 'refinery', 'supabase', 'dbmate', 'tern', 'popx']);

/** Whether the framework would run a file at all. */
function isRun(script: Script, sections: readonly Section[] | null, { framework, folder }: HistoryFacts): boolean {
  if (script.place.layout !== 'file' || sections !== null || /^\d/.test(nameOf(script.place.id))) return true;
  // A folder of that name is as often a program's own.
  return !NUMBERED.has(framework) && !(framework === 'sql' && nameOf(folder) === 'migrate');
}

function compare(one: Migration, other: Migration): number {
  if (one.history !== other.history) return one.history < other.history ? -1 : 1;
  if (one.order !== other.order) return one.order < other.order ? -1 : 1;
  return one.path < other.path ? -1 : one.path === other.path ? 0 : 1;
}

/**
 * Every migration among some files (path → text), history by history, each in the order it runs. Up and down are never mixed
 * up; what is written for another database is one opaque step. Needs `loadSql()`.
 */
export function readMigrations(files: ReadonlyMap<string, string>): Migration[] {
  const repository: Repository = { files, project: openProject(files), claims: readClaims(files), switchFiles: findSwitches(files) };
  const liquibase = readLiquibase(repository, { steps: MAXIMUM_STEPS, beyond: TOO_MANY });
  const sqitch = readSqitch(files);
  const scripts = [...sqitch.scripts, ...findScripts(repository, new Set([...liquibase.taken, ...sqitch.taken]))];
  const migrations: Migration[] = [...liquibase.migrations];
  let steps = migrations.reduce((sum, { up }) => sum + up.length, 0);
  for (const history of groupHistories(repository, scripts)) {
    const dialect = dialectOfHistory(repository, history);
    const journal: Journal = journalOf(files, history.facts.folder);
    const facts = history.facts.framework === 'drizzle' && !isKept(journal, history.scripts.map(({ place }) => place.id)) ? { ...history.facts, framework: 'sql' as const } : history.facts;
    for (const script of history.scripts) {
      const context: ReadContext = { repository, facts, dialect, recorded: (place) => journal.get(place.id) ?? null, exhausted: steps > MAXIMUM_STEPS ? TOO_MANY : null };
      for (const migration of readScript(script, context, history.sections.get(script) ?? null)) {
        steps += migration.up.length;
        migrations.push(migration);
      }
    }
  }
  return migrations.sort(compare);
}
