import type { Extent } from './rig.ts';

/** For figures that are to be quoted: about three minutes. */
export const fullExtent: Extent = {
  rounds: 2,
  turns: [1, 5, 10, 50, 100, 200, 500, 1_000],
  megabytes: [0.1, 0.3, 1, 3, 5, 10],
  streams: [1, 10, 30, 100, 300, 1_000],
  events: [1_000, 10_000, 100_000, 300_000, 1_000_000],
  accounts: [1, 10, 30, 100, 300, 1_000],
  rows: [10_000, 30_000, 100_000, 300_000, 1_000_000],
};

/** A first look, about half a minute: shows what grows with the square, not what grows a little. */
export const quickExtent: Extent = {
  rounds: 1,
  turns: [1, 10, 100, 1_000],
  megabytes: [0.1, 1, 10],
  streams: [1, 100, 200, 400],
  events: [1_000, 30_000, 300_000],
  accounts: [1, 10, 100],
  rows: [3_000, 10_000, 30_000],
};
