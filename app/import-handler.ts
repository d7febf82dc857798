import { homedir } from 'node:os';
import { findKiroCliStore, readKiroCliStore } from './auth/kiro-cli-store.ts';
import { kiroIdeStore, readKiroIdeStore } from './auth/kiro-ide-store.ts';
import { CommandError } from './control/control-contract.ts';
import type { Environment, HandlerPorts } from './handler-ports.ts';
import { isProfileArn } from './kiro/endpoints.ts';
import { importLogins, type ImportOptions } from './pool/onboarding.ts';
import type { ImportResult } from './pool/settling.ts';

/** Takes the logins of another program's store into the pool. @throws CommandError or AuthError when there are none to take */
export async function importFrom(
  engine: HandlerPorts,
  input: {
    from: 'kiro-cli' | 'kiro-ide';
    path?: string | undefined;
    row?: string | undefined;
    profile?: string | undefined;
  },
): Promise<ImportResult[]> {
  const { env } = engine;
  // Before anything is forked: a login with an impossible profile could not be kept.
  if (input.profile !== undefined) checkProfile(input.profile);
  const store = input.from === 'kiro-cli' ? readCli(env, input.path) : readIde(env, input.path);
  const logins = input.row === undefined ? store.logins : store.logins.filter(({ row }) => row === input.row);
  if (logins.length === 0) {
    const rows = store.logins.map(({ row }) => row).join(', ');
    throw new CommandError(
      'no-login',
      input.row === undefined ? `Nobody is signed in in ${store.path}.` : `${store.path} has no row "${input.row}".`,
      rows === '' ? `Sign in with ${input.from} first.` : `Its rows are: ${rows}.`,
    );
  }
  return importLogins(logins, { sourceOf: store.sourceOf, profileArn: input.profile }, engine.onboardingPorts());
}

interface OpenStore {
  readonly path: string;
  readonly logins: ReturnType<typeof readKiroCliStore>;
  readonly sourceOf: ImportOptions['sourceOf'];
}

function readCli(env: Environment, wanted: string | undefined): OpenStore {
  const path = wanted ?? findKiroCliStore(env, process.platform, env['HOME'] ?? homedir());
  return { path, logins: readKiroCliStore(path), sourceOf: (row) => ({ store: 'kiro-cli', path, row }) };
}

function readIde(env: Environment, wanted: string | undefined): OpenStore {
  const usual = kiroIdeStore(env, process.platform, env['HOME'] ?? homedir());
  const store = { ...usual, ...(wanted === undefined ? {} : { tokenPath: wanted }) };
  const path = store.tokenPath;
  return {
    path,
    logins: readKiroIdeStore(store),
    sourceOf: () => ({ store: 'kiro-ide', path, profilePath: store.profilePath }),
  };
}

/** @throws CommandError `bad-profile` */
export function checkProfile(arn: string): void {
  if (isProfileArn(arn)) return;
  throw new CommandError(
    'bad-profile',
    `"${arn}" is not the ARN of a profile.`,
    'It looks like arn:aws:codewhisperer:us-east-1:123456789012:profile/ABCDEFGHIJKL.',
  );
}
