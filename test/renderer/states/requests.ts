import { emptySnapshot, request, requests, snapshot } from '../sample.ts';
import { failed, ok, type State } from '../state.ts';

const screen = { page: 'dashboard', route: 'requests', snapshot } as const;
const older = [...requests, ...Array.from({ length: 30 }, (_, index) => request(index + 20))];
const answers = { requests: ok([...older]) };
const detail = (index: number): string => `requests/${requests[index]?.id ?? ''}`;

export const requestStates: readonly State[] = [
  { ...screen, name: 'requests-ready', answers: { requests: ok([...requests]) } },
  { ...screen, name: 'requests-older', answers },
  {
    ...screen,
    name: 'requests-filtered',
    answers,
    prepare: async (page) => {
      await page.getByLabel('Outcome').selectOption('Failed');
    },
  },
  {
    ...screen,
    name: 'requests-no-match',
    answers,
    prepare: async (page) => {
      await page.getByLabel('Outcome').selectOption('Client left');
      await page.getByLabel('Model').selectOption('claude-opus-4.6');
    },
  },
  { ...screen, name: 'requests-empty', snapshot: emptySnapshot, answers: { requests: ok([]) } },
  { ...screen, name: 'requests-loading', snapshot: emptySnapshot, answers: { requests: 'never' } },
  {
    ...screen,
    name: 'requests-failed',
    snapshot: emptySnapshot,
    answers: { requests: failed('The history cannot be read.', 'See Doctor for what is wrong with usage.db.') },
  },
  { ...screen, name: 'request-served', route: detail(0), answers },
  { ...screen, name: 'request-retried', route: detail(2), answers },
  { ...screen, name: 'request-failed', route: detail(5), answers },
  { ...screen, name: 'request-unknown', route: 'requests/req_gone', answers },
];
