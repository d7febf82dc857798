/** The gallery: every screen in every state. */
import { overviewStates } from './states/overview.ts';
import { popoverStates } from './states/popover.ts';
import { clientStates } from './states/clients.ts';
import { doctorStates } from './states/doctor.ts';
import { firstRunStates } from './states/first-run.ts';
import { requestStates } from './states/requests.ts';
import { settingsStates } from './states/settings.ts';
import { usageStates } from './states/usage.ts';
import { wizardStates } from './states/wizard.ts';
import type { State } from './state.ts';

export const states: readonly State[] = [
  ...popoverStates,
  ...overviewStates,
  ...usageStates,
  ...requestStates,
  ...clientStates,
  ...doctorStates,
  ...firstRunStates,
  ...settingsStates,
  ...wizardStates,
];
