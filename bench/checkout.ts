/**
 * What a repository's own history costs a review: its newest migrations, each reviewed as a pull request on top of those
 * before it. The first one is cold (parsers loaded, nothing remembered), the others warm. No host, git or model.
 *
 *   npm run bench:checkout -- CHECKOUT [reviews 20]
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EMPTY_PULL, type ChangeSet } from '../src/core/change-set.js';
import { defaultConfig } from '../src/core/default-config.js';
import { matchesAny } from '../src/core/globs.js';
import { diffTexts } from '../src/core/hunks.js';
import type { Snapshot } from '../src/core/snapshot.js';
import { listFiles } from '../src/git/folder-snapshot.js';
import { isMigrationPath } from '../src/migrations/read-migrations.js';
import { review } from '../src/review/review.js';
import { rules } from '../src/rules/registry.generated.js';
import { quantile, table } from './measure.js';

const root = resolve(process.argv[2] ?? '.');
const reviews = Number(process.argv[3] ?? 20);

const paths = await listFiles(root, [root]);

/** The files of the folder that holds most migrations, oldest first: a folder for each, or a file. */
function longestHistory(): readonly string[] {
  const ups = paths.filter((path) => path.endsWith('.sql') && isMigrationPath(path) && !/[./]down\.sql$/.test(path));
  const folders = new Map<string, string[]>();
  for (const path of ups) {
    const folder = /\/(?:migration|up)\.sql$/.test(path) ? dirname(dirname(path)) : dirname(path);
    folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  return ([...folders.values()].sort((one, other) => other.length - one.length)[0] ?? []).sort();
}

function snapshot(ref: string, without: ReadonlySet<string>): Snapshot {
  const here = paths.filter((path) => !without.has(path));
  return { ref, list: (globs) => Promise.resolve(here.filter(matchesAny(globs))), read: (path) => readFile(join(root, path), 'utf8').catch(() => null) };
}

const history = longestHistory();

/** The newest migration but some, as a pull request. */
async function reviewOnce(newer: number): Promise<number> {
  const path = history.at(-1 - newer);
  if (path === undefined) throw new Error(`${root}: fewer than ${String(newer + 1)} migrations.`);
  const later = history.slice(history.length - newer);
  const text = await readFile(join(root, path), 'utf8');
  const changeSet: ChangeSet = { repo: { owner: 'octo', name: 'shop' }, baseSha: 'b', mergeBaseSha: 'b', headSha: `a${String(newer)}`, pull: EMPTY_PULL, changes: [{ path, status: 'added', before: null, after: text, ...diffTexts(null, text) }], unread: [] };
  const started = performance.now();
  const { verdict } = await review({
    changeSet, base: snapshot('b', new Set([...later, path])), head: snapshot('a', new Set(later)), config: defaultConfig(), rules, notices: [], mishaps: [], acceptances: [], override: null,
    ask: null, whyNotAsked: 'measured without the model', prompts: new Map(), signal: new AbortController().signal,
  });
  if (verdict.mishaps.length > 0) throw new Error(JSON.stringify(verdict.mishaps));
  return performance.now() - started;
}

const before = process.cpuUsage();
const first = await reviewOnce(reviews);
const { user, system } = process.cpuUsage(before);
const warm: number[] = [];
for (let newer = reviews - 1; newer >= 0; newer -= 1) warm.push(await reviewOnce(newer));
process.stdout.write(`${String(history.length)} migrations, ${String(paths.length)} files, ${String(rules.length)} rules; Node ${process.version}\n\n`);
process.stdout.write(`${table(['measure', 'ms'], [
  ['first review of the process', first],
  ['CPU of it', (user + system) / 1000],
  ['next reviews, median', quantile(warm, 0.5)],
  ['next reviews, p95', quantile(warm, 0.95)],
])}\n`);
