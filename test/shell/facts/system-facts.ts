import { expect } from '@playwright/test';
import { docs, source, type Fact } from './fact.ts';

const safeStorage = source('shell/browser/api/electron_api_safe_storage.cc');

/** What the system lends the app: its keychain, theme, clipboard, permissions. */
export const systemFacts: readonly Fact[] = [
  {
    says: 'before the app is ready nothing is sealed: not available, and sealing rejects',
    source: safeStorage,
    async check({ shell }) {
      const got = await shell.evaluate(async () => {
        const { isSealingAvailable, sealing } = globalThis.fixture.early;
        return [await isSealingAvailable, await sealing];
      });
      expect(got).toEqual([false, 'safeStorage cannot be used before app is ready']);
    },
  },
  {
    says: 'what is sealed is bytes, and opens as an object with the text and whether to seal again',
    source: docs('api/safe-storage#safestoragedecryptstringasyncencrypted'),
    async check({ shell }) {
      const got = await shell.evaluate(async ({ safeStorage }) => {
        const sealed = await safeStorage.encryptStringAsync('a secret');
        return [Buffer.isBuffer(sealed), sealed.includes('a secret'), await safeStorage.decryptStringAsync(sealed)];
      });
      expect(got).toEqual([true, false, { result: 'a secret', shouldReEncrypt: false }]);
    },
  },
  {
    says: 'opening takes bytes, and opens none as an empty text',
    source: safeStorage,
    async check({ shell }) {
      const got = await shell.evaluate(async ({ safeStorage }) => [
        await safeStorage.decryptStringAsync(Buffer.alloc(0)),
        await Reflect.apply(Reflect.get(safeStorage, 'decryptStringAsync'), safeStorage, ['text']).catch(
          (error: Error) => error.message,
        ),
      ]);
      expect(got).toEqual([
        { result: '', shouldReEncrypt: false },
        'Expected the first argument of decryptStringAsync() to be a buffer',
      ]);
    },
  },
  {
    says: 'on Linux sealing is always available, and the first bytes tell by whom: v10 is a key that everybody knows',
    source:
      'https://source.chromium.org/chromium/chromium/src/+/main:components/os_crypt/async/browser/posix_key_provider.cc',
    isOfDouble: true,
    async check({ launch }) {
      const shell = await launch({ secrets: 'v10' });
      await shell.page('index.html');
      const got = await shell.evaluate(async ({ safeStorage }) => [
        await safeStorage.isAsyncEncryptionAvailable(),
        (await safeStorage.encryptStringAsync('probe')).toString('latin1', 0, 3),
      ]);
      expect(got).toEqual([true, 'v10']);
    },
  },
  {
    says: 'after the keychain rotated its key, what was sealed opens and asks to be sealed again',
    source: docs('api/safe-storage#safestoragedecryptstringasyncencrypted'),
    isOfDouble: true,
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      await seal(shell);
      await shell.control((controls) => controls.rotateSecrets());
      expect(await open(shell)).toEqual({ result: 'a secret', shouldReEncrypt: true });
    },
  },
  {
    says: 'a locked keychain says that it is so for now, and a lost key that it does not open',
    source: safeStorage,
    isOfDouble: true,
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      await seal(shell);
      await shell.control((controls) => controls.setSecrets('locked'));
      expect(await open(shell)).toBe('safeStorage.decryptStringAsync is temporarily unavailable. Please try again.');
      await shell.control((controls) => {
        controls.setSecrets('v11');
        controls.loseSecrets();
      });
      expect(await open(shell)).toBe(
        'Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.',
      );
    },
  },
  {
    says: 'no session before the app is ready',
    source: source('lib/browser/api/session.ts'),
    async check({ shell }) {
      expect(await shell.evaluate(() => globalThis.fixture.early.session)).toBe(
        'Session can only be received when app is ready',
      );
    },
  },
  {
    says: 'themeSource turns what the app and its pages take for the theme',
    source: docs('api/native-theme#nativethemethemesource'),
    async check({ shell, page }) {
      const isDark = (): Promise<boolean> => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
      for (const theme of ['dark', 'light'] as const) {
        const told = await shell.evaluate(({ nativeTheme }, wanted) => {
          nativeTheme.themeSource = wanted;
          return nativeTheme.shouldUseDarkColors;
        }, theme);
        expect(told).toBe(theme === 'dark');
        await expect.poll(isDark).toBe(theme === 'dark');
      }
      await shell.evaluate(({ nativeTheme }) => {
        nativeTheme.themeSource = 'system';
      });
    },
  },
  {
    says: 'another themeSource throws',
    source: docs('api/native-theme#nativethemethemesource'),
    async check({ shell }) {
      const thrown = await shell.evaluate(({ nativeTheme }) => {
        try {
          Reflect.set(nativeTheme, 'themeSource', 'pink');
          return '';
        } catch (error) {
          return error instanceof TypeError ? 'a type error' : 'another';
        }
      });
      expect(thrown).toBe('a type error');
    },
  },
  {
    says: 'the clipboard is read and written by promises',
    source: docs('breaking-changes#planned-breaking-api-changes-440'),
    async check({ shell }) {
      const got = await shell.evaluate(async ({ clipboard }) => {
        const written = clipboard.writeText('copied');
        const isPromise = written instanceof Promise;
        await written;
        const text = await clipboard.readText();
        clipboard.clear();
        return [isPromise, text];
      });
      expect(got).toEqual([true, 'copied']);
    },
  },
  {
    says: 'a permission is what the handler answers, and granted where there is none',
    source: docs('api/session#sessetpermissionrequesthandlerhandler'),
    isOfDouble: true,
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      const ask = (): Promise<boolean> => shell.control((controls) => controls.askPermission('media'));
      expect(await ask()).toBe(true);
      await shell.evaluate(({ session }) =>
        session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false)),
      );
      expect(await ask()).toBe(false);
    },
  },
  {
    says: 'what the double does not have throws, and is not undefined',
    source: 'https://www.electronjs.org/docs/latest/api/tray',
    isOfDouble: true,
    async check({ shell }) {
      const thrown = await shell.evaluate((electron) =>
        [
          () => Reflect.get(electron, 'autoUpdater'),
          () => electron.app.getGPUFeatureStatus(),
          () => Reflect.get(electron.BrowserWindow, 'fromBrowserView'),
          () => new electron.Tray(electron.nativeImage.createEmpty()).displayBalloon({ title: '', content: '' }),
          () => electron.app.on('login', () => undefined),
        ].map((call) => {
          try {
            call();
            return 'nothing';
          } catch (error) {
            return error instanceof Error ? error.message : '';
          }
        }),
      );
      expect(thrown).toEqual([
        'electron double: autoUpdater is not doubled',
        'electron double: app.getGPUFeatureStatus is not doubled',
        'electron double: BrowserWindow.fromBrowserView is not doubled',
        'electron double: tray.displayBalloon is not doubled',
        "electron double: app.on('login') is not doubled",
      ]);
    },
  },
];

type Shell = Parameters<Fact['check']>[0]['shell'];

async function seal(shell: Shell): Promise<void> {
  await shell.evaluate(async ({ safeStorage }) => {
    Object.assign(globalThis, { sealed: await safeStorage.encryptStringAsync('a secret') });
  });
}

/** What the sealed opens as, or the text of the refusal. */
function open(shell: Shell): Promise<unknown> {
  return shell.evaluate(({ safeStorage }) =>
    safeStorage.decryptStringAsync(Reflect.get(globalThis, 'sealed')).catch((error: Error) => error.message),
  );
}
