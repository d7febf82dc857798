import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LaunchOptions } from './shell-app.ts';

/** The folders of one run, and the environment that points to them and to nothing else of this machine. */
export interface LaunchHome extends AsyncDisposable {
  readonly home: string;
  /** For what is no part of the app, such as Chromium's profile. */
  readonly scratch: string;
  readonly env: Readonly<Record<string, string>>;
}

export async function makeLaunchHome({ home: given, env = {} }: LaunchOptions): Promise<LaunchHome> {
  const scratch = await mkdtemp(join(tmpdir(), 'kiro-pool-shell-'));
  const home = given ?? join(scratch, 'home');
  const temporary = join(scratch, 'tmp');
  await Promise.all([home, temporary, join(home, '.config')].map((folder) => mkdir(folder, { recursive: true })));
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(PATH|DISPLAY|XAUTHORITY|SystemRoot|windir|PATHEXT|ComSpec)$/i.test(name),
    ),
  );
  return {
    home,
    scratch,
    env: {
      ...onlyStrings(inherited),
      HOME: home,
      USERPROFILE: home,
      APPDATA: join(home, 'AppData', 'Roaming'),
      LOCALAPPDATA: join(home, 'AppData', 'Local'),
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_DATA_HOME: join(home, '.local/share'),
      XDG_CACHE_HOME: join(home, '.cache'),
      TMPDIR: temporary,
      TEMP: temporary,
      TMP: temporary,
      LANG: 'en_GB.UTF-8',
      TZ: 'UTC',
      ...env,
    },
    // Chromium may write its last file while it goes.
    [Symbol.asyncDispose]: () => rm(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}

function onlyStrings(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
