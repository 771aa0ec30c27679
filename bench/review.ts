/**
 * Reviews a second of the pipeline in one process, and whether memory stays flat: `npm run bench:review -- [reviews]`.
 * No host, no git and no model: this is our own CPU.
 */
import { cpus } from 'node:os';
import { defaultConfig } from '../src/core/default-config.js';
import { createKeptCode, type KeptCode } from '../src/review/kept-code.js';
import { review } from '../src/review/review.js';
import type { Reviewed } from '../src/review/review-input.js';
import { rules } from '../src/rules/registry.generated.js';
import { quantile, table } from './measure.js';
import { medianPull } from './median-pull.js';

const total = Number(process.argv[2] ?? 1000);
const every = Math.max(1, Math.floor(total / 10));

function megabytes(bytes: number): number {
  return bytes / 1_048_576;
}

async function reviewOnce(seed: number, kept?: KeptCode, body?: string): Promise<Reviewed> {
  const { changeSet: drawn, base, head } = medianPull(seed);
  const changeSet = body === undefined ? drawn : { ...drawn, pull: { ...drawn.pull, title: 'Hotfix: withdrawal limits', body } };
  return review({
    ...(kept === undefined ? {} : { kept }),
    changeSet, base, head, config: defaultConfig(), rules, notices: [], mishaps: [], acceptances: [], override: null,
    ask: null, whyNotAsked: 'measured without the model', prompts: new Map(), signal: new AbortController().signal,
  });
}

/** The same head with a new description: with what was seen in its code before, beside without, one after the other in every round. */
async function edits(rounds: number): Promise<string> {
  const kept = createKeptCode();
  const cpu = { again: 0, known: 0 };
  const milliseconds = { again: [] as number[], known: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    await reviewOnce(round, kept);
    const body = `Round ${round}.\n\n## Rollback\nRevert it with \`git revert -m 1 abc1234\`; the index stays, nothing else needs undoing.`;
    for (const way of round % 2 === 0 ? (['again', 'known'] as const) : (['known', 'again'] as const)) {
      const [used, at] = [process.cpuUsage(), performance.now()];
      await reviewOnce(round, way === 'known' ? kept : undefined, body);
      milliseconds[way].push(performance.now() - at);
      const { user, system } = process.cpuUsage(used);
      cpu[way] += (user + system) / 1000 / rounds;
    }
  }
  const [again, known] = [quantile(milliseconds.again, 0.5), quantile(milliseconds.known, 0.5)];
  return table(['a new description', 'code judged again', 'code known', 'ratio'], [['median (ms)', again, known, again / known], ['CPU each (ms)', cpu.again, cpu.known, cpu.again / cpu.known]]);
}

async function main(): Promise<void> {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('run with --expose-gc, as `npm run bench:review` does');
  const { changeSet, touchedLines } = medianPull(0);
  console.log(`${total} reviews of a pull request with ${changeSet.changes.length} files and ${touchedLines} touched lines, ${rules.length} rules; Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}\n`);
  const first = performance.now();
  const { verdict } = await reviewOnce(0);
  const firstMilliseconds = performance.now() - first;
  const found = verdict.entries.map(({ finding }) => finding.ruleId).join(', ');

  const milliseconds: number[] = [];
  const memory: { readonly reviews: number; readonly heap: number; readonly resident: number }[] = [];
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let seed = 1; seed <= total; seed += 1) {
    const at = performance.now();
    const { verdict: again } = await reviewOnce(seed);
    milliseconds.push(performance.now() - at);
    if (again.entries.length !== verdict.entries.length || again.mishaps.length > 0) throw new Error(`review ${seed} is not like the first: ${JSON.stringify(again.mishaps)}`);
    if (seed % every === 0) {
      collect();
      memory.push({ reviews: seed, heap: megabytes(process.memoryUsage().heapUsed), resident: megabytes(process.memoryUsage().rss) });
    }
  }
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);

  console.log(table(['measure', 'value'], [
    ['found in each', found === '' ? 'nothing' : found],
    ['first review, parsers loaded (ms)', firstMilliseconds],
    ['reviews/s', total / seconds],
    ['p50 (ms)', quantile(milliseconds, 0.5)],
    ['p95 (ms)', quantile(milliseconds, 0.95)],
    ['p99 (ms)', quantile(milliseconds, 0.99)],
    ['CPU per review (ms)', (used.user + used.system) / 1000 / total],
  ]));
  console.log(`\n${table(['reviews', 'heap after gc (MB)', 'resident (MB)'], memory.map(({ reviews, heap, resident }) => [String(reviews), heap, resident]))}`);
  console.log(`\n${await edits(Math.min(100, total))}`);
  const [early, late] = [memory[1] ?? memory[0], memory.at(-1)];
  if (early !== undefined && late !== undefined && late.reviews > early.reviews) {
    console.log(`\nHeap from ${early.reviews} to ${late.reviews} reviews: ${((late.heap - early.heap) * 1024 / (late.reviews - early.reviews)).toFixed(1)} KB a review.`);
  }
}

await main();
