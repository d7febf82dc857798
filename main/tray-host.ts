import { execFile } from 'node:child_process';

/**
 * Whether the desktop shows tray icons. Linux does through a StatusNotifierWatcher on the session bus, which stock GNOME lacks;
 * Electron does not tell (electron/electron#36333). Where nobody can be asked there is one, for all we know.
 */
export function hasTrayHost(platform: NodeJS.Platform): Promise<boolean> {
  if (platform !== 'linux') return Promise.resolve(true);
  return new Promise((resolve) => {
    execFile('gdbus', question, { timeout: 2_000 }, (error, answer) => {
      resolve(error !== null || !answer.includes('false'));
    });
  });
}

const question = [
  'call',
  '--session',
  '--dest=org.freedesktop.DBus',
  '--object-path=/org/freedesktop/DBus',
  '--method=org.freedesktop.DBus.NameHasOwner',
  'org.kde.StatusNotifierWatcher',
];
