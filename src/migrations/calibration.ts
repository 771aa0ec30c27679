/** Rows a second: between the slowest and the fastest that is to be expected. */
export interface Rate {
  readonly slowest: number;
  readonly fastest: number;
}

/**
 * By `npm run bench:calibration` on 2026-11-24: Postgres 18.4 with its default settings, tables of 100,000 to 1,000,000 rows of
 * 93 bytes, five rounds of each statement, two cores under a load of 10 to 13 (bench/README.md has the runs). `slowest` is the
 * slowest run divided by 4, for tables beyond the memory, more indexes and busier servers; `fastest` the fastest run times 2.
 */
export const CALIBRATION: Readonly<Record<'scan' | 'foreignKey' | 'rewrite' | 'index', Rate>> = {
  scan: { slowest: 610_000, fastest: 38_000_000 },
  foreignKey: { slowest: 160_000, fastest: 4_300_000 },
  rewrite: { slowest: 21_000, fastest: 740_000 },
  index: { slowest: 92_000, fastest: 2_500_000 },
};

/** What every reader of an estimate is told of it. */
export const CALIBRATED = 'calibrated on one machine';
