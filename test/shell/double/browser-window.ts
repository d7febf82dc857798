import { app } from './app.ts';
import { openWindows, type OpenWindow } from './open-windows.ts';
import { requireReady } from './readiness.ts';
import { workArea } from './screen.ts';
import { DoubledEmitter, notDoubled, PreventableEvent } from './strict.ts';
import { WebContents } from './web-contents.ts';

type Member =
  | 'id'
  | 'title'
  | 'loadURL'
  | 'show'
  | 'showInactive'
  | 'hide'
  | 'focus'
  | 'blur'
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'isVisible'
  | 'isFocused'
  | 'isMinimized'
  | 'isMaximized'
  | 'isFullScreen'
  | 'minimize'
  | 'maximize'
  | 'unmaximize'
  | 'restore'
  | 'getBounds'
  | 'setBounds'
  | 'getSize'
  | 'setSize'
  | 'getPosition'
  | 'setPosition'
  | 'getContentSize'
  | 'getContentBounds'
  | 'center'
  | 'getTitle'
  | 'setTitle'
  | 'setAlwaysOnTop'
  | 'isAlwaysOnTop'
  | 'setBackgroundColor'
  | 'getBackgroundColor'
  | 'setMenuBarVisibility'
  | 'removeMenu'
  | 'setSkipTaskbar'
  | 'moveTop'
  | 'reload'
  | 'setVisibleOnAllWorkspaces'
  | 'setMenu'
  | 'isResizable'
  | 'getMinimumSize';

const all = new Set<BrowserWindow>();
let focused: BrowserWindow | undefined;

/** A window: a page of Chromium, and what a window manager would know of it. No pixel of its frame is drawn. */
export class BrowserWindow extends DoubledEmitter implements Pick<Electron.BrowserWindow, Member>, OpenWindow {
  static #lastId = 0;
  readonly id = (BrowserWindow.#lastId += 1);
  readonly webContents: WebContents;
  readonly #options: Electron.BrowserWindowConstructorOptions;
  #bounds: Electron.Rectangle;
  #title: string;
  #background: string;
  #isVisible = false;
  #isMinimized = false;
  #isMaximized = false;
  #isOnTop: boolean;
  #isDestroyed = false;
  #isClosing = false;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    requireReady('Cannot create BrowserWindow');
    super();
    refuseUnsafe(options.webPreferences ?? {});
    this.#options = options;
    this.#title = options.title ?? app.getName();
    this.#background = options.backgroundColor ?? '#FFF';
    this.#isOnTop = options.alwaysOnTop === true;
    const { width = 800, height = 600 } = options;
    this.#bounds = { ...centred(width, height), ...only({ x: options.x, y: options.y }), width, height };
    this.webContents = new WebContents(options.webPreferences ?? {}, { width, height });
    all.add(this);
    openWindows.add(this);
    this.webContents.once('ready-to-show', () => this.emit('ready-to-show', new PreventableEvent({ sender: this })));
    this.webContents.on('page-title-updated', (_event: object, title: string) => this.#onPageTitle(title));
    app.emit('browser-window-created', new PreventableEvent({ sender: app }), this);
    if (options.show !== false) this.show();
  }

  static getAllWindows(): BrowserWindow[] {
    return [...all];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return focused ?? null;
  }

  static fromId(id: number): BrowserWindow | null {
    return [...all].find((window) => window.id === id) ?? null;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...all].find((window) => window.webContents === contents) ?? null;
  }

  get title(): string {
    return this.#title;
  }

  set title(title: string) {
    this.setTitle(title);
  }

  loadURL(url: string): Promise<void> {
    this.#refuseDestroyed();
    return this.webContents.loadURL(url);
  }

