import { createHash, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Handlers, Reply } from '../contract.ts';
import { answer } from './answer.ts';
import { CommandError, controlContract, toCommandError, type ControlContract } from './control-contract.ts';
import { readQuestion } from './question-body.ts';

export interface ControlServer extends AsyncDisposable {
  /** What other commands connect to. */
  readonly socket: string;
}

/**
 * Lets the user's other commands talk to the process that owns the data folder: HTTP over a socket in that folder (a named
 * pipe on Windows), with the folder's token, which only its owner can read.
 */
export async function startControlServer(options: {
  dataDir: string;
  token: string;
  handlers: Handlers<ControlContract>;
  platform: NodeJS.Platform;
}): Promise<ControlServer> {
  const { handlers, token, platform } = options;
  await using opened = new AsyncDisposableStack();
  const socket = socketPath(options.dataDir, platform, (folder) => opened.defer(() => removeFolder(folder)));
  // Ours by the folder's lock: whoever left it behind is dead.
  if (platform !== 'win32') rmSync(socket, { force: true });
  const running = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const answered = respond(request, response, token, handlers).finally(() => running.delete(answered));
    running.add(answered);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  if (platform !== 'win32') chmodSync(socket, 0o600);
  opened.defer(async () => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    server.closeIdleConnections();
    // A command that was begun is finished and answered: a fork cut in half would lose a login.
    await Promise.allSettled(running);
    server.closeAllConnections();
    await closed;
  });
  const owned = opened.move();
  return { socket, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  handlers: Handlers<ControlContract>,
): Promise<void> {
  let reply: Reply<unknown>;
  try {
    if (!isToken(request.headers['x-kiro-pool-token'], token)) {
      throw new CommandError(
        'wrong-token',
        'This is not the token of the data folder.',
        'Run the command as its owner.',
      );
    }
    reply = await answer(controlContract, handlers, (request.url ?? '').slice(1), await readQuestion(request));
  } catch (error) {
    const { code, message, hint } = toCommandError(error);
    reply = { ok: false, error: { code, message, hint } };
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(reply));
  // Answered is what has left this process; a command that is gone by now misses nothing.
  await finished(response).catch(() => undefined);
}

/** A socket's path may have about 100 bytes. */
const longestSocketPath = 100;

/**
 * Where the socket is: in the data folder, and where that path is too long, in a fresh folder that only this user may enter. A
 * name that others can guess in a shared temporary folder could be taken by them first.
 */
function socketPath(dataDir: string, platform: NodeJS.Platform, onFolder: (folder: string) => void): string {
  if (platform === 'win32') {
    return `\\\\.\\pipe\\kiro-pool-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  }
  const path = join(dataDir, 'control.sock');
  if (Buffer.byteLength(path) <= longestSocketPath) return path;
  const temporary = Buffer.byteLength(tmpdir()) <= longestSocketPath - 40 ? tmpdir() : '/tmp';
  const folder = mkdtempSync(join(temporary, 'kiro-pool-'));
  onFolder(folder);
  return join(folder, 'control.sock');
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function isToken(presented: string | string[] | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return typeof presented === 'string' && timingSafeEqual(digest(presented), digest(token));
}
