import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { messagesApi } from '../../../app/anthropic/messages-api.ts';
import type { ClientApi } from '../../../app/conversation/client-api.ts';
import { chatApi } from '../../../app/openai/chat-api.ts';
import { ResponseMemory } from '../../../app/openai/responses/response-memory.ts';
import { responsesApi } from '../../../app/openai/responses/responses-api.ts';
import type { Random } from '../../emulator/random.ts';
import { startProxy, type OwnProxy } from '../../proxy/own-proxy.ts';
import { startServing, until, type Serving } from '../../proxy/serving.ts';
import { answersIn } from '../http-answers.ts';
import { readableRequests, valuesOf, type PlainRequest } from '../http-reference.ts';
import { mustHold, type Target } from '../target.ts';
import { fuzzKey, madeRequests, soundRequests } from './http-bytes.ts';

/** The endpoint over real sockets, with Kiro's emulator behind it. */
export const http: Target = {
  name: 'http',
  promise:
    'Whatever a connection brings: it is answered by whole answers of known statuses, or closed, within the limits of time; another ' +
    'client is served after it; nothing reaches Kiro that is not a whole, sound request of a client with the key; and what does, Kiro takes.',
  inputs: 20_000,
  seeds: soundRequests,
  make: madeRequests,
  check,
  close: async () => {
    const open = await rig;
    rig = undefined;
    await open?.[Symbol.asyncDispose]();
  },
};

interface Rig extends AsyncDisposable {
  readonly serving: Serving;
  readonly proxy: OwnProxy;
}

/** Shared by all inputs: what one of them breaks, the next ones see. */
let rig: Promise<Rig> | undefined;

