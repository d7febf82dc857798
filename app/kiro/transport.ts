import { getCACertificates } from 'node:tls';
import { Agent, EnvHttpProxyAgent, ProxyAgent, type Dispatcher } from 'undici';
import type { Feed } from '../conversation/feed.ts';
import { isLoopbackUrl } from './endpoints.ts';
import { Incoming, type IncomingHead } from './incoming.ts';
import { proxyFailure } from './proxy-failure.ts';

/**
 * HTTP to Kiro's hosts. Only this file, `incoming.ts` and `proxy-failure.ts` know the HTTP library; the rest of the engine sees
 * these types.
 */
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

/**
 * The body is a feed of pieces as they come from the socket; their borders mean nothing. Having enough of it closes the socket.
 * It breaks with a TransportError when the connection does, and with the signal's reason when that is aborted.
 */
export interface HttpStream extends HttpHead, Feed<Buffer> {
  /** Reads the body as text, at most 1 MiB of it. */
  text(): Promise<string>;
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
  const { direct, proxied, proxy } = createDispatchers(options);
  const dispatch = (outgoing: HttpRequest): Incoming => {
    outgoing.signal?.throwIfAborted();
    const { origin, host, pathname, search } = new URL(outgoing.url);
    // Loopback never goes through a proxy: only a replaced endpoint is there, and it is meant to stay on this machine.
    const isDirect = isLoopbackUrl(outgoing.url);
    const incoming = new Incoming(outgoing.signal, (cause) => transportError(host, isDirect ? null : proxy, cause));
    const dispatcher = isDirect ? direct : proxied;
    dispatcher.dispatch(
      {
        origin,
        path: pathname + search,
        method: outgoing.method,
        headers: { ...outgoing.headers, 'user-agent': options.userAgent },
        body: outgoing.body ?? null,
        headersTimeout: outgoing.headTimeoutMs ?? silenceMs,
        bodyTimeout: silenceMs,
      },
      incoming,
    );
    return incoming;
  };
  return {
    async send(outgoing) {
      const incoming = dispatch(outgoing);
      return { ...headOf(await incoming.head), text: await textOf(incoming, 8 * 1024 * 1024) };
    },
    async open(outgoing) {
      const incoming = dispatch(outgoing);
      return {
        ...headOf(await incoming.head),
        each: (take) => incoming.each(take),
        text: () => textOf(incoming, 1024 * 1024),
      };
    },
    async close() {
      await Promise.all([direct.close(), ...(proxied === direct ? [] : [proxied.close()])]);
    },
  };
}

/** `proxy` is null where there is none. */
function createDispatchers(options: TransportOptions): {
  readonly direct: Dispatcher;
  readonly proxied: Dispatcher;
  readonly proxy: URL | null;
} {
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
    const uri = asUrl(options.proxyUrl);
    return { direct, proxied: new ProxyAgent({ ...settings, uri }), proxy: URL.parse(uri) };
  }
  const env = options.env ?? {};
  const httpProxy = asUrl(env['http_proxy'] || env['HTTP_PROXY'] || '');
  const httpsProxy = asUrl(env['https_proxy'] || env['HTTPS_PROXY'] || '');
  if (httpsProxy === '' && httpProxy === '') return { direct, proxied: direct, proxy: null };
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  // All three are given, empty or not: what is left out the agent looks up in the environment of the process.
  const proxied = new EnvHttpProxyAgent({ ...settings, noProxy, httpProxy, httpsProxy });
  return { direct, proxied, proxy: URL.parse(httpsProxy || httpProxy) };
}

/** Proxies are commonly written without a scheme, as `proxy.example.com:3128`. */
function asUrl(proxy: string): string {
  return proxy === '' || proxy.includes('://') ? proxy : `http://${proxy}`;
}

function headOf({ status, headers }: IncomingHead): HttpHead {
  return {
    status,
    header(name) {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
  };
}

async function textOf(body: Feed<Buffer>, limit: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  await body.each((piece) => {
    pieces.push(piece);
    size += piece.length;
    return size > limit ? 'enough' : undefined;
  });
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
function transportError(host: string, proxy: URL | null, cause: unknown): TransportError {
  const ofProxy = proxy && proxyFailure(proxy, host, cause);
  if (ofProxy) return new TransportError(ofProxy, false, cause);
  const code = errorCode(cause);
  const isSent = !neverSent.has(code) && !isOfConnecting(cause);
  return new TransportError(`No answer from ${host} (${code})`, isSent, cause);
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
