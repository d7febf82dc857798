import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conversation, Turn } from '../../app/conversation/conversation.ts';
import { TurnError } from '../../app/conversation/turn-error.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { openEngine, type Engine } from '../../app/engine.ts';
import type { AccountSummary } from '../../app/pool/account-summary.ts';
import type { TurnTrace } from '../../app/pool/turn-run.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import {
  startEmulator,
  type AccountSpec,
  type EmulatedAccount,
  type Emulator,
  type EmulatorOptions,
} from '../emulator/emulator.ts';

/** Noon of a day in the middle of a month. */
export const noon = Date.UTC(2026, 10, 23, 12);

/** A folder that is gone after the test. */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
  file(name: string): string;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'kp-test-'));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** An engine on the emulator, both on one clock that moves when a test says so, and when the engine waits. */
export interface Rig extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly engine: Engine;
  readonly folder: TemporaryFolder;
  readonly env: Readonly<Record<string, string>>;
  readonly log: string[];
  /** How long the engine has waited between tries, in ms. */
  readonly waits: number[];
  now: number;
  /** Adds accounts at the emulator, and takes a login of each into the pool. */
  add(...specs: AccountSpec[]): Promise<EmulatedAccount[]>;
  /** Closes the engine, and opens another on the same folder. */
  restart(): Promise<void>;
  summaryOf(account: EmulatedAccount): AccountSummary;
}

export async function startRig(options: EmulatorOptions = {}): Promise<Rig> {
  const folder = temporaryFolder();
  const clock = { now: noon };
  const emulator = await startEmulator({ now: () => clock.now, chunking: 'whole', ...options });
  const endpoints = folder.file('endpoints.json');
  writeFileSync(endpoints, JSON.stringify(emulator.endpoints));
  const env = { KIRO_POOL_ENDPOINTS: endpoints, HOME: folder.path, KIRO_POOL_LOG: 'debug' };
  const log: string[] = [];
  const waits: number[] = [];
  const open = (): Promise<Engine> =>
    openEngine({
      dataDir: folder.file('data'),
      env,
      log: (line) => void log.push(line),
      now: () => clock.now,
      wait: (ms, signal) => {
        signal?.throwIfAborted();
        waits.push(ms);
        clock.now += ms;
        return Promise.resolve();
      },
    });
  let engine = await open();
  return {
    emulator,
    folder,
    env,
    log,
    waits,
    get engine() {
      return engine;
    },
    get now() {
      return clock.now;
    },
    set now(at) {
      clock.now = at;
    },
    async add(...specs) {
      const accounts = specs.map((spec) => emulator.addAccount(spec));
      for (const account of accounts) {
        const path = folder.file(`${account.id}.sqlite3`);
        writeCliStore(path, [{ account, login: account.newLogin() }]);
        await engine.handlers['accounts.import']({ from: 'kiro-cli', path });
      }
      return accounts;
    },
    async restart() {
      await engine.close();
      engine = await open();
    },
    summaryOf: (account) => {
      const found = engine.parts.pool.summaries().find(({ email }) => email === account.email);
      if (!found) throw new Error(`${account.email} is not in the pool`);
      return found;
    },
    async [Symbol.asyncDispose]() {
      await engine.close();
      await emulator.close();
      folder[Symbol.dispose]();
    },
  };
}

export const user = (text: string): Turn => ({ role: 'user', parts: [{ type: 'text', text }] });

export function conversation(changes: Partial<Conversation> = {}): Conversation {
  return {
    model: 'claude-sonnet-5',
    system: '',
    turns: [user('Say exactly hello')],
    tools: [],
    toolChoice: { type: 'auto' },
    responseFormat: { type: 'text' },
    stop: [],
    ...changes,
  };
}

/** What became of one request to the pool. */
export interface Outcome {
  readonly events: readonly TurnEvent[];
  readonly error: TurnError | undefined;
  readonly trace: TurnTrace;
}

/** Asks the pool, and reads the answer to its end. */
export async function ask(
  rig: Pick<Rig, 'engine'>,
  wanted: Conversation = conversation(),
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome> {
  const { pool } = rig.engine.parts;
  const trace = pool.newTrace(wanted.model);
  const events: TurnEvent[] = [];
  try {
    const turn = await pool.serve(wanted, { sessionHint: undefined, signal }, trace);
    await turn.each((batch) => {
      events.push(...batch);
      return undefined;
    });
    return { events, error: undefined, trace };
  } catch (error) {
    if (error instanceof TurnError) return { events, error, trace };
    throw error;
  }
}

export function textOf({ events }: Pick<Outcome, 'events'>): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}
