import { detectFramework, isMarkerPath, journalOrder, MARKER_GLOBS, providerOf } from './frameworks/detect.js';
import { dialectOfPath, dialectOfText, orderKey, placeOf, type Place } from './frameworks/layout.js';
import { keepRanges, readSections, type Sections } from './frameworks/sections.js';
import { transactionOf } from './frameworks/transaction.js';
import type { Framework, Migration } from './migration.js';
import { readSql, type SqlSteps } from './read-sql.js';
import type { Step } from './step.js';

/** What must be loaded of a tree before `readMigrations`: migrations and the files that tell frameworks apart. */
export const MIGRATION_GLOBS: readonly string[] = [
  '**/*migrations*/**/*.sql',
  '**/*migration/**/*.sql',
  '**/*migrate*/**/*.sql',
  '**/drizzle*/**/*.sql',
  '**/changelog*/**/*.sql',
  '**/{V,U,B}[0-9]*__*.sql',
  ...MARKER_GLOBS,
];

/** Whether a path is a migration in SQL, up or down. */
export function isMigrationPath(path: string): boolean {
  return placeOf(path) !== null;
}

/** Whether `readMigrations` wants a file: a migration, or one that tells how migrations are run. */
export function isMigrationInput(path: string): boolean {
  return isMigrationPath(path) || isMarkerPath(path);
}

interface Group {
  readonly place: Place;
  up: string | null;
  down: string | null;
}

/** Up and down files of one migration, together. */
function groupFiles(files: ReadonlyMap<string, string>): Group[] {
  const groups = new Map<string, Group>();
  for (const path of files.keys()) {
    const place = placeOf(path);
    if (place === null) continue;
    const key = `${place.history}\n${place.layout}\n${place.id}`;
    const group = groups.get(key) ?? { place, up: null, down: null };
    if (place.direction === 'down') group.down = path;
    else group.up = path;
    groups.set(key, { ...group, place: place.direction === 'down' ? group.place : place });
  }
  // Prisma's folders may hold a down.sql written by hand.
  for (const [key, group] of groups) {
    if (group.up !== null || group.down === null) continue;
    const prisma = groups.get(`${group.place.history}\nprisma\n${group.place.id}`);
    if (prisma === undefined) continue;
    prisma.down = group.down;
    groups.delete(key);
  }
  return [...groups.values()];
}

function wholeFile(text: string, reason: string): SqlSteps {
  const lines = text.split('\n').length;
  const span = { startLine: 1, startColumn: 1, endLine: lines, endColumn: 1 };
  const step: Step = { kind: 'opaque', reason, span, statementSpan: span, statement: text.slice(0, 200), wholeLines: true, statementIndex: 0 };
  return { steps: text.trim() === '' ? [] : [step] };
}

/** Reads one direction; a text for another database is opaque as a whole, and not broken. */
function readDirection(text: string, dialect: string | null): SqlSteps {
  if (dialect !== null) return wholeFile(text, `written for ${dialect}`);
  const read = readSql(text);
  if (read.broken === undefined) return read;
  const other = dialectOfText(text);
  return other === null ? read : wholeFile(text, `written for ${other}`);
}

const POSTGRES = new Set(['postgresql', 'postgres', 'pg']);

function dialectOf(files: ReadonlyMap<string, string>, place: Place): string | null {
  const provider = providerOf(files, place.history);
  if (provider !== null) return POSTGRES.has(provider) ? null : provider;
  return dialectOfPath(place.path);
}

function configurationOf(files: ReadonlyMap<string, string>, path: string): string | null {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return files.get(`${path}.conf`) ?? files.get(`${folder}metadata.toml`) ?? null;
}

/** Steps of all migrations together; what comes after is one opaque step a file. Several times the largest history known. */
const MAXIMUM_STEPS = 50_000;
const TOO_MANY = `behind the first ${String(MAXIMUM_STEPS)} steps of the repository`;

interface Directions {
  readonly up: SqlSteps;
  readonly down: readonly Step[] | 'none';
  readonly downBroken: boolean;
}

function readDirections(group: Group, text: string, sections: Sections | null, files: ReadonlyMap<string, string>, dialect: string | null): Directions {
  if (sections !== null) {
    const down = sections.down === null ? null : readDirection(keepRanges(text, sections.down), dialect);
    return { up: readDirection(keepRanges(text, sections.up), dialect), down: down?.steps ?? 'none', downBroken: down?.broken !== undefined };
  }
  const down = group.down === null ? null : readDirection(files.get(group.down) ?? '', dialect);
  return { up: readDirection(text, dialect), down: down?.steps ?? 'none', downBroken: down?.broken !== undefined };
}

function frameworkOf(files: ReadonlyMap<string, string>, place: Place, text: string, sections: Sections | null): Framework {
  if (sections !== null) return sections.framework;
  if (/^\s*--\s*liquibase formatted sql/i.test(text)) return 'liquibase';
  return detectFramework(files, place);
}

function readGroup(files: ReadonlyMap<string, string>, group: Group, journal: ReadonlyMap<string, number>, exhausted: boolean): Migration {
  const { place } = group;
  const path = group.up ?? group.down ?? place.path;
  const text = group.up === null ? '' : (files.get(group.up) ?? '');
  const sections = readSections(text);
  const framework = frameworkOf(files, place, text, sections);
  const { up, down } = exhausted ? { up: wholeFile(text, TOO_MANY), down: 'none' as const } : readDirections(group, text, sections, files, dialectOf(files, place));
  const tag = journal.get(place.id);
  const prefix = place.layout === 'flyway-repeatable' ? '~' : '';
  return {
    id: place.id,
    order: tag === undefined ? prefix + orderKey(framework === 'diesel' ? place.id.replace(/^[\d-]+/, (version) => version.replaceAll('-', '')) : place.id) : orderKey(String(tag)),
    history: place.history,
    path,
    downPath: group.up === null ? null : group.down,
    up: up.steps,
    down,
    framework,
    transaction: transactionOf({ framework, path, text, steps: up.steps, noTransaction: sections?.noTransaction ?? false, configuration: configurationOf(files, path) }),
    ...(up.broken === undefined ? {} : { broken: up.broken }),
  };
}

function compare(one: Migration, other: Migration): number {
  if (one.history !== other.history) return one.history < other.history ? -1 : 1;
  if (one.order !== other.order) return one.order < other.order ? -1 : 1;
  return one.path < other.path ? -1 : one.path === other.path ? 0 : 1;
}

/**
 * Every SQL migration among some files (path → text), history by history, each in the order it runs. Up and down are never
 * mixed up; what is written for another database is one opaque step. Needs `loadSql()`.
 */
export function readMigrations(files: ReadonlyMap<string, string>): Migration[] {
  const journals = new Map<string, ReadonlyMap<string, number>>();
  const journalOf = (history: string): ReadonlyMap<string, number> => {
    const known = journals.get(history) ?? journalOrder(files, history);
    journals.set(history, known);
    return known;
  };
  const migrations: Migration[] = [];
  let steps = 0;
  for (const group of groupFiles(files)) {
    const migration = readGroup(files, group, journalOf(group.place.history), steps > MAXIMUM_STEPS);
    steps += migration.up.length;
    migrations.push(migration);
  }
  return migrations.sort(compare);
}
