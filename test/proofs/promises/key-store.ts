import assert from 'node:assert/strict';
import { copyFileSync, readdirSync } from 'node:fs';
import { until } from '../../proxy/serving.ts';
import { command } from '../../support/command.ts';
import { dialogOf, startDesktop, type Desktop } from './desktop-world.ts';
import type { PromiseRow } from './row.ts';
import { refusalOf, said, undated } from './told.ts';

/**
 * The system's keyring, which guards the desktop app's key, says no. The app is the built one, on the double of Electron, whose
 * `safeStorage` locks, forgets and falls back as Electron's does.
 */
export const keyStoreFaults: readonly PromiseRow[] = [
  ...[
    { fault: 'the keyring is locked when the desktop app starts', secrets: 'locked' as const },
    {
      fault: 'the keyring is gone when the desktop app starts (its service does not answer)',
      secrets: 'unavailable' as const,
    },
    {
      fault: 'the desktop has no keyring any more, and Electron falls back to a key that everybody knows',
      secrets: 'v10' as const,
    },
  ].map(({ fault, secrets }): PromiseRow => ({
    fault,
    promise: 'nothing is overwritten; the app asks, and goes on when the keyring is back',
    async prove(plant) {
      await using desktop = await startDesktop();
      const before = readBoxes(desktop);
      await using shell = await desktop.launch({ secrets: plant(() => secrets) ?? 'v11' });
      const asked = await dialogOf(shell);
      assert.deepEqual(readBoxes(desktop), before);
      await shell.control((controls) => {
        controls.setSecrets('v11');
        controls.answerDialogs([{ kind: 'message', response: 0 }]);
      });
      return { sees: `"${undated(asked)}"`, kept: `with the keyring back: ${await desktop.kept(shell)}` };
    },
  })),
  {
    fault: 'the keyring is locked at a start at login that nobody watches',
    promise: 'the app waits without a window and without asking, and serves as soon as the keyring is unlocked',
    async prove(plant) {
      await using desktop = await startDesktop();
      await using shell = await desktop.launch({ secrets: plant(() => 'locked') ?? 'v11', args: ['--hidden'] });
      await shell.evaluate(({ safeStorage }) => {
        const open = safeStorage.decryptStringAsync.bind(safeStorage);
        safeStorage.decryptStringAsync = (sealed) =>
          open(sealed).catch((error: unknown) => {
            process.stderr.write('the keyring did not open\n');
            throw error;
          });
      });
      await until(() => shell.output().includes('the keyring did not open'), 'it has looked in vain');
      const shown = await shell.control((controls) => [
        controls.dialogs().length,
        controls.tray()?.tooltip ?? 'no tray',
      ]);
      assert.deepEqual(shown, [0, 'no tray']);
      await shell.control((controls) => controls.setSecrets('v11'));
      return {
        sees: 'nothing: no window, no question',
        kept: `with the keyring back: ${await desktop.kept(shell)}`,
      };
    },
  },
  {
    fault: 'the keyring is locked while the desktop app runs',
    promise: 'the app goes on, and renewed logins are sealed and kept as before',
    async prove(plant) {
      await using desktop = await startDesktop();
      await using shell = await desktop.launch({ secrets: 'v11' });
      await desktop.kept(shell);
      await plant(() => shell.control((controls) => controls.setSecrets('locked')));
      await assert.rejects(shell.evaluate(async ({ safeStorage }) => void (await safeStorage.encryptStringAsync('x'))));
      desktop.account.expireAccessTokens();
      const before = desktop.read('accounts.json');
      const text = await desktop.kept(shell);
      assert.notEqual(desktop.read('accounts.json'), before);
      return { sees: '200, the whole answer', kept: text };
    },
  },
  {
    fault: 'the keyring has lost its key for good',
    promise:
      'a new key is made only when the person says so, twice; the old one is kept aside, and opens all again should the keyring find it',
    async prove(plant) {
      await using desktop = await startDesktop();
      const sealed = desktop.read('master.key.sealed');
      let sees = '';
      let aside = '';
      {
        await using shell = await desktop.launch({ secrets: 'unavailable' });
        await dialogOf(shell);
        await plant(() => shell.control((controls) => controls.loseSecrets()));
        await shell.control((controls) => {
          controls.setSecrets('v11');
          controls.answerDialogs([
            { kind: 'message', response: 0 },
            { kind: 'message', response: 2 },
            { kind: 'message', response: 1 },
          ]);
        });
        aside = await desktop.kept(shell, 'logins', 'key');
        const { out } = await command(desktop.env, 'doctor');
        const [locked] = /The account "[^"]+" cannot be opened[^.]*\./.exec(out) ?? [];
        assert.ok(locked, out);
        sees = locked;
        await shell.quit();
      }
      const name = readdirSync(desktop.path('.')).find((each) => each.startsWith('master.key.sealed.lost-')) ?? '';
      assert.equal(desktop.read(name), sealed);
      copyFileSync(desktop.path(name), desktop.path('master.key.sealed'));
      await using shell = await desktop.launch({ secrets: 'v11' });
      return {
        sees: `two questions, then "${sees}"`,
        kept: `${aside}; with the old key back: ${await desktop.kept(shell)}`,
      };
    },
  },
  {
    fault: 'a command is run while the desktop app, whose keyring has the key, is closed',
    promise: 'it is refused in words and makes no key of its own',
    async prove(plant) {
      await using desktop = await startDesktop();
      const before = readBoxes(desktop);
      const isClosed = plant(() => true) ?? false;
      await using running = isClosed ? undefined : await desktop.launch({ secrets: 'v11' });
      if (running) await desktop.kept(running);
      const error = refusalOf(await command(desktop.env, 'accounts', 'list', '--json'));
      assert.equal(error.code, 'key-in-keychain');
      assert.deepEqual(readBoxes(desktop), before);
      assert.ok(!readdirSync(desktop.path('.')).includes('master.key'));
      await using shell = await desktop.launch({ secrets: 'v11' });
      return { sees: `exit code 1, ${said(error)}`, kept: `with the app open again: ${await desktop.kept(shell)}` };
    },
  },
];

/** Everything that is sealed. */
function readBoxes(desktop: Desktop): string[] {
  return ['master.key.sealed', 'accounts.json', 'keys.json'].map((name) => desktop.read(name));
}
