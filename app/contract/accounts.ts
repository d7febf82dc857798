import * as v from 'valibot';
import { nothing, nullableNumber, nullableString } from './scalars.ts';
import type { Contract } from './shape.ts';

const accountId = v.object({ id: v.pipe(v.string(), v.nonEmpty()) });
/** Spending beyond the plan: what the user allows (off by default), and what Kiro reports. */
export const overage = v.object({
  isAllowed: v.boolean(),
  /** Credits a day (UTC); null for no cap. */
  dailyCap: nullableNumber,
  today: v.number(),
  isOnAtKiro: v.nullable(v.boolean()),
  credits: v.number(),
  charges: v.number(),
  currency: nullableString,
});

export const account = v.object({
  id: v.string(),
  label: v.string(),
  kind: v.picklist(['social', 'builder-id', 'identity-center', 'external-idp', 'api-key']),
  provenance: v.picklist(['own', 'forked', 'shared']),
  email: nullableString,
  isVerified: v.boolean(),
  plan: nullableString,
  state: v.object({
    name: v.picklist(['ready', 'cooling', 'exhausted', 'parked', 'needs-sign-in', 'disabled']),
    until: nullableNumber,
    reason: nullableString,
  }),
  credits: v.nullable(
    v.object({
      used: v.number(),
      limit: nullableNumber,
      resetAt: nullableNumber,
      /** Of plan, trial and bonuses together; null without a limit. */
      left: nullableNumber,
      extras: v.pipe(
        v.array(v.object({ name: v.string(), used: v.number(), limit: v.number(), endsAt: nullableNumber })),
        v.readonly(),
      ),
    }),
  ),
  overage,
  pinned: v.boolean(),
  /** Requests that it serves right now. */
  inFlight: v.number(),
  lastUsedAt: nullableNumber,
});

const signInKind = v.picklist(['google', 'github', 'builder-id', 'identity-center']);
const loginId = v.object({ loginId: v.string() });
const handOffId = v.object({ handOffId: v.string() });

const newRow = { row: v.string(), kind: account.entries.kind };
/** A step of a sign-in with kiro-cli (app/auth/hand-off-event.ts says what each means). */
const handOffStep = v.variant('type', [
  v.object({ type: v.picklist(['checking', 'backed-up', 'signed-out', 'put-back', 'cancelled']) }),
  v.object({
    type: v.literal('already-signed-in'),
    who: v.object({
      accountType: v.string(),
      email: v.exactOptional(v.string()),
      startUrl: v.exactOptional(v.string()),
      profileArn: v.exactOptional(v.string()),
    }),
  }),
  v.object({ type: v.literal('waiting'), url: v.string(), userCode: v.string(), expiresAt: v.number() }),
  v.object({ type: v.picklist(['signed-in', 'done']), ...newRow }),
  v.object({ type: v.literal('failed'), message: v.string(), hint: v.string() }),
]);

export const importResult = v.object({
  id: nullableString,
  label: v.string(),
  kind: v.nullable(account.entries.kind),
  result: v.picklist(['added', 'updated', 'failed']),
  reason: v.string(),
  /** The profiles to choose from with `accounts.profile`; only there while the account waits for that choice. */
  profiles: v.exactOptional(v.pipe(v.array(v.object({ arn: v.string(), name: nullableString })), v.readonly())),
});

/** A login that another program keeps on this machine, without its secrets. */
const foundLogin = v.object({
  from: v.picklist(['kiro-cli', 'kiro-ide']),
  path: v.string(),
  /** Names the row of kiro-cli's store for `accounts.import`; null for the IDE, which has one login. */
  row: nullableString,
  kind: v.nullable(account.entries.kind),
  region: nullableString,
  /** The account of the pool that was taken from there; null when there is none. */
  account: nullableString,
  /** Why it cannot be taken, in words; null when it can. */
  problem: nullableString,
});

/** The kiro-cli of this machine, and whom it says it is signed in as. */
const kiroCli = v.object({
  isInstalled: v.boolean(),
  /** `unknown` when it was not asked or did not answer. */
  login: v.picklist(['signed-in', 'signed-out', 'unknown']),
  /** The e-mail, or the kind of account when it tells no e-mail. */
  who: nullableString,
});

