import { describe, expect, it } from '@jest/globals';
import { changed } from '../../src/migrations/fold/layered-map.js';

describe('changed', () => {
  it('behaves as copies of plain maps do, whatever the size', () => {
    let map: ReadonlyMap<string, number> = new Map();
    const plain = new Map<string, number>();
    for (let step = 0; step < 3000; step += 1) {
      // A fixed walk over keys: some new, some set again, some removed.
      const key = `k${String((step * 7919) % 700)}`;
      const before = map;
      const size = before.size;
      if (step % 5 === 4) {
        map = changed(map, [[key, undefined]]);
        plain.delete(key);
      } else {
        map = changed(map, [[key, { value: step }]]);
        plain.set(key, step);
      }
      expect(before.size).toBe(size);
      expect(map.size).toBe(plain.size);
      expect(map.get(key)).toBe(plain.get(key));
      expect(map.has(key)).toBe(plain.has(key));
    }
    expect(new Map([...map].sort())).toEqual(new Map([...plain].sort()));
    expect([...map.keys()].sort()).toEqual([...plain.keys()].sort());
    expect([...map.values()].sort()).toEqual([...plain.values()].sort());
    const visited: string[] = [];
    map.forEach((_, key) => visited.push(key));
    expect(visited).toEqual([...map.keys()]);
  });
});
