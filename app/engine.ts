/**
 * The engine: puts the rooms together. The only file that knows them all; the desktop app and the command both run it.
 */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { findKiroCli, ownStoreOfKiroCli, type KiroCliProgram } from './auth/kiro-cli-program.ts';
import type { DesktopHands } from './clients/doctor/desktop.ts';
import type { DoctorPorts } from './clients/doctor.ts';
import { openParts, type EngineParts, type PartsOptions } from './engine-parts.ts';
import { keepRequest } from './engine-requests.ts';
import type { Handlers, Output, contract } from './contract.ts';
import { CommandError, type ControlContract } from './control/control-contract.ts';
import { startControlServer } from './control/control-server.ts';
import { keepUpToDate, type Upkeep } from './engine-upkeep.ts';
import type { HandlerPorts } from './handler-ports.ts';
import { createHandlers } from './handlers.ts';
import { endpointUrl } from './kiro/endpoints.ts';
import { problemsOf } from './condition.ts';
import type { Live } from './live.ts';
import { describe } from './log.ts';
import { HandOffs } from './pool/hand-offs.ts';
import type { OnboardingPorts } from './pool/settling.ts';
import { SignIns } from './pool/sign-in.ts';
import { isLoopbackHost } from './proxy/guard.ts';
import { Proxy } from './proxy/server.ts';
import { errnoOf } from './store/atomic-write.ts';
import { builtScreens, readScreenFiles } from './ui/screen-files.ts';
import { Ui } from './ui/ui.ts';
import { version } from './version.ts';

// What a shell around the engine needs beside it.
export type { DesktopHands } from './clients/doctor/desktop.ts';
export { answer } from './control/answer.ts';
export { CommandError } from './control/control-contract.ts';
export { plainLine } from './conversation/plain-line.ts';

/** As {@link PartsOptions}, with real time where nothing else is given. */
export interface EngineOptions extends Omit<PartsOptions, 'now' | 'wait'>, Partial<Pick<PartsOptions, 'now' | 'wait'>> {
  /** The folder of the built screens, for `uiLink`; found by itself when absent. */
  readonly screens?: string;
  /** What the desktop app adds to the doctor; absent without a desktop. */
  readonly desktop?: DesktopHands;
}

