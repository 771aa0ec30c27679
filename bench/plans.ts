/**
 * How right Belay is about descriptions: each line of a file is `{ id, why, pr, label }`, where `pr` is what `belay plan --pr`
 * reads and `label` what people say of it. Prints the confusion matrix of the plan's status, precision and recall of
 * "present", F1 of each yes or no, and how often "valid for the diff" is right. Markdown.
 *
 *   npm run bench:plans -- FILE.jsonl… [--list]
 *
 * --list prints every disagreement: what was judged, what was wanted, and why.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { defaultConfig } from '../src/core/default-config.js';
import { judgeOne, likelyDefault, NO_SURROUNDINGS } from '../src/doors/plan-command.js';
import { pullDocument } from '../src/doors/pull-file.js';
import type { PlanDocument } from '../src/render/plan.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { list: { type: 'boolean', default: false } } });

type Status = PlanDocument['plan']['status'];
const STATUSES: readonly Status[] = ['present', 'vague', 'placeholder', 'missing'];
const FLAGS = ['hotfix', 'revert', 'staging', 'observability', 'canaryOrFlag', 'incidentLink'] as const;
type Flag = (typeof FLAGS)[number];

interface Line {
  readonly id: string;
  readonly why?: string;
  readonly pr: unknown;
  readonly label: Partial<Readonly<Record<Flag, boolean>>> & { readonly plan?: Status; readonly validForDiff?: boolean | null };
}

interface Judged extends Line {
  readonly got: PlanDocument;
}

async function readLines(path: string): Promise<readonly Line[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => JSON.parse(line) as Line);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : (part / whole).toFixed(3);
}

/** Right and wrong of one yes or no over all lines that have a label for it. */
function scores(pairs: readonly (readonly [got: boolean, want: boolean])[]): { readonly precision: string; readonly recall: string; readonly f1: string; readonly counts: string } {
  const count = (got: boolean, want: boolean): number => pairs.filter((pair) => pair[0] === got && pair[1] === want).length;
  const [hit, extra, missed] = [count(true, true), count(true, false), count(false, true)];
  return { precision: percent(hit, hit + extra), recall: percent(hit, hit + missed), f1: percent(2 * hit, 2 * hit + extra + missed), counts: `${hit} | ${extra} | ${missed}` };
}

function flagOf(got: PlanDocument, flag: Flag): boolean {
  return flag === 'revert' ? got.revert !== null : got[flag];
}

function report(judged: readonly Judged[]): string {
  const withPlan = judged.flatMap((one) => (one.label.plan === undefined ? [] : [{ got: one.got.plan.status, want: one.label.plan }]));
  const right = withPlan.filter(({ got, want }) => got === want).length;
  const rows = STATUSES.map((want) => `| **${want}** | ${STATUSES.map((got) => withPlan.filter((one) => one.want === want && one.got === got).length).join(' | ')} |`);
  const present = scores(withPlan.map(({ got, want }) => [got === 'present', want === 'present']));
  const flags = FLAGS.map((flag) => {
    const pairs = judged.flatMap(({ got, label }) => (label[flag] === undefined ? [] : [[flagOf(got, flag), label[flag]] as const]));
    const { precision, recall, f1, counts } = scores(pairs);
    return `| ${flag} | ${counts} | ${precision} | ${recall} | ${f1} |`;
  });
  const valid = judged.filter(({ label }) => label.validForDiff !== undefined);
  const validRight = valid.filter(({ got, label }) => got.plan.validForDiff === label.validForDiff).length;
  const fooled = valid.filter(({ got, label }) => label.validForDiff === false && got.plan.validForDiff === true).length;
  const blockedReverts = judged.filter(({ got, label }) => label.revert === true && got.blocking).length;
  return [
    `${judged.length} descriptions. Status right: ${right} of ${withPlan.length} (${percent(right, withPlan.length)}).`,
    '',
    `| wanted \\ got | ${STATUSES.join(' | ')} |`,
    `|---|${STATUSES.map(() => '---:|').join('')}`,
    ...rows,
    '',
    `"present": precision ${present.precision}, recall ${present.recall}.`,
    '',
    '| | hit | too many | missed | precision | recall | F1 |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...flags,
    '',
    `Valid for the diff: ${validRight} of ${valid.length} right (${percent(validRight, valid.length)}); taken for valid although it is not: ${fooled}. Reverts blocked: ${blockedReverts}.`,
  ].join('\n');
}

function disagreements({ id, why, label, got }: Judged): readonly string[] {
  const wrong: string[] = [];
  const compare = (name: string, is: string | boolean | null, want: string | boolean | null | undefined): void => {
    if (want !== undefined && is !== want) wrong.push(`${name}: got ${String(is)}, want ${String(want)}`);
  };
  compare('plan', got.plan.status, label.plan);
  compare('validForDiff', got.plan.validForDiff, label.validForDiff);
  for (const flag of FLAGS) compare(flag, flagOf(got, flag), label[flag]);
  if (wrong.length === 0) return [];
  const quotes = got.plan.elements.map((element) => `${element.name} "${element.quote}"`).join(', ');
  return [`- ${id}: ${wrong.join('; ')}${why === undefined ? '' : `\n  why: ${why}`}${quotes === '' ? '' : `\n  read: ${quotes}`}`];
}

const judged: Judged[] = [];
for (const path of positionals) {
  for (const line of await readLines(path)) {
    const pull = pullDocument(line.pr, likelyDefault);
    if (pull === null) throw new Error(`${path}: ${line.id}: not a pull request`);
    judged.push({ ...line, got: await judgeOne(line.id, pull, NO_SURROUNDINGS, defaultConfig()) });
  }
}
process.stdout.write(`${report(judged)}\n`);
if (values.list) process.stdout.write(`\n${judged.flatMap(disagreements).join('\n')}\n`);
