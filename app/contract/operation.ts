import * as v from 'valibot';
import { nothing, nullableNumber, nullableString } from './scalars.ts';
import type { Contract } from './shape.ts';

export const model = v.object({
  id: v.string(),
  name: v.string(),
  contextTokens: nullableNumber,
  maxOutputTokens: nullableNumber,
  inputTypes: v.array(v.picklist(['text', 'image'])),
  efforts: v.array(v.string()),
});

export const check = v.object({
  name: v.string(),
  status: v.picklist(['ok', 'warning', 'failed']),
  detail: v.string(),
  /** What to do about it; null when there is nothing to do. */
  fix: nullableString,
  /** Names what `doctor.fix` can do about it; null when only a person can. */
  action: nullableString,
  /** What the button that does it says; null with `action`. */
  actionLabel: nullableString,
});

const setting = v.object({
  key: v.string(),
  /** Null where there is none. */
  value: v.nullish(v.unknown()),
  default: v.nullish(v.unknown()),
  description: v.string(),
  allowed: v.string(),
});

/** How the pool serves: the endpoint, the strategy, keys and settings. */
export const operationQuestions = {
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
  /** Shows the strategy, or sets it first. */
  strategy: {
    input: v.object({ name: v.optional(v.string()) }),
    output: v.object({
      strategy: v.string(),
      choices: v.array(v.object({ name: v.string(), meaning: v.string() })),
    }),
  },
  models: { input: nothing, output: v.array(model) },
  'keys.list': { input: nothing, output: v.array(v.object({ name: v.string(), createdAt: v.number() })) },
  'keys.revoke': { input: v.object({ name: v.string() }), output: nothing },
  'settings.list': { input: nothing, output: v.array(setting) },
  'settings.set': { input: v.object({ key: v.string(), value: v.string() }), output: setting },
  doctor: { input: nothing, output: v.array(check) },
  /** Does what a check proposed, and checks again. */
  'doctor.fix': { input: v.object({ action: v.string() }), output: v.array(check) },
  /** What a bug report says, redacted, for the user to read before it is saved or sent. */
  'report.preview': { input: nothing, output: v.object({ text: v.string() }) },
  /** While the endpoint is paused it refuses requests in words; survives a restart. */
  'endpoint.pause': { input: v.object({ isPaused: v.boolean() }), output: nothing },
} as const satisfies Contract;
