import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEngine, type Engine } from '../../app/engine.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import {
  startEmulator,
  type AccountSpec,
  type EmulatedAccount,
  type Emulator,
  type JournalEntry,
} from '../emulator/emulator.ts';

type EmulatorOptions = NonNullable<Parameters<typeof startEmulator>[0]>;

export interface ServingOptions extends EmulatorOptions {
  /** One social account by default. */
  readonly accounts?: readonly AccountSpec[];
  /** What the engine's environment has besides. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A real engine that serves on a free port of loopback, with the emulator of Kiro behind it. */
export interface Serving extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly engine: Engine;
  readonly accounts: readonly EmulatedAccount[];
  /** For commands that ask the engine. */
  readonly dataDir: string;
  readonly url: string;
  readonly port: number;
  readonly key: string;
  /** What the engine logged, at level debug. */
  readonly log: readonly string[];
  /** Turns that reached the emulator. */
  turns(): JournalEntry[];
  /** Throws when the strict emulator has refused anything that we made of a client's request. */
  checkNothingRefused(): void;
  /** Calls the endpoint with its key. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** `POST /v1/chat/completions` with these members; model and messages have defaults. */
  chat(members?: Readonly<Record<string, unknown>>, init?: RequestInit): Promise<Response>;
}

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

/** Opens the folder, imports the accounts by way of a kiro-cli store, and serves. */
export async function startServing(options: ServingOptions = {}): Promise<Serving> {
  await using opened = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'kiro-pool-proxy-'));
  opened.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  const emulator = opened.use(await startEmulator(options));
  const endpoints = join(dir, 'endpoints.json');
  await writeFile(endpoints, JSON.stringify(emulator.endpoints));
  const log: string[] = [];
  const dataDir = join(dir, 'pool');
  const engine = await openEngine({
    dataDir,
    env: { ...options.env, KIRO_POOL_ENDPOINTS: endpoints, KIRO_POOL_LOG: 'debug' },
    log: (line) => log.push(line),
  });
  opened.use(engine);
  const accounts = (options.accounts ?? [{ kind: 'social' }]).map((spec) => emulator.addAccount(spec));
  if (accounts.length > 0) {
    const path = join(dir, 'kiro-cli.sqlite3');
    // One row has room for one login of its kind, and each account gets one.
    for (const account of accounts) {
      writeCliStore(path, [{ account, login: account.newLogin() }]);
      await engine.handlers['accounts.import']({ from: 'kiro-cli', path });
    }
  }
  const url = await engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
  const { key } = await engine.handlers['keys.show']({ name: 'default' });
  const fetchPath = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...headersOf(init) } });
  const rest = opened.move();
  return {
    emulator,
    engine,
    accounts,
    dataDir,
    url,
    port: Number(new URL(url).port),
    key,
    log,
    turns: () => emulator.journal.filter(({ operation }) => operation === 'GenerateAssistantResponse'),
    checkNothingRefused: () => {
      const refused = emulator.journal.filter(({ status }) => status >= 400);
      if (refused.length > 0) throw new Error(`Kiro refused ${JSON.stringify(refused, undefined, 1)}`);
    },
    fetch: fetchPath,
    chat: (members = {}, init = {}) =>
      fetchPath('/v1/chat/completions', { method: 'POST', body: body(members), ...init }),
    async [Symbol.asyncDispose]() {
      await rest.disposeAsync();
      if (rejections.length > 0) throw new AggregateError(rejections.splice(0), 'a promise was left to itself');
    },
  };
}

/** A chat request in JSON. */
export function body(members: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    model: 'claude-haiku-4.5',
    messages: [{ role: 'user', content: 'Say exactly hello' }],
    ...members,
  });
}

/** A user message that makes the emulator's model do as told. */
export function ask(content: string): { messages: readonly { role: string; content: string }[] } {
  return { messages: [{ role: 'user', content }] };
}

/** Throws when a refused request got as far as Kiro, was a bug of ours, or did harm to the endpoint. */
export async function checkUntouched(serving: Serving): Promise<void> {
  if (serving.turns().length > 0) throw new Error('the request reached Kiro');
  const bugs = serving.log.filter((line) => line.includes('proxy.failure'));
  if (bugs.length > 0) throw new Error(bugs.join('\n'));
  const health = await serving.fetch('/health');
  if (!health.ok) throw new Error(`the endpoint answers ${health.status}`);
}

/** Polls until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string, withinMs = 5_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(5);
  }
}

function headersOf(init: RequestInit): Record<string, string> {
  return Object.fromEntries(new Headers(init.headers));
}
