import { Buffer } from 'node:buffer';
import { readiness } from './readiness.ts';
import { Doubled, notDoubled } from './strict.ts';

/** The answer of the app's own handler, as Chromium is given it. */
export interface ProtocolAnswer {
  readonly status: number;
  readonly headers: { readonly name: string; readonly value: string }[];
  readonly body: Buffer;
}

type Handler = (request: GlobalRequest) => GlobalResponse | Promise<GlobalResponse>;

/** `protocol` of Electron's main process. */
class Protocol
  extends Doubled
  implements Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle' | 'unhandle' | 'isProtocolHandled'>
{
  readonly #handlers = new Map<string, Handler>();
  readonly #standard = new Set<string>();

  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    if (readiness.isReady) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    this.#standard.clear();
    for (const { scheme, privileges } of schemes) if (privileges?.standard === true) this.#standard.add(scheme);
  }

  handle(scheme: string, handler: Handler): void {
    if (!readiness.isReady) throw new Error('Session can only be received when app is ready');
    if (['http', 'https', 'file'].includes(scheme)) throw notDoubled(`protocol.handle('${scheme}')`);
    if (this.#handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    this.#handlers.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    if (!this.#handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme);
  }

  /** @internal for the double */
  get _standardSchemes(): ReadonlySet<string> {
    return this.#standard;
  }

  /** @internal for the double */
  _handler(scheme: string): Handler | undefined {
    return this.#handlers.get(scheme);
  }
}

export const protocol = new Protocol();

export function standardSchemes(): ReadonlySet<string> {
  return protocol._standardSchemes;
}

/**
 * Asks the handler of the app for what a page wants.
 * @returns `refused` for an address that no handler of the app has: no page of a test reaches the network
 */
export async function answerRequest(
  url: string,
  { method, headers, postData }: { method: string; headers: Readonly<Record<string, string>>; postData?: string },
): Promise<ProtocolAnswer | 'refused' | 'failed'> {
  const handler = protocol._handler(URL.parse(url)?.protocol.slice(0, -1) ?? '');
  if (!handler) return 'refused';
  try {
    const response = await handler(
      new Request(url, { method, headers, ...(postData !== undefined && { body: postData }) }),
    );
    if (response.type === 'error') return 'failed';
    return {
      status: response.status,
      headers: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()),
    };
  } catch (error) {
    process.stderr.write(`electron double: the handler of ${url} failed: ${String(error)}\n`);
    return 'failed';
  }
}
