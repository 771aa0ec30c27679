/**
 * Writes everything in this repository that is made from the rules: the registry, the rules' pages and the schema of the
 * configuration. `--check` writes nothing and fails when a file is stale, missing or left over.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '../src/core/config-schema.js';
import { findFixtures, readFixture } from '../test/rules/fixture.js';
import { findRules, type FoundRule } from './find-rules.js';
import { renderIndex, renderPage, renderRegistry, type Examples } from './render-rules.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function main(): Promise<number> {
  const { found, problems } = await findRules(ROOT);
  if (problems.length > 0) {
    console.error(['Rules are written wrongly:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    return 1;
  }
  const files = generatedFiles(found);
  const stale = [...files].filter(([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), 'utf8') !== text).map(([path]) => path);
  const leftOver = pagesOnDisk().filter((path) => !files.has(path));
  if (process.argv.includes('--check')) return report(stale, leftOver);
  for (const path of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), files.get(path) ?? '');
    console.log(`wrote ${path}`);
  }
  for (const path of leftOver) {
    rmSync(join(ROOT, path));
    console.log(`removed ${path}`);
  }
  console.log(`${found.length} rules; ${files.size} generated files are up to date`);
  return 0;
}

function report(stale: readonly string[], leftOver: readonly string[]): number {
  if (stale.length === 0 && leftOver.length === 0) return 0;
  const lines = [
    ...stale.map((path) => `  ${path} is ${existsSync(join(ROOT, path)) ? 'stale' : 'missing'}`),
    ...leftOver.map((path) => `  ${path} has no rule any more`),
  ];
  console.error(['Generated files are not up to date:', ...lines, 'Run `npm run generate` and commit what it writes.'].join('\n'));
  return 1;
}

function generatedFiles(found: readonly FoundRule[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  files.set('src/rules/registry.generated.ts', renderRegistry(found));
  files.set('docs/rules/README.md', renderIndex(found));
  for (const rule of found) files.set(`docs/rules/${rule.path}.md`, renderPage(rule, examplesOf(rule)));
  const schema = configJsonSchema(found.map(({ rule }) => rule), `${homepage()}/docs/config.schema.json`);
  files.set('docs/config.schema.json', `${JSON.stringify(schema, null, 2)}\n`);
  return files;
}

function homepage(): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly homepage: string };
  return manifest.homepage;
}

function examplesOf(rule: FoundRule): Examples {
  const folder = join(ROOT, 'test', 'rules');
  // The plainest name is the plainest example: `bad.sql` before `bad.partitioned.sql`.
  const names = findFixtures(folder).filter(({ ruleId }) => ruleId === rule.path).sort((one, other) => one.name.split('.').length - other.name.split('.').length);
  const fixtures = names.map(({ name }) => readFixture(folder, name));
  return {
    bad: fixtures.find(({ kind, wants }) => kind === 'bad' && wants.some(({ todo }) => !todo)) ?? null,
    good: fixtures.find(({ kind }) => kind === 'good') ?? null,
  };
}

function pagesOnDisk(): readonly string[] {
  const folder = join(ROOT, 'docs', 'rules');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/rules/${path.replaceAll('\\', '/')}`);
}

process.exitCode = await main();
