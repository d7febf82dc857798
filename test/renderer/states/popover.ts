import { beyondPlan, disabled, emptySnapshot, parked, signedOut, snapshot, studio, work } from '../sample.ts';
import type { State } from '../state.ts';

const popover = { page: 'popover' } as const;

export const popoverStates: readonly State[] = [
  { ...popover, name: 'popover-ready', snapshot },
  { ...popover, name: 'popover-empty', snapshot: emptySnapshot },
  { ...popover, name: 'popover-paused', snapshot: { ...snapshot, endpoint: { ...snapshot.endpoint, isPaused: true } } },
  {
    ...popover,
    name: 'popover-trouble',
    snapshot: {
      ...snapshot,
      endpoint: { ...snapshot.endpoint, url: null },
      accounts: [parked, signedOut, disabled, beyondPlan],
      pool: { used: 1000, limit: null, left: null, perDay: 48, runsOutAt: null },
      requests: [],
    },
  },
  {
    ...popover,
    name: 'popover-one',
    snapshot: {
      ...snapshot,
      accounts: [{ ...studio, pinned: true }],
      pinned: studio.id,
      requests: snapshot.requests.map((request) => ({ ...request, account: studio.id })),
      pool: { used: 1711.06, limit: 2000, left: 288.94, perDay: studio.perDay, runsOutAt: studio.runsOutAt },
    },
  },
  { ...popover, name: 'popover-loading', snapshot: undefined },
  { ...popover, name: 'popover-offline', snapshot: undefined, isLinkLost: true },
  { ...popover, name: 'popover-stale', snapshot, isLinkLost: true },
  {
    ...popover,
    name: 'popover-menu',
    snapshot,
    prepare: (page) => page.getByRole('button', { name: `Actions for ${work.label}` }).click(),
  },
];
