import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname } from 'node:path';
import { openEngine, type Engine } from '../../app/engine.ts';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { temporaryFolder } from '../support/engine.ts';

/** Screens as the build leaves them: pages, and files whose names change with what is in them. */
const built: Readonly<Record<string, string>> = {
  'index.html': '<!doctype html><title>Kiro Pool</title><script type="module" src="./assets/index-1.js"></script>',
  'assets/index-1.js': 'export {};',
  'assets/index-1.css': 'body {}',
  'assets/font-1.woff2': 'font',
  'notes.txt': 'not a screen',
};

/** A real engine that serves on loopback, with screens of our own and a clock that tests move. */
export interface UiServing extends AsyncDisposable {
  readonly engine: Engine;
  readonly emulator: Emulator;
  readonly url: string;
  readonly port: number;
  readonly key: string;
  /** Epoch ms. */
  now: number;
  /** Opens a link, and gives the cookie that its answer sets. */
  signIn(): Promise<string>;
}

export async function startUi(host = '127.0.0.1'): Promise<UiServing> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(temporaryFolder());
  for (const [name, text] of Object.entries(built)) {
    mkdirSync(dirname(folder.file(`screens/${name}`)), { recursive: true });
    writeFileSync(folder.file(`screens/${name}`), text);
  }
  writeFileSync(folder.file('secret.txt'), 'beside the screens');
  const emulator = opened.use(await startEmulator());
  writeFileSync(folder.file('endpoints.json'), JSON.stringify(emulator.endpoints));
  const clock = { now: Date.now() };
  const engine = opened.use(
    await openEngine({
      dataDir: folder.file('data'),
      env: { KIRO_POOL_ENDPOINTS: folder.file('endpoints.json'), HOME: folder.path },
      screens: folder.file('screens'),
      log: () => undefined,
      now: () => clock.now,
    }),
  );
  const url = await engine.serve({ host, port: 0, allowLan: host !== '127.0.0.1' });
  const { key } = await engine.handlers['keys.show']({ name: 'default' });
  const port = Number(new URL(url).port);
  const rest = opened.move();
  return {
    engine,
    emulator,
    url,
    port,
    key,
    get now() {
      return clock.now;
    },
    set now(at) {
      clock.now = at;
    },
    async signIn() {
      const answer = await send({ port, path: pathOf(engine.uiLink()) });
      return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

export function pathOf(link: string): string {
  const { pathname, search } = new URL(link);
  return pathname + search;
}

export interface Sent {
  readonly port: number;
  /** As it is on the wire: nothing is resolved or encoded. */
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & { 'set-cookie'?: string[] | undefined };
  readonly text: string;
}

/** Sends what no browser or `fetch` would. */
export function send({ port, path, method = 'GET', headers = {}, body }: Sent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Asks as our own page does. */
export function askUi(
  { port }: Pick<UiServing, 'port'>,
  cookie: string,
  question: string,
  input: unknown = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Got> {
  return send({
    port,
    path: `/ui/api/${question}`,
    method: 'POST',
    headers: {
      cookie,
      origin: `http://127.0.0.1:${port}`,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(input),
  });
}
