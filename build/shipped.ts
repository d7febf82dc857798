import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readLock, type LockedPackage } from './lock-file.ts';

/** A package that goes out with the app or the command. */
export interface ShippedPackage extends LockedPackage {
  /** The paths of the packages that it needs in turn. */
  readonly needs: readonly string[];
}

/**
 * What the source of the app, the screens and the command asks for by name. Some are development dependencies for npm, since they
 * are bundled; a test holds this list to the imports.
 */
export const bundledPackages = [
  '@decimalturn/toml-patch',
  '@fontsource-variable/inter',
  '@lydell/node-pty',
  '@preact/signals',
  'commander',
  'd3-scale',
  'd3-shape',
  'diff',
  'electron-updater',
  'jsonc-parser',
  'preact',
  'undici',
  'valibot',
  'yaml',
] as const;

/**
 * Every package that is shipped, by path: those that are asked for, and what they need in turn. Binaries for other systems are
 * pinned as well, but not installed here, so they are left out.
 */
export function shippedPackages(root: string): ShippedPackage[] {
  const locked = new Map(readLock(root).map((each) => [each.path, each]));
  const shipped = new Map<string, ShippedPackage>();
  const add = (path: string): void => {
    const found = locked.get(path);
    if (!found || shipped.has(path) || !existsSync(join(root, path))) return;
    const wanted = Object.keys({ ...found.dependencies, ...found.optionalDependencies });
    const needs = wanted
      .flatMap((name) => placeOf(name, path, locked) ?? [])
      .filter((each) => existsSync(join(root, each)));
    shipped.set(path, { ...found, needs });
    for (const need of needs) add(need);
  };
  for (const name of bundledPackages) add(`node_modules/${name}`);
  return [...shipped.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Where Node finds a package from within another: beside it, or further up. */
function placeOf(name: string, from: string, locked: ReadonlyMap<string, unknown>): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (locked.has(path)) return path;
    if (folder === '') return undefined;
  }
}
