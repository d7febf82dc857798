/**
 * Kiro on loopback: a strict fake of the service, made from the protocol reference alone. In come the requests of any client of
 * Kiro, out go the answers, errors and event streams that the real service gives; beside it stand a journal, counters, faults and
 * scripts for tests. It shares no code with the app, so that the one proves the other.
 */
import { createServer, type Server } from 'node:http';
import type { AccountSpec, EmulatedAccount } from './accounts.ts';
import { approveDevice, denyDevice } from './approval.ts';
import { defaultBrain } from './brain.ts';
import type { Brain } from './brain-types.ts';
import type { Chunking } from './chunking.ts';
import { controlSurface } from './control-surface.ts';
import type { DeviceLogin } from './device-logins.ts';
import type { FaultSpec, InjectedFault } from './faults.ts';
import type { JournalEntry, Statistics } from './journal.ts';
import { route } from './router.ts';
import { World, type ScriptedAnswer } from './world.ts';

export type { AccountSpec, EmulatedAccount, Login, ProfileSpec } from './accounts.ts';
export type { Answer, AnswerToolCall, Brain, OfferedTool, Turn } from './brain-types.ts';
export type { Chunking } from './chunking.ts';
export type { AccountKind } from './families.ts';
export type { Fault, FaultSpec, InjectedFault } from './faults.ts';
export type { JournalEntry, Statistics } from './journal.ts';
export type { ScriptedAnswer } from './world.ts';
export { defaultBrain } from './brain.ts';
export { event, exceptionEvent, encodeFrame } from './frames.ts';
export { faults } from './named-faults.ts';

/** How to start an emulator. Times in ms; `seed` fixes where streams are cut. */
export interface EmulatorOptions {
  readonly port?: number;
  readonly now?: () => number;
  readonly brain?: Brain;
  readonly seed?: number;
  readonly accessTokenTtlMs?: number;
  readonly chunking?: Chunking;
  readonly eventDelayMs?: number;
  /** Poll interval of device logins, to shorten tests; the service's own is 1 s (OIDC) and 5 s (social). */
  readonly deviceIntervalMs?: number;
}

/** URL templates with `{region}`, in the form of the endpoints file (the keys of `KIRO_POOL_ENDPOINTS`). */
export interface EmulatorEndpoints {
  readonly runtime: string;
  readonly q: string;
  readonly codewhisperer: string;
  readonly management: string;
  readonly socialAuth: string;
  readonly oidc: string;
}

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  readonly url: string;
  readonly endpoints: EmulatorEndpoints;
  /** The state itself, for fixtures that must adopt tokens. */
  readonly world: World;
  addAccount(spec: AccountSpec): EmulatedAccount;
  /** The account of an id; throws for an unknown one. */
  account(id: string): EmulatedAccount;
  accounts(): readonly EmulatedAccount[];
  script(answers: readonly ScriptedAnswer[], forAccount?: string): void;
  inject(spec: FaultSpec): InjectedFault;
  /** Forgets faults, scripts and the journal. */
  clear(): void;
  readonly journal: readonly JournalEntry[];
  statistics(): Statistics;
  issuedSecrets(): string[];
  approveDevice(userCode: string, accountId: string): void;
  denyDevice(userCode: string): void;
  pendingDevices(): readonly DeviceLogin[];
  /** Moves the emulator's clock on. */
  advanceClock(ms: number): void;
  close(): Promise<void>;
}

/** Starts an emulator on 127.0.0.1; port 0 (default) takes a free one. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const world = new World({
    now: options.now ?? (() => Date.now()),
    brain: options.brain ?? defaultBrain,
    seed: options.seed ?? 1,
    accessTokenTtlMs: options.accessTokenTtlMs ?? 3_600_000,
    chunking: options.chunking ?? 'awkward',
    eventDelayMs: options.eventDelayMs ?? 0,
    deviceIntervalMs: options.deviceIntervalMs,
  });
  const server = createServer({ noDelay: true, keepAliveTimeout: 30_000 }, (request, response) => {
    const isControl = request.url?.startsWith('/__emulator/') === true;
    const handled = isControl ? controlSurface(request, response, emulator) : route(request, response, world);
    handled.catch((error: unknown) => {
      // Only a defect of the emulator gets here: it must be seen, not survive as a hang.
      if (!response.headersSent) response.writeHead(599, { 'content-type': 'text/plain' });
      response.end(`emulator defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
  });
  await listen(server, options.port ?? 0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the emulator has no port');
  world.url = `http://127.0.0.1:${address.port}`;
  const emulator = emulatorOf(world, server);
  return emulator;
}

function emulatorOf(world: World, server: Server): Emulator {
  const { url } = world;
  const close = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
  const known = (id: string): EmulatedAccount => {
    const account = world.account(id);
    if (account === undefined) throw new Error(`no account ${id}`);
    return account;
  };
  return {
    url,
    world,
    endpoints: {
      runtime: `${url}/runtime.{region}`,
      q: `${url}/q.{region}`,
      codewhisperer: `${url}/codewhisperer.{region}`,
      management: `${url}/management.{region}`,
      socialAuth: `${url}/auth.{region}`,
      oidc: `${url}/oidc.{region}`,
    },
    addAccount: (spec) => world.addAccount(spec),
    account: known,
    accounts: () => world.accounts(),
    script: (answers, forAccount) => world.script(answers, forAccount),
    inject: (spec) => world.faults.inject(spec),
    clear: () => world.clear(),
    journal: world.journal.entries,
    statistics: () => world.journal.statistics(),
    issuedSecrets: () => world.mint.all(),
    approveDevice: (userCode, accountId) => approveDevice(world, userCode, accountId),
    denyDevice: (userCode) => denyDevice(world, userCode),
    pendingDevices: () => world.devices.pending(),
    advanceClock: (ms) => {
      world.clockOffsetMs += ms;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
