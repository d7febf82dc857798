/** Invented accounts, requests and columns, as an engine could have published them. */
import type { RequestView, Snapshot, SnapshotAccount } from '../../app/contract.ts';
import { pictureTime } from './state.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** When the credits of November end. */
const resetAt = Date.UTC(2026, 11, 1);

const noOverage = {
  isAllowed: false,
  dailyCap: null,
  today: 0,
  isOnAtKiro: false,
  credits: 0,
  charges: 0,
  currency: 'USD',
} as const;

/** An account that can serve, with what is different about it. */
export function account(id: string, more: Partial<SnapshotAccount>): SnapshotAccount {
  return {
    id: `acc_${id.padEnd(10, '0')}`,
    label: 'Work',
    kind: 'identity-center',
    provenance: 'own',
    email: 'ada@example.com',
    isVerified: true,
    plan: 'KIRO PRO',
    state: { name: 'ready', until: null, reason: null },
    credits: { used: 388.42, limit: 1000, resetAt, left: 611.58, extras: [] },
    overage: noOverage,
    pinned: false,
    inFlight: 0,
    lastUsedAt: pictureTime - 12 * minute,
    perDay: 21.6,
    runsOutAt: null,
    ...more,
  };
}

export const work = account('work', { inFlight: 1, lastUsedAt: pictureTime - 20_000 });
export const studio = account('studio', {
  label: 'Studio',
  kind: 'builder-id',
  email: 'studio@example.com',
  plan: 'KIRO PRO+',
  credits: { used: 1711.06, limit: 2000, resetAt, left: 288.94, extras: [] },
  lastUsedAt: pictureTime - 3 * hour,
  perDay: 118.3,
  runsOutAt: Date.UTC(2026, 10, 27, 21),
});
export const personal = account('personal', {
  label: 'Personal',
  kind: 'social',
  provenance: 'forked',
  email: 'ada.l@example.com',
  plan: 'KIRO FREE',
  state: { name: 'cooling', until: pictureTime + 245_000, reason: 'Kiro asked for fewer requests.' },
  credits: {
    used: 50,
    limit: 50,
    resetAt,
    left: 182.3,
    extras: [{ name: 'Free trial', used: 317.7, limit: 500, endsAt: Date.UTC(2026, 11, 14) }],
  },
  lastUsedAt: pictureTime - minute,
  perDay: 34.9,
  runsOutAt: Date.UTC(2026, 10, 30, 15),
});
export const build = account('build', {
  label: 'Build server',
  kind: 'api-key',
  email: null,
  isVerified: false,
  plan: 'KIRO PRO',
  state: { name: 'exhausted', until: resetAt, reason: "This plan's credits are used up." },
  credits: { used: 1000, limit: 1000, resetAt, left: 0, extras: [] },
  lastUsedAt: pictureTime - 2 * day,
  perDay: 0,
});
export const parked = account('parked', {
  label: 'Old laptop',
  kind: 'social',
  provenance: 'shared',
  email: 'laptop@example.com',
  state: { name: 'parked', until: null, reason: 'Kiro locked this account: Suspicious activity was detected.' },
  lastUsedAt: pictureTime - 5 * day,
  perDay: 0,
});
export const signedOut = account('signedout', {
  label: 'Client project',
  email: 'client@example.com',
  state: { name: 'needs-sign-in', until: null, reason: 'Kiro refuses this login: the refresh token is invalid.' },
  lastUsedAt: pictureTime - 9 * day,
  perDay: 0,
});
export const disabled = account('disabled', {
  label: 'Workshop',
  kind: 'builder-id',
  email: 'workshop@example.com',
  state: { name: 'disabled', until: null, reason: 'You paused it.' },
  credits: null,
  plan: null,
  lastUsedAt: null,
  perDay: 0,
});
export const beyondPlan = account('beyond', {
  label: 'Release week',
  email: 'release@example.com',
  credits: { used: 1000, limit: 1000, resetAt, left: 0, extras: [] },
  overage: {
    isAllowed: true,
    dailyCap: 50,
    today: 12.4,
    isOnAtKiro: true,
    credits: 61.2,
    charges: 2.45,
    currency: 'USD',
  },
  perDay: 48,
});

