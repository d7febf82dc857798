import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { CommandError } from '../control/control-contract.ts';

/** One file of the built screens. */
export interface ScreenFile {
  readonly body: Buffer;
  /** Its `content-type`. */
  readonly type: string;
  /** Whether its name changes with what is in it, so that a browser may keep it for good. */
  readonly isHashed: boolean;
}

/** The built screens by their path below the folder, such as `assets/index-x.js`: nothing else can be asked for. */
export type ScreenFiles = ReadonlyMap<string, ScreenFile>;

/** Reads all of them. @throws CommandError `no-screens` when they have not been built */
export function readScreenFiles(folder: string): ScreenFiles {
  if (!existsSync(join(folder, startPage))) throw noScreens();
  const place = realpathSync(folder);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    // A link to a folder is gone into, wherever that is.
    .filter((path) => realpathSync(path) === join(place, relative(folder, path)));
  return new Map(
    files.flatMap((path) => {
      const type = types[extname(path)];
      if (type === undefined) return [];
      const name = relative(folder, path).split(sep).join('/');
      return [[name, { body: readFileSync(path), type, isHashed: name.startsWith('assets/') }] as const];
    }),
  );
}

/**
 * Where the screens were built to: `out/renderer` of the project, whether this file runs from its source or in a bundle.
 * @throws CommandError `no-screens`
 */
export function builtScreens(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const screens = join(folder, 'out', 'renderer');
    if (existsSync(join(screens, startPage))) return screens;
    if (folder === dirname(folder)) throw noScreens();
  }
}

export const startPage = 'index.html';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

function noScreens(): CommandError {
  return new CommandError('no-screens', 'The screens have not been built.', 'Run: npm run build');
}
