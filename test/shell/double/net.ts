import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { theMachine } from './machine.ts';
import { answerRequest } from './protocol.ts';
import { requireReady } from './readiness.ts';
import { Doubled } from './strict.ts';

/** `net`: files, the app's own schemes and loopback; no test leaves the machine. */
class Net extends Doubled {
  get online(): boolean {
    return this.isOnline();
  }

  isOnline(): boolean {
    requireReady('net.isOnline cannot be called');
    return theMachine().isOnline;
  }

  async fetch(input: string | Request, init?: RequestInit): Promise<Response> {
    requireReady('net.fetch cannot be called');
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.protocol === 'file:') return fetchFile(url);
    if (url.protocol === 'data:') return fetch(request);
    if (['http:', 'https:'].includes(url.protocol)) {
      if (!['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) throw new Error('net::ERR_NAME_NOT_RESOLVED');
      return fetch(request);
    }
    const headers = Object.fromEntries(request.headers);
    const answer = await answerRequest(request.url, { method: request.method, headers });
    if (answer === 'refused') throw new Error('net::ERR_UNKNOWN_URL_SCHEME');
    if (answer === 'failed') throw new Error('net::ERR_UNEXPECTED');
    return new Response(new Uint8Array(answer.body), {
      status: answer.status,
      headers: answer.headers.map(({ name, value }): [string, string] => [name, value]),
    });
  }
}

export const net = new Net();

async function fetchFile(url: URL): Promise<Response> {
  const path = fileURLToPath(url);
  try {
    const type = types[extname(path)] ?? 'application/octet-stream';
    return new Response(new Uint8Array(await readFile(path)), { headers: { 'content-type': type } });
  } catch {
    throw new Error('net::ERR_FILE_NOT_FOUND');
  }
}

/** What Chromium tells of a file by its name. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain',
};
