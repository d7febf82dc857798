/**
 * The engine: puts the rooms together. The only file that knows them all; the desktop app and the command both run it.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { findKiroCli, ownStoreOfKiroCli, type KiroCliProgram } from './auth/kiro-cli-program.ts';
import type { DoctorPorts } from './clients/doctor.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Handlers, Output, contract } from './contract.ts';
import { CommandError, type ControlContract } from './control/control-contract.ts';
import { startControlServer } from './control/control-server.ts';
import { keepUpToDate, type Upkeep } from './engine-upkeep.ts';
import type { HandlerPorts } from './handler-ports.ts';
import { createHandlers } from './handlers.ts';
import { endpointUrl, kiroEndpoints, parseEndpoints, type Endpoints } from './kiro/endpoints.ts';
import { createTransport } from './kiro/transport.ts';
import { liveSnapshot, problemsOf, type Condition } from './live-snapshot.ts';
import { Live } from './live.ts';
import { describe, Log } from './log.ts';
import { HandOffs } from './pool/hand-offs.ts';
import { Pool } from './pool/pool.ts';
import type { OnboardingPorts } from './pool/settling.ts';
import { SignIns } from './pool/sign-in.ts';
import type { RequestRecord } from './proxy/exchange.ts';
import { isLoopbackHost } from './proxy/guard.ts';
import { Proxy } from './proxy/server.ts';
import { AccountsFile } from './store/accounts-file.ts';
import { openDataFolder } from './store/data-folder.ts';
import { headlessSecretBox } from './store/headless-box.ts';
import { KeysFile } from './store/keys-file.ts';
import type { SecretBox } from './store/secret-box.ts';
import { SettingsFile } from './store/settings-file.ts';
import { History } from './usage/history.ts';
import { RecentDays } from './usage/recent-days.ts';
import { RecentRequests } from './usage/recent-requests.ts';
import { builtScreens, readScreenFiles } from './ui/screen-files.ts';
import { Ui } from './ui/ui.ts';
import { version } from './version.ts';

// What a shell around the engine needs beside it.
export { answer } from './control/answer.ts';
export { CommandError } from './control/control-contract.ts';

export interface EngineOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where log lines go. */
  readonly log: (line: string) => void;
  /** Gives what seals the logins; by default with a key from the environment or the folder, as without a desktop. */
  readonly secretBox?: (folder: { readonly path: string }) => Promise<SecretBox>;
  /** The folder of the built screens, for `uiLink`; found by itself when absent. */
  readonly screens?: string;
  /** Epoch ms. */
  readonly now?: () => number;
  /** Lets time pass between tries, in ms. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * Opens the data folder and everything in it. One engine owns a folder at a time.
 * @throws StoreError when the folder is in use or cannot be used; CommandError for a wrong `KIRO_POOL_ENDPOINTS`
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { env, now = Date.now, wait = pause } = options;
  const log = new Log({ write: options.log, now, level: env['KIRO_POOL_LOG'] });
  const endpoints = await readEndpoints(env['KIRO_POOL_ENDPOINTS']);
  const live = new Live({
    make: () => liveSnapshot({ parts, ...recent, condition, now: now() }),
    now,
  });
  const condition: Condition = { problems: [], url: null, takenPort: null };
  const onProblem = (problem: { message: string }): void => {
    // A disk that stays full is told once, not once for every request.
    if (!condition.problems.includes(problem.message)) condition.problems.push(problem.message);
    live.changed();
    log.warn('store.problem', { message: problem.message });
  };
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await openDataFolder(options.dataDir, { version, now }));
  const box = await (options.secretBox?.(folder) ?? headlessSecretBox({ dataDir: folder.path, env }));
  const settings = await SettingsFile.open(folder, { now, onProblem });
  const accounts = await AccountsFile.open(folder, box, { now, onProblem });
  for (const { label, reason } of accounts.locked)
    condition.problems.push(`The account "${label}" cannot be opened (${reason}).`);
  const keys = await KeysFile.open(folder, box, { now, onProblem });
  const history = opened.use(new History({ path: folder.file('usage.db'), now, onProblem }));
  history.prune(now());
  const recent = { days: new RecentDays(history), requests: new RecentRequests(history, recentRequests) };
  const proxyUrl = settings.get('proxyUrl');
  const transport = createTransport({
    userAgent: `kiro-pool/${version}`,
    env,
    systemCertificates: settings.get('systemCertificates') && !endpoints.replaced,
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
  });
  opened.defer(() => transport.close());
  const pool = new Pool({
    accounts,
    transport,
    endpoints,
    now,
    wait,
    newId: randomUUID,
    isOptedOut: () => settings.get('optOut'),
    strategy: () => settings.get('strategy'),
    pinned: () => settings.get('pinned'),
    concurrency: () => settings.get('concurrency'),
    onActivity: () => live.changed(),
    onUsage: (account) => {
      if (account.credits) history.recordUsage({ account: account.id, ...account.credits });
    },
    onStateChange: (account, from, to) => {
      const reason = 'reason' in to ? to.reason : 'It can serve again.';
      log.info('account.state', { account: account.id, from: from.name, to: to.name, reason });
      history.recordStateChange({ at: now(), account: account.id, from: from.name, to: to.name, reason });
    },
    onJoined: (gone, into) => {
      if (settings.get('pinned') !== gone) return;
      settings.set('pinned', into).catch((cause: unknown) => log.error('pool.problem', { cause: describe(cause) }));
    },
    onOverage: (account, credits) => history.recordOverage({ at: now(), account, credits }),
    overageToday: (account) => history.overageOn(account, now()),
    onProblem: (message, cause) => log.error('pool.problem', { message, cause: describe(cause) }),
  });
  opened.defer(() => pool.close());
  const parts = { folder, box, accounts, keys, settings, history, transport, endpoints, pool, log };
  opened.use(live);
  opened.defer(settings.onChange(() => live.changed()));
  opened.defer(accounts.onChange(() => live.changed()));
  const { screens } = options;
  return new Engine(parts, opened.move(), { env, now, wait, condition, live, recent, screens });
}

/** Requests that screens show at a glance. */
const recentRequests = 20;

