import { getCACertificates } from 'node:tls';
import { Agent, EnvHttpProxyAgent, ProxyAgent, request, type Dispatcher } from 'undici';
import { isLoopbackUrl } from './endpoints.ts';

/** HTTP to Kiro's hosts. The only file that knows the HTTP library; the rest of the engine sees these types. */
export interface Transport {
  /** Sends and reads the whole answer as text, at most 8 MiB of it. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Sends and resolves with the head of the answer; the body must be read to its end or destroyed. */
  open(request: HttpRequest): Promise<HttpStream>;
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** How long the head of the answer may take, in ms. */
  readonly headTimeoutMs?: number;
}

export interface HttpHead {
  readonly status: number;
  header(name: string): string | undefined;
}

export interface HttpAnswer extends HttpHead {
  readonly text: string;
}

export interface HttpStream extends HttpHead {
  /** Pieces as they come from the socket; their borders mean nothing. Leaving the loop early closes the socket. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Reads what is left as text, at most 1 MiB of it. */
  text(): Promise<string>;
  destroy(): void;
}

/**
 * The request got no answer. `sent` says whether the other side may have acted on it: a refused connection surely did not
 * deliver, a reset one may have.
 */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly sent: boolean;

  constructor(message: string, sent: boolean, cause: unknown) {
    super(message, { cause });
    this.sent = sent;
  }
}

export interface TransportOptions {
  /** `<name>/<version>`, sent to every host. */
  readonly userAgent: string;
  /** A proxy's URL; without it `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of `env` are honoured. */
  readonly proxyUrl?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Also trust the certificates of the operating system, for companies that inspect TLS. */
  readonly systemCertificates?: boolean;
}

/** The longest silence that a stream may have: stalls of up to 300 s occur while a model thinks (protocol §5.7). */
const silenceMs = 300_000;

export function createTransport(options: TransportOptions): Transport {
  const { direct, proxied } = createDispatchers(options);
  const send = async (outgoing: HttpRequest): Promise<Dispatcher.ResponseData> => {
    try {
      return await request(outgoing.url, {
        // Loopback never goes through a proxy: only a replaced endpoint is there, and it is meant to stay on this machine.
        dispatcher: isLoopbackUrl(outgoing.url) ? direct : proxied,
        method: outgoing.method,
        headers: { ...outgoing.headers, 'user-agent': options.userAgent },
        body: outgoing.body ?? null,
        signal: outgoing.signal ?? null,
        headersTimeout: outgoing.headTimeoutMs ?? silenceMs,
        bodyTimeout: silenceMs,
      });
    } catch (cause) {
      outgoing.signal?.throwIfAborted();
      throw transportError(outgoing.url, cause);
    }
  };
  return {
    async send(outgoing) {
      const answer = await send(outgoing);
      return { ...headOf(answer), text: await textOf(answer, outgoing, 8 * 1024 * 1024) };
    },
    async open(outgoing) {
      const answer = await send(outgoing);
      return {
        ...headOf(answer),
        body: answer.body,
        text: () => textOf(answer, outgoing, 1024 * 1024),
        destroy: () => {
          // A destroyed body reports the abort as an error to whoever listens; nobody does any more.
          answer.body.on('error', () => {});
          answer.body.destroy();
        },
      };
    },
    async close() {
      await Promise.all([direct.close(), ...(proxied === direct ? [] : [proxied.close()])]);
    },
  };
}

function createDispatchers(options: TransportOptions): { direct: Dispatcher; proxied: Dispatcher } {
  const tls =
    options.systemCertificates === true
      ? { ca: [...getCACertificates('default'), ...getCACertificates('system')] }
      : undefined;
  const settings = {
    // Below the 60 s after which AWS's balancers drop an idle connection, so that we never write into a closed one.
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 45_000,
    allowH2: false,
    // A proxy's tunnel has TLS settings of its own: `connect` is for connections without one.
    ...(tls === undefined ? {} : { connect: tls, requestTls: tls, proxyTls: tls }),
  };
  const direct = new Agent(settings);
  if (options.proxyUrl !== undefined) {
    return { direct, proxied: new ProxyAgent({ ...settings, uri: asUrl(options.proxyUrl) }) };
  }
  const env = options.env ?? {};
  const httpProxy = asUrl(env['http_proxy'] || env['HTTP_PROXY'] || '');
  const httpsProxy = asUrl(env['https_proxy'] || env['HTTPS_PROXY'] || '');
  if (httpsProxy === '' && httpProxy === '') return { direct, proxied: direct };
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  // All three are given, empty or not: what is left out the agent looks up in the environment of the process.
  return { direct, proxied: new EnvHttpProxyAgent({ ...settings, noProxy, httpProxy, httpsProxy }) };
}

/** Proxies are commonly written without a scheme, as `proxy.example.com:3128`. */
function asUrl(proxy: string): string {
  return proxy === '' || proxy.includes('://') ? proxy : `http://${proxy}`;
}

function headOf(answer: Dispatcher.ResponseData): HttpHead {
  return {
    status: answer.statusCode,
    header(name) {
      const value = answer.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
  };
}

async function textOf(answer: Dispatcher.ResponseData, outgoing: HttpRequest, limit: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
      pieces.push(piece);
      size += piece.length;
      if (size > limit) break;
    }
  } catch (cause) {
    outgoing.signal?.throwIfAborted();
    throw transportError(outgoing.url, cause);
  }
  return Buffer.concat(pieces).toString('utf8');
}

const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Names the host and the code, never the URL's path or query, which may carry an account's ARN. */
function transportError(url: string, cause: unknown): TransportError {
  const code = errorCode(cause);
  const isSent = !neverSent.has(code) && !isOfConnecting(cause);
  return new TransportError(`No answer from ${new URL(url).host} (${code})`, isSent, cause);
}

/** Before a connection stood, nothing was sent: a code such as ETIMEDOUT alone does not tell. */
function isOfConnecting(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause instanceof AggregateError) return cause.errors.every(isOfConnecting);
  return 'syscall' in cause && (cause.syscall === 'connect' || cause.syscall === 'getaddrinfo');
}

function errorCode(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return cause.cause instanceof Error ? errorCode(cause.cause) : cause.name;
}
