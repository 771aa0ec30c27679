// Runs in the child only (and once at build time).
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { bundleOf } from './bundles.js';

/** Where the package's own files lie. */
const PACKAGE = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));

/** `-O` would let migrations alter the system's own tables, which no server does. The rest keeps saved databases small. */
const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((one) => one !== '-O'),
  ...['min_wal_size=2MB', 'max_wal_size=32MB', 'wal_init_zero=off', 'wal_recycle=off', 'full_page_writes=off'].flatMap((setting) => ['-c', setting]),
];

/** An empty database as it was made when Belay was built; `pglite` and `server` are versions. */
export interface EmptyDatabase {
  readonly pglite: string;
  readonly server: string;
  readonly packed: Uint8Array;
}

export const EMPTY_DATABASE = new URL('empty-database.json', import.meta.url);
export const EMPTY_DATABASE_FILES = new URL('empty-database.tar.br', import.meta.url);

/** The version of the installed engine. */
export async function engineVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(PACKAGE, '..', 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The empty database that was built, where it fits the installed engine; else one made now, which takes seconds. */
export async function emptyDatabase(): Promise<EmptyDatabase> {
  const pglite = await engineVersion();
  try {
    const known = JSON.parse(await readFile(EMPTY_DATABASE, 'utf8')) as { pglite: string; server: string };
    if (known.pglite === pglite) return { ...known, packed: await readFile(EMPTY_DATABASE_FILES) };
  } catch {
    // Not built: it is only slower.
  }
  return makeEmptyDatabase(pglite);
}

export async function makeEmptyDatabase(pglite: string): Promise<EmptyDatabase> {
  const database = await PGlite.create({ startParams: START_PARAMS, initDbStartParams: ['--wal-segsize=1'] });
  const { rows } = await database.query<{ version: string }>("select split_part(current_setting('server_version'), ' ', 1) as version");
  const packed = await save(database);
  await database.close();
  return { pglite, server: rows[0]?.version ?? '', packed };
}

/** The part of the global that is used; no types of it come with Node's. */
declare const WebAssembly: { compile(code: Uint8Array): Promise<object> };

/** What every database needs, loaded once. */
export interface Parts {
  readonly module: object;
  readonly files: Uint8Array;
}

export async function loadParts(): Promise<Parts> {
  const [code, files] = await Promise.all([readFile(join(PACKAGE, 'pglite.wasm')), readFile(join(PACKAGE, 'pglite.data'))]);
  return { module: await WebAssembly.compile(code), files };
}

/** Opens a packed database. Names that are no known extension are passed over. */
export async function boot(parts: Parts, packed: Uint8Array, extensions: readonly string[]): Promise<PGlite> {
  const bundles = new Set(extensions.flatMap((name) => bundleOf(name)));
  return PGlite.create({
    startParams: START_PARAMS,
    pgliteWasmModule: parts.module,
    fsBundle: new Blob([new Uint8Array(parts.files)]),
    loadDataDir: new Blob([new Uint8Array(await promisify(brotliDecompress)(packed))]),
    extensions: Object.fromEntries([...bundles].map((bundle) => [bundle, pathToFileURL(join(PACKAGE, `${bundle}.tar.gz`))])),
  });
}

/** How the engine leaves its loop after an error of SQL; anything else that is thrown is a fall. */
const ERROR_EXIT = 100;

/** Calls `fallen` when the engine's code traps or runs out of stack: it swallows that itself and goes on in ruins. */
export function onFall(database: PGlite, fallen: () => void): void {
  const module = database.Module;
  const loop = module._PostgresMainLoopOnce;
  module._PostgresMainLoopOnce = () => {
    try {
      loop();
    } catch (error) {
      if (!(typeof error === 'object' && error !== null && 'status' in error && error.status === ERROR_EXIT)) fallen();
      throw error;
    }
  };
}

/** The whole database, packed: one tenth of its files' size. */
export async function save(database: PGlite): Promise<Uint8Array> {
  // Without it the log would be replayed at each start.
  await database.exec('CHECKPOINT');
  const files = await (await database.dumpDataDir('none')).arrayBuffer();
  return promisify(brotliCompress)(new Uint8Array(files), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
}
