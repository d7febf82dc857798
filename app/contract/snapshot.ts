import * as v from 'valibot';
import { account } from './accounts.ts';
import { pace, request } from './usage.ts';
import { nullableNumber, nullableString } from './scalars.ts';

/**
 * Everything that the tray and the screens show at a glance, published whole whenever something of it changed: the tray and
 * every window read the same.
 */
export const snapshotSchema = v.object({
  /** Grows with each snapshot of one run: a screen drops what is not newer than what it has. */
  rev: v.number(),
  /** When it was made, epoch ms. */
  at: v.number(),
  version: v.string(),
  endpoint: v.object({
    /** Base URL without `/v1`; null while it does not listen. */
    url: nullableString,
    isPaused: v.boolean(),
    /** The port that was wanted and is taken by another program; null when all is as set. */
    takenPort: nullableNumber,
  }),
  /** How the logins are sealed; `weak` means with a key that everybody knows. */
  secretBox: v.picklist(['os-keychain', 'key-file', 'environment-key', 'weak']),
  strategy: v.object({
    name: v.string(),
    choices: v.array(v.object({ name: v.string(), meaning: v.string() })),
  }),
  /** Id of the pinned account; null lets the strategy choose. */
  pinned: nullableString,
  accounts: v.array(v.object({ ...account.entries, ...pace })),
  /** All accounts together; null where one of them is not known or has no limit. */
  pool: v.object({ used: v.number(), limit: nullableNumber, left: nullableNumber, ...pace }),
  /** The newest requests that are over, the newest first; twenty at most. */
  requests: v.array(request),
  /** Files that were set aside, settings that are not in force: sentences. */
  problems: v.array(v.string()),
  /** Whether the user has read and accepted the risks of the first-run page. */
  hasAcceptedRisks: v.boolean(),
  theme: v.picklist(['system', 'light', 'dark']),
});

export type Snapshot = v.InferOutput<typeof snapshotSchema>;
export type SnapshotAccount = Snapshot['accounts'][number];
export type RequestView = Snapshot['requests'][number];
