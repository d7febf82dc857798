import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { TurnError } from '../conversation/turn-error.ts';
import { toOpenAiError } from '../openai/error-object.ts';

/**
 * Answers what never became a request: no HTTP, headers without end, a body in two lengths. Node would close the connection
 * with an empty answer, of which a client makes nothing.
 * @param error as Node's parser gave it
 */
export function refuseMalformed(socket: Duplex, error: Error): void {
  const code = 'code' in error ? String(error.code) : '';
  const [status, message] = reasons[code] ?? [400, `This is not a valid HTTP request (${code || 'unknown'}).`];
  refuseRaw(socket, status, new TurnError('invalid-request', message));
}

/** Refuses `CONNECT`, for which Node has no response object. */
export function refuseConnect(socket: Duplex): void {
  refuseRaw(socket, 405, new TurnError('method-not-allowed', 'This is no proxy for other hosts.'));
}

const reasons: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are larger than 16 KiB.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come to its end in time.'],
};

const lingerMs = 1_000;

function refuseRaw(socket: Duplex, status: number, error: TurnError): void {
  socket.on('error', () => {});
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(toOpenAiError(error).body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  // Closing while the client still sends would reset the connection before it has read why.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.resume();
  const tooLong = setTimeout(() => socket.destroy(), lingerMs);
  tooLong.unref();
  socket.once('close', () => clearTimeout(tooLong));
}
