import { describe, expect, it } from '@jest/globals';
import { costOf, DEFAULT_PRICES, parsePrices, tiersOf, worstCaseOf } from '../../src/anthropic/prices.js';

const NONE = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, cacheWriteHourTokens: 0 };
const MILLION = 1_000_000;

describe('prices', () => {
  it('follow the tier of the whole prompt, cached tokens included', () => {
    const haiku = tiersOf(DEFAULT_PRICES, 'claude-haiku-5-5');
    expect(costOf(haiku, { ...NONE, inputTokens: 100_000, outputTokens: MILLION })).toBeCloseTo(0.01 + 0.5, 10);
    expect(costOf(haiku, { ...NONE, inputTokens: 100_001, outputTokens: MILLION })).toBeCloseTo(0.0500005 + 2.5, 10);
    expect(costOf(haiku, { ...NONE, inputTokens: 1, cacheReadTokens: 100_000, outputTokens: MILLION })).toBeGreaterThan(2.5);
  });

  it('of a dated id are those of its stem', () => {
    expect(tiersOf(DEFAULT_PRICES, 'claude-opus-5-5-20261001')).toBe(DEFAULT_PRICES['claude-opus-5-5']);
  });

  it('of a model nobody knows are the dearest', () => {
    expect(tiersOf(DEFAULT_PRICES, 'gateway/some-model')).toBe(DEFAULT_PRICES['claude-opus-5-5']);
    expect(tiersOf({}, 'any')).toEqual([]);
  });

  it('are never below the real cost in the worst case', () => {
    const sonnet = tiersOf(DEFAULT_PRICES, 'claude-sonnet-5-5');
    const written = costOf(sonnet, { ...NONE, cacheWriteTokens: 5000, outputTokens: 100 });
    expect(worstCaseOf(sonnet, 5000, 100, true)).toBeGreaterThanOrEqual(written);
    expect(worstCaseOf(sonnet, 5000, 100, false)).toBe(costOf(sonnet, { ...NONE, inputTokens: 5000, outputTokens: 100 }));
  });

  it('can be configured, and wrong ones are refused', () => {
    const own = { 'my-model': [{ upTo: null, input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.25, cacheWriteHour: 2 }] };
    expect(costOf(tiersOf(parsePrices(own), 'my-model'), { ...NONE, inputTokens: MILLION, outputTokens: MILLION })).toBe(3);
    expect(() => parsePrices({ 'my-model': [{ upTo: null, input: -1 }] })).toThrow();
    expect(() => parsePrices({ 'my-model': [] })).toThrow();
  });
});
