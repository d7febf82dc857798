/**
 * The screens in a browser, for machines without a desktop: the endpoint's own server shows them under `/ui`. A link that opens
 * once comes in, a page that is live goes out, over the same contract as the desktop app's. A key of the endpoint opens nothing
 * here, and a session of this room opens nothing of the endpoint.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { contract, type Handlers, type Reply } from '../contract.ts';
import { answer } from '../control/answer.ts';
import { toCommandError } from '../control/control-contract.ts';
import { readQuestion } from '../control/question-body.ts';
import type { Live } from '../live.ts';
import { unrefTimer, type After } from '../timer.ts';
import { Admission } from './admission.ts';
import { startPage, type ScreenFiles } from './screen-files.ts';
import { streamSnapshots } from './snapshot-stream.ts';
import { cookieOf, refuseForeignPost, refuseStranger, type Refusal } from './visitor.ts';

export interface UiOptions {
  readonly files: ScreenFiles;
  readonly handlers: Handlers<typeof contract>;
  readonly live: Live;
  /** Epoch ms. */
  readonly now: () => number;
  /** Gives n random bytes. */
  readonly random?: (bytes: number) => Buffer;
  readonly after?: After;
}

/** Windows that may be live at a time; the oldest is ended for one more, and its browser tries again later. */
const mostStreams = 32;

export class Ui implements Disposable {
  readonly #options: UiOptions;
  readonly #admission: Admission;
  /** The oldest first. */
  readonly #streams = new Set<Disposable>();
  readonly #after: After;

  constructor(options: UiOptions) {
    this.#options = options;
    this.#admission = new Admission(options);
    this.#after = options.after ?? unrefTimer;
  }

  /** The path of a link that opens the screens once, within five minutes. */
  newLink(): string {
    return `/ui/open?code=${this.#admission.newCode()}`;
  }

  /** Answers what is asked below `/ui`. @returns whether it was, so that nobody else need answer */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    if (path !== '/ui' && !path.startsWith('/ui/')) return false;
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    response.setHeader('cache-control', 'no-store');
    const refusal = this.#route(request, response, path.slice('/ui'.length), query);
    if (refusal) refuse(response, path, refusal);
    return true;
  }

  /** Ends what is live: the browsers see the connection go. */
  [Symbol.dispose](): void {
    for (const stream of this.#streams) stream[Symbol.dispose]();
  }

  #route(request: IncomingMessage, response: ServerResponse, path: string, query: string): Refusal | undefined {
    const stranger = refuseStranger(request);
    if (stranger) return stranger;
    const { method = 'GET' } = request;
    const isQuestion = path.startsWith('/api/');
    const allowed = isQuestion ? ['POST'] : ['GET', 'HEAD'];
    if (!allowed.includes(method)) {
      response.setHeader('allow', allowed.join(', '));
      return { status: 405, code: 'method-not-allowed', message: `Only ${allowed.join(', ')} here.`, hint: '' };
    }
    if (path === '/open') return method === 'GET' ? this.#open(request, response, query) : notFound;
    if (!this.#admission.isSession(cookieOf(request, cookieName(request)))) return noSession;
    if (isQuestion) {
      const foreign = refuseForeignPost(request);
      if (foreign) return foreign;
      void this.#answer(request, response, path.slice('/api/'.length));
      return undefined;
    }
    if (path === '') {
      response.writeHead(308, { location: '/ui/' }).end();
      return undefined;
    }
    if (path === '/events' && method === 'GET') {
      this.#stream(response);
      return undefined;
    }
    return this.#sendFile(response, path.slice(1));
  }

  #open(request: IncomingMessage, response: ServerResponse, query: string): Refusal | undefined {
    const session = this.#admission.open(new URLSearchParams(query).get('code') ?? '');
    if (session === undefined) return usedLink;
    response.setHeader('set-cookie', `${cookieName(request)}=${session}; Path=/ui; HttpOnly; SameSite=Strict`);
    // After a link on another site, such as a terminal in a browser, a strict cookie goes along with a step of our own page, but
    // not with a redirect.
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(stepPage);
    } else response.writeHead(303, { location: '/ui/' }).end();
    return undefined;
  }

  /** Never rejects: what fails is the answer. */
  async #answer(request: IncomingMessage, response: ServerResponse, question: string): Promise<void> {
    let reply: Reply<unknown>;
    try {
      const input = await readQuestion(request);
      reply = await answer(contract, this.#options.handlers, question, input);
    } catch (error) {
      const { code, message, hint } = toCommandError(error);
      reply = { ok: false, error: { code, message, hint } };
    }
    if (!response.destroyed) sendReply(response, 200, reply);
  }

  #stream(response: ServerResponse): void {
    if (this.#streams.size >= mostStreams) [...this.#streams][0]?.[Symbol.dispose]();
    const stream = streamSnapshots(response, { live: this.#options.live, after: this.#after });
    this.#streams.add(stream);
    response.once('close', () => this.#streams.delete(stream));
  }

  #sendFile(response: ServerResponse, name: string): Refusal | undefined {
    const file = this.#options.files.get(name === '' ? startPage : name);
    if (!file) return notFound;
    response.writeHead(200, {
      'content-type': file.type,
      'content-length': String(file.body.length),
      ...(file.isHashed ? { 'cache-control': 'private, max-age=31536000, immutable' } : {}),
    });
    response.end(file.body);
    return undefined;
  }
}

const apiPath = '/ui/api/';
const stepPage = '<!doctype html><title>Kiro Pool</title><meta http-equiv="refresh" content="0; url=/ui/">';

/** Nothing but our own files and our own questions, shown in no other page. */
const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Cookies know no ports: two pools on one machine must not take each other's. */
function cookieName(request: IncomingMessage): string {
  return `kiro-pool-${request.socket.localPort ?? 0}`;
}

const another = 'Get another link: kiro-pool ui';
const noSession: Refusal = { status: 401, code: 'no-session', message: 'This browser is not let in.', hint: another };
const usedLink: Refusal = {
  status: 403,
  code: 'used-link',
  message: 'This link was opened before, or is older than five minutes.',
  hint: another,
};
const notFound: Refusal = { status: 404, code: 'not-found', message: 'There is no such page.', hint: '' };

/** To screens as an answer, to a person as text. */
function refuse(response: ServerResponse, path: string, { status, code, message, hint }: Refusal): void {
  // What a refused request still sends is not waited for.
  response.shouldKeepAlive = false;
  if (path.startsWith(apiPath)) sendReply(response, status, { ok: false, error: { code, message, hint } });
  else response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n${hint}\n`);
}

function sendReply(response: ServerResponse, status: number, reply: Reply<unknown>): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(reply));
}