async function startRig(): Promise<Rig> {
  await using opened = new AsyncDisposableStack();
  const serving = opened.use(await startServing());
  const proxy = opened.use(
    await startProxy(serving, {
      keyName: (presented) => (presented === fuzzKey ? 'fuzz' : undefined),
      onRequest: () => undefined,
      limits: { headersTimeout: 300, requestTimeout: 400, connectionsCheckingInterval: 50 },
    }),
  );
  const rest = opened.move();
  return { serving, proxy, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

/** What a client does once it has sent: waits for its answers, leaves, or stands still in the middle of a request. */
type Client = 'waits' | 'leaves' | 'stalls';
const clients: readonly Client[] = [
  ...Array.from({ length: 79 }, () => 'waits' as const),
  ...Array.from({ length: 20 }, () => 'leaves' as const),
  'stalls',
];

/** The last request of who waits: it ends the connection. */
const farewell = Buffer.from('GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
/** Longer than what is left of any body. */
const halfRequest = Buffer.from(`GET /health HTTP/1.1\r\nhost: localhost\r\nx-long: ${'a'.repeat(400)}`);

function bytesOf(client: Client, input: Buffer, random: Random): Buffer {
  if (client === 'leaves') return input;
  if (client === 'waits') return Buffer.concat([input, farewell]);
  return Buffer.concat([input.subarray(0, random.below(input.length + 1)), halfRequest]);
}

const known = new Set([100, 200, 400, 401, 403, 404, 405, 408, 413, 431]);
/** Between two pieces of an answer is less. */
const quietMs = 100;
const patienceMs = 10_000;

async function check(input: Buffer, random: Random): Promise<string> {
  const { serving, proxy } = await (rig ??= startRig());
  serving.emulator.clear();
  const client = clients[random.below(clients.length)] ?? 'waits';
  const bytes = bytesOf(client, input, random);
  const text = await answered(connect(proxy.port, '127.0.0.1'), bytes, client, random);
  await others(proxy);
  mustHold(proxy.bugs.length === 0, `a failure of ours: ${String(proxy.bugs[0])}`);

  const turns = serving.turns();
  const sound = readableRequests(bytes).filter(isSoundTurn);
  mustHold(
    turns.length <= sound.length + 1,
    `${turns.length - 1} turns reached Kiro for ${sound.length} sound requests`,
  );
  // Which models there are is Kiro's to say.
  const refused = serving.emulator.journal.find(({ status, rule }) => status >= 400 && rule !== 'model-unknown');
  mustHold(!refused, `Kiro refused what was made of it: ${refused?.rule} ${refused?.detail}`);

  // An answer to HEAD has the length of a body that does not come.
  if (bytes.includes('HEAD ')) return 'HEAD';
  const answers = answersIn(text, client === 'leaves');
  for (const { status, body } of answers) {
    mustHold(known.has(status), `the status ${status}: ${body}`);
    if (status >= 400) mustHold(v.is(errorBody, parsed(body)), `a refusal without an error object: ${body}`);
  }
  const does = turns.length > 1 ? `${client} and has Kiro asked` : client;
  if (client === 'leaves') return does;
  const statuses = [...new Set(answers.map(({ status }) => status))].toSorted((a, b) => a - b);
  return `${does}: ${statuses.join(', ') || 'closed'}`;
}

const errorBody = v.object({ error: v.object({ message: v.string(), type: v.string() }) });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends in two pieces, and reads until the connection is closed. */
async function answered(socket: Socket, bytes: Buffer, client: Client, random: Random): Promise<string> {
  let text = '';
  let readAt = performance.now();
  const closed = Promise.withResolvers<'closed'>();
  socket.on('error', () => undefined).on('close', () => closed.resolve('closed'));
  socket.on('data', (piece: Buffer) => {
    text += piece.toString('latin1');
    readAt = performance.now();
  });
  const cutAt = random.below(bytes.length + 1);
  for (const piece of [bytes.subarray(0, cutAt), bytes.subarray(cutAt)]) {
    await new Promise<void>((resolve) => void socket.write(piece, () => resolve()));
  }
  if (client === 'leaves') {
    await sleep(random.below(10));
    socket.destroy();
  }
  const endsAt = performance.now() + patienceMs;
  while ((await Promise.race([closed.promise, sleep(quietMs / 4)])) !== 'closed') {
    mustHold(performance.now() < endsAt, `the connection is open after ${patienceMs} ms`);
    // Who stalls has no way out but the limits of the server.
    if (client === 'waits' && performance.now() - readAt > quietMs) socket.end();
  }
  return text;
}

/** Another client is served, once what was begun has ended. */
async function others(proxy: OwnProxy): Promise<void> {
  const headers = { authorization: `Bearer ${fuzzKey}` };
  await until(async () => {
    const metrics = await fetch(`http://127.0.0.1:${proxy.port}/metrics`, { headers });
    return /requests_in_flight 0$/m.test(await metrics.text());
  }, 'no request is served any more');
  const served = await proxy.chat({}, { headers });
  mustHold(served.status === 200 && (await served.text()).includes('hello'), `another client got ${served.status}`);
}

const apis: Readonly<Record<string, ClientApi>> = {
  '/v1/chat/completions': chatApi,
  '/v1/messages': messagesApi,
  '/v1/responses': responsesApi(new ResponseMemory(() => 0), () => 0),
};

/** Whether a request may have Kiro asked: sent by no web page, with the key, and with a body that its API takes. */
function isSoundTurn(request: PlainRequest): boolean {
  const api = apis[request.path.split('?')[0] ?? ''];
  const hosts = valuesOf(request, 'host');
  const presented = [...valuesOf(request, 'authorization'), ...valuesOf(request, 'x-api-key')];
  const isGuest = !presented.some((value) => value.split(/ +/).includes(fuzzKey));
  const isOurs = hosts.length === 1 && /^(?:localhost|\[?::1\]?|127\.\d+\.\d+\.\d+)(?::\d+)?$/i.test(hosts[0] ?? '');
  if (!api || request.method !== 'POST' || isGuest || !isOurs || valuesOf(request, 'origin').length > 0) return false;
  try {
    api.parse(JSON.parse(request.body.toString('utf8')));
    return true;
  } catch {
    return false;
  }
}
