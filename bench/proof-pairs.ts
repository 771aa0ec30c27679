// Every migration of a checkout that has a down direction: up, down, compared, up again, compared, with rows in the tables that it
// names. Says which downs are no inverse, fail, or lose data: `npm run bench:pairs -- <checkout> [--write docs/proof-pairs.md]`.
import { readFile, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from './measure.js';
import { historyOf, provePairs, type PairOutcome, type SeededSchema } from './pairs/prove-pairs.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'string' }, from: { type: 'string', default: '' }, only: { type: 'string', default: '' } } });

const KINDS: readonly (readonly [string, (outcome: PairOutcome) => boolean])[] = [
  ['pairs', () => true],
  ['up, down, up: identical', (one) => one.notRun === null && one.upFailsOnRows === null && one.downError === null && one.differences.length + one.losses.length + one.again.length === 0],
  ['down is no inverse', (one) => one.differences.length > 0],
  ['down fails', (one) => one.downError !== null],
  ['down fails on any rows', (one) => one.downError?.onlyWithRows === true],
  ['loses rows or values', (one) => one.losses.length > 0],
  ['the second up fails or leads elsewhere', (one) => one.again.length > 0],
  ['up fails on any rows', (one) => one.upFailsOnRows !== null],
  ['made-up rows did not fit: on empty tables only', (one) => one.unfit !== null],
  ['up does not run', (one) => one.notRun !== null],
];

const sections: string[] = [];
const schemas: SeededSchema[] = [];
for (const folder of positionals) {
  const started = performance.now();
  const outcomes: PairOutcome[] = [];
  for await (const outcome of provePairs(await historyOf(resolve(folder)), { from: values.from, only: values.only, ended: (schema) => schemas.push({ ...schema, history: `${basename(folder)}: ${schema.history}` }) })) {
    outcomes.push(outcome);
    if (outcome.problems.length > 0) console.error(`${outcome.path}\n${outcome.problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
  const counts = KINDS.map(([name, counts]) => [name, outcomes.filter(counts).length]);
  console.log(`${basename(folder)}: ${String(Math.round((performance.now() - started) / 1000))} s`);
  if (outcomes.length === 0) continue;
  sections.push(`## ${basename(folder)}`, '', table(['', 'migrations'], counts), '', ...outcomes.filter(({ problems }) => problems.length > 0).flatMap(({ path, problems }) => [`- \`${path}\``, ...problems.map((problem) => `  - ${problem}`)]), '');
}
const seeded = [
  '## Rows in whole schemas', '', 'After the last migration, every table of the schema was to hold rows.', '',
  table(['history', 'tables', 'hold rows', 'migrations that did not run'], schemas.map((one) => [one.history, one.tables, one.seeded, one.notRun])), '',
  ...schemas.flatMap(({ failed }) => [...failed].map(([name, reason]) => `- \`${name}\`: ${reason}`)), '',
];
const text = ['# Pairs proved', '', 'Written by `npm run bench:pairs -- <checkout>`: each migration with a down direction ran up, down and up again on PGlite, on the schema of the migrations before it, with up to three rows in every table that it names.', '', ...sections, ...seeded].join('\n');
if (values.write === undefined) console.log(text);
else await writeFile(values.write, `${text.trimEnd()}\n${await verdictsOf(values.write)}`);
process.exit(0);

/** What somebody wrote below the counts. */
async function verdictsOf(path: string): Promise<string> {
  const old = await readFile(path, 'utf8').catch(() => '');
  const at = old.indexOf('## Verdicts');
  return at === -1 ? '' : `\n${old.slice(at)}`;
}
