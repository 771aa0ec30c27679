/** How long to wait before the next attempt: doubling from `first` to at most `most`, all in milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly most: number;
}

/** After `failures` failures in a row (from 1), with up to half of it taken off at random, so that many do not come back together. */
export function backoffAfter(failures: number, { first, most }: Backoff, random: number): number {
  const full = Math.min(most, first * 2 ** Math.min(30, failures - 1));
  return Math.round(full * (1 - random / 2));
}
