import type { IncomingMessage } from 'node:http';
import { TurnError } from '../conversation/turn-error.ts';

/** Enough for a long session with pictures; clients send 40 to 90 kB for "hi" (clients' own overhead). */
export const maxBodyBytes = 32 * 1024 * 1024;

/**
 * Reads a request's body as JSON.
 * @throws TurnError `body-too-large` or `invalid-request`; the message never quotes the body
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new TurnError('invalid-request', 'The body is compressed; send it as it is.', { param: 'content-encoding' });
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge();
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBodyBytes) throw tooLarge();
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces, size).toString('utf8');
  if (text.trim() === '') throw new TurnError('invalid-request', 'The body is empty; it must be a JSON object.');
  try {
    return JSON.parse(text);
  } catch {
    throw new TurnError('invalid-request', 'The body is not valid JSON.');
  }
}

function tooLarge(): TurnError {
  return new TurnError('body-too-large', `The body is larger than ${maxBodyBytes / 1024 / 1024} MiB.`);
}
