import type { Framework } from '../migration.js';
import { claimOf, isExcluded } from './claims.js';
import { usesRefinery, type Repository } from './history.js';
import { placeBelow, placeByText, placeOf, versionKey, type Place } from './layout.js';
import { folderOf } from './paths.js';

/** The files of one migration. */
export interface Script {
  readonly place: Place;
  readonly up: string | null;
  readonly down: string | null;
  /** The database other than Postgres that it is for, by its file's name or its plan. */
  readonly dialect: string | null;
  /** What a plan says of it: its framework and its number in the order it runs. */
  readonly planned?: { readonly framework: Framework; readonly position: number };
}

const OWN_MARKERS = /\+goose\s+up|migrate:up\b|\+migrate\s+up|create above \/ drop below/i;
const QUERIES = /^[ \t]*--[ \t]*name:[ \t]*\w+\s+:(?:one|many|exec|execrows|execresult|batch\w+|copyfrom)\b/m;
const MODELS = /\{\{\s*(?:config|ref|source)\s*\(/;
const LOOKED_AT = 20_000;

/** Whether a text says by its own markers that it is a migration. */
export function saysMigration(text: string): boolean {
  return OWN_MARKERS.test(text.slice(0, LOOKED_AT));
}

/** Where a file stands, by configuration, by path, by its own text; null when it is no migration. */
function locate(repository: Repository, path: string, text: string): Place | null {
  if (!path.endsWith('.sql') || isExcluded(repository.claims, path)) return null;
  const beginning = text.slice(0, LOOKED_AT);
  if (QUERIES.test(beginning) || MODELS.test(beginning)) return null;
  const claim = claimOf(repository.claims, path);
  const claimed = claim === null ? null : placeBelow(path, claim.folder);
  const place = claimed ?? placeOf(path) ?? (saysMigration(beginning) ? placeByText(path) : null);
  // To refinery a U is no undo: it is a migration that may come out of order.
  return place?.layout === 'flyway' && place.direction === 'down' && usesRefinery(repository, place.history) ? { ...place, direction: 'up' } : place;
}

interface Group {
  place: Place;
  up: string | null;
  down: string | null;
}

function groupKey(place: Place): string {
  return `${place.history}\n${place.layout}\n${place.id}`;
}

/** Up and down files of one migration, together. */
function groupPlaces(places: readonly Place[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const place of places) {
    const own = groupKey(place);
    // Two files that claim one version are two migrations: the framework refuses or mistakes them, and that is to be seen.
    const key = place.direction !== 'down' && groups.get(own)?.up != null ? `${own}\n${place.path}` : own;
    const group = groups.get(key) ?? { place, up: null, down: null };
    if (place.direction === 'down') group.down = place.path;
    else {
      group.up = place.path;
      group.place = place;
    }
    groups.set(key, group);
  }
  return groups;
}

const SUFFIX = /^(.+?)[-_.](?:down|rollback|revert|undo)$/i;

/** A file that is only another one's way back goes to it: a down.sql beside migration.sql, 1_a_down.sql beside 1_a.sql or 1_a_up.sql. */
function joinDowns(groups: Map<string, Group>): void {
  for (const [key, group] of groups) {
    const { history, id, layout } = group.place;
    if (layout === 'folder' && group.up === null) adopt(groups, key, group, [`${history}\nprisma\n${id}`]);
    const stem = layout === 'file' ? SUFFIX.exec(id)?.[1] : undefined;
    if (stem !== undefined) adopt(groups, key, group, [stem, `${stem}_up`, `${stem}-up`, `${stem}.up`].map((name) => `${history}\nfile\n${name}`));
  }
}

function adopt(groups: Map<string, Group>, key: string, group: Group, keys: readonly string[]): void {
  const path = group.down ?? group.up;
  const parent = keys.map((each) => groups.get(each)).find((each) => each !== undefined && each.up !== null && each.down === null);
  if (parent === undefined || path === null) return;
  parent.down = path;
  groups.delete(key);
}

/** Folders below one Flyway location are one history, unless they have versions twice: then each is its own. */
function splitFlyway(places: readonly Place[]): readonly Place[] {
  const owner = new Map<string, string>();
  const apart = new Set<string>();
  for (const place of places) {
    if (place.layout !== 'flyway') continue;
    const key = `${place.history}\n${place.direction}\n${place.id}`;
    const folder = folderOf(place.path);
    if ((owner.get(key) ?? folder) !== folder) apart.add(place.history);
    owner.set(key, folder);
  }
  return apart.size === 0 ? places : places.map((place) => (place.layout.startsWith('flyway') && apart.has(place.history) ? { ...place, history: folderOf(place.path) } : place));
}

/**
 * A baseline is only run on an empty database. Where the versions that it stands for are there, it is a history of its own;
 * where they are gone, it is the beginning of theirs.
 */
function settleBaselines(places: readonly Place[]): readonly Place[] {
  if (!places.some((place) => place.layout === 'flyway-baseline')) return places;
  const oldest = new Map<string, string>();
  for (const { layout, history, id } of places) {
    const known = oldest.get(history);
    if (layout === 'flyway' && (known === undefined || versionKey(id) < versionKey(known))) oldest.set(history, id);
  }
  return places.map((place) => {
    const first = place.layout === 'flyway-baseline' ? oldest.get(place.history) : undefined;
    return first !== undefined && versionKey(first) <= versionKey(place.id) ? { ...place, history: `${place.history}#${place.id}` } : place;
  });
}

const POPX_PAIR = /^\d+_[^.]+$/;

/** In a history with files for single databases those without a name are for all others. */
function settlePopx(places: readonly Place[]): readonly Place[] {
  const histories = new Set(places.filter((place) => place.layout === 'popx').map((place) => place.history));
  return histories.size === 0 ? places : places.map((place) => (place.layout === 'pair' && histories.has(place.history) && POPX_PAIR.test(place.id) ? { ...place, layout: 'popx' } : place));
}

interface Variants {
  readonly postgres: Group;
  readonly general: Group;
  readonly others: Map<string, Group>;
}

function emptyGroup(place: Place): Group {
  return { place, up: null, down: null };
}

/** For each version the file for Postgres, else the one for all databases; what is for others stays visible as such. */
function popxScripts(places: readonly Place[]): Script[] {
  const versions = new Map<string, Variants>();
  for (const place of places) {
    const key = `${place.history}\n${place.id}`;
    const variants = versions.get(key) ?? { postgres: emptyGroup(place), general: emptyGroup(place), others: new Map<string, Group>() };
    versions.set(key, variants);
    const other = place.dialect === null ? null : (variants.others.get(place.dialect) ?? emptyGroup(place));
    if (other !== null && place.dialect !== null) variants.others.set(place.dialect, other);
    const group = other ?? (place.specific ? variants.postgres : variants.general);
    if (place.direction === 'up') Object.assign(group, { up: place.path, place });
    else group.down = place.path;
  }
  return [...versions.values()].flatMap(({ postgres, general, others }) => {
    const own = { place: postgres.up === null && postgres.down === null ? general.place : postgres.place, up: postgres.up ?? general.up, down: postgres.down ?? general.down, dialect: null };
    const main = own.up === null && own.down === null ? [] : [own];
    const unused = postgres.up !== null && general.up !== null ? [scriptOf({ ...general, place: { ...general.place, id: `${general.place.id}.all` } }, 'databases other than Postgres')] : [];
    return [...main, ...unused, ...[...others].map(([dialect, group]) => scriptOf({ ...group, place: { ...group.place, id: `${group.place.id}.${dialect}` } }, dialect))];
  });
}

function scriptOf(group: Group, dialect: string | null): Script {
  return { place: group.place, up: group.up, down: group.down, dialect };
}

/** Every migration of the SQL files that are not spoken for: `taken` are those that another reader has read. */
export function findScripts(repository: Repository, taken: ReadonlySet<string>): Script[] {
  const found: Place[] = [];
  for (const [path, text] of repository.files) {
    if (taken.has(path)) continue;
    const place = locate(repository, path, text);
    if (place !== null) found.push(place);
  }
  const places = settlePopx(settleBaselines(splitFlyway(found)));
  const groups = groupPlaces(places.filter((place) => place.layout !== 'popx'));
  joinDowns(groups);
  return [...[...groups.values()].map((group) => scriptOf(group, group.place.dialect)), ...popxScripts(places.filter((place) => place.layout === 'popx'))];
}