export const strategies = [
  { name: 'sticky', meaning: 'keeps to the account that served last, while it can' },
  { name: 'round-robin', meaning: 'takes the account that was used the longest ago' },
  {
    name: 'hybrid',
    meaning: 'keeps a session on its account; a new one gets the account with most to spare and least to do',
  },
  { name: 'drain', meaning: 'uses up first what is reset first; a session stays on its account' },
];

const models = ['claude-sonnet-4.5', 'claude-opus-4.6', 'claude-haiku-4.5'] as const;
const keys = ['default', 'blog-engine', 'cli'] as const;

/** A request that was served, with what is different about it. */
export function request(index: number, more: Partial<RequestView> = {}): RequestView {
  const model = models[[0, 0, 1, 0, 2, 0, 0, 1][index % 8] ?? 0] ?? models[0];
  const firstTokenMs = 620 + ((index * 397) % 1900);
  return {
    id: `req_${String(4096 - index).padStart(6, '0')}`,
    at: pictureTime - 20_000 - index * (3 * minute + ((index * 37) % 90) * 1000),
    key: keys[[0, 0, 1, 0, 2][index % 5] ?? 0] ?? keys[0],
    session: `ses_${String.fromCharCode(97 + (index % 4)).repeat(6)}`,
    model,
    account: index % 3 === 1 ? studio.id : work.id,
    sends: 1,
    outcome: 'served',
    decision: [
      {
        account: work.id,
        chosen: index % 3 !== 1,
        reason: index % 3 === 1 ? 'its score is 2.31' : 'its session is on this account',
      },
      {
        account: studio.id,
        chosen: index % 3 === 1,
        reason: index % 3 === 1 ? 'hybrid: the best score, 2.64' : 'the session is on another account',
      },
      { account: personal.id, chosen: false, reason: 'cooling down until 10:34' },
      { account: build.id, chosen: false, reason: 'its credits are used up until 1 December' },
    ],
    credits:
      Math.round((model === models[1] ? 2.2 : model === models[2] ? 0.14 : 0.62) * (60 + ((index * 53) % 90))) / 100,
    contextPercent: 8 + ((index * 29) % 71),
    inputTokens: 9_400 + ((index * 7919) % 61_000),
    outputTokens: 180 + ((index * 613) % 2_900),
    firstTokenMs,
    totalMs: firstTokenMs + 1400 + ((index * 1327) % 21_000),
    ...more,
  };
}

export const requests: readonly RequestView[] = [
  request(0),
  request(1),
  request(2, {
    sends: 2,
    account: work.id,
    decision: [
      { account: personal.id, chosen: false, reason: 'it was sent first, and Kiro asked for fewer requests' },
      { account: work.id, chosen: true, reason: 'hybrid: the best score, 2.64' },
      { account: studio.id, chosen: false, reason: 'its score is 1.12' },
    ],
  }),
  request(3, { outcome: 'client-left', credits: null, contextPercent: null, outputTokens: null }),
  request(4),
  request(5, {
    outcome: 'context-overflow',
    credits: null,
    contextPercent: null,
    inputTokens: 214_000,
    outputTokens: null,
    firstTokenMs: null,
    totalMs: 1_310,
  }),
  ...Array.from({ length: 14 }, (_, index) => request(index + 6)),
];

/** A pool with one account that serves, one that will run out, one that cools down and one that is used up. */
export const snapshot: Snapshot = {
  rev: 7,
  at: pictureTime,
  version: '0.1.0',
  endpoint: { url: 'http://127.0.0.1:8788', isPaused: false, takenPort: null },
  secretBox: 'os-keychain',
  strategy: { name: 'hybrid', choices: strategies },
  pinned: null,
  accounts: [work, studio, personal, build],
  pool: { used: 3149.48, limit: 4050, left: 1082.82, perDay: 174.8, runsOutAt: null },
  requests: [...requests],
  problems: [],
  hasAcceptedRisks: true,
  theme: 'system',
};

/** No account yet. */
export const emptySnapshot: Snapshot = {
  ...snapshot,
  accounts: [],
  requests: [],
  pool: { used: 0, limit: 0, left: 0, perDay: 0, runsOutAt: null },
};
