// The demo: makes the example pull requests in temporary repositories, reviews each with the built command line, and prints
// what would be posted. No key, no account, no network.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeExample } from './make-example.mjs';

const CLI = fileURLToPath(new URL('../dist/doors/cli.js', import.meta.url));
const STORIES = [
  { name: 'wallet', says: 'a balance that two requests can spend twice, and a migration that locks', expected: 1 },
  { name: 'hotfix-without-plan', says: 'a hotfix that nobody can roll back', expected: 1 },
  { name: 'clean', says: 'a change on which Belay has nothing to say', expected: 0 },
];

const folder = mkdtempSync(join(tmpdir(), 'belay-demo-'));
let failed = false;
try {
  for (const { name, says, expected } of STORIES) {
    const directory = join(folder, name);
    const { file, pull } = makeExample(name, directory);
    console.log(`\n━━━ examples/${name}: ${says}\n    #${pull.number} ${pull.title} (${pull.head} → ${pull.base})\n`);
    const run = spawnSync(process.execPath, [CLI, 'review', '--repo', directory, '--base', pull.base, '--head', pull.head, '--pr', file, '--llm', 'off'], { stdio: 'inherit' });
    if (run.status !== expected) {
      console.error(`demo: examples/${name} was expected to end with ${expected} and ended with ${run.status}.`);
      failed = true;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;
else console.log('\nThat is what Belay would have said on three pull requests. Now on your own repository: node dist/doors/cli.js review --repo <dir>');
