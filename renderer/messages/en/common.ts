export const common = {
  appName: 'Kiro Pool',
  cancel: 'Cancel',
  close: 'Close',
  retry: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  loading: 'Loading…',
  moreActions: 'More actions',
  unknown: 'not known',
  none: 'none',
  dismiss: 'Dismiss',
  now: 'now',
  in: (span: string) => `in ${span}`,
  ago: (span: string) => `${span} ago`,
  justNow: 'just now',
  span: {
    days: (count: string) => `${count} d`,
    hours: (count: string) => `${count} h`,
    minutes: (count: string) => `${count} min`,
    seconds: (count: string) => `${count} s`,
  },
  milliseconds: (count: string) => `${count} ms`,
  seconds: (count: string) => `${count} s`,
} as const;

/** What the screens themselves have to say when something does not work; the engine's errors bring their own words. */
export const failures = {
  unreachable: {
    message: 'Kiro Pool does not answer.',
    hint: 'See that it still runs, then try again.',
  },
  noClipboard: {
    message: 'The browser did not let this page copy.',
    hint: 'Select the text and copy it by hand.',
  },
  screenFailed: {
    message: 'This screen failed to draw.',
    hint: 'Try again; the pool itself goes on serving.',
  },
  onlyDesktop: {
    message: 'Only the desktop app can do this.',
    copyKey: 'In a terminal: kiro-pool key show',
    createKey: 'In a terminal: kiro-pool key create NAME',
    startAtLogin: 'Start kiro-pool serve with your system’s own service manager.',
    quit: 'End kiro-pool serve where it was started, with Ctrl+C.',
    updates: 'Update Kiro Pool the way it was installed.',
    addKey: 'In a terminal: kiro-pool accounts add-key',
    saveBackup: 'In a terminal: kiro-pool backup FILE',
    restoreBackup: 'In a terminal: kiro-pool restore FILE',
  },
} as const;
