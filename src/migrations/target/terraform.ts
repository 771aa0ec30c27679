import { namedEngine, postgresVersion, mysqlVersion, type Named, type TargetFile } from './evidence.js';

interface Block {
  /** `resource`, `module`, `variable`. */
  readonly kind: string;
  readonly labels: readonly string[];
  /** The block's own attributes, nested blocks included, with their lines. */
  readonly attributes: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
}

/** Blocks at the top of a Terraform file. Strings with braces on a line of their own are not told from blocks; nothing hangs on it. */
function blocksIn(file: TargetFile): Block[] {
  const blocks: Block[] = [];
  let attributes: Map<string, { value: string; line: number }> | null = null;
  let depth = 0;
  for (const [index, whole] of file.lines.entries()) {
    const line = whole.replace(/(?:^|\s)(?:#|\/\/).*$/, '');
    const head = depth === 0 ? /^\s*(\w+)\s+((?:"[\w./-]+"\s*)*)\{/.exec(line) : null;
    if (head !== null) {
      attributes = new Map();
      blocks.push({ kind: head[1] ?? '', labels: [...(head[2] ?? '').matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ''), attributes });
    }
    const written = head === null ? line : line.slice(head[0].length);
    const attribute = /^\s*(\w+)\s*=\s*(.+?)\s*\}?\s*$/.exec(written);
    if (attribute !== null && attributes?.has(attribute[1] ?? '') === false) attributes.set(attribute[1] ?? '', { value: attribute[2] ?? '', line: index + 1 });
    const bare = line.replace(/"(?:[^"\\]|\\.)*"/g, '');
    depth = Math.max(0, depth + (bare.match(/\{/g)?.length ?? 0) - (bare.match(/\}/g)?.length ?? 0));
  }
  return blocks;
}

export interface Placed {
  readonly value: string;
  readonly path: string;
  readonly line: number;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function unquoted(text: string): string | null {
  return /^"([^"$]*)"$/.exec(text)?.[1] ?? (/^\d+(?:\.\d+)*$/.test(text) ? text : null);
}

/** The values of variables by folder: defaults, and what `.tfvars` files set. */
function variablesOf(files: readonly TargetFile[]): ReadonlyMap<string, readonly Placed[]> {
  const found = new Map<string, Placed[]>();
  const put = (path: string, name: string, text: string, line: number): void => {
    const value = unquoted(text);
    const key = `${folderOf(path)}\n${name}`;
    if (value !== null) found.set(key, [...(found.get(key) ?? []), { value, path, line }]);
  };
  for (const file of files) {
    if (file.path.endsWith('.tfvars')) {
      for (const [index, line] of file.lines.entries()) {
        const match = /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line);
        if (match !== null) put(file.path, match[1] ?? '', match[2] ?? '', index + 1);
      }
      continue;
    }
    for (const block of blocksIn(file)) {
      const fallback = block.kind === 'variable' ? block.attributes.get('default') : undefined;
      if (fallback !== undefined) put(file.path, block.labels[0] ?? '', fallback.value, fallback.line);
      if (block.kind === 'locals') for (const [name, { value, line }] of block.attributes) put(file.path, `local.${name}`, value, line);
    }
  }
  return found;
}

/** What an attribute is: written out, or a variable of its folder. */
function valuesOf(file: TargetFile, attribute: { readonly value: string; readonly line: number } | undefined, variables: ReadonlyMap<string, readonly Placed[]>): readonly Placed[] {
  if (attribute === undefined) return [];
  const plain = unquoted(attribute.value);
  if (plain !== null) return [{ value: plain, path: file.path, line: attribute.line }];
  const name = /^"?(?:\$\{)?var\.(\w+)\}?"?$/.exec(attribute.value)?.[1];
  const local = /^"?(?:\$\{)?(local\.\w+)\}?"?$/.exec(attribute.value)?.[1];
  const key = name ?? local;
  return key === undefined ? [] : (variables.get(`${folderOf(file.path)}\n${key}`) ?? []);
}

/** Resources whose type says the engine, and the attribute with its version. */
const BY_TYPE: readonly (readonly [RegExp, 'postgres' | 'mysql' | 'mariadb', string])[] = [
  [/^azurerm_postgresql_(?:flexible_)?server$/, 'postgres', 'version'],
  [/^azurerm_mysql_(?:flexible_)?server$/, 'mysql', 'version'],
  [/^azurerm_mariadb_server$/, 'mariadb', 'version'],
  [/^neon_project$/, 'postgres', 'pg_version'],
  [/^aiven_pg$/, 'postgres', 'pg_version'],
  [/^aiven_mysql$/, 'mysql', 'mysql_version'],
  [/^crunchybridge_cluster$/, 'postgres', 'major_version'],
  [/^ovh_cloud_project_database$/, 'postgres', 'version'],
  [/^yandex_mdb_postgresql_cluster(?:_v2)?$/, 'postgres', 'version'],
];

export type PlacedServer = Named & { readonly path: string; readonly line: number };

function serversIn(file: TargetFile, block: Block, variables: ReadonlyMap<string, readonly Placed[]>): PlacedServer[] {
  const type = block.kind === 'resource' ? (block.labels[0] ?? '') : block.kind;
  const typed = BY_TYPE.find(([pattern]) => pattern.test(type));
  const values = (name: string): readonly Placed[] => valuesOf(file, block.attributes.get(name), variables);
  if (typed !== undefined) {
    const [, engine, attribute] = typed;
    return values(attribute).map(({ value, path, line }) => ({ engine, version: engine === 'postgres' ? postgresVersion(value) : mysqlVersion(value), path, line }));
  }
  const google = values('database_version').flatMap(({ value, path, line }): PlacedServer[] => {
    const match = /^(POSTGRES|MYSQL)_(\w+)$/.exec(value);
    const read = match === null ? null : namedEngine(match[1] ?? '', match[2]);
    return read === null ? [] : [{ ...read, path, line }];
  });
  if (google.length > 0) return google;
  if (block.kind !== 'resource' && block.kind !== 'module') return [];
  const versions = [...values('engine_version'), ...values('version').filter(() => /^(?:digitalocean|scaleway|linode|vultr|exoscale)_/.test(type))];
  return values('engine').flatMap((engine): PlacedServer[] => {
    // scaleway_rdb_instance: "PostgreSQL-15"
    const joined = /^(PostgreSQL|MySQL)-(\d+)$/i.exec(engine.value);
    const read = joined === null ? namedEngine(engine.value, undefined) : namedEngine(joined[1] ?? '', joined[2]);
    if (read === null) return [];
    if (versions.length === 0) return [{ ...read, path: engine.path, line: engine.line }];
    return versions.map(({ value, path, line }) => ({ ...(namedEngine(engine.value, value) ?? read), path, line }));
  });
}

/** Servers in Terraform: RDS, Aurora, Cloud SQL, Azure, DigitalOcean and others, versions in variables included. */
export function serversInTerraform(files: readonly TargetFile[]): PlacedServer[] {
  const own = files.filter((file) => /\.(?:tf|tofu|tfvars)$/.test(file.path));
  const variables = variablesOf(own);
  return own.filter((file) => !file.path.endsWith('.tfvars')).flatMap((file) => blocksIn(file).flatMap((block) => serversIn(file, block, variables)));
}
