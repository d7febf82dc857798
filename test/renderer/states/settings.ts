import type { Output, ScreenContract } from '../../../app/contract.ts';
import { snapshot, studio } from '../sample.ts';
import { failed, ok, pictureTime, type Answers, type State } from '../state.ts';
import { desktopApp } from '../stub-bridge.ts';

type Setting = Output<ScreenContract, 'settings.list'>[number];

const settings = { page: 'dashboard', route: 'settings', snapshot } as const;
const yesOrNo = 'true or false';

/** The engine's table, in its order and words. */
export const list: readonly Setting[] = [
  {
    key: 'port',
    value: 8788,
    default: 8788,
    description: 'Port of the local endpoint; the next free one is taken when it is in use.',
    allowed: 'a whole number from 1 to 65535',
  },
  {
    key: 'host',
    value: '127.0.0.1',
    default: '127.0.0.1',
    description: 'Address that the local endpoint listens on; one that is not loopback also needs serve --allow-lan.',
    allowed: 'localhost or an IP address',
  },
  {
    key: 'optOut',
    value: true,
    default: true,
    description: 'Asks Kiro with each call not to use its content for improving the service.',
    allowed: yesOrNo,
  },
  {
    key: 'proxyUrl',
    value: null,
    default: null,
    description: 'HTTP proxy for calls to Kiro; without one HTTPS_PROXY and NO_PROXY are honoured.',
    allowed: 'an http:// or https:// URL without user name and password (use HTTPS_PROXY for those), or none',
  },
  {
    key: 'systemCertificates',
    value: true,
    default: true,
    description: "Trusts the certificates of the operating system besides Node's own.",
    allowed: yesOrNo,
  },
  {
    key: 'strategy',
    value: 'hybrid',
    default: 'hybrid',
    description: 'How an account is chosen for a request.',
    allowed: 'sticky, round-robin, hybrid, drain',
  },
  {
    key: 'pinned',
    value: studio.id,
    default: null,
    description: 'The only account that may serve; none lets the strategy choose.',
    allowed: 'the id of an account, or none',
  },
  {
    key: 'concurrency',
    value: 4,
    default: 4,
    description: 'Requests that one account serves at the same time; more wait their turn.',
    allowed: 'a whole number from 1 to 20',
  },
  {
    key: 'allowedOrigins',
    value: [],
    default: [],
    description: 'Web pages that may use the local endpoint from a browser; none by default.',
    allowed: 'origins such as https://app.example, separated by commas, or none',
  },
  {
    key: 'paused',
    value: false,
    default: false,
    description: 'Refuses all requests of clients until it is false again.',
    allowed: yesOrNo,
  },
  {
    key: 'hasAcceptedRisks',
    value: true,
    default: false,
    description: 'You have read what may happen to accounts that a tool like this one uses.',
    allowed: yesOrNo,
  },
  {
    key: 'notifications',
    value: true,
    default: true,
    description: 'Tells you when an account needs you, or when credits run low.',
    allowed: yesOrNo,
  },
  {
    key: 'theme',
    value: 'system',
    default: 'system',
    description: 'How the screens look.',
    allowed: 'system, light, dark',
  },
  {
    key: 'checkForUpdates',
    value: true,
    default: true,
    description: 'Lets the app look for a newer version once a day.',
    allowed: yesOrNo,
  },
];

const day = 24 * 3_600_000;
export const settingsAnswers: Answers = {
  'settings.list': ok([...list]),
  'keys.list': ok([
    { name: 'default', createdAt: pictureTime - 40 * day },
    { name: 'blog-engine', createdAt: pictureTime - 3 * day },
  ]),
};

export const settingsStates: readonly State[] = [
  { ...settings, name: 'settings-all', isLong: true, answers: settingsAnswers },
  { ...settings, name: 'settings-loading', answers: { 'settings.list': 'never', 'keys.list': 'never' } },
  {
    ...settings,
    name: 'settings-error',
    answers: {
      'settings.list': failed('The settings cannot be read.', 'See that the data folder is yours.'),
      'keys.list': failed('The keys cannot be read.', 'See that the data folder is yours.'),
    },
  },
  {
    ...settings,
    name: 'settings-refused',
    answers: {
      ...settingsAnswers,
      'settings.set': failed('The setting port must be a whole number from 1 to 65535.', 'It stays at 8788.'),
    },
    prepare: async (page) => {
      await page.getByLabel('Port').fill('80000');
      await page.getByRole('button', { name: 'Save Port' }).click();
      await page.getByText('The setting port must be').waitFor();
    },
  },
  {
    ...settings,
    name: 'settings-backup',
    route: 'settings/backup',
    answers: settingsAnswers,
    prepare: async (page) => {
      await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery');
      await page.getByRole('button', { name: 'Save backup…' }).click();
    },
  },
  {
    ...settings,
    name: 'settings-revoke',
    answers: settingsAnswers,
    prepare: (page) => page.getByRole('button', { name: 'Revoke key blog-engine' }).click(),
  },
  {
    ...settings,
    name: 'settings-in-browser',
    answers: settingsAnswers,
    snapshot: { ...snapshot, secretBox: 'key-file' },
    desktop: {
      ...desktopApp,
      host: 'browser',
      hasTray: false,
      startsAtLogin: null,
      update: { state: 'off', version: null, detail: null },
    },
  },
  {
    ...settings,
    name: 'settings-update-ready',
    answers: settingsAnswers,
    desktop: { ...desktopApp, update: { state: 'ready', version: '0.2.0', detail: null } },
  },
];
