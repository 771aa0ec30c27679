import type { Framework } from '../migration.js';
import { claimOf, type Claim, type Claims } from './claims.js';
import type { Place } from './layout.js';
import { dependencyOf, nearestEcosystem, type Project } from './manifests.js';
import { folderOf, joinPath, nearestFile } from './paths.js';
import { NO_SWITCHES, switchesOf, type SwitchFiles, type Switches } from './switches.js';

/** What is told once for all migrations of a history. */
export interface HistoryFacts {
  readonly folder: string;
  /** Of migrations whose text does not say it. */
  readonly framework: Framework;
  /** The framework's version; `latest` for the newest; null when nothing says. */
  readonly version: string | null;
  readonly switches: Switches;
  /** The database other than Postgres that configuration names; null for Postgres, undefined when it names none. */
  readonly database: string | null | undefined;
}

/** Everything about a repository that is worked out once. */
export interface Repository {
  readonly files: ReadonlyMap<string, string>;
  readonly project: Project;
  readonly claims: Claims;
  readonly switchFiles: SwitchFiles;
}

/** Whether files named as Flyway's are refinery's. */
export function usesRefinery(repository: Repository, folder: string): boolean {
  return nearestEcosystem(repository.project, folder) !== 'npm' && dependencyOf(repository.project, 'cargo', folder, ['refinery', 'refinery-core']) !== null;
}

function isDrizzleFolder(repository: Repository, place: Place): boolean {
  if (repository.files.has(joinPath(folderOf(place.path), 'snapshot.json'))) return true;
  const { project } = repository;
  return dependencyOf(project, 'npm', place.history, ['drizzle-orm', 'drizzle-kit']) !== null && dependencyOf(project, 'npm', place.history, ['prisma', '@prisma/client']) === null;
}

/** `2024-01-31-120000_name`: how diesel begins the names of its folders, and no other tool. */
export function isDashedDate(id: string): boolean {
  return /^\d{4}-\d\d-\d\d-\d{6}/.test(id);
}

function frameworkOfFolders(repository: Repository, place: Place): Framework {
  if (isDashedDate(place.id)) return 'diesel';
  if (nearestFile(repository.files, place.history, ['diesel.toml', 'Cargo.toml']) !== null) return 'diesel';
  return /^\d{10,}_/.test(place.id) && dependencyOf(repository.project, 'cargo', place.history, ['diesel', 'diesel_migrations']) === null ? 'hasura' : 'diesel';
}

function frameworkOfFiles(repository: Repository, place: Place): Framework {
  const ecosystem = nearestEcosystem(repository.project, place.history);
  if (place.layout === 'pair') {
    if (ecosystem === 'cargo') return 'sqlx';
    return ecosystem === 'npm' && dependencyOf(repository.project, 'go', place.history, ['github.com/golang-migrate/migrate']) === null ? 'sql' : 'golang-migrate';
  }
  if (ecosystem === 'cargo' && /^\d+_/.test(place.id)) return 'sqlx';
  return ecosystem === 'npm' && dependencyOf(repository.project, 'npm', place.history, ['node-pg-migrate']) !== null ? 'node-pg-migrate' : 'sql';
}

/** The framework by configuration first, by layout second. */
function frameworkOf(repository: Repository, place: Place, claim: Claim | null): Framework {
  if (place.layout.startsWith('flyway')) return usesRefinery(repository, place.history) ? 'refinery' : 'flyway';
  if (place.layout === 'popx') return 'popx';
  // atlas keeps a checksum file beside the files of other tools too.
  if (claim !== null && !(claim.framework === 'atlas' && place.layout === 'pair') && claim.framework !== 'liquibase') return claim.framework;
  if (place.layout === 'prisma') return isDrizzleFolder(repository, place) ? 'drizzle' : 'prisma';
  if (place.layout === 'folder') return frameworkOfFolders(repository, place);
  if (/(?:^|\/)supabase\/migrations$/.test(place.history)) return 'supabase';
  return frameworkOfFiles(repository, place);
}

function supabaseVersion(repository: Repository, folder: string): string | null {
  const own = dependencyOf(repository.project, 'npm', folder, ['supabase'])?.version ?? null;
  if (own !== null) return own;
  for (const [path, text] of repository.files) {
    if (!/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) continue;
    const wanted = /uses:\s*supabase\/setup-cli@[^\n]*\n(?:[ \t]*(?:with:|#[^\n]*)[ \t]*\n)?[ \t]*version:\s*["']?([\w.]+)/.exec(text)?.[1];
    if (wanted !== undefined) return /^\d/.test(wanted) ? wanted : wanted === 'latest' ? 'latest' : null;
  }
  return null;
}

function versionOf(repository: Repository, framework: Framework, folder: string): string | null {
  const { project } = repository;
  switch (framework) {
    case 'prisma':
      return dependencyOf(project, 'npm', folder, ['prisma', '@prisma/client'])?.version ?? null;
    case 'supabase':
      return supabaseVersion(repository, folder);
    case 'sqlx':
      return dependencyOf(project, 'cargo', folder, ['sqlx', 'sqlx-cli'])?.version ?? null;
    case 'diesel':
      return dependencyOf(project, 'cargo', folder, ['diesel_migrations', 'diesel'])?.version ?? null;
    default:
      return null;
  }
}

/** What a history's configuration says; `framework` where the migrations' own texts say it. */
export function historyFacts(repository: Repository, place: Place, framework: Framework | null): HistoryFacts {
  const claim = claimOf(repository.claims, place.path);
  const known = framework ?? frameworkOf(repository, place, claim);
  const switches = repository.switchFiles.java.length + repository.switchFiles.commands.length === 0 ? NO_SWITCHES : switchesOf(repository.switchFiles, place.history);
  const java = known === 'flyway' || known === 'liquibase' ? switches.database : undefined;
  return { folder: place.history, framework: known, version: versionOf(repository, known, place.history), switches, database: claim?.database !== undefined ? claim.database : java };
}
