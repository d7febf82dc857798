import { randomUUID } from 'node:crypto';
import { fromChromium, toChromium } from './app-url.ts';
import type { Cdp, DevTools } from './cdp.ts';
import type { WorldNames } from './isolated-world.ts';
import { theMachine } from './machine.ts';
import { bindingName, isolatedWorld } from './options.ts';
import { isolatedWorldSource, mainWorldSource } from './preload-source.ts';
import { answerRequest, standardSchemes } from './protocol.ts';

/** What a window is told by its page. */
export interface PageEvents {
  /** A message of the preload, as JSON, from the document at a URL. */
  onMessage(text: string, url: string): void;
  /** @returns false when the page may not go there */
  onNavigation(kind: 'will-navigate' | 'will-redirect', url: string): boolean;
  onNavigated(url: string): void;
  onDomReady(): void;
  onLoaded(): void;
  onPainted(): void;
  onWindowOpen(url: string, name: string, features: string): void;
  onCrash(): void;
}

export interface PageOptions {
  readonly preload: string | undefined;
  /** What the preload sees as `process`. */
  readonly process: object;
  readonly size: { readonly width: number; readonly height: number };
  readonly isDark: boolean;
}

/** The page of a window, which is one of Chromium, with the preload in an isolated world of its own. */
export class ChromiumPage {
  readonly #cdp: Cdp;
  readonly #page: DevTools;
  readonly #targetId: string;
  readonly #events: PageEvents;
  readonly #names: WorldNames;
  #world: number | undefined;
  #topFrame = '';
  #ownNavigation: string | undefined;
  /** The document that is there; the one before may still tell that it has loaded, when another was asked for. */
  #loader = '';
  #isAskedElsewhere = false;
  /** The app's handler of the scheme had no answer; Chromium cannot be told of that error by its name. */
  #handlerFailed = false;
  url = '';

