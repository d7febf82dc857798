/** The gallery: every screen in every state. */
import { overviewStates } from './states/overview.ts';
import { popoverStates } from './states/popover.ts';
import type { State } from './state.ts';

export const states: readonly State[] = [...popoverStates, ...overviewStates];
