import { afterEach, describe, expect, it } from '@jest/globals';
import { createAsk } from '../../src/anthropic/create-ask.js';
import type { AskOptions, ModelObservation } from '../../src/anthropic/create-ask.js';
import { DEFAULT_PRICES } from '../../src/anthropic/prices.js';
import { createReservations } from '../../src/anthropic/reservations.js';
import { addUsage, NO_USAGE } from '../../src/core/model.js';
import type { Ask, ModelBudget, ModelRequest, ModelUsage } from '../../src/core/model.js';
import { startAnthropic } from '../support/anthropic/start-anthropic.js';
import type { StandIn, StandInOptions } from '../support/anthropic/start-anthropic.js';

const REQUEST: ModelRequest = {
  question: 'edge-cases',
  promptVersion: 1,
  model: 'claude-sonnet-5-5',
  system: [{ text: 'You review.' }],
  user: [{ text: 'What breaks?' }],
  schema: { type: 'object', properties: { findings: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 9 }, maxItems: 3 } }, required: ['findings'], additionalProperties: false },
  maxTokens: 1000,
  effort: 'high',
};
/** Sonnet: two dollars a million in, ten out. */
const WORST_OUTPUT = (1000 * 10) / 1_000_000;

interface Setup {
  readonly standIn: StandIn;
  readonly ask: Ask;
  readonly booked: ModelUsage[];
  readonly observed: ModelObservation[];
  readonly logged: string[];
  readonly options: AskOptions;
}

const open: StandIn[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((standIn) => standIn.close()));
});

async function setUp(over: Partial<AskOptions> & { readonly standIn?: StandInOptions; readonly caps?: ModelBudget['caps']; readonly spentBefore?: { pull: number; month: number } } = {}): Promise<Setup> {
  const { standIn: standInOptions, caps, spentBefore, ...rest } = over;
  const standIn = await startAnthropic(standInOptions ?? { count: () => 100 });
  open.push(standIn);
  const booked: ModelUsage[] = [];
  const observed: ModelObservation[] = [];
  const logged: string[] = [];
  const budget: ModelBudget = {
    caps: caps ?? { pull: 1, month: 200 },
    spent: () => {
      const sum = booked.reduce(addUsage, NO_USAGE).dollars;
      return Promise.resolve({ pull: (spentBefore?.pull ?? 0) + sum, month: (spentBefore?.month ?? 0) + sum });
    },
    book: (usage) => {
      booked.push(usage);
      return Promise.resolve();
    },
  };
  const log = (fields: object, message: string): void => {
    logged.push(`${message} ${JSON.stringify(fields)}`);
  };
  const options: AskOptions = {
    apiKey: 'test-key',
    baseUrl: standIn.url,
    prices: DEFAULT_PRICES,
    budget,
    timeoutMs: 10_000,
    retries: { attempts: 3, firstWaitMs: 1, longestWaitMs: 500 },
    log: { info: log, warn: log },
    observe: (observation) => observed.push(observation),
    ...rest,
  };
  return { standIn, ask: createAsk(options), booked, observed, logged, options };
}

const signal = (): AbortSignal => new AbortController().signal;

