import { readDataTree, type DataNode } from '../../languages/yaml-tree.js';
import type { Framework } from '../migration.js';
import { databaseNamed, databaseOfUrl } from './dialect.js';
import { folderOf, joinPath, nameOf } from './paths.js';

/** What a configuration file says of a folder. */
export interface Claim {
  readonly folder: string;
  readonly framework: Framework;
  /** The database other than Postgres that it names; null for Postgres, undefined when it names none. */
  readonly database: string | null | undefined;
}

/** What all configuration files of a repository say of its folders. */
export interface Claims {
  readonly byFolder: ReadonlyMap<string, Claim>;
  /** Folders whose SQL is something else: queries, models. */
  readonly excluded: ReadonlySet<string>;
}

interface Found {
  readonly claims: readonly Claim[];
  readonly excluded?: readonly string[];
}

type Reader = (path: string, text: string) => Found;

const NOTHING: Found = { claims: [] };

/** Configuration is short; what is longer is something else. */
const LOOKED_AT = 200_000;

function one(folder: string, framework: Framework, database: string | null | undefined): Found {
  return { claims: [{ folder, framework, database }] };
}

/** The value of a key in JavaScript, TOML, HCL or an INI file. */
export function valueOf(text: string, key: string): string | null {
  const match = new RegExp(`(?:^|[\\s{,;])["']?${key}["']?[ \\t]*[:=][ \\t]*(?:"([^"\\n]*)"|'([^'\\n]*)'|\`([^\`\\n]*)\`|([^\\s,;#}"'\`]+))`, 'm').exec(text);
  return match === null ? null : (match[1] ?? match[2] ?? match[3] ?? match[4] ?? null);
}

function entry(node: DataNode | null, key: string): DataNode | null {
  return node?.kind === 'map' ? (node.entries.find((each) => each.key === key)?.value ?? null) : null;
}

function words(node: DataNode | null): string[] {
  if (node?.kind === 'scalar') return node.value === null ? [] : [node.value];
  return node?.kind === 'list' ? node.items.flatMap(words) : [];
}

function children(node: DataNode | null): readonly DataNode[] {
  if (node?.kind === 'list') return node.items;
  return node?.kind === 'map' ? node.entries.map((each) => each.value) : [];
}

function treeOf(text: string): DataNode | null {
  const tree = readDataTree(text);
  return 'message' in tree ? null : tree;
}

/** `provider = "postgresql"` in a lock file or schema. */
function providerIn(text: string): string | null | undefined {
  const provider = valueOf(text, 'provider');
  return provider === null ? undefined : databaseNamed(provider);
}

function prismaSchema(path: string, text: string): Found {
  const datasource = /\bdatasource\s+\w+\s*\{([^}]*)\}/.exec(text)?.[1];
  if (datasource === undefined) return NOTHING;
  const folder = folderOf(path);
  const database = providerIn(datasource);
  const claims = [one(joinPath(folder, 'migrations'), 'prisma', database), ...(nameOf(folder) === 'schema' ? [one(joinPath(folder, '../migrations'), 'prisma', database)] : [])];
  return { claims: claims.flatMap((each) => each.claims) };
}

function drizzleConfig(path: string, text: string): Found {
  const dialect = valueOf(text, 'dialect') ?? valueOf(text, 'driver');
  return one(joinPath(folderOf(path), valueOf(text, 'out') ?? 'drizzle'), 'drizzle', dialect === null ? undefined : databaseNamed(dialect));
}

function prismaConfig(path: string, text: string): Found {
  const block = /\bmigrations\s*:\s*\{([^}]*)\}/.exec(text)?.[1];
  const folder = block === undefined ? null : valueOf(block, 'path');
  return folder === null ? NOTHING : one(joinPath(folderOf(path), folder), 'prisma', undefined);
}

const ATLAS_FORMATS: Readonly<Record<string, Framework>> = { 'golang-migrate': 'golang-migrate', goose: 'goose', flyway: 'flyway', dbmate: 'dbmate', liquibase: 'liquibase' };

function atlasConfig(path: string, text: string): Found {
  const url = valueOf(text, 'dev') ?? valueOf(text, 'url');
  const database = url === null ? undefined : databaseOfUrl(url);
  const format = valueOf(text, 'format');
  return {
    claims: [...text.matchAll(/\bdir\s*=\s*"(?:file:\/\/)?([^"\n?]+)(?:\?format=([\w-]+))?"/g)].map((match) => ({
      folder: joinPath(folderOf(path), match[1] ?? ''),
      framework: ATLAS_FORMATS[match[2] ?? format ?? ''] ?? 'atlas',
      database,
    })),
  };
}

function hasuraConfig(path: string, text: string): Found {
  if (!/^metadata_directory\s*:|^migrations_directory\s*:|^endpoint\s*:/m.test(text)) return NOTHING;
  return one(joinPath(folderOf(path), valueOf(text, 'migrations_directory') ?? 'migrations'), 'hasura', undefined);
}

function sqlMigrateConfig(path: string, text: string): Found {
  const claims = children(treeOf(text)).flatMap((environment) => {
    const folder = words(entry(environment, 'dir'))[0];
    const dialect = words(entry(environment, 'dialect'))[0];
    return folder === undefined ? [] : one(joinPath(folderOf(path), folder), 'sql-migrate', dialect === undefined ? undefined : databaseNamed(dialect)).claims;
  });
  return { claims };
}

/** sqlc's queries are none; its schema may be a migrations folder of another tool, which is told by its files. */
function sqlcConfig(path: string, text: string): Found {
  const tree = treeOf(text);
  const parts = [...children(entry(tree, 'sql')), ...children(entry(tree, 'packages'))];
  return { claims: [], excluded: parts.flatMap((part) => words(entry(part, 'queries'))).map((folder) => joinPath(folderOf(path), folder.replace(/\/?\*?\.sql$/, ''))) };
}

