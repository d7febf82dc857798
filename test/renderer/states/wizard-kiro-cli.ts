import type { Page } from '@playwright/test';
import type { Output, ScreenContract } from '../../../app/contract.ts';
import { snapshot, studio, work } from '../sample.ts';
import { ok, type State } from '../state.ts';
import { added, choose, heading, next, prompt, toAhead, toClients, wizard } from './wizard-steps.ts';

type News = Output<ScreenContract, 'handOff.news'>;

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

async function toHandOff(page: Page): Promise<void> {
  await toAhead(page, 'Sign in with the real kiro-cli', 'GitHub');
  await next(page, 'Start kiro-cli');
}

/** @param told what comes of it, step by step */
function handOffAnswers(...told: readonly News[]): NonNullable<State['answers']> {
  return {
    'sources.whoami': ok(kiroCli),
    'handOff.start': ok({ handOffId: 'hand-off-1' }),
    'handOff.news': told.map((each) => ok(each)),
    'desktop.openUrl': ok({}),
  };
}

/** The logins of other programs, and a sign-in with the real kiro-cli. */
export const kiroCliStates: readonly State[] = [
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
    answers: handOffAnswers(atCode),
    prepare: async (page) => {
      await toHandOff(page);
      await page.getByText('Waiting for you').waitFor();
    },
  },
  {
    ...wizard,
    name: 'wizard-hand-off-failed',
    answers: handOffAnswers(
      atCode,
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
    prepare: async (page) => {
      await toHandOff(page);
      await heading(page, 'That did not work');
    },
  },
  {
    ...wizard,
    name: 'wizard-hand-off-finishing',
    answers: handOffAnswers(atCode, news([{ type: 'signed-in', row: 'kirocli:social:token', kind: 'social' }])),
    prepare: async (page) => {
      await toHandOff(page);
      await page.getByText('It is too late').waitFor();
    },
  },
  {
    ...wizard,
    name: 'wizard-cancelled',
    answers: handOffAnswers(atCode, news([{ type: 'put-back' }, { type: 'cancelled' }], { isOver: true })),
    prepare: async (page) => {
      await toHandOff(page);
      await page.getByText('The sign-in was cancelled').waitFor();
    },
  },
];