describe('an answer', () => {
  it('is asked for in the one accepted way and booked at its price', async () => {
    const { standIn, ask, booked, observed } = await setUp();
    standIn.script({ kind: 'message', value: { findings: [] }, usage: { input_tokens: 100, output_tokens: 50 } });
    const answer = await ask(REQUEST, signal());
    expect(standIn.refused).toEqual([]);
    expect(answer).toEqual({ status: 'answered', value: { findings: [] }, usage: { inputTokens: 100, outputTokens: 50, cacheReadTokens: 0, cacheWriteTokens: 0, dollars: 0.0007, calls: 1 } });
    expect(booked).toEqual([answer.usage]);
    expect(observed).toEqual([expect.objectContaining({ question: 'edge-cases', model: 'claude-sonnet-5-5', outcome: 'answered', usage: answer.usage })]);
    expect(standIn.calls[0]).toMatchObject({ max_tokens: 1000, output_config: { effort: 'high', format: { type: 'json_schema' } } });
  });

  it('counts cached tokens at their own prices', async () => {
    const { standIn, ask } = await setUp();
    standIn.script({ kind: 'message', value: {}, usage: { input_tokens: 1000, output_tokens: 0, cache_read_input_tokens: 10_000, cache_creation_input_tokens: 3000, cache_creation: { ephemeral_5m_input_tokens: 2000, ephemeral_1h_input_tokens: 1000 } } });
    const { usage } = await ask(REQUEST, signal());
    expect(usage).toMatchObject({ inputTokens: 1000, cacheReadTokens: 10_000, cacheWriteTokens: 3000 });
    expect(usage.dollars).toBeCloseTo((1000 * 2 + 10_000 * 0.1 + 2000 * 2.5 + 1000 * 4) / 1_000_000, 10);
  });

  it('marks at most four cached parts, and sends none that is empty', async () => {
    const { standIn, ask } = await setUp();
    standIn.script({ kind: 'message', value: {} });
    const parts = ['a', 'b', '', 'c', 'd', 'e', 'f'].map((text) => ({ text, cache: true }));
    expect((await ask({ ...REQUEST, system: parts }, signal())).status).toBe('answered');
    expect(standIn.refused).toEqual([]);
    const marked = (standIn.calls[0]?.system as { text: string; cache_control?: unknown }[]).filter((block) => block.cache_control !== undefined);
    expect(marked.map((block) => block.text)).toEqual(['c', 'd', 'e', 'f']);
  });

  it.each([
    ['cut off', { stop: 'max_tokens', text: '{"findings":["a' }, 'truncated'],
    ['cut off though it is whole JSON', { stop: 'max_tokens', value: { findings: [] } }, 'truncated'],
    ['cut off by the window', { stop: 'model_context_window_exceeded', value: {} }, 'truncated'],
    ['refused', { stop: 'refusal', category: 'cyber', text: 'I cannot help with that.' }, 'refused'],
    ['refused without a word', { stop: 'refusal', text: '' }, 'refused'],
    ['not JSON', { text: 'Sure! Here is what I found:' }, 'unavailable'],
    ['empty', { text: '' }, 'unavailable'],
    ['paused', { stop: 'pause_turn', value: {} }, 'unavailable'],
    ['of a stop nobody knows', { stop: 'flux_capacitor', value: {} }, 'unavailable'],
  ])('that is %s is no answer, and its tokens are booked', async (_, reply, status) => {
    const { standIn, ask, booked } = await setUp();
    standIn.script({ kind: 'message', usage: { input_tokens: 100, output_tokens: 1000 }, ...reply });
    const answer = await ask(REQUEST, signal());
    expect(answer.status).toBe(status);
    expect(answer).toHaveProperty('detail', expect.stringMatching(/^[A-Z].*\.$/));
    expect(booked).toEqual([expect.objectContaining({ inputTokens: 100, outputTokens: 1000, dollars: 0.0002 + WORST_OUTPUT })]);
    expect(standIn.calls).toHaveLength(1);
  });
});

