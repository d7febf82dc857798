import { plural } from '../plural.ts';

/** The frame around all screens of the dashboard. */
export const shell = {
  skip: 'Skip to content',
  navigation: 'Screens',
  screens: {
    overview: 'Overview',
    usage: 'Usage',
    requests: 'Requests',
    clients: 'Clients',
    doctor: 'Doctor',
    settings: 'Settings',
    wizard: 'Add account',
    'first-run': 'Welcome',
  },
  documentTitle: (screen: string) => `${screen} · Kiro Pool`,
  status: {
    serving: (host: string) => `Serving on ${host}`,
    paused: 'Paused',
    notServing: 'Not serving',
    ready: (ready: string, total: string) => `${ready} of ${total} ready`,
    noAccount: 'no account yet',
  },
  connection: {
    waiting: {
      title: 'Waiting for Kiro Pool',
      detail: 'If your keychain is locked, unlock it, and your accounts appear.',
    },
    offline: {
      title: 'Kiro Pool is not running',
      detail: 'This page comes back by itself as soon as it runs again.',
    },
    stale: (since: string) => `Not connected since ${since}. What you see may have changed.`,
  },
  notFound: {
    heading: 'Not found',
    title: 'There is no such screen',
    detail: 'It may have been renamed.',
    action: 'Go to Overview',
  },
  notifications: 'Notifications',
  problems: (count: number) => plural(count, { one: '1 problem', other: `${count} problems` }),
} as const;