function dbtProject(path: string): Found {
  const folders = ['models', 'macros', 'seeds', 'snapshots', 'analyses', 'analysis', 'tests', 'data', 'target'];
  return { claims: [], excluded: folders.map((folder) => joinPath(folderOf(path), folder)) };
}

const ENVIRONMENT: readonly (readonly [string, Framework])[] = [
  ['DBMATE_MIGRATIONS_DIR', 'dbmate'],
  ['GOOSE_MIGRATION_DIR', 'goose'],
];

function environmentFile(path: string, text: string): Found {
  const url = valueOf(text, 'DATABASE_URL') ?? valueOf(text, 'GOOSE_DBSTRING');
  return {
    claims: ENVIRONMENT.flatMap(([key, framework]) => {
      const folder = valueOf(text, key);
      return folder === null ? [] : one(joinPath(folderOf(path), folder), framework, url === null ? undefined : databaseOfUrl(url)).claims;
    }),
  };
}

function nodeManifest(path: string, text: string): Found {
  if (!text.includes('node-pg-migrate')) return NOTHING;
  const folder = /node-pg-migrate[^"\n]*?\s(?:-m|--migrations-dir)[= ]([\w./-]+)/.exec(text)?.[1] ?? valueOf(text, 'migrations-dir');
  return folder === null ? NOTHING : one(joinPath(folderOf(path), folder), 'node-pg-migrate', null);
}

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/^migration_lock\.toml$/, (path, text) => one(folderOf(path), 'prisma', providerIn(text))],
  [/\.prisma$/, prismaSchema],
  [/^prisma\.config\.[cm]?[jt]s$/, prismaConfig],
  [/^_journal\.json$/, (path, text) => (nameOf(folderOf(path)) === 'meta' ? one(folderOf(folderOf(path)), 'drizzle', databaseNamed(valueOf(text, 'dialect') ?? '')) : NOTHING)],
  [/^drizzle[\w.-]*\.config\.(?:[cm]?[jt]s|json)$/, drizzleConfig],
  [/^diesel\.toml$/, (path, text) => one(joinPath(folderOf(path), valueOf(text, 'dir') ?? 'migrations'), 'diesel', undefined)],
  [/^sqlx\.toml$/, (path, text) => one(joinPath(folderOf(path), valueOf(text, 'migrations-dir') ?? 'migrations'), 'sqlx', undefined)],
  [/^atlas\.sum$/, (path) => one(folderOf(path), 'atlas', undefined)],
  [/^atlas\.hcl$/, atlasConfig],
  [/^tern\.conf$/, (path) => one(folderOf(path), 'tern', null)],
  [/^dbconfig\.ya?ml$/, sqlMigrateConfig],
  [/^sqlc\.(?:ya?ml|json)$/, sqlcConfig],
  [/^dbt_project\.ya?ml$/, dbtProject],
  [/^\.env(?:\.[\w.-]+)?$/, environmentFile],
  [/^package\.json$/, nodeManifest],
];

function readerOf(path: string): Reader | null {
  if (path.endsWith('supabase/config.toml')) return (at) => one(joinPath(folderOf(at), 'migrations'), 'supabase', null);
  if (/(?:^|\/)config\.ya?ml$/.test(path)) return hasuraConfig;
  return READERS.find(([name]) => name.test(nameOf(path)))?.[1] ?? null;
}

/** Whether a file may say which folders hold migrations. */
export function isClaimPath(path: string): boolean {
  return readerOf(path) !== null;
}

/** How sure a claim is: a file in the folder itself says more than one elsewhere, one with a database more than one without. */
function strength(claim: Claim, path: string): number {
  return (folderOf(path) === claim.folder || path.startsWith(`${claim.folder}/`) ? 2 : 0) + (claim.database === undefined ? 0 : 1) + (claim.framework === 'atlas' ? -2 : 0);
}

/** Every folder that some configuration file speaks of. */
export function readClaims(files: ReadonlyMap<string, string>): Claims {
  const byFolder = new Map<string, { readonly claim: Claim; readonly strength: number }>();
  const excluded = new Set<string>();
  for (const [path, text] of files) {
    const found = readerOf(path)?.(path, text.slice(0, LOOKED_AT));
    if (found === undefined) continue;
    for (const folder of found.excluded ?? []) excluded.add(folder);
    for (const claim of found.claims) {
      const known = byFolder.get(claim.folder);
      const sure = strength(claim, path);
      if (known === undefined || sure > known.strength) byFolder.set(claim.folder, { claim: { ...claim, database: claim.database ?? known?.claim.database }, strength: sure });
      else if (known.claim.database === undefined && claim.database !== undefined) byFolder.set(claim.folder, { ...known, claim: { ...known.claim, database: claim.database } });
    }
  }
  return { byFolder: new Map([...byFolder].map(([folder, { claim }]) => [folder, claim])), excluded };
}

/** The claim of the nearest claimed folder at or above a path's folder; null when there is none. */
export function claimOf(claims: Claims, path: string): Claim | null {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const claim = claims.byFolder.get(folder);
    if (claim !== undefined) return claim;
    if (folder === '') return null;
  }
}

/** Whether a path lies in a folder, or is a file, whose SQL is something else. */
export function isExcluded(claims: Claims, path: string): boolean {
  if (claims.excluded.size === 0) return false;
  for (let at = path; at !== ''; at = folderOf(at)) if (claims.excluded.has(at)) return true;
  return false;
}
