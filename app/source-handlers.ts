import { homedir } from 'node:os';
import { AuthError } from './auth/auth-error.ts';
import { whoami } from './auth/kiro-cli-program.ts';
import { findKiroCliStore, readKiroCliStore } from './auth/kiro-cli-store.ts';
import { kiroIdeStore, readKiroIdeStore } from './auth/kiro-ide-store.ts';
import type { StoredLogin } from './auth/stored-login.ts';
import type { Handlers, Output, contract } from './contract.ts';
import type { HandlerPorts } from './handler-ports.ts';
import { recallLogin } from './pool/onboarding.ts';

type FoundLogin = Output<typeof contract, 'sources.find'>['logins'][number];
type KiroCli = Output<typeof contract, 'sources.whoami'>;

/** Answers what logins there are on this machine. Reads only; of a login goes out what is no secret. */
export function sourceHandlers(
  engine: HandlerPorts,
): Pick<Handlers<typeof contract>, 'sources.find' | 'sources.whoami'> {
  return {
    'sources.find': () => ({
      logins: [...kiroCliLogins(engine), ...kiroIdeLogins(engine)],
      kiroCli: { isInstalled: engine.kiroCli() !== undefined, login: 'unknown', who: null },
    }),
    'sources.whoami': () => askKiroCli(engine),
  };
}

/** A store that is being written to is no reason to hold up whoever asks. */
const busyTimeoutMs = 200;

function kiroCliLogins(engine: HandlerPorts): FoundLogin[] {
  return loginsOf('kiro-cli', engine, () => {
    const path = findKiroCliStore(engine.env, process.platform, engine.env['HOME'] ?? homedir());
    return { path, read: () => readKiroCliStore(path, { busyTimeoutMs }) };
  });
}

function kiroIdeLogins(engine: HandlerPorts): FoundLogin[] {
  return loginsOf('kiro-ide', engine, () => {
    const store = kiroIdeStore(engine.env, process.platform, engine.env['HOME'] ?? homedir());
    return { path: store.tokenPath, read: () => readKiroIdeStore(store) };
  });
}

/** Nothing for a store that is not there; one entry with its problem for a store that cannot be read. */
function loginsOf(
  from: FoundLogin['from'],
  { parts }: HandlerPorts,
  open: () => { path: string; read: () => readonly StoredLogin[] },
): FoundLogin[] {
  let path = '';
  try {
    const store = open();
    ({ path } = store);
    return store.read().map((login) => ({
      from,
      path,
      row: from === 'kiro-cli' ? login.row : null,
      ...('credential' in login ? about(login.credential) : { kind: null, region: null }),
      ...recallLogin(login, parts.accounts),
    }));
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    if (error.code === 'not-found') return [];
    const problem = `${error.message} ${error.hint}`;
    return [{ from, path, row: null, kind: null, region: null, account: null, problem }];
  }
}

function about(
  credential: Extract<StoredLogin, { credential: unknown }>['credential'],
): Pick<FoundLogin, 'kind' | 'region'> {
  const { kind } = credential;
  if (kind === 'builder-id' || kind === 'identity-center') return { kind, region: credential.ssoRegion };
  // arn:aws:codewhisperer:<region>:…
  return { kind, region: credential.profileArn?.split(':')[3] ?? null };
}

async function askKiroCli(engine: HandlerPorts): Promise<KiroCli> {
  const program = engine.kiroCli();
  if (!program) return { isInstalled: false, login: 'unknown', who: null };
  try {
    // Offline the real one takes 16 s.
    const user = await whoami({ ...program, timeoutMs: 20_000 });
    if (!user) return { isInstalled: true, login: 'signed-out', who: null };
    return { isInstalled: true, login: 'signed-in', who: user.email ?? user.accountType };
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    return { isInstalled: true, login: 'unknown', who: null };
  }
}
