/**
 * How fast files become events: parsing and reading apart, in CPU time of one thread, and the memory that is left behind.
 *
 *   node --expose-gc --import @swc-node/register/esm-register bench/behaviour.ts FOLDER…
 */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { behavioursOf, hasBehaviour, loadLanguage } from '../src/behaviour/behaviours-of.js';
import { isProductionPath } from '../src/behaviour/production-path.js';
import { listFiles } from '../src/git/folder-snapshot.js';
import { table } from './measure.js';

const megabytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1_000_000;
};
const rows: (string | number)[][] = [];
for (const folder of process.argv.slice(2)) {
  const root = resolve(folder);
  const paths = (await listFiles(root, [root])).filter((path) => hasBehaviour(path) && isProductionPath(path));
  const texts = await Promise.all(paths.map(async (path) => readFile(join(root, path), 'utf8')));
  for (const [place, path] of paths.entries()) await loadLanguage(path, texts[place] ?? '');
  // The first round warms the parsers.
  for (const round of [0, 1]) {
    const before = megabytes();
    const started = process.cpuUsage().user;
    let functions = 0;
    let unread = 0;
    paths.forEach((path, place) => {
      const read = behavioursOf(path, texts[place] ?? '', { lockWrappers: [] });
      if (read.status === 'read') functions += read.functions.length;
      else unread += 1;
    });
    const seconds = (process.cpuUsage().user - started) / 1_000_000;
    if (round === 1) rows.push([basename(root), paths.length, functions, unread, paths.length / seconds, megabytes() - before]);
  }
}
process.stdout.write(`${table(['folder', 'files', 'functions', 'not read', 'files/s', 'MB more after it'], rows)}\n`);
