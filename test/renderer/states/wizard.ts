import type { Page } from '@playwright/test';
import type { AccountView, Output, ScreenContract } from '../../../app/contract.ts';
import { emptySnapshot, snapshot, studio, work } from '../sample.ts';
import { failed, ok, pictureTime, type Answers, type State } from '../state.ts';
import { desktopApp } from '../stub-bridge.ts';
import { openCode, openCodePlan, models } from './clients.ts';

type News = Output<ScreenContract, 'handOff.news'>;
type Added = Output<ScreenContract, 'login.wait'>;

const wizard = { page: 'dashboard', route: 'wizard', snapshot: emptySnapshot } as const;
const browserHost = { ...desktopApp, host: 'browser', hasTray: false, startsAtLogin: null } as const;

/** What a sign-in in the browser shows; invented like all else here. */
export const prompt = {
  loginId: 'login-1',
  userCode: 'KQRT-WDPN',
  url: 'https://view.awsapps.com/start/#/device?user_code=KQRT-WDPN',
  expiresAt: pictureTime + 582_000,
} as const;

export const added: Added = {
  id: work.id,
  label: 'ada@example.com',
  kind: 'identity-center',
  result: 'added',
  reason: 'Signed in; the pool has a login of its own.',
};

const arn = (name: string): string => `arn:aws:codewhisperer:us-east-1:123456789012:profile/${name}`;
export const profiles = [
  { arn: arn('AAAABBBBCCCC'), name: 'Platform team' },
  { arn: arn('DDDDEEEEFFFF'), name: 'Research' },
  { arn: arn('GGGGHHHHIIII'), name: null },
] as const;

export const logins: Output<ScreenContract, 'sources.find'>['logins'] = [
  {
    from: 'kiro-cli',
    path: '/home/ada/.local/share/kiro-cli/data.sqlite3',
    row: 'kirocli:social:token',
    kind: 'social',
    region: 'us-east-1',
    account: null,
    problem: null,
  },
  {
    from: 'kiro-cli',
    path: '/home/ada/.local/share/kiro-cli/data.sqlite3',
    row: 'kirocli:odic:token',
    kind: 'builder-id',
    region: 'us-east-1',
    account: studio.id,
    problem: null,
  },
  {
    from: 'kiro-ide',
    path: '/home/ada/.aws/sso/cache/kiro-auth-token.json',
    row: null,
    kind: null,
    region: null,
    account: null,
    problem: 'Its file is damaged. Sign in with the Kiro IDE again.',
  },
];
export const kiroCli = { isInstalled: true, login: 'signed-in', who: 'ada.l@example.com' } as const;

const toClients: Answers = {
  'clients.list': ok([openCode]),
  'clients.preview': ok(openCodePlan),
  models: ok([...models]),
};

const news = (steps: News['steps'], more: Partial<News> = {}): News => ({
  steps,
  isOver: false,
  result: null,
  ...more,
});
const untilCode: News['steps'] = [
  { type: 'checking' },
  { type: 'already-signed-in', who: { accountType: 'SocialGoogle', email: 'ada.l@example.com' } },
  { type: 'backed-up' },
  { type: 'signed-out' },
  { type: 'waiting', url: prompt.url, userCode: prompt.userCode, expiresAt: prompt.expiresAt },
];
/** kiro-cli waits for its user. */
export const atCode: News = news(untilCode);

export async function next(page: Page, name = 'Continue'): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}

async function choose(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('radio', { name }).check();
}

async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** Each way as far as the words about what will happen. */
export async function toAhead(page: Page, way: string | RegExp, choice: string | RegExp): Promise<void> {
  await choose(page, way);
  await next(page);
  await choose(page, choice);
  await next(page);
  await heading(page, 'What happens now');
}

async function toCode(page: Page): Promise<void> {
  await toAhead(page, /^Sign in in the browser/, 'AWS Builder ID');
  await next(page, 'Open the browser');
}

async function toHandOff(page: Page): Promise<void> {
  await toAhead(page, 'Sign in with the real kiro-cli', 'GitHub');
  await next(page, 'Start kiro-cli');
}

const doneAnswers = (account: Partial<AccountView> = {}, result: Partial<Added> = {}): Partial<State> => ({
  snapshot: { ...snapshot, accounts: [{ ...work, label: 'ada@example.com', ...account }] },
  answers: {
    'login.start': ok(prompt),
    'login.wait': ok({ ...added, ...result }),
    'desktop.openUrl': ok({}),
    ...toClients,
  },
  prepare: async (page) => {
    await toCode(page);
    await heading(page, /^The account/);
    await page.getByRole('button', { name: 'Write these changes' }).waitFor();
  },
});

