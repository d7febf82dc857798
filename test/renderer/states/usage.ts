import { chart, emptyChart } from '../sample-usage.ts';
import { snapshot } from '../sample.ts';
import { failed, ok, type State } from '../state.ts';

const usage = { page: 'dashboard', route: 'usage', snapshot } as const;

export const usageStates: readonly State[] = [
  { ...usage, name: 'usage-30d', answers: { 'usage.chart': ok(chart('30d')) } },
  {
    ...usage,
    name: 'usage-24h',
    answers: { 'usage.chart': ok(chart('24h')) },
    prepare: (page) => page.getByLabel('last 24 hours').check(),
  },
  {
    ...usage,
    name: 'usage-90d',
    answers: { 'usage.chart': ok(chart('90d')) },
    prepare: async (page) => {
      await page.getByLabel('last 90 days').check();
      await page.getByLabel('Model').check();
    },
  },
  {
    ...usage,
    name: 'usage-value',
    answers: { 'usage.chart': ok(chart('7d')) },
    prepare: async (page) => {
      await page.getByLabel('last 7 days').check();
      await page
        .getByRole('img', { name: /^Tue, Nov 24/ })
        .first()
        .focus();
    },
  },
  {
    ...usage,
    name: 'usage-table',
    answers: { 'usage.chart': ok(chart('7d')) },
    prepare: async (page) => {
      await page.getByLabel('last 7 days').check();
      await page.getByText('Show as table').first().click();
    },
  },
  { ...usage, name: 'usage-empty', answers: { 'usage.chart': ok(emptyChart) } },
  {
    ...usage,
    name: 'usage-failed',
    answers: { 'usage.chart': failed('The history cannot be read.', 'See Doctor for what is wrong with usage.db.') },
  },
  { ...usage, name: 'usage-loading', answers: { 'usage.chart': 'never' } },
];
