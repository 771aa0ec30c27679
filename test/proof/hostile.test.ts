import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import type { Engine } from '../../src/proof/engine.js';
import { openPool, type EnginePool } from '../../src/proof/engine/pglite-engine.js';
import { refusedBeforeRun } from '../../src/proof/engine/refused.js';
import { HOSTILE_INPUTS, type HostileInput } from '../support/proof/hostile-inputs.js';

let pool: EnginePool;
let before = 0;

function held(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function open(milliseconds: number, bytes: number): Promise<Engine> {
  return pool.open({ limits: { milliseconds, bytes }, extensions: [], signal: new AbortController().signal });
}

async function attempt(engine: Engine, input: HostileInput): Promise<string> {
  return engine.attempt(input.sql()).then(
    (refusal) => (refusal === null ? 'ran' : `refused: ${refusal.code}`),
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
}

function ending(...ends: readonly HostileInput['ends'][]): readonly HostileInput[] {
  return HOSTILE_INPUTS.filter((input) => ends.includes(input.ends));
}

beforeAll(async () => {
  await loadSql();
  before = held();
  pool = openPool();
});

afterAll(() => pool.close());

describe('hostile statements', () => {
  it.each(ending('refused').map((input) => [input.name, input] as const))('%s: is not sent, and the reason is said', (_, input) => {
    expect(refusedBeforeRun(input.sql())).toMatch(/^[\w(]+.* \w+/);
  });

  it('what the server answers leaves it in working order', async () => {
    const engine = await open(200_000, 1_000_000_000);
    try {
      for (const input of ending('answered')) {
        expect(`${input.name}: ${await attempt(engine, input)}`).toMatch(/: ran$|: refused: [0-9A-Z]{5}$/);
        await engine.attempt('ROLLBACK');
        expect(await engine.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
      }
    } finally {
      await engine.close();
    }
    expect(existsSync('/tmp/belay-was-here')).toBe(false);
  });

  it('what does not end is ended, and says so', async () => {
    const outcomes = await Promise.all(
      ending('time').map(async (input) => {
        const engine = await open(15_000, 1_000_000_000);
        const outcome = await attempt(engine, input);
        const later = await engine.query('SELECT 1').catch((error: unknown) => String(error));
        await engine.close();
        return [input.name, outcome, later];
      }),
    );
    const words = 'EngineLost: it took more than 15 seconds';
    expect(outcomes).toEqual(ending('time').map(({ name }) => [name, words, words]));
  });

  it.each(ending('memory', 'killed').map((input) => [input.name, input] as const))('%s: is ended before it eats the machine', async (_, input) => {
    const engine = await open(60_000, 100_000_000);
    try {
      expect(await attempt(engine, input)).toMatch(/^EngineLost: it (?:needed more than 100 MB|took more than 60 seconds)$/);
    } finally {
      await engine.close();
    }
  });

  it('leaves nothing behind in this process', () => {
    expect(HOSTILE_INPUTS.length).toBeGreaterThanOrEqual(50);
    expect(held() - before).toBeLessThan(64_000_000);
  });
});
