import type { State } from '../state.ts';
import { snapshot } from '../sample.ts';

const overview = { page: 'dashboard', route: 'overview' } as const;

export const overviewStates: readonly State[] = [{ ...overview, name: 'overview-ready', snapshot }];
