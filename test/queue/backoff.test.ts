import { describe, expect, it } from '@jest/globals';
import { backoffAfter } from '../../src/queue/backoff.js';

describe('the wait after failures in a row', () => {
  const backoff = { first: 1_000, most: 60_000 };

  it('doubles up to its limit, however many failures there were', () => {
    expect([1, 2, 3, 6, 7, 8, 5_000].map((failures) => backoffAfter(failures, backoff, 0))).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('is shortened by chance, by half at most', () => {
    expect(backoffAfter(3, backoff, 1)).toBe(2_000);
    expect(backoffAfter(3, backoff, 0.5)).toBe(3_000);
  });
});
