import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  autostartEntry,
  autostartItem,
  autostartPath,
  systemLoginItem,
  type SystemList,
} from '../../main/login-item.ts';
import { temporaryFolder } from '../support/engine.ts';

const desktopName = 'io.example.App';

describe('start at login on Linux', () => {
  it('is an entry that is there or not, in the folder of the XDG specification', async () => {
    using folder = temporaryFolder();
    const options = { env: {}, home: folder.path, command: ['/opt/Kiro Pool/kiro-pool'], desktopName };
    const item = autostartItem(options);
    expect(await item.isOn()).toBe(false);
    await item.set(true);
    expect(await item.isOn()).toBe(true);
    expect(readFileSync(folder.file('.config/autostart/io.example.App.desktop'), 'utf8')).toContain(
      'Exec="/opt/Kiro Pool/kiro-pool" --hidden\n',
    );
    await item.set(false);
    expect(await item.isOn()).toBe(false);
    await item.set(false);
  });

  it('is off when the desktop has hidden the entry', async () => {
    using folder = temporaryFolder();
    const options = { env: { XDG_CONFIG_HOME: folder.path }, home: '/nowhere', command: ['/bin/app'], desktopName };
    const item = autostartItem(options);
    await item.set(true);
    const path = autostartPath(options);
    expect(existsSync(path)).toBe(true);
    const entry = readFileSync(path, 'utf8');
    writeFileSync(path, `${entry}Hidden=true\n`);
    expect(await item.isOn()).toBe(false);
    writeFileSync(path, entry.replace('Autostart-enabled=true', 'Autostart-enabled=false'));
    expect(await item.isOn()).toBe(false);
  });

  it('tells when the entry starts something else, as after the app was moved', async () => {
    using folder = temporaryFolder();
    const options = { env: {}, home: folder.path, command: ['/opt/new/kiro-pool'], desktopName };
    const item = autostartItem(options);
    expect(await item.problem()).toBeNull();
    await autostartItem({ ...options, command: ['/opt/old/kiro-pool'] }).set(true);
    expect(await item.problem()).toBe('The entry starts something else: /opt/old/kiro-pool --hidden');
    await item.set(true);
    expect(await item.problem()).toBeNull();
  });

  it('starts the AppImage itself, not the mount that it runs from', () => {
    const entry = autostartEntry({
      env: { APPIMAGE: '/home/me/Kiro-Pool.AppImage' },
      command: ['/tmp/.mount_x/kiro-pool'],
    });
    expect(entry).toContain('Exec=/home/me/Kiro-Pool.AppImage --hidden\n');
  });

  it('quotes what the specification wants quoted', () => {
    const exec = (program: string): string | undefined =>
      /^Exec=(.*) --hidden$/m.exec(autostartEntry({ env: {}, command: [program] }))?.[1];
    expect(exec('/opt/100%/app')).toBe('/opt/100%%/app');
    expect(exec('/opt/a"b/app')).toBe(String.raw`"/opt/a\\"b/app"`);
    expect(exec('/opt/$HOME/app')).toBe(String.raw`"/opt/\\$HOME/app"`);
  });

  const validator = '/usr/bin/desktop-file-validate';
  it.skipIf(!existsSync(validator))(
    'is valid for desktop-file-validate (skipped where desktop-file-utils are not installed)',
    () => {
      using folder = temporaryFolder();
      const path = folder.file('io.example.App.desktop');
      writeFileSync(path, autostartEntry({ env: {}, command: ['/opt/Kiro Pool/kiro-pool', '/opt/a$b'] }));
      expect(execFileSync(validator, [path], { encoding: 'utf8' })).toBe('');
    },
  );
});

describe('start at login on macOS and Windows', () => {
  function list(): SystemList & { readonly args: (string[] | undefined)[] } {
    let isOn = false;
    const args: (string[] | undefined)[] = [];
    return {
      args,
      getLoginItemSettings: (options) => {
        args.push(options?.args);
        return { openAtLogin: isOn };
      },
      setLoginItemSettings: (settings) => {
        args.push(settings.args);
        isOn = settings.openAtLogin;
      },
    };
  }

  it('is what the system says, and is asked for with the arguments it was set with', async () => {
    const windows = list();
    const item = systemLoginItem(windows, 'win32');
    await item.set(true);
    expect(await item.isOn()).toBe(true);
    expect(windows.args).toEqual([['--hidden'], ['--hidden']]);
  });

  it('gives macOS no arguments, which it would drop', async () => {
    const mac = list();
    await systemLoginItem(mac, 'darwin').set(true);
    expect(mac.args).toEqual([undefined]);
  });
});
