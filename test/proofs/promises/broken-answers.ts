import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { corruptFrame, giantPrelude } from '../../emulator/frames.ts';
import { until } from '../../proxy/serving.ts';
import { assertServes, seen, startServed, type Seen } from './served.ts';
import { told } from './told.ts';
import type { PromiseRow } from './row.ts';
import { chunk, closing, head, held, lastChunk, opening, startWire, words, type Script } from './wire.ts';

/** What becomes of an answer after its head, its opening and perhaps two words. */
type Break = (socket: Socket, begun: Buffer) => void;

const connectionBroke = /The connection to Kiro broke/;
const breaks: readonly (readonly [fault: string, says: RegExp, how: Break])[] = [
  ['a reset (RST)', connectionBroke, (socket, begun) => void socket.write(begun, () => socket.resetAndDestroy())],
  [
    'a FIN in the middle of a frame',
    connectionBroke,
    (socket, begun) => socket.end(Buffer.concat([begun, chunk(words('x').subarray(0, 20))])),
  ],
  ['a FIN where HTTP promised more', connectionBroke, (socket, begun) => socket.end(begun)],
  [
    'a wrong checksum of a prelude',
    /A frame's prelude does not match its checksum/,
    (socket, begun) => finish(socket, begun, withWrongPrelude(words('wrong'))),
  ],
  [
    'a wrong checksum of a message',
    /A frame does not match its checksum/,
    (socket, begun) => finish(socket, begun, corruptFrame(words('wrong'))),
  ],
  [
    'a frame that announces 64 MiB',
    /A frame claims 67108864 bytes/,
    (socket, begun) => finish(socket, begun, giantPrelude(64 * 1024 * 1024)),
  ],
  [
    'a frame that announces 4 GiB',
    /A frame claims 4294967295 bytes/,
    (socket, begun) => finish(socket, begun, giantPrelude(0xffff_ffff)),
  ],
  [
    'garbage instead of a frame',
    /A frame claims \d+ bytes/,
    (socket, begun) => finish(socket, begun, Buffer.alloc(4096, 'garbage')),
  ],
];

/** Instead of the head of an answer. */
const noAnswers: readonly (readonly [fault: string, script: Script])[] = [
  ['no answer but a reset (RST) before its head', (socket) => void socket.resetAndDestroy()],
  ['a head that is no HTTP', (socket) => void socket.end('NONSENSE/9.9 \u0000 two hundred\r\n\r\n')],
  ['a head without end (1 MiB)', (socket) => void socket.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(1024 * 1024)}`)],
  [
    'a web page with status 200',
    (socket) => {
      const page = '<!doctype html><title>Sign in to the Wi-Fi</title>';
      const lines = ['content-type: text/html', 'connection: close', `content-length: ${page.length}`];
      socket.end(`HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\n${page}`);
    },
  ],
  [
    'a body said to be gzip that nobody asked for',
    (socket) => finish(socket, Buffer.from(head('content-encoding: gzip')), gzipSync(oneTwo())),
  ],
];

/** What looks broken, and is not. */
const oddAnswers: readonly (readonly [fault: string, promise: string, script: Script])[] = [
  [
    'frames that come byte by byte',
    'read as if they had come whole',
    async (socket) => {
      socket.setNoDelay(true).write(head());
      for (const byte of oneTwo())
        await new Promise<void>((resolve) => {
          // The other side is this process, too: it reads the byte before the next one is sent.
          socket.write(chunk(Buffer.from([byte])), () => setImmediate(resolve));
        });
      socket.end(lastChunk);
    },
  ],
  [
    'a FIN after the last word, without the events that close an answer',
    'an end between two frames is an end',
    startBy((socket, begun) => finish(socket, begun, words('two')), words('one ')),
  ],
];

/** Answers of Kiro that break, before anything of them has reached the client and in the middle, or only look broken. */
export const brokenAnswers: readonly PromiseRow[] = [
  ...breaks.map(([fault, says, how]) => ({
    fault: `Kiro, after two words: ${fault}`,
    promise: 'what came stays, the break is told in the stream and its connection destroyed; no finish, no second send',
    prove: besideAnother(startBy(how, Buffer.concat([opening(), words('one ', 'two ')])), (answer, sends) => {
      const { status, text, code, isWhole } = answer;
      assert.deepEqual(
        { status, text, code, isWhole, sends },
        { status: 200, text: 'one two ', code: 'broken_stream', isWhole: false, sends: 1 },
      );
      assert.match(answer.message, says);
      return { sees: `"one two ", then ${told(answer)}`, outcome: 'broken-stream' };
    }),
  })),
  ...[
    ...breaks.map(([fault, , how]) => [`Kiro, before the first word: ${fault}`, startBy(how, opening())] as const),
    ...noAnswers.map(([fault, script]) => [`Kiro: ${fault}`, script] as const),
  ].map(([fault, script]) => ({
    fault,
    promise: 'asked once more on the same account; the client sees nothing of it',
    prove: besideAnother(script, ({ isWhole, text }, sends) => {
      assert.deepEqual({ isWhole, text, sends }, { isWhole: true, text: 'all is well', sends: 2 });
      return { sees: '200, the whole answer, of the second send', outcome: 'served' };
    }),
  })),
  ...oddAnswers.map(([fault, promise, script]) => ({
    fault: `Kiro: ${fault}`,
    promise,
    prove: besideAnother(script, ({ isWhole, text }, sends) => {
      assert.deepEqual({ isWhole, text, sends }, { isWhole: true, text: 'one two', sends: 1 });
      return { sees: '200, "one two", a finish', outcome: 'served' };
    }),
  })),
];

/** Provokes the fault while another answer of the same account is running, which must come to its end. */
function besideAnother(
  script: Script,
  check: (answer: Seen, sends: number) => { readonly sees: string; readonly outcome: string },
): PromiseRow['prove'] {
  return async (plant) => {
    await using wire = await startWire();
    await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}` });
    const over = Promise.withResolvers<undefined>();
    wire.next(held(over.promise));
    const other = await served.begin();
    plant(() => wire.next(script));
    const { sees, outcome } = check(await served.ask(), wire.asked - 1);
    await until(() => wire.open === 1, 'no connection is left but that of the other answer');
    over.resolve(undefined);
    assert.equal((await seen(other)).text, 'first last');
    assert.deepEqual(await served.outcomes(), ['served', outcome]);
    await assertServes(served);
    return { sees, kept: `login ready, next request served, an answer beside it whole; history: \`${outcome}\`` };
  };
}

/** The bytes of an answer of two words. */
function oneTwo(): Buffer {
  return Buffer.concat([opening(), words('one ', 'two'), closing()]);
}

function startBy(how: Break, first: Buffer): Script {
  return (socket) => how(socket, Buffer.concat([Buffer.from(head()), chunk(first)]));
}

/** Says the bytes, and ends as HTTP means it. */
function finish(socket: Socket, begun: Buffer, bytes: Buffer): void {
  socket.end(Buffer.concat([begun, chunk(bytes), Buffer.from(lastChunk)]));
}

function withWrongPrelude(frame: Buffer): Buffer {
  const copy = Buffer.from(frame);
  copy.writeUInt8(copy.readUInt8(9) ^ 1, 9);
  return copy;
}
