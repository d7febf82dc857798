/**
 * The screens of the dashboard by the first part of the window's route, and which of them the navigation offers. A new one: its
 * component here, its words in messages/en, its rules in styles/dashboard.css, its states in test/renderer/states.ts.
 */
import type { ComponentType } from 'preact';
import { Clients } from './clients/clients.tsx';
import type { IconName } from './components/icon.tsx';
import { Doctor } from './doctor/doctor.tsx';
import { FirstRun } from './first-run/first-run.tsx';
import { Overview } from './overview/overview.tsx';
import { Requests } from './requests/requests.tsx';
import { Usage } from './usage/usage.tsx';
import { Settings } from './settings/settings.tsx';
import { Wizard } from './wizard/wizard.tsx';

/**
 * What a screen is given. @property rest of the route: `api-key` of `wizard/api-key`, else empty
 * A screen draws a `Screen` with its heading, and reads the rest from the store.
 */
export interface ScreenProps {
  readonly rest: string;
}

export type ScreenName = 'overview' | 'usage' | 'requests' | 'clients' | 'doctor' | 'settings' | 'wizard' | 'first-run';

export const screens: Readonly<Partial<Record<ScreenName, ComponentType<ScreenProps>>>> = {
  overview: Overview,
  usage: Usage,
  requests: Requests,
  clients: Clients,
  doctor: Doctor,
  settings: Settings,
  wizard: Wizard,
  'first-run': FirstRun,
};

/** Each of these is a line of the navigation. */
export const navigation: readonly { readonly name: ScreenName; readonly icon: IconName }[] = [
  { name: 'overview', icon: 'dashboard' },
  { name: 'usage', icon: 'usage' },
  { name: 'requests', icon: 'requests' },
  { name: 'clients', icon: 'clients' },
  { name: 'doctor', icon: 'doctor' },
  { name: 'settings', icon: 'settings' },
];

export function isScreenName(name: string): name is ScreenName {
  return Object.hasOwn(screens, name);
}
