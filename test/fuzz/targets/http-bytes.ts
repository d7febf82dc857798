import * as fc from 'fast-check';
import type { Random } from '../../emulator/random.ts';
import { drawn } from '../drawn.ts';
import { makeJson } from '../mutate-json.ts';
import { mutate } from '../mutate.ts';

/** The key that the fuzzed endpoint knows; a real one would not be the same in the next run. */
export const fuzzKey = 'kp-fuzz';

const user = { role: 'user', content: 'Say exactly hello' };

/** Bodies that are served, one for each API, and streamed. */
const soundBodies: readonly Buffer[] = [
  { model: 'claude-haiku-4.5', messages: [user] },
  { model: 'claude-haiku-4.5', messages: [user], stream: true },
  { model: 'claude-haiku-4.5', max_tokens: 100, messages: [user] },
  { model: 'claude-haiku-4.5', max_tokens: 100, messages: [user], stream: true },
  { model: 'claude-haiku-4.5', input: 'Say exactly hello' },
  { model: 'claude-haiku-4.5', input: 'Say exactly hello', stream: true },
].map((body) => Buffer.from(JSON.stringify(body)));

const paths =
  '/v1/chat/completions /v1/messages /v1/responses /v1/messages/count_tokens /v1/models /v1/models/auto /v1/responses/resp_1 /health /metrics /v1/nothing / * //v1/models /v1/%6dodels /v1/chat/completions?a=b http://evil.example/v1/messages /../v1/models';
const oddHeaders = [
  'origin: https://evil.example',
  'sec-fetch-site: cross-site',
  'host: evil.example',
  'host: localhost',
  'expect: 100-continue',
  'expect: the-unexpected',
  'connection: close',
  'connection: keep-alive, upgrade',
  'upgrade: h2c',
  'content-encoding: gzip',
  'content-type: text/plain',
  'anthropic-version: 2023-06-01',
  'x-kiro-pool-session: a',
  'x-folded: a\r\n b',
  'no colon',
  ': no name',
  'transfer-encoding: gzip, chunked',
  'Transfer-Encoding : chunked',
  'content-length: +5',
  'content-length: 99999999999999999999',
  `x-long: ${'a'.repeat(20_000)}`,
];

/** How a body is told and sent. */
type Framing = 'length' | 'chunked' | 'both' | 'short' | 'long' | 'none' | 'twice';
const framings: readonly Framing[] = [
  ...Array.from({ length: 12 }, () => 'length' as const),
  ...Array.from({ length: 8 }, () => 'chunked' as const),
  ...(['both', 'short', 'long', 'none', 'twice'] as const),
];

const often = <Value>(usual: readonly Value[], odd: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 15, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: odd });

const header = fc.oneof(
  fc.constantFrom(...oddHeaders),
  fc
    .tuple(fc.string({ unit: 'binary-ascii', maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 12 }))
    .map(([name, value]) => `${name}: ${value}`),
);

const request = fc.record({
  method: often(
    ['POST', 'POST', 'POST', 'GET'],
    fc.constantFrom('OPTIONS', 'DELETE', 'PUT', 'HEAD', 'CONNECT', 'post', 'PRI', ''),
  ),
  path: fc.oneof(
    { weight: 16, arbitrary: fc.constantFrom(...paths.split(' ').slice(0, 3)) },
    { weight: 4, arbitrary: fc.constantFrom(...paths.split(' ')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 30 }) },
  ),
  version: often(['HTTP/1.1'], fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'http/1.1', 'HTTP/1.1 ', '')),
  host: often(['host: 127.0.0.1:8788', 'Host: localhost'], fc.constantFrom('host: evil.example', 'host:', '')),
  key: often(
    [`authorization: Bearer ${fuzzKey}`, `x-api-key: ${fuzzKey}`],
    fc.constantFrom('authorization: Bearer kp-other', 'authorization: Basic a2V5', 'x-api-key:', ''),
  ),
  others: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(header, { maxLength: 2 }) },
  ),
  framing: fc.constantFrom(...framings),
  chunks: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
  extension: often([''], fc.constantFrom(';a=b', ';', ' ', `;${'x'.repeat(20_000)}`)),
  trailer: often([''], fc.constantFrom('x-trailer: a\r\n', 'host: evil.example\r\n', 'content-length: 5\r\n')),
  eol: often(['\r\n'], fc.constantFrom('\n', '\r')),
  body: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('sound' as const) },
    { weight: 2, arbitrary: fc.constantFrom('changed' as const) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }).map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) },
  ),
});

type Request = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

const requests = fc.array(request, { minLength: 1, maxLength: 3 });

/** Requests as clients send them. */
export function soundRequests(): Buffer[] {
  return soundBodies.map((body, index) => {
    const path = paths.split(' ')[index >> 1];
    const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:8788\r\nx-api-key: ${fuzzKey}\r\n`;
    return Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`), body]);
  });
}

/** One to three requests on a connection, sound or not, and at times with bytes changed. */
export function madeRequests(random: Random): Buffer {
  const bytes = Buffer.concat(drawn(requests, random).map((it) => written(it, bodyOf(it, random))));
  return random.next() < 0.2 ? mutate(bytes, bytes, random) : bytes;
}

function bodyOf({ body, path }: Request, random: Random): Buffer {
  if (body === 'changed') return makeJson(random, soundBodies);
  if (body !== 'sound') return body;
  const own = Math.max(0, paths.split(' ').slice(0, 3).indexOf(path)) * 2 + random.below(2);
  return soundBodies[own] ?? Buffer.alloc(0);
}

function written(request: Request, body: Buffer): Buffer {
  const { method, path, version, host, key, others, framing, eol } = request;
  const lines = [`${method} ${path} ${version}`, host, key, ...others, ...framingHeaders(framing, body.length)];
  const head = lines.filter((line) => line !== '').join(eol);
  const isChunked = framing === 'chunked' || framing === 'both';
  return Buffer.concat([Buffer.from(`${head}${eol}${eol}`, 'latin1'), isChunked ? inChunks(request, body) : body]);
}

function framingHeaders(framing: Framing, length: number): string[] {
  switch (framing) {
    case 'length':
      return [`content-length: ${length}`];
    case 'chunked':
      return ['transfer-encoding: chunked'];
    case 'both':
      return [`content-length: ${length}`, 'transfer-encoding: chunked'];
    case 'short':
      return [`content-length: ${Math.max(0, length - 5)}`];
    case 'long':
      return [`content-length: ${length + 5}`];
    case 'twice':
      return [`content-length: ${length}`, `content-length: ${length + 1}`];
    case 'none':
      return [];
  }
}

function inChunks({ chunks, extension, trailer }: Request, body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0, index = 0; at < body.length; index += 1) {
    const piece = body.subarray(at, at + (chunks[index % chunks.length] ?? 1));
    parts.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'));
    at += piece.length;
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)]);
}
