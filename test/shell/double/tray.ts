import { theMachine } from './machine.ts';
import { Menu, type MenuItem } from './menu.ts';
import { NativeImage } from './native-image.ts';
import { requireReady } from './readiness.ts';
import { DoubledEmitter, PreventableEvent } from './strict.ts';

type Member =
  | 'destroy'
  | 'isDestroyed'
  | 'setToolTip'
  | 'setTitle'
  | 'getTitle'
  | 'getBounds'
  | 'setIgnoreDoubleClickEvents'
  | 'closeContextMenu';

const all = new Set<Tray>();

/** What a menu shows, line by line. */
export interface ShownItem {
  readonly label: string;
  readonly type: MenuItem['type'];
  readonly enabled: boolean;
  readonly visible: boolean;
  readonly checked: boolean;
  readonly submenu: readonly ShownItem[];
  /** @internal */
  readonly item: MenuItem;
}

/** The icon in the tray. No picture of it is drawn. */
export class Tray extends DoubledEmitter implements Pick<Electron.Tray, Member> {
  #image: NativeImage;
  #toolTip = '';
  #title = '';
  #menu: Menu | null = null;
  #exported: readonly ShownItem[] | undefined;
  #poppedUp: Menu | undefined;
  #isDestroyed = false;

  constructor(image: NativeImage | string) {
    requireReady('Cannot create Tray');
    super();
    this.#image = pictureOf(image);
    all.add(this);
  }

  /** @internal */
  static _all(): Tray[] {
    return [...all];
  }

  setImage(image: NativeImage | string): void {
    this.#refuseDestroyed();
    this.#image = pictureOf(image);
  }

  setToolTip(text: string): void {
    this.#refuseDestroyed();
    this.#toolTip = text;
  }

  setTitle(title: string): void {
    this.#refuseDestroyed();
    this.#title = title;
  }

  getTitle(): string {
    this.#refuseDestroyed();
    return theMachine().options.platform === 'darwin' ? this.#title : '';
  }

  setIgnoreDoubleClickEvents(): void {
    this.#refuseDestroyed();
  }

  /** On Linux the desktop is handed the menu as it is now, and shows that until it is handed another. */
  setContextMenu(menu: Menu | null): void {
    this.#refuseDestroyed();
    if (menu !== null && !(menu instanceof Menu)) throw new TypeError('Must pass Menu or null');
    this.#menu = menu;
    this.#exported = menu && theMachine().options.platform === 'linux' ? shown(menu) : undefined;
  }

  popUpContextMenu(menu?: Menu): void {
    this.#refuseDestroyed();
    this.#poppedUp = menu ?? this.#menu ?? undefined;
  }

  closeContextMenu(): void {
    this.#poppedUp = undefined;
  }

  /** Linux tells no place. */
  getBounds(): Electron.Rectangle {
    this.#refuseDestroyed();
    if (theMachine().options.platform === 'linux') return { x: 0, y: 0, width: 0, height: 0 };
    return { x: 1800, y: 4, width: 24, height: 24 };
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  destroy(): void {
    this.#isDestroyed = true;
    all.delete(this);
  }

  /** @internal what a person would see */
  get _look(): { image: string; isTemplate: boolean; size: Electron.Size; tooltip: string; title: string } {
    const image = this.#image;
    return {
      image: image._path,
      isTemplate: image.isTemplateImage(),
      size: image.getSize(),
      tooltip: this.#toolTip,
      title: this.#title,
    };
  }

  /** @internal the menu that a right click brings up */
  _openMenu(): readonly ShownItem[] {
    const { platform } = theMachine().options;
    if (platform === 'linux') return this.#exported ?? [];
    if (this.#menu) return shown(this.#menu);
    this.#poppedUp = undefined;
    this._click('right-click');
    const menu: Menu | undefined = this.#poppedUp;
    return menu ? shown(menu) : [];
  }

  /** @internal */
  _click(kind: 'click' | 'right-click' | 'double-click'): void {
    const bounds = this.getBounds();
    this.emit(kind, new PreventableEvent({ sender: this }), bounds, { x: bounds.x, y: bounds.y });
  }

  protected override get doubledEvents(): readonly string[] {
    return ['click', 'right-click', 'double-click'];
  }

  #refuseDestroyed(): void {
    if (this.#isDestroyed) throw new Error('Tray is destroyed');
  }
}

function pictureOf(image: NativeImage | string): NativeImage {
  if (typeof image !== 'string') return image;
  const picture = NativeImage.createFromPath(image);
  if (picture.isEmpty()) throw new Error(`Failed to load image from path '${image}'`);
  return picture;
}

function shown(menu: Menu): readonly ShownItem[] {
  menu._willShow();
  return menu.items.map((item) => ({
    label: withoutMnemonics(item.label),
    type: item.type,
    enabled: item.enabled,
    visible: item.visible,
    checked: item.checked,
    submenu: item.submenu ? shown(item.submenu) : [],
    item,
  }));
}

/** An ampersand underlines the letter behind it, and two of them are one, on every platform. */
function withoutMnemonics(label: string): string {
  return label.replaceAll(/&(.?)/gu, '$1');
}
