import type { Page } from '@playwright/test';
import type { AccountView } from '../../../app/contract.ts';
import { snapshot, work } from '../sample.ts';
import { failed, ok, pictureTime, type State } from '../state.ts';
import { added, browserHost, choose, heading, next, prompt, toAhead, toClients, wizard } from './wizard-steps.ts';

const arn = (name: string): string => `arn:aws:codewhisperer:us-east-1:123456789012:profile/${name}`;
export const profiles = [
  { arn: arn('AAAABBBBCCCC'), name: 'Platform team' },
  { arn: arn('DDDDEEEEFFFF'), name: 'Research' },
  { arn: arn('GGGGHHHHIIII'), name: null },
] as const;

async function toCode(page: Page): Promise<void> {
  await toAhead(page, /^Sign in in the browser/, 'AWS Builder ID');
  await next(page, 'Open the browser');
}

const doneAnswers = (account: Partial<AccountView> = {}, result: Partial<typeof added> = {}): Partial<State> => ({
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

/** The ways in, and a sign-in in the browser. */
export const browserStates: readonly State[] = [
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
];