export class Engine implements AsyncDisposable, HandlerPorts {
  readonly parts: EngineParts;
  /** What the tray and the screens show, whenever it changes. */
  readonly live: Live;
  readonly env: EngineOptions['env'];
  readonly now: () => number;
  readonly signIns: SignIns;
  readonly handOffs: HandOffs;
  readonly handlers: Handlers<ControlContract>;
  readonly #opened: AsyncDisposableStack;
  readonly #condition: Condition;
  readonly #recent: { readonly days: RecentDays; readonly requests: RecentRequests };
  #upkeep: Upkeep | undefined;
  readonly #screens: string | undefined;
  #proxy: Proxy | undefined;
  #ui: Ui | undefined;

  constructor(
    parts: EngineParts,
    opened: AsyncDisposableStack,
    context: Required<Pick<EngineOptions, 'env' | 'now' | 'wait'>> & {
      readonly condition: Condition;
      readonly live: Live;
      readonly recent: { readonly days: RecentDays; readonly requests: RecentRequests };
      readonly screens: string | undefined;
    },
  ) {
    this.parts = parts;
    this.env = context.env;
    this.now = context.now;
    this.live = context.live;
    this.#condition = context.condition;
    this.#recent = context.recent;
    this.#screens = context.screens;
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
        'If that is what you want, add --allow-lan.',
      );
    }
    const { pool, keys, settings, log, folder } = this.parts;
    this.#proxy = new Proxy({
      pool,
      now: this.now,
      isPaused: () => settings.get('paused'),
      ui: (request, response) => this.#ui?.handle(request, response) ?? false,
      keyName: (presented) => keys.nameOf(presented),
      allowedOrigins: () => settings.get('allowedOrigins'),
      isLan,
      onRequest: (record) => this.#keep(record),
      onInternalError: (error) => log.error('proxy.failure', { error: describe(error) }),
    });
    const port = await this.#proxy.listen(address).catch((cause: unknown) => {
      const message = `Kiro Pool cannot listen on ${address.host}:${address.port} (${describe(cause)}).`;
      throw new CommandError('cannot-listen', message, 'Choose another --host or --port.', { cause });
    });
    const control = await startControlServer({
      dataDir: folder.path,
      token: folder.token,
      handlers: this.handlers,
      platform: process.platform,
    });
    this.#opened.use(control);
    await folder.announce(control.socket);
    const url = `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${port}`;
    this.#condition.url = url;
    this.#condition.takenPort = address.port === 0 || address.port === port ? null : address.port;
    this.live.changed();
    this.#upkeep = keepUpToDate(this.parts, { now: this.now });
    return url;
  }

  #keep(record: RequestRecord): void {
    const { history, log } = this.parts;
    log.debug('request', logFieldsOf(record));
    const row = rowOf(record);
    history.record(row);
    this.#recent.days.note(row);
    this.#recent.requests.add(row);
    this.live.changed();
  }

  status(): Output<typeof contract, 'status'> {
    const summaries = this.parts.pool.summaries();
    return {
      version,
      pid: process.pid,
      url: this.#condition.url,
      accounts: summaries.length,
      ready: summaries.filter(({ state }) => state.name === 'ready').length,
      secretBox: this.parts.box.strength,
      problems: this.#problems(),
    };
  }

  /**
   * A link that opens the screens in a browser of this machine, once, within five minutes.
   * @throws CommandError `not-serving`, `no-screens`, or `not-on-loopback` when only other addresses are listened on
   */
  uiLink(): string {
    const { url } = this.#condition;
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

  #problems(): string[] {
    return problemsOf(this.#condition, this.parts.settings);
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
      url: this.#condition.url ?? undefined,
      fetchHealth: async (url) => {
        const request = { method: 'GET', url: `${url}/health`, headers: {}, headTimeoutMs: 2_000 } as const;
        return transport.send(request).then(
          ({ status }) => status === 200,
          () => false,
        );
      },
      problems: this.#problems(),
      now: this.now,
      remoteTime: async () => {
        const url = `${endpointUrl(endpoints, 'q', 'us-east-1')}/ping`;
        const answer = await transport
          .send({ method: 'GET', url, headers: {}, headTimeoutMs: 5_000 })
          .catch(() => undefined);
        const at = Date.parse(answer?.header('date') ?? '');
        return Number.isNaN(at) ? undefined : at;
      },
    };
  }

  /** To be called when the machine wakes up. */
  wake(): void {
    this.#upkeep?.wake();
  }

  /** Stops listening, lets running streams finish for `graceMs`, writes what is to be written, lets go of the folder. */
  async close(graceMs = 0): Promise<void> {
    this.#upkeep?.[Symbol.dispose]();
    // A window in a browser would keep the server up.
    this.#ui?.[Symbol.dispose]();
    await this.#proxy?.stop(graceMs);
    this.parts.pool.interrupt();
    await this.signIns.close();
    await this.handOffs.close();
    await this.#opened.disposeAsync();
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
  await sleep(ms, undefined, signal === undefined ? {} : { signal });
}

async function readEndpoints(path: string | undefined): Promise<Endpoints> {
  if (path === undefined || path === '') return kiroEndpoints;
  try {
    return parseEndpoints(await readFile(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'It cannot be read.';
    throw new CommandError(
      'bad-endpoints',
      `KIRO_POOL_ENDPOINTS names ${path}: ${why}`,
      'Mend the file, or unset it.',
      {
        cause,
      },
    );
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

function rowOf(record: RequestRecord): Parameters<History['record']>[0] {
  return {
    ...record,
    account: record.account ?? null,
    credits: record.credits ?? null,
    contextPercent: record.contextPercent ?? null,
    inputTokens: record.inputTokens ?? null,
    outputTokens: record.outputTokens ?? null,
    firstTokenMs: record.firstTokenMs ?? null,
  };
}

function logFieldsOf(record: RequestRecord): Record<string, string | number | undefined> {
  const { id, key, model, account, sends, outcome, credits, firstTokenMs, totalMs } = record;
  return { id, key, model, account, sends, outcome, credits, firstTokenMs, totalMs };
}
