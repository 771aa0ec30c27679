import { describe, expect, it } from '@jest/globals';
import { createExclusive } from '../../src/store/exclusive.js';

describe('work that must not overlap', () => {
  it('is done in order, the urgent first, and a failure holds up nobody', async () => {
    const exclusive = createExclusive();
    const done: string[] = [];
    const outcomes = await Promise.allSettled([
      exclusive.run(() => Promise.resolve(void done.push('first'))),
      exclusive.run(() => Promise.reject(new Error('no'))),
      exclusive.run(() => Promise.resolve(void done.push('second'))),
      exclusive.run(() => Promise.resolve(void done.push('urgent')), true),
    ]);
    expect(done).toEqual(['first', 'urgent', 'second']);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('leaves sockets and timers their turn, however much is waiting', async () => {
    const exclusive = createExclusive();
    let done = 0;
    const all = Promise.all(Array.from({ length: 500 }, () => exclusive.run(() => Promise.resolve((done += 1)))));
    const seen = await new Promise<number>((resolve) => setImmediate(() => resolve(done)));
    expect(seen).toBeLessThan(500);
    await all;
    expect(done).toBe(500);
  });
});
