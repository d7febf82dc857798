/**
 * Everything that the shell says outside of its windows: the tray's menu, notifications, dialogs. Sentences in one place, so
 * that other languages can follow.
 */
import type { Snapshot, SnapshotAccount } from '../app/contract.ts';
import { plainLine } from '../app/engine.ts';

const locale = 'en';
const credits = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A span as people say it: `3 d`, `5 h`, `12 min`; what has less than a minute left is `now`. */
export function span(ms: number): string {
  if (ms >= dayMs) return `${Math.round(ms / dayMs)} d`;
  if (ms >= hourMs) return `${Math.round(ms / hourMs)} h`;
  return ms >= minuteMs ? `${Math.round(ms / minuteMs)} min` : 'now';
}

/** The status line, the same in menu and tooltip. */
export function statusLine({ endpoint, accounts }: Snapshot): string {
  const ready = accounts.filter(({ state }) => state.name === 'ready').length;
  const pool = accounts.length === 0 ? 'no account yet' : `${ready} of ${accounts.length} ready`;
  if (endpoint.isPaused) return `Paused · ${pool}`;
  return endpoint.url === null ? `Not serving · ${pool}` : `Serving on ${new URL(endpoint.url).host} · ${pool}`;
}

/** One account in the menu: who it is, and what is left of it or why it cannot serve. */
export function accountLine(account: SnapshotAccount, now: number): string {
  return `${nameOf(account)} · ${account.state.name === 'ready' ? supply(account, now) : obstacle(account, now)}`;
}

/** What an account is called, as one line that is not too long for a menu: a name may come from outside. */
export function nameOf({ label }: Pick<SnapshotAccount, 'label'>): string {
  return plainLine(label.slice(0, 60).toWellFormed());
}

function supply({ credits: known }: SnapshotAccount, now: number): string {
  if (known === null) return 'credits not known yet';
  if (known.limit === null) return 'no limit';
  const left = known.left ?? known.limit - known.used;
  const reset = known.resetAt === null ? '' : ` · resets in ${span(known.resetAt - now)}`;
  return `${credits.format(left)} of ${credits.format(known.limit)}${reset}`;
}

function obstacle({ state }: SnapshotAccount, now: number): string {
  switch (state.name) {
    case 'ready':
      return 'ready';
    case 'cooling':
      return state.until === null ? 'cooling down' : `cooling down until ${timeOf(state.until, now)}`;
    case 'exhausted':
      return state.until === null ? 'credits used up' : `credits used up · resets in ${span(state.until - now)}`;
    case 'parked':
      return 'parked: Kiro warned about it';
    case 'needs-sign-in':
      return 'needs a new sign-in';
    case 'disabled':
      return 'paused by you';
  }
}

function timeOf(at: number, now: number): string {
  return at - now < dayMs ? clock.format(at) : `in ${span(at - now)}`;
}

export const words = {
  appName: 'Kiro Pool',
  menu: {
    open: 'Open Kiro Pool',
    pause: 'Pause',
    resume: 'Resume',
    accounts: 'Accounts',
    auto: 'Auto',
    strategy: 'Strategy',
    copyUrl: 'Copy base URL',
    copyKey: 'Copy key',
    useIn: 'Use in',
    addAccount: 'Add account…',
    dashboard: 'Dashboard…',
    startAtLogin: 'Start at login',
    checkForUpdates: 'Check for updates',
    installUpdate: (version: string) => `Restart to update to ${version}`,
    quit: 'Quit',
  },
  strategies: {
    hybrid: 'Hybrid',
    sticky: 'Sticky',
    'round-robin': 'Round robin',
    drain: 'Drain',
  } as Readonly<Record<string, string>>,
  notices: {
    needsSignIn: (label: string) => ({
      title: `${label} needs a new sign-in`,
      body: 'Kiro no longer takes its login.',
    }),
    parked: (label: string) => ({
      title: `${label} is parked`,
      body: 'Kiro warned about it. Nothing is sent until you clear it.',
    }),
    poolExhausted: (until: string) => ({
      title: 'All accounts are used up',
      body: `The first one is back in ${until}.`,
    }),
    updateReady: (version: string) => ({
      title: `Kiro Pool ${version} is ready`,
      body: 'It is installed at the next start.',
    }),
    attention: (count: number) => ({
      title: 'Kiro Pool needs you',
      body:
        count === 1
          ? 'One account cannot serve until you look at it.'
          : `${count} accounts cannot serve until you look at them.`,
    }),
    stillRunning: {
      title: 'Kiro Pool goes on serving',
      body: 'This desktop has no tray: start Kiro Pool again to open its window.',
    },
    locked: { title: 'Kiro Pool waits for the keychain', body: 'Unlock it, and your accounts come back.' },
  },
  start: {
    failed: 'Kiro Pool could not start',
    retry: 'Try again',
    quit: 'Quit',
    startAfresh: 'Start afresh…',
    afresh: {
      message: 'Start with a new key?',
      detail:
        'Logins that were sealed with the lost key cannot be opened any more: each needs a new sign-in. The sealed key is kept ' +
        'under another name, so that nothing is lost if the keychain opens it again.',
      confirm: 'Start with a new key',
      cancel: 'Cancel',
    },
  },
  hostIsNotLocal: (host: string) =>
    `The app serves on 127.0.0.1 and not on ${host}, which other machines can reach: only the command does that, with --allow-lan.`,
  otherProgramAtLogin: (program: string) => `The entry starts something else: ${program}`,
  menuFailed: 'That did not work',
  clipboardIsNoKey: {
    message: 'There is no Kiro API key on the clipboard.',
    hint: 'Copy the key, which begins with ksk_, then try again.',
  },
  cannotOpen: {
    message: 'Kiro Pool does not open this page.',
    hint: 'Only pages of a sign-in under way and its own are opened.',
  },
  files: { backup: 'Save the backup', restore: 'Choose a backup of Kiro Pool', text: 'Save' },
} as const;
