import type { Page } from '@playwright/test';
import type { Output, ScreenContract } from '../../../app/contract.ts';
import { emptySnapshot, work } from '../sample.ts';
import { ok, pictureTime, type Answers } from '../state.ts';
import { desktopApp } from '../stub-bridge.ts';
import { models, openCode, openCodePlan } from './clients.ts';

/** What all states of the wizard begin with. */
export const wizard = { page: 'dashboard', route: 'wizard', snapshot: emptySnapshot } as const;
export const browserHost = { ...desktopApp, host: 'browser', hasTray: false, startsAtLogin: null } as const;

/** What a sign-in in the browser shows; invented like all else here. */
export const prompt = {
  loginId: 'login-1',
  userCode: 'KQRT-WDPN',
  url: 'https://view.awsapps.com/start/#/device?user_code=KQRT-WDPN',
  expiresAt: pictureTime + 582_000,
} as const;

export const added: Output<ScreenContract, 'login.wait'> = {
  id: work.id,
  label: 'ada@example.com',
  kind: 'identity-center',
  result: 'added',
  reason: 'Signed in; the pool has a login of its own.',
};

/** Where the wizard ends: the tools that may use the new account. */
export const toClients: Answers = {
  'clients.list': ok([openCode]),
  'clients.preview': ok(openCodePlan),
  models: ok([...models]),
};

export async function next(page: Page, name = 'Continue'): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}

export async function choose(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('radio', { name }).check();
}

export async function heading(page: Page, name: string | RegExp): Promise<void> {
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
