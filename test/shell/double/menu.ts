import { Doubled, DoubledEmitter, notDoubled, PreventableEvent } from './strict.ts';

type ItemType = Electron.MenuItem['type'];
type Template = readonly (Electron.MenuItemConstructorOptions | MenuItem)[];

const types: ReadonlySet<string> = new Set([
  'normal',
  'separator',
  'submenu',
  'checkbox',
  'radio',
  'header',
  'palette',
]);
/** What a role is called where the template does not say. */
const roleLabels: Readonly<Record<string, string>> = {
  quit: 'Quit',
  close: 'Close Window',
  minimize: 'Minimize',
  copy: 'Copy',
  paste: 'Paste',
  cut: 'Cut',
  undo: 'Undo',
  redo: 'Redo',
  selectall: 'Select All',
  about: 'About',
  hide: 'Hide',
  front: 'Bring All to Front',
  zoom: 'Zoom',
  editmenu: 'Edit',
  windowmenu: 'Window',
  filemenu: 'File',
  viewmenu: 'View',
  appmenu: '',
  help: 'Help',
  window: 'Window',
};

/** One line of a menu (lib/browser/api/menu-item.ts). */
export class MenuItem extends Doubled {
  static #lastCommand = 0;
  readonly commandId = (MenuItem.#lastCommand += 1);
  readonly type: ItemType;
  readonly role: string | undefined;
  readonly submenu: Menu | undefined;
  readonly accelerator: Electron.Accelerator | null;
  readonly id: string;
  readonly icon: Electron.NativeImage | string | undefined;
  label: string;
  sublabel: string;
  toolTip: string;
  enabled: boolean;
  visible: boolean;
  #checked: boolean;
  menu: Menu | undefined;
  readonly #click: Electron.MenuItemConstructorOptions['click'];

  constructor(options: Electron.MenuItemConstructorOptions) {
    super();
    for (const key of Object.keys(options)) {
      if (!doubledOptions.has(key)) throw notDoubled(`MenuItem option ${key}`);
    }
    const { submenu, role, type } = options;
    if (Array.isArray(submenu)) this.submenu = Menu.buildFromTemplate(submenu);
    else if (submenu instanceof Menu) this.submenu = submenu;
    this.role = role?.toLowerCase();
    this.type = type ?? (this.submenu ? 'submenu' : 'normal');
    if (this.type === 'submenu' && !this.submenu) throw new Error('Invalid submenu');
    if (!types.has(this.type)) throw new Error(`Unknown menu item type: ${this.type}`);
    this.label = options.label ?? roleLabels[this.role ?? ''] ?? '';
    this.sublabel = options.sublabel ?? '';
    this.toolTip = options.toolTip ?? '';
    this.accelerator = options.accelerator ?? null;
    this.id = options.id ?? '';
    this.icon = options.icon;
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.#checked = options.checked ?? false;
    this.#click = options.click;
  }

  get checked(): boolean {
    return this.#checked;
  }

  /** Of the radio items that stand together one is checked. */
  set checked(isChecked: boolean) {
    if (this.type !== 'radio') {
      this.#checked = isChecked;
      return;
    }
    for (const other of this.menu?._groupOf(this) ?? []) other.#checked = false;
    this.#checked = true;
  }

  /** As if it were chosen: the mark changes first. */
  click(event: object = {}, window?: Electron.BaseWindow): void {
    if (this.type === 'checkbox' || this.type === 'radio') this.checked = !this.checked;
    if (this.role !== undefined && this.#click === undefined) throw notDoubled(`the menu role ${this.role}`);
    if (this.#click) Reflect.apply(this.#click, undefined, [this, window, event]);
  }
}

const doubledOptions: ReadonlySet<string> = new Set([
  'label',
  'type',
  'role',
  'submenu',
  'click',
  'enabled',
  'visible',
  'checked',
  'id',
  'accelerator',
  'sublabel',
  'toolTip',
  'icon',
  'registerAccelerator',
  'acceleratorWorksWhenHidden',
]);

/** A menu: its items as they are now. */
export class Menu extends DoubledEmitter {
  static #applicationMenu: Menu | null = null;
  readonly items: MenuItem[] = [];

  static buildFromTemplate(template: Template): Menu {
    if (!Array.isArray(template)) throw new TypeError('Invalid template for Menu: Menu template must be an array');
    const isValid = (entry: unknown): boolean =>
      typeof entry === 'object' &&
      entry !== null &&
      ('label' in entry || 'role' in entry || ('type' in entry && entry.type === 'separator'));
    if (!template.every(isValid)) {
      throw new TypeError('Invalid template for MenuItem: must have at least one of label, role or type');
    }
    const menu = new Menu();
    for (const entry of withoutExtraSeparators(template)) {
      menu.append(entry instanceof MenuItem ? entry : new MenuItem(entry));
    }
    return menu;
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#applicationMenu = menu;
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#applicationMenu;
  }

  append(item: MenuItem): void {
    this.insert(this.items.length, item);
  }

  insert(position: number, item: MenuItem): void {
    if (!(item instanceof MenuItem)) throw new TypeError('Invalid item');
    if (position > this.items.length)
      throw new RangeError(`Position ${position} cannot be greater than the total MenuItem count`);
    if (position < 0) throw new RangeError(`Position ${position} cannot be less than 0`);
    item.menu = this;
    this.items.splice(position, 0, item);
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }

  popup(): void {
    this.emit('menu-will-show', new PreventableEvent({ sender: this }));
  }

  closePopup(): void {
    this.emit('menu-will-close', new PreventableEvent({ sender: this }));
  }

  /** @internal in a group of radio items without a mark the first is marked, once it is shown */
  _willShow(): void {
    for (const item of this.items) {
      if (item.type === 'radio' && this._groupOf(item).every(({ checked }) => !checked)) item.checked = true;
    }
  }

  /** @internal the radio items around one, up to the next separator */
  _groupOf(item: MenuItem): MenuItem[] {
    const at = this.items.indexOf(item);
    const isEnd = (each: MenuItem): boolean => each.type === 'separator';
    const start = this.items.findLastIndex((each, index) => index < at && isEnd(each)) + 1;
    const end = this.items.findIndex((each, index) => index > at && isEnd(each));
    return this.items.slice(start, end < 0 ? undefined : end).filter(({ type }) => type === 'radio');
  }

  protected override get doubledEvents(): readonly string[] {
    return ['menu-will-show', 'menu-will-close'];
  }
}

/** Separators that stand together are one, and none is at an end. */
function withoutExtraSeparators(template: Template): Template {
  const isSeparator = (entry: Template[number] | undefined): boolean =>
    entry?.type === 'separator' && entry.visible !== false;
  return template
    .filter((entry, at, all) => !isSeparator(entry) || at === 0 || all[at - 1]?.type !== 'separator')
    .filter((entry, at, all) => !isSeparator(entry) || (at !== 0 && at !== all.length - 1));
}