/** The accounts of the pool, and the ways in. */
export const accountQuestions = {
  /** What logins of other programs there are on this machine. Reads their stores, changes nothing, asks nobody. */
  'sources.find': { input: nothing, output: v.object({ logins: v.array(foundLogin), kiroCli }) },
  /** Asks kiro-cli whom it is signed in as: takes seconds, and is told after an import whether its login still works. */
  'sources.whoami': { input: nothing, output: kiroCli },
  'accounts.list': { input: nothing, output: v.array(account) },
  'accounts.import': {
    input: v.object({
      from: v.picklist(['kiro-cli', 'kiro-ide']),
      /** The store's file; found by itself when absent. */
      path: v.optional(v.string()),
      /** One row of kiro-cli's store; all of them when absent. */
      row: v.optional(v.string()),
      /** The profile to charge, for a login that has several. */
      profile: v.optional(v.string()),
    }),
    output: v.array(importResult),
  },
  /** Lets an account serve again that was parked, or is cooling down or used up. */
  'accounts.clear': { input: accountId, output: account },
  /** Leaves an account out until it is resumed. */
  'accounts.pause': { input: accountId, output: account },
  'accounts.resume': { input: accountId, output: account },
  /** The only account that may serve; null lets the strategy choose. */
  'accounts.pin': {
    input: v.object({ id: v.nullable(accountId.entries.id) }),
    output: v.object({ pinned: nullableString }),
  },
  /** Whether an account may spend beyond its plan, and at most how many credits of that a day. */
  'accounts.overage': {
    input: v.object({
      ...accountId.entries,
      isAllowed: v.boolean(),
      dailyCap: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000, 'It must be at most 1000000.'))),
    }),
    output: account,
  },
  /** Chooses the profile to charge, for a login that has several. */
  'accounts.profile': { input: v.object({ ...accountId.entries, profile: v.string() }), output: importResult },
  /** Begins a sign-in in the browser. What could redeem it stays in the engine. */
  'login.start': {
    input: v.object({
      kind: signInKind,
      /** Of an Identity Center, with its region. */
      startUrl: v.optional(v.string()),
      region: v.optional(v.string()),
      profile: v.optional(v.string()),
    }),
    output: v.object({ ...loginId.entries, userCode: v.string(), url: v.string(), expiresAt: v.number() }),
  },
  /** Answers when the sign-in is over: minutes, perhaps. */
  'login.wait': { input: loginId, output: importResult },
  /** The `login.wait` then fails; a sign-in that was confirmed meanwhile goes on all the same. */
  'login.cancel': { input: loginId, output: nothing },
  /** Begins a sign-in with the real kiro-cli, one at a time. */
  'handOff.start': {
    input: v.object({
      kind: signInKind,
      startUrl: v.optional(v.string()),
      region: v.optional(v.string()),
      profile: v.optional(v.string()),
      /** What becomes of the login that kiro-cli has; `refuse` stops when there is one. */
      previous: v.picklist(['refuse', 'put-back', 'keep-new']),
    }),
    output: handOffId,
  },
  /** Answers when there are more than `seen` steps, or all is over. */
  'handOff.news': {
    input: v.object({ ...handOffId.entries, seen: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
    output: v.object({
      steps: v.pipe(v.array(handOffStep), v.readonly()),
      isOver: v.boolean(),
      result: v.nullable(importResult),
    }),
  },
  /** Before the sign-in is confirmed: what kiro-cli had comes back. */
  'handOff.cancel': { input: handOffId, output: nothing },
  'accounts.remove': { input: accountId, output: nothing },
  'accounts.refresh': { input: accountId, output: account },
  'accounts.label': {
    input: v.object({
      ...accountId.entries,
      label: v.pipe(
        v.string(),
        v.trim(),
        v.nonEmpty('It must not be empty.'),
        v.maxLength(60, 'It may have 60 characters.'),
      ),
    }),
    output: account,
  },
} as const satisfies Contract;