  private constructor(cdp: Cdp, opened: { page: DevTools; targetId: string }, events: PageEvents) {
    this.#cdp = cdp;
    this.#page = opened.page;
    this.#targetId = opened.targetId;
    this.#events = events;
    this.#names = {
      toMain: randomUUID(),
      toIsolated: randomUUID(),
      binding: bindingName,
      receiver: randomUUID(),
    };
  }

  static async open(cdp: Cdp, options: PageOptions, events: PageEvents): Promise<ChromiumPage> {
    const page = new ChromiumPage(cdp, await cdp.openPage(), events);
    page.#listen();
    await page.#prepare(options);
    return page;
  }

  /** @returns Chromium's error, such as `net::ERR_FAILED`, or undefined when the page was begun */
  async navigate(url: string): Promise<string | undefined> {
    const target = toChromium(url, standardSchemes());
    this.#ownNavigation = target.split('#')[0];
    this.#handlerFailed = false;
    this.#isAskedElsewhere = true;
    const { errorText, loaderId } = await this.#page.send('Page.navigate', { url: target });
    this.#isAskedElsewhere = false;
    this.#loader = loaderId ?? this.#loader;
    this.#ownNavigation = undefined;
    return this.#handlerFailed ? 'net::ERR_UNEXPECTED' : errorText;
  }

  async reload(): Promise<void> {
    this.#ownNavigation = toChromium(this.url, standardSchemes()).split('#')[0];
    await this.#page.send('Page.reload');
  }

  /** Hands a message to the preload of the document that is there. One that has none, or that is gone, hears nothing. */
  tell(message: object): void {
    if (this.#world === undefined) return;
    const text = JSON.stringify(JSON.stringify(message));
    void this.#page
      .send('Runtime.evaluate', {
        expression: `globalThis[${JSON.stringify(this.#names.receiver)}]?.(${text})`,
        contextId: this.#world,
      })
      .catch(() => undefined);
  }

  async evaluate(code: string, isUserGesture: boolean): Promise<unknown> {
    const { result, exceptionDetails } = await this.#page.send('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture: isUserGesture,
    });
    if (exceptionDetails) throw new Error('Script failed to execute, this normally means an error was thrown.');
    return result.value;
  }

  setSize({ width, height }: { width: number; height: number }): void {
    this.#quietly(
      this.#page.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 0, mobile: false }),
    );
  }

  setDark(isDark: boolean): void {
    const features = [{ name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' }];
    this.#quietly(this.#page.send('Emulation.setEmulatedMedia', { features }));
  }

  close(): void {
    this.#cdp.closePage(this.#targetId);
  }

  /** A page may go while it is being told something. */
  #quietly(sent: Promise<unknown>): void {
    void sent.catch(() => undefined);
  }

  async #prepare({ preload, process, size, isDark }: PageOptions): Promise<void> {
    const page = this.#page;
    const [tree] = await Promise.all([
      page.send('Page.getFrameTree'),
      page.send('Page.enable'),
      page.send('Page.setLifecycleEventsEnabled', { enabled: true }),
      page.send('Runtime.enable'),
      page.send('Runtime.addBinding', { name: bindingName, executionContextName: isolatedWorld }),
      page.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldSource(this.#names) }),
      page.send('Page.addScriptToEvaluateOnNewDocument', {
        source: isolatedWorldSource(preload, this.#names, process),
        worldName: isolatedWorld,
      }),
      page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      page.send('Emulation.setFocusEmulationEnabled', { enabled: true }),
    ]);
    this.#topFrame = tree.frameTree.frame.id;
    this.setSize(size);
    this.setDark(isDark);
  }

  #listen(): void {
    const page = this.#page;
    page.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === isolatedWorld && Reflect.get(context.auxData ?? {}, 'frameId') === this.#topFrame)
        this.#world = context.id;
    });
    page.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      if (executionContextId === this.#world) this.#world = undefined;
    });
    page.on('Runtime.executionContextsCleared', () => {
      this.#world = undefined;
    });
    page.on('Runtime.bindingCalled', ({ payload }) => this.#events.onMessage(payload, this.url));
    page.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId !== undefined) return;
      this.#loader = frame.loaderId;
      this.#moved(frame.url + (frame.urlFragment ?? ''));
    });
    page.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === this.#topFrame) this.url = fromChromium(url);
    });
    page.on('Page.domContentEventFired', () => this.#events.onDomReady());
    page.on('Page.lifecycleEvent', ({ name, frameId, loaderId }) => {
      if (frameId !== this.#topFrame || loaderId !== this.#loader || this.#isAskedElsewhere) return;
      if (name === 'firstPaint') this.#events.onPainted();
      if (name === 'load') this.#events.onLoaded();
    });
    page.on('Page.windowOpen', ({ url, windowName, windowFeatures }) =>
      this.#events.onWindowOpen(fromChromium(url), windowName, windowFeatures.join(',')),
    );
    page.on('Inspector.targetCrashed', () => this.#events.onCrash());
    page.on('Fetch.requestPaused', (paused) => this.#quietly(this.#onRequest(paused)));
  }

  #moved(url: string): void {
    this.url = fromChromium(url);
    this.#events.onNavigated(this.url);
  }

  async #onRequest(paused: PausedRequest): Promise<void> {
    const { requestId, request, resourceType, frameId } = paused;
    const url = fromChromium(request.url);
    const isTopDocument = resourceType === 'Document' && frameId === this.#topFrame;
    const isOwn = request.url.split('#')[0] === this.#ownNavigation;
    if (isTopDocument && isOwn) this.#ownNavigation = undefined;
    if (isTopDocument && !isOwn && paused.redirectedRequestId === undefined) {
      if (!this.#events.onNavigation('will-navigate', url + (request.urlFragment ?? ''))) return this.#abort(requestId);
    }
    const answer = await answerRequest(url, request);
    if (answer === 'refused') {
      theMachine().refusedRequests.push(url);
      await this.#page.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
      return;
    }
    if (answer === 'failed') {
      this.#handlerFailed ||= isTopDocument;
      await this.#page.send('Fetch.failRequest', { requestId, errorReason: 'Failed' });
      return;
    }
    const { status, headers, body } = answer;
    const location = headers.find(({ name }) => name.toLowerCase() === 'location');
    if (isTopDocument && location && status >= 300 && status < 400) {
      if (!this.#events.onNavigation('will-redirect', new URL(location.value, url).href)) return this.#abort(requestId);
    }
    await this.#page.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: status,
      responseHeaders: headers.map(({ name, value }) => ({
        name,
        value: name.toLowerCase() === 'location' ? toChromium(new URL(value, url).href, standardSchemes()) : value,
      })),
      body: body.toString('base64'),
    });
  }

  /** The page stays where it is. */
  async #abort(requestId: string): Promise<void> {
    await this.#page.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
  }
}

interface PausedRequest {
  readonly requestId: string;
  readonly request: {
    readonly url: string;
    readonly urlFragment?: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly postData?: string;
  };
  readonly resourceType: string;
  readonly frameId: string;
  readonly redirectedRequestId?: string;
}
