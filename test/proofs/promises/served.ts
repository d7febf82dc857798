import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { StoreError } from '../../../app/store/store-error.ts';
import { readWhole, errorIn, readStream } from '../../proxy/wire.ts';
import type { AccountSpec, EmulatedAccount, EmulatorOptions } from '../../emulator/emulator.ts';
import { startRig, type Rig } from '../../support/engine.ts';
import type { Endpoint } from '../client.ts';
import { belongingsIn, compare, type Belonging } from './belongings.ts';

/** What a client saw of its request. */
export interface Seen {
  readonly status: number;
  readonly code: string | null;
  readonly message: string;
  readonly text: string;
  /** The stream came to its end, with a finish. */
  readonly isWhole: boolean;
  readonly retryAfter: string | null;
}

/** An engine that serves over HTTP, on a clock of our own, with one account by default. */
export interface Served extends AsyncDisposable, Endpoint {
  readonly rig: Rig;
  readonly accounts: readonly EmulatedAccount[];
  /** One request of a session of its own, streamed, read to its end. */
  ask(content?: string): Promise<Seen>;
  /** The raw answer to the same. */
  begin(content?: string, signal?: AbortSignal): Promise<Response>;
  /** The states of the accounts, as the tray and the screens show them. */
  states(): string[];
  /** How the last requests ended, the newest first. */
  outcomes(): Promise<string[]>;
  /** How often the logins were renewed, over all accounts. */
  renewals(): number;
  /** Closes the engine, lets something happen to its folder, and has another serve from it. */
  restart(between?: () => void): Promise<void>;
  /** Notes what a person has in the pool, to look again when the fault is over. */
  remember(): Promise<Kept>;
}

/**
 * Sees to it that all is there that was, and that the next request is served, and says so in words.
 * @param lost what the promise gives up
 */
export type Kept = (...lost: Belonging[]) => Promise<string>;

export interface ServedOptions extends EmulatorOptions {
  readonly specs?: readonly AccountSpec[];
  /** Replaces the base URL of Kiro's data plane. */
  readonly dataPlane?: string | undefined;
}

export async function startServed(options: ServedOptions = {}): Promise<Served> {
  const { specs = [{ kind: 'social' }], dataPlane, ...rest } = options;
  await using opened = new AsyncDisposableStack();
  const rig = opened.use(await startRig(rest));
  const accounts = await rig.add(...specs);
  if (dataPlane !== undefined) {
    sendTurnsTo(rig, dataPlane);
    await rig.restart();
  }
  let url = await serve(rig);
  const { key } = await rig.engine.handlers['keys.show']({ name: 'default' });
  const begin: Served['begin'] = (content, signal) => post({ url, key }, content, signal);
  const owned = opened.move();
  const served: Served = {
    rig,
    accounts,
    get url() {
      return url;
    },
    key,
    begin,
    ask: async (content) => seen(await begin(content)),
    states: () => rig.engine.live.current().accounts.map(({ state }) => state.name),
    outcomes: async () => (await rig.engine.handlers.requests({ last: 50 })).map(({ outcome }) => outcome),
    renewals: () => rig.emulator.journal.filter(({ operation }) => operation === 'SocialRefresh').length,
    async restart(between = () => {}) {
      await rig.engine.close();
      between();
      await rig.restart();
      url = await serve(rig);
    },
    async remember() {
      const before = await belongingsIn(rig.engine);
      return async (...lost) => {
        await assertServes(served);
        return `${compare(before, await belongingsIn(rig.engine), lost)}; the next request is served`;
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
  return served;
}

/** Has the next engine on the rig's folder ask elsewhere for answers, and the emulator for the rest. */
export function sendTurnsTo({ folder, emulator }: Rig, url: string): void {
  const hosts = { runtime: url, q: url, codewhisperer: url };
  writeFileSync(folder.file('endpoints.json'), JSON.stringify({ ...emulator.endpoints, ...hosts }));
}

function serve(rig: Rig): Promise<string> {
  return rig.engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
}

/**
 * Sends a request that is to be streamed, of a session of its own. Not with `fetch`, which may share its clock with the connections
 * to Kiro, that some faults move.
 */
export async function post(
  { url, key }: Endpoint,
  content = 'Say exactly hello',
  signal?: AbortSignal,
): Promise<Response> {
  const body = JSON.stringify({ model: 'claude-sonnet-5', stream: true, messages: [{ role: 'user', content }] });
  const headers = { authorization: `Bearer ${key}`, 'x-session-id': randomUUID() };
  const sent = request(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers,
    agent: false,
    ...(signal === undefined ? {} : { signal }),
  });
  return new Promise((resolve, reject) => {
    sent.once('error', reject).once('response', (answer) => {
      const { statusCode = 0 } = answer;
      const retryAfter = answer.headers['retry-after'];
      resolve(
        new Response(streamOf(answer), {
          status: statusCode,
          headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
        }),
      );
    });
    sent.end(body);
  });
}

function streamOf(answer: IncomingMessage): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      answer.on('data', (piece: Buffer) => controller.enqueue(piece));
      answer.once('end', () => controller.close());
      answer.once('error', (error) => controller.error(error));
    },
  });
}

/** Reads an answer as a client does. */
export async function seen(answer: Response): Promise<Seen> {
  const { status } = answer;
  const retryAfter = answer.headers.get('retry-after');
  if (status !== 200) {
    const { code, message } = errorIn((await readWhole(answer)).text);
    return { status, code, message, text: '', isWhole: false, retryAfter };
  }
  const { error, text, isDone, isWhole, finishReasons } = await readStream(answer);
  const isServed = isDone && isWhole && finishReasons.length === 1;
  return { status, code: error?.code ?? null, message: error?.message ?? '', text, isWhole: isServed, retryAfter };
}

/** The path of a file of the data folder. */
export function fileOf({ rig }: Served, name: string): string {
  return `${rig.folder.file('data')}/${name}`;
}

/** Has a start fail, and says how. */
export async function refusedStart(served: Served, harm: () => void): Promise<StoreError> {
  const error = await served.restart(harm).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof StoreError, 'the start was not refused');
  return error;
}

/** For commands on the folder of this pool. */
export function environmentOf({ rig }: Served): Readonly<Record<string, string>> {
  return { ...rig.env, KIRO_POOL_DATA_DIR: rig.folder.file('data') };
}

/** The pool is as good as before: every account is ready, and the next request is served. */
export async function assertServes(served: Pick<Served, 'states' | 'ask'>): Promise<void> {
  assert.deepEqual([...new Set(served.states())], ['ready']);
  const next = await served.ask();
  assert.equal(next.isWhole, true, `the next request was not served: ${JSON.stringify(next)}`);
}
