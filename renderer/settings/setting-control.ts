import type { Output, ScreenContract } from '../../app/contract.ts';

export type Setting = Output<ScreenContract, 'settings.list'>[number];

/** How a setting is changed on screen. */
export type Control = 'switch' | 'theme' | 'strategy' | 'account' | 'number' | 'text';

export function controlOf({ key, default: initial }: Setting): Control {
  if (key === 'theme' || key === 'strategy') return key;
  if (key === 'pinned') return 'account';
  if (typeof initial === 'boolean') return 'switch';
  return typeof initial === 'number' ? 'number' : 'text';
}

/** A value as a person types it, and as the engine reads it; `none` is empty on screen. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** What is sent for what was typed. */
export function inputOf(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' ? 'none' : trimmed;
}

export const groups = ['app', 'endpoint', 'accounts', 'kiro', 'other'] as const;
export type Group = (typeof groups)[number];

const placed: Readonly<Record<string, Group>> = {
  notifications: 'app',
  theme: 'app',
  checkForUpdates: 'app',
  paused: 'endpoint',
  port: 'endpoint',
  host: 'endpoint',
  allowedOrigins: 'endpoint',
  strategy: 'accounts',
  pinned: 'accounts',
  concurrency: 'accounts',
  optOut: 'kiro',
  proxyUrl: 'kiro',
  systemCertificates: 'kiro',
};

/** Shown elsewhere: it is the answer to a page, not a wish. */
const hidden = new Set(['hasAcceptedRisks']);

/** Settings by where they stand; one that a newer engine brings comes under `other`. */
export function grouped(settings: readonly Setting[]): Readonly<Record<Group, readonly Setting[]>> {
  const order = Object.keys(placed);
  const shown = settings
    .filter(({ key }) => !hidden.has(key))
    .toSorted((one, other) => order.indexOf(one.key) - order.indexOf(other.key));
  const of = (group: Group): Setting[] => shown.filter(({ key }) => (placed[key] ?? 'other') === group);
  return { app: of('app'), endpoint: of('endpoint'), accounts: of('accounts'), kiro: of('kiro'), other: of('other') };
}

/** Read once, when the engine starts. */
const readAtStart = new Set(['port', 'host', 'proxyUrl', 'systemCertificates']);

export function waitsForStart(key: string): boolean {
  return readAtStart.has(key);
}
