// Runs after tsc. The command line's entry is started directly by its shebang. The embedded database of proofs starts from the
// files of an empty one, made here once for each version of the engine: a start then takes a quarter of the time. Nothing is
// copied: prompts are read from the package's root, in the repository as in an installation.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../dist/doors/cli.js', import.meta.url));
if (!existsSync(entry)) {
  console.error('dist/doors/cli.js was not built: src/doors/cli.ts is missing');
  process.exit(1);
}
chmodSync(entry, 0o755);

const { EMPTY_DATABASE, EMPTY_DATABASE_FILES, engineVersion, makeEmptyDatabase } = await import('../dist/proof/engine/boot.js');
const pglite = await engineVersion();
const built = existsSync(EMPTY_DATABASE) && existsSync(EMPTY_DATABASE_FILES) ? JSON.parse(readFileSync(EMPTY_DATABASE, 'utf8')) : null;
if (built?.pglite !== pglite) {
  const { server, packed } = await makeEmptyDatabase(pglite);
  writeFileSync(EMPTY_DATABASE_FILES, packed);
  writeFileSync(EMPTY_DATABASE, `${JSON.stringify({ pglite, server })}\n`);
}
// The engine keeps a process alive.
process.exit();
