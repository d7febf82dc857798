import type { IncomingMessage } from 'node:http';
import { setImmediate as others } from 'node:timers/promises';
import { TurnError } from '../conversation/turn-error.ts';

/** Enough for a long session with pictures; clients send 40 to 90 kB for "hi" (clients' own overhead). */
export const maxBodyBytes = 32 * 1024 * 1024;

/**
 * Reads a request's body as JSON. When it throws, what is left of the body is still to be read, see `drain`.
 * @throws TurnError `body-too-large` or `invalid-request`; the message never quotes the body
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new TurnError('invalid-request', 'The body is compressed; send it as it is.', { param: 'content-encoding' });
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge();
  const pieces: Buffer[] = [];
  let size = 0;
  // A loop over the request itself would destroy it when left early, and its rest could not be drained.
  const incoming: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const piece of incoming) {
    size += piece.length;
    if (size > maxBodyBytes) throw tooLarge();
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces, size).toString('utf8');
  if (text.trim() === '') throw new TurnError('invalid-request', 'The body is empty; it must be a JSON object.');
  // Between the steps that a long body takes, running answers have their turn.
  if (size > longBytes) await others();
  const body = parse(text);
  if (size > longBytes) await others();
  return body;
}

const longBytes = 1024 * 1024;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TurnError('invalid-request', 'The body is not valid JSON.');
  }
}

/**
 * Reads what is left of a refused request and throws it away. Were the connection closed at once, a client that is still
 * sending would see a reset instead of the answer. One that goes on for too long is cut off.
 */
export function drain(request: IncomingMessage): void {
  const tooLong = setTimeout(() => request.socket.destroy(), drainMs);
  tooLong.unref();
  request.once('close', () => clearTimeout(tooLong));
  // The answer has been given; that the rest does not come is no failure.
  request.on('error', () => {});
  request.resume();
}

const drainMs = 5_000;

function tooLarge(): TurnError {
  return new TurnError('body-too-large', `The body is larger than ${maxBodyBytes / 1024 / 1024} MiB.`);
}
