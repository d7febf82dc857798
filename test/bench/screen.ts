import * as v from 'valibot';
import { askOwner } from '../../app/control/control-client.ts';
import { readOwner } from '../../app/store/owner.ts';

/** The screens in a browser, live until disposed of. */
export interface Screen extends AsyncDisposable {
  /** How many snapshots have come, each with a new chart and a new list of requests. */
  readonly redraws: number;
}

/** The process that owns a data folder, to be asked as commands ask it. @throws Error when there is none */
export async function ownerOf(dataDir: string): Promise<Parameters<typeof askOwner>[0]> {
  const owner = await readOwner(dataDir);
  if (owner?.socket === undefined) throw new Error(`Nobody owns ${dataDir}`);
  return { socket: owner.socket, token: owner.token };
}

/** Lets a browser in, by a link that opens once. */
export async function openBrowser(dataDir: string): Promise<Browser> {
  const { url } = await askOwner(await ownerOf(dataDir), 'ui.link', {});
  const opened = await fetch(url, { redirect: 'manual' });
  await opened.body?.cancel();
  const cookie = opened.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`The link did not open: ${opened.status}`);
  return new Browser(new URL(url).origin, cookie);
}

/** A browser that was let in. */
export class Browser {
  readonly #origin: string;
  readonly #cookie: string;

  constructor(origin: string, cookie: string) {
    this.#origin = origin;
    this.#cookie = cookie;
  }

  /** Asks what screens ask. @throws Error when it is refused */
  async ask(question: string, input: object): Promise<void> {
    const headers = { cookie: this.#cookie, origin: this.#origin, 'content-type': 'application/json' };
    const url = `${this.#origin}/ui/api/${question}`;
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
    const { ok } = v.parse(v.object({ ok: v.boolean() }), await answer.json());
    if (!ok) throw new Error(`${question} was refused`);
  }

  /** Calls `onSnapshot` with the size of each snapshot as it comes, in bytes, until the signal aborts. */
  async watch(signal: AbortSignal, onSnapshot: (bytes: number) => void): Promise<void> {
    const answer = await fetch(`${this.#origin}/ui/events`, { headers: { cookie: this.#cookie }, signal });
    if (!answer.ok || !answer.body) throw new Error(`There are no snapshots: ${answer.status}`);
    let bytes = 0;
    const pieces: AsyncIterable<Uint8Array> = answer.body;
    for await (const piece of pieces) {
      bytes += piece.length;
      if (piece.at(-1) !== newLine || piece.at(-2) !== newLine) continue;
      onSnapshot(bytes);
      bytes = 0;
    }
  }
}

/** Opens the usage and request screens as they are drawn anew: with every snapshot, what they show is asked again. */
export async function openScreen(dataDir: string): Promise<Screen> {
  const browser = await openBrowser(dataDir);
  const leave = new AbortController();
  const first = Promise.withResolvers<void>();
  let redraws = 0;
  const watching = browser
    .watch(leave.signal, () => {
      redraws += 1;
      first.resolve();
      void browser.ask('usage.chart', { range: '90d' }).catch(first.reject);
      void browser.ask('requests', { last: 100 }).catch(first.reject);
    })
    .catch((error: unknown) => {
      if (!leave.signal.aborted) first.reject(error);
    });
  await first.promise;
  return {
    get redraws() {
      return redraws;
    },
    async [Symbol.asyncDispose]() {
      leave.abort();
      await watching;
    },
  };
}

const newLine = 10;
