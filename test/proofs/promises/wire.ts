import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { encodeFrame, event } from '../../emulator/emulator.ts';

/** What the host does with one request that has come whole. It ends or destroys the socket, or leaves it silent. */
export type Script = (socket: Socket) => void | Promise<void>;

/** A host of Kiro's data plane over a bare socket, which may say what no HTTP server would. */
export interface Wire extends AsyncDisposable {
  readonly port: number;
  /** Turns that were asked for, by requests that have come whole. */
  readonly asked: number;
  /** Connections that are open. */
  readonly open: number;
  /** What the next requests meet, in turn; later ones are answered in full. */
  next(...scripts: Script[]): void;
  /** Ends every connection, and takes none any more. */
  close(): Promise<void>;
}

export async function startWire(): Promise<Wire> {
  const scripts: Script[] = [];
  const sockets = new Set<Socket>();
  let asked = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    onRequest(socket, (requestHead) => {
      // Kiro's other operations are tried here, too, when the host that has them is late.
      if (!/GenerateAssistantResponse/i.test(requestHead)) {
        socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
        return;
      }
      asked += 1;
      const script = scripts.shift() ?? whole();
      Promise.resolve(script(socket)).catch(() => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = async (): Promise<void> => {
    const closed = server.listening ? once(server.close(), 'close') : undefined;
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port: portOf(server.address()),
    get asked() {
      return asked;
    },
    get open() {
      return sockets.size;
    },
    next: (...more) => void scripts.push(...more),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Has a server listen on loopback, on any free port by default. @throws the system's error when the port is taken */
export async function listening(server: Server, port = 0): Promise<{ readonly port: number } & AsyncDisposable> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server.address()),
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

function onRequest(socket: Socket, whole: (requestHead: string) => void): void {
  let bytes = Buffer.alloc(0);
  socket.on('data', (piece: Buffer) => {
    bytes = Buffer.concat([bytes, piece]);
    const headEnd = bytes.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const requestHead = bytes.toString('latin1', 0, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(requestHead)?.[1] ?? 0);
    if (bytes.length < headEnd + 4 + length) return;
    bytes = Buffer.alloc(0);
    whole(requestHead);
  });
}

/** The head of an answer in frames. @param lines further headers */
export function head(...lines: string[]): string {
  const all = ['content-type: application/vnd.amazon.eventstream', 'connection: close', ...lines];
  return `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n${all.join('\r\n')}\r\n\r\n`;
}

export function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

export const lastChunk = '0\r\n\r\n';

export function words(...texts: string[]): Buffer {
  return Buffer.concat(texts.map((content) => encodeFrame(event('assistantResponseEvent', { content }))));
}

/** What comes before the first word, and is no output yet. */
export function opening(): Buffer {
  return encodeFrame(event('messageMetadataEvent', { conversationId: randomUUID(), utteranceId: randomUUID() }));
}

/** What comes after the last word. */
export function closing(): Buffer {
  return Buffer.concat([
    encodeFrame(event('contextUsageEvent', { contextUsagePercentage: 1 })),
    encodeFrame(event('meteringEvent', { usage: 0.02, unit: 'credit', unitPlural: 'credits' })),
    encodeFrame(event('metadataEvent', { stopReason: 'END_TURN' })),
  ]);
}

/** A faultless answer. */
export function whole(text = 'all is well'): Script {
  return (socket) => {
    const body = Buffer.concat([opening(), words(text), closing()]);
    socket.end(Buffer.concat([Buffer.from(head()), chunk(body), Buffer.from(lastChunk)]));
  };
}

/** What Kiro says to a token that it does not take. */
export function unauthorized(socket: Socket): void {
  const body = '{"message":"Unauthorized"}';
  const lines = ['content-type: application/json', 'connection: close', `content-length: ${body.length}`];
  socket.end(`HTTP/1.1 401 Unauthorized\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** An answer that has begun, and goes on when it is told to. */
export function held(until: Promise<unknown>): Script {
  return async (socket) => {
    socket.write(Buffer.concat([Buffer.from(head()), chunk(Buffer.concat([opening(), words('first ')]))]));
    await until;
    socket.end(Buffer.concat([chunk(Buffer.concat([words('last'), closing()])), Buffer.from(lastChunk)]));
  };
}
