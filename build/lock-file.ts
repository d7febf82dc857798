import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

const names = v.optional(v.record(v.string(), v.string()), {});
const entrySchema = v.object({
  name: v.optional(v.string()),
  version: v.optional(v.string()),
  resolved: v.optional(v.string()),
  integrity: v.optional(v.string()),
  license: v.optional(v.string()),
  link: v.optional(v.boolean(), false),
  hasInstallScript: v.optional(v.boolean(), false),
  dependencies: names,
  optionalDependencies: names,
});
const lockSchema = v.object({ lockfileVersion: v.literal(3), packages: v.record(v.string(), entrySchema) });

/** A package as a lock file pins it. */
export interface LockedPackage extends v.InferOutput<typeof entrySchema> {
  /** Where it is installed, from the folder of the lock file: `node_modules/a/node_modules/b`. */
  readonly path: string;
  /** Its own name, whatever the folder is called. */
  readonly name: string;
}

/**
 * Reads what a lock file pins, without the project itself.
 * @param folder absolute path of the folder with the `package-lock.json`
 * @throws ValiError when it is of another version
 */
export function readLock(folder: string): LockedPackage[] {
  const { packages } = v.parse(lockSchema, JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')));
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => ({ ...entry, path, name: entry.name ?? nameOf(path) }));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
