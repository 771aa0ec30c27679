/**
 * What the simulator says of the races that the reader of events suspects, and what it costs:
 * `npm run bench:races -- FOLDER…` reads every TypeScript and JavaScript file in the folders.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { behavioursOf, hasBehaviour, loadLanguage } from '../src/behaviour/behaviours-of.js';
import { witnessOf, type Witnessed } from '../src/behaviour/compile/witnessed.js';
import { NO_MODELS } from '../src/behaviour/models/models.js';
import { checkedWrites, staleWrites } from '../src/behaviour/races.js';
import { quantile, table } from './measure.js';

/** Files larger than this are generated. */
const LARGEST = 400_000;

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile() && hasBehaviour(path) && statSync(path).size < LARGEST) yield path;
  }
}

interface Tally {
  functions: number;
  reading: number;
  readonly milliseconds: number[];
  readonly suspected: { readonly rule: string; readonly status: Witnessed['status']; readonly place: string }[];
}

async function tallyOf(folder: string): Promise<Tally> {
  const tally: Tally = { functions: 0, reading: 0, milliseconds: [], suspected: [] };
  for (const path of filesIn(folder)) {
    const text = readFileSync(path, 'utf8');
    await loadLanguage(path, text);
    const began = performance.now();
    const read = behavioursOf(path, text, { lockWrappers: [] });
    tally.reading += performance.now() - began;
    if (read.status !== 'read') continue;
    for (const behaviour of read.functions) {
      tally.functions += 1;
      const suspects = [
        ...checkedWrites(behaviour, NO_MODELS).map((race) => ({ rule: 'check-then-act', focus: race })),
        ...staleWrites(behaviour, NO_MODELS).map((race) => ({ rule: 'lost-update', focus: { ...race, guard: null, effect: null, column: race.assignment.column } })),
      ];
      for (const { rule, focus } of suspects) {
        const at = performance.now();
        const { status } = witnessOf(behaviour, focus);
        tally.milliseconds.push(performance.now() - at);
        tally.suspected.push({ rule, status, place: `${relative(folder, path)}:${String(focus.write.span.startLine)} ${behaviour.symbol} ${focus.column}` });
      }
    }
  }
  return tally;
}

async function main(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const folder of process.argv.slice(2)) {
    const tally = await tallyOf(folder);
    const count = (rule: string, status: Witnessed['status']): number => tally.suspected.filter((one) => one.rule === rule && one.status === status).length;
    const spent = tally.milliseconds.reduce((sum, one) => sum + one, 0);
    rows.push([folder.split('/').at(-1) ?? folder, tally.functions, ...['check-then-act', 'lost-update'].flatMap((rule) => (['witness', 'silent', 'not-analysed'] as const).map((status) => count(rule, status))), tally.reading, spent, tally.milliseconds.length === 0 ? 0 : quantile(tally.milliseconds, 0.5), Math.max(0, ...tally.milliseconds)]);
    for (const one of tally.suspected) console.log(`${one.status.padEnd(13)} ${one.rule.padEnd(15)} ${one.place}`);
  }
  console.log(`\n${table(['folder', 'functions', 'check: witness', 'silent', 'not analysed', 'lost: witness', 'silent', 'not analysed', 'reading (ms)', 'simulating (ms)', 'p50 (ms)', 'slowest (ms)'], rows)}`);
}

await main();
