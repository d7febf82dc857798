/**
 * The typed surface of the engine: every question that a screen or another process may ask, with the shape of what goes in
 * and what comes out. Both ends and the tests are derived from this one object. No secret crosses it (DESIGN promise 7).
 *
 * Times are epoch milliseconds, amounts credits, percentages 0-100. Members may be added, never changed: scripts read them.
 */
import * as v from 'valibot';

const accountId = v.object({ id: v.pipe(v.string(), v.nonEmpty()) });
const nothing = v.object({});
const nullableNumber = v.nullable(v.number());
const nullableString = v.nullable(v.string());

/** Spending beyond the plan: what the user allows (off by default), and what Kiro reports. */
const overage = v.object({
  isAllowed: v.boolean(),
  /** Credits a day (UTC); null for no cap. */
  dailyCap: nullableNumber,
  today: v.number(),
  isOnAtKiro: v.nullable(v.boolean()),
  credits: v.number(),
  charges: v.number(),
  currency: nullableString,
});

const account = v.object({
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

const importResult = v.object({
  id: nullableString,
  label: v.string(),
  kind: v.nullable(account.entries.kind),
  result: v.picklist(['added', 'updated', 'failed']),
  reason: v.string(),
});

const dayCredits = v.object({ day: v.string(), credits: v.number(), requests: v.number() });
const nameCredits = v.object({ name: v.string(), credits: v.number(), requests: v.number() });

const pace = {
  /** Credits a day through us, at the pace of the last week. */
  perDay: v.number(),
  /** When the credits run out at that pace; null when they last to their reset, or nothing is spent. */
  runsOutAt: nullableNumber,
};

const request = v.object({
  id: v.string(),
  at: v.number(),
  key: v.string(),
  session: nullableString,
  model: v.string(),
  account: nullableString,
  sends: v.number(),
  outcome: v.string(),
  decision: v.pipe(v.array(v.object({ account: v.string(), chosen: v.boolean(), reason: v.string() })), v.readonly()),
  credits: nullableNumber,
  contextPercent: nullableNumber,
  firstTokenMs: nullableNumber,
  totalMs: nullableNumber,
});

const model = v.object({
  id: v.string(),
  name: v.string(),
  contextTokens: nullableNumber,
  maxOutputTokens: nullableNumber,
  inputTypes: v.array(v.picklist(['text', 'image'])),
  efforts: v.array(v.string()),
});

const check = v.object({
  name: v.string(),
  status: v.picklist(['ok', 'warning', 'failed']),
  detail: v.string(),
  /** What to do about it; null when there is nothing to do. */
  fix: nullableString,
});

const setting = v.object({
  key: v.string(),
  /** Null where there is none. */
  value: v.nullish(v.unknown()),
  default: v.nullish(v.unknown()),
  description: v.string(),
  allowed: v.string(),
});

const days = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650));
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000));

export const contract = {
  status: {
    input: nothing,
    output: v.object({
      version: v.string(),
      pid: v.number(),
      /** Base URL of the endpoint, null while it does not listen. */
      url: nullableString,
      accounts: v.number(),
      ready: v.number(),
      secretBox: v.picklist(['os-keychain', 'key-file', 'environment-key', 'weak']),
      problems: v.array(v.string()),
    }),
  },
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
      dailyCap: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000))),
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
    input: v.object({ ...accountId.entries, label: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(60)) }),
    output: account,
  },
  usage: {
    input: v.object({ days }),
    output: v.object({
      accounts: v.array(
        v.object({
          id: v.string(),
          label: v.string(),
          credits: nullableNumber,
          limit: nullableNumber,
          resetAt: nullableNumber,
          plan: nullableString,
          byDay: v.array(dayCredits),
          left: nullableNumber,
          overage,
          ...pace,
        }),
      ),
      pool: v.object({
        credits: v.number(),
        /** Null when an account's limit is not known or it has none. */
        limit: nullableNumber,
        byModel: v.array(nameCredits),
        byKey: v.array(nameCredits),
        left: nullableNumber,
        ...pace,
      }),
    }),
  },
  /** Shows the strategy, or sets it first. */
  strategy: {
    input: v.object({ name: v.optional(v.string()) }),
    output: v.object({
      strategy: v.string(),
      choices: v.array(v.object({ name: v.string(), meaning: v.string() })),
    }),
  },
  requests: { input: v.object({ last: count }), output: v.array(request) },
  models: { input: nothing, output: v.array(model) },
  'keys.list': { input: nothing, output: v.array(v.object({ name: v.string(), createdAt: v.number() })) },
  'keys.revoke': { input: v.object({ name: v.string() }), output: nothing },
  'settings.list': { input: nothing, output: v.array(setting) },
  'settings.set': { input: v.object({ key: v.string(), value: v.string() }), output: setting },
  doctor: { input: nothing, output: v.array(check) },
} as const satisfies Contract;

/** Any such surface: questions by name, each with the schema of what goes in and what comes out. */
export type Contract = Readonly<Record<string, { readonly input: v.GenericSchema; readonly output: v.GenericSchema }>>;

/** What a question takes, before it was checked. */
export type Input<C extends Contract, M extends keyof C> = v.InferInput<C[M]['input']>;
/** What a question answers. */
export type Output<C extends Contract, M extends keyof C> = v.InferOutput<C[M]['output']>;

/** The side that answers: one function for each question, called with checked input. */
export type Handlers<C extends Contract> = {
  readonly [M in keyof C]: (input: v.InferOutput<C[M]['input']>) => Promise<Output<C, M>> | Output<C, M>;
};

export type AccountView = Output<typeof contract, 'accounts.list'>[number];
export type ModelView = Output<typeof contract, 'models'>[number];
export type HandOffStepView = Output<typeof contract, 'handOff.news'>['steps'][number];