/**
 * Opens the data folder and everything in it. One engine owns a folder at a time.
 * @throws StoreError when the folder is in use or cannot be used; CommandError for a wrong `KIRO_POOL_ENDPOINTS`
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { now = Date.now, wait = pause } = options;
  await using opened = new AsyncDisposableStack();
  const parts = await openParts({ ...options, now, wait }, opened);
  const { env, screens, desktop } = options;
  return new Engine(parts, opened.move(), { env, now, wait, screens, desktop });
}

export class Engine implements AsyncDisposable, HandlerPorts {
  readonly parts: EngineParts;
  readonly env: PartsOptions['env'];
  readonly desktop: DesktopHands | undefined;
  readonly now: () => number;
  readonly signIns: SignIns;
  readonly handOffs: HandOffs;
  readonly handlers: Handlers<ControlContract>;
  readonly #opened: AsyncDisposableStack;
  readonly #screens: string | undefined;
  #upkeep: Upkeep | undefined;
  #proxy: Proxy | undefined;
  #ui: Ui | undefined;

  constructor(
    parts: EngineParts,
    opened: AsyncDisposableStack,
    context: Pick<PartsOptions, 'env' | 'now' | 'wait'> & {
      readonly screens: string | undefined;
      readonly desktop: DesktopHands | undefined;
    },
  ) {
    this.parts = parts;
    this.env = context.env;
    this.now = context.now;
    this.#screens = context.screens;
    this.desktop = context.desktop;
    this.#opened = opened;
    this.signIns = new SignIns({ ...this.onboardingPorts(), wait: context.wait });
    const home = context.env['HOME'] ?? homedir();
    this.handOffs = new HandOffs({
      ...this.onboardingPorts(),
      wait: context.wait,
      backupFolder: parts.folder.file('kiro-cli-backup'),
      storePath: ownStoreOfKiroCli(context.env, process.platform, home),
      program: () => this.kiroCli(),
    });
    this.handlers = createHandlers(this);
  }

  /** What the tray and the screens show, whenever it changes. */
  get live(): Live {
    return this.parts.live;
  }

  /**
   * Serves the pool on this machine, lets other commands in, and keeps what Kiro tells about the accounts up to date.
   * @returns the endpoint's base URL
   * @throws CommandError when the address may not or cannot be listened on
   */
  async serve(address: { host: string; port: number; allowLan: boolean }): Promise<string> {
    const isLan = !isLoopbackHost(address.host);
    if (isLan && !address.allowLan) {
      throw new CommandError(
        'lan-not-allowed',
        `${address.host} can be reached from other machines: whoever has a key could spend your credits from there.`,
        'If that is what you want, add --allow-lan; else: kiro-pool settings set host 127.0.0.1',
      );
    }
    const { pool, keys, settings, log, condition } = this.parts;
    this.#proxy = new Proxy({
      pool,
      now: this.now,
      isPaused: () => settings.get('paused'),
      ui: (request, response) => this.#ui?.handle(request, response) ?? false,
      keyName: (presented) => keys.nameOf(presented),
      allowedOrigins: () => settings.get('allowedOrigins'),
      isLan,
      onRequest: (record) => keepRequest(record, this.parts),
      onInternalError: (error) => log.error('proxy.failure', { error: describe(error) }),
    });
    const port = await this.#proxy.listen(address).catch((cause: unknown) => {
      const why = errnoOf(cause) === 'EADDRINUSE' ? `port ${address.port} and the next 20 are taken` : describe(cause);
      const message = `Kiro Pool cannot listen on ${address.host}: ${why}.`;
      throw new CommandError('cannot-listen', message, 'Choose another --host or --port.', { cause });
    });
    await this.letCommandsIn();
    const url = `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${port}`;
    condition.url = url;
    condition.takenPort = address.port === 0 || address.port === port ? null : address.port;
    this.live.changed();
    this.#upkeep = keepUpToDate(this.parts, { now: this.now });
    return url;
  }

  /** Lets the user's other commands ask this engine, which they could not while it owns the folder alone. */
  async letCommandsIn(): Promise<void> {
    const { folder } = this.parts;
    const control = await startControlServer({
      dataDir: folder.path,
      token: folder.token,
      handlers: this.handlers,
      platform: process.platform,
    });
    this.#opened.use(control);
    await folder.announce(control.socket);
  }

  status(): Output<typeof contract, 'status'> {
    const summaries = this.parts.pool.summaries();
    return {
      version,
      pid: process.pid,
      url: this.parts.condition.url,
      accounts: summaries.length,
      ready: summaries.filter(({ state }) => state.name === 'ready').length,
      secretBox: this.parts.box.strength,
      problems: problemsOf(this.parts),
    };
  }

  /**
   * A link that opens the screens in a browser of this machine, once, within five minutes.
   * @throws CommandError `not-serving`, `no-screens`, or `not-on-loopback` when only other addresses are listened on
   */
  uiLink(): string {
    const { url } = this.parts.condition;
    if (url === null) {
      throw new CommandError('not-serving', 'Nothing is served now.', 'Start it: kiro-pool serve --ui');
    }
    const base = loopbackUrl(url);
    this.#ui ??= new Ui({
      files: readScreenFiles(this.#screens ?? builtScreens()),
      handlers: this.handlers,
      live: this.live,
      now: this.now,
    });
    return `${base}${this.#ui.newLink()}`;
  }

  kiroCli(): KiroCliProgram | undefined {
    const file = findKiroCli(this.env, process.platform, this.env['HOME'] ?? homedir(), isProgram);
    return file === undefined ? undefined : { file, environment: this.env };
  }

  onboardingPorts(): OnboardingPorts {
    const { accounts, transport, endpoints, pool } = this.parts;
    return { accounts, transport, endpoints, pool, now: this.now, newAccountId };
  }

  doctorPorts(): DoctorPorts {
    const { pool, transport, endpoints, box } = this.parts;
    return {
      accounts: () => pool.summaries(),
      probe: (id) => pool.refreshUsage(id),
      modelCount: async () => (await pool.models()).length,
      secretBox: box.strength,
      url: this.parts.condition.url ?? undefined,
      takenPort: this.parts.condition.takenPort,
      fetchHealth: async (url) => {
        const request = { method: 'GET', url: `${url}/health`, headers: {}, headTimeoutMs: 2_000 } as const;
        return transport.send(request).then(
          ({ status }) => status === 200,
          () => false,
        );
      },
      problems: problemsOf(this.parts),
      now: this.now,
      remoteTime: async () => {
        const url = `${endpointUrl(endpoints, 'q', 'us-east-1')}/ping`;
        const answer = await transport.send({ method: 'GET', url, headers: {}, headTimeoutMs: 5_000 });
        const at = Date.parse(answer.header('date') ?? '');
        return Number.isNaN(at) ? undefined : at;
      },
    };
  }

  /** To be called when the machine wakes up. */
  wake(): void {
    this.#upkeep?.wake();
    // What ended by time alone while no timer ran.
    this.live.changed();
  }

  /** Stops listening, lets running streams finish for `graceMs`, writes what is to be written, lets go of the folder. */
  async close(graceMs = 0): Promise<void> {
    this.#upkeep?.[Symbol.dispose]();
    // A window in a browser would keep the server up.
    this.#ui?.[Symbol.dispose]();
    try {
      await this.#proxy?.stop(graceMs);
      this.parts.pool.interrupt();
      await this.signIns.close();
      await this.handOffs.close();
    } finally {
      // Whatever failed before, the history is written and the folder let go.
      await this.#opened.disposeAsync();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // Node rejects with an error of its own; whoever called off knows it by its reason.
    signal?.throwIfAborted();
    throw error;
  }
}

/** The endpoint by a name that only this machine can call. @throws CommandError `not-on-loopback` */
function loopbackUrl(endpoint: string): string {
  const url = endpoint.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
  if (isLoopbackHost(new URL(url).hostname)) return url;
  const message = `The screens open on this machine's loopback address, and ${endpoint} is not it.`;
  throw new CommandError('not-on-loopback', message, 'Serve on 127.0.0.1 or 0.0.0.0.');
}

function newAccountId(): string {
  // 50 bits are plenty for a handful of accounts, and short enough to type.
  return `acc_${[...randomBytes(10)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]).join('')}`;
}
