import type { Output, ScreenContract } from '../../../app/contract.ts';
import { snapshot } from '../sample.ts';
import { failed, ok, type State } from '../state.ts';

type Check = Output<ScreenContract, 'doctor'>[number];

const doctor = { page: 'dashboard', route: 'doctor', snapshot } as const;
const nothingToDo = { fix: null, action: null, actionLabel: null } as const;

const fine: readonly Check[] = [
  { name: 'Account Work', status: 'ok', detail: 'Kiro takes its login.', ...nothingToDo },
  { name: 'Models', status: 'ok', detail: '11 models can be used.', ...nothingToDo },
  { name: 'Endpoint', status: 'ok', detail: 'It answers at http://127.0.0.1:8788.', ...nothingToDo },
  { name: 'Clock', status: 'ok', detail: 'It agrees with the one at Kiro.', ...nothingToDo },
];

export const checks: readonly Check[] = [
  {
    name: 'Account Client project',
    status: 'failed',
    detail: 'Kiro refuses this login: the refresh token is invalid.',
    fix: 'Sign in again: the account keeps its label and its history.',
    action: null,
    actionLabel: null,
  },
  {
    name: 'OpenCode',
    status: 'failed',
    detail: 'It is set up for http://127.0.0.1:8790, where nothing listens.',
    fix: 'Set it up again for http://127.0.0.1:8788.',
    action: 'client:opencode',
    actionLabel: 'Set up again',
  },
  {
    name: 'Key store',
    status: 'warning',
    detail: 'This desktop has no keychain: logins are sealed with a key that everybody knows.',
    fix: 'Set up a keyring, then start Kiro Pool again.',
    action: null,
    actionLabel: null,
  },
  ...fine,
];

export const report = `Kiro Pool 0.1.0 on linux x64, Node 24.18.0
Endpoint: 127.0.0.1:8788, not paused. Strategy: hybrid. Accounts: 4 (2 ready, 1 cooling, 1 exhausted).

Checks
  failed   OpenCode: it is set up for http://127.0.0.1:8790, where nothing listens.
  ok       Models: 11 models can be used.

Log, the last 5 lines
  10:27:41 warn  turn: 429 from runtime.us-east-1, account cools down for 240 s
  10:28:02 info  turn: served in 4120 ms, 38 frames, 0.42 credits
`;

export const doctorStates: readonly State[] = [
  { ...doctor, name: 'doctor-problems', answers: { doctor: ok([...checks]) } },
  { ...doctor, name: 'doctor-fine', answers: { doctor: ok([...fine]) } },
  { ...doctor, name: 'doctor-running', answers: { doctor: 'never' } },
  {
    ...doctor,
    name: 'doctor-error',
    answers: { doctor: failed('The checks could not be finished.', 'Try again; see the log if it stays so.') },
  },
  {
    ...doctor,
    name: 'doctor-fixing',
    answers: { doctor: ok([...checks]), 'doctor.fix': 'never' },
    prepare: (page) => page.getByRole('button', { name: /^Set up again/ }).click(),
  },
  {
    ...doctor,
    name: 'doctor-report',
    answers: { doctor: ok([...checks]), 'report.preview': ok({ text: report }) },
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Prepare the report…' }).click();
      await page.getByText('Checks').waitFor();
    },
  },
];
