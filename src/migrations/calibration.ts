/** Rows a second: between the slowest and the fastest that is to be expected. */
export interface Rate {
  readonly slowest: number;
  readonly fastest: number;
}

/** Orders of magnitude for rows of about 100 bytes, a factor of ten wide because they were chosen and not yet measured by a bench. */
export const CALIBRATION: Readonly<Record<'scan' | 'rewrite' | 'index', Rate>> = {
  scan: { slowest: 1_000_000, fastest: 10_000_000 },
  rewrite: { slowest: 100_000, fastest: 1_000_000 },
  index: { slowest: 200_000, fastest: 2_000_000 },
};
