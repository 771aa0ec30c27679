// What statements lock, rewrite and read on real servers, beside what the classifier says of them: generated statements over
// generated databases, every change of a column's type, and the cases of test/migrations/lock-cases.sql.
import { parseArgs } from 'node:util';
import { loadSql } from '../src/languages/sql.js';
import { compareTransaction, describeOutcome, type Outcome } from '../test/support/locks/agree.js';
import { randomTransaction } from '../test/support/locks/generate.js';
import { openWorld } from '../test/support/locks/open-world.js';
import { chance } from '../test/support/locks/random.js';
import { readLockCases } from '../test/support/locks/read-cases.js';
import { agreement, tally } from '../test/support/locks/tally.js';
import { pairStatements, pairWorld } from '../test/support/locks/type-pairs.js';
import { randomWorld } from '../test/support/locks/world.js';
import { startPostgres, type TestPostgres } from '../test/support/postgres/start-postgres.js';
import { table } from './measure.js';
import { binariesOf, MAJORS } from '../test/support/postgres/postgres-majors.js';

const { values } = parseArgs({
  options: {
    majors: { type: 'string', default: MAJORS.join(',') },
    seed: { type: 'string', default: '1' },
    databases: { type: 'string', default: '3' },
    transactions: { type: 'string', default: '250' },
    what: { type: 'string', default: 'generated,cases' },
    show: { type: 'string', default: '20' },
  },
});

async function* generated(server: TestPostgres): AsyncGenerator<readonly Outcome[]> {
  for (let at = 0; at < Number(values.databases); at += 1) {
    const random = chance(Number(values.seed) * 1000 + at);
    const world = await openWorld(await server.freshDatabase(), randomWorld(random));
    for (let each = 0; each < Number(values.transactions); each += 1) yield await compareTransaction(world, randomTransaction(random, world.shape));
    await world.close();
  }
}

async function* types(server: TestPostgres): AsyncGenerator<readonly Outcome[]> {
  const world = await openWorld(await server.freshDatabase(), pairWorld());
  for (const statement of pairStatements()) yield await compareTransaction(world, [statement]);
  await world.close();
}

async function* cases(server: TestPostgres): AsyncGenerator<readonly Outcome[]> {
  const { setup, cases: all } = readLockCases();
  const world = await openWorld(await server.freshDatabase(), setup);
  for (const { statements, since } of all) if (since <= world.shape.version) yield await compareTransaction(world, statements);
  await world.close();
}

const KINDS = { generated, types, cases } as const;

function isKind(name: string): name is keyof typeof KINDS {
  return name in KINDS;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`;
}

await loadSql();
const rows: (readonly (string | number)[])[] = [];
for (const major of values.majors.split(',')) {
  const server = await startPostgres({ binaries: await binariesOf(major) });
  for (const kind of values.what.split(',').filter(isKind)) {
    const outcomes: Outcome[] = [];
    for await (const some of KINDS[kind](server)) outcomes.push(...some);
    for (const outcome of outcomes.filter((each) => each.verdict === 'differs').slice(0, Number(values.show))) console.log(`${major}, ${kind}: ${describeOutcome(outcome)}\n`);
    const sum = tally(outcomes);
    rows.push([`${major}, ${kind}`, sum.statements, percent(agreement(sum), 1), percent(sum.exactLocks, sum.ran), percent(sum.sameClass, sum.ran), `${String(sum.bothHeavy)}/${String(sum.heavy)}`, percent(sum.bothHeavy, sum.calledHeavy), `${String(sum.refusalsFound)}/${String(sum.refused)}`, sum.falseRefusals, sum.verdicts.planned, sum.verdicts.rows + sum.verdicts.unknown]);
  }
  await server.stop();
}
console.log(table(['server, statements', 'run', 'agree', 'locks exact', 'class right', 'heavy found', 'heavy precision', 'refusals found', 'refused falsely', 'left to the planner', 'left to rows and names'], rows));
