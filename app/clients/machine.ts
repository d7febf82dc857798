import { existsSync } from 'node:fs';
import { posix, win32 } from 'node:path';

/** What is asked about the machine that the tools are on. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The user's home folder. */
  readonly home: string;
  /** Whether there is a file or folder. */
  readonly has: (path: string) => boolean;
}

/** The machine that this runs on. */
export function thisMachine(env: Machine['env'], home: string): Machine {
  return { env, platform: process.platform, home, has: existsSync };
}

/** Joins the parts of a path as the machine's platform does. */
export function join(machine: Machine, ...parts: string[]): string {
  return pathsOf(machine).join(...parts);
}

/** An absolute path from a variable, else `otherwise`; `~/` is the home folder. */
export function folderFrom(machine: Machine, variable: string, otherwise: string): string {
  const chosen = machine.env[variable]?.replace(/^~(?=[/\\])/, machine.home);
  return chosen !== undefined && pathsOf(machine).isAbsolute(chosen) ? chosen : otherwise;
}

/**
 * Whether a program is on the path, or in a folder where people install such programs: the desktop starts an app with a
 * path that lacks those.
 */
export function hasProgram(machine: Machine, name: string): boolean {
  const { env, platform } = machine;
  const paths = pathsOf(machine);
  const endings = platform === 'win32' ? ['.exe', '.cmd', '.ps1'] : [''];
  const onPath = (env['PATH'] ?? env['Path'] ?? '').split(paths.delimiter).filter((folder) => folder !== '');
  return [...onPath, ...usualFolders(machine)].some((folder) =>
    endings.some((ending) => machine.has(paths.join(folder, name + ending))),
  );
}

function usualFolders(machine: Machine): string[] {
  const { platform, home, env } = machine;
  if (platform === 'win32') {
    const roaming = env['APPDATA'];
    return roaming === undefined ? [] : [win32.join(roaming, 'npm')];
  }
  const own = ['.local/bin', '.npm-global/bin', '.bun/bin', '.volta/bin', '.cargo/bin', '.opencode/bin'];
  return ['/usr/local/bin', '/opt/homebrew/bin', ...own.map((folder) => posix.join(home, folder))];
}

function pathsOf({ platform }: Machine): typeof posix {
  return platform === 'win32' ? win32 : posix;
}