export const wizardStates: readonly State[] = [
  { ...wizard, name: 'wizard-way' },
  {
    ...wizard,
    name: 'wizard-kind',
    prepare: async (page) => {
      await next(page);
      await choose(page, 'Your organisation');
      await page.getByLabel('Start URL').fill('http://example');
      await page.getByLabel('Region of the Identity Center').fill('us-east-1');
      await next(page);
    },
  },
  { ...wizard, name: 'wizard-ahead-browser', prepare: (page) => toAhead(page, /^Sign in in the browser/, 'GitHub') },
  {
    ...wizard,
    name: 'wizard-code',
    answers: { 'login.start': ok(prompt), 'login.wait': 'never', 'desktop.openUrl': ok({}) },
    prepare: async (page) => {
      await toCode(page);
      await heading(page, /^Confirm/);
    },
  },
  {
    ...wizard,
    name: 'wizard-code-in-browser',
    desktop: browserHost,
    answers: { 'login.start': ok({ ...prompt, expiresAt: pictureTime - 1 }), 'login.wait': 'never' },
    prepare: async (page) => {
      await toAhead(page, /^Sign in in the browser/, 'Google');
      await next(page, 'Get a code');
      await heading(page, /^Confirm/);
    },
  },
  {
    ...wizard,
    name: 'wizard-cancel',
    answers: { 'login.start': ok(prompt), 'login.wait': 'never', 'desktop.openUrl': ok({}) },
    prepare: async (page) => {
      await toCode(page);
      await heading(page, /^Confirm/);
      await page.keyboard.press('Escape');
    },
  },
  {
    ...wizard,
    name: 'wizard-failed',
    answers: {
      'login.start': ok(prompt),
      'login.wait': failed('The sign-in was declined in the browser.', 'Start it again, and confirm it this time.'),
      'desktop.openUrl': ok({}),
    },
    prepare: async (page) => {
      await toCode(page);
      await heading(page, 'That did not work');
    },
  },
  { ...wizard, name: 'wizard-done', ...doneAnswers() },
  {
    ...wizard,
    name: 'wizard-done-parked',
    ...doneAnswers(
      {
        email: null,
        plan: null,
        credits: null,
        label: 'identity-center-us-east-1',
        state: {
          name: 'parked',
          until: null,
          reason: 'This login has no Kiro profile. Ask your administrator for one.',
        },
      },
      { label: 'identity-center-us-east-1' },
    ),
  },
  {
    ...wizard,
    name: 'wizard-profile',
    answers: {
      'login.start': ok(prompt),
      'login.wait': ok({ ...added, profiles }),
      'desktop.openUrl': ok({}),
    },
    prepare: async (page) => {
      await toCode(page);
      await heading(page, 'Which profile is charged?');
    },
  },
  {
    ...wizard,
    name: 'wizard-sources',
    snapshot,
    answers: { 'sources.find': ok({ logins: [...logins], kiroCli }) },
    prepare: async (page) => {
      await choose(page, /^Take the login/);
      await next(page);
      await choose(page, /^Google or GitHub/);
    },
  },
  {
    ...wizard,
    name: 'wizard-sources-none',
    answers: { 'sources.find': ok({ logins: [], kiroCli: { isInstalled: false, login: 'unknown', who: null } }) },
    prepare: async (page) => {
      await choose(page, /^Take the login/);
      await next(page);
      await page.getByText('No login found').waitFor();
    },
  },
  {
    ...wizard,
    name: 'wizard-ahead-sync',
    answers: { 'sources.find': ok({ logins: [...logins], kiroCli }) },
    prepare: (page) => toAhead(page, /^Take the login/, /^Google or GitHub/),
  },
  {
    ...wizard,
    name: 'wizard-done-sync',
    snapshot: {
      ...snapshot,
      accounts: [{ ...work, label: 'ada.l@example.com', kind: 'social', provenance: 'forked' }],
    },
    answers: {
      'sources.find': ok({ logins: [...logins], kiroCli }),
      'accounts.import': ok([
        {
          ...added,
          kind: 'social',
          label: 'ada.l@example.com',
          reason: 'Taken over: the pool has a chain of tokens of its own.',
        },
      ]),
      'sources.whoami': ok({ isInstalled: true, login: 'signed-out', who: null }),
      ...toClients,
    },
    prepare: async (page) => {
      await toAhead(page, /^Take the login/, /^Google or GitHub/);
      await next(page, 'Take the login');
      await page.getByText('kiro-cli is signed out now').waitFor();
    },
  },
  {
    ...wizard,
    name: 'wizard-ahead-hand-off',
    answers: { 'sources.whoami': ok(kiroCli) },
    prepare: async (page) => {
      await toAhead(page, 'Sign in with the real kiro-cli', 'GitHub');
      await page.getByText('kiro-cli is signed in as').waitFor();
    },
  },
  {
    ...wizard,
    name: 'wizard-no-kiro-cli',
    answers: { 'sources.whoami': ok({ isInstalled: false, login: 'unknown', who: null }) },
    prepare: async (page) => {
      await toAhead(page, 'Sign in with the real kiro-cli', 'GitHub');
      await page.getByText('There is no kiro-cli').waitFor();
    },
  },
  {
    ...wizard,
    name: 'wizard-hand-off',
    answers: {
      'sources.whoami': ok(kiroCli),
      'handOff.start': ok({ handOffId: 'hand-off-1' }),
      'handOff.news': [ok(atCode)],
      'desktop.openUrl': ok({}),
    },
    prepare: async (page) => {
      await toHandOff(page);
      await page.getByText('Waiting for you').waitFor();
    },
  },
  {
    ...wizard,
    name: 'wizard-hand-off-failed',
    answers: {
      'sources.whoami': ok(kiroCli),
      'handOff.start': ok({ handOffId: 'hand-off-1' }),
      'handOff.news': [
        ok(atCode),
        ok(
          news(
            [
              { type: 'put-back' },
              {
                type: 'failed',
                message: 'kiro-cli ended before it was signed in.',
                hint: 'Try again, or sign in without it.',
              },
            ],
            { isOver: true },
          ),
        ),
      ],
      'desktop.openUrl': ok({}),
    },
    prepare: async (page) => {
      await toHandOff(page);
      await heading(page, 'That did not work');
    },
  },
  {
    ...wizard,
    name: 'wizard-hand-off-finishing',
    answers: {
      'sources.whoami': ok(kiroCli),
      'handOff.start': ok({ handOffId: 'hand-off-1' }),
      'handOff.news': [ok(atCode), ok(news([{ type: 'signed-in', row: 'kirocli:social:token', kind: 'social' }]))],
      'desktop.openUrl': ok({}),
    },
    prepare: async (page) => {
      await toHandOff(page);
      await page.getByText('It is too late').waitFor();
    },
  },
  {
    ...wizard,
    name: 'wizard-cancelled',
    answers: {
      'sources.whoami': ok(kiroCli),
      'handOff.start': ok({ handOffId: 'hand-off-1' }),
      'handOff.news': [ok(atCode), ok(news([{ type: 'put-back' }, { type: 'cancelled' }], { isOver: true }))],
      'desktop.openUrl': ok({}),
    },
    prepare: async (page) => {
      await toHandOff(page);
      await page.getByText('The sign-in was cancelled').waitFor();
    },
  },
  { ...wizard, name: 'wizard-key', route: 'wizard/api-key' },
  { ...wizard, name: 'wizard-key-in-browser', route: 'wizard/api-key', desktop: browserHost },
  {
    ...wizard,
    name: 'wizard-working',
    route: 'wizard/api-key',
    answers: { 'desktop.addKeyFromClipboard': 'never' },
    prepare: async (page) => {
      await next(page, 'Add from clipboard');
      await heading(page, /^Checking/);
    },
  },
  {
    ...wizard,
    name: 'wizard-backup',
    route: 'wizard/backup',
    prepare: (page) => next(page, 'Choose the file…'),
  },
  {
    ...wizard,
    name: 'wizard-restored',
    route: 'wizard/backup',
    answers: {
      'desktop.restoreBackup': ok({
        accounts: [
          { id: work.id, label: 'Work', result: 'added', reason: 'Added.' },
          { id: studio.id, label: 'Studio', result: 'kept', reason: 'It is in the pool already.' },
        ],
        keys: [{ name: 'default', result: 'kept', reason: 'It is there already.' }],
        settings: [{ key: 'strategy', result: 'added', reason: 'Set.' }],
      }),
    },
    prepare: async (page) => {
      await page.getByLabel('Passphrase of the backup').fill('correct horse battery staple');
      await next(page, 'Choose the file…');
      await heading(page, 'Restored');
    },
  },
];
