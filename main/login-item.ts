import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../app/store/atomic-write.ts';
import { words } from './words.ts';

/** Started with this, the app opens no window. */
export const hiddenFlag = '--hidden';

/** The app among what the system starts at login. */
export interface LoginItem {
  isOn(): Promise<boolean>;
  set(isOn: boolean): Promise<void>;
  /** Why it would not start this app, one sentence; null when it would, or is off. */
  problem(): Promise<string | null>;
}

/** What `app.setLoginItemSettings` and its reader are, where the system has a list of its own. */
export interface SystemList {
  getLoginItemSettings(options?: { args?: string[] }): { readonly openAtLogin: boolean };
  setLoginItemSettings(settings: { openAtLogin: boolean; args?: string[] }): void;
}

/** macOS and Windows keep the list themselves. macOS drops the arguments: there `wasOpenedAtLogin` tells. */
export function systemLoginItem(list: SystemList, platform: NodeJS.Platform): LoginItem {
  const args = platform === 'win32' ? { args: [hiddenFlag] } : {};
  return {
    isOn: () => Promise.resolve(list.getLoginItemSettings(args).openAtLogin),
    set: (isOn) => Promise.resolve(list.setLoginItemSettings({ openAtLogin: isOn, ...args })),
    problem: () => Promise.resolve(null),
  };
}

/** The XDG autostart entry of Linux. */
export interface AutostartOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The program, and what it needs to be started as this app. */
  readonly command: readonly string[];
  /** Without `.desktop`. */
  readonly desktopName: string;
}

/** Where the entry lies (XDG Base Directory, Desktop Application Autostart). */
export function autostartPath({ env, home, desktopName }: Omit<AutostartOptions, 'command'>): string {
  const configured = env['XDG_CONFIG_HOME'];
  const folder = configured?.startsWith('/') === true ? configured : join(home, '.config');
  return join(folder, 'autostart', `${desktopName}.desktop`);
}

export function autostartItem(options: AutostartOptions): LoginItem {
  const path = autostartPath(options);
  const read = (): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const isOn = (text: string): boolean =>
    text.includes('[Desktop Entry]') && !/^(?:Hidden=true|X-GNOME-Autostart-enabled=false)$/m.test(text);
  return {
    isOn: async () => isOn(await read()),
    async set(isOn) {
      if (!isOn) return rm(path, { force: true });
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, autostartEntry(options));
    },
    async problem() {
      const text = await read();
      const isOurs = execOf(text) === execOf(autostartEntry(options));
      return !isOn(text) || isOurs ? null : words.otherProgramAtLogin(execOf(text) ?? '');
    },
  };
}

/** An AppImage runs from a mount that is another one at each start: `APPIMAGE` names the file itself. */
export function autostartEntry({ env, command }: Pick<AutostartOptions, 'env' | 'command'>): string {
  const program = env['APPIMAGE'] === undefined ? command : [env['APPIMAGE']];
  return [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${words.appName}`,
    `Exec=${[...program, hiddenFlag].map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

function execOf(entry: string): string | undefined {
  return /^Exec=(.*)$/m.exec(entry)?.[1];
}

/** As the Desktop Entry Specification wants an argument of Exec; `%` begins a field code. */
function quoted(argument: string): string {
  const escaped = argument.replaceAll('%', '%%');
  if (/^[\w@%+=:,./-]+$/.test(escaped)) return escaped;
  // A string value has its backslashes doubled once more (specification, "The Exec key").
  return `"${escaped.replaceAll(/["`$\\]/g, String.raw`\$&`).replaceAll('\\', '\\\\')}"`;
}
