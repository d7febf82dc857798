import type { Bridge, Input, Output, Reply, ScreenContract, ScreenEvents } from '../../app/contract.ts';
import { words } from '../messages/words.ts';
import { asBrowser, browserAnswers } from './browser-answers.ts';
import type { Link, ScreenBridge } from './screen-bridge.ts';

/**
 * The bridge of `kiro-pool serve --ui`: questions are posted to the process that served this page, pushes come as server-sent
 * events, and what the desktop app's shell would do is done here as far as a browser can.
 */
export function httpBridge(): ScreenBridge {
  const news = new News();
  return {
    ask: (question, input) => browserAnswers[question]?.(input) ?? post(question, input),
    on: (event, listener) => news.on(event, listener),
    onLink: (listener) => news.onLink(listener),
  };
}

async function post<Q extends keyof ScreenContract>(
  question: Q,
  input: Input<ScreenContract, Q>,
): ReturnType<Bridge['ask']> {
  try {
    const response = await fetch(`/ui/api/${question}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const reply: Reply<Output<ScreenContract, Q>> = await response.json();
    return reply;
  } catch {
    return { ok: false, error: { code: 'unreachable', ...words.failures.unreachable } };
  }
}

type Listeners = { [E in keyof ScreenEvents]: Set<(value: ScreenEvents[E]) => void> };

/** What the process pushes, over one connection that is opened with the first listener and comes back by itself. */
class News {
  readonly #listeners: Listeners = { snapshot: new Set(), desktop: new Set(), navigate: new Set() };
  readonly #linkListeners = new Set<(link: Link) => void>();
  #source: EventSource | undefined;

  on<E extends keyof ScreenEvents>(event: E, listener: (value: ScreenEvents[E]) => void): () => void {
    const listeners: Set<(value: ScreenEvents[E]) => void> = this.#listeners[event];
    listeners.add(listener);
    this.#open();
    return () => listeners.delete(listener);
  }

  onLink(listener: (link: Link) => void): () => void {
    this.#linkListeners.add(listener);
    return () => this.#linkListeners.delete(listener);
  }

  #open(): void {
    if (this.#source) return;
    const source = new EventSource('/ui/events');
    this.#source = source;
    source.addEventListener('open', () => this.#tell('connected'));
    source.addEventListener('error', () => this.#tell('lost'));
    source.addEventListener('snapshot', ({ data }: MessageEvent<string>) => {
      const snapshot: ScreenEvents['snapshot'] = JSON.parse(data);
      for (const listener of this.#listeners.snapshot) listener(snapshot);
    });
    source.addEventListener('navigate', ({ data }: MessageEvent<string>) => {
      const navigate: ScreenEvents['navigate'] = JSON.parse(data);
      for (const listener of this.#listeners.navigate) listener(navigate);
    });
    queueMicrotask(() => {
      for (const listener of this.#listeners.desktop) listener(asBrowser);
    });
  }

  #tell(link: Link): void {
    for (const listener of this.#linkListeners) listener(link);
  }
}
