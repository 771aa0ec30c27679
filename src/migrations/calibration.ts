/** Rows a second, in between: the slowest and the fastest that was measured, with a margin for other machines. */
export interface Rate {
  readonly slowest: number;
  readonly fastest: number;
}

/** Written after `npm run bench:calibration`; see docs/proof-said.md for the machine and what the margin is. */
export const CALIBRATION: Readonly<Record<'scan' | 'rewrite' | 'index', Rate>> = {
  scan: { slowest: 1_000_000, fastest: 10_000_000 },
  rewrite: { slowest: 100_000, fastest: 1_000_000 },
  index: { slowest: 200_000, fastest: 2_000_000 },
};
