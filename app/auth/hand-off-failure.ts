import { AuthError } from './auth-error.ts';

/** It ended, and its store holds no new login. */
export function endedWithout(lines: readonly string[], exitCode: number | undefined): AuthError {
  const text = lines.join('\n');
  const [, message, hint] = endings.find(([pattern]) => pattern.test(text)) ?? [
    undefined,
    `kiro-cli ended (${exitCode ?? 'killed'}) without having signed in.`,
    'Run kiro-cli login in a terminal to see what it says, or use the sign-in inside the app.',
  ];
  return new AuthError('rejected', message, hint);
}

/** The user did not confirm the code. */
export function ranOut(): AuthError {
  return new AuthError('rejected', 'The code was not confirmed in time.', 'Start the sign-in again for a new code.');
}

/** Its menu lacks the kind that was asked for. */
export function notOffered(): AuthError {
  return new AuthError(
    'rejected',
    'This kiro-cli does not offer that kind of sign-in.',
    'Update kiro-cli, or use the sign-in inside the app.',
  );
}

/** It shows neither a menu that we know nor a code. */
export function notUnderstood(): AuthError {
  return new AuthError(
    'rejected',
    'kiro-cli asked something that Kiro Pool does not understand.',
    'Sign in with kiro-cli in a terminal and sync from it, or use the sign-in inside the app.',
  );
}

/** It stored a login that lacks something; `problem` is the store reader's sentence. */
export function notUsable(problem: string): AuthError {
  return new AuthError(
    'unreadable',
    `kiro-cli signed in, but the login that it stored cannot be used. ${problem}`,
    'Update kiro-cli and try again, or use the sign-in inside the app.',
  );
}

/** Only phrases that we know are told: what else is on the screen may hold a secret. */
const endings: readonly (readonly [RegExp, string, string])[] = [
  [
    /access_denied|denied|declined/i,
    'The sign-in was declined in the browser.',
    'Start it again if that was a mistake.',
  ],
  [/expired|timed? ?out/i, 'The code was not confirmed in time.', 'Start the sign-in again for a new code.'],
  [
    /already logged in/i,
    'kiro-cli says that it is still signed in.',
    'Run kiro-cli logout in a terminal, then try again.',
  ],
  [
    /social login is not supported/i,
    'This kiro-cli signs in with Google or GitHub only in a browser on this machine.',
    'Update kiro-cli, or use the sign-in inside the app.',
  ],
  [
    /(?:does not exist|invalid).*\.awsapps\.com|InvalidRequest/i,
    'The organisation was not found there.',
    'Check the start URL and the region; the administrator of the organisation knows both.',
  ],
];
