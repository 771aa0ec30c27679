// The real server against a stand-in for GitHub on this machine: how long from a webhook to the concluded check, what of
// that is our own CPU, how many requests a review makes, and what memory an idle and a busy server take. No model.
import { requiredState } from '../test/support/github/truth.js';
import { CHECK, shop, startShops } from '../test/end-to-end/shop.js';
import { startBelay } from '../test/end-to-end/start-belay.js';
import { quantile, table } from './measure.js';
import { medianPull } from './median-pull.js';

const rounds = Number(process.argv[2] ?? 20);

interface Process {
  readonly megabytes: number;
  readonly cpuMilliseconds: number;
}

async function read(url: string): Promise<Process> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { megabytes: value('process_resident_memory_bytes') / 1e6, cpuMilliseconds: value('process_cpu_seconds_total') * 1000 };
}

/** The files of a bench pull request at one of its ends. */
function filesOf(seed: number, side: 'before' | 'after'): Readonly<Record<string, string>> {
  const { changeSet } = medianPull(seed);
  return Object.fromEntries(changeSet.changes.flatMap((change) => (change[side] === null ? [] : [[change.path, change[side]]])));
}

const names = Array.from({ length: rounds }, (_, index) => `r${index}`);
const github = await startShops(names.map((name, index) => shop(name, { files: { 'README.md': '# Shop\n', ...filesOf(index, 'before') } })));
const belay = await startBelay(github);
const idle = await read(belay.url);
const times: number[] = [];
const cpu: number[] = [];
const requests: number[] = [];
for (const [index, name] of names.entries()) {
  const repository = github.repository(`acme/${name}`);
  await github.user('alice').push(repository, 'work', filesOf(index, 'after'));
  await belay.idle();
  const [before, seen, started] = [await read(belay.url), github.state.requests.length, performance.now()];
  const opened = await github.user('alice').openPull(repository, 'work');
  while (!['passed', 'failed'].includes(requiredState(repository, opened.pull.headSha, CHECK))) await new Promise((resolve) => setTimeout(resolve, 2));
  times.push(performance.now() - started);
  await belay.idle();
  requests.push(github.state.requests.length - seen);
  cpu.push((await read(belay.url)).cpuMilliseconds - before.cpuMilliseconds);
}
const busy = await read(belay.url);
await belay.stop();
await github.close();

const row = (label: string, values: readonly number[]): readonly (string | number)[] => [label, values[0] ?? Number.NaN, quantile(values.slice(1), 0.5), quantile(values.slice(1), 0.95)];
console.log(table(['measure', 'first', 'median of the rest', 'p95'], [row('webhook to concluded check (ms)', times), row('our CPU, waiting included (ms)', cpu), row('requests to GitHub', requests)]));
console.log(`\nResident: ${idle.megabytes.toFixed(0)} MB idle after start, ${busy.megabytes.toFixed(0)} MB after ${rounds} reviews.`);