describe('a failure', () => {
  it.each([429, 529, 500, 503])('with status %i is tried again, and costs nothing', async (status) => {
    const { standIn, ask, booked } = await setUp();
    standIn.script({ kind: 'error', status }, { kind: 'error', status }, { kind: 'message', value: { findings: ['x'] }, usage: { input_tokens: 100, output_tokens: 10 } });
    const answer = await ask(REQUEST, signal());
    expect(answer).toMatchObject({ status: 'answered', usage: { calls: 3, dollars: 0.0003 } });
    expect(booked.map((usage) => usage.dollars)).toEqual([0, 0, 0.0003]);
  });

  it('that lasts is unavailable after three attempts', async () => {
    const { standIn, ask } = await setUp();
    standIn.script({ kind: 'error', status: 529 });
    expect(await ask(REQUEST, signal())).toMatchObject({ status: 'unavailable', detail: 'The API is overloaded (529).', usage: { calls: 3 } });
    expect(standIn.calls).toHaveLength(3);
  });

  it.each([{ 'retry-after': '3600' }, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }, { 'retry-after-ms': '99999999' }])('that asks to wait for an hour (%j) is not waited for', async (headers) => {
    const { standIn, ask } = await setUp();
    standIn.script({ kind: 'error', status: 429, headers });
    const answer = await ask(REQUEST, signal());
    expect(answer).toMatchObject({ status: 'unavailable', usage: { calls: 1 } });
    expect(answer).toHaveProperty('detail', expect.stringContaining('asks to wait'));
  });

  it('that asks for a short wait is waited for', async () => {
    const { standIn, ask } = await setUp();
    standIn.script({ kind: 'error', status: 429, headers: { 'retry-after-ms': '40' } }, { kind: 'message', value: {} });
    expect(await ask(REQUEST, signal())).toMatchObject({ status: 'answered', usage: { calls: 2 } });
  });

  it.each([400, 401, 403, 404, 413])('with status %i is not tried again', async (status) => {
    const { standIn, ask } = await setUp();
    standIn.script({ kind: 'error', status });
    expect(await ask(REQUEST, signal())).toMatchObject({ status: 'unavailable', usage: { calls: 1, dollars: 0 } });
  });

  it.each(['before', 'during'] as const)('by a connection that breaks %s the answer is tried again, and the lost one booked at the most it can have cost', async (when) => {
    const { standIn, ask, booked } = await setUp();
    standIn.script({ kind: 'reset', when }, { kind: 'message', value: {}, usage: { input_tokens: 100, output_tokens: 0 } });
    expect(await ask(REQUEST, signal())).toMatchObject({ status: 'answered', usage: { calls: 2 } });
    expect(booked[0]?.dollars).toBeCloseTo((105 * 2) / 1_000_000 + WORST_OUTPUT, 10);
  });

  it.each([
    ['a page of a gateway', { type: 'text/html', body: '<html>502 but they said 200</html>' }],
    ['JSON that is no message', { type: 'application/json', body: '{"hello":"world"}' }],
    ['broken JSON', { type: 'application/json', body: '{"id":' }],
    ['a null', { type: 'application/json', body: 'null' }],
  ])('by %s instead of a message is unavailable', async (_, raw) => {
    const { standIn, ask, booked } = await setUp();
    standIn.script({ kind: 'raw', status: 200, ...raw });
    expect((await ask(REQUEST, signal())).status).toBe('unavailable');
    expect(booked).toHaveLength(1);
  });

  it('to answer at all ends at the time limit, booked at the most it can have cost', async () => {
    const { standIn, ask, booked } = await setUp({ timeoutMs: 300 });
    standIn.script({ kind: 'hang' });
    expect((await ask(REQUEST, signal())).status).toBe('unavailable');
    expect(standIn.calls).toHaveLength(1);
    expect(booked[0]?.dollars).toBeGreaterThan(WORST_OUTPUT);
  });

  it('to reach anything is unavailable and costs nothing', async () => {
    const { ask, booked, standIn } = await setUp();
    await standIn.close();
    open.length = 0;
    const answer = await ask(REQUEST, signal());
    expect(answer).toMatchObject({ status: 'unavailable', detail: expect.stringContaining('ECONNREFUSED'), usage: NO_USAGE });
    expect(booked).toEqual([]);
  });

  it('of the key is said without the key', async () => {
    const { ask, logged } = await setUp({ apiKey: 'sk-ant-very-secret' });
    const answer = await ask(REQUEST, signal());
    expect(answer).toMatchObject({ status: 'unavailable', detail: 'The API refused the key (401).' });
    expect(JSON.stringify([answer, logged])).not.toContain('very-secret');
  });
});

