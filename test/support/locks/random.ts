/** Repeatable chance: the same seed gives the same choices on every machine. */
export interface Chance {
  /** An integer from 0 up to but not including `limit`. */
  below(limit: number): number;
  /** True that often: 0.25 is one time in four. */
  maybe(share: number): boolean;
  /** One of them. Throws on none: ask before. */
  one<Item>(items: readonly Item[]): Item;
  /** Up to `count` different ones, in their order. */
  some<Item>(items: readonly Item[], count: number): Item[];
}

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const one = <Item>(items: readonly Item[]): Item => {
    const item = items[below(items.length)];
    if (item === undefined) throw new NothingToChoose();
    return item;
  };
  return {
    below,
    maybe: (share) => next() < share,
    one,
    some(items, count) {
      const left = [...items.keys()];
      const chosen: number[] = [];
      while (chosen.length < count && left.length > 0) chosen.push(...left.splice(below(left.length), 1));
      return chosen.sort((a, b) => a - b).flatMap((at) => items[at] ?? []);
    },
  };
}

/** A generator needed something that this database does not have. */
export class NothingToChoose extends Error {}
