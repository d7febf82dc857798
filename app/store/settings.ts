import { isIP } from 'node:net';
import * as v from 'valibot';
import { strategies, type Strategy } from '../pool/strategy.ts';

/** How the screens look. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The settings and their types. `proxyUrl` is undefined when there is none. */
export type Settings = {
  port: number;
  host: string;
  optOut: boolean;
  proxyUrl: string | undefined;
  systemCertificates: boolean;
  strategy: Strategy;
  pinned: string | undefined;
  concurrency: number;
  allowedOrigins: readonly string[];
  paused: boolean;
  hasAcceptedRisks: boolean;
  notifications: boolean;
  theme: Theme;
  checkForUpdates: boolean;
};
export type SettingKey = keyof Settings;

/** One row of the table: what a setting is when nobody set it, what it may be, and what it does, in words. */
export type Setting<T> = {
  default: T;
  schema: v.GenericSchema<unknown, T>;
  description: string;
  /** What may be set, in words that complete "must be …". */
  allowed: string;
  /** What a person typed, as the value to check; text that does not fit stays text and fails the check. */
  fromText: (text: string) => unknown;
};

/** Every setting, in the order they are listed. */
export const settingsTable: { readonly [K in SettingKey]: Setting<Settings[K]> } = {
  port: {
    default: 8788,
    schema: wholeNumber(1, 65_535),
    description: 'Port of the local endpoint; the next free one is taken when it is in use.',
    allowed: 'a whole number from 1 to 65535',
    fromText: numberOf,
  },
  host: {
    default: '127.0.0.1',
    schema: v.pipe(
      v.string(),
      v.check((host) => host === 'localhost' || isIP(host) !== 0),
    ),
    description: 'Address that the local endpoint listens on; one that is not loopback also needs serve --allow-lan.',
    allowed: 'localhost or an IP address',
    fromText: (text) => text,
  },
  optOut: yesOrNo(true, 'Asks Kiro with each call not to use its content for improving the service.'),
  proxyUrl: {
    default: undefined,
    schema: v.optional(v.pipe(v.string(), v.check(isProxyUrl))),
    description: 'HTTP proxy for calls to Kiro; without one HTTPS_PROXY and NO_PROXY are honoured.',
    // A password would lie in the file as it is; the environment variable takes one.
    allowed: 'an http:// or https:// URL without user name and password (use HTTPS_PROXY for those), or none',
    fromText: (text) => (text === 'none' || text === '' ? undefined : text),
  },
  systemCertificates: yesOrNo(true, "Trusts the certificates of the operating system besides Node's own."),
  strategy: {
    default: 'hybrid',
    schema: v.picklist(strategies),
    description: 'How an account is chosen for a request.',
    allowed: `one of ${strategies.join(', ')}`,
    fromText: (text) => text,
  },
  pinned: {
    default: undefined,
    schema: v.optional(v.pipe(v.string(), v.regex(/^acc_[a-z0-9]{10}$/))),
    description: 'The only account that may serve; none lets the strategy choose.',
    allowed: 'the id of an account, or none',
    fromText: (text) => (text === 'none' || text === 'auto' ? undefined : text),
  },
  concurrency: {
    default: 4,
    schema: wholeNumber(1, 20),
    description: 'Requests that one account serves at the same time; more wait their turn.',
    allowed: 'a whole number from 1 to 20',
    fromText: numberOf,
  },
  allowedOrigins: {
    default: [],
    schema: v.array(v.pipe(v.string(), v.check(isOrigin))),
    description: 'Web pages that may use the local endpoint from a browser; none by default.',
    allowed: 'origins such as https://app.example, separated by commas, or none',
    fromText: (text) => (text === 'none' || text.trim() === '' ? [] : text.split(',').map((origin) => origin.trim())),
  },
  paused: yesOrNo(false, 'Refuses all requests of clients until it is false again.'),
  hasAcceptedRisks: yesOrNo(false, 'You have read what may happen to accounts that a tool like this one uses.'),
  notifications: yesOrNo(true, 'Tells you when an account needs you, or when credits run low.'),
  theme: {
    default: 'system',
    schema: v.picklist(themes),
    description: 'How the screens look.',
    allowed: `one of ${themes.join(', ')}`,
    fromText: (text) => text,
  },
  checkForUpdates: yesOrNo(true, 'Lets the app look for a newer version once a day.'),
};

/** Whether this is the name of a setting. */
export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(settingsTable, key);
}

function yesOrNo(initial: boolean, description: string): Setting<boolean> {
  const fromText = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text);
  return { default: initial, schema: v.boolean(), description, allowed: 'true or false', fromText };
}

function wholeNumber(min: number, max: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
}

function numberOf(text: string): unknown {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

function isProxyUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** Exactly what a browser sends as `Origin`. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.origin === text && url.origin !== 'null';
}
