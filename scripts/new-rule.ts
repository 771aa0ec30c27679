/** `npm run new:rule migrations/foo -- --input migration`: a rule and its two fixtures, which fail until they are filled in. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fixturesOf, INPUTS, ruleOf, type Input } from './rule-templates.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FAMILIES = ['concurrency', 'failures', 'migrations', 'rollback', 'review'];
const USAGE = `Usage: npm run new:rule <family>/<pattern> -- --input ${INPUTS.join('|')}`;

function main(): number {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { input: { type: 'string' } } });
  const [id = ''] = positionals;
  const problem = problemWith(id, positionals.length, values.input);
  if (problem !== null) {
    console.error(`${problem}\n${USAGE}`);
    return 2;
  }
  const input = values.input as Input;
  const files = new Map([[`src/rules/${id}.ts`, ruleOf(id, input, version())]]);
  for (const [name, text] of fixturesOf(id, input)) files.set(`test/rules/${id}/${name}`, text);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text, { flag: 'wx' });
    console.log(`wrote ${path}`);
  }
  console.log(`
Next:
  1. Write the fixtures first: what must be found (want), and its closest harmless twin.
  2. Write the rule until they pass:  npm run generate && npm run jest -- test/rules -t ${id}
  3. Look at docs/rules/${id}.md as a reader would.`);
  return 0;
}

function problemWith(id: string, count: number, input: string | undefined): string | null {
  if (count !== 1) return `Name one rule, not ${count}.`;
  const [family = '', pattern, ...rest] = id.split('/');
  if (pattern === undefined || rest.length > 0 || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(pattern)) {
    return `"${id}" is no rule id: it is <family>/<pattern> in kebab-case.`;
  }
  if (!FAMILIES.includes(family)) return `There is no family "${family}"; the families are ${FAMILIES.join(', ')}.`;
  if (/^(?:no|require|disallow|avoid)-/.test(pattern)) {
    return `Name the pattern, not the ban, so that "accept ${pattern.replace(/^[a-z]+-/, '')}" reads well.`;
  }
  if (input === undefined || !INPUTS.includes(input as Input)) return `Say what it reads with --input: ${INPUTS.join(', ')}.`;
  if (existsSync(join(ROOT, 'src', 'rules', `${id}.ts`))) return `${id} exists already: src/rules/${id}.ts.`;
  if (existsSync(join(ROOT, 'test', 'rules', id))) return `test/rules/${id} exists already; remove it or choose another name.`;
  return null;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
  return manifest.version;
}

process.exitCode = main();
