import {
  account,
  beyondPlan,
  disabled,
  emptySnapshot,
  parked,
  signedOut,
  snapshot,
  strategies,
  studio,
  work,
} from '../sample.ts';
import type { State } from '../state.ts';

const overview = { page: 'dashboard', route: 'overview' } as const;
const menuOf = (label: string): string => `Actions for ${label}`;

export const overviewStates: readonly State[] = [
  { ...overview, name: 'overview-ready', snapshot },
  { ...overview, name: 'overview-empty', snapshot: emptySnapshot },
  {
    ...overview,
    name: 'overview-trouble',
    snapshot: {
      ...snapshot,
      endpoint: { url: 'http://127.0.0.1:8789', isPaused: false, takenPort: 8788 },
      secretBox: 'weak',
      accounts: [parked, signedOut, disabled, beyondPlan],
      problems: [
        'settings.json could not be read; it was set aside as settings.json.broken-1, and defaults are in force.',
      ],
      pool: { used: 0, limit: null, left: null, perDay: 48, runsOutAt: null },
    },
  },
  {
    ...overview,
    name: 'overview-paused',
    snapshot: { ...snapshot, endpoint: { ...snapshot.endpoint, isPaused: true } },
  },
  {
    ...overview,
    name: 'overview-not-listening',
    snapshot: { ...snapshot, endpoint: { ...snapshot.endpoint, url: null } },
  },
  {
    ...overview,
    name: 'overview-pinned',
    snapshot: {
      ...snapshot,
      pinned: studio.id,
      strategy: { name: 'drain', choices: strategies },
      accounts: [work, { ...studio, pinned: true, inFlight: 3 }],
      pool: { used: 2099.48, limit: 3000, left: 900.52, perDay: 139.9, runsOutAt: Date.UTC(2026, 10, 30, 8) },
    },
  },
  {
    ...overview,
    name: 'overview-long-names',
    snapshot: {
      ...snapshot,
      accounts: [
        account('long', {
          label: 'The account of the department for extraordinarily long names',
          email: 'a.very.long.address.of.somebody@department.of.long.names.example.com',
          credits: { used: 12.5, limit: null, resetAt: null, left: null, extras: [] },
          plan: 'KIRO POWER',
        }),
      ],
      pool: { used: 12.5, limit: null, left: null, perDay: 2, runsOutAt: null },
    },
  },
  { ...overview, name: 'overview-loading', snapshot: undefined },
  { ...overview, name: 'overview-offline', snapshot: undefined, isLinkLost: true },
  { ...overview, name: 'overview-stale', snapshot, isLinkLost: true },
  {
    ...overview,
    name: 'overview-menu',
    snapshot,
    prepare: (page) => page.getByRole('button', { name: menuOf(studio.label) }).click(),
  },
  {
    ...overview,
    name: 'overview-rename',
    snapshot,
    prepare: async (page) => {
      await page.getByRole('button', { name: menuOf(work.label) }).click();
      await page.getByRole('menuitem', { name: 'Rename…' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    ...overview,
    name: 'overview-overage',
    snapshot,
    prepare: async (page) => {
      await page.getByRole('button', { name: menuOf(work.label) }).click();
      await page.getByRole('menuitem', { name: 'Overage…' }).click();
      await page.getByRole('switch', { name: 'Spend beyond the plan' }).click();
      await page.getByLabel('At most a day').fill('50');
      await page.getByRole('button', { name: 'Allow overage' }).click();
    },
  },
  {
    ...overview,
    name: 'overview-remove',
    snapshot,
    prepare: async (page) => {
      await page.getByRole('button', { name: menuOf(work.label) }).click();
      await page.getByRole('menuitem', { name: 'Remove…' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { ...overview, name: 'not-found', route: 'nowhere', snapshot },
];
