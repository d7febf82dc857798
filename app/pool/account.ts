import * as v from 'valibot';
import { credentialSchema } from '../auth/credential.ts';
import { accountStateSchema } from './account-state.ts';

/** How a login came to be ours (DESIGN §3): only `shared` logins are also used by another program. */
export type Provenance = v.InferOutput<typeof provenanceSchema>;
const provenanceSchema = v.picklist(['own', 'forked', 'shared']);

/** Where a login was read from, so that a rejected token can be looked up there once more. */
export type LoginSource = v.InferOutput<typeof loginSourceSchema>;
const loginSourceSchema = v.variant('store', [
  v.object({ store: v.literal('kiro-cli'), path: v.string(), row: v.string() }),
  v.object({ store: v.literal('kiro-ide'), path: v.string(), profilePath: v.string() }),
]);

/** Credits as Kiro last reported them (protocol §6.2); amounts in credits. */
export type CreditSnapshot = v.InferOutput<typeof creditSnapshotSchema>;
const creditSnapshotSchema = v.object({
  used: v.number(),
  limit: v.number(),
  isUnlimited: v.boolean(),
  /** What is left of trial and bonus credits together. */
  extra: v.number(),
  /** Trial and bonus credits, apart from the plan's and each from the other; absent in snapshots of older versions. */
  extras: v.optional(
    v.array(v.object({ name: v.string(), used: v.number(), limit: v.number(), endsAt: v.optional(v.number()) })),
  ),
  /** Spending beyond all of them, as Kiro reports it; `isOn` is the switch at Kiro, which we never touch. */
  overage: v.optional(
    v.object({ isOn: v.boolean(), credits: v.number(), charges: v.number(), currency: v.optional(v.string()) }),
  ),
  resetAt: v.optional(v.number()),
  at: v.number(),
});

/** Whether the user lets an account spend beyond its plan, and at most how many credits of that a day (UTC). */
export type OverageConsent = v.InferOutput<typeof overageConsentSchema>;
const overageConsentSchema = v.object({
  isAllowed: v.boolean(),
  dailyCap: v.optional(v.pipe(v.number(), v.minValue(0))),
});

/** Everything that is kept of one account. `credential` is sealed on disk; all times are epoch milliseconds. */
export type Account = v.InferOutput<typeof accountSchema>;
export const accountSchema = v.object({
  /** Random, ours; never derived from a secret. */
  id: v.pipe(v.string(), v.regex(/^acc_[a-z0-9]{10}$/)),
  label: v.pipe(v.string(), v.nonEmpty(), v.maxLength(60)),
  /** False until Kiro told us whose account this is; the label is then only a description such as `builder-id-us-east-1`. */
  isVerified: v.boolean(),
  provenance: provenanceSchema,
  email: v.optional(v.string()),
  userId: v.optional(v.string()),
  plan: v.optional(v.string()),
  source: v.optional(loginSourceSchema),
  /** SHA-256 of the other program's refresh token that this login was forked from: by it the same login is known again. */
  forkedFrom: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  credential: credentialSchema,
  credits: v.optional(creditSnapshotSchema),
  /** Absent: not allowed (DESIGN promise 4). */
  overage: v.optional(overageConsentSchema),
  state: accountStateSchema,
  addedAt: v.number(),
});
