// Reviews an example and checks the JSON against docs/review.schema.json: what others script against has to hold.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { makeExample } from './make-example.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const schema = JSON.parse(readFileSync(join(root, 'docs/review.schema.json'), 'utf8'));
const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const folder = mkdtempSync(join(tmpdir(), 'belay-json-'));
try {
  for (const name of ['wallet', 'hotfix-without-plan', 'clean']) {
    const directory = join(folder, name);
    const { file, pull } = makeExample(name, directory);
    const args = [join(root, 'dist/doors/cli.js'), 'review', '--repo', directory, '--base', pull.base, '--head', pull.head, '--pr', file, '--llm', 'off', '--format', 'json'];
    const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const document = JSON.parse(run.stdout);
    if (!validate(document)) {
      console.error(`The JSON of examples/${name} does not fit docs/review.schema.json:`, ajv.errorsText(validate.errors, { separator: '\n' }));
      process.exit(1);
    }
    console.log(`examples/${name}: ${document.verdict.conclusion}, ${document.findings.length} findings, the JSON fits its schema`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