describe('an abort by the caller', () => {
  it('throws the reason and books what may have been spent', async () => {
    const { standIn, ask, booked, observed } = await setUp();
    const controller = new AbortController();
    standIn.script(() => {
      setTimeout(() => controller.abort(new Error('the head moved')), 10);
      return { kind: 'hang' };
    });
    await expect(ask(REQUEST, controller.signal)).rejects.toThrow('the head moved');
    expect(booked[0]?.dollars).toBeGreaterThan(WORST_OUTPUT);
    expect(observed).toEqual([expect.objectContaining({ outcome: 'aborted' })]);
  });

  it('before the question sends nothing', async () => {
    const { standIn, ask } = await setUp();
    await expect(ask(REQUEST, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(standIn.received).toEqual([]);
  });
});

describe('the budget', () => {
  it.each([
    ['for this pull request', { pull: 0.01, month: 200 }],
    ['for this month', { pull: 1, month: 0.01 }],
  ])('%s is not exceeded even in the worst case', async (words, caps) => {
    const { standIn, ask } = await setUp({ caps });
    standIn.script({ kind: 'message', value: {} });
    const answer = await ask(REQUEST, signal());
    expect(answer).toMatchObject({ status: 'over-budget', usage: NO_USAGE });
    expect(answer).toHaveProperty('detail', expect.stringContaining(words));
    expect(standIn.calls).toEqual([]);
    expect(standIn.counts).toBe(1);
  });

  it('holds among questions that are asked at once', async () => {
    const reservations = createReservations();
    const { standIn, options, booked } = await setUp({ caps: { pull: 0.035, month: 200 }, reservations });
    standIn.script({ kind: 'message', value: {}, afterMs: 30, usage: { input_tokens: 100, output_tokens: 1000 } });
    const asks = Array.from({ length: 10 }, () => createAsk(options));
    const answers = await Promise.all(asks.map((ask) => ask(REQUEST, signal())));
    expect(answers.filter((answer) => answer.status === 'answered')).toHaveLength(3);
    expect(answers.filter((answer) => answer.status === 'over-budget')).toHaveLength(7);
    expect(booked.reduce(addUsage, NO_USAGE).dollars).toBeLessThanOrEqual(0.035);
  });

  it('gives back what a question did not use', async () => {
    const { standIn, ask } = await setUp({ caps: { pull: 0.015, month: 200 } });
    standIn.script({ kind: 'message', value: {}, usage: { input_tokens: 100, output_tokens: 1 } });
    const answers = [];
    for (let index = 0; index < 5; index += 1) answers.push((await ask(REQUEST, signal())).status);
    expect(answers).toEqual(['answered', 'answered', 'answered', 'answered', 'answered']);
  });

  it('counts attempts whose answer was lost', async () => {
    const { standIn, ask } = await setUp({ caps: { pull: 0.015, month: 200 } });
    standIn.script({ kind: 'reset', when: 'before' }, { kind: 'message', value: {} });
    expect((await ask(REQUEST, signal())).status).toBe('over-budget');
    expect(standIn.calls).toHaveLength(1);
  });

  it('that cannot be read stops the question', async () => {
    const { standIn, options } = await setUp();
    standIn.script({ kind: 'message', value: {} });
    const broken: ModelBudget = { ...options.budget, spent: () => Promise.reject(new Error('database down')) };
    expect((await createAsk({ ...options, budget: broken })(REQUEST, signal())).status).toBe('unavailable');
    expect(standIn.calls).toEqual([]);
  });

  it('that cannot be written keeps the money set aside', async () => {
    const { standIn, options } = await setUp({ caps: { pull: 0.015, month: 200 } });
    standIn.script({ kind: 'message', value: {} });
    const broken: ModelBudget = { ...options.budget, book: () => Promise.reject(new Error('database down')) };
    const ask = createAsk({ ...options, budget: broken });
    expect((await ask(REQUEST, signal())).status).toBe('answered');
    expect((await ask(REQUEST, signal())).status).toBe('over-budget');
  });

  it('takes bytes for tokens where a gateway cannot count', async () => {
    const { standIn, ask } = await setUp({ standIn: { count: () => ({ status: 404 }) } });
    standIn.script({ kind: 'message', value: {} });
    expect((await ask(REQUEST, signal())).status).toBe('answered');
    const large = { ...REQUEST, user: [{ text: 'x'.repeat(600_000) }] };
    expect((await ask(large, signal())).status).toBe('over-budget');
  });

  it('is not touched when counting fails', async () => {
    const { standIn, ask } = await setUp({ standIn: { count: () => ({ status: 500 }) } });
    standIn.script({ kind: 'message', value: {} });
    expect(await ask(REQUEST, signal())).toMatchObject({ status: 'unavailable', usage: NO_USAGE });
    expect(standIn.counts).toBe(3);
    expect(standIn.calls).toEqual([]);
  });
});

it('does not send a prompt that does not fit the model', async () => {
  const limits = new Map([['claude-sonnet-5-5', { inputTokens: 1000, maxTokens: 500 }]]);
  const { standIn, ask } = await setUp({ limits, standIn: { count: () => 900 } });
  standIn.script({ kind: 'message', value: {} });
  expect(await ask(REQUEST, signal())).toMatchObject({ status: 'over-budget', detail: expect.stringContaining('window of 1000') });
  expect(standIn.calls).toEqual([]);
});
