import { folderOf, isBelow, joinPath } from '../paths.js';
import { readChangelog, type Changelog, type ParsedChangelogs, type ChangeSet, type Entry } from './changelog.js';
import type { ElementFailure } from './element.js';

/** A changeset in its file. */
export interface PlacedChangeSet {
  readonly path: string;
  readonly changeSet: ChangeSet;
}

/** The changesets that one master changelog leads to, in the order they run. */
export interface ChangelogHistory {
  /** The master's path, or the folder of changelogs that nothing includes. */
  readonly name: string;
  readonly changeSets: readonly PlacedChangeSet[];
  readonly failures: readonly { readonly path: string; readonly failure: ElementFailure }[];
  /** Changelogs and SQL files that were read on the way. */
  readonly paths: ReadonlySet<string>;
}

const CHANGELOG_NAME = /\.(?:xml|ya?ml|json|sql)$/i;

/** Whether a file may be a changelog by its name and text. */
export function mayBeChangelog(path: string, text: string): boolean {
  if (!CHANGELOG_NAME.test(path) || /(?:^|\/)(?:node_modules|target|build|dist)\//.test(path)) return false;
  const beginning = text.slice(0, 20_000);
  return /\.sql$/i.test(path) ? /^\uFEFF?\s*--\s*liquibase\s*formatted/i.test(beginning) : beginning.includes('databaseChangeLog');
}

/** How much of two paths is the same folders. */
function shared(one: string, other: string): number {
  const left = one.split('/');
  const right = other.split('/');
  let count = 0;
  while (count < left.length && left[count] === right[count]) count += 1;
  return count;
}

/** Files by the end of their path: what a class path or search path makes of a name. */
function named(files: ReadonlyMap<string, string>, path: string, from: string): string | null {
  const wanted = path.replace(/^(?:classpath:|file:)?(?:\.?\/)*/, '');
  if (files.has(wanted)) return wanted;
  const found = [...files.keys()].filter((each) => each.endsWith(`/${wanted}`));
  return found.sort((one, other) => shared(other, from) - shared(one, from))[0] ?? null;
}

/** The file that a changelog names; null when it is not there. */
export function resolveFile(files: ReadonlyMap<string, string>, from: string, path: string, relative: boolean): string | null {
  const beside = joinPath(folderOf(from), path.replace(/^classpath:/, ''));
  if (relative) return files.has(beside) ? beside : null;
  return named(files, path, from) ?? (files.has(beside) ? beside : null);
}

/** The changelogs of a folder that a changelog names, in the order of their paths. */
export function resolveFolder(files: readonly string[], from: string, path: string, relative: boolean, depth: number): readonly string[] {
  const beside = joinPath(folderOf(from), path.replace(/^classpath:/, ''));
  const wanted = path.replace(/^(?:classpath:|file:)?(?:\.?\/)*/, '').replace(/\/+$/, '');
  const folders = relative ? [beside] : [wanted, ...[...new Set(files.map(folderOf).flatMap((folder) => prefixesEnding(folder, wanted)))].sort((one, other) => shared(other, from) - shared(one, from)), beside];
  const folder = folders.find((each) => files.some((file) => isBelow(file, each)));
  if (folder === undefined) return [];
  return files.filter((file) => isBelow(file, folder) && file !== from && file.slice(folder.length + 1).split('/').length <= depth).sort();
}

function prefixesEnding(folder: string, wanted: string): string[] {
  const at = `${folder}/`.indexOf(`/${wanted}/`);
  return at === -1 ? [] : [folder.slice(0, at + 1 + wanted.length)];
}

/** What reading changelogs shares: each is read once for each set of properties that leads to it. */
interface Walk {
  readonly files: ReadonlyMap<string, string>;
  /** What a folder that is included may hold: changelogs, and SQL that is one changeset a file. */
  readonly candidates: readonly string[];
  readonly parsed: ParsedChangelogs;
  readonly seen: Set<string>;
  readonly changeSets: PlacedChangeSet[];
  readonly failures: { path: string; failure: ElementFailure }[];
  readonly properties: Map<string, string>;
}

function included(walk: Walk, from: string, entry: Extract<Entry, { kind: 'include' }>): readonly string[] {
  if (entry.all) return resolveFolder(walk.candidates, from, entry.path, entry.relative, entry.depth);
  const path = resolveFile(walk.files, from, entry.path, entry.relative);
  return path === null ? [] : [path];
}

function follow(walk: Walk, path: string, depth: number): void {
  if (walk.seen.has(path) || depth > 50) return;
  walk.seen.add(path);
  const changelog = readOne(walk, path);
  if (changelog === null) return;
  if (changelog.failure !== null) walk.failures.push({ path, failure: changelog.failure });
  for (const entry of changelog.entries) {
    if (entry.kind === 'changeset') walk.changeSets.push({ path, changeSet: entry });
    else if (entry.kind === 'property') {
      if (entry.global && !walk.properties.has(entry.name)) walk.properties.set(entry.name, entry.value);
    } else for (const next of included(walk, path, entry)) follow(walk, next, depth + 1);
  }
}

/** A file of plain SQL that a changelog includes is one changeset. */
function readOne({ files, parsed, properties }: Walk, path: string): Changelog | null {
  const text = files.get(path) ?? '';
  const changelog = readChangelog(path, text, properties, parsed);
  if (changelog !== null || !/\.sql$/i.test(path)) return changelog;
  const changeSet: ChangeSet = {
    kind: 'changeset', id: 'raw', author: 'includeAll', start: 0, end: text.length, writtenFor: null, inTransaction: true,
    sent: [{ kind: 'file', path, relative: false, together: false, delimiter: null, start: 0, end: text.length }], rollback: { kind: 'none' },
  };
  return { entries: [changeSet], failure: null };
}

/** Files that changelogs lead to, read without their own includes: to find the masters. */
function includedBy(files: ReadonlyMap<string, string>, changelogs: readonly string[], candidates: readonly string[], parsed: ParsedChangelogs): { readonly targets: ReadonlySet<string>; readonly masters: ReadonlySet<string> } {
  const targets = new Set<string>();
  const masters = new Set<string>();
  for (const path of changelogs) {
    const entries = readChangelog(path, files.get(path) ?? '', new Map(), parsed)?.entries ?? [];
    for (const entry of entries) {
      if (entry.kind !== 'include') continue;
      masters.add(path);
      const walk: Walk = { files, candidates, parsed, seen: new Set(), changeSets: [], failures: [], properties: new Map() };
      for (const target of included(walk, path, entry)) if (target !== path) targets.add(target);
    }
  }
  return { targets, masters };
}

/** All changelogs of a repository as histories, one for each master; those that nothing includes are one for each folder. */
export function changelogHistories(files: ReadonlyMap<string, string>): ChangelogHistory[] {
  const known = new Set([...files].filter(([path, text]) => mayBeChangelog(path, text)).map(([path]) => path));
  const changelogs = [...known];
  if (changelogs.length === 0) return [];
  const parsed: ParsedChangelogs = new Map();
  const candidates = [...files.keys()].filter((path) => path.endsWith('.sql') || known.has(path));
  const { targets, masters } = includedBy(files, changelogs, candidates, parsed);
  const roots = new Map<string, string[]>();
  for (const path of changelogs.filter((each) => !targets.has(each)).sort()) {
    const name = masters.has(path) ? path : folderOf(path);
    roots.set(name, [...(roots.get(name) ?? []), path]);
  }
  return [...roots].map(([name, paths]) => {
    const walk: Walk = { files, candidates, parsed, seen: new Set(), changeSets: [], failures: [], properties: new Map() };
    for (const path of paths) follow(walk, path, 0);
    return { name, changeSets: walk.changeSets, failures: walk.failures, paths: walk.seen };
  });
}