  reload(): void {
    this.webContents.reload();
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    this.#refuseDestroyed();
    if (this.#isVisible) return;
    this.#isVisible = true;
    this.#tell('show');
  }

  hide(): void {
    this.#refuseDestroyed();
    if (!this.#isVisible) return;
    this.blur();
    this.#isVisible = false;
    this.#tell('hide');
  }

  focus(): void {
    this.#refuseDestroyed();
    if (!this.#isVisible || focused === this) return;
    focused?.blur();
    setFocused(this);
    this.#tell('focus');
    app.emit('browser-window-focus', new PreventableEvent({ sender: app }), this);
  }

  blur(): void {
    if (focused !== this) return;
    focused = undefined;
    this.#tell('blur');
    app.emit('browser-window-blur', new PreventableEvent({ sender: app }), this);
  }

  isVisible(): boolean {
    this.#refuseDestroyed();
    return this.#isVisible && !this.#isMinimized;
  }

  isFocused(): boolean {
    return focused === this;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  isMinimized(): boolean {
    return this.#isMinimized;
  }

  isMaximized(): boolean {
    return this.#isMaximized;
  }

  isFullScreen(): boolean {
    return false;
  }

  isResizable(): boolean {
    return this.#options.resizable !== false;
  }

  minimize(): void {
    this.#isMinimized = true;
    this.blur();
    this.#tell('minimize');
  }

  restore(): void {
    if (!this.#isMinimized) return;
    this.#isMinimized = false;
    this.#tell('restore');
  }

  maximize(): void {
    this.#isMaximized = true;
    this.#tell('maximize');
  }

  unmaximize(): void {
    this.#isMaximized = false;
    this.#tell('unmaximize');
  }

  moveTop(): void {
    this.#refuseDestroyed();
  }

  getBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#refuseDestroyed();
    const before = this.#bounds;
    const { width: leastWidth, height: leastHeight } = this.#least();
    const next = { ...before, ...only(bounds) };
    this.#bounds = {
      ...next,
      width: Math.max(next.width, leastWidth),
      height: Math.max(next.height, leastHeight),
    };
    const { x, y, width, height } = this.#bounds;
    if (x !== before.x || y !== before.y) this.#tell('move');
    if (width === before.width && height === before.height) return;
    this.webContents._setSize(this.#bounds);
    this.#tell('resize');
  }

  getContentBounds(): Electron.Rectangle {
    return this.getBounds();
  }

  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height];
  }

  getContentSize(): number[] {
    return this.getSize();
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  getMinimumSize(): number[] {
    const { width, height } = this.#least();
    return [width, height];
  }

  getPosition(): number[] {
    return [this.#bounds.x, this.#bounds.y];
  }

  setPosition(x: number, y: number): void {
    if (!Number.isInteger(x) || !Number.isInteger(y)) throw new TypeError('Error processing argument at index 0');
    this.setBounds({ x, y });
  }

  center(): void {
    this.setBounds(centred(this.#bounds.width, this.#bounds.height));
  }

  getTitle(): string {
    return this.#title;
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  setAlwaysOnTop(isOnTop: boolean): void {
    this.#isOnTop = isOnTop;
  }

  isAlwaysOnTop(): boolean {
    return this.#isOnTop;
  }

  setBackgroundColor(colour: string): void {
    this.#background = colour;
  }

  getBackgroundColor(): string {
    return this.#background;
  }

  setMenuBarVisibility(): void {}

  removeMenu(): void {}

  setMenu(): void {}

  setSkipTaskbar(): void {}

  setVisibleOnAllWorkspaces(): void {}

  close(): void {
    if (this.#isDestroyed || this.#isClosing) return;
    const event = new PreventableEvent({ sender: this });
    this.emit('close', event);
    if (event.defaultPrevented) {
      app._stayOpen();
      return;
    }
    // The page is asked before it goes.
    this.#isClosing = true;
    setImmediate(() => this.destroy());
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    if (focused === this) focused = undefined;
    all.delete(this);
    this.webContents._destroy();
    this.emit('closed', new PreventableEvent({ sender: this }));
    openWindows.delete(this);
    if (openWindows.size === 0) app._onLastWindow();
  }

  protected override get doubledEvents(): readonly string[] {
    return [
      'ready-to-show',
      'show',
      'hide',
      'focus',
      'blur',
      'close',
      'closed',
      'minimize',
      'restore',
      'maximize',
      'unmaximize',
      'move',
      'moved',
      'resize',
      'resized',
      'page-title-updated',
    ];
  }

  #onPageTitle(title: string): void {
    const event = new PreventableEvent({ sender: this });
    this.emit('page-title-updated', event, title, true);
    if (!event.defaultPrevented) this.#title = title;
  }

  #least(): { width: number; height: number } {
    return { width: this.#options.minWidth ?? 0, height: this.#options.minHeight ?? 0 };
  }

  #tell(event: string): void {
    this.emit(event, new PreventableEvent({ sender: this }));
  }

  #refuseDestroyed(): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed');
  }
}

/** The double has an isolated world and a sandboxed preload only. */
function refuseUnsafe(preferences: Electron.WebPreferences): void {
  const { sandbox, contextIsolation, nodeIntegration, webSecurity, partition, session, webviewTag } = preferences;
  if (sandbox === false) throw notDoubled('webPreferences.sandbox = false');
  if (contextIsolation === false) throw notDoubled('webPreferences.contextIsolation = false');
  if (nodeIntegration === true) throw notDoubled('webPreferences.nodeIntegration = true');
  if (webSecurity === false) throw notDoubled('webPreferences.webSecurity = false');
  if (webviewTag === true) throw notDoubled('webPreferences.webviewTag = true');
  if (partition !== undefined || session !== undefined) throw notDoubled('webPreferences.session');
}

function centred(width: number, height: number): { x: number; y: number } {
  return {
    x: Math.round(workArea.x + (workArea.width - width) / 2),
    y: Math.round(workArea.y + (workArea.height - height) / 2),
  };
}

function only(bounds: { [K in keyof Electron.Rectangle]?: number | undefined }): Partial<Electron.Rectangle> {
  return Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined));
}

function setFocused(window: BrowserWindow): void {
  focused = window;
}
