import { claimOf, isClaimPath, isExcluded, readClaims } from './frameworks/claims.js';
import { isTestData, placeBelow, placeOf } from './frameworks/layout.js';
import { mayBeChangelog } from './frameworks/liquibase/order.js';
import { changelogTargets } from './frameworks/liquibase/targets.js';
import { isManifestPath } from './frameworks/manifests.js';
import { saysMigration } from './frameworks/scripts.js';
import { folderOf, foldersUpwards } from './frameworks/paths.js';
import { isSqitchPath, readSqitchFolders } from './frameworks/sqitch.js';
import { isSwitchPath } from './frameworks/switches.js';

/** Files that may be changelogs by their path. */
export const CHANGELOG_GLOBS: readonly string[] = ['**/*changelog*/**/*.{xml,yaml,yml,json}', '**/*changelog*.{xml,yaml,yml,json}', '**/liquibase/**/*.{xml,yaml,yml,json,sql}', '**/*changeset*/**/*.{xml,yaml,yml,sql}'];

/** Files that tell how migrations are laid out and run. */
export const MARKER_GLOBS: readonly string[] = [
  '**/migration_lock.toml',
  '**/*.prisma',
  '**/prisma.config.{ts,js,mts,mjs,cts,cjs}',
  '**/meta/_journal.json',
  '**/drizzle*.config.{ts,js,mts,mjs,cts,cjs,json}',
  '**/snapshot.json',
  '**/metadata.toml',
  '**/{diesel,sqlx}.toml',
  '**/atlas.{sum,hcl}',
  '**/tern.conf',
  '**/dbconfig.{yml,yaml}',
  '**/sqlc.{yml,yaml,json}',
  '**/dbt_project.{yml,yaml}',
  '**/config.{yml,yaml}',
  '**/supabase/config.toml',
  '**/*.sql.conf',
  '**/flyway*.{conf,toml}',
  '**/{application,bootstrap,liquibase}*.{properties,yml,yaml}',
  '**/{pom.xml,build.gradle,build.gradle.kts}',
  '**/{sqitch.conf,*.plan}',
  '**/{package.json,package-lock.json,npm-shrinkwrap.json,pnpm-lock.yaml,yarn.lock,bun.lock,go.mod,Cargo.toml,Cargo.lock}',
  '**/{Makefile,makefile,GNUmakefile,justfile,Justfile,Taskfile.yml,Taskfile.yaml,Procfile,.pgmigraterc,.pgmigraterc.json}',
  '**/*compose*.{yml,yaml}',
  '**/[Dd]ockerfile*',
  '**/.env*',
  '.github/workflows/*.{yml,yaml}',
];

/** What must be listed of a tree before `markersAmong` and `migrationsAmong` are asked. */
export const MIGRATION_TREE_GLOBS: readonly string[] = ['**/*.{sql,xml,yaml,yml,json}', ...MARKER_GLOBS];

const IGNORED = /(?:^|\/)(?:node_modules|vendor|third_party)\//;
const OTHER_MARKERS = /(?:^|\/)(?:metadata\.toml|snapshot\.json|[^/]+\.sql\.conf)$|^\.github\/workflows\/[^/]+\.ya?ml$|\/\.github\/workflows\/[^/]+\.ya?ml$/;

/** Whether a path is one of the files that tell how migrations are laid out and run. */
export function isMarkerPath(path: string): boolean {
  return !IGNORED.test(path) && (isClaimPath(path) || isSwitchPath(path) || isManifestPath(path) || isSqitchPath(path) || OTHER_MARKERS.test(path));
}

/** Whether a path may be a Liquibase changelog; its text decides. */
export function isChangelogPath(path: string): boolean {
  if (IGNORED.test(path) || !/\.(?:xml|ya?ml|json)$/i.test(path)) return false;
  return /(?:^|\/)[^/]*(?:change-?log|change-?set)[^/]*\/|(?:^|\/)liquibase\/|[^/]*change-?log[^/]*$/i.test(path) && !/(?:^|\/)(?:\.changeset|changelog(?:-\w+)?\.json|CHANGELOG)/.test(path);
}

/** Whether a changed file is reason enough to look for migrations. */
export function mayBeMigration(path: string): boolean {
  return (/\.sql$/i.test(path) || isChangelogPath(path)) && !isTestData(path);
}

/** Manifests far away from every migration say nothing; there may be thousands. */
const NEARBY = 400;

/** The files among all paths of a tree that must be read before `migrationsAmong` can say which others are migrations. */
export function markersAmong(paths: readonly string[]): string[] {
  const near = new Set(paths.filter((path) => path.endsWith('.sql') || isChangelogPath(path)).flatMap((path) => foldersUpwards(folderOf(path))));
  let far = 0;
  return paths.filter((path) => {
    if (!isMarkerPath(path)) return isChangelogPath(path);
    if (!isManifestPath(path) && !isSwitchPath(path)) return true;
    return near.has(folderOf(path)) || (isManifestPath(path) && (far += 1) <= NEARBY);
  });
}

/**
 * The files among all paths of a tree that are migrations: by configuration first, by path second. `markers` holds the texts
 * that `markersAmong` asked for, and may hold others. Data of tests is left out unless it is asked for.
 */
export function migrationsAmong(paths: readonly string[], markers: ReadonlyMap<string, string>, testData = false): string[] {
  const claims = readClaims(markers);
  const sqitch = readSqitchFolders(markers);
  const targets = changelogTargets(markers, paths);
  const own = new Set([...markers].filter(([path, text]) => path.endsWith('.sql') && saysMigration(text)).map(([path]) => folderOf(path)));
  const isMigration = (path: string): boolean => {
    if (targets.has(path) || mayBeChangelog(path, markers.get(path) ?? '')) return true;
    if (!path.endsWith('.sql') || isExcluded(claims, path)) return false;
    const claim = claimOf(claims, path);
    return (claim !== null && placeBelow(path, claim.folder) !== null) || placeOf(path) !== null || own.has(folderOf(path)) || foldersUpwards(folderOf(path)).some((folder) => sqitch.has(folder));
  };
  return paths.filter((path) => (testData || !isTestData(path)) && isMigration(path));
}
