import type { DesktopInfo, Snapshot, SnapshotAccount } from '../../app/contract.ts';
import { noon } from '../support/engine.ts';

const dayMs = 86_400_000;

/** An account of a snapshot, ready and with most of its credits left. */
export function account(changes: Partial<SnapshotAccount> = {}): SnapshotAccount {
  return {
    id: 'acc_work',
    label: 'Work',
    kind: 'identity-center',
    provenance: 'own',
    email: 'me@work.example',
    isVerified: true,
    plan: 'Pro',
    state: { name: 'ready', until: null, reason: null },
    credits: { used: 388, limit: 1000, resetAt: noon + 3 * dayMs, left: 612, extras: [] },
    overage: { isAllowed: false, dailyCap: null, today: 0, isOnAtKiro: false, credits: 0, charges: 0, currency: null },
    pinned: false,
    inFlight: 0,
    lastUsedAt: null,
    perDay: 20,
    runsOutAt: null,
    ...changes,
  };
}

/** In a state, with its reason. */
export function accountIn(
  name: SnapshotAccount['state']['name'],
  until: number | null = null,
  changes: Partial<SnapshotAccount> = {},
): SnapshotAccount {
  return account({ ...changes, state: { name, until, reason: 'Because.' } });
}

export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    rev: 1,
    at: noon,
    version: '0.1.0',
    endpoint: { url: 'http://127.0.0.1:8788', isPaused: false, takenPort: null },
    secretBox: 'os-keychain',
    strategy: {
      name: 'hybrid',
      choices: ['hybrid', 'sticky', 'round-robin', 'drain'].map((name) => ({ name, meaning: `What ${name} does.` })),
    },
    pinned: null,
    accounts: [account()],
    pool: { used: 388, limit: 1000, left: 612, perDay: 20, runsOutAt: null },
    requests: [],
    problems: [],
    hasAcceptedRisks: true,
    theme: 'system',
    ...changes,
  };
}

export const desktop: DesktopInfo = {
  host: 'desktop',
  platform: 'linux',
  hasTray: true,
  startsAtLogin: false,
  update: { state: 'off', version: null, detail: null },
};
