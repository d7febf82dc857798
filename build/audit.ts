/**
 * `npm run audit`: what can be said of our packages without the internet. Whether one of them has a known hole only a server can
 * tell: `npm audit`, which CI asks.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readLock } from './lock-file.ts';
import { shippedPackages } from './shipped.ts';

/** Licences that ask for no more than to be named: nothing that would bind our own code. */
const allowedLicences = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Python-2.0',
]);

/** What may run a program when it is installed, and why. */
const mayRunScripts: ReadonlyMap<string, string> = new Map([
  [
    'electron-winstaller',
    'chooses the 7-Zip of this machine, for an installer that we do not build; of electron-builder',
  ],
]);

const versions = v.optional(v.record(v.string(), v.string()), {});
const manifestSchema = v.object({
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
});

/**
 * Checks a folder with a package.json and its lock file.
 * @returns what is wrong, in sentences; empty when nothing is
 */
export function auditPins(folder: string): string[] {
  const manifest = v.parse(manifestSchema, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  const lock = readLock(folder);
  const lockedAt = new Map(lock.map((each) => [each.path, each.version]));
  const loose = Object.entries(wanted).flatMap(([name, version]) => {
    const exact = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?(\d+\.\d+\.\d+(?:-[\w.-]+)?)$/.exec(version)?.[1];
    if (exact === undefined) return [`${name} is wanted as "${version}", which is no exact version.`];
    return lockedAt.get(`node_modules/${name}`) === exact ? [] : [`${name} ${exact} is not what the lock file pins.`];
  });
  const unsafe = lock.flatMap(({ path, name, resolved, integrity, link, hasInstallScript }) => [
    ...(link ? [`${path} is a link to a folder.`] : []),
    // Without an address it comes from the registry that npm is set to, and the hash says whether it is the right one.
    ...(resolved === undefined || resolved.startsWith('https://registry.npmjs.org/')
      ? []
      : [`${path} comes from ${resolved}.`]),
    ...(/^sha512-[\w+/]{86}==$/.test(integrity ?? '') ? [] : [`${path} has no SHA-512 hash.`]),
    ...(hasInstallScript && !mayRunScripts.has(name) ? [`${path} runs a program when it is installed.`] : []),
  ]);
  return [...loose, ...unsafe];
}

/** Checks the licences of what is shipped. @returns what is wrong, in sentences */
export function auditLicences(packages: readonly { name: string; license?: string | undefined }[]): string[] {
  return packages
    .filter(({ license }) => license === undefined || !allowedLicences.has(license))
    .map(({ name, license }) => `${name} is shipped under ${license ?? 'no licence'}, which is not allowed.`);
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const folders = [root, join(root, 'test/real-clients')];
  const shipped = shippedPackages(root);
  const problems = [...folders.flatMap(auditPins), ...auditLicences(shipped)];
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const pinned = folders.reduce((sum, folder) => sum + readLock(folder).length, 0);
  process.stdout.write(`${pinned} packages are pinned, ${shipped.length} are shipped, ${problems.length} problems.\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
