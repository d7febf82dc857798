import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { corruptFrame, giantPrelude } from '../../emulator/frames.ts';
import { assertServes, seen, startServed, told } from './served.ts';
import type { PromiseRow } from './row.ts';
import { chunk, closing, head, held, lastChunk, opening, startWire, words, type Script } from './wire.ts';

/** What becomes of an answer after its head, its opening and perhaps two words. */
type Break = (socket: Socket, begun: Buffer) => void;

const breaks: readonly (readonly [fault: string, how: Break])[] = [
  ['a reset (RST)', (socket, begun) => void socket.write(begun, () => socket.resetAndDestroy())],
  [
    'a FIN in the middle of a frame',
    (socket, begun) => socket.end(Buffer.concat([begun, chunk(words('x').subarray(0, 20))])),
  ],
  ['a FIN where HTTP promised more', (socket, begun) => socket.end(begun)],
  ['a wrong checksum of a prelude', (socket, begun) => finish(socket, begun, withWrongPrelude(words('wrong')))],
  ['a wrong checksum of a message', (socket, begun) => finish(socket, begun, corruptFrame(words('wrong')))],
  ['a frame that announces 64 MiB', (socket, begun) => finish(socket, begun, giantPrelude(64 * 1024 * 1024))],
  ['a frame that announces 4 GiB', (socket, begun) => finish(socket, begun, giantPrelude(0xffff_ffff))],
  ['garbage instead of a frame', (socket, begun) => finish(socket, begun, Buffer.alloc(4096, 'garbage'))],
];

const promiseInTheMiddle =
  'what came stays, the break is told in the stream and its connection destroyed; no finish, no second send';
const promiseBefore = 'asked once more on the same account; the client sees nothing of it';

/** Answers of Kiro that break, before anything of them has reached the client, and in the middle. */
export const brokenAnswers: readonly PromiseRow[] = [...inTheMiddle(), ...beforeTheFirstWord(), ...harmless()];

function inTheMiddle(): PromiseRow[] {
  return breaks.map(([fault, how]) => ({
    fault: `Kiro, after two words: ${fault}`,
    promise: promiseInTheMiddle,
    prove: () =>
      besideAnother(startBy(how, Buffer.concat([opening(), words('one ', 'two ')])), async (ask, sent) => {
        const answer = await ask();
        assert.equal(answer.status, 200);
        assert.equal(answer.text, 'one two ');
        assert.equal(answer.code, 'broken_stream');
        assert.equal(answer.isWhole, false);
        assert.equal(sent(), 1);
        return { sees: `"one two ", then ${told(answer)}`, outcome: 'broken-stream' };
      }),
  }));
}

function beforeTheFirstWord(): PromiseRow[] {
  return breaks.map(([fault, how]) => ({
    fault: `Kiro, before the first word: ${fault}`,
    promise: promiseBefore,
    prove: () => besideAnother(startBy(how, opening()), servedBySecondSend),
  }));
}

async function servedBySecondSend(ask: Ask, sent: () => number): Promise<{ sees: string; outcome: string }> {
  const answer = await ask();
  assert.equal(answer.isWhole, true, JSON.stringify(answer));
  assert.equal(answer.text, 'all is well');
  assert.equal(sent(), 2);
  return { sees: '200, the whole answer, of the second send', outcome: 'served' };
}

/** What looks broken and is not, or can be made good. */
function harmless(): PromiseRow[] {
  const answer = Buffer.concat([opening(), words('one ', 'two'), closing()]);
  const inOneSend = async (ask: Ask, sent: () => number): Promise<{ sees: string; outcome: string }> => {
    const { isWhole, text } = await ask();
    assert.deepEqual({ isWhole, text, sends: sent() }, { isWhole: true, text: 'one two', sends: 1 });
    return { sees: '200, "one two", a finish', outcome: 'served' };
  };
  return [
    {
      fault: 'Kiro: frames that come byte by byte',
      promise: 'read as if they had come whole',
      prove: () =>
        besideAnother(async (socket) => {
          socket.setNoDelay(true).write(head());
          for (const byte of answer)
            await new Promise<void>((resolve) => {
              socket.write(chunk(Buffer.from([byte])), () => resolve());
            });
          socket.end(lastChunk);
        }, inOneSend),
    },
    {
      fault: 'Kiro: a FIN after the last word, without the events that close an answer',
      promise: 'an end between two frames is an end',
      prove: () =>
        besideAnother(
          startBy((socket, begun) => finish(socket, begun, words('two')), words('one ')),
          inOneSend,
        ),
    },
    {
      fault: 'Kiro: no answer but a reset (RST) before its head',
      promise: promiseBefore,
      prove: () => besideAnother((socket) => void socket.resetAndDestroy(), servedBySecondSend),
    },
    {
      fault: 'Kiro: a head that is no HTTP',
      promise: promiseBefore,
      prove: () =>
        besideAnother((socket) => void socket.end('NONSENSE/9.9 \u0000 two hundred\r\n\r\n'), servedBySecondSend),
    },
    {
      fault: 'Kiro: a head without end (1 MiB)',
      promise: promiseBefore,
      prove: () =>
        besideAnother(
          (socket) => void socket.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(1024 * 1024)}`),
          servedBySecondSend,
        ),
    },
    {
      fault: 'Kiro: a web page with status 200',
      promise: promiseBefore,
      prove: () =>
        besideAnother((socket) => {
          const page = '<!doctype html><title>Sign in to the Wi-Fi</title>';
          socket.end(
            `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: ${page.length}\r\n\r\n${page}`,
          );
        }, servedBySecondSend),
    },
    {
      fault: 'Kiro: a body said to be gzip that nobody asked for',
      promise: promiseBefore,
      prove: () =>
        besideAnother((socket) => {
          socket.end(
            Buffer.concat([
              Buffer.from(head('content-encoding: gzip')),
              chunk(gzipSync(answer)),
              Buffer.from(lastChunk),
            ]),
          );
        }, servedBySecondSend),
    },
  ];
}

type Ask = () => ReturnType<typeof seen>;

/** Provokes the fault while another answer of the same account is running, which must come to its end. */
async function besideAnother(
  fault: Script,
  observe: (ask: Ask, sent: () => number) => Promise<{ readonly sees: string; readonly outcome: string }>,
): ReturnType<PromiseRow['prove']> {
  await using wire = await startWire();
  await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}` });
  const over = Promise.withResolvers<undefined>();
  wire.next(held(over.promise), fault);
  const other = await served.begin();
  const { sees, outcome } = await observe(
    () => served.ask(),
    () => wire.asked - 1,
  );
  over.resolve(undefined);
  assert.deepEqual((await seen(other)).text, 'first last');
  assert.deepEqual(await served.outcomes(), ['served', outcome]);
  await assertServes(served);
  return { sees, kept: `login ready, next request served, an answer beside it whole; history: \`${outcome}\`` };
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
