import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { expect } from 'vitest';
import type { RotatingCredential } from '../../app/auth/credential.ts';
import type { HandOffEvent } from '../../app/auth/hand-off-event.ts';
import type { HandOffRequest } from '../../app/auth/hand-off-request.ts';
import type { NewLogin } from '../../app/auth/hand-off-sign-in.ts';
import { startHandOff, type HandOff, type HandOffPorts } from '../../app/auth/hand-off.ts';
import { whoami, type KiroCliProgram } from '../../app/auth/kiro-cli-program.ts';
import { readKiroCliStore } from '../../app/auth/kiro-cli-store.ts';
import { refresh, type RefreshPorts } from '../../app/auth/refresh.ts';
import { createTransport } from '../../app/kiro/transport.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import { startEmulator, type EmulatedAccount, type Emulator } from '../emulator/emulator.ts';

export const emulatedProgram = fileURLToPath(new URL('../emulator/kiro-cli.ts', import.meta.url));

/** A machine with our kiro-cli on it, signed in or not, and the emulator behind it. */
export interface World extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly home: string;
  readonly storePath: string;
  readonly ports: HandOffPorts;
  readonly refreshPorts: RefreshPorts;
  readonly kept: NewLogin[];
  /** Signs kiro-cli in with a login of this account. */
  seed(account: EmulatedAccount, options?: { wal?: boolean }): string;
  /** A program that runs this script instead of our kiro-cli for `login`. */
  stub(script: string): KiroCliProgram;
  bytes(): Record<string, string>;
  who(): ReturnType<typeof whoami>;
}

export async function handOffWorld(): Promise<World> {
  const home = mkdtempSync(join(tmpdir(), 'kiro-hand-off-'));
  const emulator = await startEmulator({ deviceIntervalMs: 60 });
  const transport = createTransport({ userAgent: 'kiro-pool/test' });
  const storePath = join(home, 'kiro-cli', 'data.sqlite3');
  const environment = {
    PATH: process.env['PATH'],
    XDG_DATA_HOME: home,
    KIRO_EMULATOR_URL: emulator.url,
    KIRO_POOL_MASTER_KEY: 'never for a child',
  };
  const program: KiroCliProgram = { file: process.execPath, leading: [emulatedProgram], environment };
  const kept: NewLogin[] = [];
  const endpoints = { ...emulator.endpoints, replaced: true };
  const ports: HandOffPorts = {
    program,
    storePath,
    backupFolder: join(home, 'backup'),
    endpoints,
    now: Date.now,
    wait: (ms, signal) =>
      sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
        throw signal?.reason ?? error;
      }),
    keep: async (login) => {
      kept.push(login);
    },
  };
  return {
    emulator,
    home,
    storePath,
    ports,
    refreshPorts: { transport, endpoints, now: Date.now },
    kept,
    seed(account, options) {
      const login = account.newLogin();
      writeCliStore(storePath, [{ account, login }], options);
      return login.refreshToken;
    },
    stub(script) {
      const path = join(home, 'stub.ts');
      writeFileSync(
        path,
        `const [command] = process.argv.slice(2);\nif (command === 'login') {\n${script}\n} else await import(${JSON.stringify(emulatedProgram)});\nexport {};\n`,
      );
      return { ...program, leading: [path] };
    },
    bytes: () => bytesOf(storePath),
    who: () => whoami(program),
    [Symbol.asyncDispose]: async () => {
      await transport.close();
      await emulator.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** All that makes a store up, by name, as hex. */
export function bytesOf(path: string): Record<string, string> {
  const names = ['', '-wal', '-journal'].filter((suffix) => existsSync(path + suffix));
  return Object.fromEntries(names.map((suffix) => [suffix, readFileSync(path + suffix, 'hex')]));
}

export function refreshTokenIn(path: string): string | undefined {
  const [login] = readKiroCliStore(path);
  return login !== undefined && 'credential' in login ? login.credential.refreshToken : undefined;
}

/** Runs a hand-off to its end and returns its events; `on` is called with each, so that a test can act in between. */
export async function runHandOff(
  world: World,
  request: HandOffRequest,
  options: {
    on?: (event: HandOffEvent, handOff: HandOff) => void;
    ports?: Partial<HandOffPorts>;
    isAlone?: boolean;
  } = {},
): Promise<{ events: HandOffEvent[]; login: NewLogin | undefined }> {
  const handOff = startHandOff(request, { ...world.ports, ...options.ports });
  const events: HandOffEvent[] = [];
  for await (const event of handOff.events) {
    events.push(event);
    options.on?.(event, handOff);
  }
  const login = await handOff.login;
  expectNoSecret(world, events);
  if (options.isAlone !== false) expectNothingRunning(world);
  return { events, login };
}

/** A kiro-cli that is signed in with a Builder ID, and a Google account that is to be added. */
export interface SignedIn {
  readonly world: World;
  readonly bytes: Record<string, string>;
  readonly next: EmulatedAccount;
}

export function signIn(world: World): SignedIn {
  world.seed(world.emulator.addAccount({ kind: 'builder-id' }));
  return { world, bytes: world.bytes(), next: world.emulator.addAccount({ kind: 'social', provider: 'google' }) };
}

/** The store is byte for byte as before, its login works and was never used by us, and nothing of ours lies about. */
export async function expectPrevious({ world, bytes }: SignedIn): Promise<void> {
  expect(world.bytes()).toEqual(bytes);
  expect(await world.who()).toMatchObject({ accountType: 'BuilderId' });
  const [login] = readKiroCliStore(world.storePath);
  if (login === undefined || !('credential' in login)) throw new Error('the previous login is gone');
  expect(await refresh(login.credential, world.refreshPorts)).toMatchObject({ kind: 'builder-id' });
  expect(world.emulator.statistics().reusedRefreshTokens).toBe(0);
  expect(existsSync(world.ports.backupFolder) ? readdirSync(world.ports.backupFolder) : []).toEqual([]);
  expect(readdirSync(dirname(world.storePath))).toEqual(['data.sqlite3']);
}

export function credentialOf(login: NewLogin | undefined): RotatingCredential {
  if (login === undefined) throw new Error('there is no login');
  return login.credential;
}

/** Approves the code that a hand-off shows. */
export const approveAs = (world: World, account: EmulatedAccount) => (event: HandOffEvent) => {
  if (event.type === 'waiting') world.emulator.approveDevice(event.userCode, account.id);
};

export const typesOf = (events: readonly HandOffEvent[]): string[] => events.map(({ type }) => type);

export function expectNoSecret(world: World, shown: unknown): void {
  const text = inspect(shown, { depth: null, showHidden: true, maxStringLength: null, maxArrayLength: null });
  for (const secret of world.emulator.issuedSecrets()) expect(text).not.toContain(secret);
}

/** No process has this world's folder in its environment or command, but this one. */
export function expectNothingRunning(world: World): void {
  expect(processesOf(world)).toEqual([]);
}

function processesOf({ home }: World): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const isOurs = (pid: string): boolean =>
    /^\d+$/.test(pid) && pid !== String(process.pid) && read(pid, 'environ').includes(home);
  return readdirSync('/proc').filter(isOurs);
}
