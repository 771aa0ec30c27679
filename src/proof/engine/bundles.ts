/** Extensions that the embedded engine brings along, and the files each needs. Those that read the server's files, watch its memory or must be loaded before it starts are left out. */
const BUNDLES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['amcheck', 'bloom', 'btree_gin', 'btree_gist', 'citext', 'cube', 'dict_int', 'dict_xsyn', 'fuzzystrmatch', 'hstore', 'intarray', 'isn', 'lo', 'ltree', 'pg_trgm', 'pgcrypto', 'seg', 'tablefunc', 'tcn', 'tsm_system_rows', 'tsm_system_time', 'unaccent', 'uuid-ossp'].map(
      (name) => [name, [name]],
    ),
  ),
  earthdistance: ['cube', 'earthdistance'],
  autoinc: ['spi'],
  insert_username: ['spi'],
  moddatetime: ['spi'],
  refint: ['spi'],
};

/** Archives of the engine's package (`<name>.tar.gz`) that an extension needs; none for one that it has not. */
export function bundleOf(extension: string): readonly string[] {
  return BUNDLES[extension] ?? [];
}

export const BUNDLED_EXTENSIONS: readonly string[] = Object.keys(BUNDLES);
