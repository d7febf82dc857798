import { expect } from '@playwright/test';
import { docs, source, type Fact } from './fact.ts';

/** Menus, the tray and its pictures. */
export const menuFacts: readonly Fact[] = [
  {
    says: 'a line of a template has a label, a role or is a separator',
    source: source('lib/browser/api/menu.ts'),
    async check({ shell }) {
      const thrown = await shell.evaluate(({ Menu }) => {
        try {
          Menu.buildFromTemplate([{ click: () => undefined }]);
          return '';
        } catch (error) {
          return String(error);
        }
      });
      expect(thrown).toBe('TypeError: Invalid template for MenuItem: must have at least one of label, role or type');
    },
  },
  {
    says: 'a type that there is not throws',
    source: source('lib/browser/api/menu-item.ts'),
    async check({ shell }) {
      const thrown = await shell.evaluate(({ MenuItem }) => {
        try {
          Reflect.construct(MenuItem, [{ label: 'a', type: 'slider' }]);
          return '';
        } catch (error) {
          return String(error);
        }
      });
      expect(thrown).toBe('Error: Unknown menu item type: slider');
    },
  },
  {
    says: 'separators at the ends are left out, and those that stand together are one',
    source: source('lib/browser/api/menu.ts'),
    async check({ shell }) {
      const types = await shell.evaluate(({ Menu }) =>
        Menu.buildFromTemplate([
          { type: 'separator' },
          { label: 'a' },
          { type: 'separator' },
          { type: 'separator' },
          { label: 'b' },
          { type: 'separator' },
        ]).items.map(({ type }) => type),
      );
      expect(types).toEqual(['normal', 'separator', 'normal']);
    },
  },
  {
    says: 'of the radio lines that stand together one is marked; a separator begins another group',
    source: source('lib/browser/api/menu.ts'),
    async check({ shell }) {
      const marks = await shell.evaluate(({ Menu }) => {
        const { items } = Menu.buildFromTemplate([
          { label: 'a', type: 'radio', checked: true },
          { label: 'b', type: 'radio' },
          { type: 'separator' },
          { label: 'c', type: 'radio', checked: true },
        ]);
        const [, second] = items;
        if (second) second.checked = true;
        return items.filter(({ type }) => type === 'radio').map(({ checked }) => checked);
      });
      expect(marks).toEqual([false, true, true]);
    },
  },
  {
    says: 'a checkbox has its mark turned before its click is told',
    source: source('lib/browser/api/menu-item.ts'),
    async check({ shell }) {
      const seen = await shell.evaluate(({ Menu }) => {
        const marks: boolean[] = [];
        const { items } = Menu.buildFromTemplate([
          { label: 'a', type: 'checkbox', click: (item) => marks.push(item.checked) },
        ]);
        const [item] = items;
        item?.click();
        item?.click();
        return marks;
      });
      expect(seen).toEqual([true, false]);
    },
  },
  {
    says: 'a line with a submenu is found by its number in the submenu, too',
    source: docs('api/menu#menugetmenuitembyidid'),
    async check({ shell }) {
      const got = await shell.evaluate(({ Menu }) => {
        const menu = Menu.buildFromTemplate([{ label: 'a', submenu: [{ label: 'b', id: 'deep' }] }]);
        return [menu.items[0]?.type, menu.getMenuItemById('deep')?.label, menu.getMenuItemById('none')];
      });
      expect(got).toEqual(['submenu', 'b', null]);
    },
  },
  {
    says: 'no tray before the app is ready',
    source: source('shell/browser/api/electron_api_tray.cc'),
    async check({ shell }) {
      expect(await shell.evaluate(() => globalThis.fixture.early.tray)).toBe('Cannot create Tray before app is ready');
    },
  },
  {
    says: 'a tray takes a menu or null, and refuses to be used once it is destroyed',
    source: source('shell/browser/api/electron_api_tray.cc'),
    async check({ shell }) {
      const got = await shell.evaluate(({ Tray, nativeImage }) => {
        const tray = new Tray(nativeImage.createEmpty());
        const thrown = (call: () => unknown): string => {
          try {
            call();
            return '';
          } catch (error) {
            return String(error);
          }
        };
        const wrong = thrown(() => Reflect.apply(Reflect.get(tray, 'setContextMenu'), tray, ['menu']));
        tray.setContextMenu(null);
        tray.destroy();
        return [wrong, tray.isDestroyed(), thrown(() => tray.setToolTip('late'))];
      });
      expect(got).toEqual(['TypeError: Must pass Menu or null', true, 'Error: Tray is destroyed']);
    },
  },
  {
    says: 'on Linux a changed menu is shown once it is set again',
    source: docs('api/tray#platform-considerations'),
    isOfDouble: true,
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      await shell.evaluate(({ Menu, nativeImage, Tray }) => {
        const tray = new Tray(nativeImage.createEmpty());
        const menu = Menu.buildFromTemplate([{ label: 'a', id: 'a' }]);
        tray.setContextMenu(menu);
        const [item] = menu.items;
        if (item) item.enabled = false;
        Object.assign(globalThis, { tray, menu });
      });
      const isEnabled = (): Promise<boolean | undefined> =>
        shell.control((controls) => controls.tray()?.menu[0]?.enabled);
      expect(await isEnabled()).toBe(true);
      await shell.evaluate(() => Reflect.get(globalThis, 'tray').setContextMenu(Reflect.get(globalThis, 'menu')));
      expect(await isEnabled()).toBe(false);
    },
  },
  {
    says: 'on macOS without a menu of its own a right click is told, and the menu that is popped up is shown',
    source: docs('api/tray#event-right-click-macos-windows'),
    isOfDouble: true,
    async check({ launch }) {
      const shell = await launch({ platform: 'darwin' });
      await shell.page('index.html');
      await shell.evaluate(({ Menu, nativeImage, Tray }) => {
        const tray = new Tray(nativeImage.createEmpty());
        tray.on('right-click', () => tray.popUpContextMenu(Menu.buildFromTemplate([{ label: 'popped' }])));
      });
      expect(await shell.control((controls) => controls.tray()?.menu[0]?.label)).toBe('popped');
    },
  },
  {
    says: 'a picture that is not there is an empty one',
    source: docs('api/native-image#nativeimagecreatefrompathpath'),
    async check({ shell }) {
      const isEmpty = await shell.evaluate(({ nativeImage }) => nativeImage.createFromPath('/no/such.png').isEmpty());
      expect(isEmpty).toBe(true);
    },
  },
];
