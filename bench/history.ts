/**
 * What a long history costs a review: a pull request with one more migration on top of 400, cold (the first in a process) and
 * warm (the same repository again, another change): `npm run bench:history -- [migrations] [reviews]`. No host, git or model.
 */
import { diffTexts } from '../src/core/hunks.js';
import { EMPTY_PULL, type ChangeSet } from '../src/core/change-set.js';
import { defaultConfig } from '../src/core/default-config.js';
import { matchesAny } from '../src/core/globs.js';
import type { Snapshot } from '../src/core/snapshot.js';
import { loadSql } from '../src/languages/sql.js';
import { judgeMigrations } from '../src/migrations/judge-migrations.js';
import { readMigrations } from '../src/migrations/read-migrations.js';
import { replay } from '../src/migrations/replay.js';
import { assumedTarget } from '../src/migrations/target.js';
import { review } from '../src/review/review.js';
import { rules } from '../src/rules/registry.generated.js';
import { quantile, table } from './measure.js';

const migrations = Number(process.argv[2] ?? 400);
const reviews = Number(process.argv[3] ?? 20);

/** One migration of a service that grows: a table every fourth time, else what happens to the tables there are. */
function migration(number: number): string {
  const own = Math.floor(number / 4);
  const name = `t${String(own)}`;
  switch (number % 4) {
    case 0:
      return [
        `CREATE TYPE ${name}_state AS ENUM ('draft', 'live', 'gone');`,
        `CREATE TABLE ${name} (id bigserial PRIMARY KEY, owner_id bigint${own === 0 ? '' : ` NOT NULL REFERENCES t${String(Math.floor(own / 2))} (id) ON DELETE CASCADE`}, state ${name}_state NOT NULL DEFAULT 'draft', email text UNIQUE, amount numeric(10, 2) CHECK (amount >= 0), created_at timestamptz NOT NULL DEFAULT now());`,
        `CREATE INDEX ${name}_owner ON ${name} (owner_id, created_at DESC);`,
        `CREATE INDEX ${name}_live ON ${name} (lower(email)) WHERE state = 'live';`,
      ].join('\n');
    case 1:
      return `ALTER TABLE ${name} ADD COLUMN note text, ADD COLUMN flags jsonb NOT NULL DEFAULT '{}';\nALTER TABLE ${name} ALTER COLUMN email TYPE varchar(320);\nUPDATE ${name} SET note = '' WHERE note IS NULL;`;
    case 2:
      return `CREATE VIEW ${name}_live AS SELECT id, email, amount FROM ${name} WHERE state = 'live';\nALTER TABLE ${name} ADD CONSTRAINT ${name}_note CHECK (note IS NOT NULL) NOT VALID;\nALTER TABLE ${name} VALIDATE CONSTRAINT ${name}_note;`;
    default:
      return `ALTER TABLE ${name} RENAME COLUMN note TO remark;\nDO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = '${name}_kind') THEN CREATE TYPE ${name}_kind AS ENUM ('a'); END IF; END $$;\nCREATE UNIQUE INDEX ${name}_amount ON ${name} (owner_id, amount);\nDROP INDEX ${name}_amount;`;
  }
}

function pathOf(number: number): string {
  return `db/migrations/${String(20200101000000 + number)}_change.sql`;
}

const HISTORY: ReadonlyMap<string, string> = new Map([
  ...Array.from({ length: migrations }, (_, number) => [pathOf(number), `${migration(number)}\n`] as const),
  ...Array.from({ length: 3000 }, (_, number) => [`src/module${String(number % 60)}/file${String(number)}.go`, 'package x\n'] as const),
  ['compose.yml', 'services:\n  db:\n    image: postgres:15\n'],
]);

function snapshot(ref: string, files: ReadonlyMap<string, string>): Snapshot {
  return { ref, list: (globs) => Promise.resolve([...files.keys()].filter(matchesAny(globs)).sort()), read: (path) => Promise.resolve(files.get(path) ?? null) };
}

function change(seed: number): { readonly path: string; readonly text: string } {
  return { path: pathOf(migrations + seed), text: `ALTER TABLE t${String(seed % Math.max(1, migrations / 4))} ALTER COLUMN email SET NOT NULL;\nCREATE INDEX added_${String(seed)} ON t0 (created_at);\n` };
}

async function reviewOnce(seed: number): Promise<number> {
  const { path, text } = change(seed);
  const changeSet: ChangeSet = { repo: { owner: 'octo', name: 'shop' }, baseSha: 'b', mergeBaseSha: 'b', headSha: `a${String(seed)}`, pull: EMPTY_PULL, changes: [{ path, status: 'added', before: null, after: text, ...diffTexts(null, text) }], unread: [] };
  const started = performance.now();
  const { verdict } = await review({
    changeSet, base: snapshot('b', HISTORY), head: snapshot('a', new Map([...HISTORY, [path, text]])), config: defaultConfig(), rules, notices: [], mishaps: [], acceptances: [], override: null,
    ask: null, whyNotAsked: 'measured without the model', prompts: new Map(), signal: new AbortController().signal,
  });
  const milliseconds = performance.now() - started;
  if (verdict.entries.length < 2 || verdict.mishaps.length > 0) throw new Error(`review ${String(seed)} found ${String(verdict.entries.length)}: ${JSON.stringify(verdict.mishaps)}`);
  return milliseconds;
}

function timed<Result>(work: () => Result): { readonly result: Result; readonly milliseconds: number } {
  const started = performance.now();
  return { result: work(), milliseconds: performance.now() - started };
}

function megabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1_048_576;
}

async function main(): Promise<void> {
  const first = await reviewOnce(0);
  const early = megabytes();
  const warm: number[] = [];
  for (let seed = 1; seed <= reviews; seed += 1) warm.push(await reviewOnce(seed));
  const late = megabytes();
  await loadSql();
  const { path, text } = change(1);
  const read = timed(() => readMigrations(new Map([...[...HISTORY].filter(([each]) => each.endsWith('.sql')), [path, text]])));
  const history = read.result.filter((one) => one.path !== path);
  const folded = timed(() => replay(history));
  const judged = timed(() => [...judgeMigrations(history, read.result.filter((one) => one.path === path), { target: assumedTarget(), settled: false })].length);
  console.log(`${String(migrations)} migrations in the history, ${String(HISTORY.size)} files, ${String(rules.length)} rules; Node ${process.version}\n`);
  console.log(table(['measure', 'ms'], [
    ['first review of the process, parser loaded', first],
    ['next reviews, median', quantile(warm, 0.5)],
    ['next reviews, p95', quantile(warm, 0.95)],
    ['of it: reading the migrations', read.milliseconds],
    ['of it: replaying the history', folded.milliseconds],
    ['of it: judging the change', judged.milliseconds],
  ]));
  console.log(`\n${String(folded.result.tables.size)} tables, ${String(folded.result.indexes.size)} indexes. Heap after the first review ${early.toFixed(1)} MB, after ${String(reviews)} more ${late.toFixed(1)} MB.`);
}

await main();
