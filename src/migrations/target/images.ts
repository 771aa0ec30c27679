import { mysqlVersion, postgresVersion, type Named, type TargetFile } from './evidence.js';

/** Images that are a Postgres server whose tag begins with its version. */
const POSTGRES = new Set(['postgres', 'postgresql', 'postgresql-repmgr', 'postgis', 'postgres-flex', 'postgres-ha', 'alloydb', 'edb-postgres-advanced', 'postgres-ssl', 'pgautoupgrade']);

/** Images of extensions: the server's version stands as `pg16` in the tag, its beginning is the extension's. */
const EXTENSIONS = new Set(['timescaledb', 'timescaledb-ha', 'timescaledb-postgis', 'pgvector', 'citus', 'paradedb', 'pgvecto-rs', 'vectorchord-postgres', 'vchord-postgres', 'age', 'pg_search', 'hydra', 'pgduckdb', 'postgres-with-pgvector']);

const MYSQL = new Set(['mysql', 'mysql-server', 'mysql-community-server', 'percona', 'percona-server']);
const MARIADB = new Set(['mariadb', 'mariadb-galera']);

/** `${NAME:-default}` becomes its default, other variables nothing. */
function substituted(reference: string): string {
  return reference.replace(/\$\{[A-Za-z_]\w*:?-([^{}]*)\}/g, '$1');
}

/** The server in an image and its version: `docker.io/library/postgres:16.2-alpine`. Null for any other image. */
export function readImage(written: string): Named | null {
  const reference = substituted(written.trim()).replace(/@sha256:.*$/, '');
  const slash = reference.lastIndexOf('/');
  const colon = reference.indexOf(':', slash + 1);
  const name = reference.slice(slash + 1, colon === -1 ? undefined : colon).toLowerCase();
  const tag = colon === -1 ? '' : reference.slice(colon + 1);
  const inName = /^(?:spilo|postgresql|postgres)-(\d{1,2})(?:-|$)/.exec(name);
  if (inName !== null) return { engine: 'postgres', version: postgresVersion(inName[1]) };
  const marked = /(?:^|[-_.])pg-?(\d{1,2})(?!\d)/.exec(tag) ?? /^postgres_(\d{1,2})(?!\d)/.exec(tag);
  if (EXTENSIONS.has(name)) return { engine: 'postgres', version: postgresVersion(marked?.[1]) };
  // crunchy-postgres:ubi8-15.3-0
  if (/^crunchy-postgres/.test(name)) return { engine: 'postgres', version: postgresVersion(/(?:^|-)(\d{1,2})\.\d/.exec(tag)?.[1]) };
  if (POSTGRES.has(name)) return { engine: 'postgres', version: postgresVersion(marked?.[1] ?? tag) };
  if (MYSQL.has(name)) return { engine: 'mysql', version: mysqlVersion(/^\d/.test(tag) ? tag : undefined) };
  return MARIADB.has(name) ? { engine: 'mariadb', version: mysqlVersion(/^\d/.test(tag) ? tag : undefined) } : null;
}

/** The values of a variable of a CI matrix: `postgres: [13, 14]`, or a list below it. */
function matrixValues(file: TargetFile, variable: string): { readonly value: string; readonly line: number }[] {
  const found: { value: string; line: number }[] = [];
  for (const [index, line] of file.lines.entries()) {
    const colon = line.indexOf(':');
    if (colon === -1 || line.slice(0, colon).trim().replace(/^-\s*/, '').replace(/^['"]|['"]$/g, '') !== variable) continue;
    const rest = line.slice(colon + 1).replace(/#.*$/, '').trim();
    if (rest !== '') {
      for (const value of rest.replace(/[[\]]/g, '').split(',')) found.push({ value: value.trim().replace(/^['"]|['"]$/g, ''), line: index + 1 });
      continue;
    }
    for (let at = index + 1; at < Math.min(file.lines.length, index + 30); at += 1) {
      const item = /^\s*-\s*['"]?([\w.:/-]+)['"]?\s*(?:#.*)?$/.exec(file.lines[at] ?? '');
      if (item === null) break;
      found.push({ value: item[1] ?? '', line: at + 1 });
    }
  }
  return found;
}

type Found = Named & { readonly line: number };

/** An image with `${{ matrix.x }}` or GitLab's `$X` in it, once for each value that the file gives the variable. */
function expanded(file: TargetFile, reference: string, line: number): Found[] {
  const variable = /\$\{\{\s*matrix\.([\w-]+)(?:\.([\w-]+))?\s*\}\}|<<\s*(?:matrix|parameters|pipeline\.parameters)\.([\w-]+)\s*>>|\$\{?([A-Za-z_]\w*)\}?(?![\w:{-])/.exec(reference);
  const name = variable?.[2] ?? variable?.[1] ?? variable?.[3] ?? variable?.[4];
  if (variable === null || name === undefined) {
    const read = readImage(reference);
    return read === null ? [] : [{ ...read, line }];
  }
  const values = matrixValues(file, name).flatMap((each): Found[] => {
    const read = readImage(reference.replace(variable[0], each.value));
    return read === null ? [] : [{ ...read, line: each.line }];
  });
  if (values.length > 0) return values;
  const read = readImage(reference.replace(variable[0], ''));
  return read === null ? [] : [{ ...read, version: null, line }];
}

/** `image: postgres:16` in any of the YAML and JSON files that start containers, `- postgres:16` of GitLab's services, `FROM`. */
export function imagesIn(file: TargetFile): Found[] {
  return file.lines.flatMap((line, index): Found[] => {
    const image = /(?:^|[\s{,-])["']?(?:image|imageName|dockerImage)["']?\s*[:=]\s*["']?([^\s"',#]+(?:\s*\$\{\{[^}]*\}\}[^\s"',]*)?)/.exec(line.replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, '${{$1}}'));
    if (image !== null) return expanded(file, image[1] ?? '', index + 1);
    const service = /^\s*-\s*(?:name:\s*)?["']?((?:[\w.-]+\/)*(?:postgres|postgresql|postgis|pgvector|timescaledb|mysql|mariadb)[\w./-]*:[\w.$-]+[^\s"'#]*)["']?\s*(?:#.*)?$/.exec(line);
    if (service !== null) return expanded(file, service[1] ?? '', index + 1);
    const from = /^\s*FROM\s+(?:--platform=\S+\s+)?(\S+)/i.exec(line);
    return from === null ? [] : expanded(file, from[1] ?? '', index + 1);
  });
}

/** Helm: `repository: bitnami/postgresql` and `tag: "16.2.0"` near each other, in either order. */
export function helmImagesIn(file: TargetFile): Found[] {
  return file.lines.flatMap((line, index): Found[] => {
    const repository = /^\s*repository\s*:\s*["']?([^\s"'#]+)/.exec(line)?.[1];
    if (repository === undefined || readImage(repository) === null) return [];
    const indent = line.search(/\S/);
    for (const at of [1, -1, 2, -2, 3, -3, 4].map((offset) => index + offset)) {
      const near = file.lines[at] ?? '';
      const tag = /^\s*tag\s*:\s*["']?([\w.-]+)/.exec(near)?.[1];
      if (tag === undefined || near.search(/\S/) !== indent) continue;
      const read = readImage(`${repository}:${tag}`);
      return read === null ? [] : [{ ...read, line: at + 1 }];
    }
    return [];
  });
}
