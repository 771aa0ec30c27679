import { afterEach, expect, it } from '@jest/globals';
import { probeModels } from '../../src/anthropic/probe-models.js';
import { startAnthropic } from '../support/anthropic/start-anthropic.js';
import type { StandIn, StandInOptions } from '../support/anthropic/start-anthropic.js';

let standIn: StandIn | null = null;
afterEach(async () => {
  await standIn?.close();
  standIn = null;
});

async function probe(options: StandInOptions, models: readonly string[]): ReturnType<typeof probeModels> {
  standIn = await startAnthropic(options);
  return probeModels({ apiKey: 'test-key', baseUrl: standIn.url }, models, 2000, new AbortController().signal);
}

it('learns the limits of each model once', async () => {
  const { limits, notices } = await probe({}, ['claude-sonnet-5-5', 'claude-opus-5-5', 'claude-sonnet-5-5']);
  expect([...limits]).toEqual([
    ['claude-sonnet-5-5', { inputTokens: 1_000_000, maxTokens: 64_000 }],
    ['claude-opus-5-5', { inputTokens: 1_000_000, maxTokens: 64_000 }],
  ]);
  expect(notices).toEqual([]);
  expect(standIn?.received).toHaveLength(2);
});

it.each([
  [{ lifecycle: 'deprecated', retires_at: '2027-02-01T00:00:00Z' }, 'The model claude-sonnet-5-5 is deprecated and will be retired on 2027-02-01.'],
  [{ lifecycle: 'retired', retires_at: null }, 'The model claude-sonnet-5-5 is retired; choose another one in `llm.model`.'],
  [{ lifecycle: 'active', retires_at: '2027-02-01T00:00:00Z' }, 'The model claude-sonnet-5-5 will be retired on 2027-02-01.'],
  [{ max_tokens: 'many' }, 'Could not look up the model claude-sonnet-5-5: the answer was not understood.'],
])('says what an operator should know of %j', async (model, notice) => {
  expect((await probe({ model: () => model }, ['claude-sonnet-5-5'])).notices).toEqual([notice]);
});

it('says that a model is not known, and goes on', async () => {
  const { limits, notices } = await probe({}, ['claude-imagined-9', 'claude-opus-5-5']);
  expect(notices).toEqual(['Could not look up the model claude-imagined-9: The API does not know this model or address (404).']);
  expect([...limits.keys()]).toEqual(['claude-opus-5-5']);
});

it('survives that nobody answers', async () => {
  const gone = await startAnthropic();
  await gone.close();
  const { notices } = await probeModels({ apiKey: 'test-key', baseUrl: gone.url }, ['claude-opus-5-5'], 1000, new AbortController().signal);
  expect(notices).toEqual([expect.stringContaining('could not be reached (ECONNREFUSED)')]);
});
