import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { compareTransaction, describeOutcome, type Outcome } from '../support/locks/agree.js';
import { randomTransaction } from '../support/locks/generate.js';
import { openWorld } from '../support/locks/open-world.js';
import { chance } from '../support/locks/random.js';
import { readLockCases } from '../support/locks/read-cases.js';
import { tally } from '../support/locks/tally.js';
import { randomWorld } from '../support/locks/world.js';
import { startPostgres, type TestPostgres } from '../support/postgres/start-postgres.js';

const DATABASES = 2;
const TRANSACTIONS = 110;

describe('classify, beside a real server', () => {
  let server: TestPostgres;

  beforeAll(async () => {
    await loadSql();
    server = await startPostgres();
  }, 60_000);

  afterAll(() => server.stop());

  it('says of statements that are easily judged wrongly what the server does', async () => {
    const { setup, cases } = readLockCases();
    const world = await openWorld(await server.freshDatabase(), setup);
    expect(world.refused).toEqual([]);
    const outcomes: Outcome[] = [];
    for (const { statements, since } of cases) if (since <= world.shape.version) outcomes.push(...(await compareTransaction(world, statements)));
    await world.close();
    expect(outcomes.length).toBeGreaterThan(250);
    expect(outcomes.filter(({ verdict }) => verdict === 'differs').map(describeOutcome)).toEqual([]);
  }, 60_000);

  it('knows what the server waits for where a statement runs in transactions of its own', async () => {
    const { setup } = readLockCases();
    const world = await openWorld(await server.freshDatabase(), setup);
    const outside = [
      ['create index concurrently on accounts (plan)', 'accounts'],
      ['drop index concurrently accounts_email', 'accounts'],
      ['reindex table concurrently settings', 'settings'],
      ['reindex index concurrently accounts_created', 'accounts'],
      ['vacuum billing.accounts', 'billing.accounts'],
      ['vacuum (analyze) accounts', 'accounts'],
      ['vacuum full settings', 'settings'],
      ['alter table events detach partition events_2024 concurrently', 'events'],
    ] as const;
    for (const [statement, table] of outside) {
      const [effect] = world.model.transaction([statement], 'none');
      const waited = await world.waits(statement, table);
      expect({ statement, waits: waited, error: effect?.error }).toEqual({ statement, waits: Object.entries(effect?.locks ?? {}).filter(([key]) => key.endsWith(table)), error: undefined });
    }
    await world.close();
  }, 60_000);

  it('agrees on generated statements over generated databases', async () => {
    const outcomes: Outcome[] = [];
    for (let seed = 1; seed <= DATABASES; seed += 1) {
      const random = chance(seed);
      const world = await openWorld(await server.freshDatabase(), randomWorld(random));
      for (let each = 0; each < TRANSACTIONS; each += 1) outcomes.push(...(await compareTransaction(world, randomTransaction(random, world.shape))));
      await world.close();
    }
    const sum = tally(outcomes);
    const different = outcomes.filter(({ verdict }) => verdict === 'differs').map(describeOutcome);
    expect(outcomes.length).toBeGreaterThan(250);
    // Some depend on rows that a statement finds or not: up to fifteen in a thousand.
    expect(different.slice(Math.floor(outcomes.length * 0.015))).toEqual([]);
    expect(sum.falseRefusals).toBe(0);
    expect(sum.bothHeavy / sum.heavy).toBeGreaterThan(0.98);
    expect(sum.bothHeavy / sum.calledHeavy).toBeGreaterThan(0.98);
  }, 60_000);
});
