import type { Amounts } from './rounds.ts';

/** For figures that are to be quoted: about a minute a round. */
export const fullAmounts: Amounts = {
  starts: 3,
  streams: [200, 1000],
  firstTokens: 200,
  floodMs: 1_500,
  pacedMs: 3_000,
  requests: 9,
  sizes: ['5 turns', '200 turns', '1 MB', '5 MB', '5 MB, not ASCII'],
  largeRequests: 9,
};

/** A first look in less than a minute: shows what broke, not what improved by a tenth. */
export const quickAmounts: Amounts = {
  starts: 1,
  streams: [200],
  firstTokens: 40,
  floodMs: 500,
  pacedMs: 700,
  requests: 4,
  sizes: ['5 turns', '1 MB'],
  largeRequests: 2,
};
