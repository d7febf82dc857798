import { app } from './app.ts';
import { chromium } from './chromium.ts';
import { ChromiumPage, type PageEvents } from './chromium-page.ts';
import { createCloneCodec } from './clone.ts';
import { ipcMain } from './ipc-main.ts';
import { theMachine } from './machine.ts';
import { errorNumbers, loadError } from './load-error.ts';
import { nativeTheme } from './native-theme.ts';
import type { RendererMessage } from './renderer-message.ts';
import { defaultSession, type Session } from './session.ts';
import { DoubledEmitter, notDoubled, PreventableEvent } from './strict.ts';
import { WebFrameMain } from './web-frame-main.ts';

type OpenHandler = (details: { url: string; frameName: string; features: string; disposition: 'new-window' }) => {
  action: string;
};

const codec = createCloneCodec();
const all = new Set<WebContents>();

nativeTheme.on('updated', () => {
  for (const contents of all) contents._setDark(nativeTheme.shouldUseDarkColors);
});

/** The page of a window, as the main process sees it. */
export class WebContents
  extends DoubledEmitter
  implements
    Pick<
      Electron.WebContents,
      | 'getURL'
      | 'getTitle'
      | 'isDestroyed'
      | 'isLoading'
      | 'isCrashed'
      | 'loadURL'
      | 'reload'
      | 'send'
      | 'executeJavaScript'
      | 'id'
    >
{
  static #lastId = 0;
  readonly id = (WebContents.#lastId += 1);
  readonly session: Session = defaultSession;
  #page: Promise<ChromiumPage>;
  #opened: ChromiumPage | undefined;
  #isDestroyed = false;
  #isLoading = false;
  #isCrashed = false;
  #title = '';
  #loadingUrl = '';
  #frame: WebFrameMain | undefined;
  #openHandler: OpenHandler = () => ({ action: 'allow' });
  #loaded = Promise.withResolvers<void>();

  /** @internal windows make it */
  constructor(preferences: Electron.WebPreferences, size: { width: number; height: number }) {
    super();
    all.add(this);
    const options = {
      preload: preferences.preload,
      process: preloadProcess(),
      size,
      isDark: nativeTheme.shouldUseDarkColors,
    };
    this.#page = ChromiumPage.open(chromium(), options, this.#pageEvents());
    void this.#keepPage();
    this.#loaded.promise.catch(() => undefined);
    app.emit('web-contents-created', new PreventableEvent({ sender: app }), this);
  }

  static getAllWebContents(): WebContents[] {
    return [...all];
  }

  static fromId(id: number): WebContents | undefined {
    return [...all].find((contents) => contents.id === id);
  }

  static getFocusedWebContents(): WebContents | null {
    return null;
  }

  get mainFrame(): WebFrameMain {
    return (this.#frame ??= new WebFrameMain(this.getURL(), (channel, args) => this.send(channel, ...args)));
  }

  getURL(): string {
    return this.#opened?.url ?? '';
  }

  getTitle(): string {
    return this.#title;
  }

  getType(): string {
    return 'window';
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  isLoading(): boolean {
    return this.#isLoading;
  }

  isCrashed(): boolean {
    return this.#isCrashed;
  }

  async loadURL(url: string): Promise<void> {
    this.#refuseDestroyed();
    if (!URL.canParse(url)) throw loadError('ERR_INVALID_URL', -300, url);
    const loaded = Promise.withResolvers<void>();
    loaded.promise.catch(() => undefined);
    this.#loaded.reject(loadError('ERR_ABORTED', -3, this.#loadingUrl));
    this.#loaded = loaded;
    this.#loadingUrl = url;
    this.#isLoading = true;
    this.emit('did-start-loading', new PreventableEvent({ sender: this }));
    const page = await this.#page;
    const errorText = await page.navigate(url);
    if (errorText === undefined) return loaded.promise;
    this.#isLoading = false;
    const error = loadError(errorText.replace(/^net::/, ''), errorNumbers[errorText] ?? -2, url);
    this.emit('did-fail-load', new PreventableEvent({ sender: this }), error.errno, error.code, url, true, 0, 0);
    throw error;
  }

  reload(): void {
    this.#refuseDestroyed();
    void this.#page.then((page) => page.reload());
  }

  /** What cannot be cloned is told on the console and not sent: Electron does not throw here. */
  send(channel: string, ...args: unknown[]): void {
    if (typeof channel !== 'string') throw new TypeError('Missing required channel argument');
    this.#refuseDestroyed();
    let coded: string;
    try {
      coded = codec.encode(args);
    } catch {
      process.stderr.write('Error sending from webFrameMain:  Error: Failed to serialize arguments\n');
      return;
    }
    theMachine().ipc.push({ direction: 'to-window', kind: 'send', channel, payload: decoded(coded) });
    this.#opened?.tell({ type: 'event', channel, args: coded });
  }

  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    const page = await this.#page;
    return page.evaluate(code, userGesture);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  /** The person closes no developer tools in a test; asking for them is an error there. */
  isDevToolsOpened(): boolean {
    return false;
  }

  /** @internal */
  _setSize(size: { width: number; height: number }): void {
    void this.#page.then((page) => page.setSize(size));
  }

  /** @internal */
  _setDark(isDark: boolean): void {
    void this.#page.then((page) => page.setDark(isDark));
  }

  /** @internal the window is gone */
  _destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    all.delete(this);
    this.#frame?._detach();
    this.#loaded.reject(loadError('ERR_FAILED', -2, this.getURL()));
    this.#opened?.close();
    this.emit('destroyed', new PreventableEvent({ sender: this }));
  }

  protected override get doubledEvents(): readonly string[] {
    return [
      'will-navigate',
      'will-redirect',
      'will-attach-webview',
      'did-start-loading',
      'did-navigate',
      'did-finish-load',
      'did-fail-load',
      'did-stop-loading',
      'dom-ready',
      'page-title-updated',
      'preload-error',
      'render-process-gone',
      'ready-to-show',
      'destroyed',
    ];
  }

  async #keepPage(): Promise<void> {
    const page = await this.#page;
    this.#opened = page;
    if (this.#isDestroyed) page.close();
  }

  #refuseDestroyed(): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed');
  }

  #pageEvents(): PageEvents {
    const emit = (event: string, ...args: unknown[]): void => {
      if (!this.#isDestroyed) this.emit(event, new PreventableEvent({ sender: this }), ...args);
    };
    return {
      onMessage: (text) => this.#onMessage(text),
      onNavigation: (kind, url) => {
        const event = new PreventableEvent({ sender: this, url, isMainFrame: true, isSameDocument: false });
        this.emit(kind, event, url);
        return !event.defaultPrevented;
      },
      onNavigated: (url) => {
        this.#frame?._detach();
        this.#frame = undefined;
        emit('did-navigate', url, 200, 'OK');
      },
      onDomReady: () => emit('dom-ready'),
      onLoaded: () => {
        this.#isLoading = false;
        emit('did-finish-load');
        emit('did-stop-loading');
        this.#loaded.resolve();
      },
      onPainted: () => emit('ready-to-show'),
      onWindowOpen: (url, frameName, features) => {
        const { action } = this.#openHandler({ url, frameName, features, disposition: 'new-window' });
        if (action !== 'deny') throw notDoubled("setWindowOpenHandler's action 'allow'");
      },
      onCrash: () => {
        this.#isCrashed = true;
        emit('render-process-gone', { reason: 'crashed', exitCode: 1 });
      },
    };
  }

  #onMessage(text: string): void {
    if (this.#isDestroyed) return;
    const message: RendererMessage = JSON.parse(text);
    if (message.type === 'title') {
      this.#title = message.title;
      this.emit('page-title-updated', new PreventableEvent({ sender: this }), message.title, true);
      return;
    }
    if (message.type === 'preload-error') {
      process.stderr.write(`electron double: the preload ${message.path} failed: ${message.message}\n`);
      this.emit('preload-error', new PreventableEvent({ sender: this }), message.path, new Error(message.message));
      return;
    }
    const args = decoded(message.args);
    const { channel } = message;
    theMachine().ipc.push({ direction: 'to-main', kind: message.type, channel, payload: decoded(message.args) });
    const event = this.#ipcEvent();
    if (message.type === 'send') {
      ipcMain.emit(channel, event, ...args);
      return;
    }
    void this.#answer(message.id, channel, event, args);
  }

  async #answer(id: number, channel: string, event: object, args: unknown[]): Promise<void> {
    try {
      const coded = codec.encode(await ipcMain._invoke(channel, event, args));
      theMachine().ipc.push({ direction: 'to-window', kind: 'reply', channel, payload: [codec.decode(coded)] });
      this.#opened?.tell({ type: 'reply', id, channel, args: coded });
    } catch (error) {
      const text = String(error);
      theMachine().ipc.push({ direction: 'to-window', kind: 'error', channel, payload: [text] });
      process.stderr.write(`Error occurred in handler for '${channel}': ${text}\n`);
      this.#opened?.tell({ type: 'reply', id, channel, error: text });
    }
  }

  /** The frame that sent is null once its document is gone. */
  #ipcEvent(): object {
    const frame = this.mainFrame;
    const reply = (channel: string, ...args: unknown[]): void => this.send(channel, ...args);
    return Object.defineProperty(
      new PreventableEvent({ sender: this, type: 'frame', frameId: 1, processId: 1, ports: [], reply }),
      'senderFrame',
      { get: () => (frame.isDestroyed() ? null : frame) },
    );
  }
}

function decoded(coded: string): unknown[] {
  const args = codec.decode(coded);
  return Array.isArray(args) ? args : [args];
}

function preloadProcess(): object {
  const { platform, arch, versions, env } = process;
  return { type: 'renderer', sandboxed: true, contextIsolated: true, platform, arch, versions, env: { ...env } };
}
