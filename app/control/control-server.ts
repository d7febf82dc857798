import { createHash, timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Handlers } from '../contract.ts';
import {
  CommandError,
  controlContract,
  toCommandError,
  type ControlContract,
  type Question,
} from './control-contract.ts';

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
  const { handlers, token } = options;
  const socket = socketPath(options.dataDir, options.platform);
  // Ours by the folder's lock: whoever left it behind is dead.
  if (options.platform !== 'win32') rmSync(socket, { force: true });
  const server = createServer((request, response) => void answer(request, response, token, handlers));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  if (options.platform !== 'win32') chmodSync(socket, 0o600);
  return {
    socket,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  handlers: Handlers<ControlContract>,
): Promise<void> {
  let reply: unknown;
  try {
    if (!isToken(request.headers['x-kiro-pool-token'], token)) {
      throw new CommandError(
        'wrong-token',
        'This is not the token of the data folder.',
        'Run the command as its owner.',
      );
    }
    const result = await callHandler(handlers, (request.url ?? '').slice(1), await readBody(request));
    reply = { ok: true, result };
  } catch (error) {
    const { code, message, hint } = toCommandError(error);
    reply = { ok: false, error: { code, message, hint } };
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(reply));
}

/** Checks a question and its input, and has it answered. @throws CommandError for a question that there is not */
export async function callHandler(
  handlers: Handlers<ControlContract>,
  question: string,
  input: unknown,
): Promise<unknown> {
  if (!isQuestion(question)) {
    throw new CommandError(
      'unknown-question',
      `The running Kiro Pool does not know "${question}".`,
      'It may be of another version: restart it.',
    );
  }
  const checked = v.safeParse(controlContract[question].input, input);
  if (!checked.success) {
    const issue = checked.issues[0];
    throw new CommandError('wrong-input', `${v.getDotPath(issue) ?? 'The input'}: ${issue.message}`, 'See --help.');
  }
  return call(handlers, question, checked.output);
}

/** The schema has just proved that the input is the question's own, which the compiler cannot follow through the name. */
function call(handlers: Handlers<ControlContract>, question: Question, input: unknown): unknown {
  const handler: (input: never) => unknown = handlers[question];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return handler(input as never);
}

function isQuestion(name: string): name is Question {
  return Object.hasOwn(controlContract, name);
}

/** Longer paths than a socket may have (about 100 bytes) move to the temporary folder, under a name of the same folder. */
function socketPath(dataDir: string, platform: NodeJS.Platform): string {
  const name = `kiro-pool-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  if (platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const path = join(dataDir, 'control.sock');
  return Buffer.byteLength(path) <= 100 ? path : join(tmpdir(), `${name}.sock`);
}

function isToken(presented: string | string[] | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return typeof presented === 'string' && timingSafeEqual(digest(presented), digest(token));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const text = Buffer.concat(pieces).toString('utf8');
  return text === '' ? {} : JSON.parse(text);
}
