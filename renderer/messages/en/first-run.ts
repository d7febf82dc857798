export const firstRun = {
  title: 'Welcome to Kiro Pool',
  what: [
    'Kiro Pool keeps your own Kiro accounts in one encrypted pool, and serves them to any coding tool on this machine as one OpenAI-compatible endpoint.',
    'It tells you which account served and why, and what is left of your credits.',
  ],
  risksTitle: 'The risks, in four sentences',
  risks: [
    'Kiro Pool speaks Kiro’s own protocol as a program of a third party, which AWS has neither documented nor promised to keep.',
    'AWS may see the use of several accounts, or of automated requests, as a breach of its terms, and can lock an account.',
    'When Kiro warns about an account, Kiro Pool parks it at once, sends nothing more on it, and does not move the request to another one.',
    'Use only accounts that are your own, and not more of them than you have a purpose for.',
  ],
  accept: 'I understand the risks',
  acceptDetail: 'Nothing is sent to Kiro before you have added an account.',
  quit: 'Quit',
  noTray: {
    title: 'This desktop has no tray icon',
    detail: 'Kiro Pool goes on serving when you close its window. To see it again, start Kiro Pool once more.',
  },
  weak: {
    title: 'This desktop keeps no secrets',
    detail:
      'There is no keyring, so your logins are sealed with a key that everybody knows: whoever can read your files can open them. Set up GNOME Keyring or KWallet, then start Kiro Pool again.',
  },
  notAffiliated: 'Kiro Pool is not affiliated with AWS.',
} as const;
