// Runs after tsc: the command line's entry is started directly by its shebang. Nothing is copied: prompts are read from
// the package's root, in the repository as in an installation.
import { chmodSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../dist/doors/cli.js', import.meta.url));
if (!existsSync(entry)) {
  console.error('dist/doors/cli.js was not built: src/doors/cli.ts is missing');
  process.exit(1);
}
chmodSync(entry, 0o755);
