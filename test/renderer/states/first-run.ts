import { emptySnapshot } from '../sample.ts';
import type { State } from '../state.ts';
import { desktopApp } from '../stub-bridge.ts';

const firstRun = { page: 'dashboard', route: 'first-run' } as const;
const snapshot = { ...emptySnapshot, hasAcceptedRisks: false };

export const firstRunStates: readonly State[] = [
  { ...firstRun, name: 'first-run-welcome', snapshot },
  {
    ...firstRun,
    name: 'first-run-plain-desktop',
    snapshot: { ...snapshot, secretBox: 'weak' },
    desktop: { ...desktopApp, hasTray: false },
  },
];
